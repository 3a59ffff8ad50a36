"""Callers of the shared emulator."""

from __future__ import annotations

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control


@pytest.fixture
def admin(emulator: Emulator) -> Caller:
    """The member who may everything, on an emulator in its seeded state."""
    return Caller(emulator)


@pytest.fixture
def sonic(emulator: Emulator) -> Caller:
    """The SonicSaaS member: Company Maintenance with Edit and Inquire, among others."""
    return Caller(emulator, "sonicsaas")


@pytest.fixture
def control(emulator: Emulator) -> Control:
    """The control API of the same emulator."""
    return Control(emulator)
