"""What an action does to records: the engine's verbs in the shape that `act.Hands` promises, for one author."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mockcw.engine.change import Record
from mockcw.engine.verbs import Engine
from mockcw.engine.writer import Author


class EngineHands:
    """The writing half of an `Act`."""

    def __init__(self, engine: Engine, author: Author) -> None:
        self._engine = engine
        self._author = author

    def create(
        self, collection: str, parents: tuple[int, ...], record: Mapping[str, Any], moved: int | None = None
    ) -> Record:
        """Add a record, its rules applied."""
        return _read(self._engine.add(collection, parents, dict(record), self._author, moved))

    def change(self, collection: str, record_id: int, values: Mapping[str, Any]) -> Record:
        """Set fields of a record, its rules applied."""
        return _read(self._engine.change(collection, record_id, values, self._author))

    def replace(self, collection: str, record_id: int, raw: bytes) -> Record:
        """Put a JSON body in the record's place."""
        parents = self._engine.line(collection, record_id)
        return _read(self._engine.replace(collection, parents, record_id, raw, self._author, None))

    def patch(self, collection: str, record_id: int, raw: bytes) -> Record:
        """Apply the operations of a JSON body."""
        parents = self._engine.line(collection, record_id)
        return _read(self._engine.patch(collection, parents, record_id, raw, self._author, None))

    def set(self, collection: str, record_id: int, values: Mapping[str, Any]) -> Record:
        """Set fields of a record without asking its rules."""
        return _read(self._engine.set(collection, record_id, values, self._author))

    def remove(self, collection: str, record_id: int) -> None:
        """Delete a record, rules and use included."""
        parents = self._engine.line(collection, record_id)
        self._engine.delete(collection, parents, record_id, self._author, None)

    def erase(self, collection: str, record_id: int) -> None:
        """Delete a record and what it encloses without asking any rule."""
        self._engine.erase(collection, record_id, self._author)

    def repoint(self, collection: str, record_id: int, other_id: int) -> int:
        """Let everything that refers to a record refer to another one."""
        return self._engine.repoint(collection, record_id, other_id, self._author)

    def keep(self, table: str, record: Mapping[str, Any]) -> int:
        """Add a record to one of the emulator's own tables."""
        record_id = self._engine.store.next_id(_own(table))
        self._engine.store.insert(table, record_id, orjson.dumps({**record, "id": record_id}))
        return record_id

    def keep_again(self, table: str, record_id: int, record: Mapping[str, Any]) -> None:
        """Replace a record of one of the emulator's own tables."""
        self._engine.store.update(_own(table), record_id, orjson.dumps({**record, "id": record_id}))

    def drop(self, table: str, record_id: int) -> None:
        """Remove a record from one of the emulator's own tables."""
        self._engine.store.delete(_own(table), record_id)


def _own(table: str) -> str:
    if not table.startswith("~"):
        raise ValueError(f"{table} is a collection of the API: create, change or remove its records")
    return table


def _read(doc: bytes) -> Record:
    record: Record = orjson.loads(doc)
    return record
