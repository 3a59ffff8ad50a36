"""`mockcw fix`: the smallest change of a role and a member, or the smallest role, for flows, operations or a recording.

Exit codes: 0 nothing to change, 1 a change is proposed or none helps, 2 wrong use. Knows the command line only; the
emulator is imported when something is tried.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, TYPE_CHECKING, NoReturn

import click

from mockcw.advice.explain_command import WrongUse, demo_roles, role_of, settings_of
from mockcw.advice.flow import profile_names, profile_of
from mockcw.advice.situation import CLIENT, CORPORATE, MAIN_OFFICE, Situation
from mockcw.catalogue import load
from mockcw.clock import Clock
from mockcw.errors import MockcwError
from mockcw.permissions.explain import operations_named
from mockcw.permissions.rolefile.commands import console, print_table
from mockcw.permissions.rolefile.write import FORMS, write_role
from mockcw.permissions.roles import NOTHING, Levels

if TYPE_CHECKING:
    from mockcw.advice.advise import Told
    from mockcw.permissions.remedy import Cell
    from mockcw.settings import Settings

PATIENCE = 2.0  # seconds before a search says that it is at work
TO = (*FORMS, "markdown")
NOTHING_YET = Situation({})
MY_IS_ENOUGH = (
    "My is enough here for records that the integration makes itself; where its guide asks for All, give All."
)
STEP_HEADINGS = ("Step", "Request", "What happens", "What the user sees")
ROW_HEADINGS = ("Module", "Area", "Cell", "Is", "Becomes")
GUIDE = "The guide asks"
NUMBER = click.IntRange(1, 2**31 - 1)  # as the API's ids


@click.command("fix")
@click.option("--profile", metavar="NAME", help="A vendor's flows: sonicsaas, harmony-sase, it-glue ...")
@click.option("--operation", "operations", multiple=True, metavar="TEXT", help='Such as "POST /service/tickets".')
@click.option("--har", type=click.File("rb"), help="Recorded traffic: an HTTP Archive, `-` for standard input.")
@click.option("--role", help="A role file, `-`, or a demo role's name; left out: the role of the profile's guide.")
@click.option("--inactive", is_flag=True, help="The API member is inactive.")
@click.option("--structure-level", default=CORPORATE, show_default=True, help="The API member's level.")
@click.option("--location", default=MAIN_OFFICE, show_default=True, help="The API member's location.")
@click.option("--client-id", default=CLIENT, help="The client id the vendor sends.")
@click.option("--allow-client", "clients", multiple=True, help="A client id the member's key is restricted to.")
@click.option("--exclude-board", "boards", multiple=True, type=NUMBER, help="A board's number the member is kept off.")
@click.option("--disallow", "items", multiple=True, metavar="LIST=ITEM", help="An item on a Customize disallow side.")
@click.option("--minimal", is_flag=True, help="Print the smallest role instead, as a role file.")
@click.option("--to", "form", type=click.Choice(TO), default="csv", show_default=True, help="The form of --minimal.")
@click.option("--setting", "settings", multiple=True, metavar="NAME=VALUE", help="Such as permissions.inferred=log.")
@click.option("--lenient", is_flag=True, help="Take a role file with errors; each of them fails closed.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def fix(
    profile: str | None,
    operations: tuple[str, ...],
    har: IO[bytes] | None,
    role: str | None,
    inactive: bool,
    structure_level: str,
    location: str,
    client_id: str,
    clients: tuple[str, ...],
    boards: tuple[int, ...],
    items: tuple[str, ...],
    minimal: bool,
    form: str,
    settings: tuple[str, ...],
    lenient: bool,
    as_json: bool,
) -> None:
    """The smallest change of a role and its member that makes flows, operations or recorded traffic pass.

    Flows and recordings are tried on an emulator with demo records; each part of the change was seen to be needed.
    """
    try:
        question(profile, operations, har)
        chosen = settings_of(settings)
        member = (not inactive, structure_level, location, client_id, clients, boards)
        stated = given = Situation({}, False, disallowed(items), *member)
        if not minimal:
            known = role or (profile_of(profile).role if profile else None)
            found = role_of(known, load().areas, lenient)
            given = replace(stated, rows=found.rows, admin=found.admin)
        if minimal or operations:  # nothing is tried as this member
            check(stated)
        with at_work() as told:
            answer = ask(profile, operations, har, NOTHING_YET if minimal else given, chosen, told)
    except MockcwError as error:
        refuse(str(error))
    if minimal:
        sys.exit(print_role(answer, form, as_json))
    if as_json:
        click.echo(json.dumps(answer.as_json(), indent=2))
    else:
        tell(answer, guide_of(profile) if profile else None)
    sys.exit(0 if answer.remedy.empty else 1)


def question(profile: str | None, operations: Sequence[str], har: IO[bytes] | None) -> None:
    """Exactly one thing is asked for. Raises WrongUse."""
    if sum((profile is not None, bool(operations), har is not None)) != 1:
        raise WrongUse("say what shall pass: one of --profile, --operation and --har")
    if profile is not None and profile not in profile_names():
        raise WrongUse(f"no profile {profile!r}: there are {', '.join(profile_names())}")


def disallowed(items: Sequence[str]) -> dict[str, frozenset[str]]:
    """The disallow sides that texts such as `SystemTableSetup=Service / Service Board` state. Raises WrongUse."""
    found: dict[str, frozenset[str]] = {}
    for text in items:
        name, equals, item = text.partition("=")
        if not equals:
            raise WrongUse(f"--disallow {text}: write LIST=ITEM")
        found[name] = found.get(name, frozenset()) | {item}
    return found


def check(stated: Situation) -> None:
    """Refuse what the demo records do not have. Raises WrongUse."""
    from mockcw.advice import advise
    from mockcw.errors import NotFound

    try:
        advise.check(stated)
    except NotFound as error:
        raise WrongUse(error.message) from None


def ask(
    profile: str | None,
    operations: Sequence[str],
    har: IO[bytes] | None,
    given: Situation,
    settings: Settings,
    told: Callable[[], None],
) -> Told:
    """The answer to the question. Raises MockcwError."""
    from mockcw.advice import advise
    from mockcw.advice.traffic import LARGEST, read_har
    from mockcw.errors import NotFound

    catalogue = load()
    try:
        if profile is not None:
            return advise.for_profile(profile, given, settings, told)
        if har is not None:
            return advise.for_traffic(read_har(har.read(LARGEST + 1), catalogue), given, settings, told)
    except NotFound as error:  # an unknown structure level, location, board or Customize item
        raise WrongUse(error.message) from None
    wanted = [one for text in operations for one in operations_named(catalogue, text)]
    return advise.for_operations(wanted, given, settings)


# -- what is told ------------------------------------------------------------------------------------------------------


def print_role(answer: Told, form: str, as_json: bool) -> int:
    """The smallest role as a role file; the exit code."""
    if as_json:
        click.echo(json.dumps(answer.as_json(), indent=2))
    elif answer.helpless:
        tell(answer, None)
    else:
        rows = {name: Levels(*levels) for name, levels in answer.situation.rows.items()}
        click.echo(write_role(rows, load().areas, "md" if form == "markdown" else form), nl=False)
    return 1 if answer.helpless else 0


def guide_of(profile: str) -> Callable[[Cell], str]:
    """What a vendor's guide asks of a cell."""
    rows = demo_roles()[profile_of(profile).role]
    return lambda cell: rows.get((cell.module, cell.area), NOTHING).of(cell.action) if rows else "the role Admin"


