"""The test alert: a device alert becomes a ticket with an assignee, gets a note, and moves on (SonicSaaS guide, step 6,
item 5; step 1, rows Service Tickets and Member Maintenance; Troubleshooting, last entry).

Knows how a vendor makes a ticket. A member list that cannot be read stops nothing: the ticket stays unassigned.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.reproduce.outcome import Outcome
from conformance.reproduce.vendor import Refused, Seen, Vendor, data_of

MEMBERS = "/system/members"
TICKETS = "/service/tickets"


def alert(vendor: Vendor, options: Mapping[str, Any]) -> Outcome:
    """Create a ticket for an alert, note on it, set it in progress; raises Refused, Empty."""
    company = vendor.first("/company/companies", {"orderBy": "id"})
    board = vendor.first("/service/boards", {"conditions": "inactiveFlag = false", "orderBy": "id"})
    statuses = vendor.rows(f"/service/boards/{board['id']}/statuses", {"orderBy": "sortOrder"})
    member, blind = assignee(vendor)
    body: dict[str, Any] = {
        "summary": "Test alert: device offline",
        "company": {"id": company["id"]},
        "board": {"id": board["id"]},
    }
    if member is not None:
        body["owner"] = {"id": member["id"]}
    ticket = vendor.need("POST", TICKETS, body=body)
    path = f"{TICKETS}/{ticket['id']}"
    try:
        vendor.need("POST", f"{path}/notes", body={"text": "Raised by a test alert.", "internalAnalysisFlag": True})
        moved = next((one for one in statuses[1:] if not one.get("closedStatus")), None)
        if moved is not None:
            change = {"op": "replace", "path": "status", "value": {"id": moved["id"]}}
            vendor.need("PATCH", path, body=[change])
    except Refused as refusal:
        fact = f"Ticket {ticket['id']} was created and is left without what the alert does next."
        return Outcome(False, "The ticket appears, and the alert then fails on it.", (fact,), (refusal.seen,))
    if blind is not None:
        fact = "The integration cannot look up members, so it sends the ticket without an assignee."
        return Outcome(False, f"Ticket {ticket['id']} appears, and its assignee is empty.", (fact,), (blind,))
    owner = (ticket.get("owner") or {}).get("identifier", "nobody: ConnectWise knows no such member")
    return Outcome(True, f"Ticket {ticket['id']} appears on the board {board.get('name')}, assigned to {owner}.")


def assignee(vendor: Vendor) -> tuple[dict[str, Any] | None, Seen | None]:
    """The member a ticket goes to, or the exchange that keeps the vendor from knowing any."""
    seen = vendor.send("GET", MEMBERS, {"conditions": "inactiveFlag = false", "orderBy": "id", "pageSize": 1})
    if seen.status >= 400:
        return None, seen
    found = data_of(seen)
    return (found[0], None) if isinstance(found, list) and found else (None, seen)
