"""Bundles: several reads in one request, each refused or answered as if it came alone."""

from __future__ import annotations

from typing import Any

from tests.mockcw.caller import Caller


def bundle(caller: Caller, *requests: dict[str, Any], path: str = "/system/bundles") -> list[dict[str, Any]]:
    """The results of a bundle."""
    numbered = [{"sequenceNumber": at, **one} for at, one in enumerate(requests, 1)]
    answer = caller.post(path, {"requests": numbered})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def test_each_request_is_answered_in_its_place(admin: Caller) -> None:
    first, second = bundle(
        admin,
        {"resourceType": "company", "apiRequest": {"filters": {"conditions": "id<4"}, "page": {"pageSize": 2}}},
        {"resourceType": "companySite", "apiRequest": {"parentId": 1}},
    )
    assert [one["id"] for one in first["entities"]] == [1, 2]
    assert (first["sequenceNumber"], first["success"], first["statusCode"]) == (1, True, 200)
    assert second["entities"] == admin.get("/company/companies/1/sites").json() != []


def test_a_record_is_read_by_its_id(admin: Caller) -> None:
    (line,) = bundle(admin, {"resourceType": "Company", "apiRequest": {"id": 3, "fields": "id,name"}})
    assert line["entities"] == [{"id": 3, "name": admin.get("/company/companies/3").json()["name"]}]


def test_counts_honour_conditions(admin: Caller) -> None:
    asked = {"resourceType": "company", "apiRequest": {"filters": {"conditions": "id<=3"}}}
    (line,) = bundle(admin, asked, path="/system/bundles/count")
    assert (line["count"], line["entities"]) == (3, [])


def test_one_that_fails_keeps_none_of_the_others(admin: Caller) -> None:
    results = bundle(
        admin,
        {"resourceType": "unicorn", "apiRequest": {}},
        {"resourceType": "company", "apiRequest": {"filters": {"conditions": "nonsense=1"}}},
        {"resourceType": "company", "apiRequest": {"id": 1}},
    )
    assert [one["statusCode"] for one in results] == [404, 400, 200]
    assert results[1]["error"]["code"] == "ApiFindCondition"


def test_a_bundle_is_no_second_door(emulator: Any) -> None:
    (line,) = bundle(Caller(emulator, "no-access"), {"resourceType": "company", "apiRequest": {"id": 1}})
    assert (line["statusCode"], line["error"]["code"], line["entities"]) == (403, "Security", [])
    narrow = bundle(Caller(emulator, "narrow-level"), {"resourceType": "company", "apiRequest": {}})
    assert narrow[0]["entities"] == []


def test_a_bundle_without_requests_is_refused(admin: Caller) -> None:
    answer = admin.post("/system/bundles", {})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "requests")
