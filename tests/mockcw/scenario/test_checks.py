"""Comparisons of what was measured with what it must be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mockcw.scenario.checks import fits, shown


@pytest.mark.parametrize(
    ("found", "bounds", "holds"),
    [
        (3, {"equals": 3.0}, True),
        (Decimal("3.0"), {"equals": 3}, True),
        ("Open", {"equals": "open"}, True),
        ("Open", {"differs": "open"}, False),
        (None, {"equals": "x"}, False),
        (None, {"differs": "x"}, True),
        (None, {"absent": True}, True),
        ("", {"absent": True}, True),
        ("x", {"absent": True}, False),
        (None, {"absent": False}, False),
        ({"id": 1}, {"absent": True}, False),
        (2, {"at_most": 2, "at_least": 2}, True),
        (2, {"at_most": 1}, False),
        (2, {"at_least": 3}, False),
        ([1, 2], {"at_least": 2}, True),
        ([2, 1], {"equals": [1, 2]}, True),
        ([1, 1], {"equals": [1]}, False),
        (1, {"equals": [1]}, False),
        ("many", {"at_most": 9}, False),
        (None, {"at_most": 9}, False),
        (True, {"at_most": 9}, False),
        (True, {"equals": True}, True),
    ],
)
def test_bounds(found: Any, bounds: dict[str, Any], holds: bool) -> None:
    assert fits(found, bounds) is holds


def test_measures_are_shown_as_json_can_hold_them() -> None:
    assert [shown(Decimal("2.50")), shown(Decimal("4.0")), shown({"id": 1, "_info": {}})] == [2.5, 4, {"id": 1}]
