"""`mockcw explain`: what a role means for operations, for a vendor's flows, or for one request of a running emulator.

Exit codes: 0 everything is allowed, 1 something is refused, 2 wrong use. Knows the command line; decides nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import click

from mockcw.advice.flow import Step, profile_names, profile_of
from mockcw.catalogue import Area, Catalogue, Operation, load
from mockcw.control import Control, NotApplied, reaching
from mockcw.demo.build import ROLE_ROWS
from mockcw.errors import MockcwError
from mockcw.permissions import Decision, Levels, Role
from mockcw.permissions.explain import Verdict, explain, operations_named
from mockcw.permissions.rolefile import read_role
from mockcw.permissions.rolefile.commands import console, print_table, report
from mockcw.permissions.rolefile.text import LARGEST
from mockcw.settings import Settings

ALL = Levels("All", "All", "All", "All")
HEADINGS = ("Operation", "Right", "Verdict")
STEP_HEADINGS = ("Step", *HEADINGS, "What the user sees")
REFUSED = 400


class WrongUse(MockcwError):
    """What a person can mend, as one line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation to explain, and the step of a vendor's flow that makes it, where there is one."""

    operation: Operation
    step: Step | None = None


@click.command("explain")
@click.option(
    "--role", help="A role file in any form of `mockcw roles`, `-` for standard input, or a demo role's name."
)
@click.option(
    "--operation",
    "operations",
    multiple=True,
    metavar="TEXT",
    help='Such as "POST /service/tickets"; `*` ends a prefix.',
)
@click.option("--profile", help="The operations that a vendor's flows use: sonicsaas, it-glue ...")
@click.option("--request", "request_id", help="A request of a running emulator: the reply's x-cw-request-id.")
@reaching
@click.option("--setting", "settings", multiple=True, metavar="NAME=VALUE", help="Such as permissions.inferred=log.")
@click.option("--lenient", is_flag=True, help="Take a role file with errors; each of them fails closed.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def explain_command(
    role: str | None,
    operations: tuple[str, ...],
    profile: str | None,
    request_id: str | None,
    url: str | None,
    ready_file: Path | None,
    settings: tuple[str, ...],
    lenient: bool,
    as_json: bool,
) -> None:
    """Why a role may or may not: a verdict for each operation, and what the user of an integration sees of it."""
    try:
        if request_id is not None:
            if role or operations or profile:
                raise WrongUse("--request stands alone: leave out --role, --operation and --profile")
            sys.exit(tell_request(request_id, url, ready_file, as_json))
        catalogue = load()
        asked = wanted(catalogue, operations, profile)
        chosen = settings_of(settings)
        given = role_of(role or (profile_of(profile).role if profile else None), catalogue.areas, lenient)
    except NotApplied as error:
        refuse(str(error))
    except MockcwError as error:
        refuse(str(error))
    verdicts = explain(given, [one.operation for one in asked], chosen)
    if as_json:
        click.echo(json.dumps(as_data(given, asked, verdicts), indent=2))
    else:
        tell(given, asked, verdicts)
    sys.exit(1 if any(one.refused for one in verdicts) else 0)


# -- what is asked -----------------------------------------------------------------------------------------------------


def wanted(catalogue: Catalogue, operations: Sequence[str], profile: str | None) -> list[Asked]:
    """The operations to explain. Raises WrongUse and NoSuchOperation."""
    if not operations and profile is None:
        raise WrongUse("say what to explain: --operation, --profile or --request")
    if profile is not None and profile not in profile_names():
        raise WrongUse(f"no profile {profile!r}: there are {', '.join(profile_names())}")
    steps = [Asked(step.operation, step) for step in profile_of(profile).steps] if profile else []
    return [*steps, *(Asked(one) for text in operations for one in operations_named(catalogue, text))]


def settings_of(texts: Sequence[str]) -> Settings:
    """The settings with some replaced; a dot in a name is an underscore. Raises WrongUse."""
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise WrongUse(f"--setting {text}: write NAME=VALUE")
        try:
            values[name.replace(".", "_")] = json.loads(value)
        except ValueError:
            values[name.replace(".", "_")] = value
    try:
        settings = replace(Settings(), **values)
    except TypeError:
        known = {name for name, *_ in Settings.described()}
        raise WrongUse(f"no such setting: {', '.join(sorted(set(values) - known))}; see docs/settings.md") from None
    problem = settings.problem()
    if problem:
        raise WrongUse(problem)
    return settings


def role_of(text: str | None, areas: Sequence[Area], lenient: bool) -> Role:
    """The role of a file, or a demo role of that name. Raises WrongUse."""
    if text is None:
        raise WrongUse("say which role: --role with a role file or a demo role's name")
    known = {name.casefold(): name for name in demo_roles()}
    if text != "-" and not Path(text).is_file():
        name = known.get(text.casefold())
        if name is None:
            raise WrongUse(f"no file and no demo role {text!r}; demo roles: {', '.join(known.values())}")
        rows = {(one.module, one.area): ALL for one in areas} if name == "Admin" else demo_roles()[name]
        return Role(0, name, name == "Admin", rows)
    try:
        with click.open_file(text, "rb") as file:
            found = read_role(file.read(LARGEST + 1), areas, lenient=lenient)
    except OSError as error:
        raise WrongUse(f"{text}: {error.strerror}") from None
    if found.problems:
        report(found, console(stderr=True), text)
    if found.refused:
        raise WrongUse(f"{text} gives no role; `mockcw roles show` says more")
    return Role(0, "standard input" if text == "-" else Path(text).name, False, found.rows)


