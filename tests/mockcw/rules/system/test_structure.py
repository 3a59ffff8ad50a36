"""Locations and departments, read from both sides."""

from __future__ import annotations

import pytest

from tests.mockcw.caller import Caller

PAIRS = "/system/info/departmentlocations"


@pytest.fixture
def department(admin: Caller) -> int:
    made = admin.post("/system/departments", {"identifier": "Lab", "name": "Laboratory"})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def names(admin: Caller, location: int) -> list[str]:
    rows = admin.get(f"/system/locations/{location}/departments", pageSize=1000).json()
    return [row["department"]["name"] for row in rows]


def test_a_pair_shows_at_the_location_and_in_the_list(admin: Caller, department: int) -> None:
    assert "Laboratory" not in names(admin, 1)
    pair = admin.post(f"/system/departments/{department}/locations", {"location": {"id": 1}})
    assert pair.status_code == 201, pair.text
    assert "Laboratory" in names(admin, 1)
    assert "Laboratory" not in names(admin, 2)
    shown = admin.get(f"/system/locations/1/departments/{department}").json()
    assert (shown["id"], shown["location"]["id"], shown["department"]["id"]) == (department, 1, department)
    listed = admin.get(PAIRS, conditions=f"department/id={department}").json()
    assert [(one["location"]["id"], one["department"]["id"]) for one in listed] == [(1, department)]
    assert admin.get(f"{PAIRS}/{listed[0]['id']}").json() == listed[0]


def test_a_location_may_list_its_departments_itself(admin: Caller, department: int) -> None:
    assert admin.patch("/system/locations/2", ("replace", "departmentIds", [department])).status_code == 200
    assert "Laboratory" in names(admin, 2)
    before = admin.get("/system/locations/2/departments/count").json()["count"]
    assert before == len(names(admin, 2))


def test_work_roles_are_those_that_may_be_used_there(admin: Caller) -> None:
    everywhere = admin.post("/time/workRoles", {"name": "Anywhere"}).json()["id"]
    here = admin.post("/time/workRoles", {"name": "Here", "locationIds": [1]}).json()["id"]
    path = "/system/locations/{}/workRoles"
    asked = f"workRole/id in ({everywhere},{here})"
    shown = [[one["id"] for one in admin.get(path.format(place), conditions=asked).json()] for place in (1, 2)]
    assert shown == [[everywhere, here], [everywhere]]
    one = admin.get(f"{path.format(1)}/{here}").json()
    assert (one["workRole"]["name"], one["workRoleInactiveFlag"], one["location"]["id"]) == ("Here", False, 1)
    assert admin.get(f"{path.format(2)}/{here}").status_code == 404


def test_an_unknown_location_is_missing(admin: Caller) -> None:
    assert admin.get("/system/locations/999999/departments").status_code == 404
    assert admin.get("/system/locations/999999/workRoles/count").status_code == 404
