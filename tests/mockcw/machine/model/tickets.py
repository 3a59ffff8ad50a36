"""Service tickets and their notes: defaults of the board, closing, merging, bundling, what a delete takes along."""

from __future__ import annotations

from typing import Any

from tests.mockcw.machine.model.answers import (
    SECURITY,
    Doc,
    Refusal,
    in_use,
    invalid,
    no_enum,
    not_found,
    reference,
    required,
    too_long,
    unknown,
)
from tests.mockcw.machine.model.state import State, World, stamp, touched
from tests.mockcw.machine.model.writes import Fields, Foretold, Place, wanted

CLOSERS = ("Admin",)  # the other member lacks the right to close
LEVELS = ("Low", "Medium", "High")
LENGTHS = {"summary": 100, "poNumber": 50, "externalXRef": 100}
NOTE_FLAGS = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")
FIRST_NOTES = dict(zip(("initialDescription", "initialInternalAnalysis", "initialResolution"), NOTE_FLAGS, strict=True))
PATCHED = Fields(
    frozenset({"summary", "poNumber", "externalXRef", "severity", "impact"}),
    frozenset({"status", "board", "priority"}),
    frozenset({"closedFlag", "closedDate", "closedBy", "actualHours", "hasChildTicket", "id"}),
)
# Worked out from work schedules, or told by other rooms of the server: no guide foretells them here.
FREE = frozenset(
    {
        "resolveMinutes", "resPlanMinutes", "respondMinutes", "isInSla", "slaStatus", "dateResolved", "dateResplan",
        "dateResponded", "resolvedBy", "respondedBy", "resplanBy", "minutesWaiting", "minutesBeforeWaiting",
        "respondedSkippedMinutes", "resplanSkippedMinutes", "estimatedTimeCost", "estimatedTimeRevenue", "sla",
        "escalationStartDateUTC", "escalationLevel", "team", "requestForChangeFlag",
    }
)  # fmt: skip


def create(state: State, world: World, body: Doc, who: str) -> Refusal | Foretold:
    """A POST of a ticket."""
    wrong = [required("summary")] if not body.get("summary") else []
    wrong += [required("company", "company/id")] if "company" not in body else []
    wrong += _wrong_values(body)
    if wrong:
        return invalid("ticket", *wrong)
    company, number = body["company"]["id"], body.get("board", reference(world.default_board))["id"]
    if company not in world.companies:
        return invalid("ticket", unknown("Company", company, "company/id"))
    if number not in world.boards:
        return invalid("ticket", unknown("Service Board", number, "board/id"))
    status = status_on(world, number, body.get("status"))
    if isinstance(status, tuple):
        return invalid("ticket", status)
    board = world.boards[number]
    if closes(world, number, status) and who not in CLOSERS:
        return SECURITY
    agreement = body.get("agreement")
    if agreement and not state.find("agreements", agreement["id"]):
        return invalid("ticket", unknown("Agreement", agreement["id"], "agreement/id"))
    fields = {
        "recordType": "ServiceTicket",
        "severity": "Medium",
        "impact": "Medium",
        "priority": reference(world.defaults["priorities"]),
        "source": reference(world.defaults["sources"]),
        "type": reference(board["type"]),
        "site": reference(world.companies[company]["site"]),
        "siteName": "Main",
        "contact": None,
        **{name: board[name] for name in ("billTime", "billExpenses", "billProducts") if name in board},
        **{name: reference(board[name]["id"]) for name in ("location", "department", "workRole", "workType")},
        "actualHours": 0,
        "hasChildTicket": False,
        "hasMergedChildTicketFlag": False,
        "mergedParentTicket": None,
        "parentTicketId": None,
        **{name: value for name, value in body.items() if name not in FIRST_NOTES},
        **dict.fromkeys(FIRST_NOTES),
        "board": reference(number),
        **_status_fields(state, world, number, status, {}, who),
        "_info": stamp(state, who),
    }
    return Foretold(fields)


def first_notes(state: State, world: World, body: Doc, who: str) -> list[Doc]:
    """The notes that a ticket is born with, as fields."""
    told = []
    for name, flag in FIRST_NOTES.items():
        if name in body:
            told.append({"text": body[name], **{one: one == flag for one in NOTE_FLAGS}, **_signed(state, world, who)})
    return told


