"""What all tests share: the Hypothesis profiles, and an emulator that each test finds in its seeded state."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from mockcw import Emulator

pytest_plugins = ["pytester"]

# Every example starts from what it builds itself, so a fixture that outlives one example is no danger; and time on a
# shared machine says nothing.
QUIET = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    "print_blob": True,
}
settings.register_profile("dev", max_examples=25, **QUIET)
settings.register_profile("ci", max_examples=100, **QUIET)
settings.register_profile("soak", max_examples=1500, **QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture(scope="session")
def built() -> Iterator[Emulator]:
    """One emulator a process; for tests that read only."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(built: Emulator) -> Iterator[Emulator]:
    """The emulator in its seeded state, whatever the test before did to it."""
    built.reset()
    yield built
    built.world.stage = None
    built.reset()
