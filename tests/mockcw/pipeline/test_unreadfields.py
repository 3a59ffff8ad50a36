"""What nobody read of a body: by verb, by reason; what the answer shows as it was sent was read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control

COMPANIES = "/company/companies"
CONFIGURATIONS = "/company/configurations"


@pytest.fixture(scope="module")
def lenient() -> Iterator[Emulator]:
    """An emulator that takes members it does not know."""
    with Emulator(settings={"unknown_member": "ignore", "journal_body": 8000}) as one:
        yield one


@pytest.fixture
def caller(lenient: Emulator) -> Caller:
    lenient.reset()
    return Caller(lenient)


def of(caller: Caller, response: httpx.Response, status: int = 200) -> list[tuple[str, str]]:
    assert response.status_code == status, response.text
    entry = Control(caller.emulator).get(f"/requests/{response.headers['x-cw-request-id']}")
    return [(one["name"], one["why"]) for one in entry["unread"]["fields"]]


def company(**more: Any) -> dict[str, Any]:
    return {"identifier": "UNREAD", "name": "Unread", "site": {"name": "Main"}, "status": {"id": 1}, **more}


def test_members_that_a_model_lacks_and_the_server_s_own_are_told(caller: Caller) -> None:
    body = company(sumary="x", id=0, isVendorFlag=True, _info={"a": 1}, types=[{"id": 1, "colour": "red"}])
    assert of(caller, caller.post(COMPANIES, body), 201) == [
        ("sumary", "unknown"),
        ("id", "read-only"),
        ("isVendorFlag", "read-only"),
        ("_info", "read-only"),
        ("types/colour", "unknown"),
    ]


def test_a_plain_record_is_read_whole(caller: Caller) -> None:
    assert of(caller, caller.post(COMPANIES, company(phoneNumber=None, isVendorFlag=False)), 201) == []


def test_of_a_reference_the_id_decides_and_a_name_that_contradicts_it_is_told(caller: Caller) -> None:
    shown = caller.get("/company/companies/statuses/1").json()["name"]
    right, wrong = {"id": 1, "name": shown, "_info": {}}, {"id": 1, "name": "Another"}
    assert of(caller, caller.post(COMPANIES, company(status=right)), 201) == []
    assert of(caller, caller.post(COMPANIES, company(identifier="U2", status=wrong)), 201) == [
        ("status/name", "contradicted")
    ]


def test_a_refused_body_tells_what_it_misspelt(caller: Caller) -> None:
    body = {"identifer": "X", "id": 5, "name": "X", "site": {"name": "Main"}}
    assert of(caller, caller.post(COMPANIES, body), 400) == [("identifer", "unknown")]


def test_an_unknown_member_that_was_refused_is_named_by_the_refusal_only(admin: Caller) -> None:
    assert of(admin, admin.post(COMPANIES, company(sumary="x")), 400) == []


def test_a_whole_record_that_is_put_back_is_read_but_for_its_info(caller: Caller) -> None:
    record = caller.get("/company/contacts/1").json()
    record.pop("communicationItems", None)
    assert of(caller, caller.put("/company/contacts/1", record)) == [("_info", "read-only")]


def test_operations_of_a_patch_that_changed_nothing_are_told(caller: Caller) -> None:
    patch = caller.patch(
        f"{COMPANIES}/1",
        ("replace", "id", 9),
        ("replace", "isVendorFlag", True),
        ("replace", "status/_info/status_href", "x"),
        ("replace", "phoneNumber", "1"),
        ("replace", "/phoneNumber", "2"),
    )
    assert of(caller, patch) == [
        ("id", "read-only"),
        ("isVendorFlag", "read-only"),
        ("status/_info/status_href", "no-effect"),
    ]


def test_an_operation_that_sets_what_is_there_already_is_no_news(caller: Caller) -> None:
    assert of(caller, caller.patch(f"{COMPANIES}/1", ("replace", "id", 1), ("replace", "isVendorFlag", False))) == []


def test_members_of_a_patch_operation_and_of_elements_are_told(caller: Caller) -> None:
    body = [{"op": "replace", "path": "phoneNumber", "value": "3", "from": "x"}]
    assert of(caller, caller.http.patch(f"{COMPANIES}/1", json=body)) == [("from", "unknown")]
    number = caller.post(
        "/company/contacts",
        {
            "firstName": "A",
            "communicationItems": [{"type": {"id": 1}, "value": "a@b.example", "communicationType": "Email"}],
        },
    ).json()["id"]
    path = f"/company/contacts/{number}"
    assert of(caller, caller.patch(path, ("replace", "communicationItems/0/worth", "x"))) == [
        ("communicationItems/0/worth", "unknown")
    ]


def test_a_value_that_a_rule_replaced_is_told_and_another_spelling_of_it_is_not(caller: Caller) -> None:
    board = caller.get("/service/boards").json()[0]
    ticket = {"summary": "x", "company": {"id": 1}, "board": {"id": board["id"]}, "budgetHours": "2"}
    assert of(caller, caller.post("/service/tickets", ticket), 201) == []
    entry = {
        "member": {"identifier": "Admin"},
        "chargeToType": "ServiceTicket",
        "chargeToId": 1,
        "timeStart": "2026-01-05T09:00:00Z",
        "timeEnd": "2026-01-05T11:00:00Z",
        "actualHours": 7,
    }
    response = caller.post("/time/entries", entry)
    assert response.json()["actualHours"] == 2.0  # end minus start
    assert of(caller, response, 201) == [("actualHours", "overruled")]


def test_bodies_of_bulk_calls_of_actions_and_of_searches_are_read_too(caller: Caller) -> None:
    items = [{"name": "A", "type": {"id": 1}, "company": {"id": 1}, "nme": "x"}]
    bulk = caller.post(f"{CONFIGURATIONS}/bulk", items)
    assert of(caller, bulk, 207) == [("nme", "unknown")]
    number = bulk.json()["payload"][0]["data"]["id"]
    gone = caller.http.request("DELETE", f"{CONFIGURATIONS}/bulk", json={"ids": [number], "force": True})
    assert of(caller, gone, 207) == [("force", "unknown")]
    found = caller.post("/service/tickets/search", {"Conditions": "id=1", "pageSize": 3})
    assert of(caller, found) == [("pageSize", "unknown")]


def test_a_body_where_none_is_read_has_no_effect(caller: Caller) -> None:
    response = caller.http.request("GET", f"{COMPANIES}/1", json={"conditions": "id=1"})
    assert of(caller, response) == [("conditions", "no-effect")]
    assert of(caller, caller.http.request("GET", f"{COMPANIES}/1", json=[1])) == [("(body)", "no-effect")]


def test_names_are_told_and_no_values(caller: Caller) -> None:
    response = caller.post(COMPANIES, company(apiSecret="hunter2", sumary="hunter2"))
    entry = Control(caller.emulator).get(f"/requests/{response.headers['x-cw-request-id']}")
    assert "hunter2" not in str(entry["unread"])
    assert [one["name"] for one in entry["unread"]["fields"]] == ["apiSecret", "sumary"]


def test_a_body_that_was_not_kept_whole_is_said_to_be_so(caller: Caller) -> None:
    response = caller.post(COMPANIES, company(sumary="x", name="y" * 9000))
    entry = Control(caller.emulator).get(f"/requests/{response.headers['x-cw-request-id']}")
    assert (entry["unread"]["whole"], entry["unread"]["fields"]) == (False, [])
    response = caller.send("POST", COMPANIES, b"{")
    entry = Control(caller.emulator).get(f"/requests/{response.headers['x-cw-request-id']}")
    assert (entry["unread"]["whole"], entry["unread"]["fields"]) == (True, [])


def test_where_the_answer_was_not_kept_whole_the_server_s_own_fields_are_not_judged() -> None:
    with Emulator(1, settings={"journal_body": 1000}) as one:
        caller = Caller(one)
        response = caller.patch(f"{COMPANIES}/1", ("replace", "isVendorFlag", False), ("replace", "status/_info/x", 1))
        entry = Control(one).get(f"/requests/{response.headers['x-cw-request-id']}")
    assert (entry["unread"]["whole"], entry["unread"]["fields"]) == (
        False,
        [{"name": "status/_info/x", "why": "no-effect"}],
    )
