"""The journal: who, what, why; and never a credential."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control

COMPANIES = "/company/companies"


def last(control: Control) -> dict[str, Any]:
    return dict(control.get("/requests")[-1])


def test_an_entry_says_who_asked_what_and_why_it_was_decided_so(admin: Caller, control: Control) -> None:
    answer = admin.get(f"{COMPANIES}/1", fields="id")
    entry = last(control)
    assert entry["id"] == answer.headers["x-cw-request-id"]
    wanted = {
        "method": "GET",
        "path": "/v4_6_release/apis/3.0/company/companies/1",
        "query": "fields=id",
        "company": "training",
        "member": "Admin",
        "operation": "getCompanyCompaniesById",
        "status": 200,
        "reason": "role Admin has the admin flag",
        "dropped": False,
        "fault": None,
    }
    assert {name: entry[name] for name in wanted} == wanted
    assert entry["decision"]["allowed"] is True
    assert (entry["cause"], entry["asked"]) == (None, [])


def test_a_refusal_is_kept_with_its_row(emulator: Emulator, control: Control) -> None:
    Caller(emulator, "no-access").get(COMPANIES)
    entry = last(control)
    assert (entry["status"], entry["member"]) == (403, "NoAccess")
    assert entry["reason"] == "Companies > Company Maintenance needs Inquire; role No Access has None"
    assert entry["cause"] == "role-row"
    wanted = {"allowed": False, "area": "Company Maintenance", "needed": "Inquire", "has": "None", "role": "No Access"}
    assert wanted.items() <= entry["decision"].items()


def test_what_no_step_refused_has_no_cause(admin: Caller, control: Control) -> None:
    for answer in (admin.get(f"{COMPANIES}/99999"), admin.post(COMPANIES, {}), admin.get("/no/such")):
        assert answer.status_code in (400, 404)
        assert last(control)["cause"] is None


def test_a_bundle_is_kept_with_the_decisions_and_the_first_refusal_of_its_lines(
    emulator: Emulator, control: Control
) -> None:
    lines = [{"resourceType": one, "apiRequest": {}} for one in ("company", "contact")]
    Caller(emulator, "no-access").post("/system/bundles", {"requests": lines})
    entry = last(control)
    assert (entry["status"], entry["cause"]) == (200, "role-row")
    assert "Company Maintenance" in entry["reason"]
    assert [(one["area"], one["allowed"]) for one in entry["asked"]] == [
        ("Company Maintenance", False),
        ("Contacts", False),
    ]


def test_an_empty_answer_is_kept_with_what_narrowed_it(emulator: Emulator, control: Control) -> None:
    Caller(emulator, "narrow-level").get(COMPANIES)
    entry = last(control)
    narrow = "structure level Location / Closed Branch shows what belongs to companies of location 3 only"
    assert (entry["cause"], entry["reason"], entry["decision"]["narrowed"]) == ("narrowed", narrow, narrow)


def test_one_entry_shows_headers_and_bodies(admin: Caller, control: Control) -> None:
    body = {"identifier": "X1", "name": "x", "site": {"name": "Main"}}
    answer = admin.post(COMPANIES, body)
    entry = control.get(f"/requests/{answer.headers['x-cw-request-id']}")
    assert json.loads(entry["request"]["body"]) == body
    assert json.loads(entry["reply"]["body"]) == answer.json()
    assert entry["request"]["headers"]["authorization"] == "(withheld)"
    assert entry["reply"]["headers"]["x-cw-request-id"] == answer.headers["x-cw-request-id"]


def test_requests_are_kept_whatever_became_of_them(emulator: Emulator, control: Control) -> None:
    http = httpx.Client(transport=emulator.transport(), base_url=emulator.site_url)
    asked = [
        http.get("/favicon.ico"),
        http.get("/login/companyinfo/training"),
        http.get("/v1/apis/3.0/system/info"),
        http.get("/v4_6_release/apis/3.0/system/info"),
    ]
    kept = control.get("/requests")
    assert [one["id"] for one in kept] == [one.headers["x-cw-request-id"] for one in asked]
    assert [one["status"] for one in kept] == [404, 200, 400, 401]
    assert all(one["reason"] for one in kept if one["status"] != 200)


def test_the_oldest_entries_fall_out_and_long_bodies_are_cut() -> None:
    with Emulator("empty", settings={"journal_size": 3, "journal_body": 50}) as emulator:
        admin, control = Caller(emulator), Control(emulator)
        asked = [admin.get("/company/companies/statuses") for _ in range(5)]
        assert len(asked[0].content) > 50
        assert [one["id"] for one in control.get("/requests")] == [a.headers["x-cw-request-id"] for a in asked[-3:]]
        assert len(control.get(f"/requests/{asked[-1].headers['x-cw-request-id']}")["reply"]["body"]) == 50
        gone = control.http.get(f"/requests/{asked[0].headers['x-cw-request-id']}")
        assert gone.status_code == 404
        assert "keeps the last 3" in gone.json()["error"]


def test_the_journal_can_be_cleared(admin: Caller, control: Control) -> None:
    admin.get("/system/info")
    control.delete("/requests")
    assert control.get("/requests") == []


def test_a_har_file_has_the_form_of_the_format(admin: Caller, control: Control) -> None:
    admin.get(COMPANIES, pageSize=1, conditions='name like "C%"')
    admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}})
    log = control.get("/requests?format=har")["log"]
    assert log["version"] == "1.2"
    first, second = log["entries"]
    assert {"name": "conditions", "value": 'name like "C%"'} in first["request"]["queryString"]
    assert first["request"]["url"].startswith(f"{admin.emulator.site_url}/v4_6_release/apis/3.0{COMPANIES}?pageSize=1")
    assert (second["response"]["status"], second["request"]["postData"]["mimeType"]) == (201, "application/json")
    for one in log["entries"]:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= set(one)
        assert one["_decision"]["allowed"] is True


def secrets_of(emulator: Emulator) -> set[str]:
    """Everything that must not be found: private keys, and the headers that hold them."""
    found = set()
    for one in emulator.members.values():
        user = f"{emulator.company_id}+{one.public_key}:{one.private_key}"
        found |= {one.private_key, base64.b64encode(user.encode()).decode()}
    return found


def dump(emulator: Emulator, control: Control) -> str:
    ids = [one["id"] for one in control.get("/requests")]
    whole = [control.http.get("/requests").text, control.http.get("/requests?format=har").text]
    whole += [control.http.get(f"/requests/{one}").text for one in ids]
    return "\n".join(whole)


def test_no_credential_is_found_in_any_dump_of_the_journal(emulator: Emulator, control: Control) -> None:
    for name in emulator.members:
        caller = Caller(emulator, name)
        caller.get(COMPANIES, headers={"Cookie": f"memberHash={emulator.member(name).private_key}"})
        caller.get("/no/such/path")
        caller.post(COMPANIES, {"identifier": "x"})
        caller.get("/system/info", headers={"x-mockcw-explain": "1"})
    text = dump(emulator, control)
    assert all(secret not in text for secret in secrets_of(emulator))
    assert "Basic " not in text


def test_no_credential_is_found_in_a_repr(emulator: Emulator, control: Control) -> None:
    private = emulator.member("admin").private_key
    Caller(emulator).get("/system/info", headers={"Cookie": f"memberHash={private}"})
    Caller(emulator).post("/system/members", {"password": "hunter2secret"})
    text = repr(emulator.world.journal) + repr(emulator.world.journal.entries[-1]) + repr(emulator.members)
    assert "hunter2secret" not in text
    assert all(secret not in text for secret in secrets_of(emulator))


@pytest.mark.parametrize("header", ["Proxy-Authorization", "Cookie"])
def test_other_headers_that_carry_secrets_are_withheld_too(admin: Caller, control: Control, header: str) -> None:
    admin.get("/system/info", headers={header: "hunter2secret"})
    assert "hunter2secret" not in dump(admin.emulator, control)


def test_no_password_of_a_body_is_kept(admin: Caller, control: Control) -> None:
    admin.post("/system/members", {"identifier": "x", "password": "hunter2secret"})
    admin.post("/system/members", {"identifier": "x", "PASSWORD": "hunter2secret"})
    admin.put("/system/members/1", {"identifier": "x", "password": "hunter2secret"})
    admin.patch("/system/members/1", ("replace", "password", "hunter2secret"))
    admin.patch("/system/members/1", ("replace", "/password", "hunter2secret"))
    admin.send("PATCH", "/system/members/1", b'[{"value":"hunter2secret","path":"password","op":"replace"}]')
    admin.post("/system/integratorlogins", {"username": "x", "password": "hunter2secret"})
    admin.post("/company/contacts", {"firstName": "x", "portalPassword": "hunter2secret"})
    assert "hunter2secret" not in dump(admin.emulator, control)
    assert control.get("/requests")[0]["status"] == 400


def test_a_password_in_a_body_that_is_cut_or_broken_is_not_kept_either(emulator: Emulator, control: Control) -> None:
    admin = Caller(emulator)
    admin.send("POST", "/system/members", b'{"password": "hunter2secret", "identifier": ')
    filler = "x" * emulator.settings.journal_body
    admin.post("/system/members", {"password": "hunter2secret", "identifier": filler})
    assert "hunter2secret" not in dump(emulator, control)


def test_no_secret_of_a_query_or_of_an_address_is_kept(admin: Caller, control: Control) -> None:
    admin.get("/company/companies", password="hunter2", conditions="id=1", accessToken="hunter2")
    body = {"url": "http://somebody:hunter2@127.0.0.1:9/?id=", "type": "ticket", "level": "owner", "objectId": 1}
    assert admin.post("/system/callbacks", body).status_code == 201
    for path in ("/requests", "/requests?format=har", f"/requests/{control.get('/requests')[-1]['id']}"):
        told = control.http.get(path).text
        assert "hunter2" not in told, path
    assert "conditions=id%3D1" in control.get("/requests")[0]["query"]
    assert "://(withheld)@127.0.0.1:9/" in control.http.get(path).text
