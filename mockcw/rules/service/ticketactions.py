"""What is done with whole service tickets: merged, bundled, converted, copied, and made from a template.

Which rules a ticket obeys is in `tickets`; how a ticket moves between the two kinds is in `rules.ticketmoves`.
"""

from __future__ import annotations

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.rules.meant import nowhere
from mockcw.rules.shapes import copied, success
from mockcw.rules.ticketlists import (
    DOCUMENTS,
    EXPENSES,
    SCHEDULE,
    TIME,
    documents_of,
    expenses_of,
    schedule_of,
    time_of,
)
from mockcw.rules.ticketmoves import convert
from mockcw.rules.tickets import CLOSING, SERVICE, STATUSES, not_on_board, reference, status_on

ATTACHED = "~ticketConfigurations"
SCHEDULE_TYPES = "/schedule/types"
LARGEST = (1 << 31) - 1
FAMILY = (
    "parentTicketId",
    "hasChildTicket",
    "mergedParentTicket",
    "hasMergedChildTicketFlag",
    "resources",
    "actualHours",
    "mobileGuid",
    "status",
)
FROM_TEMPLATE = (
    "board",
    "type",
    "item",
    "serviceLocation",
    "status",
    "source",
    "priority",
    "team",
    "company",
    "contact",
    "site",
    "location",
    "department",
    "agreement",
    "billingMethod",
    "billingAmount",
    "severity",
    "impact",
)
RENAMED = {  # field of the template: field of the ticket
    "subtype": "subType",
    "hoursBudget": "budgetHours",
    "purchaseOrderNumber": "poNumber",
    "problem": "initialDescription",
    "internalAnalysis": "initialInternalAnalysis",
    "emailContactFlag": "automaticEmailContactFlag",
    "emailResourceFlag": "automaticEmailResourceFlag",
    "emailCCFlag": "automaticEmailCcFlag",
    "emailCC": "automaticEmailCc",
}


def children(act: Act, name: str) -> list[Record]:
    """The tickets a body names as children, each fit to be attached to the addressed one. Raises InvalidObject."""
    numbers = [one for one in act.body.get(name) or [] if one is not None]
    if not numbers:
        raise act.missing(name)
    found = []
    for number in dict.fromkeys(numbers):
        ticket = act.look.get(SERVICE, number) if 0 < number <= LARGEST else None
        if ticket is None:
            raise nowhere(act, "Ticket", number, name)
        if number in ancestors(act) or ticket.get("mergedParentTicket") or act.here.get("mergedParentTicket"):
            raise act.refuse(
                "InvalidField", act.choices.ticket_kin_message.format(id=number, other=act.here["id"]), name
            )
        found.append(ticket)
    return found


def ancestors(act: Act) -> set[int]:
    """The addressed ticket and those it is bundled under."""
    line, ticket = {act.here["id"]}, act.here
    while ticket.get("parentTicketId") and ticket["parentTicketId"] not in line:
        line.add(ticket["parentTicketId"])
        ticket = act.look.get(SERVICE, ticket["parentTicketId"]) or {}
    return line


def merge(act: Act) -> Record:
    """Merge tickets into the addressed one: they get the status, point to it, and what hangs on them moves to it."""
    parent = act.here
    for child in children(act, "mergeTicketIds"):
        status, board = act.body["status"], child.get("board") or {}
        row = status_on(act.look, board.get("id") or 0, status)
        if row is None:
            item = not_on_board(act.choices, act.resource, status, board.get("id") or 0)
            raise act.refuse(item.code, item.message, item.field)
        act.hands.change(SERVICE, child["id"], {"status": {"id": row["id"]}})
        moved(act, child["id"], parent["id"])
        act.hands.set(SERVICE, child["id"], {"mergedParentTicket": {"id": parent["id"]}})
    act.hands.set(SERVICE, parent["id"], {"hasMergedChildTicketFlag": True})
    return success()


