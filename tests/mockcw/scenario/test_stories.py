"""Each story: nothing has happened at first; the naive client falls in, the careful one stays out and does its duty."""

from __future__ import annotations

import pytest

from mockcw import Emulator
from mockcw.scenario import names
from tests.mockcw.scenario import careful, naive
from tests.mockcw.scenario.client import Client

NUMBERS = [one.partition("-")[0] for one in names()]


def test_the_fifteen_are_there_and_each_has_both_clients() -> None:
    assert [f"{number:02}" for number in range(1, 16)] == NUMBERS
    assert sorted(naive.CLIENTS) == sorted(careful.CLIENTS) == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_a_story_can_be_told(number: str) -> None:
    with Emulator(scenario=number) as cw:
        before = cw.stage.verdict()
        assert (before.trapped, before.done) == (False, False)
        sprung: set[str] = set()
        for mistaken in naive.CLIENTS[number]:
            mistaken(Client(cw))
            fallen = cw.stage.verdict()
            assert fallen.word == "trapped"
            assert fallen.troubles == ()
            sprung |= {one.says for one in fallen.traps if not one.holds}
            cw.reset()
            assert cw.stage.verdict() == before
        assert sprung == {one.says for one in before.traps}, "each trap is seen to catch somebody"
        careful.CLIENTS[number](Client(cw))
        stood = cw.stage.verdict()
        assert stood.word == "clean", stood.as_json()
        assert stood.troubles == ()
