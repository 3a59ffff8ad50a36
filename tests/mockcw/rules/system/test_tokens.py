"""Member tokens: refused to API members, or a key pair that logs in as another for some hours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockcw import Emulator
from mockcw.demo import Credentials
from tests.mockcw.caller import Caller, Control, message

PATH = "/system/members/SonicSaaS/tokens"


@pytest.fixture(scope="module")
def allowing() -> Iterator[Emulator]:
    with Emulator("empty", settings={"token_minting": "allow"}) as emulator:
        yield emulator


def minted(caller: Caller, path: str = PATH) -> dict[str, str]:
    answer = caller.http.post(path)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def caller_of(emulator: Emulator, token: dict[str, str]) -> Caller:
    keys = {"public_key": token["publicKey"], "private_key": token["privateKey"]}
    return Caller(emulator, given=Credentials("token", "token", "token", client_id="any", **keys))


def test_api_members_are_refused_with_the_text_of_the_403(admin: Caller) -> None:
    answer = admin.post(PATH, {"memberIdentifier": "SonicSaaS"})
    assert (answer.status_code, answer.json()["code"]) == (403, "Security")
    assert message(answer) == "You do not have security permission to perform this action."


def test_a_token_logs_in_as_the_member_until_it_expires(allowing: Emulator) -> None:
    admin, control = Caller(allowing), Control(allowing)
    control.put("/clock", {"now": "2026-01-02T00:00:00Z", "frozen": True})
    token = minted(admin)
    assert token["expiration"] == "2026-01-02T04:00:00Z"
    sonic = caller_of(allowing, token)
    assert sonic.get("/system/myMembers").json()["identifier"] == "SonicSaaS"
    control.put("/clock", {"now": "2026-01-02T03:59:59Z", "frozen": True})
    assert sonic.get("/system/info").status_code == 200
    control.put("/clock", {"now": "2026-01-02T04:00:00Z", "frozen": True})
    assert sonic.get("/system/info").status_code == 401
    assert admin.get("/system/info").status_code == 200
    allowing.reset()


def test_the_body_may_name_the_member_too_and_each_token_is_another(allowing: Emulator) -> None:
    admin = Caller(allowing)
    tokens = [minted(admin), admin.post(PATH, {"memberIdentifier": "SonicSaaS"}).json()]
    assert tokens[0]["publicKey"] != tokens[1]["publicKey"]
    assert all(caller_of(allowing, one).get("/system/info").status_code == 200 for one in tokens)
    wrong = {**tokens[0], "privateKey": tokens[1]["privateKey"]}
    assert caller_of(allowing, wrong).get("/system/info").status_code == 401


def test_a_token_has_the_rights_of_its_member(allowing: Emulator) -> None:
    nobody = caller_of(allowing, minted(Caller(allowing), "/system/members/noaccess/tokens"))
    assert nobody.get("/company/companies").status_code == 403
    inactive = caller_of(allowing, minted(Caller(allowing), "/system/members/Inactive/tokens"))
    assert inactive.get("/system/info").status_code == 401


def test_an_unknown_member_is_missing(allowing: Emulator) -> None:
    answer = Caller(allowing).http.post("/system/members/nobody/tokens")
    assert (answer.status_code, message(answer)) == (404, "Member nobody not found")


def test_the_life_of_tokens_is_a_setting() -> None:
    settings = {"token_minting": "allow", "token_hours": 1}
    with Emulator("empty", settings=settings) as emulator:
        Control(emulator).put("/clock", {"now": "2026-01-02T00:00:00Z", "frozen": True})
        assert minted(Caller(emulator))["expiration"] == "2026-01-02T01:00:00Z"
