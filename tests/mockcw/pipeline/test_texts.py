"""Bodies and headers that no operation takes: each refusal as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller
from tests.mockcw.doors import CLIENT, with_keys

CONTACTS = "/company/contacts"
UNREGISTERED = "A valid clientId header is required."


@pytest.mark.parametrize(
    ("method", "path", "body", "text"),
    [
        ("POST", CONTACTS, b"{", "The request body is not valid JSON."),
        ("POST", "/company/configurations/bulk", b"{", "The request body is not valid JSON."),
        ("POST", CONTACTS, b"[]", "The request body must be a JSON object."),
        ("POST", "/company/configurations/bulk", b"{}", "The request body must be a JSON array of objects."),
        ("PATCH", "/company/companies/1", b"{}", "The request body must be an array of patch operations."),
    ],
)
def test_a_body_of_the_wrong_shape(admin: Caller, method: str, path: str, body: bytes, text: str) -> None:
    answer = admin.send(method, path, body)
    assert (answer.status_code, answer.json()) == (400, {"code": "ConnectWiseApi", "message": text})


def refused(caller: Caller, client_id: str) -> tuple[int, Any]:
    """What a request with a clientId is answered."""
    caller.http.headers["clientId"] = client_id
    answer = caller.get("/system/info")
    return answer.status_code, answer.json()


def test_a_request_without_a_client_id(admin: Caller) -> None:
    assert refused(admin, "") == (403, {"code": "Security", "message": UNREGISTERED})


def test_a_client_id_that_nobody_registered() -> None:
    with Emulator("empty", settings={"known_client_ids": "11111111-2222-3333-4444-555555555555"}) as emulator:
        assert refused(Caller(emulator), CLIENT) == (403, {"code": "Security", "message": UNREGISTERED})


def test_a_client_id_that_the_key_does_not_take(emulator: Emulator) -> None:
    caller = with_keys(emulator, "SonicSaaS", client_ids=["11111111-2222-3333-4444-555555555555"])
    text = "The clientId is not allowed for this API key."
    assert refused(caller, CLIENT) == (403, {"code": "Security", "message": text})
