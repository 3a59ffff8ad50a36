"""What a ticket has of its board, beside its status: type, subtype, item and team; and the notes and dates of it.

Both kinds of ticket obey these rules. All of it is assumed but the refusal of a date by a predecessor, which a client
met, and the flags of a note, which clients always send.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Put, Record, Refuse, Remove, Rule, Write, WriteVerb
from mockcw.errors import FieldError
from mockcw.rules.ticketlists import EXPENSES, SCHEDULE, TIME, expenses_of, schedule_of, time_of
from mockcw.rules.tickets import BOARDS, FIRST_NOTES, WRITES, Kind, default_row

ROWS = {  # field of the ticket: where the rows are, and what error texts call one
    "type": (f"{BOARDS}/{{parentId}}/types", "Service Type"),
    "subType": (f"{BOARDS}/{{parentId}}/subtypes", "Service Sub Type"),
    "item": (f"{BOARDS}/{{parentId}}/items", "Service Item"),
    "team": (f"{BOARDS}/{{parentId}}/teams", "Service Team"),
}
PAIRS = f"{BOARDS}/{{parentId}}/typeSubTypeItemAssociations"
WITH_DEFAULT = ("type", "team")  # the rows of which one is a board's default
ASSOCIATED = "typeAssociationIds"
DATES = ("estimatedStartDate", "requiredDate")
SHOWN = (*FIRST_NOTES.values(), "issueFlag")
SHEETS = "/time/sheets"
DELETE: frozenset[WriteVerb] = frozenset({"delete"})
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})


def board_of(row: Record) -> int | None:
    """The board that a row is of."""
    return row.get("boardId") or (row.get("board") or {}).get("id")


def on_board(change: Change) -> Iterator[Effect]:
    """Rows of another board are refused; those a ticket brings along to another board give way to that board's."""
    board = (change.after.get("board") or {}).get("id")
    if not board or (change.verb == "patch" and not {"board", *ROWS} & change.given):
        return
    moved = change.before is not None and ((change.before.get("board") or {}).get("id") != board)
    for name, (collection, caption) in ROWS.items():
        number = (change.after.get(name) or {}).get("id")
        row = change.look.get(collection, number) if number else None
        if row is None or board_of(row) in (None, board):
            continue
        if moved:
            other = next(iter(change.look.find(collection, board, name=row.get("name"))), None)
            if other is None and name in WITH_DEFAULT:
                other = default_row(change.look, collection, board)
            yield Put({name: {"id": other["id"]} if other else None})
        elif change.choices.row_of_other_board == "refuse" and not stays(change, name) and name in change.given:
            text = change.choices.not_within_message.format(
                caption=f"{caption} {number}", outer="Service Board", outer_id=board
            )
            yield Put({name: None})
            yield Refuse(FieldError("NotFound", text, change.resource, f"{name}/id"))


def stays(change: Change, name: str) -> bool:
    """Whether a stored ticket keeps what it refers to: rows of other boards are met in old data, as statuses are."""
    was, now = ((one or {}).get(name) or {} for one in (change.before, change.after))
    return "id" in was and bool(was["id"] == now.get("id"))


def associated(change: Change) -> Iterator[Effect]:
    """A subtype goes with the types it is associated with, where it is with any."""
    if change.choices.unassociated_subtype == "allow" or not {"type", "subType"} & change.given:
        return
    if stays(change, "type") and stays(change, "subType"):
        return
    kind, subtype = ((change.after.get(name) or {}).get("id") for name in ("type", "subType"))
    row = change.look.get(ROWS["subType"][0], subtype) if kind and subtype else None
    allowed = (row or {}).get(ASSOCIATED)
    if allowed and kind not in allowed:
        text = change.choices.not_within_message.format(
            caption=f"Service Sub Type {subtype}", outer="Service Type", outer_id=kind
        )
        yield Refuse(FieldError("NotFound", text, change.resource, "subType/id"))


