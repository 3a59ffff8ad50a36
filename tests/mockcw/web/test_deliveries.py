"""The control API's part about callbacks: listed, looked at, sent again; bad input answered with what is wrong."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control
from tests.mockcw.delivery.receiver import Receiver


@pytest.fixture
def sent(emulator: Emulator, admin: Caller, control: Control) -> list[dict[str, Any]]:
    """Two deliveries of company changes, the first refused for good."""
    with Receiver() as receiver:
        receiver.answers = lambda one: 500 if one.says["ID"] == 2 else 200
        body = {"url": f"{receiver.url}/?id=", "objectId": 1, "type": "company", "level": "owner"}
        assert admin.post("/system/callbacks", body).status_code == 201
        for number in (2, 3):
            admin.patch(f"/company/companies/{number}", ("replace", "phoneNumber", "1"))
        assert control.post("/deliveries") == {"tries": 2}
    return list(control.get("/deliveries"))


def test_deliveries_are_listed_and_narrowed(sent: list[dict[str, Any]], control: Control) -> None:
    assert [(one["recordId"], one["state"], one["status"]) for one in sent] == [
        (2, "failed", 500),
        (3, "delivered", 200),
    ]
    assert control.get("/deliveries?state=failed") == sent[:1]
    assert control.get("/deliveries?record=3&callback=1") == sent[1:]
    assert control.get("/deliveries?callback=2") == []
    assert control.get("/deliveries?limit=1") == sent[1:]


def test_one_delivery_shows_what_was_sent(sent: list[dict[str, Any]], control: Control) -> None:
    one = control.get(f"/deliveries/{sent[1]['id']}")
    assert one["url"].endswith("/?id=3&action=updated")
    assert '"ID":3' in one["body"]
    assert len(one["headers"]["x-content-signature"]) == 44


def test_a_delivery_is_sent_again(sent: list[dict[str, Any]], control: Control, emulator: Emulator) -> None:
    class Door(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200)

    again = control.post(f"/deliveries/{sent[0]['id']}/redeliver")
    assert (again["state"], again["messageId"]) == ("pending", sent[0]["messageId"])
    assert control.post(f"/deliveries/{sent[0]['id']}/redeliver")["state"] == "pending"
    assert emulator.deliver(Door()) == 1
    assert [one["state"] for one in control.get("/deliveries")] == ["delivered"] * 2


def test_what_is_not_there_or_not_understood_is_said(sent: list[dict[str, Any]], control: Control) -> None:
    http = control.http
    assert http.get("/deliveries/99").status_code == 404
    assert http.post("/deliveries/99/redeliver").status_code == 404
    for query in ("state=lazy", "limit=x", "limit=0", "limit=-1"):
        answer = http.get(f"/deliveries?{query}")
        assert answer.status_code == 400, query
        assert answer.json()["error"]
    for body in ({"twice": 2}, {"late": -1}, {"late_seconds": 1e9}, {"often": 1}, []):
        assert http.put("/deliveries/disorder", json=body).status_code == 400


def test_on_other_hosts_it_wants_the_token() -> None:
    with Emulator("empty", public=True) as emulator:
        http = httpx.Client(transport=emulator.transport(), base_url=emulator.control_url)
        for method, path in (
            ("GET", "/deliveries"),
            ("POST", "/deliveries"),
            ("PUT", "/deliveries/disorder"),
            ("POST", "/deliveries/1/redeliver"),
        ):
            assert http.request(method, path).status_code == 401


@pytest.mark.parametrize("number", [99, 2**63, 10**30])
def test_a_delivery_that_is_not_kept_is_not_found(sent: list[dict[str, Any]], control: Control, number: int) -> None:
    for answer in (
        control.http.get(f"/deliveries/{number}"),
        control.http.post(f"/deliveries/{number}/redeliver"),
    ):
        assert (answer.status_code, answer.json()) == (404, {"error": f"no delivery {number} is kept"})
