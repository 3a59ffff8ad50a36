"""The change log of time entries, and the audit of each entry.

The models are published and nothing else about them is known; that every write leaves a row is assumed. A row names
records by texts and numbers only, so that it keeps none of them from being deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Add, Change, Effect, Record, Rule, WriteVerb
from mockcw.rules.time.sheets import ENTRIES

LOG = "/time/changelogs"
AUDITS = f"{ENTRIES}/{{parentId}}/audits"
ALL: frozenset[WriteVerb] = frozenset({"create", "replace", "patch", "delete"})
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
WORDS = {"create": "Insert", "replace": "Update", "patch": "Update", "delete": "Delete"}
PLAIN = {  # field of the row: field of the entry
    "billableOption": "billableOption",
    "chargeToType": "chargeToType",
    "chargeToRecId": "chargeToId",
    "timeStart": "timeStart",
    "timeStartUtc": "timeStart",
    "timeEnd": "timeEnd",
    "timeEndUtc": "timeEnd",
    "hourlyRate": "hourlyRate",
    "hoursActual": "actualHours",
    "internalNote": "internalNotes",
    "notes": "notes",
    "timeStatus": "status",
    "ticketCurrentBoard": "ticketBoard",
    "ticketType": "ticketType",
    "ticketSubtype": "ticketSubType",
    "serviceRequestStatus": "ticketStatus",
    "agreementType": "agreementType",
}
WITHIN = {  # field of the row: reference of the entry and its part
    "companyName": ("company", "name"),
    "memberId": ("member", "identifier"),
    "projectName": ("project", "name"),
    "projectPhase": ("phase", "name"),
    "locationName": ("location", "name"),
    "businessGroup": ("department", "name"),
    "serviceRequestSummary": ("ticket", "summary"),
    "activitySubject": ("activity", "name"),
}
AUDITED = {  # field of the entry: kind of audit
    "timeStart": "DateTime",
    "timeEnd": "DateTime",
    "actualHours": "ActualHours",
    "hoursDeduct": "DeductHours",
    "workType": "WorkType",
    "workRole": "WorkRole",
    "billableOption": "Billable",
    "member": "Member",
    "agreement": "Agreement",
    "notes": "Notes",
}


def logged(change: Change) -> Iterator[Effect]:
    """Write down what an entry is after a write, or was before its end."""
    entry = change.after
    row: Record = {name: entry.get(source) for name, source in PLAIN.items()}
    row |= {name: (entry.get(outer) or {}).get(inner) for name, (outer, inner) in WITHIN.items()}
    row |= {"action": WORDS[change.verb], "timeRecId": change.record_id}
    row["billableFlag"] = entry.get("billableOption") == "Billable"
    yield Add(LOG, 0, {name: value for name, value in row.items() if value is not None})


def audited(change: Change) -> Iterator[Effect]:
    """A row for each field of weight that changed."""
    before = change.before or {}
    for field, kind in AUDITED.items():
        old, new = text(before.get(field)), text(change.after.get(field))
        if old != new:
            message = f"{field} was changed from {old or 'nothing'} to {new or 'nothing'}."
            row = {"type": kind, "source": "API", "message": message, "oldValue": old, "newValue": new}
            yield Add(AUDITS, change.record_id, {**row, "member": {"identifier": change.actor}})


def text(value: Any) -> str:
    """A field's value as the audit shows it."""
    if isinstance(value, dict):
        return str(value.get("name") or value.get("identifier") or value.get("id") or "")
    return "" if value is None else str(value)


def clear(act: Act) -> None:
    """Remove all rows."""
    for row in act.look.find(LOG):
        act.hands.erase(LOG, row["id"])


RULES = (
    Rule("time-entry.logged", ENTRIES, ALL, logged, "assumed", "Each write of an entry leaves a row in the log."),
    Rule("time-entry.audited", ENTRIES, LATER, audited, "assumed", "Each change of an entry is audited."),
)
ACTIONS = (Action("deleteTimeChangelogs", clear, "assumed", "The log is empty afterwards."),)
