"""The control API: health, reset, clock, faults, journal, roles, members, and the token on a public host."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.demo import Credentials
from tests.mockcw.caller import Caller, Control

COMPANIES = "/company/companies"
HUGE = 10**25  # more than a database or a JSON writer takes


def test_health_tells_what_runs(control: Control) -> None:
    told = control.get("/health")
    assert told["version"] == "0.1.0"
    assert told["permissions"] == "enforce"
    assert told["uptime_seconds"] >= 0
    assert told["tenants"] == [{"company_id": "training", "storage": "memory"}]


# -- reset -------------------------------------------------------------------------------------------------------------


def test_reset_goes_back_to_the_seeded_state_of_everything(admin: Caller, control: Control) -> None:
    before = admin.get(COMPANIES, pageSize=1000).content
    admin.patch(f"{COMPANIES}/1", ("replace", "name", "x"))
    admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}})
    admin.delete(f"{COMPANIES}/3")
    control.patch("/members/SonicSaaS", {"active": False})
    control.put("/clock", {"now": "2030-01-01T00:00:00Z", "frozen": True})
    control.post("/faults", {"do": {"status": 503}, "match": {"path": "/none"}})
    assert control.post("/reset") == {"reset": True}
    assert control.get("/requests") == []
    assert control.get("/faults") == []
    assert control.get("/clock")["frozen"] is False
    assert admin.get(COMPANIES, pageSize=1000).content == before
    assert Caller(admin.emulator, "sonicsaas").get("/system/info").status_code == 200


# -- clock -------------------------------------------------------------------------------------------------------------


def test_the_clock_is_read_set_frozen_and_advanced(control: Control) -> None:
    assert control.get("/clock")["frozen"] is False
    moment = {"now": "2026-01-02T03:04:05Z", "frozen": True}
    assert control.put("/clock", moment) == moment
    assert control.get("/clock") == moment
    assert control.put("/clock", {"advance": "PT1H"})["now"] == "2026-01-02T04:04:05Z"
    assert control.put("/clock", {"advance": "-P1D"})["now"] == "2026-01-01T04:04:05Z"
    assert control.put("/clock", {"frozen": False})["frozen"] is False
    assert control.put("/clock", {"now": "2026-01-02T03:04:05+02:00", "frozen": True})["now"] == "2026-01-02T01:04:05Z"


@pytest.mark.parametrize(
    "body",
    [
        {"now": "soon"},
        {"now": ""},
        {"now": "2001-01-01T00:00:00Z", "frozen": True, "advance": "P9000000D"},
        {"now": "0001-01-01T00:00:00+23:59", "frozen": True},
        {"now": "9999-12-31T23:59:59Z"},
        {"advance": "P999999999D"},
        {"advance": "-P999999999D"},
        {"advance": "later"},
        {"frozen": "perhaps"},
        {"bogus": 1},
        [],
    ],
)
def test_a_clock_that_makes_no_sense_is_refused_and_time_goes_on(admin: Caller, control: Control, body: Any) -> None:
    answer = control.http.put("/clock", json=body)
    assert (answer.status_code, "error" in answer.json()) == (400, True)
    assert not control.get("/clock")["now"].startswith("2001")
    assert admin.get("/system/info").status_code == 200
    assert admin.patch(f"{COMPANIES}/1", ("replace", "phoneNumber", "5")).status_code == 200


# -- roles and members -------------------------------------------------------------------------------------------------


def test_levels_are_read_and_written_cell_by_cell(control: Control, sonic: Caller) -> None:
    area = {"moduleName": "Companies", "moduleFunctionName": "Company Maintenance"}
    rows = control.put("/roles/3/settings", [{**area, "inquireLevel": "None"}])
    row = next(one for one in rows if area.items() <= one.items())
    assert (row["inquireLevel"], row["editLevel"]) == ("None", "All")
    assert rows == control.get("/roles/3/settings")
    assert sonic.get(COMPANIES).status_code == 403


@pytest.mark.parametrize(
    ("path", "rows", "status"),
    [
        ("/roles/999/settings", [], 404),
        (f"/roles/{HUGE}/settings", [], 404),
        ("/roles/3/settings", [{"moduleName": "No", "moduleFunctionName": "Such"}], 404),
        ("/roles/3/settings", [{"moduleName": "Companies"}], 400),
        (
            "/roles/3/settings",
            [{"moduleName": "Companies", "moduleFunctionName": "Company Maintenance", "addLevel": "Much"}],
            400,
        ),
        ("/roles/3/settings", {}, 400),
    ],
)
def test_wrong_levels_are_refused_before_anything_changes(control: Control, path: str, rows: Any, status: int) -> None:
    before = control.get("/roles/3/settings")
    good = {"moduleName": "Companies", "moduleFunctionName": "Notes", "addLevel": "All"}
    sent = [good, *rows] if isinstance(rows, list) else rows
    answer = control.http.put(path, json=sent)
    assert (answer.status_code, "error" in answer.json()) == (status, True)
    assert control.get("/roles/3/settings") == before


def test_a_member_with_a_key_is_made_and_the_private_key_is_shown_once(
    emulator: Emulator, admin: Caller, control: Control
) -> None:
    made = control.post(
        "/members",
        {
            "identifier": "Fresh",
            "role": "IT Glue",
            "structure_level": "Location",
            "location": "Branch",
            "active": False,
        },
    )
    wanted = {
        "identifier": "Fresh",
        "role": "IT Glue",
        "structure_level": "Location",
        "location": "Branch",
        "active": False,
    }
    assert wanted.items() <= made.items()
    assert admin.get("/system/members/Fresh").json()["licenseClass"] == "A"
    key = control.post("/members/Fresh/keys", {"description": "laptop", "client_ids": ["abc"]})
    fresh = Caller(emulator, given=Credentials("f", "Fresh", "", key["public_key"], key["private_key"], "abc"))
    assert fresh.get("/system/info").status_code == 401
    shown = control.patch("/members/Fresh", {"active": True})
    assert shown["keys"] == [key["public_key"]]
    assert key["private_key"] not in str(shown)
    assert fresh.get("/system/info").status_code == 200
    second = control.post("/members/Fresh/keys")
    assert second["private_key"] != key["private_key"]
    for text in (control.http.get("/requests").text, admin.get("/system/members").text):
        assert key["private_key"] not in text


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/members", {"identifier": "Admin", "role": "Admin"}, 400),
        ("POST", "/members", {"identifier": "New", "role": "Nonsense"}, 404),
        ("POST", "/members", {"identifier": "New", "role": "Admin", "location": "Nowhere"}, 404),
        ("POST", "/members", {"identifier": "", "role": "Admin"}, 400),
        ("POST", "/members", {"identifier": "n" * 16, "role": "Admin"}, 400),
        ("POST", "/members", {"role": "Admin"}, 400),
        ("POST", "/members", "x", 400),
        ("PATCH", "/members/Nobody", {"active": True}, 404),
        ("PATCH", "/members/Admin", {"bogus": True}, 400),
        ("PATCH", "/members/Admin", {"role": "Nonsense"}, 404),
        ("PATCH", "/members/Admin", {"excluded_boards": [HUGE]}, 400),
        ("PATCH", "/members/Admin", {"excluded_boards": [0]}, 400),
        ("PATCH", "/members/Admin", {"excluded_boards": [1, 999]}, 404),
        ("GET", f"/roles/{HUGE}/settings", None, 404),
        ("GET", f"/roles/{HUGE}/customize", None, 404),
        ("PUT", f"/roles/{HUGE}/customize", [], 404),
        ("POST", "/faults", {"match": {"nth": HUGE}, "do": {}}, 400),
        ("POST", "/faults", {"match": {"times": HUGE}, "do": {}}, 400),
        ("POST", "/faults", {"do": {"truncate_bytes": HUGE}}, 400),
        ("POST", "/faults", {"do": {"body": [{"a": HUGE}]}}, 400),
        ("POST", "/members/Nobody/keys", {}, 404),
        ("POST", "/members/Admin/keys", {"client_ids": "x"}, 400),
        ("GET", "/requests/no-such-id", None, 404),
        ("GET", "/no/such/call", None, 404),
        ("DELETE", "/health", None, 405),
    ],
)
def test_wrong_use_is_refused_with_a_reason(control: Control, method: str, path: str, body: Any, status: int) -> None:
    answer = control.http.request(method, path, json=body)
    assert answer.status_code == status, answer.text
    assert control.get("/faults") == []


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**25), 10**25), st.text(max_size=10), st.just("9" * 5000)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=8), inner, max_size=2)),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["now", "frozen", "advance", "active", "role", "client_ids", "identifier", "location", "excluded_boards"]
)
FAULT = st.fixed_dictionaries(
    {
        "do": st.dictionaries(st.sampled_from(["status", "body", "latency_ms", "truncate_bytes"]), JSON, max_size=2),
        "match": st.dictionaries(st.sampled_from(["nth", "times", "path", "member"]), JSON, max_size=2),
    }
)


@given(
    st.sampled_from(
        [
            ("PUT", "/clock"),
            ("POST", "/faults"),
            ("POST", "/members"),
            ("PATCH", "/members/Admin"),
            ("PUT", "/roles/1/settings"),
        ]
    ),
    st.one_of(JSON, st.dictionaries(KEYS, JSON, max_size=3), FAULT),
)
def test_no_body_of_the_control_api_is_a_fault_of_the_server(built: Emulator, call: tuple[str, str], body: Any) -> None:
    built.reset()
    answer = Control(built).http.request(*call, json=body)
    assert answer.status_code in (200, 201, 400, 404), answer.text
    built.reset()


def test_the_journal_can_be_read_while_requests_come_in(emulator: Emulator, control: Control) -> None:
    admin = Caller(emulator)
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            admin.get("/system/info")

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for _ in range(40):
            assert control.http.get("/requests?format=har").status_code == 200
            assert control.http.get("/requests/none").status_code == 404
    finally:
        over.set()
        asking.join()


# -- a public host -----------------------------------------------------------------------------------------------------


@pytest.fixture
def public() -> Iterator[Emulator]:
    with Emulator("empty", secret_keys=True, public=True) as emulator:
        yield emulator


def test_on_a_public_host_every_call_wants_the_token(public: Emulator) -> None:
    http = httpx.Client(transport=public.transport(), base_url=public.control_url)
    token = str(public.world.control_token)
    assert len(token) >= 32
    calls = [("GET", "/health"), ("POST", "/reset"), ("GET", "/requests"), ("PUT", "/clock"), ("DELETE", "/faults"),
             ("POST", "/members"), ("PATCH", "/members/Admin"), ("POST", "/members/Admin/keys"),
             ("GET", "/roles/1/settings"), ("PUT", "/roles/1/settings")]  # fmt: skip
    for method, path in calls:
        for wrong in ("", "Bearer", "Bearer ", "Bearer x", token, f"Basic {token}", f"Bearer {token}x"):
            answer = http.request(method, path, headers={"Authorization": wrong})
            assert answer.status_code == 401, (method, path, wrong)
            assert token not in answer.text
    assert http.get("/health", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_token_of_other_letters_is_refused_and_no_crash(public: Emulator) -> None:
    """`compare_digest` takes ASCII text only."""
    answer = public.wsgi_app
    from werkzeug.test import Client

    reply = Client(answer).get("/_mockcw/health", headers={"Authorization": "Bearer \xe9"})
    assert reply.status_code == 401


def test_keys_on_a_public_host_do_not_follow_from_the_seed(public: Emulator, built: Emulator) -> None:
    for name, one in built.members.items():
        other = public.member(name)
        assert {one.public_key, one.private_key, one.client_id}.isdisjoint(
            {other.public_key, other.private_key, other.client_id}
        )
    assert Caller(public).get("/system/info").status_code == 200
    assert Caller(public, given=built.member("admin")).get("/system/info").status_code == 401


@pytest.mark.parametrize("mode", ["enforce", "log", "off"])
def test_the_control_api_says_on_every_answer_whether_roles_refuse(mode: str) -> None:
    with Emulator("empty", settings={"permissions": mode}) as emulator:
        http = httpx.Client(transport=emulator.transport(), base_url=emulator.control_url)
        answers = [http.get("health"), http.get("requests/none"), http.get("nothing"), http.put("clock", content=b"{")]
    assert {answer.headers["x-mockcw-permissions"] for answer in answers} == {mode}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/roles/x/settings", 404),
        ("PUT", "/snapshots/a%2Fb", 404),
        ("PUT", "/health", 405),
    ],
)
def test_a_call_that_is_none_is_said_in_json(emulator: Emulator, method: str, path: str, status: int) -> None:
    http = httpx.Client(transport=emulator.transport(), base_url=emulator.control_url)
    answer = http.request(method, path)
    assert answer.status_code == status
    assert answer.json()["error"].startswith(f"the control API has no {method} /_mockcw/")


def test_where_a_token_is_wanted_it_is_asked_for_before_anything_is_said() -> None:
    with Emulator("empty", public=True) as emulator:
        http = httpx.Client(transport=emulator.transport(), base_url=emulator.control_url)
        assert [http.get(path).status_code for path in ("/nothing", "/health")] == [401, 401]
