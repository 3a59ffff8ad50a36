"""Every wire check passes on the honest emulator and fails on the mutant made for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance import requirements
from conformance.checks import all_checks
from conformance.events import EventLog
from conformance.history import History, Redactor
from conformance.runner import judge
from conformance.target import of_emulator, stop_clock
from conformance.verdicts import Outcome, Verdict
from conformance.wire import Wire
from mockcw import Emulator
from tests.conformance.mutants.catalogue import MUTANTS
from tests.conformance.mutants.mutation import Mutant, mutated

CHECKS = all_checks()


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(demo="small", seed=1) as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh(emulator: Emulator) -> None:
    emulator.reset()


def outcome_of(emulator: Emulator, identity: str, mutant: Mutant | None) -> Outcome:
    application = emulator.wsgi_app if mutant is None else mutated(emulator.wsgi_app, mutant)
    target = of_emulator(emulator, application)
    if identity != "emulator.clock":
        target = stop_clock(target)
    wire = Wire(target, History(EventLog(), Redactor(target.secrets)), identity)
    try:
        return judge(CHECKS[identity], wire)
    finally:
        wire.close()


def test_every_requirement_tagged_wire_has_one_check_and_every_check_a_requirement() -> None:
    wire = {row.id for row in requirements.load() if "wire" in row.tags}
    assert set(CHECKS) == wire


def test_every_check_has_a_mutant() -> None:
    assert set(MUTANTS) == set(CHECKS)


@pytest.mark.parametrize("identity", sorted(CHECKS))
def test_a_check_passes_on_the_honest_emulator(emulator: Emulator, identity: str) -> None:
    outcome = outcome_of(emulator, identity, None)
    assert outcome.verdict is Verdict.PASS, (outcome.findings, outcome.reason)


@pytest.mark.parametrize("identity", sorted(CHECKS))
def test_a_check_fails_on_its_mutant(emulator: Emulator, identity: str) -> None:
    outcome = outcome_of(emulator, identity, MUTANTS[identity])
    assert outcome.verdict is Verdict.FAIL, (outcome.verdict, outcome.reason)
    assert not outcome.fault, outcome.reason
