"""Purchase orders: copies, their place in the books, demands, and emptying one."""

from __future__ import annotations

import pytest

from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Record, Shop

ORDERS = "/procurement/purchaseorders"
BATCHES = "/finance/accounting/batches"
DEMANDS = "/procurement/purchasingDemands"


def posted(shop: Shop, admin: Caller) -> tuple[Record, Record, int]:
    """An order with a received line in a batch, the line, and the batch's id."""
    order = shop.order()
    line = shop.line(order, shop.item(), receivedQuantity=2)
    (row,) = admin.get("/finance/accounting/unpostedprocurement", conditions=f"purchaseOrder/id={order['id']}").json()
    body = {"batchIdentifier": "B", "exportProductsFlag": True, "processedRecordIds": [row["id"]]}
    assert admin.post(BATCHES, body).status_code == 201
    return order, line, int(admin.get(BATCHES, orderBy="id desc", pageSize=1).json()[0]["id"])


def debits(shop: Shop, batch: int) -> list[float]:
    return [one["debit"] for one in shop.read(f"{BATCHES}/{batch}/entries") if one["debit"]]


@pytest.mark.rule("order.defaults")
def test_a_new_order_is_numbered_and_dated_and_can_be_patched(shop: Shop, admin: Caller) -> None:
    order = shop.order()
    assert order["poNumber"]
    assert order["poDate"]
    answer = admin.patch(f"{ORDERS}/{order['id']}", ("replace", "internalNotes", "x"))
    assert answer.status_code == 200


@pytest.mark.rule("order.line")
def test_a_line_follows_its_order(shop: Shop) -> None:
    place = shop.bin()
    order = shop.order(warehouse=shop.ref(place["warehouse"]))
    line = shop.line(order, shop.item(), quantity=3, unitCost=8)
    assert (line["purchaseOrderId"], line["purchaseOrderNumber"]) == (order["id"], order["poNumber"])
    assert (line["warehouseBin"]["id"], line["receivedStatus"], line["extCost"]) == (place["id"], "Waiting", 24)


def test_of_a_copied_order_nothing_has_arrived(shop: Shop, admin: Caller) -> None:
    order, _, _ = posted(shop, admin)
    shop.made(f"{ORDERS}/{order['id']}/notes", text="hello")
    answer = admin.post(f"{ORDERS}/{order['id']}/copy", None)
    assert answer.status_code == 201
    copy = shop.read(f"{ORDERS}/{answer.json()['id']}")
    assert copy["poNumber"] != order["poNumber"]
    assert copy["vendorCompany"] == order["vendorCompany"]
    (line,) = shop.read(f"{ORDERS}/{copy['id']}/lineitems")
    assert (line["purchaseOrderId"], line["receivedStatus"], line["batchedFlag"]) == (copy["id"], "Waiting", False)
    assert not line.get("receivedQuantity")
    assert shop.count(f"{ORDERS}/{copy['id']}/notes") == 1


def test_an_order_leaves_its_batch_and_returns_as_it_is_then(shop: Shop, admin: Caller) -> None:
    order, line, batch = posted(shop, admin)
    path = f"{ORDERS}/{order['id']}"
    one = f"{path}/lineitems/{line['id']}"
    assert debits(shop, batch) == [16]
    assert admin.post(f"{path}/rebatch", None).json() == {"success": False, "message": REBATCH}
    assert admin.post(f"{path}/unbatch", None).json()["success"] is True
    assert debits(shop, batch) == []
    assert (shop.read(one)["batchedFlag"], shop.read(one)["unbatchedRecId"]) == (False, batch)
    assert admin.post(f"{path}/unbatch", None).json() == {"success": False, "message": UNBATCH}
    admin.patch(one, ("replace", "unitCost", 10))
    assert admin.post(f"{path}/rebatch", None).json()["success"] is True
    assert debits(shop, batch) == [20]
    assert shop.read(one)["batchedFlag"] is True
    assert "unbatchedRecId" not in shop.read(one)
    assert admin.post(f"{ORDERS}/999999/unbatch", None).status_code == 404


UNBATCH = "Nothing of the purchase order is in a batch."
REBATCH = "Nothing of the purchase order was taken out of a batch."


def test_an_order_does_not_return_into_a_batch_that_is_gone(shop: Shop, admin: Caller) -> None:
    order, _, batch = posted(shop, admin)
    admin.post(f"{ORDERS}/{order['id']}/unbatch", None)
    assert admin.delete(f"{BATCHES}/{batch}").status_code == 204
    assert admin.post(f"{ORDERS}/{order['id']}/rebatch", None).json()["success"] is False


