"""The quarter's moments and weeks, the plans, and variety that remembers nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import MockcwError
from mockcw.clock import from_text, to_text
from mockcw.demo import SIZES, plan_of
from mockcw.demo.quarter import HOLIDAYS, NOW, START, midnight, moment, period_of, periods, stamp, week_of
from mockcw.demo.variety import Variety
from mockcw.emulator import SEEDED_AT


def test_the_quarter_ends_when_the_records_are_made() -> None:
    assert stamp(NOW) == to_text(SEEDED_AT)


@given(st.integers(-300 * 1440, 300 * 1440))
def test_a_stamp_is_the_moment_so_many_minutes_after_the_start(minutes: int) -> None:
    start = from_text(f"{START}T00:00:00Z")
    assert stamp(minutes) == to_text(start + timedelta(minutes=minutes))


@given(st.integers(1, 50_000), st.data())
def test_records_come_in_one_after_the_other_in_office_hours(total: int, data: Any) -> None:
    number = data.draw(st.integers(0, total - 1))
    when = moment(number, total)
    assert when < NOW
    day, hour = START + timedelta(days=when // 1440), when % 1440 // 60
    assert day.weekday() < 5
    assert day not in HOLIDAYS
    assert 13 <= hour < 22
    if number:
        assert moment(number - 1, total) <= when


@given(st.integers(-200, 200))
def test_a_week_runs_from_saturday_to_friday(day: int) -> None:
    friday = week_of(day)
    assert 0 <= friday - day < 7
    end = START + timedelta(days=friday)
    assert end.weekday() == 4
    year, number = period_of(friday)
    assert {n: (first, last) for n, first, last in periods(year)}[number] == (end - timedelta(days=6), end)
    assert midnight(friday) == f"{end}T00:00:00Z"


@pytest.mark.parametrize("year", range(2025, 2031))
def test_the_weeks_of_a_year_follow_one_another(year: int) -> None:
    weeks = list(periods(year))
    assert [number for number, _, _ in weeks] == list(range(1, len(weeks) + 1))
    assert all(later[1] - earlier[2] == timedelta(days=1) for earlier, later in zip(weeks, weeks[1:], strict=False))
    assert weeks[-1][2] + timedelta(days=7) >= date(year + 1, 1, 1)


@given(st.integers(0, 10**6), st.integers(0, 100), st.integers(-5, 5))
def test_variety_follows_from_seed_and_number_alone(number: int, salt: int, seed: int) -> None:
    one, other = Variety(seed), Variety(seed)
    other.bits(number + 1, salt)
    assert one.guid(number, salt) == other.guid(number, salt)
    assert 0 <= one.below(7, number, salt) < 7
    assert one.pick("abc", number, salt) in "abc"


def test_variety_spreads() -> None:
    drawn = [Variety(1).below(10, number, 3) for number in range(10_000)]
    assert all(800 < drawn.count(digit) < 1200 for digit in range(10))
    assert len({Variety(1).guid(number, 3) for number in range(10_000)}) == 10_000
    assert [Variety(2).below(10, number, 3) for number in range(50)] != drawn[:50]


def test_a_plan_is_found_by_name_or_number() -> None:
    assert plan_of("msp") is SIZES["msp"]
    assert (plan_of(7).companies, plan_of(7).records) == (7, False)
    assert plan_of("large", 1_000_000).tickets == 1_000_000
    assert plan_of("large", 1_000_000).contacts == SIZES["large"].contacts


def test_the_msp_is_as_large_as_promised() -> None:
    msp = SIZES["msp"]
    assert (msp.companies, msp.contacts, msp.configurations) == (200, 2000, 5000)
    assert (msp.tickets, msp.agreements) == (10_000, 500)


@pytest.mark.parametrize(
    ("demo", "tickets"),
    [("huge", None), (-1, None), (True, None), (3, 10), ("empty", 1), ("small", -1), ("msp", 10**7)],
)
def test_a_plan_that_cannot_be_is_refused(demo: Any, tickets: int | None) -> None:
    with pytest.raises(MockcwError):
        plan_of(demo, tickets)
