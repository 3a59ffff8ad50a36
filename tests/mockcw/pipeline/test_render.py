"""Bytes: errors pretty with CRLF, success compact, the headers of every reply, the decision on request."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.errors import ApiError, FieldError, InvalidObject, NotFound, TooManyRequests
from mockcw.pipeline.render import error_reply
from tests.mockcw.caller import Caller, Control

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
COMPANIES = "/company/companies"


def test_an_error_is_printed_byte_for_byte_as_captured(admin: Caller) -> None:
    answer = admin.post(COMPANIES, {"identifier": "CarrollInc1", "name": "x", "site": {"name": "Main"}})
    assert answer.content == (
        b'{\r\n  "code": "InvalidObject",\r\n  "message": "company object is invalid",\r\n  "errors": [\r\n    {\r\n'
        b'      "code": "ObjectExists",\r\n      "message": "Company ID already in use.",\r\n'
        b'      "resource": "company",\r\n      "field": "identifier"\r\n    }\r\n  ]\r\n}'
    )


def test_an_error_without_details_leaves_the_list_out() -> None:
    assert error_reply(NotFound("Contact 1 not found")).body == (
        b'{\r\n  "code": "NotFound",\r\n  "message": "Contact 1 not found"\r\n}'
    )


def test_too_many_requests_has_the_other_key() -> None:
    assert json.loads(error_reply(TooManyRequests("slow down")).body) == {
        "error": "ConnectWiseAPI",
        "message": "slow down",
    }


@given(st.text(), st.text())
def test_any_text_survives_the_printing(text: str, field: str) -> None:
    error = InvalidObject.of("contact", FieldError("X", text, "contact", field))
    body = error_reply(error).body
    assert json.loads(body)["errors"][0] == {"code": "X", "message": text, "resource": "contact", "field": field}
    assert b"\n" not in body.replace(b"\r\n", b"")


def test_every_kind_of_error_has_a_status_and_a_code_of_its_own_shape() -> None:
    kinds = list(ApiError.__subclasses__())
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        reply = error_reply(kind("text"))
        assert 400 <= reply.status <= 599
        assert b"text" in reply.body


def test_success_is_compact_and_keeps_text_as_it_is(admin: Caller) -> None:
    made = admin.post(COMPANIES, {"identifier": "X1", "name": "Å/é", "site": {"name": "Main"}})
    assert '"name":"Å/é"'.encode() in made.content
    assert made.content == json.dumps(made.json(), separators=(",", ":"), ensure_ascii=False).encode()
    assert admin.get(COMPANIES, conditions="id = 0").content == b"[]"


def test_every_reply_carries_the_same_headers(emulator: Emulator) -> None:
    admin = Caller(emulator)
    answers = [
        admin.get("/system/info"),
        admin.get("/no/such"),
        admin.post(COMPANIES, {}),
        admin.get("http://mockcw.test/favicon.ico"),
        admin.get("http://mockcw.test/login/companyinfo/x"),
        admin.get("http://mockcw.test/v1/apis/3.0/system/info"),
        admin.send("OPTIONS", COMPANIES, b""),
        admin.send("FOO", COMPANIES, b""),
        admin.send("TRACE", COMPANIES, b""),
        admin.send("HEAD", COMPANIES, b""),
    ]
    ids = [answer.headers["x-cw-request-id"] for answer in answers]
    assert len(set(ids)) == len(ids)
    assert all(GUID.fullmatch(one) for one in ids)
    assert {answer.headers["x-mockcw-permissions"] for answer in answers} == {"enforce"}
    assert {answer.headers["api-current-version"] for answer in answers} == {"2025.1"}
    assert [one["id"] for one in Control(emulator).get("/requests")] == ids


def test_a_body_over_the_limit_is_a_413_like_every_other_reply() -> None:
    with Emulator("empty", settings={"largest_body": 100}) as small:
        admin = Caller(small)
        body = json.dumps({"identifier": "X1", "name": "x", "site": {"name": "Main"}}).encode()
        fits = admin.send("POST", COMPANIES, body.ljust(100))
        over = admin.send("POST", COMPANIES, body.ljust(101))
        assert (fits.status_code, over.status_code) == (201, 413)
        assert over.json() == {"code": "ConnectWiseApi", "message": "The request body is too large."}
        assert over.headers["x-mockcw-permissions"] == "enforce"
        kept = Control(small).get(f"/requests/{over.headers['x-cw-request-id']}")
        assert kept["status"] == 413


def test_head_is_get_without_the_body(admin: Caller) -> None:
    answer = admin.send("HEAD", COMPANIES, b"")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Link"] == admin.get(COMPANIES).headers["Link"]


def test_a_204_has_neither_body_nor_type(admin: Caller) -> None:
    answer = admin.delete(f"{COMPANIES}/1")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("mode", ["enforce", "log", "off"])
def test_the_mode_of_permissions_is_told_with_every_reply(mode: str) -> None:
    with Emulator("empty", settings={"permissions": mode}) as emulator:
        answer = Caller(emulator, "no-access").get(COMPANIES)
        assert answer.headers["x-mockcw-permissions"] == mode
        assert answer.status_code == (403 if mode == "enforce" else 200)


# -- explain -----------------------------------------------------------------------------------------------------------


def explained(answer: httpx.Response) -> dict[str, object]:
    return dict(json.loads(answer.headers["x-mockcw-decision"]))


def test_the_decision_is_told_only_when_asked_for(emulator: Emulator) -> None:
    nobody = Caller(emulator, "no-access")
    assert "x-mockcw-decision" not in nobody.get(COMPANIES).headers
    told = explained(nobody.get(COMPANIES, headers={"x-mockcw-explain": "1"}))
    wanted = {"allowed": False, "module": "Companies", "area": "Company Maintenance", "needed": "Inquire"}
    assert wanted.items() <= told.items()
    assert told["role"] == "No Access"


@pytest.mark.parametrize("name", ["Rôle", "Роль", "角色", 'with "quotes" \\ and\nlines'])
def test_the_decision_is_json_whatever_the_role_is_called(emulator: Emulator, name: str) -> None:
    admin, control = Caller(emulator), Control(emulator)
    role = admin.post("/system/securityroles", {"name": name}).json()
    control.patch("/members/SonicSaaS", {"role": name})
    answer = Caller(emulator, "sonicsaas").get(COMPANIES, headers={"x-mockcw-explain": "1"})
    assert answer.status_code == 403
    assert explained(answer)["role"] == role["name"]


def test_without_a_decision_the_reason_is_told(built: Emulator) -> None:
    http = httpx.Client(transport=built.transport(), base_url=built.api_url, headers={"x-mockcw-explain": "1"})
    nobody = explained(http.get("/system/info"))
    assert (nobody["allowed"], nobody["cause"]) == (False, "no-credentials")
    assert str(nobody["reason"]).startswith("no Authorization header")
    odd = explained(http.get("/system/info", auth=("Ünï+x", "y")))
    assert (odd["allowed"], odd["cause"]) == (False, "unknown-company")
    assert str(odd["reason"]).startswith("no company 'Ünï'")
