"""Moments as records write them, and what is reckoned with them. Knows no clock: a rule is told what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FORM = "%Y-%m-%dT%H:%M:%SZ"
FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def moment(text: object) -> datetime | None:
    """A stored moment, if it is one."""
    if not isinstance(text, str):
        return None
    try:
        return datetime.strptime(text, FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def written(when: datetime) -> str:
    """A moment as records write it; years before 1000 keep their four digits."""
    return f"{when.year:04d}{when.strftime(FORM)[-16:]}"


def midnight(when: datetime) -> datetime:
    """The start of a moment's day."""
    return when.replace(hour=0, minute=0, second=0, microsecond=0)


def later(when: datetime, **amount: float) -> datetime:
    """A moment some days or hours on, within the calendar."""
    distance = timedelta(**amount)
    try:
        return when + distance
    except OverflowError:
        return FIRST if distance < timedelta() else LAST


def hours_between(start: object, end: object) -> float | None:
    """The hours from one stored moment to another, if both are there and in order."""
    first, last = moment(start), moment(end)
    if first is None or last is None or last < first:
        return None
    return round((last - first).total_seconds() / 3600, 4)
