"""Faults and the rate limit, in process."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator, Settings
from mockcw.errors import TooManyRequests
from mockcw.pipeline.faults import FaultEffect, FaultMatch, FaultRule, Faults
from mockcw.pipeline.throttle import RateLimit
from tests.mockcw.caller import Caller, Control

COMPANIES = "/company/companies"


def put_in_force(control: Control, do: dict[str, Any], **match: Any) -> None:
    control.post("/faults", {"match": match, "do": do})


# -- which requests are hit --------------------------------------------------------------------------------------------


@given(st.integers(1, 5), st.one_of(st.none(), st.integers(1, 5)), st.integers(0, 12))
def test_nth_is_the_first_that_is_hit_and_times_is_how_many(nth: int, times: int | None, asked: int) -> None:
    faults = Faults()
    faults.add(FaultRule(FaultMatch(nth=nth, times=times), FaultEffect(status=500)))
    hits = [number for number in range(1, asked + 1) if faults.hit("GET", "/x", None)]
    last = asked if times is None else min(asked, nth + times - 1)
    assert hits == list(range(nth, last + 1))


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({}, True),
        ({"method": "get"}, True),
        ({"method": "POST"}, False),
        ({"path": "/company/companies"}, True),
        ({"path": "/Company/Companies/"}, True),
        ({"path": "/company/*"}, True),
        ({"path": "*"}, True),
        ({"path": "/company"}, False),
        ({"path": "/company/companies/1"}, False),
        ({"member": "Admin"}, True),
        ({"member": "admin"}, True),
        ({"member": "SonicSaaS"}, False),
        ({"method": "GET", "path": "/company/*", "member": "Admin"}, True),
        ({"method": "GET", "path": "/system/*", "member": "Admin"}, False),
    ],
)
def test_a_fault_hits_the_requests_it_names(admin: Caller, control: Control, match: dict[str, str], hit: bool) -> None:
    put_in_force(control, {"status": 503}, **match)
    assert admin.get(COMPANIES).status_code == (503 if hit else 200)
    assert control.get("/faults")[0]["fired"] == int(hit)


@pytest.mark.parametrize("path", ["//company//companies", "/COMPANY/companies/", "/company/companies?page=1"])
def test_a_fault_hits_every_spelling_of_its_path(admin: Caller, control: Control, path: str) -> None:
    put_in_force(control, {"status": 503}, path=COMPANIES)
    assert admin.get(f"{admin.emulator.api_url}{path}").status_code == 503


def test_faults_are_lifted(admin: Caller, control: Control) -> None:
    put_in_force(control, {"status": 503})
    assert admin.get(COMPANIES).status_code == 503
    control.delete("/faults")
    assert control.get("/faults") == []
    assert admin.get(COMPANIES).status_code == 200


# -- what they do ------------------------------------------------------------------------------------------------------


def test_a_status_with_body_and_headers_takes_the_place_of_the_operation(admin: Caller, control: Control) -> None:
    put_in_force(control, {"status": 429, "body": {"error": "x"}, "headers": {"Retry-After": "3"}}, times=1)
    answer = admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}})
    assert (answer.status_code, answer.json(), answer.headers["Retry-After"]) == (429, {"error": "x"}, "3")
    assert admin.get(COMPANIES, conditions='identifier = "X1"').json() == []


def test_a_fault_may_answer_with_another_content_type(admin: Caller, control: Control) -> None:
    do = {"status": 502, "body": "<html>Bad Gateway</html>", "headers": {"Content-Type": "text/html"}}
    put_in_force(control, do)
    answer = admin.get(COMPANIES)
    assert (answer.status_code, answer.text) == (502, "<html>Bad Gateway</html>")
    assert answer.headers.get_list("content-type") == ["text/html"]


def written(admin: Caller) -> bool:
    return bool(admin.get(COMPANIES, conditions='identifier = "X1"').json())


@pytest.mark.parametrize(("drop", "committed"), [("before", False), ("after", True)])
def test_a_dropped_request_has_no_reply_and_is_committed_or_not(
    admin: Caller, control: Control, drop: str, committed: bool
) -> None:
    put_in_force(control, {"drop": drop}, method="POST", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}})
    assert written(admin) is committed
    entry = next(one for one in control.get("/requests") if one["method"] == "POST")
    assert (entry["dropped"], entry["fault"]) == (True, {"drop": drop})


def test_a_drop_after_an_operation_that_fails_has_no_reply_either(admin: Caller, control: Control) -> None:
    put_in_force(control, {"drop": "after"}, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        admin.get(f"{COMPANIES}/9999")


@pytest.mark.parametrize(
    "do", [{"truncate_bytes": 7}, {"truncate_bytes": 0}, {"truncate_bytes": 7, "status": 503, "body": "0123456789"}]
)
def test_a_truncated_reply_ends_the_connection_in_the_middle(
    admin: Caller, control: Control, do: dict[str, Any]
) -> None:
    put_in_force(control, do, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        admin.get(COMPANIES)
    assert admin.get(COMPANIES).status_code == 200


def test_headers_join_those_of_the_operation(admin: Caller, control: Control) -> None:
    put_in_force(control, {"headers": {"X-Extra": "1"}})
    answer = admin.get(f"{COMPANIES}/1")
    assert (answer.status_code, answer.headers["X-Extra"], answer.json()["id"]) == (200, "1", 1)


def test_latency_holds_the_reply_up(admin: Caller, control: Control) -> None:
    put_in_force(control, {"latency_ms": 80}, times=1)
    started = time.perf_counter()
    assert admin.get(f"{COMPANIES}/1").status_code == 200
    assert time.perf_counter() - started >= 0.08


def test_company_info_can_be_hit_too(admin: Caller, control: Control) -> None:
    put_in_force(control, {"status": 503}, path="/login/companyinfo/*")
    assert admin.get("http://mockcw.test/login/companyinfo/training").status_code == 503


@pytest.mark.parametrize(
    "body",
    [
        {"do": {"status": 42}},
        {"do": {"status": 600}},
        {"do": {"status": 100}},
        {"do": {"status": 101}},
        {"do": {"drop": "sometimes"}},
        {"do": {"bogus": 1}},
        {"do": {"latency_ms": -1}},
        {"do": {"truncate_bytes": -1}},
        {"do": {"headers": {"X-A": "a\r\nb"}}},
        {"do": {"headers": {"X A": "a"}}},
        {"do": {}, "match": {"nth": 0}},
        {"do": {}, "match": {"bogus": 1}},
        {},
        [],
        "x",
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_and_not_put_in_force(control: Control, body: Any) -> None:
    answer = control.http.post("/faults", json=body)
    assert (answer.status_code, "error" in answer.json()) == (400, True)
    assert control.get("/faults") == []


# -- the rate limit ----------------------------------------------------------------------------------------------------


def test_requests_over_the_limit_get_the_captured_429() -> None:
    with Emulator("empty", settings={"rate_limit": 3}) as emulator:
        admin = Caller(emulator)
        statuses = [admin.get("/system/info").status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        answer = admin.get("/system/info")
        wait = int(answer.headers["Retry-After"])
        assert 1 <= wait <= 60
        assert answer.json() == {
            "error": "ConnectWiseAPI",
            "message": f"Too many requests. Please try again in {wait} seconds.",
        }
        emulator.reset()
        assert admin.get("/system/info").status_code == 200


def test_without_a_limit_nothing_is_counted(built: Emulator) -> None:
    admin = Caller(built)
    assert {admin.get("/system/info").status_code for _ in range(60)} == {200}


def test_the_minute_is_one_of_the_emulated_clock() -> None:
    with Emulator("empty", settings={"profile": "cloud", "rate_limit": 2}) as emulator:
        admin, control = Caller(emulator), Control(emulator)
        control.put("/clock", {"now": "2026-03-04T10:00:00Z", "frozen": True})
        assert [admin.get("/system/info").status_code for _ in range(3)] == [200, 200, 429]
        control.put("/clock", {"advance": "PT59.5S"})
        answer = admin.get("/system/info")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1"), "it never says sooner than it is"
        control.put("/clock", {"advance": "PT0.5S"})
        assert [admin.get("/system/info").status_code for _ in range(3)] == [200, 200, 429]
        control.put("/clock", {"now": "2026-03-04T09:00:00Z"})
        assert admin.get("/system/info").status_code == 200, "a clock that is set back starts a window"


def test_a_thousand_a_minute_is_the_limit_of_the_cloud_and_each_company_has_its_own() -> None:
    choices, now = Settings.named({"profile": "cloud"}), datetime(2026, 3, 4, 10, tzinfo=UTC)
    one, other = RateLimit(), RateLimit()
    for _ in range(1000):
        one.check(choices, now)
    with pytest.raises(TooManyRequests) as refused:
        one.check(choices, now + timedelta(seconds=30))
    assert refused.value.headers == (("Retry-After", "30"),)
    other.check(choices, now)
    with Emulator("empty") as emulator:
        assert all(isinstance(tenant.rate, RateLimit) for tenant in emulator.world.tenants.values())
