"""The lists of a ticket that hold nothing of their own: its charges, schedule, products, documents, and all its notes.

A ticket's number means one ticket of either kind, so both kinds are shown alike. Knows no rules and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from mockcw.engine.act import Asking, View
from mockcw.engine.change import Look, Record
from mockcw.rules.tickets import PROJECT, SERVICE

ACTIVITIES = "/sales/activities"
DOCUMENTS = "~documents"
EXPENSES = "/expense/entries"
PRODUCTS = "/procurement/products"
SCHEDULE = "/schedule/entries"
SCHEDULE_TYPES = ("S", "P")  # the types whose entries name a ticket by `objectId`
TIME = "/time/entries"
CHARGED_AS = ("ServiceTicket", "ProjectTicket")
TIME_NOTES = {
    "addToDetailDescriptionFlag": "detailDescriptionFlag",
    "addToInternalAnalysisFlag": "internalAnalysisFlag",
    "addToResolutionFlag": "resolutionFlag",
}
NOTE_FIELDS = (
    "text",
    *TIME_NOTES.values(),
    "issueFlag",
    "member",
    "contact",
    "_info",
)
AFTER_NOTES = 1_000_000_000  # notes keep their ids; the ids of time entries, which are as low, come after them


def time_of(look: Look, ticket: int) -> list[Record]:
    """The time entries charged to a ticket."""
    return [one for one in look.find(TIME, chargeToId=ticket) if one.get("chargeToType") in CHARGED_AS]


def expenses_of(look: Look, ticket: int) -> list[Record]:
    """The expense entries charged to a ticket."""
    return [one for one in look.find(EXPENSES, chargeToId=ticket) if one.get("chargeToType") in CHARGED_AS]


def schedule_of(look: Look, ticket: int) -> list[Record]:
    """The schedule entries of a ticket."""
    entries = look.find(SCHEDULE, objectId=ticket)
    return [one for one in entries if (one.get("type") or {}).get("identifier") in SCHEDULE_TYPES]


def documents_of(look: Look, ticket: int) -> list[Record]:
    """The documents kept with a ticket, as the document room keeps them."""
    return look.find(DOCUMENTS, recordId=ticket, recordType="Ticket")


def activities(look: Look, asking: Asking) -> Iterator[Record]:
    """The sales activities that refer to the ticket."""
    for one in look.find(ACTIVITIES, ticket__id=asking.parent):
        yield {"id": one["id"], "name": one.get("name"), "_info": one.get("_info")}


def products(look: Look, asking: Asking) -> Iterator[Record]:
    """The product lines that refer to the ticket."""
    for one in look.find(PRODUCTS, ticket__id=asking.parent):
        yield {"id": one["id"], "description": one.get("description"), "_info": one.get("_info")}


def scheduled(look: Look, asking: Asking) -> Iterator[Record]:
    """The schedule entries of the ticket."""
    for one in schedule_of(look, asking.parent):
        yield {"id": one["id"], "description": one.get("name"), "_info": one.get("_info")}


def charged(look: Look, asking: Asking) -> Iterator[Record]:
    """The time entries of the ticket."""
    for one in time_of(look, asking.parent):
        yield {"id": one["id"], "_info": one.get("_info")}


def documents(look: Look, asking: Asking) -> Iterator[Record]:
    """The documents of the ticket."""
    for one in documents_of(look, asking.parent):
        info = one.get("info") or {}
        yield {"id": one["id"], "name": info.get("title"), "_info": info.get("_info")}


def all_notes(collection: str, look: Look, asking: Asking) -> Iterator[Record]:
    """Notes and noted time of the ticket and of those bundled with it or merged into it (fields documented)."""
    ticket = look.get(collection, asking.parent) or {"id": asking.parent}
    yield from notes_of(collection, look, ticket, {"bundledFlag": False, "mergedFlag": False})
    if ticket.get("hasMergedChildTicketFlag"):
        for child in look.find(collection, mergedParentTicket__id=ticket["id"]):
            yield from notes_of(collection, look, child, {"bundledFlag": False, "mergedFlag": True})
    if ticket.get("hasChildTicket"):
        for child in look.find(collection, parentTicketId=ticket["id"]):
            yield from notes_of(collection, look, child, {"bundledFlag": True, "mergedFlag": False})


def notes_of(collection: str, look: Look, ticket: Record, flags: Record) -> Iterator[Record]:
    """The notes of one ticket, first those that are notes, then those of time entries."""
    shown = {"id": ticket["id"], "summary": ticket.get("summary")}
    for note in look.find(f"{collection}/{{parentId}}/notes", ticket["id"]):
        row = {name: note.get(name) for name in NOTE_FIELDS}
        author = note.get("contact") or note.get("member") or {}
        yield (
            row
            | flags
            | {
                "id": note["id"],
                "noteType": "TicketNote",
                "ticket": shown,
                "originalAuthor": author.get("name"),
                "createdByParentFlag": False,
            }
        )
    for entry in time_of(look, ticket["id"]):
        if entry.get("notes"):
            yield flags | {
                "id": AFTER_NOTES + entry["id"],
                "noteType": "TimeEntryNote",
                "ticket": shown,
                "text": entry["notes"],
                **{name: bool(entry.get(source)) for source, name in TIME_NOTES.items()},
                "timeStart": entry.get("timeStart"),
                "timeEnd": entry.get("timeEnd"),
                "issueFlag": False,
                "member": entry.get("member"),
                "originalAuthor": (entry.get("member") or {}).get("name"),
                "createdByParentFlag": False,
                "_info": entry.get("_info"),
            }


LISTS: tuple[tuple[str, str, Callable[[Look, Asking], Iterator[Record]], str], ...] = (
    ("activities", ACTIVITIES, activities, "The activities that refer to the ticket."),
    ("documents", DOCUMENTS, documents, "The documents uploaded for the ticket."),
    ("products", PRODUCTS, products, "The product lines that refer to the ticket."),
    ("scheduleentries", SCHEDULE, scheduled, "The schedule entries whose objectId is the ticket."),
    ("timeentries", TIME, charged, "The time entries charged to the ticket."),
)


def views_of(collection: str) -> tuple[View, ...]:
    """The lists of one kind of ticket."""
    assert collection in (SERVICE, PROJECT)
    under = f"{collection}/{{parentId}}"
    notes = partial(all_notes, collection)
    says = "Notes, and time entries with notes, of the ticket and of what was bundled or merged."
    return (
        *(View(f"{under}/{name}", (source,), rows, "documented", says) for name, source, rows, says in LISTS),
        View(f"{under}/allNotes", (f"{under}/notes", TIME, collection), notes, "documented", says),
    )
