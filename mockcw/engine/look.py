"""What rules and actions may read of the records: a narrow window on the store."""

from __future__ import annotations

from typing import Any

import orjson

from mockcw.query.sql import column
from mockcw.query.tree import Kind
from mockcw.store import Store, Where


class StoreLook:
    """Reads records for rules; writes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, collection: str, record_id: int) -> dict[str, Any] | None:
        """The record, or None."""
        doc = self._store.get(collection, record_id)
        return orjson.loads(doc) if doc else None

    def find(self, collection: str, parent: int | None = None, **equal: object) -> list[dict[str, Any]]:
        """Records whose fields equal the values given, text without regard to case."""
        parts, params, paths = [], [], []
        for name, value in equal.items():
            expression = column(tuple(name.split("__")), Kind.TEXT if isinstance(value, str) else Kind.NUMBER)
            parts.append(f"{expression} = ?")
            params.append(value)
            paths.append(expression)
        where = Where(" AND ".join(parts) or "1", tuple(params), tuple(paths))
        return [orjson.loads(doc) for _, doc in self._store.rows(collection, where, parent=parent)]