def patch(state: State, world: World, doc: Doc, operations: list[Doc], who: str) -> Refusal | Foretold:
    """A PATCH of a ticket."""
    asked = wanted(operations, PATCHED)
    return asked if isinstance(asked, Refusal) else write(state, world, doc, asked, who)


def write(state: State, world: World, doc: Doc, asked: Doc, who: str) -> Refusal | Foretold:
    """Values written to a ticket."""
    if "mergedParentTicket" in doc:
        other = doc["mergedParentTicket"]["id"]
        text = f"Ticket {doc['id']} was merged into ticket {other} and cannot be changed."
        return invalid("ticket", ("InvalidObject", text, "mergedParentTicket"))
    wrong = [required("summary")] if asked.get("summary", "there") is None else []
    wrong += _wrong_values(asked)
    if wrong:
        return invalid("ticket", *wrong)
    number = asked.get("board", doc["board"])["id"]
    if number not in world.boards:
        return invalid("ticket", unknown("Service Board", number, "board/id"))
    chosen = asked.get("status")
    if chosen is None and number != doc["board"]["id"] and doc["status"]["id"] not in world.boards[number]["statuses"]:
        chosen = reference(world.boards[number]["default"])  # assumed: what the new board lacks begins anew
    status = status_on(world, number, chosen or doc["status"])
    if isinstance(status, tuple):
        return invalid("ticket", status)
    if closes(world, number, status) and not doc["closedFlag"] and who not in CLOSERS:
        return SECURITY
    changes = {**asked, "board": reference(number), **_status_fields(state, world, number, status, doc, who)}
    if number != doc["board"]["id"]:
        changes["type"] = reference(world.boards[number]["type"])
    return Foretold({**changes, "_info": touched(state, who)}, _told_of(state, doc["id"]))


def merge(state: State, world: World, parent: Doc, children: list[int], status: int, who: str) -> Refusal | list[Doc]:
    """What the tickets look like that are merged into another one; the parent is only marked.

    Their time is the parent's from then on, and who pointed to them points to it (both assumed).
    """
    for number in children:
        child = state.find("tickets", number)
        if child is None:
            return invalid("ticketMerge", unknown("Ticket", number, "mergeTicketIds"))
        if number in _above(state, parent) or "mergedParentTicket" in child or "mergedParentTicket" in parent:
            return invalid("ticketMerge", _no_kin(number, parent["id"], "mergeTicketIds"))
    for number in children:
        child = state.rows["tickets"][number]
        if status not in world.boards[child["board"]["id"]]["statuses"]:
            return invalid("ticketMerge", _no_status(status, child["board"]["id"]))
    fields = []
    for number in children:
        child = state.rows["tickets"][number]
        into = {"mergedParentTicket": reference(parent["id"]), "id": number}
        fields.append({**into, **_status_fields(state, world, child["board"]["id"], status, child, who)})
    return fields


def bundle(state: State, parent: Doc, children: list[int]) -> Refusal | list[Doc]:
    """What the tickets look like that are attached to another one."""
    for number in children:
        child = state.find("tickets", number)
        if child is None:
            return invalid("ticketBundle", unknown("Ticket", number, "childTicketIds"))
        if number in _above(state, parent) or "mergedParentTicket" in child or "mergedParentTicket" in parent:
            return invalid("ticketBundle", _no_kin(number, parent["id"], "childTicketIds"))
    return [{"id": number, "parentTicketId": parent["id"]} for number in children]


def delete(state: State, number: int) -> Refusal | Foretold:
    """A DELETE of a ticket: refused with time on it or with tickets merged into it (assumed); notes go with it."""
    charged = any(state.where("entries", chargeToId=number))
    if charged or any(state.where("tickets", mergedParentTicket__id=number)):
        return in_use("Ticket", number)
    kin = [doc["id"] for doc in state.where("tickets", parentTicketId=number)]
    mine = state.rows["tickets"][number]
    kin += [mine["parentTicketId"]] if "parentTicketId" in mine else []
    kin += [mine["mergedParentTicket"]["id"]] if "mergedParentTicket" in mine else []
    return Foretold({}, tuple(("tickets", one) for one in kin))


def gone(state: State, number: int) -> None:
    """Take a ticket out of the model."""
    del state.rows["tickets"][number]
    for note in list(state.where("notes", ticketId=number)):
        del state.rows["notes"][note["id"]]
    for child in state.where("tickets", parentTicketId=number):
        del child["parentTicketId"]


