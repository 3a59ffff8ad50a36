"""One emulator with a member on trial for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockcw.advice.running import Bench


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """Each run starts from the same records, so tests may share it."""
    with Bench() as made:
        yield made
