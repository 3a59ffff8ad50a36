"""A look at the records that asks the store each question once: for work that reads the same few records many times.

Only for the time of one reading: it does not see what is written meanwhile.
"""

from __future__ import annotations

from mockcw.engine.change import Look, Record


class Remembered:
    """Another look, whose answers are kept. Nobody may change the records it hands out."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._records: dict[tuple[str, int], Record | None] = {}
        self._found: dict[tuple[object, ...], list[Record]] = {}

    def hides(self, collection: str, record_id: int) -> bool:
        """Whether a record is there, and not for the member who asks."""
        return self._look.hides(collection, record_id)

    def get(self, collection: str, record_id: int) -> Record | None:
        """The record, or None."""
        key = (collection, record_id)
        if key not in self._records:
            self._records[key] = self._look.get(collection, record_id)
        return self._records[key]

    def find(self, collection: str, parent: int | None = None, **equal: object) -> list[Record]:
        """Records whose fields equal the values given."""
        key = (collection, parent, *sorted(equal.items()))
        if key not in self._found:
            self._found[key] = self._look.find(collection, parent, **equal)
        return self._found[key]
