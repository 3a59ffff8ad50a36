"""The command `mockcw`: serve the emulator, count what it answers. Exit codes: 0 done, 2 wrong use."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from mockcw.emulator import LOOPBACK, Emulator
from mockcw.errors import MockcwError
from mockcw.serving import refuse, summary, wait_for_signal, write_ready, wrong_use
from mockcw.settings import VERSION


def about_roles() -> click.Command:
    """The command `roles`."""
    from mockcw.permissions.rolefile.commands import roles

    return roles


def about_scenarios() -> click.Command:
    """The command `scenario`."""
    from mockcw.commands.scenario import scenario

    return scenario


def about_verdicts() -> click.Command:
    """The command `explain`."""
    from mockcw.advice.explain_command import explain_command

    return explain_command


def about_fixes() -> click.Command:
    """The command `fix`."""
    from mockcw.advice.commands import fix

    return fix


def about_snapshots() -> click.Command:
    """The command `snapshot`."""
    from mockcw.commands.snapshot import snapshot

    return snapshot


def about_unread() -> click.Command:
    """The command `unread`."""
    from mockcw.commands.unread import unread

    return unread


class OneLine(click.Group):
    """A group that reports wrong use in one line instead of a page of usage.

    Commands that need more than the server does are imported when they are called for: a start shall stay short.
    """

    later: Mapping[str, Callable[[], click.Command]] = {
        "explain": about_verdicts,
        "fix": about_fixes,
        "roles": about_roles,
        "scenario": about_scenarios,
        "snapshot": about_snapshots,
        "unread": about_unread,
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands by name."""
        return sorted([*super().list_commands(ctx), *self.later])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        known = self.later.get(cmd_name)
        return known() if known else super().get_command(ctx, cmd_name)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line."""
        try:
            return super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            raise SystemExit(2) from None
        except click.UsageError as error:
            hint = f" (see {error.ctx.command_path} --help)" if error.ctx else ""
            refuse(f"{error.format_message()}{hint}")
        except click.Abort:
            raise SystemExit(130) from None


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="mockcw")
def main() -> None:
    """A stateful emulator of the ConnectWise PSA REST API."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8420, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free port.")
