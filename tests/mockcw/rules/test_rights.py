"""Each rule that asks for a right asks for it: the deeds of the permission tests, all in one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mockcw.permissions.deeds import DEEDS
from tests.mockcw.permissions.stage import Stage, staged


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged() as stage:
        stage.emulator.world.tenants["training"].store.snapshot("before the deeds")
        yield stage


@pytest.mark.rule(
    "right.close-ticket",
    "right.close-project-ticket",
    "right.close-project",
    "right.closed-opportunity",
    "right.billing-time",
    "right.billable-time",
    "right.billable-product",
    "right.ticket-dependency",
    "right.project-ticket-dependency",
)
def test_each_deed_is_refused_for_want_of_its_right(stage: Stage) -> None:
    for deed in DEEDS:
        stage.emulator.world.tenants["training"].store.restore("before the deeds")
        needing, _ = deed.ready(stage)
        stage.let(deed.area, "All")
        stage.refused_right(needing(stage.tech), deed.right)
