"""The machine: tickets, time, agreements and additions, over the wire, held against the model at every step."""

from __future__ import annotations

import hypothesis
from hypothesis.stateful import run_state_machine_as_test

from tests.mockcw.machine.ground import Ground
from tests.mockcw.machine.steps_finance import FinanceSteps
from tests.mockcw.machine.steps_reading import ReadingSteps
from tests.mockcw.machine.steps_tickets import TicketSteps
from tests.mockcw.machine.steps_time import TimeSteps

STEPS = 50
PHASES = (hypothesis.Phase.generate, hypothesis.Phase.shrink)


class Machine(TicketSteps, TimeSteps, FinanceSteps, ReadingSteps):
    """All the steps."""


def run(ground: Ground, examples: int, *, seed: int | None = None, shrink: bool = True) -> None:
    """Run examples on this ground: by chance, or always the same ones of a seed. Raises Divergence, shrunk if asked."""
    machine = type("Machine", (Machine,), {"ground": ground})
    run_state_machine_as_test(
        machine if seed is None else hypothesis.seed(seed)(machine),
        settings=hypothesis.settings(
            hypothesis.settings.default,
            max_examples=examples,
            stateful_step_count=STEPS,
            database=None,
            report_multiple_bugs=False,
            phases=PHASES if shrink else PHASES[:1],
            suppress_health_check=list(hypothesis.HealthCheck),
            deadline=None,
        ),
    )
