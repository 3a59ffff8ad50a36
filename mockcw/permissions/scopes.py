"""Which records a member may see at all, and which of them are their own: as conditions, from data.

What a structure level, boards one is kept off and Customize lists hide is in `structure.tsv`; whose a record is, in
`owners.tsv`. Knows no store and no HTTP.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from mockcw.catalogue import Operation
from mockcw.catalogue.load import read_lines
from mockcw.permissions.actor import Actor
from mockcw.query import compile
from mockcw.query.tree import Always, And, Compare, Holds, InList, Kind, Never, Node, Not, Or, Path, Related
from mockcw.store import Where

COMPANIES = "/company/companies"
NOBODYS, EVERYBODYS = "none", "all"
BOARDS = ("board", "project-board")
COMPANY, TICKET = "company", "ticket"
PLACES = ("location", COMPANY)
TICKETS = ("/service/tickets", "/project/tickets")
LISTED_AS = ("{}", "{},%", "%, {}", "%, {},%")  # an identifier in a text that lists several


class Hiding(NamedTuple):
    """One line of `structure.tsv`: what may hide a collection's records, by which of their fields."""

    what: str
    field: str


class Ownership(NamedTuple):
    """One line of `owners.tsv`: the role row it counts for, and the marks of a record of one's own."""

    module: str
    area: str
    marks: tuple[str, ...]


@cache
def hidings() -> dict[str, tuple[Hiding, ...]]:
    """What may hide records, by collection."""
    found: dict[str, tuple[Hiding, ...]] = {}
    for line in read_lines("structure.tsv"):
        collection, what, field, _, _ = line.split("\t")
        found[collection] = (*found.get(collection, ()), Hiding(what, field))
    return found


@cache
def ownerships() -> dict[str, Ownership]:
    """Whose a record is, by collection."""
    return {collection: owned for collection, owned in owner_lines() if owned.marks != (EVERYBODYS,)}


@cache
def everybodys() -> frozenset[tuple[str, str, str]]:
    """The collections whose records are everybody's under a row of the role: collection, module, area."""
    return frozenset((name, owned.module, owned.area) for name, owned in owner_lines() if owned.marks == (EVERYBODYS,))


def owner_lines() -> list[tuple[str, Ownership]]:
    """The lines of `owners.tsv`."""
    rows = (line.split("\t") for line in read_lines("owners.tsv"))
    return [(row[0], Ownership(row[1], row[2], tuple(row[3].split()))) for row in rows]


# -- what is there for a member ----------------------------------------------------------------------------------------


def visible(actor: Actor, collection: str) -> Where | None:
    """The records of a collection that are there for the member; None: all. Remembered with the actor."""
    if collection not in actor.sights:
        node = sight(actor, collection)
        actor.sights[collection] = None if node is None else compile(node)
    return actor.sights[collection]


def sight(actor: Actor, collection: str) -> Node | None:
    """What `visible` says, as a tree."""
    found = [node for one in hidings().get(collection, ()) if (node := shown(actor, one)) is not None]
    return And(tuple(found)) if found else None


def shown(actor: Actor, hiding: Hiding) -> Node | None:
    """The records that one kind of hiding leaves; None: all."""
    if hiding.what in BOARDS:
        return besides(actor.excluded_boards, hiding) if actor.excluded_boards else None
    if hiding.what == TICKET:
        return of_tickets(actor, *hiding.field.split())
    if hiding.what.startswith("/"):
        return of_record(actor, hiding)
    if hiding.what in PLACES:
        return within(actor, hiding)
    refused = actor.disallowed.get(hiding.what)
    if not refused:
        return None
    return or_absent((hiding.field, "id"), Not(InList((hiding.field, "name"), tuple(sorted(refused)), Kind.TEXT)))


def besides(boards: frozenset[int], hiding: Hiding) -> Node:
    """Records of other boards, and of none."""
    path: Path = ("id",) if hiding.field == "id" else id_at(hiding.field)
    return or_absent(path, Not(InList(path, tuple(sorted(boards)), Kind.NUMBER)))


def within(actor: Actor, hiding: Hiding) -> Node | None:
    """Records at the places that the member's structure level covers; oneself is always there."""
    structure = actor.structure
    if structure.level <= 1:
        return None
    path = id_at(hiding.field)
    if hiding.what == COMPANY:
        return of_record(actor, hiding._replace(what=COMPANIES))
    inside: Node = InList(path, structure.locations, Kind.NUMBER) if structure.locations else Never()
    return inside if hiding.field == "territory" else Or((Compare(("id",), "=", actor.member_id, Kind.NUMBER), inside))


