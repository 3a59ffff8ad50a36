"""Monitoring of the contact synchronisation: one set-up a type."""

from __future__ import annotations

import pytest

from tests.mockcw.caller import Caller

PATH = "/system/contactsync/monitoring"


@pytest.fixture(autouse=True)
def nothing_set_up(admin: Caller) -> None:
    for one in admin.get(PATH, pageSize=1000).json():
        assert admin.delete(f"{PATH}/type/{one['monitoringTypeId']}").status_code == 204


def test_a_type_has_one_set_up(admin: Caller) -> None:
    first = admin.post(PATH, {"monitoringTypeId": 1, "emailAddress": "a@x.test"})
    assert first.status_code == 201, first.text
    second = admin.post(PATH, {"monitoringTypeId": 1, "emailAddress": "b@x.test"}).json()
    other = admin.post(PATH, {"monitoringTypeId": 2}).json()
    assert [one["id"] for one in admin.get(PATH).json()] == [second["id"], other["id"]]
    assert admin.get(f"{PATH}/type/1").json() == second
    assert admin.get(f"{PATH}/{second['id']}").json() == second
    assert admin.get(f"{PATH}/count").json() == {"count": 2}
    assert admin.get(f"{PATH}/notificationtype").json() == second


def test_a_set_up_is_changed_by_object_or_by_operations(admin: Caller) -> None:
    assert admin.patch(PATH, ("replace", "emailAddress", "x@x.test")).status_code == 404
    admin.post(PATH, {"monitoringTypeId": 1, "serviceBoardId": 3})
    changed = admin.http.patch(PATH, json={"monitoringTypeId": 1, "emailAddress": "c@x.test"}).json()
    assert (changed["emailAddress"], changed["serviceBoardId"]) == ("c@x.test", 3)
    assert admin.patch(PATH, ("replace", "serviceBoardId", 4)).json()["serviceBoardId"] == 4
    assert admin.http.patch(PATH, json={"monitoringTypeId": 9}).status_code == 404
    assert admin.http.patch(PATH, json={"planet": 9}).status_code == 400
    assert admin.send("PATCH", PATH, b"no json").status_code == 400


def test_a_type_is_removed(admin: Caller) -> None:
    admin.post(PATH, {"monitoringTypeId": 1})
    assert admin.delete(f"{PATH}/type/1").status_code == 204
    assert admin.get(PATH).json() == []
    assert admin.get(f"{PATH}/type/1").status_code == 404
    assert admin.delete(f"{PATH}/type/1").status_code == 404
    assert admin.get(f"{PATH}/notificationtype").json() == {}


def test_a_body_that_is_none_is_refused(admin: Caller) -> None:
    assert admin.send("POST", PATH, b"[]").status_code == 400
    assert admin.post(PATH, {"planet": 1}).status_code == 400
    assert admin.get(PATH).json() == []
