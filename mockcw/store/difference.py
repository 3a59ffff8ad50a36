"""What differs between two states: records added, removed and changed, and the next ids.

Knows two databases with tables of records. Tables that are worked out from others (views, usages) do not count.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

DERIVED = ("~view ", "~usages")
MOST = 10_000  # differences that are kept; what goes beyond is only counted

Row = tuple[int, bytes]


class DocumentChange(NamedTuple):
    """A record that differs: its JSON text in the one state and in the other; None where it is not there."""

    collection: str
    id: int
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Difference:
    """The records that differ, of each collection in the order of their ids, how many there are, and the next ids."""

    changes: list[DocumentChange]
    total: int
    next_ids: dict[str, tuple[int, int]]


def difference(one: sqlite3.Connection, other: sqlite3.Connection) -> Difference:
    """Compare two states of records."""
    here, there = tables_of(one), tables_of(other)
    tables = sorted(here | there)
    found = (
        change
        for table in tables
        for change in changes(
            table,
            rows(one, table) if table in here else iter(()),
            rows(other, table) if table in there else iter(()),
        )
    )
    kept = list(islice(found, MOST))
    was, becomes = next_ids(one), next_ids(other)
    moved = {
        table: (was.get(table, 0) + 1, becomes.get(table, 0) + 1)
        for table in tables
        if was.get(table, 0) != becomes.get(table, 0)
    }
    return Difference(kept, len(kept) + sum(1 for _ in found), moved)


def changes(collection: str, before: Iterator[Row], after: Iterator[Row]) -> Iterator[DocumentChange]:
    """Walk two tables side by side, each in the order of its ids."""
    left, right = next(before, None), next(after, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[0] < right[0]):
            assert left is not None
            yield DocumentChange(collection, left[0], left[1], None)
            left = next(before, None)
        elif left is None or right[0] < left[0]:
            yield DocumentChange(collection, right[0], None, right[1])
            right = next(after, None)
        else:
            if left[1] != right[1]:
                yield DocumentChange(collection, left[0], left[1], right[1])
            left, right = next(before, None), next(after, None)


def tables_of(db: sqlite3.Connection) -> set[str]:
    """The tables of records."""
    names = {text(name) for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    return {name for name in names if name[0] in "/~" and not name.startswith(DERIVED)}


def rows(db: sqlite3.Connection, table: str) -> Iterator[Row]:
    """Ids and JSON texts of a table, in the order of the ids."""
    for number, doc in db.execute(f'SELECT id, doc FROM "{table}" ORDER BY id'):
        yield number, doc if isinstance(doc, bytes) else doc.encode()


def next_ids(db: sqlite3.Connection) -> dict[str, int]:
    """The last id of every table that ever held a record."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name='sqlite_sequence'").fetchone():
        return {}  # SQLite makes it with the first table
    return {text(name): int(last) for name, last in db.execute("SELECT name, seq FROM sqlite_sequence")}


def text(name: str | bytes) -> str:
    """A name as text, whatever the connection makes of it."""
    return name.decode() if isinstance(name, bytes) else name
