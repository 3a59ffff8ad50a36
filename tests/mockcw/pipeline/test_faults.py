"""Which requests a fault hits by their query and their length."""

from __future__ import annotations

import httpx
import pytest

from mockcw import Emulator
from mockcw.pipeline.faults import FaultMatch, matches
from tests.mockcw.caller import Caller, Control

PATH = "/service/tickets"


@pytest.mark.parametrize(
    ("pattern", "query", "hit"),
    [
        ("*lastupdated*+*", "conditions=lastUpdated%3E%5B2026-03-02T12:00:00%2B00:00%5D", True),
        ("*lastupdated*+*", "conditions=lastUpdated>[2026-03-02T12:00:00Z]", False),
        ("*lastUpdated>[2026*]*", "conditions=lastUpdated%3e[2026-03-02]", True),
        ("*a?c*", "conditions=abc", False),
        ("page=2", "page=2", True),
        ("page=2", "page=22", False),
        ("*", "", True),
    ],
)
def test_a_query_is_matched_in_plain_text_and_only_a_star_is_special(pattern: str, query: str, hit: bool) -> None:
    assert matches(FaultMatch(query=pattern), "GET", PATH, None, query) is hit


@pytest.mark.parametrize(("length", "hit"), [(15, False), (16, True)])
def test_a_longer_address_is_hit(length: int, hit: bool) -> None:
    assert matches(FaultMatch(longer_than=len(PATH) + 15), "GET", PATH, None, "x" * length) is hit


def test_long_conditions_are_answered_with_nothing_and_short_ones_as_ever(emulator: Emulator, admin: Caller) -> None:
    match = {"path": "/service/tickets*", "longer_than": 60}
    made = Control(emulator).post("/faults", {"match": match, "do": {"status": 200, "body": []}})
    assert made["match"] == {"path": "/service/tickets*", "longer_than": 60, "nth": 1}
    answers: list[httpx.Response] = [
        admin.get(PATH, conditions=f"id in ({some})") for some in ("1,2", ",".join(map(str, range(1, 20))))
    ]
    assert [len(one.json()) for one in answers] == [2, 0]
