"""Security roles and their settings; and the connection test, which any member may."""

from __future__ import annotations

import re

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, message

ROLES = "/system/securityroles"
LEVELS = ("addLevel", "editLevel", "deleteLevel", "inquireLevel")


@pytest.mark.rule("security-role.rows")
def test_a_new_role_has_every_row_at_none(admin: Caller, emulator: Emulator) -> None:
    made = admin.post(ROLES, {"name": "Fresh", "roleType": "Custom"})
    assert made.status_code == 201, made.text
    assert made.json()["adminFlag"] is False
    rows = admin.get(f"{ROLES}/{made.json()['id']}/settings", pageSize=1000).json()
    areas = {(area.module, area.area) for area in emulator.world.catalogue.areas}
    assert {(row["moduleName"], row["moduleFunctionName"]) for row in rows} == areas
    assert {row[level] for row in rows for level in LEVELS if level in row} == {"None"}


@pytest.mark.rule("security-role.held")
def test_a_role_that_a_member_has_stays_and_another_goes(admin: Caller) -> None:
    answer = admin.delete(f"{ROLES}/1")
    assert (answer.status_code, message(answer)) == (409, "Security Role 1 is in use.")
    fresh = admin.post(ROLES, {"name": "Fresh"}).json()["id"]
    assert admin.delete(f"{ROLES}/{fresh}").status_code == 204
    assert admin.get(f"{ROLES}/{fresh}/settings").status_code == 404


def test_roles_cannot_be_changed_over_the_api(admin: Caller) -> None:
    assert admin.patch(f"{ROLES}/1", ("replace", "name", "x")).status_code == 405
    settings = admin.get(f"{ROLES}/1/settings").json()
    assert admin.put(f"{ROLES}/1/settings/{settings[0]['id']}", settings[0]).status_code == 405


def test_the_settings_of_a_role_are_read_with_either_spelling_of_the_path(admin: Caller) -> None:
    rows = admin.get("/system/securityRoles/3/settings", conditions='moduleFunctionName = "Company Maintenance"')
    [row] = rows.json()
    assert [row[level] for level in LEVELS] == ["None", "All", "None", "All"]
    assert admin.get(f"{ROLES}/3/settings/count").json() == {"count": len(admin.emulator.world.catalogue.areas)}


def test_system_info_answers_any_member_with_a_version_that_can_be_compared(built: Emulator) -> None:
    for name in ("admin", "no-access", "narrow-level"):
        answer = Caller(built, name).get("/system/info")
        assert answer.status_code == 200
        info = answer.json()
        assert re.fullmatch(r"v\d+\.\d+\.\d+", info["version"])
        assert isinstance(info["isCloud"], bool)
        assert {"serverTimeZone", "licenseBits", "cloudRegion"} <= set(info)
