"""What a check is: a function that puts one requirement to the test over a `Wire`.

Knows the shape only. A check bears the id of the requirement that it judges: one requirement, one check.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from conformance.wire import Wire


@dataclass(frozen=True, slots=True)
class Check:
    """A judgement of the requirement `id`; `run` notes findings on the wire it is handed."""

    id: str
    run: Callable[[Wire], None]


def check(requirement: str) -> Callable[[Callable[[Wire], None]], Check]:
    """Make a function the check of `requirement`."""
    return lambda function: Check(requirement, function)
