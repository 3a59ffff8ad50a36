"""Members: one identifier each, no secrets, looked up by identifier too."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, items

MEMBERS = "/system/members"


def member(admin: Caller, **fields: Any) -> httpx.Response:
    body = {
        "identifier": "NewOne",
        "licenseClass": "F",
        "firstName": "New",
        "lastName": "One",
        "hireDate": "2025-01-01T00:00:00Z",
        "defaultEmail": "Office",
        "defaultPhone": "Office",
        "securityRole": {"id": 1},
    }
    return admin.post(MEMBERS, body | fields)


@pytest.mark.rule("member.identifier-unique")
@pytest.mark.parametrize("identifier", ["Admin", "ADMIN"])
def test_an_identifier_is_used_once_in_any_letter_case(admin: Caller, identifier: str) -> None:
    answer = member(admin, identifier=identifier)
    assert answer.status_code == 400
    assert items(answer) == [("ObjectExists", "Member identifier already in use.", "identifier")]
    assert items(admin.patch(f"{MEMBERS}/2", ("replace", "identifier", identifier)))[0][0] == "ObjectExists"
    assert admin.patch(f"{MEMBERS}/1", ("replace", "identifier", identifier)).status_code == 200


@pytest.mark.parametrize("secret", [pytest.param("password", marks=pytest.mark.rule("member.password")), "token"])
def test_secrets_are_taken_and_neither_kept_nor_shown(admin: Caller, emulator: Emulator, secret: str) -> None:
    made = member(admin, **{secret: "hunter2secret"})
    assert made.status_code == 201, made.text
    assert "hunter2secret" not in made.text
    patched = admin.patch(f"{MEMBERS}/1", ("replace", secret, "hunter3secret"))
    assert patched.status_code == 200
    kept = emulator.world.tenants["training"].store.get(MEMBERS, made.json()["id"]) or b""
    assert b"secret" not in kept.replace(b"securityRole", b"")
    assert "hunter3secret" not in admin.get(MEMBERS).text


@pytest.mark.parametrize("name", ["Admin", "admin", "SonicSaaS"])
def test_a_member_is_found_by_identifier(admin: Caller, name: str) -> None:
    found = admin.get(f"{MEMBERS}/{name}").json()
    assert found == admin.get(f"{MEMBERS}/{found['id']}").json()
    assert found["identifier"].lower() == name.lower()


def test_an_unknown_identifier_is_not_found(admin: Caller) -> None:
    answer = admin.get(f"{MEMBERS}/Nobody")
    assert (answer.status_code, answer.json()) == (404, {"code": "NotFound", "message": "Member Nobody not found"})


@pytest.mark.rule("member.stays")
def test_members_cannot_be_deleted(admin: Caller) -> None:
    assert admin.delete(f"{MEMBERS}/1").status_code == 405


def test_the_demo_members_are_there(admin: Caller) -> None:
    listed = {one["identifier"]: one for one in admin.get(MEMBERS, pageSize=1000).json()}
    assert listed["Inactive"]["inactiveFlag"] is True
    assert listed["NoAccess"]["securityRole"]["name"] == "No Access"
    assert listed["NarrowLevel"]["structureLevel"]["name"] == "Location"
    assert {listed[name]["licenseClass"] for name in ("Admin", "Inactive", "NoAccess", "SonicSaaS")} == {"A"}
