"""Copies of procurement records: what each takes over, and what it starts anew."""

from __future__ import annotations

from mockcw.engine.act import Act
from mockcw.engine.change import Record
from mockcw.rules.posting import LINES, ORDERS
from mockcw.rules.procurement.vendors import CATALOG, copy_vendors
from mockcw.rules.shapes import Copying

ORDER_STATUSES = "/procurement/purchaseorderstatuses"
NOT_ARRIVED = {
    "receivedQuantity": None,
    "receivedStatus": "Waiting",
    "dateReceived": None,
    "closedFlag": False,
    "canceledFlag": False,
    "canceledBy": None,
    "canceledReason": None,
    "dateCanceled": None,
    "dateCanceledUtc": None,
    "batchedFlag": False,
    "unbatchedRecId": None,
    "serialNumbers": None,
    "packingSlip": None,
    "shipDate": None,
    "trackingNumber": None,
    "vendorOrderNumber": None,
}


def begun(act: Act, made: Record) -> Record:
    """A copied order has the default status, and nothing of it has arrived."""
    for line in act.look.find(LINES, parent=made["id"]):
        act.hands.set(LINES, line["id"], NOT_ARRIVED)
    for status in act.look.find(ORDER_STATUSES, defaultFlag=True)[:1]:
        return act.hands.set(ORDERS, made["id"], {"status": {"id": status["id"]}})
    return made


COPIES = (
    Copying(
        "postProcurementCatalogByIdCopy",
        CATALOG,
        "A new catalogue item under an identifier of its own, with components, stock levels and vendors.",
        names={"identifier": 75},
        changes={"connectWiseID": None, "integrationXRef": None},
        then=copy_vendors,
    ),
    Copying(
        "postProcurementPurchaseordersByIdCopy",
        ORDERS,
        "A new order of today under a number of its own, with notes and line items of which nothing has arrived.",
        changes={
            "poNumber": None,
            "closedFlag": False,
            "closedBy": None,
            "dateClosed": None,
            "cancelReason": None,
            "enteredBy": None,
            "shipmentDate": None,
            "trackingNumber": None,
            "freightPackingSlip": None,
            "vendorInvoiceDate": None,
            "vendorInvoiceNumber": None,
            "vendorOrderNumber": None,
        },
        dated=("poDate",),
        then=begun,
    ),
)
ACTIONS = tuple(copy.action() for copy in COPIES)
