"""The only source of time, chance and identifiers of this house.

Knows no target and no check. What must repeat takes its chance from a seed. What must not repeat on a server that
outlives the run takes a token from `fresh_token`; two runs there differ in the names of the records that they make.
"""

from __future__ import annotations

import secrets
import time
import zlib
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


def derived_seed(seed: int, name: str) -> int:
    """The seed of one part of a run, which follows from the run's seed and the part's name alone."""
    return zlib.crc32(f"{seed}:{name}".encode())


def fresh_token() -> str:
    """Six characters that no other run had: part of names on a target that outlives the run."""
    return secrets.token_hex(3).upper()


def fresh_run_id() -> str:
    """The name of one run."""
    return secrets.token_hex(8)