def of_tickets(actor: Actor, field: str, kind: str = "", *kinds: str) -> Node | None:
    """Records of tickets that are there for the member, and of what is no ticket."""
    sights = [sight(actor, collection) for collection in TICKETS]
    if not any(sights):
        return None
    path = tuple(field.split("."))
    shown = Or(tuple(Related(path, name, one or Always()) for name, one in zip(TICKETS, sights, strict=True)))
    if not kind:
        return or_absent(path, shown)
    other = tuple(kind.split("."))
    return Or((Compare(other, "=", None, Kind.TEXT), Not(InList(other, kinds, Kind.TEXT)), shown))


def of_record(actor: Actor, hiding: Hiding) -> Node | None:
    """Records that hang on a record of another collection which is there for the member, and on none."""
    node, path = sight(actor, hiding.what), id_at(hiding.field)
    return None if node is None else or_absent(path, Related(path, hiding.what, node))


def id_at(field: str) -> Path:
    """Where the id is: in a reference, or with = in front in the field itself."""
    return (field[1:],) if field.startswith("=") else (field, "id")


def or_absent(path: Path, node: Node) -> Node:
    """Records without the field stay."""
    return Or((Compare(path, "=", None, Kind.NUMBER), node))


def hidden_by(actor: Actor, operation: Operation) -> str | None:
    """A sentence on what narrows the operation's records or the record that encloses them; None: nothing does."""
    outermost = operation.parents[0] if operation.parents else operation.collection
    found = {one.what for one in (*hidings().get(operation.collection, ()), *hidings().get(outermost, ()))}
    said = []
    structure, hung = actor.structure, TICKET in found or any(one.startswith("/") for one in found)
    if (hung or found & set(PLACES)) and structure.level > 1:
        places = ", ".join(map(str, structure.locations))
        said.append(
            f"structure level {structure.name} shows what belongs to companies of location {places} only"
            if places
            else f"structure level {structure.name} covers no location, so no company is visible"
        )
    if (hung or found & set(BOARDS)) and actor.excluded_boards:
        said.append(f"the member is kept off board {', '.join(map(str, sorted(actor.excluded_boards)))}")
    for identifier, items in actor.disallowed.items():
        if identifier in found:
            said.append(f"the Customize list {identifier} disallows {', '.join(sorted(items))}")
    return "; ".join(said) or None


# -- what is a member's own --------------------------------------------------------------------------------------------


def own_records(actor: Actor, operation: Operation) -> tuple[Node | None, Node | None]:
    """At level My: the operation's own records, or the outermost enclosing records, that are the member's."""
    if (operation.collection, operation.permission.module, operation.permission.area) in everybodys():
        return None, None
    owned = ownerships().get(operation.collection)
    if owned is None and operation.parents:
        outer, row = ownerships().get(operation.parents[0]), operation.permission
        if outer is not None and (outer.module, outer.area) == (row.module, row.area):
            return None, own(actor, outer.marks)
    return own(actor, owned.marks if owned else ("_entered",)), None


def own(actor: Actor, marks: tuple[str, ...]) -> Node:
    """Records with one of the marks; an integrator login's are those it made itself (documented)."""
    if actor.kind == "integrator":
        return entered_by(actor)
    found = tuple(marked(actor, one) for one in marks)
    return found[0] if len(found) == 1 else Or(found)


def marked(actor: Actor, mark: str) -> Node:
    """Records with one mark."""
    if mark == "_entered":
        return entered_by(actor)
    if mark == NOBODYS:
        return Never()
    if mark == "id":
        return Compare(("id",), "=", actor.member_id, Kind.NUMBER)
    if mark.endswith("~"):
        name = actor.identifier.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        path = (mark[:-1],)
        return Or(tuple(Compare(path, "like", form.format(name), Kind.TEXT) for form in LISTED_AS))
    if mark.startswith("/"):
        collection, _, field = mark.partition(":")
        return Holds(collection, Compare((field, "id"), "=", actor.member_id, Kind.NUMBER))
    return Compare((mark, "id"), "=", actor.member_id, Kind.NUMBER)


def entered_by(actor: Actor) -> Node:
    """Records that the member entered."""
    return Compare(("_info", "enteredBy"), "=", actor.identifier, Kind.TEXT)
