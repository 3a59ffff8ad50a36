"""The catalogue, product lines, sales and purchase orders, stock adjustments. Money is in cents."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mockcw.demo.ledger import Record
from mockcw.demo.quarter import midnight, moment, stamp
from mockcw.demo.scene import Client, Scene, rows_of

CATALOG = "/procurement/catalog"
PRODUCTS = "/procurement/products"
ORDERS = "/sales/orders"
PURCHASES = "/procurement/purchaseorders"
LINES = "/procurement/purchaseorders/{parentId}/lineitems"
DETAILS = "/procurement/adjustments/{parentId}/details"
BUNDLE = ("HW-LAPTOP", "HW-DOCK", "HW-MONITOR")
OPEN, CLOSED = 1, 4  # statuses of orders and of purchase orders
GUIDS = 900


@dataclass(frozen=True, slots=True)
class Product:
    """A catalogue item; price and cost in cents."""

    id: int
    identifier: str
    description: str
    kind: str
    unit: str
    unit_id: int
    price: int
    cost: int
    taxable: bool


def catalogue(scene: Scene) -> dict[str, Product]:
    """The catalogue's items by identifier."""
    found = {row[0]: item(scene, row, number) for number, row in enumerate(rows_of("catalogue.tsv"))}
    for place, name in enumerate(BUNDLE, 1):
        part = found[name]
        record = {
            "sequenceNumber": place,
            "quantity": 1.0,
            "catalogItem": part.id,
            **dict.fromkeys(("hidePriceFlag", "hideItemIdentifierFlag", "hideDescriptionFlag"), False),
            "hideQuantityFlag": False,
            "hideExtendedPriceFlag": False,
            "parentCatalogItem": found["BDL-NEWUSER"].id,
            "price": part.price / 100,
            "cost": part.cost / 100,
        }
        scene.ledger.put(f"{CATALOG}/{{parentId}}/components", record, parent=found["BDL-NEWUSER"].id)
        stock = {"warehouse": 1, "minimumStock": 5 * place}
        scene.ledger.put(f"{CATALOG}/{{parentId}}/minimumStockByWarehouse", stock, parent=part.id)
    return found


def item(scene: Scene, row: list[str], number: int) -> Product:
    """One row of the table as a catalogue item."""
    identifier, description, subcategory, kind, category_class, unit, price, cost, taxable, maker, part, recurring = row
    ledger = scene.ledger
    subcategory_id = ledger.find("/procurement/subcategories", subcategory)
    category = next(one for one in ledger.records("/procurement/subcategories") if one["id"] == subcategory_id)
    unit_id = ledger.find("/procurement/unitOfMeasures", unit)
    price_cents, cost_cents = (int(Decimal(text) * 100) for text in (price, cost))
    record: Record = {
        "identifier": identifier,
        "description": description,
        "inactiveFlag": False,
        "subcategory": subcategory_id,
        "type": kind,
        "productClass": category_class,
        "serializedFlag": identifier in ("HW-DESKTOP", "HW-LAPTOP", "HW-FIREWALL"),
        "serializedCostFlag": False,
        "phaseProductFlag": False,
        "unitOfMeasure": unit_id,
        "minStockLevel": 5 if category_class == "Inventory" else 0,
        "price": price_cents / 100,
        "cost": cost_cents / 100,
        "taxableFlag": taxable == "yes",
        "dropShipFlag": False,
        "specialOrderFlag": False,
        "customerDescription": description,
        "manufacturer": maker or None,
        "manufacturerPartNumber": part or None,
        "vendor": scene.vendors[number % len(scene.vendors)] if maker else None,
        "vendorSku": part or None,
        "recurringFlag": recurring == "yes",
        "recurringRevenue": price_cents / 100 if recurring == "yes" else 0.0,
        "recurringCost": cost_cents / 100 if recurring == "yes" else 0.0,
        "recurringOneTimeFlag": False,
        "recurringBillCycle": 1 if recurring == "yes" else None,
        "recurringCycleType": "CalendarYear",
        "calculatedPriceFlag": False,
        "calculatedCostFlag": False,
        "category": category["category"]["id"],
        "calculatedPrice": price_cents / 100,
        "calculatedCost": cost_cents / 100,
        "billableOption": "Billable",
        "connectWiseID": scene.variety.guid(number, GUIDS),
        "markupPercentage": 0.0,
        "markupFlag": False,
        "autoUpdateUnitCostFlag": False,
        "autoUpdateUnitPriceFlag": False,
    }
    product_id = ledger.put(CATALOG, record, entered=midnight(-200), updated=midnight(-200 + number * 5))
    is_taxable = taxable == "yes"
    return Product(
        product_id, identifier, description, category_class, unit, unit_id, price_cents, cost_cents, is_taxable
    )


