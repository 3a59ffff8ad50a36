"""The only source of time and chance of this house.

Knows the wall clock, a shift that tests may set, and a seeded generator. Knows nothing of requests or records.
"""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def to_text(moment: datetime) -> str:
    """Write a moment the way the API writes dates: UTC, whole seconds, `Z` (captured)."""
    return f"{moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def to_http(moment: datetime) -> str:
    """Write a moment the way HTTP headers write dates."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def from_text(text: str) -> datetime:
    """Read an ISO 8601 moment; a moment without a zone counts as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Clock:
    """Time as the emulated server sees it: running, shifted, or frozen."""

    def __init__(self) -> None:
        self._shift = timedelta(0)
        self._frozen: datetime | None = None
        self._second = -1.0
        self._text = ""

    @property
    def moved(self) -> bool:
        """Whether this is another time than the wall clock's."""
        return self._frozen is not None or bool(self._shift)

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self._frozen is not None

    def now(self) -> datetime:
        """The server's moment, in UTC."""
        return self._frozen or datetime.now(UTC) + self._shift

    def text(self) -> str:
        """The server's moment as the API writes it; computed once a second while time runs."""
        if self._frozen is not None:
            return to_text(self._frozen)
        second = time.time() // 1
        if second != self._second:
            self._second, self._text = second, to_text(self.now())
        return self._text

    def set(self, moment: datetime | None = None, *, frozen: bool | None = None) -> None:
        """Move the clock to `moment` (None: leave it) and stop it or let it run (None: as before).

        Raises ValueError outside the years 1970 to 8999.
        """
        target = moment or self.now()
        if not EARLIEST <= target < LATEST:
            raise ValueError("the clock runs from 1970 to 8999")
        stand = self.frozen if frozen is None else frozen
        self._shift = target - datetime.now(UTC)
        self._frozen = target if stand else None
        self._second = -1.0

    def advance(self, by: timedelta) -> None:
        """Move the clock forward (or back) by a span. Raises ValueError as `set` does."""
        try:
            self.set(self.now() + by)
        except OverflowError:
            raise ValueError("the clock runs from 1970 to 8999") from None

    def reset(self) -> None:
        """Back to the wall clock, running."""
        self._shift, self._frozen, self._second = timedelta(0), None, -1.0

    def kept(self) -> dict[str, Any] | None:
        """How the clock stands, as JSON may hold it; None while it is the wall clock."""
        return {"now": self.now().isoformat(), "frozen": self.frozen} if self.moved else None

    def back_to(self, kept: Mapping[str, Any] | None) -> None:
        """Stand as `kept` says, and run on from there unless it stood still; with None, be the wall clock again."""
        if kept is None:
            self.reset()
        else:
            self.set(datetime.fromisoformat(kept["now"]), frozen=kept["frozen"])

    @staticmethod
    def monotonic() -> float:
        """Seconds for measuring spans; unaffected by `set`."""
        return time.perf_counter()

    @staticmethod
    def sleep(seconds: float) -> None:
        """Wait for real."""
        time.sleep(seconds)


class Ids:
    """Chance with a seed: the same seed gives the same identifiers in the same order."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def guid(self) -> str:
        """A GUID in the usual form."""
        with self._lock:
            text = f"{self._random.getrandbits(128):032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def mark(self) -> Sequence[Any]:
        """Where the chance stands, as JSON may hold it; give it to `back_to` to have the same identifiers again."""
        with self._lock:
            return self._random.getstate()

    def back_to(self, mark: Sequence[Any]) -> None:
        """Go back to where the chance stood at `mark`."""
        version, inner, spare = mark
        with self._lock:
            self._random.setstate((version, tuple(inner), spare))

    def go_on(self, *parts: object) -> None:
        """Begin a stretch of chance that follows from `parts`: a later process shall not give the same identifiers."""
        with self._lock:
            self._random.seed("\x1f".join(map(str, parts)))

    @staticmethod
    def share(*parts: object) -> float:
        """A number from 0 up to 1 that follows from `parts` alone, evenly spread: dice that need no state."""
        return int(hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:13], 16) / 16**13

    @staticmethod
    def derived_guid(*parts: object) -> str:
        """A GUID that follows from `parts` alone."""
        text = hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:32]}"

    def derived(self, *parts: object, length: int = 16) -> str:
        """A token that follows from `parts` alone: no state, the same at every call."""
        raw = hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        number = int(raw, 16)
        return "".join(alphabet[(number // 62**i) % 62] for i in range(length))


def secret_token(length: int = 16) -> str:
    """An unguessable token of letters and digits, from the system's entropy."""
    source = random.SystemRandom()
    return "".join(
        source.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") for _ in range(length)
    )
