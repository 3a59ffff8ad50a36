"""Bulk writes: 207 with a line an item, and no item spoils another."""

from __future__ import annotations

from typing import Any

from tests.mockcw.caller import Caller

CONFIGURATIONS = "/company/configurations"
BULK = f"{CONFIGURATIONS}/bulk"


def configuration(caller: Caller, name: str) -> dict[str, Any]:
    """A valid body."""
    kinds = caller.get(f"{CONFIGURATIONS}/types", pageSize=1).json()
    kind = kinds[0]["id"] if kinds else caller.post(f"{CONFIGURATIONS}/types", {"name": "Server"}).json()["id"]
    return {"name": name, "type": {"id": kind}, "company": {"id": 1}}


def lines(answer: Any) -> list[dict[str, Any]]:
    """The payload of a 207."""
    assert answer.status_code == 207, answer.text
    payload: list[dict[str, Any]] = answer.json()["payload"]
    return payload


def test_a_bulk_of_records_answers_a_line_each(admin: Caller) -> None:
    good, bad = configuration(admin, "One"), {"name": "No type"}
    first, second, third = lines(admin.post(BULK, [good, bad, {**good, "name": "Three"}]))
    assert (first["success"], first["statusCode"], first["data"]["name"]) == (True, 201, "One")
    assert (second["success"], second["statusCode"], second["error"]["code"]) == (False, 400, "InvalidObject")
    assert (third["success"], third["originalIndex"]) == (True, 2)
    assert admin.get(f"{CONFIGURATIONS}/{third['data']['id']}").json()["name"] == "Three"
    assert admin.get(CONFIGURATIONS, conditions='name="No type"').json() == []


def test_a_bulk_replaces_the_records_it_names(admin: Caller) -> None:
    (made,) = lines(admin.post(BULK, [configuration(admin, "Old")]))
    record = {**configuration(admin, "New"), "id": made["data"]["id"]}
    good, missing = lines(admin.put(BULK, [record, {**record, "id": 99999}]))
    assert (good["statusCode"], good["data"]["name"]) == (200, "New")
    assert (missing["statusCode"], missing["error"]["code"]) == (404, "NotFound")
    assert admin.get(f"{CONFIGURATIONS}/{record['id']}").json()["name"] == "New"


def test_a_bulk_deletes_the_ids_it_is_given(admin: Caller) -> None:
    made = [
        one["data"]["id"] for one in lines(admin.post(BULK, [configuration(admin, "A"), configuration(admin, "B")]))
    ]
    answer = admin.send("DELETE", BULK, b'{"ids": [%d, 99999, %d]}' % tuple(made))
    assert [one["statusCode"] for one in lines(answer)] == [204, 404, 204]
    assert [admin.get(f"{CONFIGURATIONS}/{one}").status_code for one in made] == [404, 404]


def test_a_body_that_is_no_list_is_refused(admin: Caller) -> None:
    for raw in (b"{}", b"[1]", b"nonsense", b'"text"', b""):
        answer = admin.send("POST", BULK, raw)
        assert answer.status_code == 400, raw
    assert admin.send("DELETE", BULK, b'{"ids": "x"}').status_code in (400, 500)
