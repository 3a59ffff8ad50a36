"""The quarter that the demo records fall in: its working days, moments as the API writes them, weekly periods.

Moments are counted in minutes from the quarter's start, so that spans are sums. A period runs from Saturday to Friday.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

START = date(2025, 10, 1)
NOW = 96 * 1440 + 480  # when the demo records were made: 2026-01-05T08:00:00Z
HOLIDAYS = (date(2025, 11, 27), date(2025, 12, 25), date(2026, 1, 1))
DAYS = tuple((START + timedelta(days=number)).isoformat() for number in range(-400, 800))
TIMES = tuple(f"T{minute // 60:02d}:{minute % 60:02d}:00Z" for minute in range(1440))
WORKDAYS = tuple(
    number
    for number in range(94)
    if (START + timedelta(days=number)).weekday() < 5 and START + timedelta(days=number) not in HOLIDAYS
)
OPENING = 13 * 60  # eight in the morning on the East coast, in UTC
OFFICE_MINUTES = 9 * 60
FIRST_YEAR, LAST_YEAR = 2025, 2030


def stamp(minutes: int) -> str:
    """A moment as the API writes it."""
    return DAYS[minutes // 1440 + 400] + TIMES[minutes % 1440]


def midnight(day: int) -> str:
    """A day as the API writes dates without a time; days count from the quarter's start."""
    return f"{DAYS[day + 400]}T00:00:00Z"


def moment(number: int, total: int) -> int:
    """When the record `number` of `total` comes in: evenly over the office hours of the quarter's working days."""
    place, rest = divmod(number * len(WORKDAYS), total)
    return WORKDAYS[place] * 1440 + OPENING + rest * OFFICE_MINUTES // total


def week_of(day: int) -> int:
    """The day, counted from the quarter's start, on which the period of a day ends (a Friday)."""
    return day + (4 - (START + timedelta(days=day)).weekday()) % 7


def period_of(friday: int) -> tuple[int, int]:
    """Year and number of the period that ends on this day."""
    end = START + timedelta(days=friday)
    return end.year, (end - first_friday(end.year)).days // 7 + 1


def first_friday(year: int) -> date:
    """The end of a year's first period."""
    first = date(year, 1, 1)
    return first + timedelta(days=(4 - first.weekday()) % 7)


def periods(year: int) -> Iterator[tuple[int, date, date]]:
    """The periods of a year: number, first day, last day."""
    end, number = first_friday(year), 1
    while end.year == year:
        yield number, end - timedelta(days=6), end
        end, number = end + timedelta(days=7), number + 1
