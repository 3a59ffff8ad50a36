"""Portal passwords: validated against what was given, never shown; a new one can be asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller

CONTACTS = "/company/contacts"
VALIDATE = f"{CONTACTS}/validatePortalCredentials"


@pytest.fixture
def contact(admin: Caller) -> int:
    kind = admin.post("/company/communicationTypes", {"description": "Mail", "emailFlag": True}).json()["id"]
    body = {
        "firstName": "Ann",
        "portalPassword": "first secret",
        "disablePortalLoginFlag": False,
        "communicationItems": [{"type": {"id": kind}, "value": "ann@portal.test"}],
    }
    answer = admin.post(CONTACTS, body)
    assert answer.status_code == 201, answer.text
    assert "portalPassword" not in answer.json()
    return int(answer.json()["id"])


def valid(admin: Caller, password: str, email: str = "ann@portal.test") -> Any:
    answer = admin.post(VALIDATE, {"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_password_of_a_contact_is_valid_and_no_other_is(admin: Caller, contact: int) -> None:
    assert valid(admin, "first secret") == {"success": True, "contactId": contact}
    assert valid(admin, "First secret") == {"success": False}
    assert valid(admin, "first secret", "bob@portal.test") == {"success": False}


def test_a_changed_password_takes_the_place_of_the_old(admin: Caller, contact: int) -> None:
    admin.patch(f"{CONTACTS}/{contact}", ("replace", "/portalPassword", "second"))
    assert [valid(admin, one)["success"] for one in ("first secret", "second")] == [False, True]
    admin.put(f"{CONTACTS}/{contact}", {"firstName": "A", "portalPassword": "3", "disablePortalLoginFlag": False})
    assert [valid(admin, one)["success"] for one in ("second", "3")] == [False, True]


@pytest.mark.parametrize("field", ["disablePortalLoginFlag", "inactiveFlag"])
def test_a_contact_shut_out_of_the_portal_has_no_valid_password(admin: Caller, contact: int, field: str) -> None:
    admin.patch(f"{CONTACTS}/{contact}", ("replace", field, True))
    assert valid(admin, "first secret") == {"success": False}


def test_a_password_can_be_asked_for_by_an_address_that_is_known(admin: Caller, contact: int) -> None:
    assert admin.post(f"{CONTACTS}/requestPassword", {"email": "ann@portal.test"}).status_code == 204
    mails = admin.emulator.world.tenants["training"].engine.look.find("~mails", contactId=contact)
    assert [(one["to"], one["about"]) for one in mails] == [("ann@portal.test", "portal password")]
    unknown = admin.post(f"{CONTACTS}/requestPassword", {"email": "x@y.test"})
    body = {"code": "NotFound", "message": "No contact has the email x@y.test."}
    assert (unknown.status_code, unknown.json()) == (404, body)
    assert admin.post(f"{CONTACTS}/requestPassword", {}).status_code == 400


def test_no_password_is_kept_as_it_is(admin: Caller, contact: int) -> None:
    store = admin.emulator.world.tenants["training"].store
    rows = [doc for table in store.collections() for _, doc in admin_rows(store, table)]
    assert not any(b"first secret" in doc for doc in rows)


def admin_rows(store: Any, table: str) -> Any:
    from mockcw.store import EVERYTHING

    return store.rows(table, EVERYTHING)
