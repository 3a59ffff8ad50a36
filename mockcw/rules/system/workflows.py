"""Workflows: flat lists of what lies inside them, copies, a test of an event, values that actions set.

Which record a flat list shows follows its model; how an event's condition is read in a test is assumed: as a condition
on the columns of the report of the workflow's table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Look, Record
from mockcw.errors import ApiFindCondition, NotFound
from mockcw.rules.shapes import Copying
from mockcw.rules.system.operations import applied
from mockcw.rules.system.report_tables import tables

WORKFLOWS = "/system/workflows"
EVENTS = "/system/workflows/{parentId}/events"
EVENT_ACTIONS = "/system/workflows/{grandparentId}/events/{parentId}/actions"
ATTACHMENTS = "/system/workflows/{parentId}/attachments"
NOTIFY_TYPES = "/system/workflows/{parentId}/notifyTypes"
DEFINITIONS = "/system/userDefinedFields"
VALUES = "~workflowValues"
MODEL = "WorkflowActionUserDefinedField"
TABLES = {"ticket": "service", "company": "company", "project": "project", "opportunity": "opportunity"}
TABLES |= {"agreement": "agreement", "invoice": "invoice", "contact": "contact", "configuration": "configuration"}
TABLES |= {"activity": "activity", "purchase": "purchaseorder", "member": "member", "time": "time"}
FLAT = {
    "/system/workflows/attachments": ATTACHMENTS,
    "/system/workflows/events": EVENTS,
    "/system/workflows/events/actions": EVENT_ACTIONS,
    "/system/workflows/notifyTypes": NOTIFY_TYPES,
    "/system/workflows/triggers": "/system/workflows/{parentId}/triggers",
    "/system/workflows/triggers/options": "/system/workflows/{grandparentId}/triggers/{parentId}/options",
    "/system/workflowActions/automateParameters": "/system/workflowActions/{parentId}/automateParameters",
}


# -- flat lists --------------------------------------------------------------------------------------------------------


def flat(source: str, look: Look, _: Asking) -> Iterator[Record]:
    """All records of a nested collection, whatever they lie under; those whose model has no id are numbered."""
    for number, record in enumerate(look.find(source), 1):
        yield {"id": number, **record}


def values_of_all(look: Look, _: Asking) -> Iterable[Record]:
    """Every value that an action of some workflow sets."""
    return look.find(VALUES)


def in_a_list(act: Act) -> list[Record]:
    """One record of a flat list, in a list (published so)."""
    return [act.here]


# -- what an event would find ------------------------------------------------------------------------------------------


def test_event(act: Act) -> list[dict[str, dict[str, Any]]]:
    """The records an event's condition finds now, at most a page; when it was tested is kept with the event."""
    workflow = act.look.get(WORKFLOWS, int(act.ids[0])) or {}
    kind = str((workflow.get("tableType") or {}).get("name") or "").lower()
    name = next((report for word, report in TABLES.items() if word in kind), None)
    rows: list[list[Any]] = []
    report = tables()[name] if name else None
    if report is not None:
        query = {"conditions": str(act.here.get("eventCondition") or "")}
        try:
            rows = act.reports.rows(report, report.columns, query)
        except ApiFindCondition:
            rows = []
    act.hands.set(EVENTS, int(act.here["id"]), {"dateTestedUTC": act.now, "testRecordsMatched": len(rows)})
    names = [column.name for column in report.columns] if report else []
    return [{name: {"value": value} for name, value in zip(names, row, strict=True)} for row in rows]


# -- values that actions set -------------------------------------------------------------------------------------------


def new_value(act: Act) -> Record:
    """A user-defined field that an action of this event sets."""
    event = act.look.get(EVENTS, act.id)
    if event is None:
        raise NotFound(f"Workflow Event {act.id} not found")
    action_id = act.body.get("actionId") or act.body.get("parentId")
    action = act.look.get(EVENT_ACTIONS, action_id) if action_id else None
    if action_id and action is None:
        raise act.refuse("NotFound", f"Workflow Action {action_id} not found", "actionId")
    record = {**act.body, "eventId": act.id, "grandParentId": act.id, "actionId": action_id, "parentId": action_id}
    record |= {"grandParentConnectWiseId": event.get("connectWiseID"), "connectWiseID": act.key()}
    record |= {"parentConnectWiseId": (action or {}).get("connectWiseID"), **described(act, act.body)}
    return {**record, "id": act.hands.keep(VALUES, record)}


