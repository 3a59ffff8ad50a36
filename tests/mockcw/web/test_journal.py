"""The journal of the control API: which rules had a say, which callbacks a request caused, how much nobody read."""

from __future__ import annotations

from typing import Any

import httpx

from tests.mockcw.caller import Caller, Control

COMPANIES = "/company/companies"
CALLBACK = {"url": "http://127.0.0.1:9/?id=", "objectId": 1, "type": "company", "level": "owner"}


def entry_of(control: Control, response: httpx.Response) -> dict[str, Any]:
    return dict(control.get(f"/requests/{response.headers['x-cw-request-id']}"))


def company(**more: Any) -> dict[str, Any]:
    return {"identifier": "JOURNAL", "name": "Journal", "site": {"name": "Main"}, "status": {"id": 1}, **more}


def test_the_rules_that_had_a_say_are_named(admin: Caller, control: Control) -> None:
    assert "company.site" in entry_of(control, admin.post(COMPANIES, company()))["rules"]
    assert entry_of(control, admin.get(f"{COMPANIES}/1"))["rules"] == []


def test_a_rule_that_refuses_is_named_too_whether_with_others_or_at_once(admin: Caller, control: Control) -> None:
    admin.post(COMPANIES, company())
    refused = admin.post(COMPANIES, company())
    assert refused.status_code == 400
    assert "company.identifier-unique" in entry_of(control, refused)["rules"]
    kept = admin.delete("/system/securityroles/1")
    assert kept.status_code == 409
    assert entry_of(control, kept)["rules"] == ["security-role.held"]


def test_an_action_is_named_by_its_operation(admin: Caller, control: Control) -> None:
    rules = entry_of(control, admin.post("/finance/agreements/1/copy", {}))["rules"]
    assert {"postFinanceAgreementsByParentIdCopy", "agreement.from-type"} <= set(rules)


def test_a_request_and_the_callbacks_it_caused_name_one_another(admin: Caller, control: Control) -> None:
    assert admin.post("/system/callbacks", CALLBACK).status_code == 201
    one = admin.patch(f"{COMPANIES}/1", ("replace", "phoneNumber", "1"))
    other = admin.post(COMPANIES, company())
    none = admin.get(f"{COMPANIES}/1")
    sent = control.get("/deliveries")
    assert [row["requestId"] for row in sent] == [one.headers["x-cw-request-id"], other.headers["x-cw-request-id"]]
    assert control.get(f"/deliveries/{sent[0]['id']}")["requestId"] == one.headers["x-cw-request-id"]
    assert [entry_of(control, each)["callbacks"] for each in (one, other, none)] == [[1], [2], []]
    listed = {line["id"]: line["callbacks"] for line in control.get("/requests")}
    assert [listed[each.headers["x-cw-request-id"]] for each in (one, other, none)] == [[1], [2], []]


def test_what_is_erased_below_a_record_names_the_request_too(admin: Caller, control: Control) -> None:
    note = admin.post(f"{COMPANIES}/1/notes", {"text": "x"}).json()["id"]
    admin.post("/system/callbacks", CALLBACK)
    gone = admin.delete(f"{COMPANIES}/1/notes/{note}")
    assert gone.status_code == 204
    assert entry_of(control, gone)["callbacks"] == [1]


def test_the_list_counts_what_nobody_read(admin: Caller, control: Control) -> None:
    admin.get(COMPANIES, zip=1, conditions='name like "plain"')
    admin.get(COMPANIES)
    assert [line["unread_count"] for line in control.get("/requests")[-2:]] == [2, 0]
    control.delete("/requests")
    assert (control.get("/requests"), control.get("/unread")) == ([], [])
