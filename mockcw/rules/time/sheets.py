"""Time sheets: one a member and week, with a trail of who moved it from state to state.

How a sheet is submitted, approved, rejected and reversed is in `rules.approval`, which expense reports share.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Change, Look, Record
from mockcw.rules.approval import Sheets, approval
from mockcw.rules.moments import later, midnight, moment, written
from mockcw.rules.shapes import midnight as midnight_of

SHEETS = "/time/sheets"
AUDITS = f"{SHEETS}/{{parentId}}/audits"
ENTRIES = "/time/entries"
PERIODS = "/time/timePeriodSetups/{parentId}/periods"
OPEN = "Open"
SATURDAY = 5


def week_of(start: object) -> datetime | None:
    """The Saturday on which the week of a moment starts (a captured name shows weeks from Saturday to Friday)."""
    when = moment(start)
    return None if when is None else midnight(later(when, days=-((when.weekday() - SATURDAY) % 7)))


def worked_day(change: Change) -> str | None:
    """The day an entry is of; one that starts at midnight UTC has a date and no time (reported)."""
    start = change.after.get("timeStart")
    if moment(start) is None:
        return None
    day = midnight_of(str(start))
    return change.day_of(str(start)) if change.choices.time_entry_day == "server" and start != day else day


def sheet_of(look: Look, member: int, week: datetime) -> Record | None:
    """The member's sheet of a week."""
    found = look.find(SHEETS, member__id=member, dateStart=written(week))
    return found[0] if found else None


def new_sheet(look: Look, member: int, week: datetime) -> Record:
    """An open sheet; year and number are those of the time period, where one is set up."""
    end = later(week, days=6)
    periods = look.find(PERIODS, startDate=written(week))
    period = periods[0] if periods else {}
    return {
        "member": {"id": member},
        "year": end.year,
        "period": period.get("period") or (end.timetuple().tm_yday - 1) // 7 + 1,
        "dateStart": written(week),
        "dateEnd": written(end),
        "status": OPEN,
        "deadline": period.get("deadlineDate") or written(end),
    }


def traced(action: Action) -> Action:
    """A step of a sheet that leaves a row in its audit."""

    def answer(act: Act) -> Any:
        before, result = act.here.get("status"), action.answer(act)
        state = (act.look.get(SHEETS, act.id) or {}).get("status")
        audit = {
            "member": {"id": act.actor_id},
            "source": "API",
            "type": "Status",
            "message": f"Status was changed from {before} to {state}.",
            "oldValue": before,
            "newValue": state,
        }
        act.hands.create(AUDITS, (act.id,), audit)
        return result

    return replace(action, answer=answer)


KIND = Sheets(SHEETS, ENTRIES, "timeSheet", "Time Sheet")
ACTIONS = tuple(traced(action) for action in approval(KIND, "postTimeSheetsById"))
