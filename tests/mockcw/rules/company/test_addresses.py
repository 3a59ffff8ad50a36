"""A company's state and that of its sites, its default contact from both sides, how long names of contacts are."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, items
from tests.mockcw.rules.finance.shop import Shop

COMPANIES, CONTACTS = "/company/companies", "/company/contacts"


def main_site(caller: Caller, company: int) -> dict[str, Any]:
    [site] = caller.get(f"{COMPANIES}/{company}/sites").json()
    return dict(site)


def marked(caller: Caller, company: int) -> list[int]:
    rows = caller.get(CONTACTS, conditions=f"company/id={company} and defaultFlag=true").json()
    return [one["id"] for one in rows]


@pytest.mark.rule("company.address", "site.address")
def test_a_company_and_its_primary_site_have_the_same_state(admin: Caller) -> None:
    company = Shop(admin).company(city="Tampa", state="FL")["id"]
    path, site = f"{COMPANIES}/{company}", main_site(admin, company)
    assert site["stateReference"]["identifier"] == "FL"
    assert admin.patch(f"{path}/sites/{site['id']}", ("replace", "name", "Head office")).status_code == 200
    assert admin.get(path).json()["state"] == "FL"
    assert admin.patch(path, ("replace", "state", "alabama")).json()["state"] == "alabama"
    assert main_site(admin, company)["stateReference"]["identifier"] == "AL"
    moved = admin.patch(f"{path}/sites/{site['id']}", ("replace", "stateReference", {"identifier": "AK"}))
    assert moved.status_code == 200
    assert admin.get(path).json()["state"] == "AK"
    assert "state" not in admin.patch(path, ("remove", "state", None)).json()
    assert "stateReference" not in main_site(admin, company)


@pytest.mark.rule("company.state")
@pytest.mark.parametrize("verb", ["post", "patch", "put"])
def test_a_state_that_is_not_set_up_is_refused(admin: Caller, verb: str) -> None:
    made = Shop(admin).company()
    path = f"{COMPANIES}/{made['id']}"
    if verb == "post":
        answer = admin.post(COMPANIES, {"identifier": "Far", "name": "Far", "site": {"name": "Main"}, "state": "XY"})
    elif verb == "patch":
        answer = admin.patch(path, ("replace", "state", "XY"))
    else:
        body = {name: value for name, value in made.items() if name not in ("types", "_info")}
        answer = admin.put(path, {**body, "state": "XY"})
    assert (answer.status_code, items(answer)) == (400, [("NotFound", "State XY not found", "state")])
    assert admin.get(path).json() == made


@pytest.mark.rule("company.default-contact", "contact.one-default")
def test_the_default_contact_is_the_one_with_the_mark_from_either_side(admin: Caller) -> None:
    shop = Shop(admin)
    company, other = shop.company()["id"], shop.company()["id"]
    ann, bob = (shop.made(CONTACTS, firstName=name, company={"id": company})["id"] for name in ("Ann", "Bob"))
    path = f"{COMPANIES}/{company}"
    admin.patch(f"{CONTACTS}/{ann}", ("replace", "defaultFlag", True))
    assert (admin.get(path).json()["defaultContact"]["id"], marked(admin, company)) == (ann, [ann])
    assert admin.patch(path, ("replace", "defaultContact", {"id": bob})).json()["defaultContact"]["id"] == bob
    assert marked(admin, company) == [bob]
    assert admin.patch(f"{CONTACTS}/{bob}", ("replace", "company", {"id": other})).status_code == 200
    assert "defaultContact" not in admin.get(path).json()
    assert admin.get(f"{COMPANIES}/{other}").json()["defaultContact"]["id"] == bob
    admin.patch(f"{COMPANIES}/{other}", ("remove", "defaultContact", None))
    assert marked(admin, other) == []


@pytest.mark.rule("contact.names")
@pytest.mark.parametrize("name", ["firstName", "lastName"])
def test_a_name_is_no_longer_than_a_members(admin: Caller, name: str) -> None:
    body = {"firstName": "Ann", name: "x" * 31}
    text = f"The field {name} must be a string with a maximum length of 30."
    answer = admin.post(CONTACTS, body)
    assert (answer.status_code, items(answer)) == (400, [("MaxLengthField", text, name)])
    made = admin.post(CONTACTS, {**body, name: "x" * 30}).json()
    answer = admin.patch(f"{CONTACTS}/{made['id']}", ("replace", name, "x" * 31))
    assert items(answer) == [("MaxLengthField", text, name)]


def test_the_other_choices() -> None:
    choices = {"company_state": "any", "default_contacts": "many", "contact_name_length": 0}
    with Emulator("empty", settings={**choices, "company_address_follows": "no", "site_flags": "free"}) as emulator:
        caller = Caller(emulator)
        shop = Shop(caller)
        company = shop.company(state="XY")["id"]
        path = f"{COMPANIES}/{company}"
        assert "stateReference" not in main_site(caller, company)
        caller.patch(path, ("replace", "city", "Tampa"))
        assert "city" not in main_site(caller, company)
        two = [
            shop.made(CONTACTS, firstName="x" * 40, defaultFlag=True, company={"id": company})["id"] for _ in range(2)
        ]
        assert marked(caller, company) == two
        caller.patch(path, ("replace", "defaultContact", {"id": two[0]}))
        assert marked(caller, company) == two
        second = shop.made(f"{path}/sites", name="Second", primaryAddressFlag=True)["id"]
        flags = [one["primaryAddressFlag"] for one in caller.get(f"{path}/sites").json()]
        assert flags == [True, True]
        assert caller.delete(f"{path}/sites/{second}").status_code == 204
