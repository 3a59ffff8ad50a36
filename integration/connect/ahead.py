"""One call begun before its answer is wanted, so that the server works on it while the page before is written.

Knows a thread that sends and waits for the first bytes of the answer; the body is left to be read by whoever takes the
answer, for two threads that both compute would only take turns. What was begun and is not taken is thrown away.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """Holds at most one call that was begun; `discard` lets go of an answer nobody took."""

    def __init__(self, discard: Callable[[T], None], patience: float) -> None:
        """Take what to do with an unwanted answer, and how many seconds `drop` waits for one that is on its way."""
        self._discard = discard
        self._patience = patience
        self._key = ""
        self._thread: threading.Thread | None = None
        self._answer: T | None = None
        self._failure: BaseException | None = None

    def begin(self, key: str, call: Callable[[], T]) -> None:
        """Begin `call` under `key`; what was begun before is dropped."""
        self.drop()

        def make() -> None:
            try:
                self._answer = call()
            except BaseException as error:
                self._failure = error

        self._key = key
        self._thread = threading.Thread(target=make, name="call-ahead", daemon=True)
        self._thread.start()

    def take(self, key: str) -> T | None:
        """Return the answer of the call begun under `key`, None when there is none; raises what the call raised."""
        if self._thread is None or self._key != key:
            return None
        self._thread.join()
        answer, failure = self._answer, self._failure
        self._thread = self._answer = self._failure = None
        if failure is not None:
            raise failure
        return answer

    def drop(self) -> None:
        """Let go of a call that was begun."""
        if self._thread is not None:
            self._thread.join(self._patience)
            if self._answer is not None:
                self._discard(self._answer)
        self._thread = self._answer = self._failure = None
