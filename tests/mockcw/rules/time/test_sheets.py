"""Time sheets from state to state, and the periods they belong to."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mockcw import Emulator
from mockcw.clock import from_text
from mockcw.engine.writer import Author
from tests.mockcw.caller import Caller
from tests.mockcw.rules.desk import NOW, Desk

TIME = "/time/entries"
SHEETS = "/time/sheets"
SETUPS = "/time/timePeriodSetups"
MANAGED = "/system/myCompany/timeExpense"


def tiers(desk: Desk, *, one: bool, two: bool) -> None:
    """Set the company's approval tiers in its record, which the surface cannot create."""
    engine = desk.emulator.world.tenants["training"].engine
    found = desk.read(MANAGED)
    flags = {"tier1ApprovalFlag": one, "tier2ApprovalFlag": two}
    author = Author("Admin", None)
    if found:
        engine.set(MANAGED, found[0]["id"], flags, author)
    else:
        engine.add(MANAGED, (), {**flags, "internalCompany": {"id": desk.company}}, author)


def handed(desk: Desk) -> tuple[str, int]:
    """A sheet with one entry: its path and the entry's id."""
    made = desk.time()
    return f"{SHEETS}/{made['timeSheet']['id']}", int(made["id"])


def states(desk: Desk, path: str, entry: int) -> tuple[str, str]:
    return desk.read(path)["status"], desk.read(f"{TIME}/{entry}")["status"]


@pytest.mark.rule("time-sheet.submit")
@pytest.mark.parametrize(
    ("one", "two", "steps"),
    [
        (False, False, [("submit", "ReadyToBill"), ("reverse", "Open")]),
        (True, False, [("submit", "PendingApproval"), ("approve", "ReadyToBill"), ("reverse", "Open")]),
        (
            True,
            True,
            [
                ("submit", "PendingApproval"),
                ("approve", "ApprovedByTierOne"),
                ("approve", "ApprovedByTierTwo"),
                ("approve", "ReadyToBill"),
            ],
        ),
        (True, True, [("submit", "PendingApproval"), ("reject", "Rejected"), ("submit", "PendingApproval")]),
        (
            True,
            True,
            [
                ("submit", "PendingApproval"),
                ("approve", "ApprovedByTierOne"),
                ("reject", "RejectBySecondTier"),
                ("submit", "PendingApproval"),
            ],
        ),
    ],
)
def test_a_sheet_and_its_entries_go_from_state_to_state(
    desk: Desk, *, one: bool, two: bool, steps: list[tuple[str, str]]
) -> None:
    tiers(desk, one=one, two=two)
    path, entry = handed(desk)
    for step, state in steps:
        answer = desk.do(f"{path}/{step}", {} if step == "approve" else None)
        assert answer["success"] is True
        assert states(desk, path, entry) == (state, state)
    audits = desk.read(f"{path}/audits")
    assert [audit["newValue"] for audit in audits] == [state for _, state in steps]


@pytest.mark.rule("time-sheet.out-of-turn")
def test_a_step_out_of_turn_is_refused_and_changes_nothing(desk: Desk) -> None:
    tiers(desk, one=True, two=True)
    path, _ = handed(desk)
    before = desk.records()
    for step in ("approve", "reject", "reverse"):
        answer = desk.admin.post(f"{path}/{step}", {})
        assert desk.refused(answer, "InvalidField", "status") == "Time Sheet cannot go on from the status Open."
    assert desk.records() == before
    desk.do(f"{path}/submit")
    desk.refused(desk.admin.post(f"{path}/submit", {}), "InvalidField", "status")
    desk.refused(desk.admin.post(f"{path}/approve", {"approvalType": "Tier2Update"}), "InvalidField", "status")
    desk.do(f"{path}/approve", {"approvalType": "Tier1Update"})
    assert desk.read(path)["status"] == "ApprovedByTierOne"
    assert desk.admin.post(f"{SHEETS}/999/submit", {}).status_code == 404


@pytest.mark.rule("time-sheet.rejected")
def test_an_edit_after_a_rejection_says_so(desk: Desk) -> None:
    tiers(desk, one=True, two=False)
    path, entry = handed(desk)
    desk.do(f"{path}/submit")
    desk.do(f"{path}/reject")
    desk.admin.patch(f"{TIME}/{entry}", ("replace", "notes", "corrected")).raise_for_status()
    assert states(desk, path, entry) == ("ErrorsCorrected", "ErrorsCorrected")
    desk.do(f"{path}/submit")
    assert states(desk, path, entry) == ("PendingApproval", "PendingApproval")


