"""A run: the plan, one verdict for every requirement of it, and the log that says so.

Knows checks, machines and verdicts; prints nothing and derives no report. The log it writes is the only outcome.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.cases import Case
from conformance.checks import Check, all_checks
from conformance.clock import Clock, derived_seed, fresh_run_id
from conformance.errors import CannotTell, NotRunnable, Unmet, Unsupported
from conformance.events import VOLATILE_FIELDS, VOLATILE_HEADERS, VOLATILE_MEMBERS, EventLog
from conformance.history import History, Redactor
from conformance.machines import sync
from conformance.machines.world import MEMBER
from conformance.requirements import Requirement
from conformance.subject import LIMIT_S, CommandSubject, Subject
from conformance.target import Target
from conformance.verdicts import Finding, Outcome, Verdict, exit_code, tally
from conformance.wire import Wire

VERSION = "0.1.0"

Progress = Callable[[Requirement, Outcome], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run judges and how.

    `shard` is (number, of how many), from 1; `examples` is how many programs a state machine tries; `baseline` names
    requirements that are known to fail; `subject_name` says what is judged beside the wire, `subject_options` is handed
    through to it.
    """

    requirements: tuple[Requirement, ...]
    seed: int = 1
    examples: int = 20
    steps: int = 12
    shard: tuple[int, int] = (1, 1)
    baseline: frozenset[str] = field(default_factory=frozenset)
    subject_name: str | None = None
    subject_options: Mapping[str, Any] = field(default_factory=dict)
    subject_timeout_s: float = LIMIT_S
    profile: str | None = None

    @property
    def rows(self) -> tuple[Requirement, ...]:
        """The requirements of this shard."""
        number, of = self.shard
        return self.requirements[number - 1 :: of]


def run(
    plan: Plan,
    target: Target,
    log: EventLog,
    *,
    subject: Subject | None = None,
    clock: Clock | None = None,
    progress: Progress = lambda row, outcome: None,
) -> tuple[Outcome, ...]:
    """Judge every requirement of the plan and write the log; one outcome each, in the order of the plan."""
    clock = clock or Clock()
    history = History(log, Redactor(target.secrets))
    begun = clock.elapsed()
    log.write("run-started", **_beginning(plan, target))
    bench = _Bench(plan, log, subject)
    outcomes: list[Outcome] = []
    for row in plan.rows:
        wire = Wire(target, history, row.id, clock)
        try:
            outcome = bench.judge(row, wire)
        finally:
            wire.close()
        outcomes.append(outcome)
        log.write("verdict", **_verdict(row, outcome))
        progress(row, outcome)
    log.write(
        "run-finished",
        tally=tally(outcomes),
        exit_code=exit_code(outcomes, plan.baseline),
        exchanges=history.count,
        elapsed_ms=round((clock.elapsed() - begun) * 1000),
    )
    return tuple(outcomes)


