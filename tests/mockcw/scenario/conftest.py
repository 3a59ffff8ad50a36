"""Stories written by a test, on stage in the shared emulator."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockcw import Emulator
from mockcw.scenario import Stage, put_on, read

HEAD = """
id = "a-story"
title = "A story"
story = "It happened."
evidence = "L"
source = "this test"
asks = "Do it."
[clock]
now = 2026-03-02T14:00:00Z
frozen = true
"""
NEVER = """
[[trap]]
says = "There is another company of that name."
records = "/company/companies"
query = { conditions = 'name="Twin"' }
at_most = 0
"""
DONE = """
[[duty]]
says = "Nobody asked for tickets."
requests = "GET /service/tickets*"
at_least = 1
"""


@pytest.fixture
def play(emulator: Emulator) -> Callable[..., Stage]:
    """Puts a story on stage whose middle is given; trap and duty unless it has its own."""

    def played(middle: str = "") -> Stage:
        trap = "" if "[[trap]]" in middle else NEVER
        duty = "" if "[[duty]]" in middle else DONE
        return put_on(emulator.world, read(HEAD + middle + trap + duty))

    return played
