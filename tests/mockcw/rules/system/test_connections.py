"""Connections: a complete set-up works, another one says that it does not."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller
from tests.mockcw.rules.system.planting import plant

FOLDERS = {"inboxFolder": "In", "processedFolder": "Done", "failedFolder": "Failed"}
SECURITIES = "/system/managementNetworkSecurities"
GOOGLE = "/system/googleemailsetup"
OFFICE = "/system/office365/emailSetups"
ANVILS = "/system/authAnvils"
REPORTING = "/system/myCompany/reportingServices"


def worked(answer: Any) -> bool:
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["success"] is (not body["message"])
    return bool(body["success"])


def made(admin: Caller, path: str, body: dict[str, Any]) -> str:
    answer = admin.post(path, body)
    assert answer.status_code == 201, answer.text
    return f"{path}/{answer.json()['id']}"


def test_network_credentials_need_a_user(admin: Caller) -> None:
    path = made(admin, SECURITIES, {"name": "N", "site": "https://n.test"})
    assert not worked(admin.get(f"{path}/testCredentials"))
    admin.patch(path, ("replace", "username", "u"))
    assert worked(admin.get(f"{path}/testCredentials"))


def test_a_mailbox_works_when_complete_and_in_use(admin: Caller) -> None:
    path = made(admin, GOOGLE, {"name": "G", "username": "g@x.test", **FOLDERS})
    assert not worked(admin.http.post(f"{path}/testConnection"))
    admin.patch(path, ("replace", "clientId", "c"))
    assert worked(admin.http.post(f"{path}/testConnection"))
    admin.patch(path, ("replace", "inactiveFlag", True))
    assert not worked(admin.http.post(f"{path}/testConnection"))


def test_an_office_mailbox_must_be_authorized_and_then_sees_the_members(admin: Caller) -> None:
    path = made(admin, OFFICE, {"name": "O", **FOLDERS})
    admin.patch("/system/members/1", ("replace", "officeEmail", "admin@x.test"))
    assert not worked(admin.http.post(f"{path}/testConnection"))
    assert admin.get(f"{path}/getEmails").json() == []
    assert worked(admin.http.post(f"{path}/authorize"))
    assert admin.get(path).json()["authorizedFlag"] is True
    assert worked(admin.http.post(f"{path}/testConnection"))
    asked = 'userPrincipalName="admin@x.test"'
    [mailbox] = admin.get(f"{path}/getEmails", conditions=asked).json()
    assert (mailbox["id"], mailbox["userPrincipalName"]) == ("1", "admin@x.test")
    assert admin.http.post(f"{OFFICE}/999999/authorize").status_code == 404


def test_set_ups_without_an_id_are_tested_as_a_whole(emulator: Emulator, admin: Caller) -> None:
    if not admin.get(ANVILS).json():
        assert not worked(admin.get(f"{ANVILS}/testConnection"))
        plant(emulator, ANVILS, {"serverLocationUrl": "https://a.test", "siteId": 7})
    assert worked(admin.get(f"{ANVILS}/testConnection"))
    for one in admin.get("/system/quoteLinkSetup").json():
        assert admin.delete(f"/system/quoteLinkSetup/{one['id']}").status_code == 204
    assert not worked(admin.get("/system/quoteLinkSetup/testConnection"))
    made(admin, "/system/quoteLinkSetup", {"link": "https://q.test", "allLocationsFlag": True})
    assert worked(admin.get("/system/quoteLinkSetup/testConnection"))


def test_a_reporting_service_needs_address_and_user(emulator: Emulator, admin: Caller) -> None:
    number = plant(emulator, REPORTING, {"reportingUrl": "https://r.test"})
    assert not worked(admin.http.post(f"{REPORTING}/{number}/testConnection"))
    admin.patch(f"{REPORTING}/{number}", ("replace", "reportingUserName", "u"))
    assert worked(admin.http.post(f"{REPORTING}/{number}/testConnection"))


@pytest.mark.parametrize(("server", "expected"), [("ldap.test", True), ("other.test", False), ("", False)])
def test_an_ldap_server_is_one_that_is_configured(admin: Caller, server: str, expected: bool) -> None:
    made(admin, "/system/ldapConfigurations", {"name": "L", "server": "ldap.test", "domain": "x"})
    assert worked(admin.post("/system/ldapConfigurations/testLink", {"server": server})) is expected
