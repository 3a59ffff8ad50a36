"""What the rules of time refuse, each with its whole body."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.mockcw.rules.desk import NOW, Desk
from tests.mockcw.rules.refusals import Bench, Refusal, in_use, invalid, rows, said

TIME, SHEETS = "/time/entries", "/time/sheets"
HOURS = {"timeStart": "2026-03-04T08:00:00Z", "timeEnd": "2026-03-04T10:00:00Z"}
NEEDED = "MissingRequiredField"
OUT_OF_TURN = "Time Sheet cannot go on from the status Open."


def sheet(bench: Bench) -> str:
    """The path of a sheet with an entry."""
    made = bench.desk.time()
    bench.note(entry=made["id"], sheet=made["timeSheet"]["id"])
    return f"{SHEETS}/{made['timeSheet']['id']}"


def submitted(bench: Bench) -> httpx.Response:
    return bench.admin.post(f"{sheet(bench)}/submit", {})


def twice(bench: Bench) -> httpx.Response:
    submitted(bench)
    return bench.admin.post(f"{SHEETS}/{bench.noted['sheet']}/submit", {})


def step(name: str) -> Any:
    return lambda bench: bench.admin.post(f"{sheet(bench)}/{name}", {})


def change_handed_in(bench: Bench) -> httpx.Response:
    submitted(bench)
    return bench.set(f"{TIME}/{bench.noted['entry']}", "notes", "late")


def add_handed_in(bench: Bench) -> httpx.Response:
    submitted(bench)
    return bench.admin.post(TIME, HOURS)


def on_shut_ticket(bench: Bench) -> httpx.Response:
    desk = bench.desk
    bench.set(f"/service/boards/{desk.board}/statuses/{desk.status(desk.board, 'Done')}", "timeEntryNotAllowed", True)
    ticket = desk.ticket(status={"name": "Done"})["id"]
    return bench.admin.post(TIME, {**HOURS, "chargeToId": ticket, "chargeToType": "ServiceTicket"})


def without_end(bench: Bench) -> httpx.Response:
    bench.set(f"/system/members/{bench.desk.member}", "requireStartAndEndTimeOnTimeEntryFlag", True)
    return bench.admin.post(TIME, {"timeStart": NOW, "actualHours": 1})


def without_notes(bench: Bench) -> httpx.Response:
    path, wanted = "/system/myCompany/timeExpense", {"requireTimeNoteFlag": True}
    engine = bench.desk.emulator.world.tenants["training"].engine
    found = bench.desk.read(path)
    if found:
        bench.store(path, found[0]["id"], **wanted)
    else:
        from mockcw.engine.writer import Author

        engine.add(path, (), {**wanted, "internalCompany": {"id": bench.desk.company}}, Author("Admin", None))
    return bench.admin.post(TIME, HOURS)


def of_an_api_member(bench: Bench) -> httpx.Response:
    return bench.admin.post(TIME, {**HOURS, "member": {"identifier": "SonicSaaS"}})


def delete_sheet(bench: Bench) -> httpx.Response:
    return bench.admin.delete(sheet(bench))


NOWHERE = {**HOURS, "chargeToId": 99999, "chargeToType": "ServiceTicket"}


def in_far_role(bench: Bench) -> httpx.Response:
    """Time on a ticket in a work role of another location."""
    desk = bench.desk
    place = bench.made(
        "/system/locations", name="Far", structureLevel=desk.read("/system/locations")[0]["structureLevel"]
    )
    role, ticket = bench.made("/time/workRoles", name="Far engineer", locationIds=[place]), desk.ticket()
    bench.note(role=role, place=ticket["location"]["id"])
    charge = {"chargeToId": ticket["id"], "chargeToType": "ServiceTicket"}
    return bench.admin.post(TIME, {**HOURS, **charge, "workRole": {"id": role}})


ROWS = rows(
    Refusal(
        "time-entry.role",
        in_far_role,
        invalid("timeEntry", ("NotFound", "Work Role {role} not found for Location {place}", "workRole")),
    ),
    Refusal(
        "time-entry.takes-time",
        on_shut_ticket,
        said("TimeEntryApi", "Please update the status of this ticket before entering time..."),
    ),
    Refusal(
        "time-entry.period",
        lambda b: b.admin.post(TIME, {"timeStart": "1999-03-04T08:00:00Z", "actualHours": 1}),
        said("TimeEntryApi", "No time period is set up for 1999-03-04."),
    ),
    Refusal(
        "time-entry.both-ends", without_end, invalid("timeEntry", (NEEDED, "The timeEnd field is required.", "timeEnd"))
    ),
    Refusal(
        "time-entry.some-hours",
        lambda b: b.admin.post(TIME, {"timeStart": NOW}),
        invalid("timeEntry", (NEEDED, "timeEnd or actualHours is required.", "timeEnd")),
        settings={"time_without_hours": "refuse"},
    ),
    Refusal("time-entry.noted", without_notes, invalid("timeEntry", (NEEDED, "The notes field is required.", "notes"))),
    Refusal(
        "time-entry.one-note",
        lambda b: b.admin.post(TIME, {**HOURS, "addToDetailDescriptionFlag": True, "addToResolutionFlag": True}),
        invalid("timeEntry", ("InvalidField", "Only one of the addTo flags can be set.", "addToDetailDescriptionFlag")),
        settings={"time_note_flags": "one"},
    ),
    Refusal(
        "time-entry.person",
        of_an_api_member,
        said("ConnectWiseApi", "API-only members do not have access to this module"),
        settings={"api_member_time": "refuse", "api_member_time_status": 400},
    ),
    Refusal(
        "time-entry.charge",
        lambda b: b.admin.post(TIME, NOWHERE),
        invalid("timeEntry", ("NotFound", "Ticket 99999 not found", "chargeToId")),
    ),
    Refusal(
        "time-entry.charge",
        lambda b: b.admin.post(TIME, {**HOURS, "chargeToId": 1}),
        invalid("timeEntry", (NEEDED, "The chargeToType field is required.", "chargeToType")),
    ),
    Refusal(
        "time-entry.charge-kinds",
        lambda b: b.admin.post(TIME, {**HOURS, "chargeToId": 1, "chargeToType": "ProjectIssue"}),
        invalid("timeEntry", ("InvalidField", "The chargeToType field is invalid.", "chargeToType")),
    ),
    Refusal(
        "time-entry.defaults",
        lambda b: b.admin.post(f"{TIME}/defaults", NOWHERE),
        invalid("timeEntry", ("NotFound", "Ticket 99999 not found", "chargeToId")),
    ),
    Refusal(
        "time-entry.locked",
        change_handed_in,
        said("TimeEntryApi", "Time sheet {sheet} has the status ReadyToBill; its time cannot be changed."),
    ),
    Refusal(
        "time-entry.sheet",
        add_handed_in,
        said("TimeEntryApi", "Time sheet {sheet} has the status ReadyToBill; its time cannot be changed."),
    ),
    Refusal(
        "time-sheet.submit",
        twice,
        invalid("timeSheet", ("InvalidField", "Time Sheet cannot go on from the status ReadyToBill.", "status")),
    ),
    Refusal(
        "time-sheet.out-of-turn",
        step("approve"),
        invalid("timeSheetTierUpdate", ("InvalidField", OUT_OF_TURN, "status")),
    ),
    Refusal("time-sheet.rejected", step("reject"), invalid("timeSheet", ("InvalidField", OUT_OF_TURN, "status"))),
    Refusal("time-sheet.reverse", step("reverse"), invalid("timeSheet", ("InvalidField", OUT_OF_TURN, "status"))),
    Refusal("time-sheet.empty", delete_sheet, in_use("Time Sheet {sheet}"), 409),
)


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal_has_just_this_body(row: Refusal, desk: Desk) -> None:
    row.check(desk)
