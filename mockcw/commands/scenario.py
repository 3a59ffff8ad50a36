"""`mockcw scenario`: the stories there are, one of them served for any client, and how the client fared.

Exit codes: 0 the client stayed out and did its duty (or there was nothing to judge), 1 it did not, 2 wrong use.
Knows the command line; what happens in a story is the room `scenario`'s.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import click

from mockcw.control import Control, NotApplied, reaching
from mockcw.emulator import Emulator
from mockcw.permissions.rolefile.commands import console, print_table
from mockcw.scenario import Stage, find, names
from mockcw.serving import refuse, summary, wait_for_signal, write_ready, wrong_use

AS_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")
STORY = click.argument("name", metavar="NAME")
HEADINGS = ("scenario", "what goes wrong", "known", "told by", "as member")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def scenario() -> None:
    """Stories of integrations that failed: prepared for any client, with a verdict on how it fared.

    NAME is a story's id, the number it begins with, or the path of a file of your own.
    """


@scenario.command("list")
@AS_JSON
def list_stories(as_json: bool) -> None:
    """The stories that come with mockcw."""
    with wrong_use():
        stories = [find(name) for name in names()]
    if as_json:
        click.echo(json.dumps([one.summary() for one in stories], indent=2))
        return
    rows = [(one.id, one.title, one.evidence, one.source, one.member) for one in stories]
    print_table("Stories of integrations that failed", HEADINGS, rows)


@scenario.command()
@STORY
@AS_JSON
def show(name: str, as_json: bool) -> None:
    """One story: what happened, what a client is asked to do, its traps and its duties."""
    with wrong_use():
        story = find(name)
    if as_json:
        click.echo(story.model_dump_json(indent=2, exclude_unset=True))
        return
    click.echo(f"{story.id}: {story.title}\n\n{story.story}\n\nTold by: {story.source} ({story.evidence})\n")
    click.echo(f"The client is asked, as the member {story.member}:\n{story.asks}")
    for heading, checks in (("It fell in, where", story.trap), ("Its duty is not done, where", story.duty)):
        click.echo(f"\n{heading}:")
        for one in checks:
            click.echo(f"  - {one.says}")


@scenario.command()
@STORY
@click.option("--port", default=8420, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free port.")
@click.option("--tls", is_flag=True, help="HTTPS with a certificate of a local authority; its file is printed.")
@click.option("--ready-file", type=click.Path(dir_okay=False, path_type=Path), help="Written when requests are taken.")
@click.option("--check-after", type=click.FloatRange(min=0), metavar="SECONDS", help="Stop and judge after so long.")
@AS_JSON
def run(name: str, port: int, tls: bool, ready_file: Path | None, check_after: float | None, as_json: bool) -> None:
    """Serve a story, prepared, until Ctrl-C or so many seconds; then say how the client fared."""
    with wrong_use(), Emulator(scenario=name) as emulator:
        with emulator.serve(port=port, tls=tls) as live:
            live.settle()
            if ready_file:
                write_ready(ready_file, live.ready())
            if not as_json:
                summary(live)
                brief(emulator.stage, live.ready()["members"])
            wait_for_signal(check_after)
        told = emulator.stage.as_json()
    judge(told, as_json)


def brief(stage: Stage, members: Mapping[str, Mapping[str, str]]) -> None:
    """What the client is to do, as whom, and with what."""
    story = stage.story
    keys = members[story.member]
    click.echo(f"\n{story.id}: {story.title}\n{story.asks}\n")
    click.echo(f"  as        {story.member}, public key {keys['public_key']}, private key {keys['private_key']},")
    click.echo(f"            clientId {keys['client_id']}")
    for name, value in stage.given.items():
        text = json.dumps(value)
        click.echo(
            f"  {name:<9} {text if len(text) <= 200 else f'{text[:200]} ... (GET /_mockcw/scenario has it whole)'}"
        )
    sys.stdout.flush()


@scenario.command()
@STORY
@reaching
@AS_JSON
def prepare(name: str, url: str | None, ready_file: Path | None, as_json: bool) -> None:
    """Put a story on stage in a running emulator, which loses its records for those of the story."""
    with wrong_use():
        find(name)
        body = {"text": Path(name).read_text("utf-8")} if name.endswith(".toml") else {"name": name}
    told = reached("PUT", url, ready_file, body)
    if as_json:
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(f"{told['scenario']} is on stage: {told['title']}\n{told['asks']}\n\nas {told['member']}, given:")
    click.echo(json.dumps(told["given"], indent=2))


@scenario.command()
@click.argument("name", metavar="[NAME]", required=False)
@reaching
@AS_JSON
def check(name: str | None, url: str | None, ready_file: Path | None, as_json: bool) -> None:
    """How the client of a running emulator fares at this moment; with NAME, of just this story."""
    told = reached("GET", url, ready_file)
    if name is not None:
        with wrong_use():
            wanted = find(name).id
        if told["scenario"] != wanted:
            refuse(f"{told['scenario']} is on stage there, not {wanted}")
    judge(told, as_json)


def reached(method: str, url: str | None, ready_file: Path | None, body: Any = None) -> dict[str, Any]:
    """What the control API of a running emulator says of its scenario."""
    try:
        with Control.reached(url, ready_file) as control:
            told = control.ask(method, "/scenario", body)
    except NotApplied as error:
        refuse(str(error))
    if not isinstance(told, dict) or "scenario" not in told:
        refuse("that is no control API of mockcw")
    return told


def judge(told: Mapping[str, Any], as_json: bool) -> NoReturn:
    """The verdict as a table or as JSON, and the exit code."""
    if as_json:
        click.echo(json.dumps(told, indent=2))
    else:
        rows = [
            (kind, "yes" if one["holds"] else "NO", "" if one["holds"] else one["says"], amount(one))
            for kind, ones in (("stayed out", told["traps"]), ("duty done", told["duties"]))
            for one in ones
        ]
        print_table(f"{told['scenario']}: {told['title']}", ("", "", "what happened", "found"), rows)
        out = console()
        for one in told["happened"]:
            out.print(f"meanwhile  {one}")
        for one in told["troubles"]:
            out.print(f"did not happen  {one}")
        out.print(f"The client {told['words']}.")
    sys.exit(0 if told["verdict"] == "clean" else 1)


def amount(one: Mapping[str, Any]) -> str:
    """What was found, and what it had to be."""
    found = one["found"]
    shown = f"a list of {len(found)}" if isinstance(found, list) else "nothing" if found is None else str(found)
    bounds = " and ".join(
        f"{name.replace('_', ' ')} {f'a list of {len(value)}' if isinstance(value, list) else value}"
        for name, value in one["expected"].items()
    )
    return f"{shown} (must be: {bounds})"