def moved(act: Act, child: int, parent: int) -> None:
    """Let charges, schedule, documents, configurations and references of one ticket be another's (assumed)."""
    charged = time_of(act.look, child)
    for entry in charged:
        act.hands.set(TIME, entry["id"], {"chargeToId": parent})
    if charged:
        hours = sum(float(entry.get("actualHours") or 0) for entry in time_of(act.look, parent))
        act.hands.set(SERVICE, parent, {"actualHours": round(hours, 4)})
        act.hands.set(SERVICE, child, {"actualHours": 0.0})
    for entry in expenses_of(act.look, child):
        act.hands.set(EXPENSES, entry["id"], {"chargeToId": parent})
    for entry in schedule_of(act.look, child):
        act.hands.set(SCHEDULE, entry["id"], {"objectId": parent})
    for document in documents_of(act.look, child):
        act.hands.keep_again(DOCUMENTS, document["id"], {**document, "recordId": parent})
    also_attached(act, child, parent)
    act.hands.repoint(SERVICE, child, parent)


def also_attached(act: Act, source: int, other: int) -> None:
    """Attach the configurations of one ticket to another, too."""
    present = {row["configuration"] for row in act.look.find(ATTACHED, holder=other)}
    for row in act.look.find(ATTACHED, holder=source):
        if row["configuration"] not in present:
            act.hands.keep(ATTACHED, {"holder": other, "configuration": row["configuration"]})


def bundle(act: Act) -> Record:
    """Attach child tickets; unlike merged ones they stay tickets of their own."""
    for child in children(act, "childTicketIds"):
        former = child.get("parentTicketId")
        act.hands.set(SERVICE, child["id"], {"parentTicketId": act.here["id"]})
        if former and not act.look.find(SERVICE, parentTicketId=former):  # a bundle that lost its last ticket
            act.hands.set(SERVICE, former, {"hasChildTicket": False})
    act.hands.set(SERVICE, act.here["id"], {"hasChildTicket": True})
    return success()


def copy_ticket(act: Act) -> Record:
    """A new ticket like the addressed one: open, of its own, with the same notes, tasks and configurations."""
    made = copied(act, SERVICE, dict.fromkeys((*FAMILY, *CLOSING)))
    also_attached(act, act.here["id"], made["id"])
    return made


def generate(act: Act) -> Record:
    """Make a ticket from a template, and a schedule entry for its member where the template says so."""
    template = act.here
    if not template.get("company"):
        raise act.missing("company")
    record = {name: template.get(name) for name in FROM_TEMPLATE}
    record |= {name: template.get(source) for source, name in RENAMED.items()}
    record["summary"] = (template.get("summary") or template.get("name") or "")[:100]
    status, board = record["status"], record["board"]
    if status and board and act.look.get(STATUSES, status["id"]) is None:
        record["status"] = None
    ticket = act.hands.create(SERVICE, (), record)
    member, types = template.get("assignedBy"), act.look.find(SCHEDULE_TYPES, identifier="S")
    schedules = bool(template.get("attachScheduleToNewServiceFlag") and member and types)
    if schedules:
        entry = {"type": reference(types[0]), "objectId": ticket["id"], "name": ticket["summary"], "member": member}
        act.hands.create(SCHEDULE, (), entry)
    return {"serviceCount": 1, "scheduleCount": int(schedules)}


ACTIONS = (
    Action("postServiceTicketsByParentIdMerge", merge, "documented", "Merged tickets point to the one that stays."),
    Action("postServiceTicketsByParentIdAttachChildren", bundle, "documented", "Bundled tickets have a parent ticket."),
    Action("postServiceTicketsByParentIdConvert", convert, "documented", "The ticket moves to a project."),
    Action("postServiceTicketsByIdCopy", copy_ticket, "assumed", "A copy starts open and has copies of notes.", 201),
    Action("postServiceTemplatesByIdGenerate", generate, "assumed", "A template makes one ticket."),
)
