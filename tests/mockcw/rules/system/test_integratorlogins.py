"""What the rules of integrator logins ask of the record itself."""

from __future__ import annotations

import pytest

from mockcw.engine.credentials import INTEGRATOR_PASSWORDS
from tests.mockcw.caller import Caller, Control, items

LOGINS = "/system/integratorlogins"


@pytest.mark.rule("integrator-login.username")
def test_a_user_name_is_used_once_in_any_letter_case(admin: Caller) -> None:
    assert admin.post(LOGINS, {"username": "vendor"}).status_code == 201
    again = admin.post(LOGINS, {"username": "VENDOR"})
    assert again.status_code == 400
    assert [(code, field) for code, _, field in items(again)] == [("ObjectExists", "username")]


@pytest.mark.rule("integrator-login.widest")
def test_the_widest_login_names_a_member_and_a_board(admin: Caller) -> None:
    refused = admin.post(LOGINS, {"username": "vendor", "canAccessAllApisFlag": True})
    assert refused.status_code == 400
    assert items(refused) == [
        ("MissingRequiredField", "The member/id field is required.", "member"),
        ("MissingRequiredField", "The board/id field is required.", "board"),
    ]
    whole = {"username": "vendor", "canAccessAllApisFlag": True, "member": {"id": 1}, "board": {"id": 1}}
    assert admin.post(LOGINS, whole).status_code == 201


@pytest.mark.rule("integrator-login.activity")
def test_a_login_made_inactive_shows_when_and_by_whom_until_it_is_active_again(admin: Caller, control: Control) -> None:
    control.put("/clock", {"now": "2026-01-02T03:04:05Z", "frozen": True})
    one = f"{LOGINS}/{admin.post(LOGINS, {'username': 'vendor'}).json()['id']}"
    assert "dateInactivated" not in admin.get(one).json()
    off = admin.patch(one, ("replace", "inactiveFlag", True)).json()
    assert (off["dateInactivated"], off["inactivatedBy"]["identifier"]) == ("2026-01-02T03:04:05Z", "Admin")
    control.put("/clock", {"now": "2026-02-02T03:04:05Z", "frozen": True})
    assert admin.patch(one, ("replace", "timeEntryApiFlag", True)).json()["dateInactivated"] == off["dateInactivated"]
    on = admin.patch(one, ("replace", "inactiveFlag", False)).json()
    assert "dateInactivated" not in on
    assert "inactivatedBy" not in on


@pytest.mark.rule("integrator-login.password", "integrator-login.gone")
def test_a_logins_password_is_kept_as_a_digest_and_goes_with_it(admin: Caller) -> None:
    store = admin.emulator.world.tenants[admin.emulator.company_id].store
    made = admin.post(LOGINS, {"username": "vendor", "password": "open sesame"}).json()
    assert "password" not in made
    kept = store.get(INTEGRATOR_PASSWORDS, made["id"])
    assert kept is not None
    assert b"sesame" not in kept
    assert admin.delete(f"{LOGINS}/{made['id']}").status_code == 204
    assert store.get(INTEGRATOR_PASSWORDS, made["id"]) is None
