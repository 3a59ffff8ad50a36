"""The change log of service tickets: a row for each write, until it is cleared.

The model is published and nothing else about it is known; that every write leaves a row is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Add, Change, Effect, Record, Rule, WriteVerb
from mockcw.rules.tickets import SERVICE

LOG = f"{SERVICE}/changelogs"
ALL: frozenset[WriteVerb] = frozenset({"create", "replace", "patch", "delete"})
WORDS = {"create": "Insert", "replace": "Update", "patch": "Update", "delete": "Delete"}
PLAIN = (
    "impact",
    "severity",
    "slaStatus",
    "summary",
    "recordType",
    "closedFlag",
    "customerUpdatedFlag",
    "parentTicketId",
)
WITHIN = {  # field of the row: reference of the ticket and its part
    "boardId": ("board", "id"),
    "boardName": ("board", "name"),
    "companyIdentifier": ("company", "id"),
    "companyName": ("company", "name"),
    "contactId": ("contact", "id"),
    "contactName": ("contact", "name"),
    "ownerIdentifier": ("owner", "id"),
    "ticketOwner": ("owner", "identifier"),
    "priorityId": ("priority", "id"),
    "priorityName": ("priority", "name"),
    "slaName": ("sla", "name"),
    "status": ("status", "name"),
    "teamName": ("team", "name"),
    "mergedParentTicketId": ("mergedParentTicket", "id"),
}


def logged(change: Change) -> Iterator[Effect]:
    """Write down what a ticket is after a write, or was before its end."""
    ticket = change.after
    row: Record = {name: ticket.get(name) for name in PLAIN}
    row |= {name: (ticket.get(outer) or {}).get(inner) for name, (outer, inner) in WITHIN.items()}
    row |= {"action": WORDS[change.verb], "ticketNumber": change.record_id, "resourceList": ticket.get("resources")}
    yield Add(LOG, 0, {name: value for name, value in row.items() if value is not None})


def clear(act: Act) -> None:
    """Remove all rows."""
    for row in act.look.find(LOG):
        act.hands.erase(LOG, row["id"])


RULES = (Rule("ticket.logged", SERVICE, ALL, logged, "assumed", "Each write of a ticket leaves a row in its log."),)
ACTIONS = (Action("deleteServiceTicketsChangelogs", clear, "assumed", "The log is empty afterwards."),)
