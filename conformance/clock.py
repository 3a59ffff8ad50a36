"""The only source of time, chance and identifiers of this house.

Knows no target and no check. Everything that must repeat under one seed takes its chance from `Chance`; everything
that must not repeat on a shared sandbox takes a token from `fresh_token`, which is a declared volatile field.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall time (aware, UTC), elapsed time in seconds, and waiting; each can be replaced by a fake."""

    now: Callable[[], datetime] = field(default=_utc_now)
    elapsed: Callable[[], float] = field(default=time.perf_counter)
    wait: Callable[[float], None] = field(default=time.sleep)

    def stamp(self) -> str:
        """The present instant as ISO 8601 with milliseconds and `Z`."""
        return self.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Chance:
    """Chance that repeats under one seed."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)

    def seed(self) -> int:
        """A seed for a part of the run, from 0 to 2**32 - 1."""
        return self._random.randrange(2**32)


def fresh_token() -> str:
    """Six characters that no other run had: part of names on a target that outlives the run."""
    return secrets.token_hex(3).upper()


def fresh_run_id() -> str:
    """The name of one run."""
    return secrets.token_hex(8)