class _Bench:
    """Where the requirements of one run are judged, one after another."""

    def __init__(self, plan: Plan, log: EventLog, subject: Subject | None):
        self._plan = plan
        self._log = log
        self._subject = subject
        self._checks = all_checks()
        self._stopped: str | None = None
        self._hung: str | None = None

    def judge(self, row: Requirement, wire: Wire) -> Outcome:
        """The outcome of one requirement; an interrupt ends the run with what is left unknown."""
        machine = "machine" in row.tags
        over = self._stopped or (self._hung if machine else None)
        if over:
            return Outcome(row.id, Verdict.UNKNOWN, reason=over)
        if "control" in row.tags and not wire.target.control_url:
            return Outcome(row.id, Verdict.NOT_RUN, reason="the target has no control API")
        if "rough" in row.tags and not wire.target.control_url:
            return Outcome(row.id, Verdict.NOT_RUN, reason="too rough for a server that is not an emulator")
        try:
            return self._by_machine(row, wire) if machine else self._by_check(row, wire)
        except KeyboardInterrupt:
            self._stopped = "the run was stopped before its verdict"
            return Outcome(row.id, Verdict.UNKNOWN, reason=self._stopped)

    def _by_check(self, row: Requirement, wire: Wire) -> Outcome:
        found = judge(self._checks[row.id], wire)
        if found.verdict is Verdict.FAIL:
            texts = tuple(finding.text for finding in found.findings)
            self._log.write("case", requirement=row.id, case=Case("check", row.id, self._plan.seed, texts).as_json())
        return soften(row, found, wire.target)

    def _by_machine(self, row: Requirement, wire: Wire) -> Outcome:
        plan, subject = self._plan, self._subject
        if subject is None:
            return Outcome(row.id, Verdict.NOT_RUN, reason="no subject was given")
        told = sync.campaign(
            row.id,
            subject,
            wire,
            seed=derived_seed(plan.seed, row.id),
            examples=plan.examples,
            steps=plan.steps,
            options=plan.subject_options,
            member=plan.profile or MEMBER,
            limit_s=plan.subject_timeout_s,
        )
        if told.hung and not isinstance(subject, CommandSubject):
            self._hung = f"the subject still hangs in this process, since {row.id}"
        if told.program is None:
            return Outcome(row.id, told.verdict, reason=told.reason, fault=told.fault)
        case = Case(
            kind="program",
            requirement=row.id,
            seed=plan.seed,
            findings=(told.finding or "",),
            program=tuple(told.program),
            subject=plan.subject_name,
            options=dict(plan.subject_options),
        )
        self._log.write("case", requirement=row.id, case=case.as_json())
        return Outcome(row.id, Verdict.FAIL, (Finding(told.finding or "", None),))


def judge(check: Check, wire: Wire) -> Outcome:
    """Run one check, tidy up after it, and say what came of it."""
    verdict, reason, fault = Verdict.PASS, None, False
    try:
        check.run(wire)
    except Unmet as unmet:
        wire.expect(False, str(unmet))
    except CannotTell as problem:
        verdict, reason = Verdict.UNKNOWN, str(problem)
    except Unsupported as problem:
        verdict, reason = Verdict.UNSUPPORTED, str(problem)
    except NotRunnable as problem:
        verdict, reason = Verdict.NOT_RUN, str(problem)
    except Exception:  # a check that breaks says nothing of the target, and the run goes on
        verdict, reason, fault = Verdict.UNKNOWN, traceback.format_exc(limit=-3), True
    left = wire.tidy_up()
    if wire.findings and verdict is not Verdict.UNSUPPORTED:
        return Outcome(check.id, Verdict.FAIL, tuple(wire.findings), reason, fault)
    if verdict is Verdict.PASS and left and not wire.target.control_url:
        reason = f"left behind: {', '.join(left)}"
    return Outcome(check.id, verdict, (), reason, fault)


def soften(row: Requirement, outcome: Outcome, target: Target) -> Outcome:
    """On a real server a failure of what was only assumed is no fault of the server: the assumption does not hold."""
    if outcome.verdict is Verdict.FAIL and row.source == "assumed" and not target.control_url:
        reason = "the assumption behind this requirement does not hold on this target"
        return Outcome(outcome.requirement, Verdict.UNKNOWN, outcome.findings, reason)
    return outcome


def _beginning(plan: Plan, target: Target) -> dict[str, Any]:
    return {
        "run": fresh_run_id(),
        "version": VERSION,
        "seed": plan.seed,
        "examples": plan.examples,
        "shard": list(plan.shard),
        "subject": plan.subject_name,
        "profile": plan.profile,
        "target": {"kind": target.kind, "target_url": target.site_url, "company_id": target.company_id},
        "planned": [row.id for row in plan.rows],
        "baseline": sorted(plan.baseline),
        "volatile": {
            "fields": list(VOLATILE_FIELDS),
            "headers": list(VOLATILE_HEADERS),
            "members": list(VOLATILE_MEMBERS),
        },
    }


def _verdict(row: Requirement, outcome: Outcome) -> dict[str, Any]:
    return {
        "requirement": row.id,
        "level": row.level,
        "sentence": row.sentence,
        "source": row.source,
        "tags": sorted(row.tags),
        "verdict": outcome.verdict.value,
        "reason": outcome.reason,
        "fault": outcome.fault,
        "findings": [{"text": finding.text, "exchange": finding.exchange} for finding in outcome.findings],
    }
