"""Catalogue items: an identifier of their own, a category by their subcategory, a class that stays."""

from __future__ import annotations

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, items, message
from tests.mockcw.rules.finance.shop import Shop

CATALOG = "/procurement/catalog"


@pytest.mark.rule("catalog.identifier-unique")
def test_an_identifier_is_used_once_in_any_letter_case(shop: Shop, admin: Caller) -> None:
    first, other = shop.item(), shop.item()
    text = ("ObjectExists", "Catalog Item identifier already in use.", "identifier")
    before = shop.count(CATALOG)
    answer = admin.patch(f"{CATALOG}/{other['id']}", ("replace", "identifier", first["identifier"].lower()))
    assert (answer.status_code, message(answer), items(answer)) == (400, "catalogItem object is invalid", [text])
    body = {name: other[name] for name in ("description", "customerDescription", "subcategory", "type")}
    assert items(admin.post(CATALOG, {**body, "identifier": first["identifier"]})) == [text]
    assert shop.count(CATALOG) == before


def test_twins_are_taken_where_the_setting_says_so() -> None:
    with Emulator("empty", settings={"catalog_twins": "allow", "used_item_class": "change"}) as emulator:
        caller = Caller(emulator)
        shop = Shop(caller)
        first = shop.item(identifier="Twin")
        assert shop.item(identifier="Twin")["id"] != first["id"]
        shop.product(first)
        changed = caller.patch(f"{CATALOG}/{first['id']}", ("replace", "productClass", "Service"))
        assert changed.json()["productClass"] == "Service"


@pytest.mark.rule("catalog.class")
def test_an_item_is_not_kept_in_stock_and_has_its_subcategorys_category(shop: Shop, admin: Caller) -> None:
    made, other = shop.item(), shop.item()
    assert made["productClass"] == "NonInventory"
    path = f"{CATALOG}/{made['id']}"
    moved = admin.patch(path, ("replace", "subcategory", shop.ref(other["subcategory"]))).json()
    assert moved["category"]["id"] == other["category"]["id"]


@pytest.mark.rule("catalog.class-stays")
def test_the_class_of_an_item_in_use_stays(shop: Shop, admin: Caller) -> None:
    item = shop.item()
    path, change = f"{CATALOG}/{item['id']}", ("replace", "productClass", "Service")
    assert admin.patch(path, change).json()["productClass"] == "Service"
    shop.product(item)
    answer = admin.patch(path, ("replace", "productClass", "Bundle"))
    assert items(answer) == [("InvalidField", "productClass cannot be changed on a product in use.", "productClass")]
    assert shop.read(path)["productClass"] == "Service"
