"""Purchase orders: what the server fills in, their place in the books, and the demands they are made from."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Change, Effect, Put, Record, Rule, WriteVerb
from mockcw.rules.meant import meant
from mockcw.rules.money import money, number
from mockcw.rules.posting import BATCHES, ENTRIES, LINES, ORDERS, purchase_entries
from mockcw.rules.shapes import success

NOTES = "/procurement/purchaseorders/{parentId}/notes"
STATUSES = "/procurement/purchaseorderstatuses"
SETTINGS = "/procurement/settings"
COMPANIES = "/company/companies"
WAREHOUSES = "/procurement/warehouses"
BINS = "/procurement/warehouseBins"
PRODUCTS = "/procurement/products"
CATALOG = "/procurement/catalog"
UNITS = "/procurement/unitOfMeasures"
TERMS = "/finance/billingTerms"


def defaults(change: Change) -> Iterator[Effect]:
    """A new order has a number, a date and an author."""
    after = change.after
    number_text = after.get("poNumber")
    if not number_text:
        said: Record = next(iter(change.look.find(SETTINGS)), {})
        number_text = (
            f"{said.get('purchaseOrderPrefix') or ''}{change.record_id}{said.get('purchaseOrderSuffix') or ''}"
        )
    yield Put(
        {
            "poNumber": number_text,
            "poDate": after.get("poDate") or change.today,
            "enteredBy": after.get("enteredBy") or change.actor,
            "locationId": after.get("locationId") or change.actor_location,
        }
    )


def line_defaults(change: Change) -> Iterator[Effect]:
    """A line names its order, goes where the order goes, and is waited for."""
    order = change.look.get(ORDERS, change.parents[-1]) or {}
    warehouse = change.after.get("warehouse") or order.get("warehouse")
    yield Put({"purchaseOrderId": change.parents[-1], "purchaseOrderNumber": order.get("poNumber")})
    if warehouse and change.verb == "create":
        bins = change.look.find(BINS, warehouse__id=warehouse["id"], defaultFlag=True)
        chosen = change.after.get("warehouseBin") or next(({"id": one["id"]} for one in bins), None)
        yield Put({"warehouse": {"id": warehouse["id"]}, "warehouseBin": chosen})
    yield Put({"receivedStatus": change.after.get("receivedStatus") or "Waiting"})
    cost = money(change.after.get("quantity")) * money(change.after.get("unitCost"))
    yield Put({"extCost": number(cost)})


def unbatch(act: Act) -> Record:
    """Take the order's lines out of their batch; which one it was is remembered."""
    taken = {one["id"] for one in act.look.find(LINES, parent=act.id) if one.get("batchedFlag")}
    for batch in act.look.find(BATCHES) if taken else ():
        for entry in act.look.find(ENTRIES, parent=batch["id"], purchaseOrder__id=act.id):
            act.hands.erase(ENTRIES, entry["id"])
            line_id = (entry.get("lineItem") or {}).get("id")
            if line_id and line_id in taken:
                act.hands.set(LINES, line_id, {"batchedFlag": False, "unbatchedRecId": batch["id"]})
    return success() if taken else failure(act.choices.not_batched_message)


def rebatch(act: Act) -> Record:
    """Put lines that were taken out back into the batch they came from, as they are now."""
    lines = [one for one in act.look.find(LINES, parent=act.id) if one.get("unbatchedRecId")]
    lines = [one for one in lines if act.look.get(BATCHES, one["unbatchedRecId"])]
    for line in lines:
        for entry in purchase_entries(act.look, act.here, line):
            act.hands.create(ENTRIES, (line["unbatchedRecId"],), entry)
        act.hands.set(LINES, line["id"], {"batchedFlag": True, "unbatchedRecId": None})
    return success() if lines else failure(act.choices.not_unbatched_message)


def failure(message: str) -> Record:
    """The answer of an operation that found nothing to do."""
    return {"success": False, "message": message}


def empty(act: Act) -> None:
    """Delete all line items of the order."""
    for line in act.look.find(LINES, parent=act.id):
        act.hands.remove(LINES, line["id"])


def quick_access(act: Act) -> Record:
    """The published answer is the platform's own message object: the counts stand in its headers."""
    counts = {name: len(act.look.find(collection, parent=act.id)) for name, collection in COUNTED}
    version = {"major": 1, "minor": 1, "build": -1, "revision": -1, "majorRevision": -1, "minorRevision": -1}
    return {
        "version": version,
        "content": {"headers": []},
        "statusCode": "OK",
        "reasonPhrase": "OK",
        "headers": [{"key": name, "value": [str(count)]} for name, count in counts.items()],
        "isSuccessStatusCode": True,
    }


