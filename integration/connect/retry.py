"""How often a call is made again, and after which wait.

Knows which errors may pass by themselves; does not know what the call is. Only what changes nothing is repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from integration.clock import Clock
from integration.errors import Retriable

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries in all, and the longest single wait in seconds."""

    attempts: int
    longest_wait: float
    clock: Clock

    def persist(self, call: Callable[[], T], *, repeatable: bool) -> T:
        """Make `call`, and again after a Retriable error when it is `repeatable`.

        The wait is the server's Retry-After where it named one (*documented* for 429), else a chance part of a growing
        bound. Raises the last error when the tries are used up or the server asks for more patience than there is.
        """
        attempt = 1
        while True:
            try:
                return call()
            except Retriable as error:
                if not repeatable or attempt >= self.attempts:
                    raise
                wait = self._wait(attempt, error.retry_after)
                if wait is None:
                    raise
                _log.info("try %d of %d failed (%s); next in %.1f s", attempt, self.attempts, error, wait)
                self.clock.sleep(wait)
                attempt += 1

    def _wait(self, attempt: int, asked: float | None) -> float | None:
        if asked is not None:
            return asked if asked <= self.longest_wait else None
        return float(min(self.longest_wait, 0.5 * 2.0 ** (attempt - 1))) * (0.5 + 0.5 * self.clock.fraction())
