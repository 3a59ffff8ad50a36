"""Time entries: charge, defaults, hours, the sheet of the week, what a handed-in sheet locks, log and audit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.clock import from_text
from mockcw.rules.moments import written
from mockcw.rules.time.sheets import week_of
from tests.mockcw.rules.desk import NOW, Desk

TIME = "/time/entries"
SHEETS = "/time/sheets"


def charged(desk: Desk, ticket: int, **fields: Any) -> dict[str, Any]:
    return desk.time(chargeToId=ticket, chargeToType="ServiceTicket", **fields)


def sheet(desk: Desk, entry: dict[str, Any]) -> dict[str, Any]:
    return dict(desk.read(f"{SHEETS}/{entry['timeSheet']['id']}"))


# -- charge and defaults -----------------------------------------------------------------------------------------------


@pytest.mark.rule("time-entry.start")
def test_an_entry_shows_its_ticket_and_takes_what_the_ticket_has(desk: Desk) -> None:
    role = desk.make("/time/workRoles", name="Desk tech", hourlyRate=90)["id"]
    kind = desk.make("/time/workTypes", name="Desk remote", billTime="Billable", rateType="AdjAmount", rate=0)["id"]
    ticket = desk.ticket(workRole={"id": role}, workType={"id": kind}, billTime="NoCharge")["id"]
    made = charged(desk, ticket)
    assert (made["ticket"]["id"], made["ticket"]["summary"], made["company"]["id"]) == (ticket, "Printer", desk.company)
    assert (made["ticketBoard"], made["ticketStatus"]) == ("Desk board", "New")
    assert (made["workRole"]["id"], made["workType"]["id"], made["hourlyRate"]) == (role, kind, 90.0)
    assert (made["billableOption"], made["member"]["id"]) == ("NoCharge", desk.member)
    assert (made["location"]["id"], made["department"]["id"]) == (1, desk.department)
    assert (made["status"], made["enteredBy"], made["dateEntered"]) == ("Open", "Admin", NOW)
    assert desk.read(f"{TIME}/{made['id']}") == made


def test_an_entry_repeats_its_place_and_what_its_hours_come_to(desk: Desk) -> None:
    role = desk.make("/time/workRoles", name="Desk tech", hourlyRate=90)["id"]
    ticket = desk.ticket(workRole={"id": role})["id"]
    made = charged(desk, ticket)
    assert (made["locationId"], made["locationName"], made["businessUnitId"]) == (1, "Main Office", desk.department)
    assert (made["hoursBilled"], made["invoiceHours"], made["extendedInvoiceAmount"]) == (2.0, 2.0, 180.0)
    free = desk.admin.patch(f"{TIME}/{made['id']}", ("replace", "billableOption", "NoCharge")).json()
    assert (free["actualHours"], free["invoiceHours"], free["extendedInvoiceAmount"]) == (2.0, 0.0, 0.0)
    other = desk.make("/system/departments", identifier="DESK2", name="Other department")["id"]
    assert charged(desk, ticket, businessUnitId=other)["department"]["id"] == other


def test_time_is_charged_to_codes_and_activities_too(desk: Desk) -> None:
    code = desk.make("/time/chargeCodes", name="Desk admin", company={"id": desk.company}, billTime="DoNotBill")["id"]
    made = desk.time(chargeToId=code, chargeToType="ChargeCode")
    assert (made["company"]["id"], made["billableOption"]) == (desk.company, "DoNotBill")
    call = desk.make("/sales/activities", name="Call", assignTo={"id": desk.member}, company={"id": desk.company})["id"]
    made = desk.time(chargeToId=call, chargeToType="Activity")
    assert (made["activity"]["id"], made["company"]["id"]) == (call, desk.company)


@pytest.mark.rule("time-entry.charge")
def test_a_charge_that_leads_nowhere_is_refused_and_changes_nothing(desk: Desk) -> None:
    before = desk.records()
    body = {"timeStart": NOW, "chargeToId": 999}
    for kind, text in (("ServiceTicket", "Ticket"), ("ChargeCode", "Charge Code"), ("Activity", "Activity")):
        answer = desk.admin.post(TIME, {**body, "chargeToType": kind})
        assert desk.refused(answer, "NotFound", "chargeToId") == f"{text} 999 not found"
    desk.refused(desk.admin.post(TIME, body), "MissingRequiredField", "chargeToType")
    assert desk.records() == before


def test_time_that_moves_to_another_ticket_shows_that_one(desk: Desk) -> None:
    entry, other = charged(desk, desk.ticket()["id"]), desk.ticket(summary="Scanner")["id"]
    moved = desk.admin.patch(f"{TIME}/{entry['id']}", ("replace", "chargeToId", other)).json()
    assert (moved["ticket"]["summary"], moved["timeSheet"]["id"]) == ("Scanner", entry["timeSheet"]["id"])


@pytest.mark.rule("time-entry.hours")
@pytest.mark.parametrize(
    ("fields", "hours"),
    [
        ({}, 2.0),
        ({"hoursDeduct": 0.5}, 1.5),
        ({"hoursDeduct": 5}, 0.0),
        ({"actualHours": 7}, 2.0),
        ({"timeEnd": None, "actualHours": 7}, 7.0),
        ({"timeEnd": None}, 0.0),
    ],
)
def test_hours_are_end_minus_start_minus_deduction(desk: Desk, fields: dict[str, Any], hours: float) -> None:
    assert desk.time(**fields)["actualHours"] == hours


@pytest.mark.rule("time-entry.defaults")
def test_defaults_say_what_an_entry_would_be_and_store_nothing(desk: Desk) -> None:
    ticket = desk.ticket()["id"]
    body = {"chargeToId": ticket, "chargeToType": "ServiceTicket", "timeStart": "2026-03-04T08:00:00Z"}
    body |= {"timeEnd": "2026-03-04T09:30:00Z"}
    before = desk.records()
    answer = desk.admin.post(f"{TIME}/defaults", body)
    assert answer.status_code == 200
    assert desk.records() == before
    shown, made = answer.json(), desk.make(TIME, **body)
    assert (shown["actualHours"], shown["member"]["identifier"], shown["company"]["id"]) == (1.5, "Admin", desk.company)
    assert {name: made[name] for name in shown} == shown
    nowhere = {**body, "chargeToId": 999}
    desk.refused(desk.admin.post(f"{TIME}/defaults", nowhere), "NotFound", "chargeToId")


# -- sheets ------------------------------------------------------------------------------------------------------------


@given(st.datetimes(datetime(1, 1, 9), datetime(9999, 12, 20)))  # noqa: DTZ001
def test_a_week_runs_from_saturday_to_friday(when: datetime) -> None:
    when = when.replace(microsecond=0, tzinfo=UTC)
    week = week_of(written(when))
    assert week is not None
    assert (week.weekday(), week.hour) == (5, 0)
    assert timedelta() <= when - week < timedelta(days=7)


@pytest.mark.rule("time-entry.sheet")
def test_the_first_entry_of_a_week_makes_the_members_sheet(desk: Desk) -> None:
    made = desk.time()
    found = sheet(desk, made)
    assert (found["dateStart"], found["dateEnd"]) == ("2026-02-28T00:00:00Z", "2026-03-06T00:00:00Z")
    assert (found["member"]["id"], found["status"], found["hours"], found["year"]) == (desk.member, "Open", 2.0, 2026)
    same = desk.time(timeStart="2026-02-28T00:00:00Z", timeEnd="2026-02-28T01:00:00Z")
    assert (same["timeSheet"]["id"], sheet(desk, same)["hours"]) == (found["id"], 3.0)
    other = desk.one("/system/members", "identifier='SonicSaaS'")["id"]
    assert desk.time(member={"id": other})["timeSheet"]["id"] != found["id"]
    assert desk.time(timeStart="2026-03-07T00:00:00Z", timeEnd=None)["timeSheet"]["id"] != found["id"]


@pytest.mark.rule("time-entry.off-sheet")
def test_a_sheet_adds_up_what_is_on_it(desk: Desk) -> None:
    one, two = desk.time(), desk.time()
    path = f"{TIME}/{one['id']}"
    desk.admin.patch(path, ("replace", "timeEnd", "2026-03-04T13:00:00Z")).raise_for_status()
    assert sheet(desk, two)["hours"] == 7.0
    moved = desk.admin.patch(
        path, ("replace", "timeStart", "2026-03-10T08:00:00Z"), ("replace", "timeEnd", "2026-03-10T09:00:00Z")
    ).json()
    assert (sheet(desk, two)["hours"], sheet(desk, moved)["hours"]) == (2.0, 1.0)
    assert desk.admin.delete(f"{TIME}/{two['id']}").status_code == 204
    assert sheet(desk, two)["hours"] == 0.0


def test_a_sheet_of_endless_hours_still_shows_a_number(desk: Desk) -> None:
    for _ in range(2):
        made = desk.time(timeEnd=None, actualHours=1.7e308)
    assert sheet(desk, made)["hours"] == 1e12
    rated = desk.admin.patch(f"{TIME}/{made['id']}", ("replace", "hourlyRate", 90)).json()
    assert rated["extendedInvoiceAmount"] > 1e300


@pytest.mark.rule("time-entry.opened")
def test_what_the_server_keeps_of_an_entry_is_not_writable(desk: Desk) -> None:
    made = desk.time(status="Billed", enteredBy="Somebody", timeSheet={"id": 77})
    assert (made["status"], made["enteredBy"]) == ("Open", "Admin")
    put = desk.admin.put(f"{TIME}/{made['id']}", {"timeStart": made["timeStart"], "status": "Billed"}).json()
    assert (put["status"], put["timeSheet"], put["dateEntered"]) == ("Open", made["timeSheet"], made["dateEntered"])


@pytest.mark.rule("time-entry.locked")
def test_time_on_a_sheet_handed_in_is_locked(desk: Desk) -> None:
    made = desk.time()
    desk.do(f"{SHEETS}/{made['timeSheet']['id']}/submit")
    before = desk.records()
    patched = desk.admin.patch(f"{TIME}/{made['id']}", ("replace", "notes", "x"))
    text = f"Time sheet {made['timeSheet']['id']} has the status ReadyToBill; its time cannot be changed."
    for answer in (patched, desk.admin.delete(f"{TIME}/{made['id']}"), desk.admin.post(TIME, {"timeStart": NOW})):
        assert (answer.status_code, answer.json()) == (400, {"code": "TimeEntryApi", "message": text})
    assert desk.records() == before


def test_time_on_a_sheet_handed_in_changes_where_the_setting_says_so() -> None:
    with Emulator("empty", settings={"handed_in_time": "allow"}) as emulator:
        emulator.world.clock.set(from_text(NOW), frozen=True)
        desk = Desk(emulator)
        made = desk.time()
        desk.do(f"{SHEETS}/{made['timeSheet']['id']}/submit")
        assert desk.admin.patch(f"{TIME}/{made['id']}", ("replace", "notes", "x")).status_code == 200


# -- log and audit -----------------------------------------------------------------------------------------------------


@pytest.mark.rule("time-entry.logged")
def test_each_write_leaves_a_row_in_the_change_log_until_it_is_cleared(desk: Desk) -> None:
    made = charged(desk, desk.ticket()["id"], notes="first")
    desk.admin.patch(f"{TIME}/{made['id']}", ("replace", "notes", "second")).raise_for_status()
    desk.admin.delete(f"{TIME}/{made['id']}").raise_for_status()
    rows = desk.read("/time/changelogs", conditions=f"timeRecId={made['id']}")
    assert [(row["action"], row["notes"]) for row in rows] == [
        ("Insert", "first"),
        ("Update", "second"),
        ("Delete", "second"),
    ]
    assert (rows[0]["serviceRequestSummary"], rows[0]["memberId"], rows[0]["hoursActual"]) == ("Printer", "Admin", 2.0)
    assert desk.admin.delete("/time/changelogs").status_code == 204
    assert desk.read("/time/changelogs") == []


def test_the_log_keeps_nothing_from_being_deleted(desk: Desk) -> None:
    ticket = desk.ticket()["id"]
    made = charged(desk, ticket)
    desk.admin.delete(f"{TIME}/{made['id']}").raise_for_status()
    assert desk.admin.delete(f"/service/tickets/{ticket}").status_code == 204


@pytest.mark.rule("time-entry.audited")
def test_changes_of_an_entry_are_audited(desk: Desk) -> None:
    made = desk.time()
    desk.admin.patch(f"{TIME}/{made['id']}", ("replace", "timeEnd", "2026-03-04T09:00:00Z")).raise_for_status()
    rows = desk.read(f"{TIME}/{made['id']}/audits")
    assert [(row["type"], row["oldValue"], row["newValue"]) for row in rows] == [
        ("DateTime", "2026-03-04T10:00:00Z", "2026-03-04T09:00:00Z"),
        ("ActualHours", "2.0", "1.0"),
    ]
    assert {row["member"]["id"] for row in rows} == {desk.member}
