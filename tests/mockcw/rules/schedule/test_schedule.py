"""Schedule entries with their days; calendars, holiday lists and colours."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.rules.desk import Desk

ENTRIES = "/schedule/entries"
COLORS = "/schedule/colors"


def entry(desk: Desk, **fields: Any) -> dict[str, Any]:
    kind = desk.read("/schedule/types", conditions="name='Desk misc'") or [
        desk.make("/schedule/types", name="Desk misc", identifier="Z")
    ]
    return desk.make(ENTRIES, type={"id": kind[0]["id"]}, **fields)


@pytest.mark.rule("schedule.start", "schedule.hours")
def test_an_entry_starts_with_status_member_and_hours(desk: Desk) -> None:
    firm = desk.make("/schedule/statuses", name="Desk firm", defaultFlag=True)["id"]
    for other in desk.read("/schedule/statuses", conditions=f"defaultFlag=true and id!={firm}"):
        desk.admin.patch(f"/schedule/statuses/{other['id']}", ("replace", "defaultFlag", False))
    made = entry(desk, dateStart="2026-03-05T09:00:00Z", dateEnd="2026-03-05T10:30:00Z")
    assert (made["status"]["id"], made["member"]["id"], made["hours"]) == (firm, desk.member, 1.5)
    assert entry(desk, dateStart="2026-03-05T09:00:00Z", hours=2)["dateEnd"] == "2026-03-05T11:00:00Z"


def test_an_entry_bears_the_name_of_what_it_is_for(desk: Desk) -> None:
    kind = desk.make("/schedule/types", name="Desk sales", identifier="C")["id"]
    call = desk.make("/sales/activities", name="Call them", assignTo={"id": desk.member})["id"]
    assert desk.make(ENTRIES, type={"id": kind}, objectId=call)["name"] == "Call them"


def test_an_entry_has_a_row_for_each_of_its_days(desk: Desk) -> None:
    made = entry(desk, name="Trip", dateStart="2026-03-05T18:00:00Z", dateEnd="2026-03-07T06:00:00Z")
    path = f"{ENTRIES}/{made['id']}/details"
    rows = desk.read(path)
    assert [(row["dateStart"], row["dateEnd"]) for row in rows] == [
        ("2026-03-05T18:00:00Z", "2026-03-06T00:00:00Z"),
        ("2026-03-06T00:00:00Z", "2026-03-07T00:00:00Z"),
        ("2026-03-07T00:00:00Z", "2026-03-07T06:00:00Z"),
    ]
    assert rows[0]["member"]["id"] == desk.member
    assert desk.read(f"{path}/count") == {"count": 3}
    assert desk.read(f"{path}/{rows[1]['id']}") == rows[1]
    every = desk.read("/schedule/details", conditions=f"scheduleEntry/id={made['id']}")
    assert [row["hoursScheduled"] for row in every] == [6.0, 24.0, 6.0]
    assert desk.read(f"/schedule/details/{every[2]['id']}") == every[2]
    assert desk.read("/schedule/details/count", conditions="hoursScheduled=24") == {"count": 1}
    assert desk.admin.get(f"{path}/1").status_code == 404


@pytest.mark.parametrize(
    ("start", "end", "rows"),
    [
        ("2026-03-05T18:00:00Z", "2026-03-05T18:00:00Z", 1),
        ("2026-03-05T18:00:00Z", "2026-03-06T00:00:00Z", 1),
        ("2026-03-05T18:00:00Z", "2026-03-04T00:00:00Z", 1),
        ("2026-03-05T18:00:00Z", "2026-12-31T00:00:00Z", 100),
        ("9999-12-31T18:00:00Z", "9999-12-31T23:00:00Z", 1),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 100),
    ],
)
def test_days_end_where_the_entry_ends_and_at_a_hundred(desk: Desk, start: str, end: str, rows: int) -> None:
    made = entry(desk, dateStart=start, dateEnd=end)
    assert desk.read(f"{ENTRIES}/{made['id']}/details/count") == {"count": rows}


@pytest.mark.parametrize("word", ["true", "False"])
def test_an_entry_is_deleted_with_or_without_a_notice(desk: Desk, word: str) -> None:
    made = entry(desk)["id"]
    assert desk.admin.delete(f"{ENTRIES}/{made}/{word}").status_code == 204
    assert desk.admin.get(f"{ENTRIES}/{made}").status_code == 404


def test_an_entry_is_kept_when_the_path_says_neither(desk: Desk) -> None:
    made = entry(desk)["id"]
    assert desk.admin.delete(f"{ENTRIES}/{made}/perhaps").status_code == 400
    assert desk.read(f"{ENTRIES}/{made}")["id"] == made
    assert desk.admin.delete(f"{ENTRIES}/999/true").status_code == 404


# -- calendars, lists, colours -----------------------------------------------------------------------------------------


def test_a_copied_calendar_has_the_same_hours_under_a_new_name(desk: Desk) -> None:
    made = desk.make("/schedule/calendars", name="Desk hours", mondayStartTime="08:00:00", mondayEndTime="17:00:00")
    answer = desk.admin.http.post(f"/schedule/calendars/{made['id']}/copy")
    assert answer.status_code == 201
    copy = desk.read(f"/schedule/calendars/{answer.json()['id']}")
    assert (copy["mondayStartTime"], copy["name"] != "Desk hours") == ("08:00:00", True)
    assert desk.admin.http.post("/schedule/calendars/999/copy").status_code == 404


def test_a_copied_holiday_list_has_the_same_holidays(desk: Desk) -> None:
    lists = "/schedule/holidayLists"
    made = desk.make(lists, name="Desk holidays")["id"]
    desk.make(f"{lists}/{made}/holidays", name="Founding day", date="2026-05-01", allDayFlag=True)
    answer = desk.admin.post(f"{lists}/copy", {"id": made, "name": "Next year"})
    assert answer.status_code == 201, answer.text
    [holiday] = desk.read(f"{lists}/{answer.json()['id']}/holidays")
    assert (holiday["name"], holiday["holidayList"]["name"]) == ("Founding day", "Next year")
    before = desk.records()
    assert desk.refused(desk.admin.post(f"{lists}/copy", {"id": 999, "name": "x"}), "NotFound", "id")
    assert desk.refused(desk.admin.post(f"{lists}/copy", {"name": "x"}), "MissingRequiredField", "id")
    assert desk.records() == before


def test_colours_are_cleared_and_reset(desk: Desk) -> None:
    first = desk.do(f"{COLORS}/reset")
    assert len(first) == len(desk.read(COLORS)) == 5
    last = first[-1]["id"]
    assert desk.do(f"{COLORS}/{last}/clear")["color"] == "#FFFFFF"
    assert desk.read(f"{COLORS}/{last}")["color"] == "#FFFFFF"
    desk.admin.patch(f"{COLORS}/{last}", ("replace", "color", "#000000"), ("replace", "startPercent", 7))
    plain = ("id", "startPercent", "endPercent", "color")
    again = [{name: row[name] for name in plain} for row in desk.do(f"{COLORS}/reset")]
    assert again == [{name: row[name] for name in plain} for row in first]
    assert again == [{name: row[name] for name in plain} for row in desk.read(COLORS)]
    assert desk.admin.http.post(f"{COLORS}/999/clear").status_code == 404


@pytest.mark.rule("schedule.project-team")
def test_project_work_is_scheduled_for_the_projects_team(desk: Desk) -> None:
    project = desk.project()["id"]
    ticket = desk.project_ticket(project)["id"]
    role = desk.make("/project/securityRoles", name="Engineer of the desk")["id"]
    work = {"type": {"identifier": "P"}, "objectId": ticket, "member": {"id": desk.member}}
    text = f"Member Admin is not on the team of project {project}."
    answer = desk.admin.post(ENTRIES, work)
    assert desk.refused(answer, "InvalidField", "member") == text
    made = desk.make(ENTRIES, **work, addMemberToProjectFlag=True, projectRoleId=role)
    [mate] = desk.read(f"/project/projects/{project}/teamMembers")
    assert (mate["member"]["id"], mate["projectRole"]["id"], mate["projectId"]) == (desk.member, role, project)
    assert desk.make(ENTRIES, **work)["id"]
    assert desk.admin.delete(f"/project/projects/{project}/teamMembers/{mate['id']}").status_code == 204
    assert desk.admin.patch(f"{ENTRIES}/{made['id']}", ("replace", "name", "Later")).is_success
    service = desk.make(ENTRIES, **{**work, "type": {"identifier": "S"}, "objectId": desk.ticket()["id"]})
    assert service["member"]["id"] == desk.member
