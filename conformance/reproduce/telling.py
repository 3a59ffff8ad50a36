"""A report of a case for people and for programs: what the customer sees, what was on the wire, why, what to change.

Knows how to say it, on a terminal and in a pipe; judges nothing. Secrets are taken out before anything is shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.reproduce.change import Change, Why
from conformance.reproduce.run import Report, Result, Round, State, StepResult
from conformance.reproduce.stage import ENFORCED
from conformance.reproduce.vendor import Seen

STYLES = {State.PASSED: "green", State.FAILED: "red", State.NOT_TRIED: "dim", State.CANNOT_TELL: "yellow"}
BODY_SHOWN = 300
LACKS_SHOWN = 4
LABEL = 18
CLOSING = {
    Result.PASSES: "Nothing fails: the emulator does not show the customer's problem with this case.",
    Result.REPRODUCED: "Reproduced. Run again with --fix to make the change and see whether it is enough.",
    Result.FIXED: "Reproduced, and fixed: with the changes above every step passes.",
    Result.NOT_FIXED: "Reproduced, and not fixed: no further change of role, member or settings is known.",
    Result.CANNOT_TELL: "Could not tell: see above for what is missing.",
}

Line = tuple[str, str]


def tell(report: Report, console: Console) -> None:
    """Print a report: tables on a terminal, plain lines in a pipe."""
    for label, text in _head(report):
        _print(console, report, label, text)
    for number, one in enumerate(report.rounds, 1):
        if len(report.rounds) > 1:
            console.print()
            text = "as the customer has it" if number == 1 else "after the change"
            console.print(Text(f"Run {number}, {text}", style="bold"))
        for step in one.steps:
            _tell_step(console, report, step)
        if one.change is not None:
            _tell_change(console, report, one.change)
    console.print()
    style = {Result.PASSES: "green", Result.FIXED: "green", Result.CANNOT_TELL: "yellow"}.get(report.result, "red")
    console.print(Text(_closing(report), style=style))


def _closing(report: Report) -> str:
    if report.result is Result.REPRODUCED and report.change.empty:
        return "Reproduced."
    return CLOSING[report.result]


def _print(console: Console, report: Report, label: str, text: str) -> None:
    console.print(Text(f"{label:<{LABEL}}", style="dim") + Text(report.redactor.text(text), style="not dim"))


def _head(report: Report) -> Iterator[Line]:
    case, member = report.case, report.case.member
    yield "Case", f"{case.path}" + (f": {case.title}" if case.title else "")
    role = f"from {case.role}" if case.role else f"as the {case.profile} guide asks"
    place = f"{member.structure_level}, {member.location}"
    yield "Role", f"{role} (on the emulator: {report.stage.role})"
    for note in report.stage.notes:
        yield "", note
    yield "API member", f"{report.stage.member}: {'active' if member.active else 'INACTIVE'}, {place}"
    stage = report.stage
    if stage.permissions != ENFORCED:
        yield "Mind", f"permissions are {stage.permissions} on this emulator: no role refuses anything"
    elif stage.inferred != ENFORCED:
        yield "Mind", f"rows that are only inferred are {stage.inferred} on this emulator: they refuse nothing"
    yield "Server", f"{case.server.url} (the emulator answers in its place)"


def _tell_step(console: Console, report: Report, step: StepResult) -> None:
    console.print()
    head = Text(step.planned.name, style="bold") + Text(f"  {step.state.value}", style=STYLES[step.state])
    console.print(head)
    lines = list(_step_lines(step))
    if console.is_terminal:
        table = Table(show_header=False, box=None, padding=(0, 2, 0, 2))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for label, text in lines:
            table.add_row(label, Text(report.redactor.text(text)))
        console.print(table, soft_wrap=False)
        return
    for label, text in lines:
        console.print(Text(f"  {label:<{LABEL}}{report.redactor.text(text)}"))


def _step_lines(step: StepResult) -> Iterator[Line]:
    yield "Customer sees", step.outcome.sees
    for fact in step.outcome.facts:
        yield "", fact
    if step.outcome.lacks:
        lacks = "; ".join(str(right) for right in step.outcome.lacks[:LACKS_SHOWN])
        more = ", ..." if len(step.outcome.lacks) > LACKS_SHOWN else ""
        yield "Why", f"GET /system/mySecurity, the rights of this key, shows less than {lacks}{more}"
    for seen, reason in step.whys:
        if seen is not None:
            yield from _wire_lines(seen)
        yield from _why_lines(reason)


def _wire_lines(seen: Seen) -> Iterator[Line]:
    body = " ".join(seen.body.split())
    cut = f"{body[:BODY_SHOWN]}..." if len(body) > BODY_SHOWN else body
    yield "On the wire", f"{seen.full} -> {seen.status} {cut}".rstrip()
    if seen.request_body:
        yield "", f"sent: {seen.request_body[:BODY_SHOWN]}"


def _why_lines(reason: Why) -> Iterator[Line]:
    yield "Why", f"{reason.reason}" + (f" [{reason.cause}]" if reason.cause else "")
    for asked in reason.asked:
        if not asked.get("allowed", True):
            yield "", f"also asked: {asked.get('reason')}"


def _tell_change(console: Console, report: Report, change: Change) -> None:
    console.print()
    console.print(Text("Smallest change", style="bold"))
    if not change.lines:
        console.print("  none is known: no change of the role or of the API member makes a difference here")
        return
    if console.is_terminal and change.cells:
        table = Table("Module", "Area", "Right", "is", "must be", "the guide asks for", box=None, padding=(0, 2, 0, 2))
        for cell in change.cells:
            table.add_row(
                cell.module, cell.area, cell.action, cell.was, Text(cell.becomes, style="bold green"), cell.guide or ""
            )
        console.print(table, soft_wrap=False)
    hidden = len(change.cells) if console.is_terminal else 0
    for line in change.lines[hidden:]:
        console.print(Text(f"  {report.redactor.text(line)}"))


def as_json(report: Report) -> str:
    """The report as JSON text, without secrets."""
    case = report.case
    told = {
        "case": str(case.path),
        "title": case.title,
        "profile": case.profile,
        "result": report.result.value,
        "exit_code": report.exit_code,
        "target": report.target,
        "role": {"name": report.stage.role, "file": case.role, "notes": list(report.stage.notes)},
        "permissions": report.stage.permissions,
        "permissions_inferred": report.stage.inferred,
        "member": report.stage.member,
        "rounds": [_round_json(one) for one in report.rounds],
        "change": _change_json(report.change),
    }
    return json.dumps(_clean(report, told), indent=2, ensure_ascii=False)


def _clean(report: Report, value: Any) -> Any:
    """The value with the secrets taken out of every text in it."""
    if isinstance(value, dict):
        return {name: _clean(report, one) for name, one in value.items()}
    if isinstance(value, list):
        return [_clean(report, one) for one in value]
    return report.redactor.text(value) if isinstance(value, str) else value


def _round_json(one: Round) -> dict[str, Any]:
    change = None if one.change is None else _change_json(one.change)
    return {"steps": [_step_json(step) for step in one.steps], "change": change}


def _step_json(step: StepResult) -> dict[str, Any]:
    return {
        "run": step.planned.name,
        "options": dict(step.planned.options),
        "state": step.state.value,
        "customer_sees": step.outcome.sees,
        "facts": list(step.outcome.facts),
        "lacks": [right._asdict() for right in step.outcome.lacks],
        "exchanges": [_exchange_json(seen, reason) for seen, reason in step.whys],
    }


def _exchange_json(seen: Seen | None, reason: Why) -> dict[str, Any]:
    told: dict[str, Any] = {"cause": reason.cause, "reason": reason.reason}
    if seen is not None:
        told |= {
            "method": seen.method,
            "path": seen.path,
            "query": seen.query,
            "request_body": seen.request_body,
            "status": seen.status,
            "label": seen.label,
            "body": seen.body,
            "request_id": seen.request_id,
            "decision": reason.decision,
            "asked": list(reason.asked),
        }
    return told


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "rows": [
            {"module": c.module, "area": c.area, "action": c.action, "from": c.was, "to": c.becomes, "guide": c.guide}
            for c in change.cells
        ],
        "customize": [dict(one) for one in change.customize],
        "member": dict(change.member),
        "case": {section: dict(values) for section, values in change.case.items()},
        "new_keys": change.new_keys,
        "words": list(change.words),
        "lines": list(change.lines),
    }
