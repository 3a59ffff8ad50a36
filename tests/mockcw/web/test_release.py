"""The cloud moves to another release while clients are at work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control

CANNOT_ROUTE = "Cannot route. Codebase/company is invalid"
NOW = "2026-05-04T10:00:00Z"


def info(caller: Caller, base: str) -> httpx.Response:
    return caller.get(f"{caller.emulator.site_url}/{base}/apis/3.0/system/info")


def company(caller: Caller) -> dict[str, Any]:
    return dict(caller.get(f"{caller.emulator.site_url}/login/companyinfo/training").json())


def test_after_a_move_the_old_code_base_leads_nowhere_and_the_router_goes_on(admin: Caller, control: Control) -> None:
    control.put("/clock", {"now": NOW, "frozen": True})
    assert control.get("/codebase") == {"codebase": "v2025_1", "version": "v2025.1.111111", "since": None}
    moved = control.put("/codebase", {"codebase": "v2026_1"})
    assert moved == control.get("/codebase") == {"codebase": "v2026_1", "version": "v2026.1.111111", "since": NOW}
    old = info(admin, "v2025_1")
    assert (old.status_code, old.text, old.headers["content-type"]) == (400, CANNOT_ROUTE, "text/plain; charset=utf-8")
    assert control.get("/requests")[-1]["cause"] == "wrong-codebase"
    for base in ("v2026_1", "V2026_1", "v4_6_release"):
        assert info(admin, base).json()["version"] == "v2026.1.111111"
        assert info(admin, base).headers["api-current-version"] == "2026.1"
    told = company(admin)
    assert (told["Codebase"], told["VersionCode"]) == ("v2026_1/", "v2026.1")
    assert told["VersionNumber"] == "v2026.1.111111"
    assert control.get("/psa-openapi.json")["info"]["version"].startswith("2026.1")


def test_a_reset_goes_back_to_the_release_of_the_settings(emulator: Emulator, admin: Caller, control: Control) -> None:
    control.put("/codebase", {"codebase": "v2026_1"})
    emulator.reset()
    assert control.get("/codebase")["codebase"] == "v2025_1"
    assert (info(admin, "v2025_1").status_code, info(admin, "v2026_1").status_code) == (200, 400)
    assert company(admin)["Codebase"] == "v2025_1/"


@pytest.mark.parametrize("body", [{"codebase": "2026"}, {"codebase": 5}, {}, {"codebase": "v2026_1", "more": 1}, []])
def test_what_is_no_code_base_moves_nothing(control: Control, body: Any) -> None:
    answer = control.http.put("/codebase", json=body)
    assert (answer.status_code, "error" in answer.json()) == (400, True)
    assert control.get("/codebase")["since"] is None


@pytest.fixture
def unsettled() -> Iterator[Caller]:
    """A caller of a server that does not find records for half a minute after a move."""
    with Emulator("small", settings={"moved_codebase_404_seconds": 30}) as emulator:
        Control(emulator).put("/clock", {"now": NOW, "frozen": True})
        yield Caller(emulator)


def test_for_a_while_after_a_move_records_by_id_are_not_found(unsettled: Caller) -> None:
    control = Control(unsettled.emulator)
    assert unsettled.get("/company/companies/1").status_code == 200
    control.put("/codebase", {"codebase": "v2026_1"})
    missing = unsettled.get("/company/companies/1")
    assert (missing.status_code, missing.json()) == (404, {"code": "NotFound", "message": "Company 1 not found"})
    assert control.get("/requests")[-1]["cause"] == "codebase-moved"
    assert len(unsettled.get("/company/companies", conditions="id=1").json()) == 1
    control.put("/clock", {"advance": "PT29S"})
    assert unsettled.get("/company/companies/1").status_code == 404
    control.put("/clock", {"advance": "PT1S"})
    assert unsettled.get("/company/companies/1").status_code == 200


def test_callbacks_name_the_key_at_the_new_code_base(admin: Caller, control: Control) -> None:
    body = {"url": "http://127.0.0.1:9/x?recordId=", "objectId": 1, "type": "company", "level": "owner"}
    assert admin.post("/system/callbacks", body).status_code == 201
    control.put("/codebase", {"codebase": "v2026_1"})
    assert admin.patch("/company/companies/1", ("replace", "phoneNumber", "5")).status_code == 200
    sent: list[bytes] = []

    def receive(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(200)

    assert admin.emulator.deliver(httpx.MockTransport(receive)) == 1
    assert b"/v2026_1//system/callbackkey/" in sent[0]
