"""Answers remembered until what they were read from changes. Bounded by size; knows no SQL."""

from __future__ import annotations

from typing import Any

OVERHEAD = 200  # bytes counted for an entry beside its texts


class Remembered:
    """A dictionary of answers, each with the stamp of the state it holds for; emptied when it grows too large.

    Reads that repeat are the common case in tests and in syncs that poll, and an answer from here also spares the
    interpreter the hand-over that a call into SQLite costs when several threads serve.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._entries: dict[tuple[object, ...], tuple[int, Any]] = {}

    def get(self, key: tuple[object, ...], stamp: int) -> Any:
        """The answer kept under `key`, when it still holds at `stamp`; else None."""
        known = self._entries.get(key)
        return known[1] if known is not None and known[0] == stamp else None

    def put(self, key: tuple[object, ...], stamp: int, answer: Any, size: int = 0) -> None:
        """Keep an answer of about `size` bytes; one larger than a tenth of the limit is not kept."""
        if size * 10 > self._limit:
            return
        self._size += size + OVERHEAD
        if self._size > self._limit:
            self.clear()
            self._size = size + OVERHEAD
        self._entries[key] = (stamp, answer)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._size = 0
