"""A shop on the shared emulator; whatever it and its caller are answered fits its model."""

from __future__ import annotations

import pytest

from mockcw import Emulator, catalogue
from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.fitting import fitted
from tests.mockcw.rules.finance.shop import Shop
from tests.surface.shapes import Shapes


@pytest.fixture(scope="session")
def shapes() -> Shapes:
    """What answers must look like."""
    return Shapes(catalogue.load())


@pytest.fixture
def admin(emulator: Emulator, shapes: Shapes) -> Caller:
    """The member who may everything."""
    return fitted(Caller(emulator), shapes.catalogue, shapes)


@pytest.fixture
def shop(admin: Caller) -> Shop:
    """Makes what a test needs, as the same member."""
    return Shop(admin)
