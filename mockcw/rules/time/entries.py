"""Time entries: their charge, hours and defaults, and the sheet of the week that each belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Add, Change, Effect, Put, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import TimeEntryRefused
from mockcw.rules.approval import DONE, EDITABLE
from mockcw.rules.moments import hours_between
from mockcw.rules.time.charges import charge_problems, charged, derived, links, starting
from mockcw.rules.time.sheets import ENTRIES, OPEN, SHEETS, new_sheet, sheet_of, week_of, worked_day

MOST_HOURS = 1e12
CREATE: frozenset[WriteVerb] = frozenset({"create"})
WHOLE: frozenset[WriteVerb] = frozenset({"create", "replace"})
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
LAST: frozenset[WriteVerb] = frozenset({"replace", "patch", "delete"})


def opened(change: Change) -> Iterator[Effect]:
    """An entry starts open, unbilled and on no sheet, whatever the body says; the server keeps these fields."""
    unbilled = dict.fromkeys(("agreementHours", "agreementAmount", "agreementAdjustment", "adjustment"), 0.0)
    made = {"status": OPEN, "enteredBy": change.actor, "dateEntered": change.now, "mobileGuid": change.key()}
    yield Put({**unbilled, **made, "invoiceReady": 0, "timeSheet": None, "invoice": None})


def chargeable(change: Change) -> Iterator[Effect]:
    """The charge exists; the entry shows the ticket, project or activity it is."""
    after, before = change.after, change.before or {}
    yield from (Refuse(item) for item in charge_problems(change.look, after, change.resource))
    charge = charged(change.look, after)
    if charge:
        yield Put(links(charge, after["chargeToType"]))
        moved = any(before.get(name) != after.get(name) for name in ("chargeToId", "chargeToType"))
        if change.before is not None and moved and charge.get("company"):
            yield Put({"company": {"id": charge["company"]["id"]}})
    elif before.get("chargeToId") and not after.get("chargeToId"):
        yield Put(dict.fromkeys(links({}, "")))  # what was shown of the old charge goes with it


def started(change: Change) -> Iterator[Effect]:
    """What is left out comes from the charge, the member and the setup tables."""
    yield Put(starting(change.look, change.after, change.actor))


def hours(change: Change) -> Iterator[Effect]:
    """Hours are end minus start minus what is deducted; given hours count only without an end (reported)."""
    yield Put({"actualHours": hours_of(change.after)})
    yield Put(derived(change.look, change.after))


def hours_of(entry: Record) -> float:
    """The hours of an entry."""
    between = hours_between(entry.get("timeStart"), entry.get("timeEnd"))
    if between is None:
        return float(entry.get("actualHours") or 0)
    return max(0.0, round(between - float(entry.get("hoursDeduct") or 0), 4))


def locked(change: Change) -> Iterator[Effect]:
    """Billed time stays as it is; time on a sheet that was handed in, until that is rejected or reversed."""
    before = change.before or {}
    sheet = sheet_by(change, before.get("timeSheet"))
    if sheet is None and before.get("status") in DONE:
        sheet = {"id": 0, "status": before["status"]}  # billed without ever having been on a sheet
    if sheet:
        yield from refused(change, {**sheet, "status": before["status"]} if before.get("status") in DONE else sheet)


def sheet_by(change: Change, reference: Record | None) -> Record | None:
    """The sheet a reference means."""
    return change.look.get(SHEETS, reference["id"]) if reference else None


def refused(change: Change, sheet: Record) -> Iterator[Effect]:
    """The refusal of a change to a sheet that was handed in (code reported, text assumed). Raises TimeEntryRefused."""
    if sheet.get("status") not in EDITABLE and change.choices.handed_in_time == "refuse":
        text = change.choices.handed_in_message.format(id=sheet["id"], status=sheet.get("status"))
        raise TimeEntryRefused(text)
    return
    yield


def on_sheet(change: Change) -> Iterator[Effect]:
    """An entry is on its member's sheet of the week, which is made when it is the first; sheets add up their hours."""
    after, member, old = (
        change.after,
        change.after.get("member"),
        sheet_by(change, (change.before or {}).get("timeSheet")),
    )
    week = week_of(worked_day(change))
    if not member or week is None:
        return
    sheet = sheet_of(change.look, member["id"], week)
    amount = float(after.get("actualHours") or 0)
    if old and (sheet is None or sheet["id"] != old["id"]):
        yield Write(SHEETS, old["id"], {"hours": total(change, old["id"])})
    if sheet is None:
        yield Add(SHEETS, 0, new_sheet(change.look, member["id"], week) | {"hours": amount}, refer="timeSheet")
        return
    if old is None or sheet["id"] != old["id"]:
        yield from refused(change, sheet)
    yield Put({"timeSheet": {"id": sheet["id"]}})
    values: Record = {"hours": total(change, sheet["id"], amount)}
    if change.before is not None and sheet.get("status") != OPEN:
        values["status"] = "ErrorsCorrected"
        yield Put({"status": "ErrorsCorrected"})
    yield Write(SHEETS, sheet["id"], values)


def off_sheet(change: Change) -> Iterator[Effect]:
    """A deleted entry leaves its sheet's hours."""
    sheet = sheet_by(change, change.after.get("timeSheet"))
    if sheet:
        yield Write(SHEETS, sheet["id"], {"hours": total(change, sheet["id"])})


def total(change: Change, sheet: int, own: float = 0.0) -> float:
    """The hours of a sheet's other entries, and those of the one in hand; a sum that no number holds stays one."""
    entries = change.look.find(ENTRIES, timeSheet__id=sheet)
    others = sum(float(one.get("actualHours") or 0) for one in entries if one["id"] != change.record_id)
    return min(round(others + own, 4), MOST_HOURS)


def defaults(act: Act) -> Record:
    """What an entry with this body would be; nothing is stored."""
    body: Record = {name: value for name, value in act.body.items() if name != "id" and value is not None}
    for item in charge_problems(act.look, body, act.resource):
        raise act.refuse(item.code, item.message, item.field)
    charge = charged(act.look, body)
    shown = links(charge, body["chargeToType"]) if charge else {}
    entry = {**body, **starting(act.look, body, act.actor), **shown, "status": OPEN, "enteredBy": act.actor}
    return entry | {"actualHours": hours_of(entry), "dateEntered": act.now}


DELETE: frozenset[WriteVerb] = frozenset({"delete"})
RULES = (
    Rule("time-entry.opened", ENTRIES, CREATE, opened, "assumed", "An entry starts open.", early=True),
    Rule("time-entry.locked", ENTRIES, LAST, locked, "assumed", "Time on a sheet handed in is not changed."),
    Rule("time-entry.charge", ENTRIES, WRITES, chargeable, "documented", "Time is charged to what exists."),
    Rule("time-entry.start", ENTRIES, WHOLE, started, "documented", "Defaults cascade from charge and member."),
    Rule("time-entry.hours", ENTRIES, WRITES, hours, "documented", "Hours are end minus start minus deduction."),
    Rule("time-entry.sheet", ENTRIES, WRITES, on_sheet, "documented", "An entry is on the sheet of its week."),
    Rule("time-entry.off-sheet", ENTRIES, DELETE, off_sheet, "assumed", "A sheet adds up what is on it."),
)
ACTIONS = (
    Action("postTimeEntriesDefaults", defaults, "documented", "What a new entry would start with.", addresses=False),
)
