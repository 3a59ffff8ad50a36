"""What a member sees of itself: rights, record, account."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control, items, message
from tests.mockcw.doors import person, with_keys
from tests.mockcw.rules.system.planting import plant

ACCOUNT = {
    "firstName": "Ada",
    "lastName": "Admin",
    "hireDate": "2025-01-01T00:00:00Z",
    "licenseClass": "F",
    "identifier": "Ada",
    "defaultEmail": "Office",
    "defaultPhone": "Office",
    "companyActivityTabFormat": "SummaryList",
    "invoiceTimeTabFormat": "SummaryList",
    "invoiceScreenDefaultTabFormat": "ShowInvoicingTab",
    "invoicingDisplayOptions": "RemainOnInvoicingScreen",
    "agreementInvoicingDisplayOptions": "RemainOnInvoicingScreen",
}


@pytest.fixture
def ada(emulator: Emulator, admin: Caller) -> Caller:
    """A person with keys of her own."""
    person(admin)
    return with_keys(emulator, "Ada")


def me(caller: Caller) -> dict[str, Any]:
    return dict(caller.get("/system/myMembers").json())


def test_my_member_is_the_caller(admin: Caller, sonic: Caller) -> None:
    assert (me(admin)["identifier"], me(sonic)["identifier"]) == ("Admin", "SonicSaaS")
    info = sonic.get("/system/myMembers/info").json()
    assert info["fullName"] == f"{info['firstName']} {info['lastName']}"
    assert "password" not in me(admin)


def test_my_security_is_the_matrix_of_the_callers_role(admin: Caller, sonic: Caller) -> None:
    rows = sonic.get("/system/mySecurity", pageSize=1000).json()
    [company] = [row for row in rows if row["moduleFunctionName"] == "Company Maintenance"]
    assert (company["addLevel"], company["editLevel"], company["inquireLevel"]) == ("None", "All", "All")
    assert {row["member"]["identifier"] for row in rows} == {"SonicSaaS"}
    own = admin.get("/system/mySecurity", conditions='moduleFunctionName="Company Maintenance"').json()
    assert own[0]["addLevel"] == "All"
    again = sonic.get("/system/mySecurity", pageSize=1000).json()
    assert again == rows, "who asked before makes no difference"


def test_my_security_follows_the_member_to_another_role(admin: Caller, sonic: Caller) -> None:
    asked = 'moduleFunctionName="Company Maintenance"'
    assert sonic.get("/system/mySecurity", conditions=asked).json()[0]["addLevel"] == "None"
    admin.patch(f"/system/members/{me(sonic)['id']}", ("replace", "securityRole", {"id": 1}))
    assert sonic.get("/system/mySecurity", conditions=asked).json()[0]["addLevel"] == "All"


def test_customize_items_name_what_there_is(admin: Caller) -> None:
    admin.post("/company/configurations/types", {"name": "Submarine"})
    asked = 'customizeIdentifier="CompanyConfigurations"'
    shown = admin.get("/system/mySecurity/customizeItems", conditions=asked, pageSize=1000).json()
    assert "Submarine" in [one["itemIdentifier"] for one in shown]


def my_items(caller: Caller, identifier: str) -> list[str]:
    asked = f'customizeIdentifier="{identifier}"'
    found = caller.get("/system/mySecurity/customizeItems", conditions=asked, pageSize=1000).json()
    return [one["itemIdentifier"] for one in found]


def test_customize_items_are_those_on_the_allow_side(emulator: Emulator, admin: Caller, sonic: Caller) -> None:
    admin.post("/company/configurations/types", {"name": "Submarine"})
    role = me(sonic)["securityRole"]["id"]
    lists = {
        "SystemTableSetup": ["Service / Service Board", "Company / Company Type", "Invoicing / Tax code"],
        "CompanyConfigurations": ["Submarine"],
    }
    before = {name: my_items(sonic, name) for name in lists}
    wanted = [(name, item) for name, items in lists.items() for item in items]
    for disallowed in (True, False):
        body = [{"identifier": name, "item": item, "allowed": not disallowed} for name, item in wanted]
        Control(emulator).put(f"/roles/{role}/customize", body)
        for name, refused in lists.items():
            assert set(refused) <= set(before[name])
            left = [one for one in before[name] if one not in refused]
            assert my_items(sonic, name) == (left if disallowed else before[name])
            assert set(refused) <= set(my_items(admin, name)), "another role has lists of its own"


def test_the_admin_flag_allows_every_customize_item(emulator: Emulator, admin: Caller) -> None:
    role = me(admin)["securityRole"]["id"]
    item = {"identifier": "SystemTableSetup", "item": "Service / Service Board", "allowed": False}
    Control(emulator).put(f"/roles/{role}/customize", [item])
    assert "Service / Service Board" in my_items(admin, "SystemTableSetup")


def test_my_account_is_ones_own_and_nobody_elses(ada: Caller, sonic: Caller) -> None:
    account = ada.get(f"/system/myAccount/{me(ada)['id']}").json()
    assert account["identifier"] == "Ada"
    assert "securityRole" not in account
    other = ada.get(f"/system/myAccount/{me(sonic)['id']}")
    assert (other.status_code, other.json()["code"]) == (404, "NotFound")
    assert ada.get("/system/myAccount/999999").status_code == 404


def test_a_patch_of_my_account_is_seen_on_the_member(ada: Caller) -> None:
    number = me(ada)["id"]
    changed = ada.patch(f"/system/myAccount/{number}", ("replace", "title", "Boss"))
    assert (changed.status_code, changed.json()["title"]) == (200, "Boss")
    assert ada.get(f"/system/members/{number}").json()["title"] == "Boss"


@pytest.mark.parametrize("key", ["path", "Path"])
@pytest.mark.parametrize("path", ["securityRole", "/securityRole/id", "adminFlag", "structureLevel", "hourlyCost"])
def test_nobody_gets_other_rights_through_the_account(ada: Caller, key: str, path: str) -> None:
    number = me(ada)["id"]
    before = ada.get(f"/system/members/{number}").json()
    body = [{"op": "replace", "path": "title", "value": "x"}, {"op": "replace", key: path, "value": {"id": 2}}]
    answer = ada.http.patch(f"/system/myAccount/{number}", json=body)
    assert answer.status_code == 400
    name = path.strip("/").split("/")[0]
    assert items(answer) == [("InvalidField", f"{name} cannot be changed through my account.", name)]
    assert ada.get(f"/system/members/{number}").json() == before


def first_zone(emulator: Emulator, admin: Caller) -> int:
    """A time zone there is; the API offers no way to make one."""
    zones = admin.get("/system/cwTimeZones").json()
    return int(zones[0]["id"]) if zones else plant(emulator, "/system/cwTimeZones", {"name": "UTC"})


def test_a_put_of_my_account_keeps_what_is_not_the_accounts(emulator: Emulator, ada: Caller) -> None:
    number, before = me(ada)["id"], me(ada)
    ada.patch(f"/system/myAccount/{number}", ("replace", "title", "Boss"))
    role = ada.post("/time/workRoles", {"name": "Chief"}).json()["id"]
    zone = plant(emulator, "/system/timeZoneSetups", {"name": "Here", "timeZone": {"id": first_zone(emulator, ada)}})
    department = ada.post("/system/departments", {"identifier": "IT", "name": "IT"}).json()["id"]
    references = {"workRole": role, "timeZone": zone, "defaultDepartment": department, "defaultLocation": 1}
    references |= {"timeApprover": number, "expenseApprover": number, "salesDefaultLocation": 1}
    body = {**ACCOUNT, **{name: {"id": one} for name, one in references.items()}}
    answer = ada.put(f"/system/myAccount/{number}", body)
    assert answer.status_code == 200, answer.text
    member = ada.get(f"/system/members/{number}").json()
    assert (member["firstName"], member["securityRole"]["id"]) == ("Ada", before["securityRole"]["id"])
    assert "title" not in member
    missing = ada.put(f"/system/myAccount/{number}", {"firstName": "Ada"})
    assert missing.status_code == 400


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_an_api_member_has_no_account(admin: Caller, method: str) -> None:
    body = b"" if method == "GET" else b"[]"
    answer = admin.send(method, f"/system/myAccount/{me(admin)['id']}", body)
    assert (answer.status_code, message(answer)) == (404, "The endpoint does not exist.")


def test_members_with_a_synchronised_calendar_are_listed(admin: Caller) -> None:
    number = me(admin)["id"]
    assert admin.get("/system/members/calendarsync").json() == []
    admin.patch(f"/system/members/{number}", ("replace", "calendarSyncIntegrationFlag", True))
    assert admin.get("/system/members/calendarsync").json() == [
        {"id": number, "memberId": "Admin", "calendarSyncIntegrationFlag": True}
    ]
