"""The customer portal: setups, copies, test payments, what a contact may do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller, items

PORTALS = "/company/portalConfigurations"
SECURITY = "/company/portalSecuritySettings"
SETUPS = ("invoiceSetups", "opportunitySetups", "passwordEmailSetups", "projectSetups")


def made(admin: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = admin.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture
def portal(admin: Caller) -> int:
    return int(made(admin, PORTALS, {"name": "First", "welcomeText": "Hello", "defaultFlag": True})["id"])


def setup(admin: Caller, portal: int, name: str) -> dict[str, Any]:
    (only,) = admin.get(f"{PORTALS}/{portal}/{name}").json()
    return dict(only)


@pytest.mark.rule("portal.setups")
def test_a_portal_has_its_setups_from_the_start(admin: Caller, portal: int) -> None:
    for name in SETUPS:
        assert setup(admin, portal, name)["id"]
    assert setup(admin, portal, "projectSetups")["onlyDisplay"] == "DoNotDisplay"
    assert setup(admin, portal, "invoiceSetups")["portalConfiguration"]["id"] == portal


def test_a_copy_has_the_fields_and_setups_of_the_other_under_a_new_name(admin: Caller, portal: int) -> None:
    own = setup(admin, portal, "opportunitySetups")["id"]
    path = f"{PORTALS}/{portal}/opportunitySetups/{own}"
    admin.patch(path, ("replace", "confirmationEmailSubject", "Thanks"))
    answer = admin.post(f"{PORTALS}/copy", {"id": portal, "name": "Second"})
    assert answer.status_code == 201, answer.text
    copy = admin.get(f"{PORTALS}/{answer.json()['id']}").json()
    assert copy["id"] != portal
    assert (copy["name"], copy["welcomeText"], copy["defaultFlag"]) == ("Second", "Hello", False)
    assert setup(admin, copy["id"], "opportunitySetups")["confirmationEmailSubject"] == "Thanks"
    assert setup(admin, copy["id"], "invoiceSetups")["portalConfiguration"]["id"] == copy["id"]


def test_a_copy_of_nothing_makes_nothing(admin: Caller, portal: int) -> None:
    before = admin.get(f"{PORTALS}/count").json()
    gone = admin.post(f"{PORTALS}/copy", {"id": 999999, "name": "Second"})
    assert items(gone) == [("NotFound", "Portal Configuration 999999 not found", "id")]
    assert admin.post(f"{PORTALS}/copy", {"name": "Second"}).status_code == 400
    assert admin.post(f"{PORTALS}/copy", {"id": portal}).status_code == 400
    assert admin.get(f"{PORTALS}/count").json() == before


def test_the_opportunity_setup_is_written_without_its_id(admin: Caller, portal: int) -> None:
    path = f"{PORTALS}/{portal}/opportunitySetups"
    own = setup(admin, portal, "opportunitySetups")["id"]
    changed = admin.patch(path, ("replace", "confirmationEmailSubject", "Thanks"))
    assert (changed.status_code, changed.json()["id"]) == (200, own)
    assert admin.get(f"{path}/{own}").json()["confirmationEmailSubject"] == "Thanks"
    replaced = admin.put(path, {"confirmationEmailBody": "Dear"})
    assert (replaced.status_code, replaced.json()["id"]) == (200, own)
    assert "confirmationEmailSubject" not in admin.get(f"{path}/{own}").json()
    assert admin.patch(path, ("replace", "nonsense", 1)).status_code == 400
    assert admin.put(f"{PORTALS}/999999/opportunitySetups", {}).status_code == 404


def test_a_test_payment_needs_a_processor_a_login_and_a_password(admin: Caller, portal: int) -> None:
    own = setup(admin, portal, "invoiceSetups")["id"]
    tenant = admin.emulator.world.tenants["training"]
    processors = "/company/portalConfigurations/invoiceSetup/paymentProcessors"
    tenant.store.insert(processors, tenant.store.next_id(processors), b'{"id":1,"name":"Bank"}')
    path = f"{PORTALS}/{portal}/invoiceSetups/{own}"
    admin.patch(path, ("replace", "paymentProcessor", {"name": "Bank"}), ("replace", "login", "shop"))
    works = admin.post(f"{path}/testTransaction", {"password": "x"}).json()
    assert works["success"] is True
    fails = admin.post(f"{path}/testTransaction", {}).json()
    assert fails == {"success": False, "message": "The payment processor, login and password are required."}
    assert admin.post(f"{PORTALS}/{portal}/invoiceSetups/999999/testTransaction", {}).status_code == 404


def test_what_a_contact_may_do_follows_its_level(admin: Caller) -> None:
    tenant = admin.emulator.world.tenants["training"]
    for name, two in (("View tickets", True), ("Approve quotes", False)):
        record = {"functionIdentifier": name, "levelOne": True, "levelTwo": two}
        add(tenant, record)
    contact = made(admin, "/company/contacts", {"firstName": "Ann", "portalSecurityLevel": 2})["id"]
    path = f"/company/contacts/{contact}/portalSecurity"

    def allowed() -> dict[str, bool]:
        rows = admin.get(path, pageSize=1000).json()
        return {
            row["identifier"]: row["enabled"] for row in rows if row["identifier"] in ("View tickets", "Approve quotes")
        }

    assert allowed() == {"View tickets": True, "Approve quotes": False}
    found = admin.get(path, conditions='identifier = "Approve quotes"').json()
    assert found == [{"identifier": "Approve quotes", "enabled": False}]
    admin.patch(f"/company/contacts/{contact}", ("replace", "portalSecurityLevel", 1))
    assert allowed() == {"View tickets": True, "Approve quotes": True}
    assert admin.get("/company/contacts/999999/portalSecurity").status_code == 404


def add(tenant: Any, record: dict[str, Any]) -> None:
    from mockcw.engine.writer import Author

    tenant.engine.add(SECURITY, (), record, Author("System", None))