def test_a_line_that_names_a_batch_that_never_was_is_not_put_there(shop: Shop, admin: Caller) -> None:
    order = shop.order()
    line = shop.line(order, shop.item(), receivedQuantity=2, unbatchedRecId=999999)
    path = f"{ORDERS}/{order['id']}"
    assert admin.post(f"{path}/rebatch", None).json()["success"] is False
    assert shop.read(f"{path}/lineitems/{line['id']}")["batchedFlag"] is False


def test_all_lines_of_an_order_are_deleted_at_once(shop: Shop, admin: Caller) -> None:
    order, other = shop.order(), shop.order()
    item = shop.item()
    for one in (order, order, other):
        shop.line(one, item)
    counted = {one["key"]: one["value"] for one in shop.read(f"{ORDERS}/{order['id']}/quickAccess/count")["headers"]}
    assert counted == {"lineitems": ["2"], "notes": ["0"]}
    assert admin.delete(f"{ORDERS}/{order['id']}/lineitems").status_code == 204
    assert shop.count(f"{ORDERS}/{order['id']}/lineitems") == 0
    assert shop.count(f"{ORDERS}/{other['id']}/lineitems") == 1
    assert admin.delete(f"{ORDERS}/999999/lineitems").status_code == 404


def test_lines_in_use_are_kept_all_together(shop: Shop, admin: Caller) -> None:
    order, line, _ = posted(shop, admin)
    path = f"{ORDERS}/{order['id']}/lineitems"
    shop.line(order, shop.item())
    assert admin.delete(path).status_code == 409
    assert shop.count(path) == 2
    assert shop.read(f"{path}/{line['id']}")["id"] == line["id"]


# -- demands -----------------------------------------------------------------------------------------------------------


def test_a_demand_orders_the_products_from_the_vendor(shop: Shop, admin: Caller) -> None:
    vendor, place = shop.company(), shop.bin()
    first, second = shop.product(needToPurchaseFlag=True, quantity=4), shop.product()
    shop.order()
    body = {
        "vendor": shop.ref(vendor),
        "warehouse": shop.ref(place["warehouse"]),
        "products": [{"productRecId": first["id"], "quantity": 3, "cost": 2}, {"productRecId": second["id"]}],
    }
    answer = admin.post(DEMANDS, body)
    assert answer.status_code == 201, answer.text
    order = answer.json()["purchaseOrder"]
    assert order["vendorCompany"]["id"] == vendor["id"]
    lines = shop.read(f"{ORDERS}/{order['id']}/lineitems")
    assert [(one["lineNumber"], one["product"]["id"]) for one in lines] == [
        (1, first["catalogItem"]["id"]),
        (2, second["catalogItem"]["id"]),
    ]
    assert (lines[0]["quantity"], lines[0]["unitCost"], lines[0]["warehouseBin"]["id"]) == (3, 2, place["id"])
    bought = shop.read(f"/procurement/products/{first['id']}")
    assert bought["needToPurchaseFlag"] is False
    assert bought["purchaseDate"]
    again = admin.post(DEMANDS, {"purchaseOrder": order, "products": [{"productRecId": first["id"]}]})
    assert again.json()["purchaseOrder"]["id"] == order["id"]
    assert shop.count(f"{ORDERS}/{order['id']}/lineitems") == 3


def test_a_demand_for_nothing_that_exists_orders_nothing(shop: Shop, admin: Caller) -> None:
    shop.order()
    vendor = shop.ref(shop.company())
    wrong = [
        {"vendor": vendor, "products": [{"productRecId": shop.product()["id"]}, {"productRecId": 999999}]},
        {"vendor": {"id": 999999}},
        {},
        {"vendor": vendor, "warehouse": {"id": 999999}},
        {"purchaseOrder": {**shop.order(), "id": 999999}},
        {"vendor": vendor, "products": [{}]},
    ]
    before = shop.count(ORDERS)
    for body in wrong:
        answer = admin.post(DEMANDS, body)
        assert (answer.status_code, answer.json().get("code")) == (400, "InvalidObject"), answer.text
    assert shop.count(ORDERS) == before


# -- odd paths ---------------------------------------------------------------------------------------------------------


def test_change_orders_are_counted_under_another_name(shop: Shop, admin: Caller) -> None:
    before = len(admin.get("/procurement/changeorder", pageSize=1000).json())
    shop.made("/procurement/changeorder", purchaseHeaderRecId=shop.order()["id"])
    assert admin.get("/procurement/changeorders/count").json() == {"count": before + 1}


def test_an_invoice_grouping_is_made_under_the_name_of_a_count(shop: Shop, admin: Caller) -> None:
    before = shop.count("/procurement/invoicegrouping")
    made = shop.made("/procurement/invoicegrouping/count", name=shop.name("Group"), customerDescription="x")
    assert shop.read(f"/procurement/invoicegrouping/{made['id']}")["name"] == made["name"]
    assert admin.post("/procurement/invoicegrouping/count", {"name": "y"}).status_code == 400
    assert shop.count("/procurement/invoicegrouping") == before + 1
