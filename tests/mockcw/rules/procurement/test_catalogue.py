"""The catalogue: copies, vendors, and the price for whom, how many and when."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Record, Shop

CATALOG = "/procurement/catalog"
SCHEDULES = "/procurement/pricingschedules"


def test_a_copy_has_components_stock_levels_and_vendors(shop: Shop, admin: Caller) -> None:
    item, part, place = shop.item(), shop.item(), shop.bin()
    shop.made(f"{CATALOG}/{item['id']}/components", catalogItem=shop.ref(part), quantity=2)
    shop.made(f"{CATALOG}/{item['id']}/minimumStockByWarehouse", warehouse=shop.ref(place["warehouse"]), minimumStock=4)
    vendor = shop.company()
    shop.made(f"{CATALOG}/vendors", catalogItemId=item["id"], vendorId=vendor["id"])
    answer = admin.post(f"{CATALOG}/{item['id']}/copy", None)
    assert answer.status_code == 201
    copy = shop.read(f"{CATALOG}/{answer.json()['id']}")
    assert (copy["identifier"], copy["price"]) == (f"{item['identifier']}-Copy0", item["price"])
    assert copy["id"] != item["id"]
    (component,) = shop.read(f"{CATALOG}/{copy['id']}/components")
    assert (component["catalogItem"]["id"], component["parentCatalogItem"]["id"]) == (part["id"], copy["id"])
    assert shop.read(f"{CATALOG}/{copy['id']}/minimumStockByWarehouse")[0]["minimumStock"] == 4
    assert [one["vendorId"] for one in shop.read(f"{CATALOG}/vendors/{copy['id']}")] == [vendor["id"]]
    assert admin.post(f"{CATALOG}/999999/copy", None).status_code == 404


# -- vendors -----------------------------------------------------------------------------------------------------------


def test_the_preferred_vendor_is_the_items_vendor(shop: Shop, admin: Caller) -> None:
    item, first, second = shop.item(), shop.company(), shop.company()
    path = f"{CATALOG}/{item['id']}"
    one = shop.made(
        f"{CATALOG}/vendors", catalogItemId=item["id"], vendorId=first["id"], vendorSku="S1", isPreferredVendor=True
    )
    two = shop.made(f"{CATALOG}/vendors", catalogItemId=item["id"], vendorId=second["id"], vendorSku="S2")
    assert (one["vendorName"], two["isPreferredVendor"]) == (first["name"], False)
    assert (shop.read(path)["vendor"]["id"], shop.read(path)["vendorSku"]) == (first["id"], "S1")
    answer = admin.patch(f"{path}/vendors/{two['id']}", ("replace", "isPreferredVendor", True))
    assert (answer.status_code, answer.json()["isPreferredVendor"]) == (200, True)
    assert (shop.read(path)["vendor"]["id"], shop.read(path)["vendorSku"]) == (second["id"], "S2")
    rows = shop.read(f"{CATALOG}/vendors/{item['id']}")
    assert [(row["id"], row["isPreferredVendor"]) for row in rows] == [(one["id"], False), (two["id"], True)]
    changed = admin.put(f"{path}/vendors/{two['id']}", {"vendorId": second["id"], "vendorSku": "S3"}).json()
    assert (changed["vendorSku"], changed["isPreferredVendor"]) == ("S3", False)
    assert "vendor" not in shop.read(path)
    assert admin.delete(f"{path}/vendors/{one['id']}").status_code == 204
    assert [row["id"] for row in shop.read(f"{CATALOG}/vendors/{item['id']}")] == [two["id"]]


def test_a_vendor_row_belongs_to_its_item(shop: Shop, admin: Caller) -> None:
    item, other = shop.item(), shop.item()
    row = shop.made(f"{CATALOG}/vendors", catalogItemId=item["id"], vendorId=shop.company()["id"])
    for path in (f"{CATALOG}/{other['id']}/vendors/{row['id']}", f"{CATALOG}/{item['id']}/vendors/999999"):
        assert admin.delete(path).status_code == 404
        assert admin.put(path, {"vendorId": row["vendorId"]}).status_code == 404
    assert len(shop.read(f"{CATALOG}/vendors/{item['id']}")) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"vendorId": 999999}, "vendorId"),
        ({}, "vendorId"),
        ({"catalogItemId": 999999}, "catalogItemId"),
        ({"vendorSku": "x" * 51}, "vendorSku"),
        ({"vendorId": "taken"}, "vendorId"),
    ],
)
def test_a_wrong_vendor_is_refused(shop: Shop, admin: Caller, body: Record, field: str) -> None:
    item, taken = shop.item(), shop.company()
    shop.made(f"{CATALOG}/vendors", catalogItemId=item["id"], vendorId=taken["id"])
    if body.get("vendorId") == "taken":
        body = {"vendorId": taken["id"]}
    elif field != "vendorId":
        body = {"vendorId": shop.company()["id"], **body}
    answer = admin.post(f"{CATALOG}/vendors", {"catalogItemId": item["id"], **body})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert len(shop.read(f"{CATALOG}/vendors/{item['id']}")) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[1]",
        b'[{"op":"replace","path":"name","value":1}]',
        b'[{"op":"move","path":"vendorSku"}]',
        b'[{"op":"remove","path":"vendorId"}]',
    ],
)
def test_a_wrong_patch_of_a_vendor_changes_nothing(shop: Shop, admin: Caller, raw: bytes) -> None:
    item = shop.item()
    row = shop.made(f"{CATALOG}/vendors", catalogItemId=item["id"], vendorId=shop.company()["id"], vendorSku="S")
    answer = admin.send("PATCH", f"{CATALOG}/{item['id']}/vendors/{row['id']}", raw)
    assert answer.status_code == 400
    assert shop.read(f"{CATALOG}/vendors/{item['id']}") == [row]


# -- prices ------------------------------------------------------------------------------------------------------------


def schedule(shop: Shop, method: str, amount: float, *, start: str = "2020-01-01", **about: Any) -> Record:
    """A schedule with one line about something, and breaks of the method from 10 pieces to 99 and from 100."""
    made = shop.made(SCHEDULES, name=shop.name("S")[:30])
    line = shop.made(f"{SCHEDULES}/{made['id']}/details", startDate=f"{start}T00:00:00Z", noEndDate=True, **about)
    path = f"{SCHEDULES}/{made['id']}/details/{line['id']}/breaks"
    shop.made(path, quantityStart=10, quantityEnd=99, priceMethod=method, amount=amount)
    shop.made(path, quantityStart=100, unlimited=True, priceMethod="PricePerUnit", amount=1)
    return made


def price(shop: Shop, item: Record, company: Record | None = None, quantity: int = 10, **more: Any) -> float:
    body = {"quantity": quantity, "company": shop.ref(company) if company else None, **more}
    answer = shop.caller.post(f"{CATALOG}/{item['id']}/pricing", body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["catalogItem"]["id"] == item["id"]
    return float(answer.json()["price"])


@pytest.mark.parametrize(
    ("method", "amount", "expected"),
    [
        ("PricePerUnit", 7, 7),
        ("FlatRateForRange", 70, 7),
        ("PercentMarkupFromCost", 50, 12),
        ("PercentMarkdownFromPrice", 20, 10),
    ],
)
def test_a_break_says_the_price_by_its_method(shop: Shop, method: str, amount: float, expected: float) -> None:
    item = shop.item(price=12.5, cost=8)
    own = schedule(shop, method, amount, product=shop.ref(item))
    company = shop.company(pricingSchedule=shop.ref(own))
    assert price(shop, item, company) == expected
    assert price(shop, item, company, quantity=100) == 1
    assert price(shop, item, company, quantity=9) == 12.5
    assert price(shop, item, company, date="2019-12-31") == 12.5
    assert price(shop, shop.item(price=3), company) == 3


def test_the_narrowest_line_and_the_default_schedule_count(shop: Shop, admin: Caller) -> None:
    item = shop.item(price=12.5)
    wide = schedule(shop, "PricePerUnit", 5, category=shop.ref(item["category"]))
    company = shop.company(pricingSchedule=shop.ref(wide))
    assert price(shop, item, company) == 5
    line = shop.made(
        f"{SCHEDULES}/{wide['id']}/details", startDate="2020-01-01T00:00:00Z", noEndDate=True, product=shop.ref(item)
    )
    path = f"{SCHEDULES}/{wide['id']}/details/{line['id']}/breaks"
    shop.made(path, quantityStart=1, unlimited=True, priceMethod="PricePerUnit", amount=2)
    assert price(shop, item, company) == 2
    for one in shop.read(SCHEDULES):
        admin.patch(f"{SCHEDULES}/{one['id']}", ("replace", "defaultFlag", one["id"] == wide["id"]))
    assert price(shop, item) == 2
    admin.patch(f"{SCHEDULES}/{wide['id']}", ("replace", "inactiveFlag", True))
    assert price(shop, item, company) == 12.5


def test_a_price_for_nobody_known_is_refused(shop: Shop, admin: Caller) -> None:
    answer = admin.post(f"{CATALOG}/{shop.item()['id']}/pricing", {"company": {"id": 999999}})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "NotFound")


@pytest.mark.rule("catalog.calculated", "catalog-component.price", "catalog-component.counts")
def test_a_bundle_comes_to_what_its_components_do(shop: Shop, admin: Caller) -> None:
    part = shop.item(price=10.5, cost=4)
    bundle = shop.item(productClass="Bundle", calculatedPriceFlag=True)
    path = f"/procurement/catalog/{bundle['id']}"
    made = shop.made(f"{path}/components", quantity=3, catalogItem=shop.ref(part))
    assert (made["price"], made["cost"]) == (10.5, 4)
    shop.made(f"{path}/components", quantity=1, catalogItem=shop.ref(part), price=0.1)
    found = shop.read(path)
    assert (found["calculatedPrice"], "calculatedCost" in found) == (31.6, False)
    assert admin.patch(f"{path}/components/{made['id']}", ("replace", "quantity", 1)).status_code == 200
    assert shop.read(path)["calculatedPrice"] == 10.6
    assert admin.patch(path, ("replace", "calculatedCostFlag", True)).json()["calculatedCost"] == 8
    assert admin.delete(f"{path}/components/{made['id']}").status_code == 204
    assert shop.read(path)["calculatedPrice"] == 0.1
    assert "calculatedPrice" not in admin.patch(path, ("replace", "calculatedPriceFlag", False)).json()
