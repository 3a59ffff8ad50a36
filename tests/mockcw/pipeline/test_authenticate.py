"""Credentials: what is taken, what is not, and that the answer never tells why."""

from __future__ import annotations

import base64

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcw import Emulator
from tests.mockcw.caller import Control

UNAUTHORIZED = {"code": "Unauthorized", "message": "Unauthorized"}


def basic(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    return "Basic " + base64.b64encode(raw).decode()


def ask(emulator: Emulator, header: str | None, path: str = "/system/info", **headers: str) -> httpx.Response:
    http = httpx.Client(transport=emulator.transport(), base_url=emulator.api_url)
    return http.get(path, headers=headers if header is None else {**headers, "Authorization": header})


def good(emulator: Emulator) -> str:
    admin = emulator.member("admin")
    return f"training+{admin.public_key}:{admin.private_key}"


def reason(emulator: Emulator) -> str:
    return str(Control(emulator).get("/requests")[-1]["reason"])


@pytest.mark.parametrize("scheme", ["Basic ", "basic ", "BASIC ", "Basic  "])
def test_good_credentials_are_taken(emulator: Emulator, scheme: str) -> None:
    header = basic(good(emulator)).replace("Basic ", scheme)
    assert ask(emulator, header, clientId="x").status_code == 200


WRONG = {
    "none": (None, "no Authorization header"),
    "empty": ("", "no Authorization header"),
    "another scheme": ("Bearer abc", "not Basic"),
    "scheme alone": ("Basic", "not base64|not company"),
    "no base64": ("Basic !!!", "not base64"),
    "broken padding": ("Basic abc", "not base64"),
    "no utf-8": (basic(b"\xff\xfe"), "not base64"),
    "no colon": (basic("training+x"), "not company"),
    "no plus": (basic("x:y"), "not company"),
    "empty parts": (basic("+:"), "no company"),
    "unknown company": (basic("stranger+x:y"), "no company 'stranger'"),
    "company in another case": (basic("Training+x:y"), "no company 'Training'"),
    "unknown key": (basic("training+x:y"), "unknown public key"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_credentials_are_a_401_that_does_not_tell_why_while_the_journal_does(
    emulator: Emulator, case: str
) -> None:
    header, why = WRONG[case]
    answer = ask(emulator, header, clientId="x")
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    assert any(part in reason(emulator) for part in why.split("|")), reason(emulator)


def test_a_wrong_private_key_and_blanks_around_keys_are_told_in_the_journal(emulator: Emulator) -> None:
    public, private = good(emulator).split("+")[1].split(":")
    for text, why in (
        (f"training+{public}:x", "wrong private key"),
        (f"training+{public}: {private}", "has a blank around it"),
        (f"training+ {public}:{private}", "has a blank around it"),
        (f"training+{public.lower()}:{private}", "unknown public key"),
    ):
        answer = ask(emulator, basic(text), clientId="x")
        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
        assert why in reason(emulator)
        assert private not in reason(emulator)


@given(
    st.one_of(
        st.binary(max_size=60).map(basic), st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
    )
)
@example(basic("training+\x00:\x00"))
@example("Basic " + "A" * 20_000)
def test_no_header_whatever_it_holds_is_a_crash_or_a_way_in(built: Emulator, header: str) -> None:
    assert ask(built, header, clientId="x").status_code == 401


def test_credentials_come_before_the_endpoint(built: Emulator) -> None:
    """A stranger learns nothing of the surface."""
    assert ask(built, None, path="/no/such/path").status_code == 401


@pytest.mark.parametrize(
    ("settings", "status", "code"),
    [
        ({}, 403, "Security"),
        ({"missing_client_id_status": 400}, 400, "ConnectWiseApi"),
        ({"missing_client_id_status": 401}, 401, "Unauthorized"),
        ({"require_client_id": False}, 200, None),
    ],
)
def test_a_missing_client_id_answers_as_the_setting_says(settings: dict[str, object], status: int, code: str) -> None:
    with Emulator("empty", settings=settings) as emulator:
        answer = ask(emulator, basic(good(emulator)))
        assert (answer.status_code, answer.json().get("code")) == (status, code)


@pytest.mark.parametrize("name", ["clientId", "ClientID", "clientid", "CLIENTID"])
def test_the_client_id_header_has_any_letter_case(emulator: Emulator, name: str) -> None:
    assert ask(emulator, basic(good(emulator)), **{name: "x"}).status_code == 200


def test_a_log_in_that_fails_may_answer_as_if_nothing_were_there() -> None:
    with Emulator("empty", settings={"unauthorized_status": 404}) as emulator:
        answer = ask(emulator, basic("training+x:y"), clientId="x")
        assert (answer.status_code, answer.json()) == (
            404,
            {"code": "ConnectWiseApi", "message": "The endpoint does not exist."},
        )
        assert "unknown public key" in reason(emulator)
        entry = Control(emulator).get("/requests")[-1]
        told = Control(emulator).get(f"/requests/{entry['id']}")
        assert (entry["cause"], bool(told["remedy"])) == ("unknown-public-key", True)
        assert ask(emulator, basic(good(emulator)), clientId="x").status_code == 200
