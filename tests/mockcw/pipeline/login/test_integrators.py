"""Integrator logins: user name and password, switches in place of a role, own records only, and tokens for members."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from mockcw.catalogue import load
from mockcw.catalogue.switches import switched_off, switches
from mockcw.pipeline.login.integrators import role_of
from mockcw.pipeline.world import World
from mockcw.store import EVERYTHING
from tests.mockcw.caller import Caller, Control
from tests.mockcw.doors import PASSWORD, by_basic, integrator

LOGINS = "/system/integratorlogins"
INTEGRATOR = {"x-cw-usertype": "integrator"}
UNAUTHORIZED = {"code": "Unauthorized", "message": "Unauthorized"}
COMPANY = {"identifier": "Own1", "name": "Own", "site": {"name": "Main"}}


def last(control: Control) -> dict[str, Any]:
    return dict(control.get("/requests")[-1])


def stored(world: World) -> str:
    """Every record that is kept, as text."""
    store = next(iter(world.tenants.values())).store
    tables = [one for one in store.collections() if one.startswith("~") or one == LOGINS or one == "/system/members"]
    return "".join(doc.decode() for table in tables for _, doc in store.rows(table, EVERYTHING))


def test_an_integrator_login_comes_in_by_name_and_password(admin: Caller, control: Control) -> None:
    vendor = integrator(admin, "Vendor", companyApiFlag=True, canAccessAllRecordsFlag=True)
    answer = vendor.get("/company/companies")
    assert (answer.status_code, bool(answer.json())) == (200, True)
    entry = last(control)
    assert (entry["member"], entry["decision"]["role"]) == ("Vendor", "integrator login Vendor")


@pytest.mark.parametrize("header", ["integrator", "Integrator", " INTEGRATOR "])
def test_the_user_type_has_any_letter_case(emulator: Emulator, admin: Caller, header: str) -> None:
    integrator(admin, "vendor")
    assert by_basic(emulator, "VENDOR", PASSWORD, **{"x-cw-usertype": header}).get("/system/info").status_code == 200


REFUSED: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    "unknown name": ("nobody", PASSWORD, {}, "unknown-integrator", "no integrator login has the user name"),
    "no name": ("", PASSWORD, {}, "unknown-integrator", "no integrator login has the user name"),
    "blank after the name": ("vendor ", PASSWORD, {}, "unknown-integrator", "without the blank it is known"),
    "wrong password": ("vendor", "x", {}, "wrong-password", "wrong password of integrator login vendor"),
    "no password": ("vendor", "", {}, "wrong-password", "wrong password of integrator login vendor"),
    "blank": ("vendor", f" {PASSWORD}", {}, "wrong-password", "it has a blank around it"),
    "inactive": ("vendor", PASSWORD, {"inactiveFlag": True}, "inactive-integrator", "login vendor is inactive"),
    "without password": ("vendor", PASSWORD, {"password": None}, "wrong-password", "has no password yet"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_integrator_login_is_the_same_401_and_the_journal_says_why(
    emulator: Emulator, admin: Caller, control: Control, case: str
) -> None:
    user, secret, flags, cause, words = REFUSED[case]
    integrator(admin, "vendor", **flags)
    answer = by_basic(emulator, user, secret, **INTEGRATOR).get("/system/info")
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    entry = last(control)
    assert (entry["cause"], words in entry["reason"]) == (cause, True), entry


def test_the_same_credentials_without_the_header_are_refused_after_they_were_taken(admin: Caller) -> None:
    vendor = integrator(admin, "vendor")
    assert vendor.get("/system/info").status_code == 200
    del vendor.http.headers["x-cw-usertype"]
    assert vendor.get("/system/info").status_code == 401


def test_keys_sent_as_an_integrator_login_are_told(emulator: Emulator, control: Control) -> None:
    who = emulator.member("admin")
    answer = by_basic(emulator, who.public_key, who.private_key, **INTEGRATOR).get("/system/info")
    assert (answer.status_code, answer.json(), last(control)["cause"]) == (401, UNAUTHORIZED, "unknown-integrator")
    assert "it is a public key" in last(control)["reason"]


def test_a_switch_opens_its_api_and_no_other(admin: Caller) -> None:
    vendor = integrator(admin, companyApiFlag=True, canAccessAllRecordsFlag=True)
    assert vendor.get("/company/companies").status_code == 200
    assert vendor.get("/company/contacts").status_code == 403
    assert vendor.get("/service/tickets").status_code == 403
    [login] = admin.get(LOGINS, conditions='username="vendor"').json()
    admin.patch(f"{LOGINS}/{login['id']}", ("replace", "contactApiFlag", True))
    assert vendor.get("/company/contacts").status_code == 200, "a switch counts from the next call on"


def test_a_refusal_names_the_switch_that_is_off(admin: Caller, control: Control) -> None:
    assert integrator(admin, companyApiFlag=True).get("/service/tickets").status_code == 403
    entry = last(control)
    assert entry["cause"] == "api-not-switched-on"
    assert "serviceTicketApiFlag" in entry["reason"]


def test_all_apis_open_every_row(admin: Caller) -> None:
    rights = {"canAccessAllApisFlag": True, "canAccessAllRecordsFlag": True, "member": {"id": 1}, "board": {"id": 1}}
    vendor = integrator(admin, **rights)
    for path in ("/company/companies", "/service/tickets", "/finance/agreements", "/expense/entries", LOGINS):
        assert vendor.get(path).status_code == 200, path


def test_without_the_flag_for_all_records_it_sees_and_changes_what_it_made_itself(admin: Caller) -> None:
    vendor = integrator(admin, companyApiFlag=True)
    assert vendor.get("/company/companies").json() == []
    made = vendor.post("/company/companies", COMPANY)
    assert made.status_code == 201, made.text
    assert made.json()["_info"]["enteredBy"] == "vendor"
    assert [one["identifier"] for one in vendor.get("/company/companies").json()] == ["Own1"]
    assert vendor.get("/company/companies/count").json() == {"count": 1}
    own = f"/company/companies/{made.json()['id']}"
    assert vendor.patch(own, ("replace", "name", "Renamed")).json()["_info"]["updatedBy"] == "vendor"
    assert vendor.patch("/company/companies/2", ("replace", "name", "x")).status_code == 403


def test_what_is_under_system_can_be_read_whole_by_one_that_sees_its_own_records_only(admin: Caller) -> None:
    vendor = integrator(admin, systemApiFlag=True, memberApiFlag=True)
    assert len(vendor.get("/service/boards").json()) == len(admin.get("/service/boards").json()) > 0
    assert vendor.get("/system/members/count").json() == admin.get("/system/members/count").json()


def test_every_switch_of_the_model_is_described_and_opens_rows_that_exist() -> None:
    catalogue = load()
    flags = {name for name in catalogue.model("IntegratorLogin").fields if name.endswith("ApiFlag")}
    assert {one.flag for one in switches()} == flags
    rows = {(area.module, area.area) for area in catalogue.areas}
    assert {(one.module, one.area) for one in switches()} <= rows
    assert len(set(switches())) == len(switches())


@pytest.mark.parametrize("flag", sorted({one.flag for one in switches()}))
def test_the_role_of_a_switch_has_its_rows_and_no_more(flag: str) -> None:
    role = role_of({"username": "x", flag: True, "canAccessAllRecordsFlag": True}, load())
    assert set(role.rows) == {(one.module, one.area) for one in switches() if one.flag == flag}
    assert {level for row in role.rows.values() for level in row} == {"All"}
    own = role_of({"username": "x", flag: True}, load())
    assert {level for (module, _), row in own.rows.items() for level in row if module != "System"} <= {"My"}


def test_a_switch_that_is_off_is_named() -> None:
    assert switched_off("Companies", "Contacts") == (
        "the Contact API (contactApiFlag) is off for this integrator login, and so is canAccessAllApisFlag"
    )
    assert "canAccessAllApisFlag" in switched_off("Time & Expense", "Expense Report Entry")


# -- what is kept ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["create", "replace", "patch"])
def test_a_password_lets_in_and_is_found_nowhere(admin: Caller, control: Control, verb: str) -> None:
    new = "battery staple horse"
    made = admin.post(LOGINS, {"username": "vendor", "password": new if verb == "create" else PASSWORD})
    one = f"{LOGINS}/{made.json()['id']}"
    if verb == "replace":
        made = admin.put(one, {"username": "vendor", "password": new})
    if verb == "patch":
        made = admin.patch(one, ("replace", "password", new))
    assert made.is_success, made.text
    vendor = by_basic(admin.emulator, "vendor", new, **INTEGRATOR)
    assert vendor.get("/system/info").status_code == 200
    assert by_basic(admin.emulator, "vendor", f"{new}!", **INTEGRATOR).get("/system/info").status_code == 401
    if verb != "create":
        assert by_basic(admin.emulator, "vendor", PASSWORD, **INTEGRATOR).get("/system/info").status_code == 401
    kept = "".join(repr(control.get(f"/requests/{entry['id']}")) for entry in control.get("/requests"))
    for text in (made.text, admin.get(one).text, kept, stored(admin.emulator.world), repr(admin.emulator.world)):
        assert new not in text


def test_a_put_without_password_leaves_it_and_a_patch_can_take_it_away(admin: Caller) -> None:
    vendor = integrator(admin, "vendor")
    [login] = admin.get(LOGINS, conditions='username="vendor"').json()
    one = f"{LOGINS}/{login['id']}"
    assert admin.put(one, {"username": "vendor"}).status_code == 200
    assert vendor.get("/system/info").status_code == 200
    assert admin.patch(one, ("remove", "password", None)).status_code == 200
    assert vendor.get("/system/info").status_code == 401


def test_a_deleted_login_is_nobody(admin: Caller, control: Control) -> None:
    vendor = integrator(admin, "vendor")
    assert vendor.get("/system/info").status_code == 200
    [login] = admin.get(LOGINS, conditions='username="vendor"').json()
    assert admin.delete(f"{LOGINS}/{login['id']}").status_code == 204
    assert vendor.get("/system/info").status_code == 401
    assert last(control)["cause"] == "unknown-integrator"
    look = next(iter(admin.emulator.world.tenants.values())).engine.look
    assert look.find("~integratorPasswords") == []


def test_equal_passwords_are_kept_as_different_hashes(admin: Caller) -> None:
    integrator(admin, "one")
    integrator(admin, "two")
    look = next(iter(admin.emulator.world.tenants.values())).engine.look
    first, second = look.find("~integratorPasswords")
    assert first["hash"] != second["hash"]
