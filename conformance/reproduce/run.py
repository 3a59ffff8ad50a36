"""A case from beginning to end: set up, run the steps, explain, and with `fix` change and run again until it passes.

Knows the order of things; knows neither the steps nor how a change is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from conformance.clock import Clock
from conformance.errors import CannotTell, NotRunnable, Unsupported, WrongUse
from conformance.events import EventLog
from conformance.history import History, Redactor
from conformance.reproduce.case import Planned, SupportCase
from conformance.reproduce.change import OF_THE_ROLE, Change, Why, blocked, carry_out, propose, why
from conformance.reproduce.outcome import Outcome, refusal_words
from conformance.reproduce.stage import ENFORCED, Desk, Stage, pasted, set_up
from conformance.reproduce.steps import STEPS
from conformance.reproduce.vendor import Empty, HostRefused, Refused, Seen, Vendor
from conformance.target import Target
from conformance.verdicts import Exit
from conformance.wire import Wire

ROUNDS = 12
"""How often a change is looked for: each round shows the next thing in the way."""
SCOPE = "support-case"


class State(StrEnum):
    """How one step ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TRIED = "not tried"
    CANNOT_TELL = "cannot tell"


class Result(StrEnum):
    """What a case came to."""

    PASSES = "nothing fails"
    REPRODUCED = "reproduced"
    FIXED = "reproduced and fixed"
    NOT_FIXED = "reproduced, not fixed"
    CANNOT_TELL = "cannot tell"


EXITS = {Result.PASSES: Exit.CONFORMS, Result.FIXED: Exit.CONFORMS, Result.CANNOT_TELL: Exit.CANNOT_TELL}


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step of one round, with each exchange that explains it and what the journal says of it."""

    planned: Planned
    state: State
    outcome: Outcome
    whys: tuple[tuple[Seen | None, Why], ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """The steps run once, and the change that the failures call for (None when nothing failed)."""

    steps: tuple[StepResult, ...]
    change: Change | None

    @property
    def states(self) -> set[State]:
        """The states that occur."""
        return {step.state for step in self.steps}


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a case; `secrets` are the literals that no report may show."""

    case: SupportCase
    stage: Stage
    rounds: tuple[Round, ...]
    result: Result
    target: str
    redactor: Redactor

    @property
    def change(self) -> Change:
        """Everything that was changed, or in the way."""
        whole = Change()
        for one in self.rounds:
            whole = whole.joined(one.change or Change())
        return whole

    @property
    def exit_code(self) -> int:
        """The promised exit code."""
        return EXITS.get(self.result, Exit.DOES_NOT)


def reproduce(case: SupportCase, target: Target, *, fix: bool, clock: Clock | None = None) -> Report:
    """Run a case on an emulator.

    Args:
        fix: make the change that the failure calls for and run again, until it passes or no change is known.

    Raises:
        WrongUse: the case says something that the emulator does not know, or the target has no control API.
    """
    if not target.control_url:
        raise WrongUse("a case is set up through the emulator's control API, and this target has none: --ready-file")
    clock = clock or Clock()
    desk = Desk(Wire(target, History(EventLog(), Redactor(target.secrets)), SCOPE, clock), case)
    try:
        return _rounds(desk, case, fix=fix, today=(target.frozen_at or clock.stamp())[:10])
    except NotRunnable as problem:
        raise WrongUse(f"this emulator cannot run a case: {problem}") from problem
    finally:
        desk.wire.close()


def _rounds(desk: Desk, case: SupportCase, *, fix: bool, today: str) -> Report:
    stage, now = set_up(desk, case), case
    first, secrets = stage, list(desk.wire.target.secrets)
    rounds: list[Round] = []
    while True:
        secrets += [stage.right.public_key, stage.right.private_key]
        rounds.append(_round(desk, stage, now, Redactor(secrets), today))
        change = rounds[-1].change
        again = len(rounds) > 1 and change == rounds[-2].change
        if not fix or change is None or change.empty or again or len(rounds) > ROUNDS:
            break
        stage, now = carry_out(desk, stage, now, change)
    result = _result(rounds, fix=fix)
    if result is Result.PASSES and stage.permissions != ENFORCED:
        result = Result.CANNOT_TELL  # a role that refuses nothing proves nothing
    return Report(case, first, tuple(rounds), result, desk.wire.target.kind, Redactor(secrets))


def _result(rounds: Sequence[Round], *, fix: bool) -> Result:
    last = rounds[-1].states
    if State.FAILED in last:
        return Result.NOT_FIXED if fix else Result.REPRODUCED
    if State.CANNOT_TELL in last:
        return Result.CANNOT_TELL
    return Result.PASSES if len(rounds) == 1 else Result.FIXED


def _round(desk: Desk, stage: Stage, case: SupportCase, redactor: Redactor, today: str) -> Round:
    target = desk.wire.target
    wire = Wire(target, History(EventLog(), redactor), SCOPE)
    vendor = Vendor(wire, pasted(stage.right, case.login), case.server, today=today, profile=case.profile)
    results: list[StepResult] = []
    try:
        for planned in case.steps:
            if _shut_out(results):
                told = Outcome(False, "Not tried: the step before it was not let in at all.")
                results.append(StepResult(planned, State.NOT_TRIED, told))
            else:
                results.append(_step(desk, vendor, planned))
    finally:
        wire.close()
    change: Change | None = None
    for one in results:
        if one.state is State.FAILED:
            found = propose(desk, stage, case.profile, one.outcome, [reason for _, reason in one.whys])
            change = (change or Change()).joined(found)
    return Round(tuple(results), change)


def _shut_out(results: Sequence[StepResult]) -> bool:
    """Whether no further step can do anything: the login or the address is refused."""
    if not results:
        return False
    last = results[-1]
    return last.state is State.NOT_TRIED or any(reason.cause not in OF_THE_ROLE for _, reason in last.whys)


def _step(desk: Desk, vendor: Vendor, planned: Planned) -> StepResult:
    step = STEPS[planned.name]
    try:
        outcome = step.run(vendor, planned.options)
    except HostRefused as refusal:
        sees = f"{step.title} is stopped: host not allowed."
        return StepResult(planned, State.FAILED, Outcome(False, sees), ((None, blocked(str(refusal))),))
    except Refused as refusal:
        outcome = Outcome(False, f"{step.title} fails. {refusal_words(refusal.seen)}", evidence=(refusal.seen,))
    except Empty as empty:
        sees = f"{step.title} has nothing to work with: ConnectWise shows no record at {empty.seen.path}."
        outcome = Outcome(False, sees, evidence=(empty.seen,))
    except (CannotTell, Unsupported) as problem:
        return StepResult(planned, State.CANNOT_TELL, Outcome(False, f"{step.title} could not be run: {problem}"))
    if outcome.passed:
        return StepResult(planned, State.PASSED, outcome)
    return StepResult(planned, State.FAILED, outcome, tuple((seen, why(desk, seen)) for seen in outcome.evidence))