def described(act: Act, body: Record) -> Record:
    """What the definition of the field says of a value."""
    number = body.get("userDefinedFieldId")
    definition = act.look.get(DEFINITIONS, number) if number else None
    if number and definition is None:
        raise act.refuse("NotFound", f"User Defined Field {number} not found", "userDefinedFieldId")
    if definition is None:
        return {}
    return {
        "caption": definition.get("caption"),
        "podDescription": definition.get("podDescription"),
        "fieldTypeId": definition.get("fieldTypeIdentifier"),
        "entryTypeId": definition.get("entryTypeIdentifier"),
        "requiredFlag": bool(definition.get("requiredFlag")),
    }


def kept(act: Act) -> Record:
    """The value the path names. Raises NotFound."""
    row = act.look.get(VALUES, act.id)
    if row is None:
        raise NotFound(f"Workflow Action User Defined Field {act.id} not found")
    return row


def put_value(act: Act) -> Record:
    """Another value in its place; where it belongs stays."""
    row = kept(act)
    places = ("eventId", "actionId", "parentId", "grandParentId", "connectWiseID")
    fixed = {name: row[name] for name in (*places, "parentConnectWiseId", "grandParentConnectWiseId") if name in row}
    return keep(act, {**act.body, **fixed})


def patch_value(act: Act) -> Record:
    """Some fields of a value."""
    return keep(act, applied(act, kept(act), MODEL))


def keep(act: Act, record: Record) -> Record:
    """Keep a changed value."""
    changed = {**record, **described(act, record), "id": act.id}
    act.hands.keep_again(VALUES, act.id, changed)
    return changed


def values_of_action(act: Act) -> list[Record]:
    """The values that one action of an event sets."""
    event, action = (int(one) for one in act.ids)
    return act.look.find(VALUES, eventId=event, actionId=action)


def clear_action(act: Act) -> None:
    """An action sets no values any more."""
    if act.look.get(EVENT_ACTIONS, act.id) is None:
        raise NotFound(f"Workflow Action {act.id} not found")
    for row in act.look.find(VALUES, actionId=act.id):
        act.hands.drop(VALUES, row["id"])


def value_action(operation: str, answer: Callable[[Act], Any], says: str, status: int = 200) -> Action:
    """An action on the values that workflow actions set."""
    return Action(operation, answer, "assumed", says, status, addresses=False)


UDF = "SystemWorkflowsUserdefinedfields"
ACTIONS = (
    Copying("postSystemWorkflowsByIdCopy", WORKFLOWS, "A workflow with its events.", {"name": 100}).action(),
    Copying("postSystemWorkflowsByParentIdEventsByIdCopy", EVENTS, "An event with its actions.").action(),
    Copying("postSystemSurveysByIdCopy", "/system/surveys", "A survey with its questions.", {"name": 50}).action(),
    Action("getSystemWorkflowsAttachmentsById", in_a_list, "assumed", "One attachment, in a list."),
    Action("getSystemWorkflowsNotifyTypesById", in_a_list, "assumed", "One notify type, in a list."),
    Action("getSystemWorkflowsByParentIdEventsByIdTest", test_event, "assumed", "What the condition finds now."),
    value_action(f"post{UDF}EventsByGrandparentId", new_value, "A value that an action sets.", 201),
    value_action(f"put{UDF}ById", put_value, "Another value."),
    value_action(f"patch{UDF}ById", patch_value, "Some fields of a value."),
    value_action(f"get{UDF}EventsByGrandparentIdActionsByParentId", values_of_action, "The values of one action."),
    value_action(f"delete{UDF}ActionsByParentId", clear_action, "An action sets no values any more."),
)
VIEWS = (
    *(View(view, (source,), partial(flat, source), "assumed", "All of them.") for view, source in FLAT.items()),
    View("/system/workflows/userdefinedfields/events/actions", (VALUES,), values_of_all, "assumed", "All of them."),
)
