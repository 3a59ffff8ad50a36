"""API members: members of license class A under a model of their own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller, items, message

API_MEMBERS = "/system/apiMembers"
MEMBERS = "/system/members"


def made(admin: Caller, **fields: Any) -> dict[str, Any]:
    answer = admin.post(API_MEMBERS, {"identifier": "Robot", "name": "Robot Nine", **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.mark.rule("member.defaults")
def test_a_new_one_is_a_member_of_class_a_with_defaults(admin: Caller) -> None:
    robot = made(admin, emailAddress="r9@x.test", blockCostFlag=True)
    assert (robot["identifier"], robot["name"], robot["emailAddress"]) == ("Robot", "Robot Nine", "r9@x.test")
    assert (robot["blockPriceFlag"], robot["blockCostFlag"]) == (False, True)
    member = admin.get(f"{MEMBERS}/{robot['id']}").json()
    assert (member["licenseClass"], member["firstName"], member["lastName"]) == ("A", "Robot", "Nine")
    assert member["officeEmail"] == "r9@x.test"
    role = admin.get(f"/system/securityroles/{member['securityRole']['id']}").json()
    assert role["adminFlag"] is False
    assert admin.get(f"{API_MEMBERS}/{robot['id']}").json() == robot


def test_they_are_listed_counted_and_found_by_their_own_fields(admin: Caller) -> None:
    robot = made(admin, name="Nine")
    full = {"identifier": "Human", "licenseClass": "F", "firstName": "H", "lastName": "H", "securityRole": {"id": 1}}
    full |= {"hireDate": "2026-01-01T00:00:00Z", "defaultEmail": "Office", "defaultPhone": "Office"}
    assert admin.post(MEMBERS, full).status_code == 201
    names = [one["identifier"] for one in admin.get(API_MEMBERS, pageSize=1000).json()]
    assert "Robot" in names
    assert "Human" not in names
    assert admin.get(f"{API_MEMBERS}/count").json() == {"count": len(names)}
    assert [one["id"] for one in admin.get(API_MEMBERS, conditions='name="Nine"').json()] == [robot["id"]]
    assert admin.get(f"{API_MEMBERS}/{admin.get(f'{MEMBERS}/count').json()['count'] + 50}").status_code == 404


def test_refusals_speak_of_an_api_member(admin: Caller) -> None:
    answer = admin.post(API_MEMBERS, {"identifier": "admin", "name": "x"})
    assert message(answer) == "apiMember object is invalid"
    assert items(answer) == [("ObjectExists", "Member identifier already in use.", "identifier")]
    missing = admin.post(API_MEMBERS, {"name": "x"})
    assert items(missing) == [("MissingRequiredField", "The identifier field is required.", "identifier")]
    unknown = admin.post(API_MEMBERS, {"identifier": "R", "name": "x", "securityRole": {"id": 9999}})
    assert ("NotFound", "Security Role 9999 not found", "securityRole/id") in items(unknown)


def test_a_patch_reaches_the_member_behind(admin: Caller) -> None:
    robot = made(admin)
    path = f"{API_MEMBERS}/{robot['id']}"
    changed = admin.patch(
        path, ("replace", "/name", "Solo"), ("replace", "emailAddress", "s@x.test"), ("add", "blockPriceFlag", True)
    ).json()
    assert (changed["name"], changed["emailAddress"], changed["blockPriceFlag"]) == ("Solo", "s@x.test", True)
    assert admin.get(path).json() == changed
    assert admin.get(f"{MEMBERS}/{robot['id']}").json()["firstName"] == "Solo"
    only = admin.patch(path, ("remove", "blockPriceFlag", None)).json()
    assert (only["blockPriceFlag"], only["name"]) == (False, "Solo")
    assert "emailAddress" not in admin.patch(path, ("remove", "emailAddress", None)).json()


@pytest.mark.parametrize("field", ["hireDate", "adminFlag", "planet", "firstName"])
def test_a_patch_reaches_no_other_field(admin: Caller, field: str) -> None:
    robot = made(admin)
    answer = admin.patch(f"{API_MEMBERS}/{robot['id']}", ("replace", "name", "Solo"), ("replace", field, "x"))
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidPatch")
    assert admin.get(f"{API_MEMBERS}/{robot['id']}").json() == robot


@pytest.mark.parametrize("raw", [b"{}", b"x", b"[1]", b'[{"op":"replace"}]'])
def test_a_patch_that_is_none_is_refused(admin: Caller, raw: bytes) -> None:
    robot = made(admin)
    assert admin.send("PATCH", f"{API_MEMBERS}/{robot['id']}", raw).status_code == 400


def test_a_put_replaces_what_it_names_and_clears_the_rest(admin: Caller) -> None:
    robot = made(admin, emailAddress="r9@x.test", notes="n", blockCostFlag=True)
    body = {"identifier": "Robot", "name": "Robot Ten", "securityRole": {"id": 1}}
    changed = admin.put(f"{API_MEMBERS}/{robot['id']}", body).json()
    assert (changed["name"], changed["securityRole"]["id"], changed["blockCostFlag"]) == ("Robot Ten", 1, False)
    assert not {"emailAddress", "notes"} & changed.keys()
    assert admin.get(f"{API_MEMBERS}/{robot['id']}").json() == changed
    refused = admin.put(f"{API_MEMBERS}/{robot['id']}", {"identifier": "Robot"})
    assert items(refused) == [("MissingRequiredField", "The name field is required.", "name")]
