"""The clientId: missing, not registered, or not on the allow-list of the key."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control, message
from tests.mockcw.doors import CLIENT, by_cookies, integrator, with_keys

OTHER = "11111111-2222-3333-4444-555555555555"
CODES = {400: "ConnectWiseApi", 401: "Unauthorized", 403: "Security"}


def sent(caller: Caller, client_id: str | None) -> tuple[int, str | None]:
    """Status and code of a call with this client id."""
    if client_id is None:
        del caller.http.headers["clientId"]
    else:
        caller.http.headers["clientId"] = client_id
    answer = caller.get("/system/info")
    return answer.status_code, answer.json().get("code")


def last(control: Control) -> dict[str, Any]:
    return dict(control.get("/requests")[-1])


def test_without_a_client_id_the_journal_says_so(admin: Caller, control: Control) -> None:
    assert sent(admin, None) == (403, "Security")
    assert (last(control)["cause"], last(control)["reason"]) == ("no-client-id", "no clientId header")
    assert sent(admin, "") == (403, "Security")


def test_every_client_id_is_registered_unless_the_setting_names_them(admin: Caller) -> None:
    assert sent(admin, OTHER)[0] == 200
    assert sent(admin, "no guid at all")[0] == 200


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_client_id_that_is_not_registered_answers_as_the_setting_says(status: int) -> None:
    settings = {
        "known_client_ids": f"{OTHER}, {CLIENT.upper()} ",
        "unknown_client_id_status": status,
        "unknown_client_id_message": "Nobody knows it.",
    }
    with Emulator("empty", settings=settings) as emulator:
        admin, control = Caller(emulator), Control(emulator)
        assert sent(admin, "99999999-2222-3333-4444-555555555555") == (status, CODES[status])
        assert message(admin.get("/system/info")) == "Nobody knows it."
        assert last(control)["cause"] == "unknown-client-id"
        assert "99999999-2222-3333-4444-555555555555 is none of" in last(control)["reason"]
        for known in (OTHER, CLIENT, f" {OTHER.upper()} "):
            assert sent(admin, known)[0] == 200


def test_a_key_with_an_allow_list_takes_its_client_ids_alone(emulator: Emulator, control: Control) -> None:
    caller = with_keys(emulator, "SonicSaaS", client_ids=[OTHER])
    assert sent(caller, OTHER.upper())[0] == 200
    assert sent(caller, CLIENT) == (403, "Security")
    entry = last(control)
    assert entry["cause"] == "client-id-not-allowed"
    assert entry["reason"] == f"clientId {CLIENT} is not on the allow-list of the key of SonicSaaS"


def test_another_key_of_the_same_member_is_not_restricted(emulator: Emulator) -> None:
    with_keys(emulator, "SonicSaaS", client_ids=[OTHER])
    assert sent(with_keys(emulator, "SonicSaaS"), CLIENT)[0] == 200


def test_the_cookie_that_some_tools_send_counts_and_the_header_comes_first(emulator: Emulator, admin: Caller) -> None:
    given = by_cookies(emulator, **{"cw-app-id": OTHER}).http.headers["Cookie"]
    restricted = with_keys(emulator, "SonicSaaS", client_ids=[OTHER])
    restricted.http.headers["Cookie"] = given
    assert sent(restricted, None)[0] == 200
    assert sent(restricted, CLIENT)[0] == 403


def test_an_integrator_login_wants_a_client_id_too(admin: Caller) -> None:
    assert sent(integrator(admin), None) == (403, "Security")
