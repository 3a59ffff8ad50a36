"""Members leave: roles are handed over or keep them, open time sheets stand in the way."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, items
from tests.mockcw.rules.system.planting import plant, settle

MEMBERS = "/system/members"
SHEETS = "/time/sheets"
NEEDED = "A member to reassign to is required."


def member(admin: Caller, identifier: str) -> int:
    body = {"identifier": identifier, "licenseClass": "F", "firstName": identifier, "lastName": "X"}
    body |= {"hireDate": "2026-01-01T00:00:00Z", "defaultEmail": "Office", "defaultPhone": "Office"}
    made = admin.post(MEMBERS, {**body, "securityRole": {"id": 1}})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def read(admin: Caller, number: int) -> dict[str, Any]:
    return dict(admin.get(f"{MEMBERS}/{number}").json())


@pytest.fixture
def leaver(admin: Caller) -> int:
    return member(admin, "Leaver")


@pytest.fixture
def heir(admin: Caller) -> int:
    return member(admin, "Heir")


@pytest.fixture
def company(admin: Caller) -> int:
    return int(
        admin.post("/company/companies", {"identifier": "Team", "name": "Team", "site": {"name": "Main"}}).json()["id"]
    )


@pytest.fixture
def teams(admin: Caller, leaver: int, company: int) -> list[str]:
    """Two company teams whose member is the leaver."""
    role = admin.post("/company/teamRoles", {"name": "Caretaker"}).json()["id"]
    path = f"/company/companies/{company}/teams"
    body = {"teamRole": {"id": role}, "member": {"id": leaver}}
    return [f"{path}/{admin.post(path, body).json()['id']}" for _ in range(2)]


def test_a_member_without_roles_leaves_at_once(admin: Caller, leaver: int) -> None:
    answer = admin.post(f"{MEMBERS}/{leaver}/deactivate", {})
    assert (answer.status_code, answer.json()) == (200, {"deleteOpenTimeSheetsFlag": False})
    assert read(admin, leaver)["inactiveFlag"] is True
    assert read(admin, leaver)["inactiveDate"]


def test_a_role_without_a_replacement_keeps_the_member(admin: Caller, leaver: int, teams: list[str]) -> None:
    answer = admin.post(f"{MEMBERS}/{leaver}/deactivate", {})
    assert (answer.status_code, items(answer)) == (400, [("MissingRequiredField", NEEDED, "companyTeam")])
    assert read(admin, leaver)["inactiveFlag"] is False


def test_each_team_goes_to_the_member_named_for_it(admin: Caller, leaver: int, heir: int, teams: list[str]) -> None:
    numbers = [int(path.rsplit("/", 1)[-1]) for path in teams]
    body = {"companyTeam": [{"id": number, "reAssignToMember": {"id": heir}} for number in numbers]}
    partly = admin.post(f"{MEMBERS}/{leaver}/deactivate", {"companyTeam": body["companyTeam"][:1]})
    assert partly.status_code == 400
    assert [admin.get(path).json()["member"]["id"] for path in teams] == [leaver, leaver], "nothing is half done"
    answer = admin.post(f"{MEMBERS}/{leaver}/deactivate", body)
    assert answer.status_code == 200, answer.text
    assert [(one["id"], one["count"]) for one in answer.json()["companyTeam"]] == [(number, 1) for number in numbers]
    assert [admin.get(path).json()["member"]["identifier"] for path in teams] == ["Heir", "Heir"]


def test_offices_of_the_firm_are_handed_over(emulator: Emulator, admin: Caller, leaver: int, heir: int) -> None:
    structure = "/system/myCompany/corporateStructure"
    present = admin.get(structure).json()
    if not present:
        body = {"fiscalYearStart": "January", "locationCaption": "Location", "groupCaption": "Group"}
        currency = plant(emulator, "/finance/currencies", {"name": "Dollar", "currencyIdentifier": "USD"})
        number = plant(emulator, structure, {**body, "baseCurrency": {"id": currency}, "president": {"id": leaver}})
    else:
        number = present[0]["id"]
        assert admin.patch(f"{structure}/{number}", ("replace", "president", {"id": leaver})).status_code == 200
    given = {"myCompanyPresident": {"reAssignToMember": {"identifier": "heir"}}}
    answer = admin.post(f"{MEMBERS}/{leaver}/deactivate", given)
    assert answer.json()["myCompanyPresident"]["count"] == 1
    assert admin.get(f"{structure}/{number}").json()["president"]["id"] == heir


@pytest.mark.parametrize("kind", ["missing", "inactive", "the leaver itself"])
def test_a_replacement_must_be_another_active_member(
    admin: Caller, leaver: int, heir: int, teams: list[str], kind: str
) -> None:
    other = {"missing": 999_999, "inactive": heir, "the leaver itself": leaver}[kind]
    admin.post(f"{MEMBERS}/{heir}/deactivate", {})
    number = int(teams[0].rsplit("/", 1)[-1])
    body = {"companyTeam": [{"id": number, "reAssignToMember": {"id": other}}]}
    answer = admin.post(f"{MEMBERS}/{leaver}/deactivate", body)
    assert items(answer) == [("NotFound", f"Member {other} not found", "companyTeam")]


@pytest.mark.rule("member.deactivate")
def test_open_time_sheets_stand_in_the_way_unless_they_may_go(emulator: Emulator, admin: Caller, leaver: int) -> None:
    sheet = plant(emulator, SHEETS, {"member": {"id": leaver}, "status": "Open"})
    done = plant(emulator, SHEETS, {"member": {"id": leaver}, "status": "ReadyToBill"})
    answer = admin.post(f"{MEMBERS}/{leaver}/deactivate", {})
    assert items(answer) == [("InvalidField", "The member has open time sheets.", "deleteOpenTimeSheetsFlag")]
    assert admin.post(f"{MEMBERS}/{leaver}/deactivate", {"deleteOpenTimeSheetsFlag": True}).status_code == 200
    assert admin.get(f"{SHEETS}/{sheet}").status_code == 404
    assert admin.get(f"{SHEETS}/{done}").status_code == 200


def test_unused_time_sheets_are_cleared_away(emulator: Emulator, admin: Caller, leaver: int, heir: int) -> None:
    mine, other = (plant(emulator, SHEETS, {"member": {"id": one}, "status": "Open"}) for one in (leaver, heir))
    used = plant(emulator, SHEETS, {"member": {"id": leaver}, "status": "Open"})
    entry = plant(emulator, "/time/entries", {"timeStart": "2026-01-05T09:00:00Z", "actualHours": 1})
    settle(emulator, "/time/entries", entry, timeSheet={"id": used})
    assert admin.delete(f"{MEMBERS}/{leaver}/unusedTimeSheets").status_code == 204
    assert [admin.get(f"{SHEETS}/{one}").status_code for one in (mine, other, used)] == [404, 200, 200]


def test_an_unknown_member_cannot_leave(admin: Caller) -> None:
    assert admin.post(f"{MEMBERS}/999999/deactivate", {}).status_code == 404
