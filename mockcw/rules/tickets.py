"""What service tickets and project tickets have in common: place on a board, what a new one starts with, being closed.

Both are numbered in one sequence, so charges, schedules and documents name a ticket by its number alone. What is true
of one kind only is in its family's room. Sources are named where a fact has one; the rest is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockcw.engine.change import Add, Change, Effect, Look, Put, Record, Refuse, Rule, WriteVerb
from mockcw.errors import FieldError
from mockcw.settings import Settings

SERVICE = "/service/tickets"
PROJECT = "/project/tickets"
AGREEMENTS = "/finance/agreements"
BOARDS = "/service/boards"
STATUSES = f"{BOARDS}/{{parentId}}/statuses"
SITES = "/company/companies/{parentId}/sites"
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
WHOLE: frozenset[WriteVerb] = frozenset({"create", "replace"})
CREATE: frozenset[WriteVerb] = frozenset({"create"})
FIRST_NOTES = {
    "initialDescription": "detailDescriptionFlag",
    "initialInternalAnalysis": "internalAnalysisFlag",
    "initialResolution": "resolutionFlag",
}
NOTE_FLAGS = (*FIRST_NOTES.values(), "issueFlag", "internalFlag", "externalFlag", "customerUpdatedFlag")
SETUP_ROWS = {  # the row with the default mark stands in what a new ticket leaves out
    "priority": "/service/priorities",
    "source": "/service/sources",
    "serviceLocation": "/service/locations",
    "sla": "/service/SLAs",
}
BOARD_ROWS = {"type": f"{BOARDS}/{{parentId}}/types", "team": f"{BOARDS}/{{parentId}}/teams"}
FROM_BOARD = {  # field of the ticket: field of the board
    "location": "location",
    "department": "department",
    "workRole": "workRole",
    "workType": "workType",
    "billTime": "billTime",
    "billExpenses": "billExpense",
    "billProducts": "billProduct",
}
ADDRESS = ("addressLine1", "addressLine2", "city", "zip", "country")
CLOSING = ("closedFlag", "closedDate", "closedBy")


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two kinds of ticket: the rows it has defaults for, and its plain start values."""

    collection: str
    rows: tuple[str, ...]
    plain: Mapping[str, Any]

    @property
    def notes(self) -> str:
        """The collection of its notes."""
        return f"{self.collection}/{{parentId}}/notes"


def given(value: Any) -> bool:
    """Whether a reference says anything at all."""
    return isinstance(value, dict) and any(value.get(key) for key in ("id", "identifier", "name"))


def reference(found: Record | None) -> Record | None:
    """A reference to a record, if there is one."""
    return {"id": found["id"]} if found else None


def default_row(look: Look, collection: str, parent: int | None = None) -> Record | None:
    """The row of a setup table that carries the default mark."""
    found = look.find(collection, parent, defaultFlag=True)
    return found[0] if found else None


def first_status(look: Look, board: int) -> Record | None:
    """The status of a board's new tickets: its default, else the first one in use."""
    marked = default_row(look, STATUSES, board)
    if marked:
        return marked
    rows = [row for row in look.find(STATUSES, board) if not row.get("inactive")]
    return min(rows, key=lambda row: (row.get("sortOrder") or 0, row["id"]), default=None)


def status_on(look: Look, board: int, status: Record) -> Record | None:
    """The status that a reference means among those of a board."""
    if status.get("id"):
        found = look.get(STATUSES, status["id"])
        return found if found and (found.get("board") or {}).get("id") == board else None
    named = look.find(STATUSES, board, name=status.get("name"))
    return named[0] if named else None


def not_on_board(choices: Settings, resource: str, status: Record, board: int) -> FieldError:
    """The captured error of a status that another board has; by name, the text leaves out the name."""
    key = "id" if status.get("id") else "name"
    looked_for = f"Service Status {status['id']}" if key == "id" else "Service Status"
    text = choices.not_within_message.format(caption=looked_for, outer="Service Board", outer_id=board)
    return FieldError("NotFound", text, resource, f"status/{key}")


