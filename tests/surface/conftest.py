"""One server for all tests of the surface; what one of them makes, another finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockcw import Emulator
from tests.surface.door import Straight
from tests.surface.ground import Ground


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """A server with demo data."""
    with Emulator() as emulator:
        yield Ground(Straight(emulator))
