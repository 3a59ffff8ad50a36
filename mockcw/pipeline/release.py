"""Which release the emulated cloud runs, and what a move to another one does to requests for a while.

That a path of an old code base gets the gateway's plain text is captured; that records may be missing for a moment
after a move was reported by one client. Knows neither requests nor settings' names beyond its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from mockcw.settings import CODEBASE, Settings


@dataclass(frozen=True, slots=True)
class Release:
    """A release: its code base, the version /system/info tells, and since when, where the company was moved to it."""

    codebase: str
    version: str
    since: datetime | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The release that the settings name."""
        return cls(settings.codebase, settings.version)

    @classmethod
    def told(cls, kept: Mapping[str, Any]) -> Self:
        """The release of a JSON object with the fields' names."""
        since = kept["since"]
        return cls(kept["codebase"], kept["version"], datetime.fromisoformat(since) if since else None)

    def moved(self, codebase: str, now: datetime) -> Self:
        """Another code base from now on; the version follows it and keeps its build number (assumed).

        Raises ValueError for what is no code base.
        """
        if not CODEBASE.fullmatch(codebase):
            raise ValueError(f"codebase must look like v2025_1 or v4_6_release, not {codebase!r}")
        named = codebase.removesuffix("_release").replace("_", ".")
        return type(self)(codebase, f"{named}.{self.version.rpartition('.')[2]}", now)

    def settling(self, now: datetime, seconds: int) -> bool:
        """Whether the move was less than so many seconds ago."""
        return self.since is not None and timedelta() <= now - self.since < timedelta(seconds=seconds)
