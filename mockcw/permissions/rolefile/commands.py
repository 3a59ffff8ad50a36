"""`mockcw roles`: show a role file, turn it into another form, compare two, put one into force in a running emulator.

Exit codes: 0 fine, 1 a file has errors, 2 wrong use; `diff` ends with 2 where a file gives no role to compare.
Knows the command line; decides nothing about a role.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

from mockcw.control import NotApplied, reaching
from mockcw.permissions.rolefile.read import read_role
from mockcw.permissions.rolefile.result import RoleFile, RowName
from mockcw.permissions.rolefile.text import LARGEST
from mockcw.permissions.rolefile.write import FORMS, giving, write_role
from mockcw.permissions.roles import NOTHING, Levels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from mockcw.catalogue.areas import Area
    from mockcw.permissions.explain import Verdict

HEADINGS = ("Module", "Area", "Add", "Edit", "Delete", "Inquire")
SHOWN_PROBLEMS = 40
FILE = click.argument("file", type=click.File("rb"))
LENIENT = click.option("--lenient", is_flag=True, help="Take a file with errors; each of them fails closed.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def roles() -> None:
    """Security roles out of files: settings JSON, CSV, Markdown, or a table pasted as text; `-` is standard input."""


@roles.command()
@FILE
@LENIENT
@AS_JSON
@click.option("--all", "everything", is_flag=True, help="Also the rows that are None throughout.")
def show(file: IO[bytes], lenient: bool, as_json: bool, everything: bool) -> None:
    """What a role file gives, and what is wrong with it."""
    areas = known_areas()
    found = read(file, areas, lenient)
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2))
        sys.exit(1 if found.errors else 0)
    if not found.refused:
        rows = list(giving(found.rows, areas))
        if everything:
            rows = [(*name, *levels) for name, levels in found.rows.items()]
        print_table(f"{file.name} ({found.form})", HEADINGS, rows)
    report(found, console())
    sys.exit(1 if found.errors else 0)


@roles.command()
@FILE
@click.option("--to", "form", type=click.Choice(FORMS), required=True, help="The form to write.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else it is printed.")
@LENIENT
@AS_JSON
def convert(file: IO[bytes], form: str, out: Path | None, lenient: bool, as_json: bool) -> None:
    """Write a role file in another form; a file with errors gives nothing unless the reading is lenient."""
    areas = known_areas()
    found = read(file, areas, lenient)
    text = "" if found.refused else write_role(found.rows, areas, form)
    if out is not None and text:
        write_whole(out, text)
    if as_json:
        said = {"to": form, "out": str(out) if out else None, "text": text or None}
        click.echo(json.dumps(said | found.as_json(), indent=2))
    else:
        if out is None:
            click.echo(text, nl=False)
        report(found, console(stderr=True))
    sys.exit(1 if found.errors else 0)


@roles.command()
@click.argument("left", type=click.File("rb"))
@click.argument("right", type=click.File("rb"))
@click.option("--operations", is_flag=True, help="The operations that get another verdict, in the place of the rows.")
@LENIENT
@AS_JSON
def diff(left: IO[bytes], right: IO[bytes], operations: bool, lenient: bool, as_json: bool) -> None:
    """What differs between two role files: the rows, or what each operation of the API answers."""
    areas = known_areas()
    one, other = read(left, areas, lenient), read(right, areas, lenient)
    refused = one.refused or other.refused
    pairs = [] if refused or not operations else verdicts_that_differ(one, other, left.name, right.name)
    changed = {} if refused or operations else differences(one.rows, other.rows)
    if as_json:
        rows = [pair_as_json(*pair) for pair in pairs] if operations else [row_as_json(*row) for row in changed.items()]
        files = {name: found.as_json() for name, found in (("left", one), ("right", other))}
        problems = {name: {key: said[key] for key in ("refused", "problems")} for name, said in files.items()}
        click.echo(json.dumps({"differences": None if refused else rows, **problems}, indent=2))
    else:
        between = f"{left.name} -> {right.name}"
        if not refused and operations:
            headings = ("Operation", "Right, as it is on the left", "Left", "Right")
            seen = [(was.name, was.right, was.sees, becomes.sees) for was, becomes in pairs]
            print_table(f"{between}: operations that differ: {len(pairs)}", headings, seen)
        elif not refused:
            lines = [(*name, *map(arrow, was, becomes)) for name, (was, becomes) in changed.items()]
            print_table(f"{between}: rows that differ: {len(changed)}", HEADINGS, lines)
        for name, found in ((left.name, one), (right.name, other)):
            report(found, console(stderr=True), name)
    sys.exit(2 if refused else 1 if one.errors or other.errors else 0)


def verdicts_that_differ(left: RoleFile, right: RoleFile, name: str, other: str) -> list[tuple[Verdict, Verdict]]:
    """The operations on which two roles get another verdict, by the default settings."""
    from mockcw.catalogue import load
    from mockcw.permissions.explain import differing
    from mockcw.permissions.roles import Role
    from mockcw.settings import Settings

    roles = Role(0, name, False, left.rows), Role(0, other, False, right.rows)
    return differing(*roles, load().operations, Settings())


def pair_as_json(left: Verdict, right: Verdict) -> dict[str, Any]:
    """An operation that differs, as data."""
    sides = {name: {"refused": one.refused, **one.as_json()} for name, one in (("left", left), ("right", right))}
    shown = ("refused", "sees", "decision", "rights")
    return {
        "operation": left.operation.name,
        "method": left.operation.method,
        "path": left.operation.path,
        **{name: {key: side[key] for key in shown} for name, side in sides.items()},
    }


def row_as_json(name: RowName, levels: tuple[Levels, Levels]) -> dict[str, Any]:
    """A row that differs, as data."""
    module, area = name
    was, becomes = levels
    return {"module": module, "area": area, "left": was._asdict(), "right": becomes._asdict()}


@roles.command()
@FILE
@click.option("--role", required=True, help="The role's name, or its number.")
@reaching
@LENIENT
@AS_JSON
def apply(file: IO[bytes], role: str, url: str | None, ready_file: Path | None, lenient: bool, as_json: bool) -> None:
    """Give a role of a running emulator the levels of a file, all of them or none.

    The address comes from --url (a control token, where one is wanted, then from MOCKCW_CONTROL_TOKEN) or from the
    ready file, which also has the admin's keys to find a role by its name where the control API lists none.
    """
    from mockcw.permissions.rolefile.control import RoleControl

    found = read(file, known_areas(), lenient)
    said: dict[str, Any] = {"role": role, "applied": False, "changed": 0} | found.as_json()
    if not found.refused:
        try:
            with RoleControl.reached(url, ready_file) as control:
                said |= {"applied": True, "changed": control.apply(role, found.rows)}
        except NotApplied as error:
            refuse(str(error))
    if as_json:
        click.echo(json.dumps(said, indent=2))
    else:
        if said["applied"]:
            click.echo(f"{role} has the levels of {file.name}; cells changed: {said['changed']}")
        report(found, console(stderr=True))
    sys.exit(1 if found.errors else 0)


def known_areas() -> Sequence[Area]:
    """The rows a role can have."""
    from mockcw.catalogue import load

    return load().areas


def read(file: IO[bytes], areas: Sequence[Area], lenient: bool) -> RoleFile:
    """The role of an open file."""
    return read_role(file.read(LARGEST + 1), areas, lenient=lenient)


def differences(
    left: Mapping[RowName, Levels], right: Mapping[RowName, Levels]
) -> dict[RowName, tuple[Levels, Levels]]:
    """The rows whose levels differ, with both sides; a row that a side lacks is None throughout."""
    both = {name: (left.get(name, NOTHING), right.get(name, NOTHING)) for name in [*left, *right]}
    return {name: (was, becomes) for name, (was, becomes) in both.items() if was != becomes}


def arrow(was: str, becomes: str) -> str:
    """A cell of a comparison: blank where nothing changes."""
    return "" if was == becomes else f"{was} -> {becomes}"


def write_whole(path: Path, text: str) -> None:
    """Write a file complete or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        refuse(f"{path}: {error.strerror}; name another file or change its permissions")


def console(*, stderr: bool = False) -> Console:
    """Where tables go: with colours on a terminal, wide and plain in a pipe."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else 160, highlight=False, markup=False)


def print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on standard output."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left")
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(Text(cell, style="dim" if cell == "None" else "") for cell in row))
    console().print(table)


def report(found: RoleFile, out: Console, name: str = "") -> None:
    """The problems of a file, errors first, and what they mean for the role."""
    said = [*found.errors, *found.notes]
    for problem in said[:SHOWN_PROBLEMS]:
        out.print(f"{'error' if problem.refuses else 'note'}  {problem}", style="red" if problem.refuses else "dim")
    if len(said) > SHOWN_PROBLEMS:
        out.print(f"and {len(said) - SHOWN_PROBLEMS} more; --json lists all")
    where = f"{name}: " if name and said else ""
    if found.refused:
        out.print(f"{where}refused, the file gives no role; errors: {len(found.errors)}")
    elif found.failed_closed:
        out.print(f"{where}taken leniently; statements that failed closed: {found.failed_closed}")


def refuse(message: str) -> NoReturn:
    """One line that says what to do, exit code 2."""
    click.echo(f"mockcw roles: {message}", err=True)
    raise SystemExit(2)