def demo_roles() -> dict[str, dict[tuple[str, str], Levels]]:
    """The roles of the demo by name; Admin has its flag."""
    roles: dict[str, dict[tuple[str, str], Levels]] = {"Admin": {}, "No Access": {}}
    for line in ROLE_ROWS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            role, module, area, *levels = line.split("\t")
            roles.setdefault(role, {})[module, area] = Levels(*levels)
    return roles


# -- what is told ------------------------------------------------------------------------------------------------------


def as_data(role: Role, asked: Sequence[Asked], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The verdicts for machines."""
    lines = []
    for one, verdict in zip(asked, verdicts, strict=True):
        line = verdict.as_json()
        if one.step is not None:
            step = one.step
            line |= {
                "flow": step.flow,
                "step": step.name,
                "user_sees": user_sees(step, verdict),
                "citation": step.citation,
            }
        lines.append(line)
    return {"role": role.name, "refused": sum(one.refused for one in verdicts), "verdicts": lines}


def user_sees(step: Step, verdict: Verdict) -> str | None:
    """The guide's trouble in our words, where the verdict brings it about."""
    return step.words if verdict.refused or verdict.narrowed else None


def tell(role: Role, asked: Sequence[Asked], verdicts: Sequence[Verdict]) -> None:
    """The verdicts as tables, flows first."""
    pairs = list(zip(asked, verdicts, strict=True))
    flows = [(one.step, verdict) for one, verdict in pairs if one.step is not None]
    single = [verdict for one, verdict in pairs if one.step is None]
    if flows:
        rows = [step_line(step, verdict) for step, verdict in flows]
        print_table(f"Role {role.name}: steps refused: {sum(one.refused for _, one in flows)}", STEP_HEADINGS, rows)
    if single:
        rows = [line for verdict in single for line in lines_of(verdict)]
        print_table(f"Role {role.name}: operations refused: {sum(one.refused for one in single)}", HEADINGS, rows)
    out = console()
    main, beside = (
        reasons([one.decision for one in verdicts]),
        reasons([b.decision for v in verdicts for b in v.lacking()]),
    )
    for reason in main:
        out.print(reason)
    if beside:
        out.print("Only some requests or fields ask for these:")
    for reason in beside:
        out.print(f"  {reason}")


def reasons(decisions: Iterable[Decision]) -> list[str]:
    """Why something is refused or only logged, each sentence once."""
    return list(dict.fromkeys(one.reason for one in decisions if not one.allowed or one.logged))


def step_line(step: Step, verdict: Verdict) -> tuple[str, ...]:
    """The line of one step; rights that only some bodies ask for are told below the table."""
    return (step.key, *lines_of(verdict)[0], user_sees(step, verdict) or "")


def lines_of(verdict: Verdict) -> list[tuple[str, ...]]:
    """The lines of one operation: its row, and the rights beside it that the role lacks."""
    lines: list[tuple[str, ...]] = [(verdict.name, verdict.right, verdict.sees)]
    for one in verdict.lacking():
        row = one.right.row
        lines.append((f"  {one.right.says}", f"{row.module} > {row.area}, {row.action}: {one.decision.has}", one.sees))
    return lines


# -- one request of a running emulator ---------------------------------------------------------------------------------


def tell_request(request_id: str, url: str | None, ready_file: Path | None, as_json: bool) -> int:
    """A request's decision, for a support engineer; the exit code. Raises NotApplied."""
    with Control.reached(url, ready_file) as control:
        entry = control.read(f"requests/{request_id}")
    if as_json:
        click.echo(json.dumps(entry, indent=2))
    else:
        for name, text in told_of(entry):
            click.echo(f"{name:<9} {text}")
    return 1 if (entry["status"] or 0) >= REFUSED else 0


def told_of(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """What to say of a request, a line each."""
    actor, remedy, shadow = entry.get("actor"), entry.get("remedy"), entry.get("shadow")
    lines = [("request", f"{entry['method']} {entry['path']} at {entry['at']}: {entry['status']}")]
    if actor:
        lines.append(
            ("member", f"{actor['identifier']}, role {actor['role']['name']}, level {actor['structure_level']}")
        )
    lines.append(("reason", entry["reason"] or "nothing stood in the way"))
    if entry["cause"]:
        lines.append(("cause", entry["cause"]))
    lines += [
        ("asked", one["reason"]) for one in entry["asked"] if not one["allowed"] and one["reason"] != entry["reason"]
    ]
    if shadow:
        verdict = "would pass" if shadow["allowed"] else "would be refused"
        lines.append(("shadow", f"with role {shadow['role']} it {verdict}: {shadow['reason']}"))
    if remedy:
        lines.append(("fix", remedy["words"]))
    return lines


def refuse(message: str) -> NoReturn:
    """One line that says what to do, exit code 2."""
    click.echo(f"mockcw explain: {message}", err=True)
    raise SystemExit(2)
