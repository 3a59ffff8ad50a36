"""What rules and actions may read of the records: a narrow window on the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from mockcw.query.sql import column
from mockcw.query.tree import Kind
from mockcw.store import Store, Where, both


class StoreLook:
    """Reads records for rules; writes nothing. `sight` differs between looks that may see different records."""

    sight: tuple[object, ...] = ()

    def __init__(self, store: Store) -> None:
        self._store = store

    def there(self, collection: str) -> Where | None:
        """The records of a collection that may be seen; None: all."""
        return None

    def hides(self, collection: str, record_id: int) -> bool:
        """Whether a record is there, and may not be seen."""
        where = self.there(collection)
        if where is None or self._store.get(collection, record_id) is None:
            return False
        return self._store.get(collection, record_id, None, where) is None

    def get(self, collection: str, record_id: int) -> dict[str, Any] | None:
        """The record, or None."""
        doc = self._store.get(collection, record_id, None, self.there(collection))
        return orjson.loads(doc) if doc else None

    def find(self, collection: str, parent: int | None = None, **equal: object) -> list[dict[str, Any]]:
        """Records whose fields equal the values given, text without regard to case."""
        parts, params, paths = [], [], []
        for name, value in equal.items():
            expression = column(tuple(name.split("__")), Kind.TEXT if isinstance(value, str) else Kind.NUMBER)
            parts.append(f"{expression} = ?")
            params.append(value)
            paths.append(expression)
        where = both(Where(" AND ".join(parts) or "1", tuple(params), tuple(paths)), self.there(collection))
        return [orjson.loads(doc) for _, doc in self._store.rows(collection, where, parent=parent)]


def nested(collection: str) -> bool:
    """Whether a collection's records live under others; the emulator's own tables have no such place."""
    return "{" in collection and collection.startswith("/")


Outermost = Callable[[str, int], tuple[str, int]]


class SeenLook(StoreLook):
    """Reads only what is there for one member; what lies under a hidden record is hidden with it.

    `outermost` finds the record at top level that encloses another.
    """

    def __init__(
        self, store: Store, there: Callable[[str], Where | None], outermost: Outermost, sight: tuple[object, ...]
    ) -> None:
        super().__init__(store)
        self._there = there
        self._outermost = outermost
        self.sight = sight

    def there(self, collection: str) -> Where | None:
        """The records of a collection that may be seen; None: all."""
        return self._there(collection)

    def hides(self, collection: str, record_id: int) -> bool:
        """Whether a record is there, and may not be seen."""
        if super().hides(collection, record_id):
            return True
        return nested(collection) and super().hides(*self._outermost(collection, record_id))

    def get(self, collection: str, record_id: int) -> dict[str, Any] | None:
        """The record, or None."""
        found = super().get(collection, record_id)
        return None if found is None or (nested(collection) and self.hides(collection, record_id)) else found

    def find(self, collection: str, parent: int | None = None, **equal: object) -> list[dict[str, Any]]:
        """Records whose fields equal the values given, text without regard to case."""
        found = super().find(collection, parent, **equal)
        if not nested(collection):
            return found
        return [one for one in found if "id" not in one or not self.hides(collection, one["id"])]
