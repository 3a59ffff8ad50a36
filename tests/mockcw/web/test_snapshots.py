"""Kept states through the control API: what each call answers, and what it says to what is not there."""

from __future__ import annotations

import httpx
import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control


@pytest.fixture
def raw(emulator: Emulator) -> httpx.Client:
    """The control API without a check of its answers."""
    return httpx.Client(transport=emulator.transport(), base_url=emulator.control_url)


@pytest.fixture(autouse=True)
def tidy(emulator: Emulator) -> None:
    """No snapshot of an earlier test, whoever kept it."""
    store = emulator.world.tenants[emulator.company_id].store
    for name in store.states.names():
        store.drop(name)


def test_a_snapshot_is_made_replaced_listed_restored_and_dropped(control: Control, raw: httpx.Client) -> None:
    control.put("/clock", {"now": "2026-05-01T10:00:00Z", "frozen": True})
    told = {"name": "one", "now": "2026-05-01T10:00:00Z", "frozen": True, "faults": 0}
    made = raw.put("/snapshots/one")
    assert (made.status_code, made.json()) == (201, told)
    assert raw.put("/snapshots/one").status_code == 200
    assert control.get("/snapshots") == [told]
    control.put("/clock", {"advance": "PT1H"})
    assert control.post("/snapshots/one/restore") == told
    assert control.get("/clock")["now"] == "2026-05-01T10:00:00Z"
    assert control.delete("/snapshots/one") == {"dropped": "one"}
    assert control.get("/snapshots") == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/snapshots/never/restore"),
        ("DELETE", "/snapshots/never"),
        ("GET", "/snapshots/never/differences"),
        ("GET", "/snapshots/there/differences?to=never"),
        ("POST", "/snapshots/~seeded/restore"),
        ("DELETE", "/snapshots/~seeded"),
    ],
)
def test_a_name_that_is_not_kept_is_said_with_the_names_there_are(raw: httpx.Client, method: str, path: str) -> None:
    raw.put("/snapshots/there")
    answer = raw.request(method, path)
    assert answer.status_code == 404
    assert answer.json()["error"].endswith("is kept; there are: there")


@pytest.mark.parametrize("name", ["~seeded", "a b", ".x", "x" * 65])
def test_what_is_no_name_is_refused(raw: httpx.Client, name: str) -> None:
    answer = raw.put(f"/snapshots/{name}")
    assert answer.status_code == 400
    assert "is no name: letters, digits" in answer.json()["error"]


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_a_limit_is_a_whole_number(raw: httpx.Client, limit: str) -> None:
    raw.put("/snapshots/there")
    answer = raw.get("/snapshots/there/differences", params={"limit": limit})
    assert (answer.status_code, answer.json()["error"]) == (400, f"limit is a whole number from 1, not {limit!r}")


def test_differences_name_the_records_and_the_fields_before_and_after(control: Control, admin: Caller) -> None:
    control.put("/clock", {"now": "2026-05-01T10:00:00Z", "frozen": True})
    control.put("/snapshots/one", None)
    before = admin.get("/company/companies/2").json()
    admin.patch("/company/companies/2", ("replace", "phoneNumber", "555"))
    made = admin.post("/company/contacts", {"firstName": "Ada", "company": {"id": 2}}).json()
    admin.delete("/system/callbacks/1")
    found = control.get("/snapshots/one/differences")
    records = {(one["collection"], one["id"]): one for one in found["records"]}
    company = records["/company/companies", 2]
    assert company["did"] == "changed"
    assert company["fields"]["phoneNumber"] == [before.get("phoneNumber"), "555"]
    contact = records["/company/contacts", made["id"]]
    assert (contact["did"], contact["record"]["firstName"]) == ("added", "Ada")
    assert found["next_ids"]["/company/contacts"] == [made["id"], made["id"] + 1]
    assert found["own"]["~audit"] >= 2
    assert not found["same"]
    control.post("/snapshots/one/restore")
    assert control.get("/snapshots/one/differences")["same"]


def test_differences_tell_no_secret(control: Control, admin: Caller, emulator: Emulator) -> None:
    control.put("/snapshots/one", None)
    key = control.post("/members/SonicSaaS/keys")
    admin.patch("/company/contacts/1", ("replace", "portalPassword", "hunter2"))
    admin.post(
        "/system/callbacks", {"url": "http://127.0.0.1:9/?i=", "type": "ticket", "level": "owner", "objectId": 1}
    )
    text = (
        httpx.Client(transport=emulator.transport(), base_url=emulator.control_url)
        .get("/snapshots/one/differences")
        .text
    )
    assert '"~keys":1' in text
    assert key["private_key"] not in text
    assert "hunter2" not in text


def test_a_restored_state_has_an_empty_journal(control: Control, admin: Caller) -> None:
    control.put("/snapshots/one", None)
    admin.get("/system/info")
    assert control.get("/requests")
    control.post("/snapshots/one/restore")
    assert control.get("/requests") == []
