"""`mockcw unread`: what of the requests that a running emulator keeps nobody read, for people and for CI.

Exit codes: 0 done, 1 with --strict where something was not read, 2 wrong use. Knows the command line only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from mockcw.control import Control, NotApplied, reaching
from mockcw.permissions.rolefile.commands import console, print_table

HEADINGS = ("Operation", "Not read", "", "Why", "Requests", "Last request")


@click.command("unread")
@reaching
@click.option("--without", multiple=True, metavar="WHY", help="Leave out what was not read for this reason.")
@click.option("--strict", is_flag=True, help="Exit 1 where something was not read.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def unread(url: str | None, ready_file: Path | None, without: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Fields, query parameters and condition terms that the emulator was sent and nobody read, from its journal."""
    try:
        with Control.reached(url, ready_file) as control:
            found = [one for one in control.ask("GET", "unread") if one["why"] not in without]
    except NotApplied as error:
        click.echo(f"mockcw unread: {error}", err=True)
        raise SystemExit(2) from None
    if as_json:
        click.echo(json.dumps(found, indent=2))
    elif found:
        print_table(f"What nobody read: {len(found)}", HEADINGS, rows_of(found))
    else:
        console().print("Everything that the journal keeps was read.")
    sys.exit(1 if strict and found else 0)


def rows_of(found: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    """The lines of the table."""
    return [
        (
            f"{one['method']} {one['path']}",
            one["name"],
            one["kind"],
            one["why"],
            str(one["requests"]),
            one["example"],
        )
        for one in found
    ]
