"""The service level of open tickets: which goal comes next and when it is due.

The stages and the form of the text are known from a client that reads them; hours are counted around the clock, since
working calendars are not looked at (assumed).
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Asking, View
from mockcw.engine.change import Look, Record
from mockcw.rules.moments import later, moment, written
from mockcw.rules.tickets import SERVICE

SLAS = "/service/SLAs"
PRIORITIES = f"{SLAS}/{{parentId}}/priorities"
STAGES = (  # the goal's hours, when it was reached, how long that took, what the text says
    ("respondHours", "dateResponded", "respondMinutes", "Respond"),
    ("planWithin", "dateResplan", "resPlanMinutes", "Plan"),
    ("resolutionHours", "dateResolved", "resolveMinutes", "Resolve"),
)
FARTHEST = 24 * 365 * 100  # hours; a goal beyond it is none


def open_tickets(look: Look, asking: Asking) -> Iterator[Record]:
    """Every open ticket with its service level worked out."""
    levels = {one["id"]: one for one in look.find(SLAS)}
    rows = {
        ((row.get("sla") or {}).get("id"), (row.get("priority") or {}).get("id")): row for row in look.find(PRIORITIES)
    }
    for ticket in look.find(SERVICE, closedFlag=False):
        level, priority = (ticket.get("sla") or {}).get("id"), (ticket.get("priority") or {}).get("id")
        goals = rows.get((level, priority)) or levels.get(level)
        yield ticket | (reckoned(ticket, goals) if goals else {})


def reckoned(ticket: Record, goals: Record) -> Record:
    """The ticket's next goal, and whether those behind it were reached in time."""
    start = moment((ticket.get("_info") or {}).get("dateEntered"))
    if start is None:
        return {}
    found: Record = {"escalationStartDateUTC": written(start), "isInSla": True, "slaStatus": "Resolved"}
    for hours, reached, minutes, word in STAGES:
        allowed = min(float(goals.get(hours) or 0), FARTHEST)
        done = moment(ticket.get(reached))
        if done is None:
            found["slaStatus"] = f"{word} by {later(start, hours=allowed):%a %m/%d %I:%M %p} UTC+00"
            break
        found[minutes] = int((done - start).total_seconds() // 60)
        found["isInSla"] = found["isInSla"] and found[minutes] <= allowed * 60
    return found


VIEWS = (
    View(f"{SERVICE}/calculateSla", (SERVICE, SLAS, PRIORITIES), open_tickets, "assumed", "Open tickets, goals due."),
)
