"""Time, waiting, chance and ids: the only place of this house that takes them from the machine.

Knows nothing else. Everything that needs one of them is handed a `Clock`, so that a test can hand in its own.
"""

from __future__ import annotations

import random
import time
import uuid
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What this house may ask of time and chance."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow, for measuring."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        ...

    def fraction(self) -> float:
        """Return a chance value between 0 and 1, to spread retries."""
        ...

    def new_id(self) -> str:
        """Return an id that was never given before."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only ever grow, for measuring."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        time.sleep(seconds)

    def fraction(self) -> float:
        """Return a chance value between 0 and 1, to spread retries."""
        return random.random()

    def new_id(self) -> str:
        """Return an id that was never given before."""
        return uuid.uuid4().hex


def wire_time(moment: datetime) -> str:
    """Write `moment` as the API takes it in conditions: UTC, whole seconds, `Z`.

    *Captured*: fractions and offsets are refused by some operations; whole seconds with `Z` never are.
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(text: str) -> datetime | None:
    """Read an ISO moment, taking a missing zone for UTC; None when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