def product_lines(scene: Scene, found: dict[str, Product], owners: list[tuple[str, int, Client]]) -> None:
    """Product lines, each on one of the owners: field name, id and client of a ticket, opportunity or order."""
    goods = [one for one in found.values() if one.kind in ("Inventory", "NonInventory", "Service")]
    for number in range(scene.plan.products if owners else 0):
        field, owner, client = owners[number % len(owners)]
        product, quantity = scene.variety.pick(goods, number, 50), 1 + number % 4
        entered = stamp(moment(number, scene.plan.products))
        product_id = scene.ledger.put(
            PRODUCTS, {**line(product, quantity, client, number), field: owner}, entered=entered
        )
        if number % 10 == 0:
            part(scene, product_id, product, found["HW-CABLE"])
            ship(scene, product_id, quantity)


def line(product: Product, quantity: int, client: Client, number: int) -> Record:
    """A product line without what it hangs on."""
    return {
        "catalogItem": product.id,
        "description": product.description,
        "sequenceNumber": float(number % 5 + 1),
        "quantity": float(quantity),
        "unitOfMeasure": product.unit_id,
        "price": product.price / 100,
        "cost": product.cost / 100,
        "extPrice": quantity * product.price / 100,
        "extCost": quantity * product.cost / 100,
        "discount": 0.0,
        "margin": quantity * (product.price - product.cost) / 100,
        "agreementAmount": 0.0,
        "billableOption": "Billable",
        "locationId": 1,
        "location": 1,
        "businessUnitId": 1,
        "businessUnit": 1,
        "taxableFlag": product.taxable,
        "cancelledFlag": False,
        "quantityCancelled": 0.0,
        "customerDescription": product.description,
        **dict.fromkeys(("dropshipFlag", "specialOrderFlag", "phaseProductFlag", "productSuppliedFlag"), False),
        **dict.fromkeys(("calculatedPriceFlag", "calculatedCostFlag", "needToPurchaseFlag", "poApprovedFlag"), False),
        "warehouseId": 1,
        "warehouseIdObject": 1,
        "warehouseBinId": 1,
        "warehouseBinIdObject": 1,
        "warehouse": "Main Warehouse",
        "warehouseBin": "Main Bin",
        "listPrice": product.price / 100,
        "company": client.id,
        "productClass": product.kind,
        "uom": product.unit,
    }


def part(scene: Scene, product_id: int, product: Product, extra: Product) -> None:
    """A component that comes with a product line."""
    record = {
        "sequenceNumber": 1,
        "quantity": 1.0,
        "catalogItem": extra.id,
        **dict.fromkeys(("hidePriceFlag", "hideItemIdentifierFlag", "hideDescriptionFlag"), False),
        "hideQuantityFlag": False,
        "hideExtendedPriceFlag": False,
        "parentProductItem": product_id,
        "price": extra.price / 100,
        "cost": extra.cost / 100,
    }
    scene.ledger.put(f"{PRODUCTS}/{{parentId}}/components", record, parent=product_id)


def ship(scene: Scene, product_id: int, quantity: int) -> None:
    """A product line that was picked and shipped."""
    record = {
        "pickedQuantity": quantity,
        "shippedQuantity": quantity,
        "warehouse": 1,
        "warehouseBin": 1,
        "shipmentMethod": 1,
        "trackingNumber": f"1Z{product_id:08d}",
        "productItem": product_id,
        "lineNumber": 1,
        "quantity": quantity,
        "shipmentDate": midnight(60),
    }
    scene.ledger.put(f"{PRODUCTS}/{{parentId}}/pickingShippingDetails", record, parent=product_id)


def orders(scene: Scene) -> list[tuple[str, int, Client]]:
    """Sales orders; the lines they will carry come later."""
    made = []
    for number in range(scene.plan.orders):
        client, when = scene.client(number * 5 + 2), moment(number, scene.plan.orders)
        closed = number % 2 == 0
        record: Record = {
            "company": client.id,
            "contact": client.callers[0].id,
            "phone": client.callers[0].phone,
            "email": client.callers[0].email,
            "site": client.site,
            "status": CLOSED if closed else OPEN,
            "orderDate": stamp(when),
            "dueDate": stamp(when + 14 * 1440),
            "billingTerms": 3,
            "taxCode": 1 + client.id % 2,
            "poNumber": f"{client.id}-{number + 1}",
            "location": 1,
            "department": 3,
            "salesRep": scene.technician(number, 51).id,
            "billClosedFlag": False,
            "billShippedFlag": closed,
            "restrictDownpaymentFlag": False,
            "topCommentFlag": False,
            "bottomCommentFlag": False,
            **{f"{way}Company": client.id for way in ("shipTo", "billTo")},
            **{f"{way}Contact": client.callers[0].id for way in ("shipTo", "billTo")},
            **{f"{way}Site": client.site for way in ("shipTo", "billTo")},
            "productIds": [],
            "documentIds": [],
            "invoiceIds": [],
            "configIds": [],
            "total": 0.0,
            "taxTotal": 0.0,
            "subTotal": 0.0,
            "currency": 1,
            "companyLocation": 1,
        }
        order_id = scene.ledger.put(ORDERS, record, entered=stamp(when))
        lines = {"salesOrder": order_id, "billStatus": "Billed" if closed else "Open", "quantity": 1}
        scene.ledger.put(f"{ORDERS}/{{parentId}}/lineitems", {**lines, "quantityCancelled": 0}, parent=order_id)
        made.append(("salesOrder", order_id, client))
    return made


