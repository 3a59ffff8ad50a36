"""Which time is taken: by the ticket's status, the period, the member, the company, the notes; what it adds up to."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockcw import Emulator
from mockcw.clock import from_text
from mockcw.engine.writer import Author
from tests.mockcw.caller import items
from tests.mockcw.rules.desk import NOW, Desk

TIME = "/time/entries"
HOURS = {"timeStart": "2026-03-04T08:00:00Z", "timeEnd": "2026-03-04T10:00:00Z"}


def charged(desk: Desk, ticket: int, **more: Any) -> dict[str, Any]:
    return desk.time(chargeToId=ticket, chargeToType="ServiceTicket", **more)


def turned_away(answer: httpx.Response, text: str) -> None:
    assert (answer.status_code, answer.json()) == (400, {"code": "TimeEntryApi", "message": text})


@pytest.fixture
def shut(desk: Desk) -> int:
    """A ticket whose status takes no time."""
    path = f"/service/boards/{desk.board}/statuses/{desk.status(desk.board, 'Done')}"
    desk.admin.patch(path, ("replace", "timeEntryNotAllowed", True)).raise_for_status()
    return int(desk.ticket(status={"name": "Done"})["id"])


@pytest.mark.rule("time-entry.takes-time")
def test_a_ticket_whose_status_takes_no_time_turns_it_away(desk: Desk, shut: int) -> None:
    text = "Please update the status of this ticket before entering time..."
    before = desk.records()
    turned_away(desk.admin.post(TIME, {**HOURS, "chargeToId": shut, "chargeToType": "ServiceTicket"}), text)
    assert desk.records() == before
    entry = charged(desk, desk.ticket()["id"])
    turned_away(desk.admin.patch(f"{TIME}/{entry['id']}", ("replace", "chargeToId", shut)), text)


@pytest.mark.rule("time-entry.takes-time")
def test_time_that_is_there_can_be_changed_after_its_ticket_was_shut(desk: Desk, shut: int) -> None:
    ticket = desk.ticket()["id"]
    entry = charged(desk, ticket)
    desk.admin.patch(f"/service/tickets/{ticket}", ("replace", "status", {"name": "Done"})).raise_for_status()
    assert desk.admin.patch(f"{TIME}/{entry['id']}", ("replace", "notes", "late")).status_code == 200
    answer = desk.admin.patch(f"{TIME}/{entry['id']}", ("replace", "chargeToId", shut))
    assert answer.status_code == 400


@pytest.mark.rule("time-entry.period")
def test_time_of_a_day_without_a_period_is_turned_away(desk: Desk) -> None:
    turned_away(
        desk.admin.post(TIME, {"timeStart": "1999-03-04T08:00:00Z"}), "No time period is set up for 1999-03-04."
    )
    entry = desk.time()
    moved = desk.admin.patch(f"{TIME}/{entry['id']}", ("replace", "timeStart", "1999-03-04T08:00:00Z"))
    turned_away(moved, "No time period is set up for 1999-03-04.")
    body = {"periodApplyTo": "Both", "year": 1999, "numberFuturePeriods": 1, "type": "Monthly", "daysPastEndDate": 0}
    desk.make("/time/timePeriodSetups", **body, firstPeriodEndDate="1999-01-31T00:00:00Z")
    assert desk.admin.post(TIME, {"timeStart": "1999-03-04T08:00:00Z"}).status_code == 201


def test_time_of_any_day_is_taken_where_the_setting_says_so() -> None:
    with Emulator("empty", settings={"time_periods": "any"}) as emulator:
        emulator.world.clock.set(from_text(NOW), frozen=True)
        assert Desk(emulator).time(timeStart="1999-03-04T08:00:00Z", timeEnd=None)["status"] == "Open"


@pytest.mark.rule("time-entry.both-ends")
def test_a_member_who_must_say_start_and_end_says_both(desk: Desk) -> None:
    path = f"/system/members/{desk.member}"
    assert desk.time(timeEnd=None, actualHours=1)["actualHours"] == 1
    desk.admin.patch(path, ("replace", "requireStartAndEndTimeOnTimeEntryFlag", True)).raise_for_status()
    answer = desk.admin.post(TIME, {"timeStart": NOW, "actualHours": 1})
    assert (answer.status_code, answer.json()["message"]) == (400, "timeEntry object is invalid")
    assert items(answer) == [("MissingRequiredField", "The timeEnd field is required.", "timeEnd")]
    assert desk.time()["actualHours"] == 2


@pytest.mark.rule("time-entry.noted")
def test_a_company_that_wants_notes_on_time_gets_some(desk: Desk) -> None:
    [setup] = desk.read("/system/myCompany/timeExpense")
    path = f"/system/myCompany/timeExpense/{setup['id']}"
    company = ("replace", "internalCompany", {"id": desk.company})
    desk.admin.patch(path, ("replace", "requireTimeNoteFlag", True), company).raise_for_status()
    answer = desk.admin.post(TIME, HOURS)
    assert items(answer) == [("MissingRequiredField", "The notes field is required.", "notes")]
    assert desk.time(notes="Printed")["notes"] == "Printed"


def test_notes_go_to_several_texts(desk: Desk) -> None:
    both = charged(desk, desk.ticket()["id"], notes="x", addToDetailDescriptionFlag=True, addToResolutionFlag=True)
    assert (both["addToDetailDescriptionFlag"], both["addToResolutionFlag"]) == (True, True)


@pytest.mark.rule("time-entry.one-note", "time-entry.deduct")
def test_notes_and_deductions_follow_their_settings() -> None:
    with Emulator("empty", settings={"time_note_flags": "one", "hours_deduct_on_create": "ignore"}) as emulator:
        emulator.world.clock.set(from_text(NOW), frozen=True)
        desk = Desk(emulator)
        flags = {"addToDetailDescriptionFlag": True, "addToResolutionFlag": True}
        text = "Only one of the addTo flags can be set."
        answer = desk.admin.post(TIME, {**HOURS, "notes": "x", **flags})
        assert items(answer) == [("InvalidField", text, "addToDetailDescriptionFlag")]
        made = desk.time(notes="x", addToResolutionFlag=True, hoursDeduct=0.5)
        assert made["actualHours"] == 2
        patched = desk.admin.patch(f"{TIME}/{made['id']}", ("replace", "hoursDeduct", 0.5)).json()
        assert patched["actualHours"] == 1.5


@pytest.mark.rule("time-entry.rate")
def test_the_rate_is_defaulted_on_create_and_changed_later(desk: Desk) -> None:
    role = desk.make("/time/workRoles", name="Desk tech", hourlyRate=90)["id"]
    made = charged(desk, desk.ticket(workRole={"id": role})["id"], hourlyRate=1)
    assert made["hourlyRate"] == 90
    assert desk.admin.patch(f"{TIME}/{made['id']}", ("replace", "hourlyRate", 120)).json()["hourlyRate"] == 120


@pytest.mark.rule("time-entry.agreement")
def test_another_agreement_brings_its_way_of_billing(desk: Desk) -> None:
    terms = {"employeeCompRate": "Actual", "employeeCompNotExceed": "Billing", "invoicingCycle": "CalendarYear"}
    bills = {"billTime": "NoCharge", "billExpenses": "Billable", "billProducts": "Billable"}
    kind = desk.make("/finance/agreements/types", name="Free", **terms, **bills)["id"]
    contact = desk.make("/company/contacts", firstName="Ann", company={"id": desk.company})["id"]
    who = {"company": {"id": desk.company}, "contact": {"id": contact}, "type": {"id": kind}}
    agreement = desk.make("/finance/agreements", name="Care", **who)["id"]
    made = charged(desk, desk.ticket()["id"])
    change = ("replace", "agreement", {"id": agreement})
    moved = desk.admin.patch(f"{TIME}/{made['id']}", change).json()
    assert (made["billableOption"], moved["billableOption"], moved["invoiceHours"]) == ("Billable", "NoCharge", 0)
    other = charged(desk, desk.ticket()["id"])
    said = desk.admin.patch(f"{TIME}/{other['id']}", change, ("replace", "billableOption", "DoNotBill")).json()
    assert said["billableOption"] == "DoNotBill"


@pytest.mark.rule("time-entry.ticket-hours")
def test_a_tickets_actual_hours_are_the_time_charged_to_it(desk: Desk) -> None:
    one, two = desk.ticket()["id"], desk.ticket()["id"]

    def hours() -> list[float]:
        return [desk.read(f"/service/tickets/{ticket}")["actualHours"] for ticket in (one, two)]

    first, second = charged(desk, one), charged(desk, one, hoursDeduct=0.5)
    assert hours() == [3.5, 0]
    desk.admin.patch(f"{TIME}/{first['id']}", ("replace", "timeEnd", "2026-03-04T09:00:00Z")).raise_for_status()
    assert hours() == [2.5, 0]
    desk.admin.patch(f"{TIME}/{second['id']}", ("replace", "chargeToId", two)).raise_for_status()
    assert hours() == [1, 1.5]
    assert desk.admin.delete(f"{TIME}/{second['id']}").status_code == 204
    assert hours() == [1, 0]


@pytest.mark.rule("time-entry.charge-kinds")
def test_a_project_issue_is_no_kind_of_charge(desk: Desk) -> None:
    answer = desk.admin.post(TIME, {**HOURS, "chargeToId": 1, "chargeToType": "ProjectIssue"})
    assert items(answer) == [("InvalidField", "The chargeToType field is invalid.", "chargeToType")]


@pytest.mark.rule("time-entry.role")
def test_a_work_role_fits_the_tickets_location(desk: Desk) -> None:
    level = desk.read("/system/locations")[0]["structureLevel"]
    place = desk.make("/system/locations", name="Far away", structureLevel=level)["id"]
    far = desk.make("/time/workRoles", name="Far engineer", locationIds=[place])["id"]
    ticket = desk.ticket()
    charge = {"chargeToId": ticket["id"], "chargeToType": "ServiceTicket"}
    body = {"timeStart": "2026-03-04T08:00:00Z", "actualHours": 1, **charge}
    text = f"Work Role {far} not found for Location {ticket['location']['id']}"
    answer = desk.admin.post("/time/entries", {**body, "workRole": {"id": far}})
    assert desk.refused(answer, "NotFound", "workRole") == text
    made = desk.make("/time/entries", **body)
    for change in (("replace", "workRole", {"id": far}), ("replace", "workRole/id", far)):
        answer = desk.admin.patch(f"/time/entries/{made['id']}", change)
        assert desk.refused(answer, "NotFound", "workRole") == text
    at_home = desk.make("/time/entries", timeStart="2026-03-04T08:00:00Z", workRole={"id": far})
    answer = desk.admin.patch(
        f"/time/entries/{at_home['id']}",
        ("replace", "chargeToType", "ServiceTicket"),
        ("replace", "chargeToId", ticket["id"]),
    )
    assert desk.refused(answer, "NotFound", "workRole") == text
    assert desk.admin.patch(f"/service/tickets/{ticket['id']}", ("replace", "location", {"id": place})).is_success
    assert desk.make("/time/entries", **body, workRole={"id": far})["workRole"]["id"] == far


@pytest.mark.rule("time-entry.locked")
def test_billed_time_that_is_on_no_sheet_stays_too(desk: Desk) -> None:
    made = desk.time()
    engine = desk.emulator.world.tenants["training"].engine
    engine.set("/time/entries", made["id"], {"status": "Billed", "timeSheet": None}, Author("Admin", None))
    path = f"/time/entries/{made['id']}"
    for answer in (desk.admin.patch(path, ("replace", "notes", "x")), desk.admin.delete(path)):
        assert (answer.status_code, answer.json()["code"]) == (400, "TimeEntryApi")


@pytest.mark.rule("time-entry.charge")
def test_time_that_is_charged_to_nothing_any_more_shows_nothing_of_its_ticket(desk: Desk) -> None:
    made = desk.time(chargeToId=desk.ticket()["id"], chargeToType="ServiceTicket")
    assert made["ticketStatus"] == "New"
    changed = desk.admin.patch(f"/time/entries/{made['id']}", ("remove", "chargeToId", None)).json()
    assert not {"ticket", "ticketBoard", "ticketStatus", "ticketType"} & set(changed)


@pytest.mark.rule("time-entry.sheet")
def test_a_member_who_is_not_there_is_told_before_the_callers_sheet_that_was_handed_in(desk: Desk) -> None:
    sheet = desk.time()["timeSheet"]["id"]
    desk.do(f"/time/sheets/{sheet}/submit")
    answer = desk.admin.post("/time/entries", {"timeStart": NOW, "member": {"identifier": "Nobody"}})
    assert items(answer) == [("NotFound", "Member Nobody not found", "member/identifier")]
