"""Member tokens: who may mint them, and a key pair that logs in as another for some hours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control, message
from tests.mockcw.doors import by_basic, by_cookies, integrator, logged_in, person, with_keys

PATH = "/system/members/SonicSaaS/tokens"
REFUSAL = {"code": "Security", "message": "You do not have security permission to perform this action."}
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def everyone() -> Iterator[Emulator]:
    with Emulator("empty", settings={"token_minting": "everyone"}) as emulator:
        yield emulator


@pytest.fixture
def vendor(admin: Caller) -> Caller:
    """An integrator login that may mint."""
    return integrator(admin, memberApiFlag=True)


def minted(caller: Caller, path: str = PATH) -> dict[str, str]:
    answer = caller.http.post(path)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def caller_of(emulator: Emulator, token: dict[str, str]) -> Caller:
    return by_basic(emulator, token["publicKey"], token["privateKey"])


def last(control: Control) -> dict[str, Any]:
    return dict(control.get("/requests")[-1])


# -- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user_type", [None, "member"])
def test_api_members_are_refused_whatever_their_role_with_the_text_of_the_403(
    admin: Caller, control: Control, user_type: str | None
) -> None:
    if user_type:
        admin.http.headers["x-cw-usertype"] = user_type
    answer = admin.post(PATH, {"memberIdentifier": "SonicSaaS"})
    assert (answer.status_code, answer.json()) == (403, REFUSAL)
    entry = last(control)
    assert entry["cause"] == "api-member-minting"
    assert "only an integrator login may mint member tokens" in entry["reason"]


def test_keys_and_cookies_of_a_person_are_refused_as_well(emulator: Emulator, admin: Caller) -> None:
    person(admin, "Ada", password=PASSWORD)
    assert with_keys(emulator, "Ada").http.post(PATH).status_code == 403
    member_hash = logged_in(emulator, "Ada").json()["Hash"]
    cookies = by_cookies(emulator, companyName=emulator.company_id, memberId="Ada", memberHash=member_hash)
    assert cookies.http.post(PATH).status_code == 403


def test_a_token_cannot_mint_another(vendor: Caller) -> None:
    assert caller_of(vendor.emulator, minted(vendor, "/system/members/Admin/tokens")).http.post(PATH).status_code == 403


def test_an_integrator_login_mints_and_the_journal_keeps_no_key(vendor: Caller, control: Control) -> None:
    token = minted(vendor)
    assert caller_of(vendor.emulator, token).get("/system/myMembers").json()["identifier"] == "SonicSaaS"
    ids = [entry["id"] for entry in control.get("/requests")]
    assert token["privateKey"] not in "".join(control.http.get(f"/requests/{one}").text for one in ids)


def test_an_integrator_login_without_the_member_api_is_refused(admin: Caller, control: Control) -> None:
    answer = integrator(admin, systemApiFlag=True).http.post(PATH)
    assert (answer.status_code, answer.json()) == (403, REFUSAL)
    assert (last(control)["cause"], "memberApiFlag" in last(control)["reason"]) == ("api-not-switched-on", True)


def test_everyone_may_where_the_setting_says_so(everyone: Emulator) -> None:
    tokens = [minted(Caller(everyone)), Caller(everyone).post(PATH, {"memberIdentifier": "SonicSaaS"}).json()]
    assert tokens[0]["publicKey"] != tokens[1]["publicKey"]
    assert all(caller_of(everyone, one).get("/system/info").status_code == 200 for one in tokens)
    mixed = {**tokens[0], "privateKey": tokens[1]["privateKey"]}
    assert caller_of(everyone, mixed).get("/system/info").status_code == 401


# -- what a token is ---------------------------------------------------------------------------------------------------


def test_a_token_logs_in_as_the_member_until_it_expires(vendor: Caller, control: Control) -> None:
    control.put("/clock", {"now": "2026-01-02T00:00:00Z", "frozen": True})
    token = minted(vendor)
    assert token["expiration"] == "2026-01-02T04:00:00Z"
    sonic = caller_of(vendor.emulator, token)
    assert sonic.get("/system/myMembers").json()["identifier"] == "SonicSaaS"
    control.put("/clock", {"now": "2026-01-02T03:59:59Z", "frozen": True})
    assert sonic.get("/system/info").status_code == 200
    control.put("/clock", {"now": "2026-01-02T04:00:00Z", "frozen": True})
    answer = sonic.get("/system/info")
    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")
    entry = last(control)
    assert (entry["cause"], "expired at 2026-01-02T04:00:00Z" in entry["reason"]) == ("expired-token", True)
    assert vendor.get("/system/info").status_code == 200


def test_a_token_has_the_rights_of_its_member_as_they_are_at_each_call(vendor: Caller, control: Control) -> None:
    sonic = caller_of(vendor.emulator, minted(vendor))
    assert sonic.get("/company/companies").status_code == 200
    control.patch("/members/SonicSaaS", {"role": "No Access"})
    assert sonic.get("/company/companies").status_code == 403
    control.patch("/members/SonicSaaS", {"active": False})
    assert sonic.get("/company/companies").status_code == 401
    assert last(control)["cause"] == "inactive-member"


def test_what_a_token_writes_shows_the_member(vendor: Caller) -> None:
    admin = caller_of(vendor.emulator, minted(vendor, "/system/members/Admin/tokens"))
    made = admin.post("/company/companies", {"identifier": "T1", "name": "t", "site": {"name": "Main"}})
    assert made.json()["_info"]["enteredBy"] == "Admin"


def test_the_user_type_member_beside_a_token_changes_nothing(vendor: Caller) -> None:
    sonic = caller_of(vendor.emulator, minted(vendor))
    sonic.http.headers["x-cw-usertype"] = "member"
    assert sonic.get("/system/info").status_code == 200
    sonic.http.headers["x-cw-usertype"] = "integrator"
    assert sonic.get("/system/info").status_code == 401


def test_the_path_names_the_member_by_identifier_or_number(vendor: Caller, sonic: Caller) -> None:
    number = sonic.get("/system/myMembers").json()["id"]
    token = minted(vendor, f"/system/members/{number}/tokens")
    assert caller_of(vendor.emulator, token).get("/system/myMembers").json()["identifier"] == "SonicSaaS"


@pytest.mark.parametrize("name", ["nobody", "999999", "9" * 40])
def test_an_unknown_member_is_missing(vendor: Caller, name: str) -> None:
    answer = vendor.http.post(f"/system/members/{name}/tokens")
    assert (answer.status_code, message(answer)) == (404, f"Member {name} not found")


def test_the_life_of_tokens_is_a_setting() -> None:
    with Emulator("empty", settings={"token_minting": "everyone", "token_hours": 1}) as emulator:
        Control(emulator).put("/clock", {"now": "2026-01-02T00:00:00Z", "frozen": True})
        assert minted(Caller(emulator))["expiration"] == "2026-01-02T01:00:00Z"