def tell(answer: Told, guide: Callable[[Cell], str] | None) -> None:
    """The steps that fail, the change, and how it was verified; beside a cell what the guide asks of it."""
    out = console()
    failing = [one for one in answer.before if one.failed]
    if failing:
        rows = [
            (
                one.step.key,
                f"{one.step.operation.method} {one.step.operation.path}",
                f"{one.seen} {one.detail}".strip() if one.detail and not one.seen.isdigit() else one.seen,
                one.words,
            )
            for one in failing
        ]
        print_table(f"Fails now ({answer.about}): {len(failing)}", STEP_HEADINGS, rows)
    changes = answer.remedy.rows
    if changes:
        headings = (*ROW_HEADINGS, GUIDE) if guide else ROW_HEADINGS
        cells = [(*one.cell, one.was, one.becomes, *((guide(one.cell),) if guide else ())) for one in changes]
        print_table(f"Smallest change: cells to raise: {len(changes)}", headings, cells)
    if answer.remedy.empty:
        out.print(f"Nothing to change: {answer.about} pass.")
    elif not answer.helpless:
        rest = replace(answer.remedy, rows=())
        if not rest.empty:
            out.print(rest.words)
        if any(one.becomes == "My" for one in changes):
            out.print(MY_IS_ENOUGH)
        tried = f"Tried: with it all {len(answer.after)} steps pass, without any part of it they do not; trials: "
        out.print(f"{tried}{answer.trials}" if answer.trials else "By the gates of the operations; nothing was tried.")
    else:
        out.print(answer.remedy.words)
    for note in answer.notes:
        out.print(note, style="dim")


@contextmanager
def at_work() -> Iterator[Callable[[], None]]:
    """What to call at every trial: shows on a terminal that a search is at work, once it takes long."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    clock, out = Clock(), console(stderr=True)
    started = clock.monotonic()
    bar = Progress(
        SpinnerColumn(), TextColumn("{task.completed} trials"), TimeElapsedColumn(), console=out, transient=True
    )
    task = bar.add_task("trials", total=None)

    def told() -> None:
        bar.advance(task)
        if out.is_terminal and not bar.live.is_started and clock.monotonic() - started > PATIENCE:
            bar.start()

    try:
        yield told
    finally:
        if bar.live.is_started:  # else it would end with an empty line
            bar.stop()


def refuse(message: str) -> NoReturn:
    """One line that says what to do, exit code 2."""
    click.echo(f"mockcw fix: {message}", err=True)
    raise SystemExit(2)
