"""The agreement scan: agreements with their additions (SonicSaaS guide, step 6, item 3).

Knows how agreements are read, and opens the ones that the migration works on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.reproduce.outcome import Outcome
from conformance.reproduce.vendor import Seen, Vendor

AGREEMENTS = "/finance/agreements"
OPENED = 5
"""How many agreements a scan opens before it says that none has line items."""

Record = dict[str, Any]


def agreement_scan(vendor: Vendor, options: Mapping[str, Any]) -> Outcome:
    """List the agreements and open the first that has additions; raises Refused."""
    pages = list(vendor.pages(AGREEMENTS, {"orderBy": "id"}))
    agreements = [row for _, page in pages for row in page]
    if not agreements:
        fact = "ConnectWise answered 200 with an empty list."
        return Outcome(False, "The scan runs without an error and finds no agreement.", (fact,), _exchanges(pages))
    opened = open_agreements(vendor, agreements)
    if opened is None:
        return Outcome(False, f"The scan finds {len(agreements)} agreements; the ones it opens show no line items.")
    agreement, additions = opened
    sees = f"{len(agreements)} agreements; {agreement.get('name')} opens with {len(additions)} line items."
    return Outcome(True, sees)


def open_agreements(vendor: Vendor, agreements: list[Record]) -> tuple[Record, list[Record]] | None:
    """The first of the agreements with an addition that is not cancelled, and those; raises Refused."""
    for agreement in agreements[:OPENED]:
        additions = vendor.rows(f"{AGREEMENTS}/{agreement['id']}/additions", {"orderBy": "id"})
        current = [one for one in additions if not one.get("cancelledDate")]
        if current:
            return agreement, current
    return None


def _exchanges(pages: list[tuple[Seen, list[Record]]]) -> tuple[Seen, ...]:
    return tuple(seen for seen, _ in pages)
