"""Zones by their Windows names: every one is known to the time zone database, and says which day it is there."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcw import Emulator, MockcwError
from mockcw.zones import Zone, unknown_zone, windows_names

MOMENTS = st.datetimes(
    datetime(1970, 1, 2, tzinfo=UTC).replace(tzinfo=None),
    datetime(2100, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    timezones=st.just(UTC),
)


def test_the_zones_of_all_windows_names_have_rules() -> None:
    assert len(windows_names()) > 130
    for name in windows_names():
        assert unknown_zone(name) is None
        assert Zone(name).day(datetime(2026, 7, 1, 12, tzinfo=UTC))[:8] == "2026-07-"


@given(st.sampled_from(sorted(windows_names())), MOMENTS)
@example("Line Islands Standard Time", datetime(2026, 1, 1, 10, 0, tzinfo=UTC))
@example("UTC-11", datetime(2026, 1, 1, 10, 59, 59, tzinfo=UTC))
@example("Eastern Standard Time", datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC))
@example("Eastern Standard Time", datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC))
def test_the_day_is_that_of_the_wall_clock_there(name: str, moment: datetime) -> None:
    offset = moment.astimezone(ZoneInfo(windows_names()[name])).utcoffset()
    assert offset is not None
    assert Zone(name).day(moment) == f"{(moment + offset).date()}T00:00:00Z"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 5, 4, 59, 59, tzinfo=UTC), "2026-03-04"),
        (datetime(2026, 3, 5, 5, tzinfo=UTC), "2026-03-05"),
        (datetime(2026, 7, 5, 3, 59, 59, tzinfo=UTC), "2026-07-04"),  # summer time
        (datetime(2026, 7, 5, 4, tzinfo=UTC), "2026-07-05"),
    ],
)
def test_midnight_in_new_york_moves_with_summer_time(moment: datetime, day: str) -> None:
    assert Zone("Eastern Standard Time").day(moment) == f"{day}T00:00:00Z"


@pytest.mark.parametrize("name", ["America/New_York", "Eastern", "", "eastern standard time"])
def test_an_unknown_zone_is_refused_in_one_line_that_names_a_known_one(name: str) -> None:
    with pytest.raises(MockcwError, match=r"^setting server_time_zone must be the Windows name .* such as '.+', not"):
        Emulator("empty", settings={"server_time_zone": name})