@click.option("--tls", is_flag=True, help="HTTPS with a certificate of a local authority; its file is printed.")
@click.option("--db", type=click.Path(dir_okay=False, path_type=Path), help="Keep the state in this file.")
@click.option("--snapshots", type=click.Path(file_okay=False, path_type=Path), help="Keep snapshots in this folder.")
@click.option("--restore", metavar="NAME", help="Begin with a snapshot of that folder.")
@click.option("--demo", default="small", show_default=True, help="empty, small, msp, large, or a number of companies.")
@click.option("--tickets", type=click.IntRange(0), help="This many tickets instead of the size's own.")
@click.option("--seed", default=1, show_default=True, type=int, help="The same seed gives the same data and keys.")
@click.option("--codebase", default="v2025_1", show_default=True, help="The emulated release.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Server processes.")
@click.option("--ready-file", type=click.Path(dir_okay=False, path_type=Path), help="Written when requests are taken.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="One behaviour; see docs/settings.md.")
def serve(
    host: str,
    port: int,
    tls: bool,
    db: Path | None,
    snapshots: Path | None,
    restore: str | None,
    demo: str,
    tickets: int | None,
    seed: int,
    codebase: str,
    workers: int,
    ready_file: Path | None,
    settings: tuple[str, ...],
) -> None:
    """Run the emulator until it is stopped.

    Finished demo data is kept in the user's cache folder; MOCKCW_CACHE names another folder, or is off.
    """
    if workers > 1:
        refuse("--workers above 1 is not there yet: clock, faults and journal live in one process; leave it out")
    public = host not in LOOPBACK
    with wrong_use():
        emulator = Emulator(
            int(demo) if demo.isdigit() else demo,
            seed,
            tickets=tickets,
            db=db,
            snapshots=snapshots,
            settings={"codebase": codebase, **parsed(settings)},
            secret_keys=public,
            public=public,
        )
        if restore:
            begun_with(emulator, restore)
        with emulator, emulator.serve(host=host, port=port, tls=tls) as live:
            live.settle()
            if ready_file:
                write_ready(ready_file, live.ready())
            summary(live)
            wait_for_signal()


def begun_with(emulator: Emulator, name: str) -> None:
    """Put a kept state in the place of the seeded one. Raises MockcwError."""
    try:
        emulator.restore(name)
    except KeyError:
        raise MockcwError(f"--restore {name}: no such snapshot is in the folder of --snapshots") from None


def parsed(settings: tuple[str, ...]) -> dict[str, Any]:
    """Settings of the form NAME=VALUE; values are JSON where they are valid JSON, else text."""
    values: dict[str, Any] = {}
    for item in settings:
        name, equals, text = item.partition("=")
        if not equals:
            raise MockcwError(f"--set {item}: write NAME=VALUE")
        try:
            values[name] = json.loads(text)
        except ValueError:
            values[name] = text
    return values


@main.command()
@click.option(
    "--permissions", is_flag=True, help="The cells of role matrices instead: what each gates, where it was seen."
)
@click.option(
    "--seen",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="What emulators wrote that ran with MOCKCW_SEEN naming this folder.",
)
@click.option("--rules", is_flag=True, help="The rules of records instead: evidence, settings and tests of each.")
@click.option(
    "--tests",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of tests that --rules looks into; ./tests unless given.",
)
@click.option("--strict", is_flag=True, help="Exit 1 when a cell was not seen on all sides, or a rule lacks something.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def coverage(
    permissions: bool, seen: Path | None, rules: bool, tests: Path | None, strict: bool, as_json: bool
) -> None:
    """Count what is served: a line a collection, with the requirements that test it."""
    if rules:
        raise SystemExit(known_rules(tests, strict, as_json))
    if permissions:
        raise SystemExit(cells(seen, strict, as_json))
    from mockcw.coverage import by_collection, totals, unserved

    with Emulator("empty") as emulator:
        rows = by_collection(emulator.world)
        missing = [{"operation": one.name, "why": why} for one, why in unserved(emulator.world)]
    counted = totals(rows)
    if as_json:
        told = {"totals": counted, "unserved": missing, "collections": [row.as_json() for row in rows]}
        click.echo(json.dumps(told, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title="What the emulator serves", title_justify="left")
    for heading in ("collection", "kind", "served", "unserved", "row", "tested by"):
        table.add_column(heading, justify="right" if heading in ("served", "unserved") else "left")
    for row in rows:
        tested = ", ".join(sorted(row.requirements))
        table.add_row(row.collection, row.kind, str(row.served), str(row.unserved), row.letters, tested)
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    for one in missing:
        console.print(f"{one['operation']} is not served: {one['why']}")
    console.print(
        f"{counted['served']} of {counted['operations']} operations are served, {counted['unserved']} are not; "
        f"{counted['ruled']} collections have rules of their own."
    )


def known_rules(tests: Path | None, strict: bool, as_json: bool) -> int:
    """The rules of records with what is known of each; the exit code."""
    from mockcw.rules import rulebook
    from mockcw.rules.evidence import evidence

    folder = tests or (Path("tests") if Path("tests").is_dir() else None)
    found = evidence(rulebook(), folder)
    lacking = [one for one in found if one.lacks()]
    letters = {letter: sum(one.letter == letter for one in found) for letter in "HML"}
    if as_json:
        counted = {"rules": len(found), **letters, "lacking": len(lacking)}
        click.echo(json.dumps({"totals": counted, "rules": [one.as_json() for one in found]}, indent=2))
        return int(strict and bool(lacking))
    from rich.console import Console
    from rich.table import Table

    table = Table(title="What records do, and how that is known", title_justify="left")
    for heading in ("rule", "", "says", "settings", "tests"):
        table.add_column(heading)
    for one in found:
        shown = "\n".join(one.tests) or ("no folder of tests" if folder is None else "none")
        table.add_row(one.id, one.letter, one.says, " ".join(one.settings), shown)
    console = Console(width=None if sys.stdout.isatty() else 220)
    console.print(table)
    for one in lacking if folder else ():
        console.print(f"{one.id}: {one.lacks()}")
    console.print(
        f"{len(found)} rules: {letters['H']} of a guide, the schema or a recording (H), {letters['M']} reported from "
        f"use (M), {letters['L']} our choice (L)."
    )
    return int(strict and bool(lacking))


def cells(folder: Path | None, strict: bool, as_json: bool) -> int:
    """The matrix of role cells; the exit code."""
    from mockcw.catalogue import load
    from mockcw.matrix import matrix
    from mockcw.pipeline.seen import read_seen

    try:
        found = matrix(load(), read_seen(folder) if folder else ())
    except (OSError, ValueError):
        refuse(f"{folder} holds other files than emulators write with MOCKCW_SEEN; name another folder")
    used = [cell for cell in found if cell.used]
    lacking = [cell for cell in used if cell.missing]
    counted = {"cells": len(found), "used": len(used), "seen": len(used) - len(lacking)}
    if as_json:
        click.echo(json.dumps({"totals": counted, "cells": [cell.as_json() for cell in found]}, indent=2))
        return 1 if strict and lacking else 0
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Cells of a role: what they gate, and on which sides a test saw them", title_justify="left")
    for heading in ("row", "action", "letters", "operations", "rights", "None", "My", "All", "not seen"):
        table.add_column(heading, justify="right" if heading in ("operations", "rights") else "left")
    for cell in found:
        table.add_row(
            f"{cell.module} > {cell.area}",
            cell.action,
            "".join(sorted(cell.letters)),
            str(cell.operations or ""),
            str(cell.rights or ""),
            *(cell.side(level) or ("" if level in cell.levels else "no such level") for level in ("None", "My", "All")),
            ", ".join(cell.missing),
        )
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    console.print(
        f"{counted['cells']} cells, {counted['used']} of them gate something; {counted['seen']} of these were seen on "
        f"every side{'' if folder else ' (run with MOCKCW_SEEN=FOLDER, then --seen FOLDER)'}."
    )
    return 1 if strict and lacking else 0


if __name__ == "__main__":
    main()
