"""The state machine of company sync passes an honest mirror, kills broken ones, and leaves replayable programs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from conformance.errors import CannotTell, Unmet, WrongUse
from conformance.events import EventLog
from conformance.history import History, Redactor
from conformance.machines.sync import MEMBERS, campaign, replay
from conformance.machines.world import MEMBER, World
from conformance.target import WsgiAdapter, of_emulator, stop_clock
from conformance.verdicts import Verdict
from conformance.wire import Wire
from mockcw import Emulator
from tests.conformance import subjects
from tests.conformance.subjects import MirrorSession, SubjectOf

JUDGED = ("sync.mirror", "sync.faults", "sync.refused", "sync.read-only", "sync.zero-rows")


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with Emulator(demo=20, seed=1) as emulator:
        target = stop_clock(of_emulator(emulator))
        wire = Wire(target, History(EventLog(), Redactor(target.secrets)), "sync.mirror")
        yield wire
        wire.close()


def subject(wire: Wire, session: type[MirrorSession]) -> SubjectOf:
    assert wire.target.application
    return SubjectOf(session, WsgiAdapter(wire.target.application))


def judged(wire: Wire, session: type[MirrorSession], requirement: str) -> Any:
    return campaign(
        requirement, subject(wire, session), wire, seed=3, examples=80, steps=6
    )  # ends at the first failure


@pytest.mark.parametrize("requirement", JUDGED)
def test_an_honest_mirror_passes(wire: Wire, requirement: str) -> None:
    told = judged(wire, MirrorSession, requirement)
    assert told.verdict is Verdict.PASS, (told.finding, told.reason)


@pytest.mark.parametrize(
    ("session", "requirement"),
    [
        (subjects.ForgetsDeletions, "sync.mirror"),
        (subjects.StopsAfterPageOne, "sync.mirror"),
        (subjects.IgnoresTypeFilter, "sync.mirror"),
        (subjects.DuplicatesOnRename, "sync.mirror"),
        (subjects.SwallowsFailures, "sync.faults"),
        (subjects.SwallowsFailures, "sync.refused"),
        (subjects.Writes, "sync.read-only"),
        (subjects.RefusesNothing, "sync.zero-rows"),
    ],
)
def test_a_broken_mirror_is_killed_by_a_program_that_shows_it_again(
    wire: Wire, session: type[MirrorSession], requirement: str
) -> None:
    told = judged(wire, session, requirement)
    assert told.verdict is Verdict.FAIL, told.reason
    assert told.program is not None
    member = MEMBERS.get(requirement, MEMBER)
    with pytest.raises(Unmet) as seen:
        replay(told.program, World(wire, subject(wire, session), member=member))
    assert str(seen.value) == told.finding
    if requirement != "sync.read-only":
        replay(told.program, World(wire, subject(wire, MirrorSession), member=member))


def test_a_failing_program_is_shrunk(wire: Wire) -> None:
    told = judged(wire, subjects.ForgetsDeletions, "sync.mirror")
    assert told.program is not None
    assert sorted(step["do"] for step in told.program if step["do"] != "sync") == ["delete"]
    assert len(told.program) <= 3


def test_one_seed_tries_the_same_programs(wire: Wire) -> None:
    first, second = (judged(wire, subjects.DuplicatesOnRename, "sync.mirror") for _ in range(2))
    assert first == second


def test_a_subject_that_does_not_start_fails(wire: Wire) -> None:
    class Refusing(SubjectOf):
        def start(self, target: Any, options: Any = None) -> MirrorSession:
            raise RuntimeError("not today")

    told = campaign("sync.mirror", Refusing(MirrorSession), wire, seed=1, examples=2, steps=2)
    assert told.verdict is Verdict.FAIL
    assert "not today" in (told.finding or "")


def test_a_subject_that_never_comes_back_fails_and_holds_nobody_up(wire: Wire) -> None:
    release = threading.Event()

    class Hanging(MirrorSession):
        def sync(self) -> dict[str, str]:
            release.wait(60)
            return {"outcome": "done"}

    told = campaign("sync.mirror", subject(wire, Hanging), wire, seed=1, examples=5, steps=3, limit_s=0.3)
    release.set()
    assert told.verdict is Verdict.FAIL
    assert told.program is not None
    assert "no answer within 0.3 s" in (told.finding or "")


def test_a_step_that_is_none_is_wrong_use(wire: Wire) -> None:
    for step in ({"do": "dance"}, {"do": "rename"}, {"do": "sync", "twice": True}, {"do": "fault", "name": "flood"}):
        with pytest.raises(WrongUse):
            replay([step], World(wire, subject(wire, MirrorSession)))


def test_a_member_the_target_lacks_leaves_no_verdict(wire: Wire) -> None:
    with pytest.raises(CannotTell):
        replay([{"do": "sync"}], World(wire, subject(wire, MirrorSession), member="nobody"))
