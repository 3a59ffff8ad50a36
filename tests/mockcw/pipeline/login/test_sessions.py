"""The log-in for programs: a name and a password for a member hash, and what the hash opens."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control
from tests.mockcw.doors import CLIENT, LOGIN, PASSWORD, by_basic, by_cookies, logged_in, person, with_keys

FAILED = {"Success": False, "Hash": None}
UNAUTHORIZED = {"code": "Unauthorized", "message": "Unauthorized"}
MULTIPART = "multipart/form-data; boundary=x"


@pytest.fixture
def ada(admin: Caller) -> int:
    """A person with a password."""
    return person(admin, "Ada", password=PASSWORD)


def hash_of(emulator: Emulator, identifier: str = "Ada", password: str = PASSWORD) -> str:
    answer = logged_in(emulator, identifier, password)
    assert (answer.status_code, answer.json()["Success"]) == (200, True), answer.text
    return str(answer.json()["Hash"])


def by_hash(emulator: Emulator, member_hash: str, identifier: str = "Ada") -> Caller:
    company = emulator.company_id
    return by_cookies(emulator, companyName=company, memberId=identifier, memberHash=member_hash, memberContext="web")


def last(control: Control) -> dict[str, Any]:
    return dict(control.get("/requests")[-1])


@pytest.mark.usefixtures("ada")
def test_a_log_in_opens_the_api_to_cookies_with_the_members_own_role(emulator: Emulator, control: Control) -> None:
    caller = by_hash(emulator, hash_of(emulator))
    answer = caller.get("/system/myMembers")
    assert (answer.status_code, answer.json()["identifier"]) == (200, "Ada")
    assert last(control)["member"] == "Ada"
    made = caller.post("/company/companies", {"identifier": "C1", "name": "c", "site": {"name": "Main"}})
    assert made.json()["_info"]["enteredBy"] == "Ada"


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("spelling", [str.lower, str.upper, str.title])
def test_cookie_names_have_any_letter_case(emulator: Emulator, spelling: Any) -> None:
    values = {"companyName": emulator.company_id, "memberId": "ada", "memberHash": hash_of(emulator)}
    caller = by_cookies(emulator, **{spelling(name): value for name, value in values.items()})
    assert caller.get("/system/info").status_code == 200


@pytest.mark.usefixtures("ada")
def test_the_member_hash_is_a_password_too(emulator: Emulator) -> None:
    member_hash = hash_of(emulator)
    assert by_basic(emulator, "Ada", member_hash).get("/system/info").status_code == 200
    assert by_basic(emulator, "Ada", PASSWORD).get("/system/info").status_code == 401


@pytest.mark.usefixtures("ada")
def test_a_multipart_form_is_read_as_well(emulator: Emulator) -> None:
    fields = {"CompanyName": emulator.company_id, "UserName": "Ada", "Password": PASSWORD}
    with httpx.Client(transport=emulator.transport(), base_url=emulator.site_url) as http:
        files = {name: (None, value) for name, value in fields.items()}
        answer = http.post(LOGIN, params={"response": "json"}, files=files)
    assert (answer.status_code, answer.json()["Success"]) == (200, True)


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("path", [LOGIN.upper(), LOGIN, "/v2025_1/login/login.aspx"])
def test_the_path_has_any_letter_case_and_either_code_base(emulator: Emulator, path: str) -> None:
    form = {"CompanyName": emulator.company_id, "UserName": "Ada", "Password": PASSWORD}
    with httpx.Client(transport=emulator.transport(), base_url=emulator.site_url) as http:
        assert http.post(path, params={"Response": "JSON"}, data=form).json()["Success"] is True


REFUSED: dict[str, tuple[dict[str, str], str, str]] = {
    "wrong password": ({"Password": "x"}, "wrong-password", "wrong password of member Ada"),
    "blank": ({"Password": f"{PASSWORD} "}, "wrong-password", "it has a blank around it"),
    "no password": ({"Password": ""}, "no-credentials", "the log-in form has no password"),
    "unknown member": ({"UserName": "Bob"}, "unknown-member", "no member has the user name"),
    "API member": ({"UserName": "SonicSaaS"}, "wrong-password", "is an API member: it has no user interface"),
    "member without password": ({"UserName": "Eve"}, "wrong-password", "member Eve has no password yet"),
    "inactive": ({"UserName": "Joe"}, "inactive-member", "member Joe is inactive"),
    "unknown company": ({"CompanyName": "stranger"}, "unknown-company", "no company 'stranger'"),
    "company in another case": ({"CompanyName": "TRAINING"}, "company-case", "letter case counts"),
}


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_log_in_says_no_more_than_that_and_the_journal_says_why(
    emulator: Emulator, admin: Caller, control: Control, case: str
) -> None:
    form, cause, words = REFUSED[case]
    person(admin, "Eve")
    person(admin, "Joe", password=PASSWORD, inactiveFlag=True)
    answer = logged_in(emulator, "Ada", **form)
    assert (answer.status_code, answer.json()) == (200, FAILED)
    entry = last(control)
    assert (entry["cause"], words in entry["reason"]) == (cause, True), entry


@pytest.mark.usefixtures("ada")
def test_a_log_in_ends_after_its_hours(emulator: Emulator, control: Control) -> None:
    control.put("/clock", {"now": "2026-01-02T00:00:00Z", "frozen": True})
    caller = by_hash(emulator, hash_of(emulator))
    control.put("/clock", {"now": "2026-01-02T11:59:59Z", "frozen": True})
    assert caller.get("/system/info").status_code == 200
    control.put("/clock", {"now": "2026-01-02T12:00:00Z", "frozen": True})
    answer = caller.get("/system/info")
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    assert (last(control)["cause"], "log in again" in last(control)["reason"]) == ("expired-token", True)
    hash_of(emulator)
    look = next(iter(emulator.world.tenants.values())).engine.look
    assert len(look.find("~sessions")) == 1, "what has expired is cleared away"


def test_another_password_ends_the_log_ins_of_before(emulator: Emulator, admin: Caller, ada: int) -> None:
    caller = by_hash(emulator, hash_of(emulator))
    assert admin.patch(f"/system/members/{ada}", ("replace", "password", "another one")).status_code == 200
    assert caller.get("/system/info").status_code == 401
    assert by_hash(emulator, hash_of(emulator, password="another one")).get("/system/info").status_code == 200


def test_a_member_made_inactive_is_out_at_once(emulator: Emulator, admin: Caller, ada: int, control: Control) -> None:
    caller = by_hash(emulator, hash_of(emulator))
    assert caller.get("/system/info").status_code == 200
    assert admin.patch(f"/system/members/{ada}", ("replace", "inactiveFlag", True)).status_code == 200
    answer = caller.get("/system/info")
    assert (answer.status_code, answer.json(), last(control)["cause"]) == (401, UNAUTHORIZED, "inactive-member")


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"memberHash": "x"}, "wrong-password"),
        ({"memberId": "SonicSaaS"}, "wrong-password"),
        ({"memberId": "nobody"}, "unknown-member"),
        ({"companyName": "Training"}, "company-case"),
        ({"memberHash": ""}, "no-credentials"),
        ({"companyName": ""}, "no-credentials"),
    ],
)
def test_a_wrong_cookie_is_the_same_401(
    emulator: Emulator, control: Control, changed: dict[str, str], cause: str
) -> None:
    good = {"companyName": emulator.company_id, "memberId": "Ada", "memberHash": hash_of(emulator)}
    answer = by_cookies(emulator, **{**good, **changed}).get("/system/info")
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    assert last(control)["cause"] == cause


@pytest.mark.usefixtures("ada")
def test_the_authorization_header_comes_before_cookies(emulator: Emulator) -> None:
    caller = by_hash(emulator, hash_of(emulator))
    assert caller.get("/system/info", headers={"Authorization": "Basic eDp5"}).status_code == 401


@pytest.mark.usefixtures("ada")
def test_cookies_want_a_client_id_too_and_it_may_be_a_cookie(emulator: Emulator) -> None:
    caller = by_hash(emulator, hash_of(emulator))
    del caller.http.headers["clientId"]
    assert caller.get("/system/info").status_code == 403
    caller.http.headers["Cookie"] += f"; cw-app-id={CLIENT}"
    assert caller.get("/system/info").status_code == 200


# -- no secret is kept -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("name", ["Password", "%50assword", "pass%77ord"])
@pytest.mark.parametrize("query", ["?response=json", "", "?response=html"])
def test_neither_password_nor_hash_is_kept(emulator: Emulator, control: Control, name: str, query: str) -> None:
    body = f"CompanyName={emulator.company_id}&UserName=Ada&{name}=correct+horse+battery"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    with httpx.Client(transport=emulator.transport(), base_url=emulator.site_url) as http:
        answer = http.post(f"{LOGIN}{query}", content=body, headers=kind)
    member_hash = answer.json()["Hash"] if query == "?response=json" else None
    caller = by_hash(emulator, member_hash or "none")
    caller.get("/system/info")
    ids = [entry["id"] for entry in control.get("/requests")]
    kept = "".join(control.http.get(f"/requests/{one}").text for one in ids)
    kept += control.http.get("/requests?format=har").text + repr(emulator.world) + repr(emulator.world.journal.entries)
    for secret in (PASSWORD, "correct+horse", member_hash):
        assert not secret or secret not in kept


@pytest.mark.usefixtures("ada")
def test_a_log_in_that_a_fault_strikes_keeps_no_password_either(emulator: Emulator, control: Control) -> None:
    control.post("/faults", {"do": {"status": 503}})
    with httpx.Client(transport=emulator.transport(), base_url=emulator.site_url) as http:
        answer = http.post(f"{LOGIN}?response=json", content=b"UserName=Ada&%50assword=hunter2")
    assert answer.status_code == 503
    assert "hunter2" not in control.http.get(f"/requests/{last(control)['id']}").text


def test_no_password_or_hash_is_in_the_store_in_plain(emulator: Emulator, ada: int) -> None:
    member_hash = hash_of(emulator)
    store = next(iter(emulator.world.tenants.values())).store
    kept = [store.get("/system/members", ada), *(store.get(name, 1) for name in ("~sessions",))]
    kept.append(store.get("~memberPasswords", ada))
    assert all(kept)
    text = b"".join(one or b"" for one in kept)
    assert PASSWORD.encode() not in text
    assert member_hash.encode() not in text


def test_another_records_password_is_not_touched(emulator: Emulator, admin: Caller, ada: int) -> None:
    body = {name: value for name, value in admin.get(f"/system/members/{ada}").json().items() if name != "_info"}
    assert admin.put(f"/system/members/{ada}", body).status_code == 200
    assert with_keys(emulator, "Ada").patch(f"/system/members/{ada}", ("replace", "title", "x")).status_code == 200
    assert hash_of(emulator)


@given(body=st.binary(max_size=200), kind=st.sampled_from(["", "application/x-www-form-urlencoded", MULTIPART]))
def test_no_form_whatever_it_holds_is_a_crash_or_a_way_in(built: Emulator, body: bytes, kind: str) -> None:
    with httpx.Client(transport=built.transport(), base_url=built.site_url) as http:
        answer = http.post(f"{LOGIN}?response=json", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()) == (200, FAILED)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_no_cookie_whatever_it_holds_is_a_crash_or_a_way_in(built: Emulator, cookie: str) -> None:
    with httpx.Client(transport=built.transport(), base_url=built.api_url) as http:
        headers = {"Cookie": f"companyName=training; memberId=Admin; memberHash={cookie}", "clientId": "x"}
        assert http.get("/system/info", headers=headers).status_code == 401
        assert http.get("/system/info", headers={"Cookie": cookie, "clientId": "x"}).status_code == 401
