"""Which day it is for the server: its clock, in its own time zone.

Knows the Windows names of time zones, which the server uses (*captured*), by the table beside this file (Unicode CLDR).
A date that is left out is the server's today, not that of UTC (*reported*), so plans reckon with the same.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_named(name: str) -> ZoneInfo | None:
    """Find a time zone by its Windows or IANA name; None for an unknown one."""
    table = files("integration.agreements").joinpath("windows.tsv").read_text("utf-8")
    lines = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    known = {windows.casefold(): iana for windows, iana in lines}
    try:
        return ZoneInfo(known.get(name.strip().casefold(), name.strip()))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def server_day(moment: datetime, zone: str) -> tuple[date, str]:
    """Tell the day that `moment` is in the zone called `zone`, and a warning when that zone is not known."""
    found = zone_named(zone) if zone else None
    if found is not None:
        return moment.astimezone(found).date(), ""
    said = f"the server's time zone {zone!r} is not known" if zone else "the server does not tell its time zone"
    return moment.astimezone(UTC).date(), f"{said}: its today is taken from UTC and may be a day off"
