"""Service tickets: which board a new one comes to, and what it starts with.

What project tickets share is in `rules.tickets`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Put, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import FieldError
from mockcw.rules.ticketrows import rows_of
from mockcw.rules.tickets import BOARDS, SERVICE, WRITES, Kind, given, placed, reference, rules_of

MEMBERS = "/system/members"
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
DELETE: frozenset[WriteVerb] = frozenset({"delete"})
KIND = Kind(
    collection=SERVICE,
    rows=("priority", "source", "serviceLocation", "sla"),
    plain={
        "approved": True,
        "billingMethod": "ActualRates",
        "billingAmount": 0.0,
        "subBillingMethod": "ActualRates",
        "budgetHours": 0.0,
        "duration": 0,
        "lagDays": 0,
        "actualHours": 0.0,
        "estimatedExpenseCost": 0.0,
        "estimatedExpenseRevenue": 0.0,
        "estimatedProductCost": 0.0,
        "estimatedProductRevenue": 0.0,
        "estimatedTimeCost": 0.0,
        "estimatedTimeRevenue": 0.0,
        "escalationLevel": 0,
        "minutesBeforeWaiting": 0,
        "minutesWaiting": 0,
        "respondMinutes": 0,
        "resPlanMinutes": 0,
        "resolveMinutes": 0,
        "respondedSkippedMinutes": 0,
        "resplanSkippedMinutes": 0,
    },
)


def place(change: Change) -> Iterator[Effect]:
    """A ticket without a board comes to its creator's default board, else to the first one for service tickets."""
    board = change.after.get("board")
    yield Put({"recordType": "ServiceTicket"})
    yield from placed(change, board if given(board) else usual_board(change))


def usual_board(change: Change) -> Record | None:
    """The board of the creator, else the first active one that is not for projects."""
    for member in change.look.find(MEMBERS, identifier=change.actor):
        if member.get("serviceDefaultBoard"):
            return reference(member["serviceDefaultBoard"])
    boards = (one for one in change.look.find(BOARDS) if not one.get("projectFlag") and not one.get("inactiveFlag"))
    return reference(next(boards, None))


def saving_allowed(change: Change) -> Iterator[Effect]:
    """A company's status may keep tickets from being saved; screens do so, the API where the setting says it does."""
    if change.choices.disallow_saving == "ignore":
        return
    company = change.look.get("/company/companies", (change.after.get("company") or {}).get("id") or 0) or {}
    status = change.look.get("/company/companies/statuses", (company.get("status") or {}).get("id") or 0) or {}
    if status.get("disallowSavingFlag"):
        text = change.choices.disallow_saving_message.format(status=status.get("name"))
        yield Refuse(FieldError("InvalidObject", text, change.resource, "company"))


def merged_stays(change: Change) -> Iterator[Effect]:
    """A ticket that was merged into another one does not change any more (reported)."""
    other = (change.before or {}).get("mergedParentTicket")
    if other and change.choices.merged_ticket_edits == "refuse":
        text = change.choices.merged_ticket_message.format(id=change.record_id, other=other["id"])
        yield Refuse(FieldError("InvalidObject", text, change.resource, "mergedParentTicket"))


def unbundled(change: Change) -> Iterator[Effect]:
    """A deleted ticket leaves no child pointing to it, and no parent that counts it (assumed). Raises Conflict."""
    ticket, look = change.after, change.look
    if ticket.get("hasChildTicket") and change.choices.bundled_ticket_delete == "refuse":
        raise change.in_use()
    if ticket.get("hasChildTicket"):
        for child in look.find(SERVICE, parentTicketId=change.record_id):
            yield Write(SERVICE, child["id"], {"parentTicketId": None})
    parent = ticket.get("parentTicketId")
    if parent and len(look.find(SERVICE, parentTicketId=parent)) == 1:
        yield Write(SERVICE, parent, {"hasChildTicket": False})
    other = (ticket.get("mergedParentTicket") or {}).get("id")
    if other and len(look.find(SERVICE, mergedParentTicket__id=other)) == 1:
        yield Write(SERVICE, other, {"hasMergedChildTicketFlag": False})


RULES = (
    Rule("ticket.saving", SERVICE, WRITES, saving_allowed, "assumed", "Some companies' tickets are not saved."),
    Rule("ticket.merged-stays", SERVICE, LATER, merged_stays, "documented", "A merged ticket stays as it is."),
    Rule("ticket.place", SERVICE, WRITES, place, "captured", "A ticket's status is one of its board.", early=True),
    Rule("ticket.unbundled", SERVICE, DELETE, unbundled, "assumed", "A deleted ticket leaves its bundle."),
    *rows_of(KIND, "ticket"),
    *rules_of(KIND, "ticket"),
)
