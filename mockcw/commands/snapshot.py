"""`mockcw snapshot`: keep the state of a running emulator, go back to it, see in what two futures of it differ.

Exit codes: 0 done (`differences`: nothing differs), 1 something differs, 2 wrong use.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from mockcw.control import Control, NotApplied, reaching
from mockcw.permissions.rolefile.commands import print_table

LONGEST = 60  # characters of a value in a table
AS_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")
NAME = click.argument("name")


@click.group()
def snapshot() -> None:
    """Keep states of a running emulator by name, and go back to them."""


@snapshot.command()
@NAME
@reaching
@AS_JSON
def save(name: str, url: str | None, ready_file: Path | None, as_json: bool) -> None:
    """Keep the present state under NAME, in place of what NAME stood for."""
    found = asked(url, ready_file, "PUT", f"snapshots/{name}")
    tell(as_json, found, f"kept {found['name']} as of {moment(found)}")


@snapshot.command()
@NAME
@reaching
@AS_JSON
def restore(name: str, url: str | None, ready_file: Path | None, as_json: bool) -> None:
    """Be in the state NAME again: records, ids, clock, faults, callbacks that wait; the journal starts anew."""
    found = asked(url, ready_file, "POST", f"snapshots/{name}/restore")
    tell(as_json, found, f"back in {found['name']}; it is {moment(found)}")


@snapshot.command()
@NAME
@reaching
@AS_JSON
def drop(name: str, url: str | None, ready_file: Path | None, as_json: bool) -> None:
    """Let go of the state NAME."""
    found = asked(url, ready_file, "DELETE", f"snapshots/{name}")
    tell(as_json, found, f"{name} is gone")


@snapshot.command("list")
@reaching
@AS_JSON
def list_them(url: str | None, ready_file: Path | None, as_json: bool) -> None:
    """The states that are kept."""
    found = asked(url, ready_file, "GET", "snapshots")
    if as_json or not found:
        tell(as_json, found, "none yet: `mockcw snapshot save NAME` keeps one")
    else:
        rows = [(one["name"], moment(one), str(one["faults"])) for one in found]
        print_table("Snapshots", ("Name", "Server's time", "Faults"), rows)


@snapshot.command()
@NAME
@click.argument("to", required=False)
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="Records that are listed.")
@reaching
@AS_JSON
def differences(name: str, to: str | None, limit: int, url: str | None, ready_file: Path | None, as_json: bool) -> None:
    """What differs between the state NAME and the present, or another state TO."""
    query = {"limit": str(limit), **({"to": to} if to else {})}
    found = asked(url, ready_file, "GET", f"snapshots/{name}/differences", query)
    if as_json:
        tell(as_json, found, "")
    elif found["same"]:
        click.echo(f"nothing differs between {name} and {to or 'the present'}")
    else:
        rows = [line for record in found["records"] for line in lines_of(record)]
        print_table(f"From {name} to {to or 'the present'}", ("Record", "Field", "Before", "After"), rows)
        own = "".join(f", {count} of {table}" for table, count in sorted(found["own"].items()))
        click.echo(f"records that differ: {found['total']}, listed: {len(found['records'])}{own}")
    sys.exit(0 if found["same"] else 1)


def asked(url: str | None, ready_file: Path | None, method: str, path: str, query: dict[str, str] | None = None) -> Any:
    """What the running emulator answers; wrong use ends here, in one line."""
    try:
        with Control.reached(url, ready_file) as control:
            return control.ask(method, path, params=query)
    except NotApplied as error:
        refuse(str(error))


def tell(as_json: bool, found: Any, words: str) -> None:
    """The answer for a machine, or a sentence for a person."""
    click.echo(json.dumps(found, indent=2) if as_json else words)


def moment(found: dict[str, Any]) -> str:
    """The server's time of a state, and whether it stood still."""
    return f"{found['now']}{', standing still' if found['frozen'] else ''}"


def lines_of(record: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """A record that differs: a line, or one for each field."""
    name = f"{record['collection']} {record['id']}"
    if record["did"] != "changed":
        return [(name, record["did"], "", "")]
    return [(name, path, short(was), short(becomes)) for path, (was, becomes) in record["fields"].items()]


def short(value: Any) -> str:
    """A value in a table."""
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def refuse(message: str) -> NoReturn:
    """One line that says what to do, exit code 2."""
    click.echo(f"mockcw snapshot: {message}", err=True)
    raise SystemExit(2)