@pytest.mark.rule("time-sheet.reverse")
def test_billed_time_stays_billed_and_locked_when_its_sheet_is_reversed(desk: Desk) -> None:
    path, entry = handed(desk)
    desk.do(f"{path}/submit")
    engine = desk.emulator.world.tenants["training"].engine
    engine.set(TIME, entry, {"status": "Billed"}, Author("Admin", None))
    desk.do(f"{path}/reverse")
    assert states(desk, path, entry) == ("Open", "Billed")
    for answer in (
        desk.admin.patch(f"{TIME}/{entry}", ("replace", "notes", "x")),
        desk.admin.delete(f"{TIME}/{entry}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, "TimeEntryApi")


@pytest.mark.rule("time-sheet.empty")
def test_only_an_empty_sheet_is_deleted(desk: Desk) -> None:
    path, entry = handed(desk)
    assert desk.admin.delete(path).status_code == 409
    desk.admin.delete(f"{TIME}/{entry}").raise_for_status()
    assert desk.admin.delete(path).status_code == 204


class Steps(RuleBasedStateMachine):
    """Any steps in any order: the entries always show the state of their sheet, and hours always add up."""

    desk: Desk

    @initialize()
    def start(self) -> None:
        """A fresh desk with both tiers and one entry."""
        self.desk.emulator.world.tenants["training"].store.restore("desk")
        tiers(self.desk, one=True, two=True)
        self.path, _ = handed(self.desk)

    @rule(step=st.sampled_from(["submit", "approve", "reject", "reverse"]))
    def step(self, step: str) -> None:
        """One step, allowed or not."""
        assert self.desk.admin.post(f"{self.path}/{step}", {}).status_code in (200, 400)

    @rule()
    def enter(self) -> None:
        """Another entry, if the sheet takes it."""
        answer = self.desk.admin.post(TIME, {"timeStart": "2026-03-04T08:00:00Z", "actualHours": 1})
        assert answer.status_code in (201, 400)

    @invariant()
    def entries_agree(self) -> None:
        """The sheet's hours are its entries', and a handed-in sheet's entries have its state."""
        if not hasattr(self, "path"):
            return
        sheet = self.desk.read(self.path)
        entries = self.desk.read(TIME, conditions=f"timeSheet/id={sheet['id']}")
        assert sheet["hours"] == sum(one["actualHours"] for one in entries)
        if sheet["status"] in ("PendingApproval", "ApprovedByTierOne", "ReadyToBill"):
            assert {one["status"] for one in entries} == {sheet["status"]}


def test_entries_follow_their_sheet_whatever_is_done(desk: Desk) -> None:
    run_state_machine_as_test(
        type("AtDesk", (Steps,), {"desk": desk}),
        settings=settings(max_examples=8, stateful_step_count=10, suppress_health_check=list(HealthCheck)),
    )


# -- periods -----------------------------------------------------------------------------------------------------------

SETUP = {"periodApplyTo": "Both", "year": 2031, "numberFuturePeriods": 2, "daysPastEndDate": 3}


@pytest.mark.rule("time-period-setup.periods")
@pytest.mark.parametrize(
    ("kind", "first", "count", "second"),
    [
        ("Weekly", "2031-01-03T00:00:00Z", 52, ("2031-01-04T00:00:00Z", "2031-01-10T00:00:00Z")),
        ("BiWeekly", "2031-01-10T00:00:00Z", 26, ("2031-01-11T00:00:00Z", "2031-01-24T00:00:00Z")),
        ("SemiMonthly", "2031-01-15T00:00:00Z", 24, ("2031-01-16T00:00:00Z", "2031-01-31T00:00:00Z")),
        ("Monthly", "2031-01-31T00:00:00Z", 12, ("2031-02-01T00:00:00Z", "2031-02-28T00:00:00Z")),
        ("Weekly", "9999-12-24T00:00:00Z", 2, ("9999-12-25T00:00:00Z", "9999-12-31T00:00:00Z")),
        ("Monthly", "9999-12-31T00:00:00Z", 1, None),
    ],
)
def test_a_setup_makes_the_periods_of_its_year(
    desk: Desk, kind: str, first: str, count: int, second: tuple[str, str] | None
) -> None:
    made = desk.make(SETUPS, **SETUP, type=kind, firstPeriodEndDate=first)
    rows = desk.read(f"{SETUPS}/{made['id']}/periods", pageSize=100)
    assert (len(rows), rows[0]["endDate"], rows[0]["timePeriodSetup"]["id"]) == (count, first, made["id"])
    if second:
        assert (rows[1]["startDate"], rows[1]["endDate"], rows[1]["period"]) == (*second, 2)
    assert desk.read(f"{SETUPS}/{made['id']}/periods/count") == {"count": count}


def test_a_sheet_takes_its_number_and_deadline_from_the_period(desk: Desk) -> None:
    desk.make(SETUPS, **{**SETUP, "year": 2032}, type="Weekly", firstPeriodEndDate="2032-01-02T00:00:00Z")
    made = desk.time(timeStart="2032-01-14T08:00:00Z", timeEnd="2032-01-14T09:00:00Z")
    sheet = desk.read(f"{SHEETS}/{made['timeSheet']['id']}")
    assert (sheet["period"], sheet["dateStart"], sheet["deadline"]) == (
        3,
        "2032-01-10T00:00:00Z",
        "2032-01-19T00:00:00Z",
    )


def test_the_default_setup_is_for_the_first_year_without_one(desk: Desk) -> None:
    first = desk.read(f"{SETUPS}/default")
    assert (first["type"], first["periodApplyTo"]) == ("Weekly", "Both")
    made = desk.make(SETUPS, **first)
    assert desk.read(f"{SETUPS}/default")["year"] == made["year"] + 1


def test_expense_types_of_all_charge_codes_are_listed(desk: Desk) -> None:
    path = "/time/info/chargeCodeExpenseTypes"
    code = desk.make("/time/chargeCodes", name="Desk travel", company={"id": desk.company})["id"]
    before = desk.read(f"{path}/count")["count"]
    ways = {"billExpenses": "Billable", "invoiceMarkupOption": "Amount", "amountCaption": "Miles"}
    desk.make("/expense/types", name="Desk mileage", **ways)
    row = desk.make(f"/time/chargeCodes/{code}/expenseTypes", type={"name": "Desk mileage"})
    assert desk.read(f"{path}/count")["count"] == before + 1
    assert desk.read(path, conditions=f"chargeCode/id={code}") == [row]


@pytest.mark.rule("time-sheet.out-of-turn", "time-sheet.rejected")
def test_steps_out_of_turn_are_taken_where_the_setting_says_so() -> None:
    with Emulator("empty", settings={"sheet_steps": "free"}) as emulator:
        emulator.world.clock.set(from_text(NOW), frozen=True)
        desk = Desk(emulator)
        path = f"{SHEETS}/{desk.time()['timeSheet']['id']}"
        for step, status in (("approve", "ReadyToBill"), ("reject", "Rejected"), ("reverse", "Open")):
            desk.do(f"{path}/{step}", {"approvalType": "Tier1Update"} if step == "approve" else None)
            assert desk.read(path)["status"] == status


@pytest.mark.rule("time-entry.sheet")
@pytest.mark.parametrize(
    ("setting", "start", "week"),
    [
        ("utc", "2026-03-07T03:00:00Z", "2026-03-07"),  # Friday evening in New York
        ("server", "2026-03-07T03:00:00Z", "2026-02-28"),
        ("server", "2026-03-07T05:00:00Z", "2026-03-07"),
        ("server", "2026-03-07T00:00:00Z", "2026-03-07"),  # a date without a time
    ],
)
def test_an_evening_may_count_for_the_day_it_is_at_the_server(setting: str, start: str, week: str) -> None:
    with Emulator("small", settings={"time_entry_day": setting}) as emulator:
        admin = Caller(emulator)
        ticket = admin.get("/service/tickets", pageSize=1).json()[0]["id"]
        charge = {"chargeToId": ticket, "chargeToType": "ServiceTicket"}
        made = admin.post(TIME, {**charge, "timeStart": start, "actualHours": 1})
        assert made.status_code == 201, made.text
        sheet = admin.get(f"{SHEETS}/{made.json()['timeSheet']['id']}").json()
        assert sheet["dateStart"] == f"{week}T00:00:00Z"
