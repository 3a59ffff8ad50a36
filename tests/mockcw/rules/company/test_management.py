"""Managed services: a sync leaves a log that can be listed and downloaded."""

from __future__ import annotations

import pytest

from tests.mockcw.caller import Caller, Control

MANAGEMENT = "/company/management"


@pytest.fixture
def management(admin: Caller) -> int:
    """The surface has no way to add a management setup: this is the one of the demo data."""
    engine = admin.emulator.world.tenants["training"].engine
    found = engine.look.find(MANAGEMENT)
    if not found:
        engine.store.insert(MANAGEMENT, engine.store.next_id(MANAGEMENT), b'{"id":1,"_info":{}}')
    return int(engine.look.find(MANAGEMENT)[0]["id"])


def test_a_sync_leaves_a_log_and_the_time_of_its_run(admin: Caller, control: Control, management: int) -> None:
    control.put("/clock", {"now": "2026-01-02T03:04:05Z", "frozen": True})
    path = f"{MANAGEMENT}/{management}"
    assert admin.get(f"{path}/logs").json() == []
    missing = admin.get(f"{path}/log/download")
    body = {"code": "NotFound", "message": f"Management {management} has no log."}
    assert (missing.status_code, missing.json()) == (404, body)
    assert admin.http.post(f"{path}/executeManagedItSync").json()["success"] is True
    assert admin.get(path).json()["runTime"] == "2026-01-02T03:04:05Z"
    (log,) = admin.get(f"{path}/logs").json()
    text = admin.get(f"{path}/log/download")
    assert text.headers["content-type"].startswith("text/plain")
    assert log["fullPathFileName"].endswith(text.headers["content-disposition"].split('"')[1])
    assert int(log["fileSize"]) == len(text.content)
    assert "2026-01-02T03:04:05Z sync started by Admin" in text.text
    admin.http.post(f"{path}/executeManagedItSync")
    assert len(admin.get(f"{path}/logs").json()) == 2
    found = admin.get(f"{path}/logs", conditions='fullPathFileName contains "ManagedIT"').json()
    assert len(found) == 2


def test_there_is_no_sync_without_a_setup(admin: Caller, management: int) -> None:
    assert admin.http.post(f"{MANAGEMENT}/999999/executeManagedItSync").status_code == 404
    assert admin.get(f"{MANAGEMENT}/999999/logs").status_code == 404
    assert admin.get(f"{MANAGEMENT}/{management}/logs").json() == []
