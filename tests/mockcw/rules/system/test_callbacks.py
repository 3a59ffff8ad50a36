"""Callbacks: registered, refused as captured, removed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller, items

CALLBACKS = "/system/callbacks"
BODY = {"url": "https://hooks.test/webhook?recordId=", "objectId": 1, "type": "contact", "level": "owner"}
LEVEL = "Unrecognized level for type, see documentation for supported levels for each type"


def register(admin: Caller, **fields: Any) -> dict[str, Any]:
    made = admin.post(CALLBACKS, {**BODY, **fields})
    assert made.status_code == 201, made.text
    return dict(made.json())


@pytest.mark.rule("callback.server-fields")
def test_the_server_fills_in_its_own_fields(admin: Caller) -> None:
    made = register(admin, id=0, memberId=0, connectWiseID="", objectId=0, description="Mine & yours")
    member = next(one for one in admin.get("/system/members", pageSize=1000).json() if one["identifier"] == "Admin")
    assert (made["objectId"], made["memberId"], made["payloadVersion"]) == (1, member["id"], "3.0.0")
    assert len(made["connectWiseID"]) == 36
    assert [made[f"{one}Flag"] for one in ("inactive", "isSoapCallback", "isSelfSuppressed")] == [False] * 3
    assert (made["url"], made["description"]) == (BODY["url"], "Mine & yours")
    assert admin.get(f"{CALLBACKS}/{made['id']}").json() == made


@pytest.mark.rule("callback.url", "callback.level")
def test_bad_url_and_level_are_refused_together(admin: Caller) -> None:
    answer = admin.post(CALLBACKS, {**BODY, "url": "no url", "level": "planet"})
    assert (answer.status_code, answer.json()["message"]) == (400, "callbackEntry object is invalid")
    assert items(answer) == [("InvalidField", "Invalid URL", "url"), ("InvalidObject", LEVEL, "level")]
    assert admin.get(f"{CALLBACKS}/count").json() == {"count": 0}


@pytest.mark.parametrize("url", ["ftp://x.test/", "https://", "https://x:port/", "javascript:alert(1)", "//x.test"])
def test_what_no_server_could_call_is_no_url(admin: Caller, url: str) -> None:
    assert items(admin.post(CALLBACKS, {**BODY, "url": url})) == [("InvalidField", "Invalid URL", "url")]


@pytest.mark.parametrize(
    ("kind", "level"), [("ticket", "board"), ("Ticket", "integratorTag"), ("opportunity", "statusId")]
)
def test_levels_are_those_of_the_type(admin: Caller, kind: str, level: str) -> None:
    assert register(admin, type=kind, level=level, objectId=7)["objectId"] == 7
    assert items(admin.post(CALLBACKS, {**BODY, "type": "productcatalog", "level": level}))[0][2] == "level"


def test_an_unknown_type_is_refused(admin: Caller) -> None:
    assert items(admin.post(CALLBACKS, {**BODY, "type": "planet"}))[0][2] == "type"


@pytest.mark.rule("callback.once")
def test_a_callback_is_registered_once(admin: Caller) -> None:
    first = register(admin, objectId=0)
    twice = [("ObjectExists", "A matching callback entry already exists", "objectId")]
    for object_id in (0, 1):
        assert items(admin.post(CALLBACKS, {**BODY, "objectId": object_id})) == twice
    assert register(admin, url="https://other.test/")["id"] != first["id"]
    admin.delete(f"{CALLBACKS}/{first['id']}")
    assert register(admin)["id"] > first["id"]


def test_changes_are_checked_and_keep_the_servers_fields(admin: Caller) -> None:
    made = register(admin)
    path = f"{CALLBACKS}/{made['id']}"
    assert items(admin.patch(path, ("replace", "level", "planet"))) == [("InvalidObject", LEVEL, "level")]
    changed = admin.patch(path, ("replace", "memberId", 7), ("replace", "inactiveFlag", True)).json()
    assert (changed["memberId"], changed["inactiveFlag"]) == (made["memberId"], True)
    replaced = admin.put(path, {**BODY, "description": "x"}).json()
    assert (replaced["connectWiseID"], replaced["description"]) == (made["connectWiseID"], "x")


def test_a_removed_callback_is_a_wrong_path(admin: Caller) -> None:
    made = register(admin)
    assert admin.delete(f"{CALLBACKS}/{made['id']}").status_code == 204
    answer = admin.delete(f"{CALLBACKS}/{made['id']}")
    assert answer.status_code == 404
    assert answer.json() == {"code": "ConnectWiseApi", "message": "The endpoint does not exist."}


def test_lists_find_callbacks_by_their_url(admin: Caller) -> None:
    register(admin)
    register(admin, url="https://other.test/?id=")
    asked = 'url contains "other.test"'
    assert [one["url"] for one in admin.get(CALLBACKS, conditions=asked).json()] == ["https://other.test/?id="]
