"""Reading one page ahead: the next page is asked for while this one is written.

Knows threads; does not know what a page is. There is never more than one page ahead, so memory and the load on the server
stay those of one reader; what was read ahead and is not wanted is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """A reader in a thread of its own, one call ahead of its user."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="page-ahead")
        self._place: Hashable = None
        self._coming: Future[T] | None = None

    def begin(self, place: Hashable, read: Callable[[], T]) -> None:
        """Begin to read what stands at `place`."""
        self._place, self._coming = place, self._thread.submit(read)

    def take(self, place: Hashable, read: Callable[[], T]) -> T:
        """Return what stands at `place`: from ahead when it was begun, else read now; raises what reading raises."""
        coming, self._coming = self._coming, None
        if coming is None or self._place != place:
            return read()
        return coming.result()

    def close(self) -> None:
        """Let the thread end; a reading under way is waited for, so that nothing uses its connection afterwards."""
        self._thread.shutdown(wait=True, cancel_futures=True)
