"""Products: what they take from the catalogue, coming loose, and the lists that components and pickings answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Record, Shop

PRODUCTS = "/procurement/products"


@pytest.mark.rule("product.from-item", "product.extended")
def test_a_product_starts_as_its_catalogue_item_and_can_be_patched(shop: Shop, admin: Caller) -> None:
    product = shop.product(shop.item(price=12.5, cost=8), quantity=2)
    assert (product["description"], product["customerDescription"]) == ("A thing", "A thing for you")
    assert (product["extPrice"], product["extCost"], product["margin"]) == (25, 16, 9)
    answer = admin.patch(f"{PRODUCTS}/{product['id']}", ("replace", "quantity", 3))
    assert (answer.status_code, answer.json()["extPrice"]) == (200, 37.5)


@pytest.mark.rule("product.detach")
def test_a_product_comes_loose_from_what_the_flags_say(shop: Shop, admin: Caller) -> None:
    company = shop.ref(shop.company())
    invoice = shop.ref(shop.invoice(company=company))
    board = shop.made("/service/boards", name=shop.name("Board"), **shop.place())
    ticket = shop.made("/service/tickets", summary="Install it", company=company, board=shop.ref(board))
    product = shop.product(invoice=invoice, ticket=shop.ref(ticket))
    path = f"{PRODUCTS}/{product['id']}"
    answer = admin.post(f"{path}/detach", {"removeFromInvoice": True})
    assert answer.status_code == 200
    assert (answer.json()["removeFromInvoice"], answer.json()["removeFromTicket"]) == (True, False)
    now = shop.read(path)
    assert "invoice" not in now
    assert now["ticket"]["id"] == ticket["id"]
    others = {"removeFromProject": True, "removeFromSalesOrder": True, "removeFromOpportunity": True}
    admin.post(f"{path}/detach", others)
    assert shop.read(path)["ticket"]["id"] == ticket["id"]
    admin.post(f"{path}/detach", {"removeFromTicket": True})
    assert "ticket" not in shop.read(path)
    before = shop.read(path)
    assert admin.post(f"{path}/detach", {"removeFromShelf": True}).status_code == 400
    assert shop.read(path) == before
    assert admin.post(f"{PRODUCTS}/999999/detach", {}).status_code == 404


def component(shop: Shop) -> Record:
    return {"catalogItem": shop.ref(shop.item()), "quantity": 2}


def picking(shop: Shop) -> Record:
    place = shop.bin()
    return {"warehouse": shop.ref(place["warehouse"]), "warehouseBin": shop.ref(place), "pickedQuantity": 1}


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [("components", component, "quantity"), ("pickingShippingDetails", picking, "pickedQuantity")],
)
def test_components_and_pickings_answer_lists_of_one(
    shop: Shop, admin: Caller, kind: str, body: Callable[[Shop], Record], field: str
) -> None:
    product, other = shop.product(), shop.product()
    path = f"{PRODUCTS}/{product['id']}/{kind}"
    given = body(shop)
    answer = admin.post(path, given)
    assert answer.status_code == 201
    (made,) = answer.json()
    assert made["productItem" if kind == "pickingShippingDetails" else "parentProductItem"]["id"] == product["id"]
    one = f"{path}/{made['id']}"
    assert shop.read(one) == [made] == shop.read(path)
    assert admin.patch(one, ("replace", field, 5)).json()[0][field] == 5
    (replaced,) = admin.put(
        one, {**given, field: 7, "sequenceNumber": 1} if kind == "components" else {**given, field: 7}
    ).json()
    assert (replaced["id"], replaced[field]) == (made["id"], 7)
    elsewhere = f"{PRODUCTS}/{other['id']}/{kind}/{made['id']}"
    assert admin.get(elsewhere).status_code == 404
    assert admin.patch(elsewhere, ("replace", field, 9)).status_code == 404
    assert admin.post(path, {field: 1}).status_code == 400
    assert shop.read(one)[0][field] == 7
    assert shop.count(path) == 1
    assert admin.delete(one).status_code == 204
    assert shop.count(path) == 0


@pytest.mark.rule("component.sequence")
def test_components_come_one_after_the_other(shop: Shop, admin: Caller) -> None:
    path = f"{PRODUCTS}/{shop.product()['id']}/components"
    made = [admin.post(path, component(shop)).json()[0]["sequenceNumber"] for _ in range(2)]
    assert made == [1, 2]
