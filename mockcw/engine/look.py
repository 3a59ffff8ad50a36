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


class SeenLook(StoreLook):
    """Reads only what is there for one member."""

    def __init__(self, store: Store, there: Callable[[str], Where | None], sight: tuple[object, ...]) -> None:
        super().__init__(store)
        self._there = there
        self.sight = sight

    def there(self, collection: str) -> Where | None:
        """The records of a collection that may be seen; None: all."""
        return self._there(collection)
