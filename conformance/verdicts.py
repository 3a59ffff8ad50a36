"""The five verdicts, how they add up, and the exit code they lead to.

Knows no check and no report. Every planned requirement gets exactly one verdict, so the tally adds up to the plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What is known of one requirement after a run."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    UNSUPPORTED = "unsupported"
    NOT_RUN = "not run"


class Exit:
    """The promised exit codes of `cw-conformance`."""

    CONFORMS = 0
    DOES_NOT = 1
    CANNOT_TELL = 2
    STALE_BASELINE = 3
    WRONG_USE = 64
    HARNESS_FAULT = 70


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as required: the text, and the number of the exchange that shows it."""

    text: str
    exchange: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one requirement: `reason` says why when it is neither pass nor fail."""

    requirement: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    fault: bool = field(default=False)
    """Whether the judge itself broke while judging."""


def tally(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many requirements got each verdict; every verdict is named, also with zero."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    return {verdict.value: counts[verdict] for verdict in Verdict}


def exit_code(outcomes: Collection[Outcome], baseline: Collection[str] = ()) -> int:
    """The exit code of a run.

    Args:
        outcomes: one for each planned requirement.
        baseline: ids of requirements that are known to fail; one that passes makes the baseline stale.
    """
    if any(outcome.fault for outcome in outcomes):
        return Exit.HARNESS_FAULT
    if any(outcome.verdict is Verdict.FAIL and outcome.requirement not in baseline for outcome in outcomes):
        return Exit.DOES_NOT
    if any(outcome.verdict is Verdict.PASS and outcome.requirement in baseline for outcome in outcomes):
        return Exit.STALE_BASELINE
    if any(outcome.verdict is Verdict.UNKNOWN for outcome in outcomes):
        return Exit.CANNOT_TELL
    return Exit.CONFORMS
