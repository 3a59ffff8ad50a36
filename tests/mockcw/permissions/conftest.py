"""The stage, built once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mockcw.permissions.stage import STAGED, Stage, staged


@pytest.fixture(scope="session")
def built_stage() -> Iterator[Stage]:
    """One stage a process."""
    with staged() as stage:
        stage.emulator.world.tenants["training"].store.snapshot(STAGED)
        yield stage


@pytest.fixture
def stage(built_stage: Stage) -> Stage:
    """The stage as it was built."""
    built_stage.emulator.world.tenants["training"].store.restore(STAGED)
    built_stage.control.delete("/requests")
    return built_stage
