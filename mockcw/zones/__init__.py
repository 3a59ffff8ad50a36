"""The emulated server's time zone: which day it is there at a moment.

Knows the Windows names of zones, which are what the API answers (captured), and the rules behind them, which come from
the time zone database. Knows no clock, no setting and no record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

WINDOWS = Path(__file__).with_name("windows.tsv")


@cache
def windows_names() -> Mapping[str, str]:
    """The Windows name of every zone, with the name the time zone database has for it."""
    lines = WINDOWS.read_text("utf-8").splitlines()
    return MappingProxyType(dict(line.split("\t") for line in lines if not line.startswith("#")))


def unknown_zone(name: str) -> str | None:
    """What is wrong with the name of a zone, with a name that is close to it; None when it is known."""
    if name in windows_names():
        return None
    from difflib import get_close_matches  # not for every start

    close = get_close_matches(name, windows_names(), 1, 0.4) or ["UTC"]
    return f"must be the Windows name of a time zone such as {close[0]!r}, not {name!r}"


class Zone:
    """A time zone by its Windows name. Raises KeyError for a name that is unknown."""

    def __init__(self, name: str) -> None:
        self._rules = ZoneInfo(windows_names()[name])

    def day(self, moment: datetime) -> str:
        """The day of a moment there, as the API writes a date without a time: its midnight with a `Z` (captured)."""
        return f"{moment.astimezone(self._rules):%Y-%m-%d}T00:00:00Z"