def placed(change: Change, board: Any) -> Iterator[Effect]:
    """Put a ticket on a board, with the board's first status unless one is given; one of another board is refused.

    A stored ticket that keeps board and status is left alone: statuses of other boards are met in old data (reported).
    """
    if change.verb == "patch" and not {"board", "status", "company", "project"} & change.given:
        return
    for name in ("company", "project"):  # what narrows the search for a site or a phase comes first
        if given(change.after.get(name)):
            yield Put({name: change.after[name]})
    yield Put({"board": board})
    before, found = change.before or {}, change.after.get("board")
    if not found:
        return
    status = change.after.get("status")
    kept = same(before.get("board"), found) and same(before.get("status"), status)
    if kept or (change.verb == "patch" and not {"board", "status"} & change.given):
        return
    if not given(status):
        yield Put({"status": reference(first_status(change.look, found["id"]))})
        return
    assert isinstance(status, dict)
    row = status_on(change.look, found["id"], status)
    strict, stays = change.choices.status_of_other_board == "refuse", same(before.get("board"), found)
    if row is None and stays and not strict:
        return
    asked_for = strict and "status" in change.given and not same(before.get("status"), status)
    if row is None and (change.verb == "create" or stays or asked_for):
        yield Put({"status": None})
        yield Refuse(not_on_board(change.choices, change.resource, status, found["id"]))
    else:  # a ticket that moves to another board starts there anew
        yield Put({"status": reference(row or first_status(change.look, found["id"]))})


def same(one: Record | None, other: Record | None) -> bool:
    """Whether two references mean the same record."""
    return bool(one) and bool(other) and (one or {}).get("id") == (other or {}).get("id")


def starting(change: Change, kind: Kind) -> Iterator[Effect]:
    """What a ticket has that nobody gave it: default rows, the board's billing, the site's address (assumed)."""
    after, look = change.after, change.look
    board = look.get(BOARDS, after["board"]["id"]) if after.get("board") else None
    filled = {name: value for name, value in kind.plain.items() if after.get(name) is None}
    for name in kind.rows:
        if after.get(name) is None:
            filled[name] = reference(default_row(look, SETUP_ROWS[name]))
    if board:
        for name, source in BOARD_ROWS.items():
            if after.get(name) is None and (name != "team" or kind.collection == SERVICE):
                filled[name] = reference(default_row(look, source, board["id"]))
        for name, source in FROM_BOARD.items():
            if after.get(name) is None:
                filled[name] = board.get(source) or ("Billable" if name.startswith("bill") else None)
    yield Put({name: value for name, value in filled.items() if value is not None})
    agreement = look.get(AGREEMENTS, (after.get("agreement") or {}).get("id") or 0) or {}
    if agreement.get("type") and after.get("agreementType") is None:
        yield Put({"agreementType": agreement["type"].get("name")})
    yield Put(at_site(look, after))
    yield Put(of_contact(look, after))
    if change.verb == "create":
        yield Put({"mobileGuid": change.key()})


def at_site(look: Look, after: Record) -> Record:
    """The company's currency, main site and address, as far as the ticket names no others (the shape is captured)."""
    company = look.get("/company/companies", after["company"]["id"]) if after.get("company") else None
    site = after.get("site") or (company or {}).get("site")
    record = look.get(SITES, site["id"]) if site else None
    found: Record = {"currency": reference((company or {}).get("currency"))}
    if record is not None:
        state = (record.get("stateReference") or {}).get("identifier")
        found |= {"site": {"id": record["id"]}, "siteName": record.get("name"), "stateIdentifier": state}
        found |= {name: record.get(name) for name in ADDRESS}
    return {name: value for name, value in found.items() if value and after.get(name) is None}


