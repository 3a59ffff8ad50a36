"""A ticket that becomes one of the other kind: it keeps its number, its notes, its tasks and all that names it.

Knows both kinds of ticket by their paths; what a ticket of either kind starts with is for that kind's rules to say.
"""

from __future__ import annotations

from mockcw.engine.act import Act
from mockcw.engine.change import Record
from mockcw.rules.shapes import SERVER_OWNED, success
from mockcw.rules.ticketlists import EXPENSES, TIME, expenses_of, time_of
from mockcw.rules.tickets import PROJECT, SERVICE

PLACE = ("project", "phase", "wbsCode")
LEFT_BEHIND = (*PLACE, "board", "status", "type", "subType", "item", "team", "mobileGuid", "customFields")
ORIGIN = ("dateCreated", "createdBy")


def convert(act: Act) -> Record:
    """Make the addressed ticket one of the kind the body names. Raises InvalidObject."""
    ticket, kind = act.here, act.body.get("recordType")
    if not kind:
        raise act.missing("recordType")
    if ticket.get("mergedParentTicket"):
        other = ticket["mergedParentTicket"]["id"]
        text = act.choices.merged_ticket_message.format(id=ticket["id"], other=other)
        raise act.refuse("InvalidObject", text, "mergedParentTicket")
    issue = kind == "ProjectIssue"
    place = {name: act.body[name] for name in PLACE if act.body.get(name)}
    target = SERVICE if kind == "ServiceTicket" else PROJECT
    if target != act.collection:
        move(act, target, {"isIssueFlag": issue, **place} if target == PROJECT else {})
    elif target == PROJECT and bool(ticket.get("isIssueFlag")) != issue:
        act.hands.change(PROJECT, ticket["id"], {"isIssueFlag": issue, **place})
    else:
        raise act.refuse(
            "InvalidField", act.choices.ticket_kind_message.format(id=ticket["id"], kind=kind), "recordType"
        )
    return success()


def move(act: Act, target: str, place: Record) -> None:
    """Take the ticket out of its collection and put it into the other one, with everything that hangs on it."""
    source, ticket = act.collection, act.here
    inner = {name: act.look.find(f"{source}/{{parentId}}/{name}", ticket["id"]) for name in ("notes", "tasks")}
    fields = {name: value for name, value in ticket.items() if name not in SERVER_OWNED and name not in LEFT_BEHIND}
    act.hands.erase(source, ticket["id"])
    made = act.hands.create(target, (), {**fields, **place}, moved=ticket["id"])
    for name, records in inner.items():
        into = f"{target}/{{parentId}}/{name}"
        for record in records:
            plain = {key: value for key, value in record.items() if key not in SERVER_OWNED}
            copy = act.hands.create(into, (made["id"],), plain)
            act.hands.set(into, copy["id"], {key: record[key] for key in ORIGIN if key in record})
    charge: Record = {"chargeToType": "ServiceTicket" if target == SERVICE else "ProjectTicket"}
    charge |= {name: made.get(name) for name in ("project", "phase")}
    for entry in time_of(act.look, made["id"]):
        act.hands.set(TIME, entry["id"], charge)
    for entry in expenses_of(act.look, made["id"]):
        act.hands.set(EXPENSES, entry["id"], charge)
    act.hands.repoint(SERVICE, made["id"], made["id"])  # what names the ticket shows its new address