COUNTED = (("lineitems", LINES), ("notes", NOTES))


def demand(act: Act) -> Record:
    """Order the products that are needed, on the order named or on a new one for the vendor."""
    body: Record = act.body
    warehouse = meant(act, WAREHOUSES, "warehouse", body["warehouse"], "Warehouse") if body.get("warehouse") else None
    order = the_order(act, body, warehouse)
    at = len(act.look.find(LINES, parent=order["id"]))
    for place, one in enumerate((one for one in body.get("products") or () if one is not None), at + 1):
        product = meant(act, PRODUCTS, "products/productRecId", one.get("productRecId"), "Product")
        act.hands.create(LINES, (order["id"],), line_for(act, product, one, place, warehouse))
        act.hands.set(PRODUCTS, product["id"], {"purchaseDate": act.today, "needToPurchaseFlag": False})
    vendor = order.get("vendorCompany")
    return {**body, "vendor": vendor, "purchaseOrder": act.look.get(ORDERS, order["id"])}


def the_order(act: Act, body: Record, warehouse: Record | None) -> Record:
    """The order to buy on. Raises InvalidObject for one that does not exist, and for a vendor that is missing."""
    wanted: Record = body.get("purchaseOrder") or {}
    if wanted.get("id"):
        return meant(act, ORDERS, "purchaseOrder", wanted, "Purchase Order")
    vendor = meant(act, COMPANIES, "vendor", body.get("vendor") or wanted.get("vendorCompany") or {}, "Company")
    made = {"vendorCompany": {"id": vendor["id"]}, "warehouse": {"id": warehouse["id"]} if warehouse else None}
    terms = vendor.get("billingTerms") or first(act, TERMS)
    return act.hands.create(ORDERS, (), {"status": first(act, STATUSES), "terms": terms, **wanted, **made})


def first(act: Act, collection: str) -> Record | None:
    """A reference to the default record of a setup table, or to its first one."""
    found = act.look.find(collection, defaultFlag=True) or act.look.find(collection)
    return {"id": found[0]["id"]} if found else None


def line_for(act: Act, product: Record, wanted: Record, place: int, warehouse: Record | None) -> Record:
    """The line that orders a product."""
    item = act.look.get(CATALOG, (product.get("catalogItem") or {}).get("id") or 0) or {}
    unit = product.get("unitOfMeasure") or item.get("unitOfMeasure") or first(act, UNITS)
    quantity, cost = wanted.get("quantity"), wanted.get("cost")
    return {
        "lineNumber": place,
        "product": {"id": item["id"]} if item else None,
        "description": product.get("description") or item.get("description"),
        "quantity": product.get("quantity") if quantity is None else quantity,
        "unitCost": product.get("cost") if cost is None else cost,
        "unitOfMeasure": unit,
        "vendorSku": product.get("vendorSku") or item.get("vendorSku"),
        "warehouse": {"id": warehouse["id"]} if warehouse else None,
    }


WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
CREATE: frozenset[WriteVerb] = frozenset({"create"})
RULES = (
    Rule("order.defaults", ORDERS, CREATE, defaults, "assumed", "The server numbers, dates and signs an order."),
    Rule("order.line", LINES, WRITES, line_defaults, "assumed", "A line follows its order."),
)
ACTIONS = (
    Action(
        "postProcurementPurchaseordersByIdUnbatch",
        unbatch,
        "assumed",
        "The order's entries leave their batch and its lines may be changed; without any, success is false.",
    ),
    Action(
        "postProcurementPurchaseordersByIdRebatch",
        rebatch,
        "assumed",
        "Lines that were taken out go back into their batch; without any, success is false.",
    ),
    Action(
        "deleteProcurementPurchaseordersByParentIdLineitems",
        empty,
        "assumed",
        "All line items of the order are deleted, or none.",
        addresses=False,
    ),
    Action(
        "getProcurementPurchaseordersByIdQuickAccessCount",
        quick_access,
        "assumed",
        "A success message with the counts of line items and notes among its headers.",
    ),
    Action(
        "postProcurementPurchasingDemands",
        demand,
        "assumed",
        "A purchase order, new or named, gets a line for each product.",
        status=201,
    ),
)
