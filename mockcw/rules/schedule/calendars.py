"""Calendars, holiday lists and the colours of a day's load: copies, and the colours a new instance has."""

from __future__ import annotations

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.rules.meant import meant
from mockcw.rules.shapes import Copying, copy_of

COLORS = "/schedule/colors"
CALENDARS = "/schedule/calendars"
LISTS = "/schedule/holidayLists"
BLANK = "#FFFFFF"
FIRST = (  # from percent, to percent, colour
    (0, 25, BLANK),
    (26, 50, "#CCFFCC"),
    (51, 75, "#FFFF99"),
    (76, 100, "#FFCC66"),
    (101, 999, "#FF9999"),
)


def reset(act: Act) -> list[Record]:
    """Give all rows the colours that a new instance has."""
    rows = act.look.find(COLORS)
    for row in rows[len(FIRST) :]:
        act.hands.erase(COLORS, row["id"])
    found = []
    for at, (start, end, color) in enumerate(FIRST):
        values = {"startPercent": start, "endPercent": end, "color": color}
        if at < len(rows):
            found.append(act.hands.set(COLORS, rows[at]["id"], values))
        else:
            found.append(act.hands.create(COLORS, (), values))
    return found


def clear(act: Act) -> Record:
    """Take the colour off the addressed row: it is white."""
    return act.hands.set(COLORS, act.here["id"], {"color": BLANK})


def copy_list(act: Act) -> Record:
    """Copy the holiday list that the body names by id, holidays included, under the body's name."""
    source = meant(act, LISTS, "id", act.body.get("id"), "Holiday List")
    return copy_of(act, source, LISTS, (), {"name": act.body["name"]})


CALENDAR = Copying(
    "postScheduleCalendarsByIdCopy", CALENDARS, "A copied calendar has the same hours.", names={"name": 50}
)
ACTIONS = (
    CALENDAR.action(),
    Action("postScheduleHolidayListsCopy", copy_list, "assumed", "A copied list has the same holidays.", 201),
    Action("postScheduleColorsReset", reset, "assumed", "The colours of a new instance, in its ranges."),
    Action("postScheduleColorsByIdClear", clear, "assumed", "A cleared colour is white."),
)
