"""Time periods: a setup makes its year's periods, and what a new setup would start with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Add, Change, Effect, Look, Record, Rule
from mockcw.rules.moments import LAST, later, midnight, moment, written

SETUPS = "/time/timePeriodSetups"
PERIODS = f"{SETUPS}/{{parentId}}/periods"
EXPENSE_TYPES = "/time/chargeCodes/{parentId}/expenseTypes"
DAYS = {"Weekly": 7, "BiWeekly": 14}
FRIDAY = 4


def periods_made(change: Change) -> Iterator[Effect]:
    """The periods of the year in which the first one ends (assumed)."""
    setup = change.after
    first, grace = moment(setup.get("firstPeriodEndDate")), setup.get("daysPastEndDate") or 0
    if first is None:
        return
    begin = later(first, days=1 - DAYS.get(setup.get("type") or "", first.day))
    for number, end in enumerate(ends(setup, midnight(first)), 1):
        row = {
            "period": number,
            "startDate": written(midnight(begin)),
            "endDate": written(end),
            "deadlineDate": written(later(end, days=max(0, min(grace, 366)))),
        }
        yield Add(PERIODS, change.record_id, row)
        begin = later(end, days=1)


def ends(setup: Record, first: datetime) -> Iterator[datetime]:
    """The last days of the periods, from the first to the end of its year."""
    step, year, end = DAYS.get(setup.get("type") or ""), first.year, first
    while end.year == year:
        yield end
        last, end = end, later(end, days=step) if step else next_end(end, twice=setup.get("type") == "SemiMonthly")
        if end <= last or end == LAST:  # the calendar ends
            return


def next_end(end: datetime, *, twice: bool) -> datetime:
    """The next last day of a month, or with two periods a month the next fifteenth or last day."""
    day = later(end, days=1)
    middle = day.replace(day=15)
    if twice and day <= middle:
        return middle
    return later(later(day.replace(day=28), days=4).replace(day=1), days=-1)


def default(act: Act) -> Record:
    """Weekly periods from Saturday to Friday, for the first year that has no setup (assumed)."""
    taken = {setup.get("year") for setup in act.look.find(SETUPS)}
    year = int(act.today[:4])
    while year in taken:
        year += 1
    day = moment(f"{year:04d}-01-01T00:00:00Z")
    assert day is not None
    return {
        "periodApplyTo": "Both",
        "year": year,
        "numberFuturePeriods": 1,
        "type": "Weekly",
        "firstPeriodEndDate": written(later(day, days=(FRIDAY - day.weekday()) % 7)),
        "daysPastEndDate": 0,
    }


def expense_types(look: Look, asking: Asking) -> list[Record]:
    """The expense types of all charge codes."""
    return look.find(EXPENSE_TYPES)


RULES = (
    Rule("time-period-setup.periods", SETUPS, frozenset({"create"}), periods_made, "assumed", "A setup makes periods."),
)
ACTIONS = (Action("getTimeTimePeriodSetupsDefault", default, "assumed", "Weekly periods of the next year not set up."),)
VIEWS = (
    View(
        "/time/info/chargeCodeExpenseTypes",
        (EXPENSE_TYPES,),
        expense_types,
        "documented",
        "The expense types of all charge codes.",
    ),
)