def live(state: State, doc: Doc) -> Doc:
    """What follows from other records."""
    number = doc["id"]
    named: Doc = {}
    if "mergedParentTicket" in doc:  # references are expanded, so they follow a new name
        parent = state.rows["tickets"][doc["mergedParentTicket"]["id"]]
        named["mergedParentTicket"] = {"id": parent["id"], "summary": parent["summary"]}
    if "agreement" in doc:
        agreement = state.rows["agreements"][doc["agreement"]["id"]]
        named["agreement"] = {"id": agreement["id"], "name": agreement["name"]}
    return {
        **named,
        "actualHours": sum(entry["actualHours"] for entry in state.where("entries", chargeToId=number)),
        "hasChildTicket": any(state.where("tickets", parentTicketId=number)),
        "hasMergedChildTicketFlag": any(state.where("tickets", mergedParentTicket__id=number)),
    }


def note(state: State, world: World, ticket: int, body: Doc, who: str) -> Refusal | Foretold:
    """A POST of a note: one of the three texts must be meant (assumed)."""
    if state.find("tickets", ticket) is None:
        return not_found("Ticket", ticket)
    if not any(body.get(flag) for flag in NOTE_FLAGS):
        text = "Please choose where to display the notes in order to save this record."
        return invalid("serviceNote", ("MissingRequiredField", text, NOTE_FLAGS[0]))
    fields = {**dict.fromkeys(NOTE_FLAGS, False), **body, **_signed(state, world, who), "ticketId": ticket}
    return Foretold({**fields, "_info": stamp(state, who)}, (("tickets", ticket),))


def status_on(world: World, board: int, chosen: Doc | None) -> int | tuple[str, str, str]:
    """The status that is meant, or why it cannot be (captured: the id's text; reported: the name's)."""
    statuses = world.boards[board]["statuses"]
    if chosen is None:
        return int(world.boards[board]["default"])
    if "id" in chosen:
        return chosen["id"] if chosen["id"] in statuses else _no_status(chosen["id"], board)
    named = [number for number, one in statuses.items() if one["name"] == chosen["name"]]
    return named[0] if named else ("NotFound", f"Service Status not found for Service Board {board}", "status/name")


def closes(world: World, board: int, status: int) -> bool:
    """Whether a ticket in that status is closed; moving one there is a right of its own (guides)."""
    return bool(world.boards[board]["statuses"][status]["closedStatus"])


def _status_fields(state: State, world: World, board: int, status: int, doc: Doc, who: str) -> Doc:
    """Status and what follows from it: a closed one closes, and leaving it opens again."""
    fields: dict[str, Any] = {"status": reference(status)}
    if not closes(world, board, status):
        return {**fields, "closedFlag": False, "closedDate": None, "closedBy": None}
    if doc.get("closedFlag"):
        return fields
    return {**fields, "closedFlag": True, "closedDate": state.text, "closedBy": who}


def _above(state: State, ticket: Doc) -> set[int]:
    """A ticket and those it is bundled under: none of them can hang on it (assumed)."""
    above, parent = {ticket["id"]}, ticket.get("parentTicketId")
    return above | _above(state, state.rows["tickets"][parent]) if parent else above


def _wrong_values(body: Doc) -> list[tuple[str, str, str]]:
    long = [too_long(name, limit) for name, limit in LENGTHS.items() if len(body.get(name) or "") > limit]
    return long + [no_enum(name) for name in ("severity", "impact") if body.get(name, "Low") not in LEVELS]


def _told_of(state: State, number: int) -> tuple[Place, ...]:
    """Time that tells its ticket's summary."""
    return tuple(("entries", entry["id"]) for entry in state.where("entries", chargeToId=number))


def _signed(state: State, world: World, who: str) -> Doc:
    return {"member": reference(world.members[who]), "createdBy": who, "dateCreated": state.text}


def _no_status(status: int, board: int) -> tuple[str, str, str]:
    return "NotFound", f"Service Status {status} not found for Service Board {board}", "status/id"


def _no_kin(number: int, other: int, field: str) -> tuple[str, str, str]:
    return "InvalidField", f"Ticket {number} cannot be attached to ticket {other}.", field