def of_contact(look: Look, after: Record) -> Record:
    """The contact's name, phone and address, as far as the ticket names no others."""
    contact = look.get("/company/contacts", after["contact"]["id"]) if after.get("contact") else None
    if contact is None:
        return {}
    name = " ".join(str(contact[part]) for part in ("firstName", "lastName") if contact.get(part))
    found = {"contactName": name[:62]}
    for item in contact.get("communicationItems") or []:
        field = {"Email": "contactEmailAddress", "Phone": "contactPhoneNumber"}.get(item.get("communicationType"))
        if field and item.get("defaultFlag"):
            found[field] = item.get("value")
    return {name: value for name, value in found.items() if value and after.get(name) is None}


def closing(change: Change) -> Iterator[Effect]:
    """A closed status closes the ticket, with who and when; another one opens it again (all of it assumed)."""
    status, before = change.after.get("status"), change.before or {}
    row = change.look.get(STATUSES, status["id"]) if status else None
    if not (row or {}).get("closedStatus"):
        kept = CLOSING[1:] if change.choices.reopened == "keep" else ()
        yield Put({"closedFlag": False, "closedDate": None, "closedBy": None, **{one: before.get(one) for one in kept}})
    elif before.get("closedFlag"):
        yield Put({name: before.get(name) for name in CLOSING})
    else:
        yield Put({"closedFlag": True, "closedDate": change.now, "closedBy": change.actor})


def first_notes(change: Change, kind: Kind) -> Iterator[Effect]:
    """The texts that only a create takes become notes; they are not part of the record (documented)."""
    for name, flag in FIRST_NOTES.items():
        text = change.after.get(name)
        if text:
            note = {"text": text, **dict.fromkeys(NOTE_FLAGS, False), flag: True}
            yield Add(kind.notes, change.record_id, note | note_origin(change, change.record_id, {}))
    email = change.after.get("contactEmailLookup")
    if email and not change.after.get("contact"):
        yield Put({"contact": contact_by_email(change.look, email, change.after.get("company"))})


def contact_by_email(look: Look, email: str, company: Record | None) -> Record | None:
    """The contact that has an e-mail address, of the ticket's company if it is known."""
    for item in look.find("/company/contacts/{parentId}/communications", value=email):
        contact = look.get("/company/contacts", item.get("contactId") or 0)
        if contact and (company is None or same(contact.get("company"), company)):
            return {"id": contact["id"]}
    return None


def note_origin(change: Change, ticket: int, after: Record) -> Record:
    """Of which ticket a note is, when it was written and by whom, unless it says so."""
    origin: Record = {"ticketId": ticket, "dateCreated": change.now, "createdBy": change.actor}
    if not given(after.get("member")) and not given(after.get("contact")):
        origin["member"] = {"identifier": change.actor}
    return origin


def note_started(change: Change) -> Iterator[Effect]:
    """A note has its ticket's number, a date and an author."""
    after, before = change.after, change.before or {}
    kept = {name: before.get(name) for name in ("dateCreated", "createdBy")}
    origin = note_origin(change, change.parents[0], after)
    yield Put(origin if change.before is None else {**origin, **kept})


def task_started(change: Change) -> Iterator[Effect]:
    """A task has its ticket's number."""
    yield Put({"ticketId": change.parents[0]})


def rules_of(kind: Kind, name: str) -> tuple[Rule, ...]:
    """The rules that both kinds have; placing a ticket on a board is each kind's own."""

    def start(change: Change) -> Iterator[Effect]:
        return starting(change, kind)

    def notes(change: Change) -> Iterator[Effect]:
        return first_notes(change, kind)

    tasks = f"{kind.collection}/{{parentId}}/tasks"
    return (
        Rule(f"{name}.first-notes", kind.collection, CREATE, notes, "documented", "First texts become notes."),
        Rule(f"{name}.start", kind.collection, WHOLE, start, "assumed", "Defaults from board, site and setup tables."),
        Rule(f"{name}.closing", kind.collection, WRITES, closing, "assumed", "A closed status closes the ticket."),
        Rule(f"{name}.note", kind.notes, WRITES, note_started, "assumed", "A note has its ticket and author."),
        Rule(f"{name}.task", tasks, WRITES, task_started, "assumed", "A task has its ticket."),
    )