def item_associated(change: Change) -> Iterator[Effect]:
    """An item goes with the pairs of type and subtype it is associated with, where it is with any (assumed)."""
    if change.choices.unassociated_item == "allow" or not {"type", "subType", "item"} & change.given:
        return
    if all(stays(change, name) for name in ("type", "subType", "item")):
        return
    kind, subtype, item = ((change.after.get(name) or {}).get("id") for name in ("type", "subType", "item"))
    rows = change.look.find(PAIRS, (change.after.get("board") or {}).get("id"), item__id=item) if item else []
    if rows and kind and subtype and not any(pair_of(row) == (kind, subtype) for row in rows):
        text = change.choices.not_within_message.format(
            caption=f"Service Item {item}", outer="Service Sub Type", outer_id=subtype
        )
        yield Refuse(FieldError("NotFound", text, change.resource, "item/id"))


def pair_of(row: Record) -> tuple[int | None, int | None]:
    """The ids of the type and the subtype of an association."""
    return (row.get("type") or {}).get("id"), (row.get("subType") or {}).get("id")


def after_predecessor(change: Change) -> Iterator[Effect]:
    """The dates of a ticket that comes after another one follow from that one (refusal reported, text assumed)."""
    before, after = change.before or {}, change.after
    if not before.get("predecessorId") or not after.get("predecessorId"):
        return
    for name in DATES:
        said = name in change.given or change.verb == "replace"  # a PUT takes away what it does not name
        if said and after.get(name) != before.get(name) and change.choices.predecessor_dates == "refuse":
            text = change.choices.predecessor_dates_message.format(field=name)
            yield Refuse(FieldError("InvalidField", text, change.resource, name))


def note_shown(change: Change) -> Iterator[Effect]:
    """A note is of at least one of the ticket's texts."""
    if change.choices.note_flags == "require" and not any(change.after.get(flag) for flag in SHOWN):
        text = change.choices.note_flags_message
        yield Refuse(FieldError("MissingRequiredField", text, change.resource, SHOWN[0]))


def schedule_goes(change: Change) -> Iterator[Effect]:
    """What was planned for a deleted ticket goes with it, or stays, or keeps it (assumed). Raises Conflict."""
    entries, choice = schedule_of(change.look, change.record_id), change.choices.scheduled_ticket_delete
    if entries and choice == "refuse":
        raise change.in_use()
    if choice == "cascade":
        yield from (Remove(SCHEDULE, entry["id"]) for entry in entries)


def charged(change: Change) -> Iterator[Effect]:
    """Time and expenses keep a ticket from being deleted, or go with it. Raises Conflict."""
    time, expenses = time_of(change.look, change.record_id), expenses_of(change.look, change.record_id)
    if (time or expenses) and change.choices.charged_ticket_delete == "refuse":
        raise change.in_use()
    for collection, entries in ((TIME, time), (EXPENSES, expenses)):
        yield from (Remove(collection, entry["id"]) for entry in entries)
    for sheet in {entry["timeSheet"]["id"] for entry in time if entry.get("timeSheet")}:
        left = [one for one in change.look.find(TIME, timeSheet__id=sheet) if one not in time]
        yield Write(SHEETS, sheet, {"hours": sum(float(one.get("actualHours") or 0) for one in left)})


def rows_of(kind: Kind, name: str) -> tuple[Rule, ...]:
    """The rules of one kind of ticket."""
    tickets = kind.collection
    return (
        Rule(f"{name}.rows", tickets, WRITES, on_board, "assumed", "Type, subtype, item and team are of its board."),
        Rule(f"{name}.subtype", tickets, WRITES, associated, "assumed", "A subtype goes with its types."),
        Rule(f"{name}.item", tickets, WRITES, item_associated, "assumed", "An item goes with types and subtypes."),
        Rule(f"{name}.predecessor", tickets, LATER, after_predecessor, "documented", "Its dates follow another's."),
        Rule(f"{name}.schedule-goes", tickets, DELETE, schedule_goes, "assumed", "It takes its plans along."),
        Rule(f"{name}.charged", tickets, DELETE, charged, "assumed", "A ticket with time stays."),
        Rule(f"{name}.note-flags", kind.notes, WRITES, note_shown, "assumed", "A note is of one text at least."),
    )
