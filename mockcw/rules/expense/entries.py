"""Expense entries: each belongs to the report of its member and week, which adds them up.

Reports have no POST of their own, so entries bring them about. Weeks run from Saturday to Friday (a captured sheet of
time does); the rest is assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mockcw.engine.change import Add, Change, Effect, Look, Put, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import FieldError
from mockcw.rules.approval import DONE, EDITABLE
from mockcw.rules.money import money, number
from mockcw.rules.shapes import midnight

ENTRIES = "/expense/entries"
REPORTS = "/expense/reports"
TYPES = "/expense/types"
MEMBERS = "/system/members"
SATURDAY = 5
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
LAST: frozenset[WriteVerb] = frozenset({"replace", "patch", "delete"})


def week_of(text: Any) -> tuple[date, date] | None:
    """The first and the last day of the week that a date lies in."""
    try:
        day = date.fromisoformat(str(text)[:10])
        first = day - timedelta(days=(day.weekday() - SATURDAY) % 7)
        return first, first + timedelta(days=6)
    except (ValueError, OverflowError):
        return None


def defaults(change: Change) -> Iterator[Effect]:
    """The caller's, open, and billed as its type says, unless told otherwise."""
    after = change.after
    filled: Record = {"status": "Open", "mobileGuid": change.key()}
    if not after.get("member") and change.look.find(MEMBERS, identifier=change.actor):
        filled["member"] = {"identifier": change.actor}
    kind = change.look.get(TYPES, (after.get("type") or {}).get("id") or 0)
    if kind and not after.get("billableOption"):
        filled["billableOption"] = kind.get("billExpenses")
    yield Put(filled)


def reported(change: Change) -> Iterator[Effect]:
    """An entry goes to the open report of its member and week; where there is none, one is made."""
    after, week = change.after, week_of(change.after.get("date"))
    member, own = after.get("member"), change.look.get(REPORTS, (after.get("expenseReport") or {}).get("id") or 0)
    if own and change.before is None and not takes(own, member, week):
        yield Put({"expenseReport": None})
        own = None
    if own:
        yield from totalled(change, own["id"])
    elif member and week:
        found = open_report(change.look, member["id"], week)
        if found is None:
            record = new_report(member["id"], week, after.get("amount"))
            yield Add(REPORTS, 0, record, refer="expenseReport")
        else:
            yield Put({"expenseReport": {"id": found["id"]}})
            yield from totalled(change, found["id"])


def takes(report: Record, member: Record | None, week: tuple[date, date] | None) -> bool:
    """Whether a report is the member's, of the week, and not handed in."""
    first = midnight(week[0].isoformat()) if week else None
    same = (report.get("member") or {}).get("id") == (member or {}).get("id") and report.get("dateStart") == first
    return bool(same and report.get("status") in EDITABLE)


def locked(change: Change) -> Iterator[Effect]:
    """What is on a report that was handed in stays as it is, as time does (assumed)."""
    before = change.before or {}
    report = change.look.get(REPORTS, (before.get("expenseReport") or {}).get("id") or 0)
    if report is None or before.get("status") in DONE:
        what, status = f"{change.caption} {change.record_id}", before.get("status") or "Open"
    else:
        what, status = f"Expense report {report['id']}", report.get("status") or "Open"
    if status not in EDITABLE and change.choices.handed_in_expenses == "refuse":
        text = change.choices.handed_in_expenses_message.format(what=what, status=status)
        yield Refuse(FieldError("InvalidField", text, change.resource, "expenseReport"))


def moved(change: Change) -> Iterator[Effect]:
    """A later write keeps status and member; another date or member takes the entry to another report."""
    before, after = change.before or {}, change.after
    old, member = before.get("expenseReport"), after.get("member") or before.get("member")
    same = week_of(after.get("date")) == week_of(before.get("date")) and member == before.get("member")
    kept = old if same else None
    yield Put({"status": before.get("status"), "member": member, "expenseReport": kept})
    if old and not same:
        yield Write(REPORTS, old["id"], {"total": total(others(change, old["id"]))})
    yield from reported(change)


def open_report(look: Look, member: int, week: tuple[date, date]) -> Record | None:
    """The report of a member and week that still takes entries."""
    found = look.find(REPORTS, member__id=member, dateStart=midnight(week[0].isoformat()))
    return next((one for one in found if one.get("status") in EDITABLE), None)


def new_report(member: int, week: tuple[date, date], amount: Any) -> Record:
    """A report of a member and week with a first entry."""
    first, last = week
    return {
        "member": {"id": member},
        "year": last.year,
        "period": (last.timetuple().tm_yday - 1) // 7 + 1,
        "dateStart": midnight(first.isoformat()),
        "dateEnd": midnight(last.isoformat()),
        "dueDate": midnight(last.isoformat()),
        "status": "Open",
        "total": amount or 0,
    }


def totalled(change: Change, report: int) -> Iterator[Effect]:
    """The report's total with the entry in hand."""
    yield Write(REPORTS, report, {"total": total([*others(change, report), change.after])})


def untotalled(change: Change) -> Iterator[Effect]:
    """A removed entry leaves its report's total."""
    report = (change.before or {}).get("expenseReport")
    if report:
        yield Write(REPORTS, report["id"], {"total": total(others(change, report["id"]))})


def others(change: Change, report: int) -> list[Record]:
    """The other entries of a report."""
    found = change.look.find(ENTRIES, expenseReport__id=report)
    return [one for one in found if one["id"] != change.record_id]


def total(entries: Iterable[Record]) -> float:
    """The sum of what entries cost."""
    return number(sum((money(one.get("amount")) for one in entries), Decimal(0)))


RULES = (
    Rule("expense.defaults", ENTRIES, frozenset({"create"}), defaults, "assumed", "The server fills in what it can."),
    Rule("expense.report", ENTRIES, frozenset({"create"}), reported, "assumed", "A week's report takes the entry."),
    Rule("expense.locked", ENTRIES, LAST, locked, "assumed", "What is on a report handed in is not changed."),
    Rule("expense.moved", ENTRIES, LATER, moved, "assumed", "The entry stays with the report of its week."),
    Rule("expense.total", ENTRIES, frozenset({"delete"}), untotalled, "assumed", "The report's total follows."),
)