def purchase_orders(scene: Scene, found: dict[str, Product]) -> None:
    """Purchase orders with two lines each; the older ones are closed."""
    goods = [one for one in found.values() if one.kind == "Inventory"]
    for number in range(scene.plan.purchase_orders):
        when, closed = moment(number, scene.plan.purchase_orders), number % 3 != 2
        chosen = [(goods[(number + place) % len(goods)], 2 + (number + place) % 5) for place in range(2)]
        total = sum(product.cost * quantity for product, quantity in chosen) / 100
        number_text = f"PO{1000 + number}"
        record: Record = {
            "businessUnitId": 1,
            "businessUnit": 1,
            "closedFlag": closed,
            "closedBy": "Admin" if closed else None,
            "dateClosed": stamp(when + 5 * 1440) if closed else None,
            "dropShipCustomerFlag": False,
            "enteredBy": "Admin",
            "freightCost": 0.0,
            "freightTaxTotal": 0.0,
            "locationId": 1,
            "location": 1,
            "poDate": stamp(when),
            "poNumber": number_text,
            "salesTax": 0.0,
            "shipmentMethod": 1,
            "status": CLOSED if closed else OPEN,
            "subTotal": total,
            "taxFreightFlag": False,
            "taxPoFlag": False,
            "terms": 3,
            "total": total,
            "vendorCompany": scene.vendors[number % len(scene.vendors)],
            "warehouse": 1,
            "currency": 1,
        }
        order_id = scene.ledger.put(PURCHASES, record, entered=stamp(when))
        for place, (product, quantity) in enumerate(chosen, 1):
            purchase_line(scene, order_id, number_text, place, product, quantity, when, closed)
        note = {"purchaseHeaderRecID": order_id, "text": "Ordered by phone.", "type": 1, "flagged": False}
        scene.ledger.put(f"{PURCHASES}/{{parentId}}/notes", {**note, "enteredBy": "Admin"}, parent=order_id)


def purchase_line(
    scene: Scene, order_id: int, number: str, place: int, product: Product, quantity: int, when: int, closed: bool
) -> None:
    """One line of a purchase order."""
    record: Record = {
        **dict.fromkeys(("backorderedFlag", "canceledFlag", "displayInternalNotesFlag", "batchedFlag"), False),
        "closedFlag": closed,
        "description": product.description,
        "lineNumber": place,
        "product": product.id,
        "purchaseOrderId": order_id,
        "purchaseOrderNumber": number,
        "quantity": float(quantity),
        "receivedQuantity": quantity if closed else 0,
        "dateReceived": stamp(when + 5 * 1440) if closed else None,
        "receivedStatus": "FullyReceived" if closed else "Waiting",
        "tax": 0.0,
        "unitCost": product.cost / 100,
        "extCost": quantity * product.cost / 100,
        "unitOfMeasure": product.unit_id,
        "shipmentMethod": 1,
        "warehouse": 1,
        "warehouseBin": 1,
        "isDetachAvailable": False,
    }
    scene.ledger.put(LINES, record, parent=order_id, entered=stamp(when))


def stock(scene: Scene, found: dict[str, Product]) -> None:
    """The adjustment that filled the warehouse."""
    record = {"identifier": "Initial stock", "type": 2, "reason": "Opening count", "closedFlag": True}
    closed = {"closedBy": "Admin", "closedDate": midnight(-190)}
    adjustment_id = scene.ledger.put("/procurement/adjustments", {**record, **closed}, entered=midnight(-190))
    for product in [one for one in found.values() if one.kind == "Inventory"]:
        detail = {
            "catalogItem": product.id,
            "description": product.description[:50],
            "quantityOnHand": 20.0,
            "unitCost": product.cost / 100,
            "warehouse": 1,
            "warehouseBin": 1,
            "quantityAdjusted": 20,
        }
        scene.ledger.put(DETAILS, detail, parent=adjustment_id)
    details = scene.ledger.records(DETAILS, adjustment_id)
    scene.ledger.amend("/procurement/adjustments", adjustment_id, {"adjustmentDetails": details})
