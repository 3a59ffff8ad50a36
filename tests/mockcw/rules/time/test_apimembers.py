"""An API member as the member of a time entry: taken, or refused where the setting says so."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control, message
from tests.mockcw.doors import person

ENTRIES = "/time/entries"
TEXT = "API-only members do not have access to this module"


def entry(**given: Any) -> dict[str, Any]:
    """A body for a new entry."""
    charge = {"chargeToType": "ServiceTicket", "chargeToId": 1}
    return {"timeStart": "2026-01-05T09:00:00Z", "actualHours": 1, **charge, **given}


def test_an_api_member_posts_time_as_itself(admin: Caller) -> None:
    made = admin.post(ENTRIES, entry())
    assert (made.status_code, made.json()["member"]["identifier"]) == (201, "Admin"), made.text


@pytest.mark.rule("time-entry.person")
@pytest.mark.parametrize(("status", "code"), [(400, "ConnectWiseApi"), (403, "Security")])
def test_where_the_setting_says_so_it_is_refused(status: int, code: str) -> None:
    settings = {"api_member_time": "refuse", "api_member_time_status": status}
    with Emulator(settings=settings) as emulator:
        admin = Caller(emulator)
        for body in (entry(), entry(member={"identifier": "SonicSaaS"})):
            refused = admin.post(ENTRIES, body)
            assert (refused.status_code, refused.json()["code"], message(refused)) == (status, code, TEXT)
        assert "setting api_member_time" in Control(emulator).get("/requests")[-1]["reason"]
        ada = person(admin)
        made = admin.post(ENTRIES, entry(member={"identifier": "Ada"}))
        assert (made.status_code, made.json()["member"]["id"]) == (201, ada), made.text
        one = f"{ENTRIES}/{made.json()['id']}"
        assert admin.patch(one, ("replace", "member", {"identifier": "Admin"})).status_code == status
        assert admin.patch(f"/system/members/{ada}", ("replace", "licenseClass", "A")).status_code == 200
        assert admin.patch(one, ("replace", "notes", "x")).status_code == 200, "time that is there stays workable"
