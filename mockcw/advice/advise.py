"""Advice on a role and a member, put together: from a vendor's flows, from recorded traffic, or from operations alone.

Knows which of the ways to look belongs to which question; prints nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from mockcw.advice.flow import profile_of
from mockcw.advice.running import PASSED, Bench, Outcome
from mockcw.advice.situation import Situation, offered_levels
from mockcw.advice.smallest import Advice, Search, change_for, changed_by
from mockcw.advice.traffic import Replay, Traffic
from mockcw.catalogue import Operation, load
from mockcw.permissions.remedy import Remedy
from mockcw.settings import Settings


def silent() -> None:
    """Tell nobody of a trial."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a question: the change, the steps before and after it where something was tried, how many trials."""

    about: str
    remedy: Remedy
    situation: Situation
    before: tuple[Outcome, ...] = ()
    after: tuple[Outcome, ...] = ()
    trials: int = 0
    notes: tuple[str, ...] = ()

    @property
    def helpless(self) -> bool:
        """Whether no change of role and member helps."""
        return any(one.seen != PASSED for one in self.after)

    def as_json(self) -> dict[str, Any]:
        """All of it as data."""
        return {
            "about": self.about,
            "change": self.remedy.as_json(),
            "passes_before": all(one.seen == PASSED for one in self.before) if self.before else self.remedy.empty,
            "passes_after": not self.helpless,
            "verified_by": "trials" if self.trials else "the gates of the operations",
            "trials": self.trials,
            "steps_before": [outcome_json(one) for one in self.before],
            "steps_after": [outcome_json(one) for one in self.after],
            "notes": list(self.notes),
        }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """What came of a step as data."""
    step = outcome.step
    return {
        "step": step.key,
        "operation": f"{step.operation.method} {step.operation.path}",
        "seen": outcome.seen,
        "detail": outcome.detail,
        "user_sees": outcome.words or None,
        "reason": outcome.reason if outcome.failed else None,
        "citation": step.citation,
    }


def for_profile(name: str, given: Situation, settings: Settings, told: Callable[[], None] = silent) -> Told:
    """The smallest change after which a vendor's flows pass. Raises MockcwError for an unknown profile."""
    profile = profile_of(name)
    operations = [one.operation for one in profile.steps]
    with Bench(asdict(settings)) as bench:
        search = Search(partial(bench.run, profile.steps), operations, offered_levels(load().areas), settings, told)
        return of(f"the flows of {profile.title}", search, search.change(given))


def for_traffic(traffic: Traffic, given: Situation, settings: Settings, told: Callable[[], None] = silent) -> Told:
    """The smallest change after which recorded requests are answered as without limits, on the demo's records."""
    with Bench(asdict(settings)) as bench:
        replay = Replay(bench, traffic.recordings)
        search = Search(replay.run, replay.granted, offered_levels(load().areas), settings, told)
        found = of(f"the recorded requests ({len(traffic.recordings)})", search, search.change(given))
    if traffic.passed_over:
        return replace(found, notes=(f"entries that are no request of the API: {traffic.passed_over}",))
    return found


def check(stated: Situation) -> None:
    """Refuse a place, board or Customize item that the demo records do not have. Raises NotFound."""
    plain = Situation({})
    known = replace(stated, active=plain.active, client_id=plain.client_id, allowed_clients=plain.allowed_clients)
    if known != plain:
        with Bench() as bench:
            bench.prepare(stated)


def for_operations(operations: Sequence[Operation], given: Situation, settings: Settings) -> Told:
    """The smallest change after which operations are allowed on every record, by their gates."""
    remedy = change_for(given, operations, offered_levels(load().areas), settings)
    return Told(f"the operations asked for ({len(operations)})", remedy, changed_by(given, remedy))


def of(about: str, search: Search, advice: Advice) -> Told:
    """A search and what it found."""
    return Told(about, advice.remedy, advice.situation, tuple(advice.before), tuple(advice.after), search.trials)
