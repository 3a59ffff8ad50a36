"""Opportunities: what a new one starts with, when it moves to another stage, and being closed.

The names of the fields are published, a full record of a demo tenant too; what sets them is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Put, Record, Rule, WriteVerb

OPPORTUNITIES = "/sales/opportunities"
STATUSES = "/sales/opportunities/statuses"
STAGES = "/sales/stages"
COMPANIES = "/company/companies"
DEPARTMENTS = "/system/departments"
CLOSING = ("closedDate", "closedBy")
CREATE: frozenset[WriteVerb] = frozenset({"create"})
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})


def reference(record: Record | None) -> Record | None:
    """A reference to a record, if there is one."""
    return {"id": record["id"]} if record else None


def started(change: Change) -> Iterator[Effect]:
    """The default status, the first stage, the company's site, and the day it is made."""
    after, look, today = change.after, change.look, change.today
    statuses = look.find(STATUSES, defaultFlag=True)
    stages = sorted(look.find(STAGES), key=lambda one: (one.get("sequenceNumber") or 0, one["id"]))
    company = look.get(COMPANIES, (after.get("company") or {}).get("id") or 0) or {}
    filled = {
        "status": reference(next(iter(statuses), None)),
        "stage": reference(next(iter(stages), None)),
        "site": reference(company.get("site")),
        "expectedCloseDate": today,
        "dateBecameLead": today,
        "locationId": change.actor_location,
        "businessUnitId": next((one["id"] for one in look.find(DEPARTMENTS)), None),
    }
    yield Put({name: value for name, value in filled.items() if value is not None and after.get(name) is None})
    yield Put({"pipelineChangeDate": change.now})


def moved(change: Change) -> Iterator[Effect]:
    """Another stage is a change of the pipeline."""
    stages = [(one or {}).get("stage") or {} for one in (change.before, change.after)]
    if stages[0].get("id") != stages[1].get("id"):
        yield Put({"pipelineChangeDate": change.now})


def closing(change: Change) -> Iterator[Effect]:
    """A closed status closes it, with who, and when unless the client says so; another one opens it again."""
    was, now = (closes(change, record) for record in (change.before, change.after))
    if now and not was:
        when = change.after.get("closedDate") if "closedDate" in change.given else None
        yield Put({"closedDate": when or change.now, "closedBy": {"identifier": change.actor}})
    elif was and not now and change.choices.reopened == "clear":
        yield Put(dict.fromkeys(CLOSING))


def closes(change: Change, record: Record | None) -> bool:
    """Whether a record's status is a closed one."""
    status = ((record or {}).get("status") or {}).get("id")
    return bool((change.look.get(STATUSES, status or 0) or {}).get("closedFlag"))


RULES = (
    Rule("opportunity.start", OPPORTUNITIES, CREATE, started, "assumed", "A new one is open, in the first stage."),
    Rule("opportunity.stage", OPPORTUNITIES, LATER, moved, "assumed", "Another stage changes the pipeline."),
    Rule("opportunity.closing", OPPORTUNITIES, WRITES, closing, "assumed", "A closed status closes it."),
)
