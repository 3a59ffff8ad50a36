"""Single sign-on: members are made known, linked, unlinked and put out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller, items

MEMBERS = "/system/members"
USERS = "/system/ssoUsers"
CONFIGURATIONS = "/system/ssoConfigurations"


def number_of(admin: Caller, identifier: str) -> int:
    return int(admin.get(MEMBERS, conditions=f'identifier="{identifier}"').json()[0]["id"])


@pytest.fixture
def sonic_id(admin: Caller) -> int:
    return number_of(admin, "SonicSaaS")


@pytest.fixture
def user(admin: Caller, sonic_id: int) -> dict[str, Any]:
    assert admin.post(f"{MEMBERS}/{sonic_id}/submit", {"token": "t"}).json()["success"] is True
    assert admin.post(f"{MEMBERS}/{sonic_id}/submit", {}).json()["success"] is True
    [found] = admin.get(USERS, conditions='userName="SonicSaaS"').json()
    return dict(found)


def test_a_submitted_member_becomes_a_user_once(admin: Caller, user: dict[str, Any]) -> None:
    assert (user["userName"], user["linkedFlag"], user["disabledFlag"]) == ("SonicSaaS", False, False)
    found = admin.get(f"{USERS}/{user['ssoUserId']}").json()
    assert (found["id"], found["userName"]) == (user["id"], "SonicSaaS")
    assert admin.get(f"{USERS}/{user['id']}").json() == found
    assert admin.get(f"{USERS}/nobody").status_code == 404


def linked(admin: Caller) -> set[int]:
    return {one["id"] for one in admin.get(f"{MEMBERS}/withSso", pageSize=1000).json()}


def test_a_linked_member_has_the_user_and_is_listed(admin: Caller, sonic_id: int, user: dict[str, Any]) -> None:
    path = f"{MEMBERS}/{sonic_id}"
    before = linked(admin)
    assert sonic_id not in before
    assert admin.post(f"{path}/linkSsoUser", {"ssoUserId": user["ssoUserId"]}).json()["success"] is True
    assert admin.get(path).json()["ssoSettings"]["ssoUserId"] == user["ssoUserId"]
    assert linked(admin) == before | {sonic_id}
    found = admin.get(f"{USERS}/{user['ssoUserId']}").json()
    assert (found["linkedFlag"], found["linkedMember"]["identifier"]) == (True, "SonicSaaS")
    assert admin.post(f"{path}/unlinkSsoUser", {}).json()["success"] is True
    assert "ssoSettings" not in admin.get(path).json()
    assert linked(admin) == before
    assert "linkedMember" not in admin.get(f"{USERS}/{user['ssoUserId']}").json()


def test_a_user_moves_from_member_to_member(admin: Caller, sonic_id: int, user: dict[str, Any]) -> None:
    other = number_of(admin, "Admin")
    for number in (sonic_id, other):
        admin.post(f"{MEMBERS}/{number}/linkSsoUser", {"ssoUserId": user["ssoUserId"]})
    assert other in linked(admin)
    assert sonic_id not in linked(admin)


def test_an_unknown_user_is_refused(admin: Caller, sonic_id: int) -> None:
    answer = admin.post(f"{MEMBERS}/{sonic_id}/linkSsoUser", {"ssoUserId": "nobody"})
    assert items(answer) == [("NotFound", "Sso User nobody not found", "ssoUserId")]
    empty = admin.post(f"{MEMBERS}/{sonic_id}/linkSsoUser", {})
    assert items(empty) == [("MissingRequiredField", "The ssoUserId field is required.", "ssoUserId")]


def test_the_member_behind_a_user_can_be_put_out(admin: Caller, sonic: Caller, sonic_id: int, user: Any) -> None:
    admin.post(f"{MEMBERS}/{sonic_id}/linkSsoUser", {"ssoUserId": user["ssoUserId"]})
    assert sonic.get("/system/info").status_code == 200
    assert admin.http.post(f"{MEMBERS}/{user['ssoUserId']}/deactivateIamMember").status_code == 204
    assert sonic.get("/system/info").status_code == 401
    assert admin.get(f"{USERS}/{user['ssoUserId']}").json()["disabledFlag"] is True
    assert admin.http.post(f"{MEMBERS}/nobody/deactivateIamMember").status_code == 404


def test_a_configuration_takes_a_token_and_submits_all_members(admin: Caller) -> None:
    made = admin.post(CONFIGURATIONS, {"name": "SSO", "ssoType": "CWSSO", "locationIds": [1]})
    assert made.status_code == 201, made.text
    path = f"{CONFIGURATIONS}/{made.json()['id']}"
    body = {"name": "SSO", "ssoType": "CWSSO", "locationIds": [1], "token": "geheim", "stsBaseUrl": "https://sts.test"}
    registered = admin.post(f"{path}/registertoken", body)
    assert registered.status_code == 200, registered.text
    assert registered.json()["stsBaseUrl"] == "https://sts.test"
    assert admin.get(path).json()["clientId"]
    answer = admin.post(f"{path}/submitmembers", body).json()
    active = admin.get(MEMBERS, conditions="inactiveFlag=false", pageSize=1000).json()
    assert (answer["submittedMemberCount"], answer["allMembersSubmitted"]) == (len(active), True)
    names = {one["userName"] for one in admin.get(USERS, pageSize=1000).json()}
    assert names >= {one["identifier"] for one in active}
    assert "geheim" not in admin.get(path).text
