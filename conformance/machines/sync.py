"""The state machine of company sync, and the fixed programs beside it.

Knows which steps may follow one another; `world` does them. Hypothesis draws programs and shrinks the one that fails;
the shrunk program is plain data, which `replay` performs without Hypothesis.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from conformance.errors import CannotTell, SubjectError, SubjectHang, Unmet, Unsupported
from conformance.faults import FAULTS
from conformance.machines.world import BLIND, MEMBER, Step, World
from conformance.strategies import few_places, hours, names, places
from conformance.subject import LIMIT_S, Subject
from conformance.verdicts import Verdict
from conformance.wire import Wire

FIXED: dict[str, list[Step]] = {
    "sync.zero-rows": [{"do": "sync"}, {"do": "clock", "hours": 1}, {"do": "sync"}],
    "sync.refused": [
        {"do": "sync", "compare": False},
        {"do": "revoke"},
        {"do": "delete", "which": 0},
        {"do": "sync"},
    ],
    "sync.read-only": [
        {"do": "sync", "compare": False},
        {"do": "rename", "which": 0, "name": "Renamed"},
        {"do": "delete", "which": 1},
        {"do": "clock", "hours": 1},
        {"do": "sync", "compare": False},
        {"do": "inspect-requests"},
    ],
}
"""Requirements that one program settles."""

MEMBERS = {"sync.zero-rows": BLIND}
"""Requirements that are judged with the credentials of one demo member and no other."""


@dataclass(frozen=True)
class Told:
    """What a campaign found: a verdict, and for a failure the program and what it shows."""

    verdict: Verdict
    program: list[Step] | None = None
    finding: str | None = None
    reason: str | None = None
    fault: bool = False
    hung: bool = False


def campaign(
    requirement: str,
    subject: Subject,
    wire: Wire,
    *,
    seed: int,
    examples: int,
    steps: int,
    options: Mapping[str, Any] | None = None,
    member: str = MEMBER,
    limit_s: float = LIMIT_S,
) -> Told:
    """Try programs against the subject until one fails or `examples` have passed.

    Args:
        requirement: `sync.mirror`, `sync.faults`, or one with a fixed program.
        seed: of Hypothesis; the same seed tries the same programs.
        steps: how long a program is at most.
        options: handed through to the subject.
        member: the demo member whose credentials the subject gets.
        limit_s: seconds after which an operation of the subject is given up.
    """
    failing: list[tuple[list[Step], str]] = []

    def world() -> World:
        return World(wire, subject, options, MEMBERS.get(requirement, member), limit_s)

    try:
        if requirement in FIXED:
            replay(FIXED[requirement], world(), failing)
        else:
            machine = machine_of(world, failing, faults=requirement == "sync.faults")
            run_state_machine_as_test(hypothesis.seed(seed)(machine), settings=settings(examples, steps))
    except (Unmet, SubjectError, SubjectHang) as unmet:
        program, finding = failing[-1]
        return Told(Verdict.FAIL, program, finding, hung=isinstance(unmet, SubjectHang))
    except Flaky as flaky:
        if not failing:
            return Told(Verdict.UNKNOWN, reason=f"a program failed once and not again: {flaky}")
        return Told(Verdict.UNKNOWN, reason=f"failed once and not again: {failing[-1][1]}")
    except CannotTell as problem:
        return Told(Verdict.UNKNOWN, reason=str(problem))
    except Unsupported as problem:
        return Told(Verdict.UNSUPPORTED, reason=str(problem))
    except Exception:  # whatever breaks the machine says nothing of the subject
        return Told(Verdict.UNKNOWN, reason=traceback.format_exc(limit=-3), fault=True)
    return Told(Verdict.PASS)


def replay(program: list[Step], world: World, failing: list[tuple[list[Step], str]] | None = None) -> None:
    """Perform a program from the beginning to the final sync.

    Raises:
        Unmet: the program shows what it is kept for.
    """
    try:
        world.open()
        for step in program:
            world.perform(step)
        world.finish()
    except (Unmet, SubjectError, SubjectHang) as unmet:
        if failing is not None:
            failing.append((list(program), str(unmet)))
        raise
    finally:
        world.close()


def settings(examples: int, steps: int) -> hypothesis.settings:
    """Hypothesis without a memory of its own: what a run tries follows from its seed alone."""
    return hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )


def machine_of(make: Any, failing: list[tuple[list[Step], str]], *, faults: bool) -> type[RuleBasedStateMachine]:
    """The machine over worlds that `make` makes; the last entry of `failing` is the smallest failing program."""

    class SyncMachine(RuleBasedStateMachine):
        """Companies change on the server; after each sync the mirror is right."""

        def __init__(self) -> None:
            super().__init__()
            self.world: World = make()
            try:
                self._kept(self.world.open)
            except BaseException:
                self.world.close()
                raise

        def _kept(self, act: Any) -> None:
            try:
                act()
            except (Unmet, SubjectError, SubjectHang) as unmet:
                self.world.broken = True
                failing.append((list(self.world.program), str(unmet)))
                raise

        def _do(self, **step: Any) -> None:
            self._kept(lambda: self.world.perform(step))

        @rule(name=names, type=places, status=places)
        def create(self, name: str, type: int, status: int) -> None:
            self._do(do="create", name=name, type=type, status=status)

        @rule(which=places, name=names)
        def rename(self, which: int, name: str) -> None:
            self._do(do="rename", which=which, name=name)

        @rule(which=places, status=places)
        def restatus(self, which: int, status: int) -> None:
            self._do(do="restatus", which=which, status=status)

        @rule(which=places, type=places)
        def retype(self, which: int, type: int) -> None:
            self._do(do="retype", which=which, type=type)

        @rule(which=places)
        def delete(self, which: int) -> None:
            self._do(do="delete", which=which)

        @rule(types=few_places, excluded=few_places)
        def change_filters(self, types: list[int], excluded: list[int]) -> None:
            self._do(do="filter", types=types, excluded=excluded)

        @rule(hours=hours)
        def pass_time(self, hours: int) -> None:
            self._do(do="clock", hours=hours)

        @rule()
        def sync(self) -> None:
            self._do(do="sync")

        @precondition(lambda self: faults)
        @rule(name=st.sampled_from(sorted(FAULTS)))
        def strike(self, name: str) -> None:
            self._do(do="fault", name=name)
            self._do(do="sync")

        @precondition(lambda self: faults)
        @rule(after_pages=st.none() | st.integers(min_value=1, max_value=2))
        def crash(self, after_pages: int | None) -> None:
            self._do(do="crash", after_pages=after_pages)
            self._do(do="sync")

        def teardown(self) -> None:
            try:
                if not self.world.broken:
                    self._kept(self.world.finish)
            finally:
                self.world.close()

    return SyncMachine
