"""Time and chance of the house."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcw.clock import Clock, Ids, from_text, secret_token, to_text

EARLIEST = datetime(1, 1, 2, tzinfo=UTC).replace(tzinfo=None)
LATEST = datetime(9999, 12, 30, tzinfo=UTC).replace(tzinfo=None)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(EARLIEST, LATEST, timezones=ZONES))
@example(datetime(1, 1, 2, tzinfo=UTC))
def test_a_moment_is_written_in_utc_with_whole_seconds_and_reads_back(moment: datetime) -> None:
    text = to_text(moment)
    assert len(text) == 20
    assert from_text(text) == moment.replace(microsecond=0)


@pytest.mark.parametrize("text", ["", "soon", "2025-13-01", "2025-01-01T25:00:00Z"])
def test_a_text_that_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        from_text(text)


def test_a_moment_without_zone_is_utc() -> None:
    assert from_text("2025-01-02T03:04:05") == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_clock_runs_stands_moves_and_returns() -> None:
    clock = Clock()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.frozen is False
    then = datetime(2030, 1, 1, tzinfo=UTC)
    clock.set(then, frozen=True)
    assert (clock.now(), clock.text(), clock.frozen) == (then, "2030-01-01T00:00:00Z", True)
    clock.advance(timedelta(hours=1))
    assert clock.text() == "2030-01-01T01:00:00Z"
    clock.set(frozen=False)
    assert then + timedelta(hours=1) <= clock.now() < then + timedelta(hours=1, minutes=1)
    clock.reset()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert from_text(clock.text()) <= clock.now()


def test_the_text_of_a_running_clock_follows_a_shift_at_once() -> None:
    clock = Clock()
    clock.text()
    clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    assert clock.text().startswith("2030-01-01T00:00:0")
    clock.advance(timedelta(days=1))
    assert clock.text().startswith("2030-01-02T00:00:0")


def test_ids_follow_from_the_seed() -> None:
    assert [Ids(1).guid() for _ in range(2)] == [Ids(1).guid()] * 2
    one, other = Ids(1), Ids(2)
    assert one.guid() != other.guid()
    assert len({one.guid() for _ in range(100)}) == 100
    assert one.derived(1, "a") == other.derived(1, "a")
    assert one.derived(1, "a") != one.derived(1, "b")
    assert one.derived("1", "2") != one.derived("12")


def test_secret_tokens_are_long_and_differ() -> None:
    tokens = {secret_token(32) for _ in range(50)}
    assert len(tokens) == 50
    assert {len(one) for one in tokens} == {32}
