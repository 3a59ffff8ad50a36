"""Rules that are off unless a setting asks for them, and the definitions of custom fields."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockcw import Emulator
from mockcw.clock import from_text
from tests.mockcw.caller import Caller, items
from tests.mockcw.rules.desk import NOW, Desk
from tests.mockcw.rules.finance.shop import Shop

STRICT = {
    "agreement_contact": "own",
    "vendor_reference": "vendor",
    "product_places": "one",
    "disallow_saving": "refuse",
    "time_without_hours": "refuse",
}


@pytest.fixture
def strict() -> Iterator[Emulator]:
    """An emulator that asks for all of it."""
    with Emulator("empty", settings=STRICT) as emulator:
        emulator.world.clock.set(from_text(NOW), frozen=True)
        yield emulator


@pytest.mark.rule("agreement.contact")
def test_an_agreements_contact_is_its_companys(strict: Emulator) -> None:
    shop = Shop(Caller(strict))
    made = shop.agreement()
    other = shop.made("/company/contacts", firstName="Bob", company=shop.ref(shop.company()))["id"]
    answer = shop.caller.patch(f"/finance/agreements/{made['id']}", ("replace", "contact", {"id": other}))
    text = f"Contact {other} not found for Company {made['company']['id']}"
    assert items(answer) == [("NotFound", text, "contact/id")]


@pytest.mark.rule("catalog.vendor", "product.place")
def test_vendors_are_of_a_vendors_type_and_products_on_one_record(strict: Emulator) -> None:
    shop = Shop(Caller(strict))
    item, plain = shop.item(), shop.company()["id"]
    path = f"/procurement/catalog/{item['id']}"
    answer = shop.caller.patch(path, ("replace", "vendor", {"id": plain}))
    assert items(answer) == [("NotFound", f"Vendor {plain} not found", "vendor/id")]
    kind = shop.made("/company/companies/types", name="Seller", vendorFlag=True)
    seller = shop.company(types=[shop.ref(kind)])["id"]
    assert shop.caller.patch(path, ("replace", "vendor", {"id": seller})).json()["vendor"]["id"] == seller
    answer = shop.caller.post("/procurement/products", {"catalogItem": shop.ref(item), "billableOption": "Billable"})
    assert items(answer) == [("InvalidField", "A product belongs to exactly one record.", "ticket")]
    ticket = shop.made("/service/tickets", summary="x", company={"id": plain})
    assert shop.product(item, ticket=shop.ref(ticket))["ticket"]["id"] == ticket["id"]


@pytest.mark.rule("ticket.saving")
def test_tickets_of_some_companies_are_not_saved(strict: Emulator) -> None:
    shop = Shop(Caller(strict))
    status = shop.made("/company/companies/statuses", name="Credit hold", disallowSavingFlag=True)
    company = shop.company(status=shop.ref(status))["id"]
    answer = shop.caller.post("/service/tickets", {"summary": "x", "company": {"id": company}})
    text = "Tickets of companies with the status Credit hold cannot be saved."
    assert items(answer) == [("InvalidObject", text, "company")]
    assert shop.count("/service/tickets") == 0


@pytest.mark.rule("time-entry.some-hours")
def test_an_entry_has_an_end_or_hours(strict: Emulator) -> None:
    desk = Desk(strict)
    answer = desk.admin.post("/time/entries", {"timeStart": NOW})
    assert items(answer) == [("MissingRequiredField", "timeEnd or actualHours is required.", "timeEnd")]
    assert desk.time(timeEnd=None, actualHours=0)["actualHours"] == 0


def test_none_of_it_is_asked_for_by_default(admin: Caller) -> None:
    shop = Shop(admin)
    other = shop.made("/company/contacts", firstName="Bob", company=shop.ref(shop.company()))
    path = f"/finance/agreements/{shop.agreement()['id']}"
    assert admin.patch(path, ("replace", "contact", shop.ref(other))).status_code == 200
    assert shop.item(vendor=shop.ref(shop.company()))["vendor"]
    assert shop.product()["id"]
    status = shop.made("/company/companies/statuses", name="Credit hold", disallowSavingFlag=True)
    assert shop.made("/service/tickets", summary="x", company=shop.ref(shop.company(status=shop.ref(status))))["id"]
    assert shop.made("/time/entries", timeStart=NOW)["actualHours"] == 0


@pytest.mark.rule("custom-field.exclusive", "custom-field.decimals")
def test_a_custom_field_is_required_or_read_only_and_has_decimals_as_a_number(admin: Caller) -> None:
    plain = {"podId": 1, "caption": "Tier", "sequenceNumber": 1, "fieldTypeIdentifier": "Text"}
    pod = admin.get("/system/userDefinedFields", pageSize=1).json()
    body = {**plain, "podId": pod[0]["podId"] if pod else 1}
    answer = admin.post("/system/userDefinedFields", {**body, "requiredFlag": True, "readOnlyFlag": True})
    text = "A field cannot be both required and read only."
    assert ("InvalidField", text, "readOnlyFlag") in items(answer)
    answer = admin.post("/system/userDefinedFields", {**body, "numberDecimals": 2})
    text = "numberDecimals is for the types Number and Percent only."
    assert ("InvalidField", text, "numberDecimals") in items(answer)
