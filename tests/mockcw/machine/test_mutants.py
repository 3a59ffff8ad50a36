"""The machine is no rubber stamp: leave one rule of the emulator out, and it diverges from the model."""

from __future__ import annotations

import os

import pytest

from tests.mockcw.machine.ground import Ground
from tests.mockcw.machine.machine import run
from tests.mockcw.machine.story import Divergence

BY_DAY = ("ticket.closing", "time-entry.hours", "addition.figures")
BY_NIGHT = (
    "ticket.note-flags",
    "ticket.charged",
    "ticket.merged-stays",
    "ticket.first-notes",
    "ticket.start",
    "time-entry.sheet",
    "time-entry.locked",
    "time-entry.takes-time",
    "time-entry.ticket-hours",
    "agreement.from-type",
    "agreement.cancelling",
    "addition.effective",
    "addition.cancelled",
    "addition.from-item",
    "addition.no-bundle",
)
RULES = BY_DAY + (BY_NIGHT if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else ())


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rule_the_machine_diverges(rule: str) -> None:
    ground = Ground(rules_off=rule)
    try:
        with pytest.raises(Divergence, match="The story:"):
            run(ground, 100, seed=1, shrink=False)
    finally:
        ground.close()
