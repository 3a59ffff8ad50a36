"""A kept plan held against what the server has now: what changed since, and what would be done.

Pure: knows a plan and a fresh scan. A plan is only good while every old line is as it was when it was planned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from integration.agreements.plan import Plan, PlanLine, fingerprint, markers
from integration.agreements.records import Scan

READY: Final = "ready"
CHANGED: Final = "changed"
GONE: Final = "gone"
CREATED: Final = "already created"
NO_PRODUCT: Final = "product gone"
DATE_PASSED: Final = "date passed"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a line of the plan stands today."""

    line: PlanLine
    state: str


def compare(plan: Plan, scan: Scan) -> list[Standing]:
    """Say of every line whether it can still be carried out as planned."""
    agreements = {one.id: one for one in scan.agreements}
    additions = {(one.agreement_id, one.id): one for one in scan.additions}
    products = {one.id for one in scan.products if not one.is_inactive and one.product_class != "Bundle"}
    successors = markers(scan.additions)

    def state(line: PlanLine) -> str:
        key = (line.agreement_id, line.old_id)
        if key in successors:
            return CREATED
        if line.agreement_id not in agreements or key not in additions:
            return GONE
        if fingerprint(agreements[line.agreement_id], additions[key]) != line.fingerprint:
            return CHANGED
        if line.body["product"]["id"] not in products:
            return NO_PRODUCT
        return DATE_PASSED if line.begins < scan.today else READY

    return [Standing(line, state(line)) for line in plan.lines]
