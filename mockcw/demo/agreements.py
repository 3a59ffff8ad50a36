"""Agreements with their additions, adjustments and rows of terms."""

from __future__ import annotations

from dataclasses import dataclass

from mockcw.demo.ledger import Record
from mockcw.demo.quarter import NOW, midnight, stamp
from mockcw.demo.scene import Client, Scene
from mockcw.demo.trade import Product

AGREEMENTS = "/finance/agreements"
TYPES = "/finance/agreements/types"
ADDITIONS = "/finance/agreements/{parentId}/additions"
FROM_TYPE = {  # fields of an agreement that begin as those of its type, by their name there
    "applicationUnits": "applicationUnits",
    "applicationLimit": "applicationLimit",
    "applicationCycle": "applicationCycle",
    "applicationUnlimitedFlag": "applicationUnlimitedFlag",
    "oneTimeFlag": "oneTimeFlag",
    "coverAgreementTime": "coverAgreementTimeFlag",
    "coverAgreementProduct": "coverAgreementProductFlag",
    "coverAgreementExpense": "coverAgreementExpenseFlag",
    "coverSalesTax": "coverSalesTaxFlag",
    "carryOverUnused": "carryOverUnusedFlag",
    "allowOverruns": "allowOverrunsFlag",
    "expiredDays": "expiredDays",
    "expireWhenZero": "expireWhenZero",
    "chargeToFirm": "chargeToFirmFlag",
    "employeeCompRate": "employeeCompRate",
    "employeeCompNotExceed": "employeeCompNotExceed",
    "billOneTimeFlag": "billOneTimeFlag",
    "invoicingCycle": "invoicingCycle",
    "taxable": "taxableFlag",
    "restrictDownPayment": "restrictDownPaymentFlag",
    "prorateFlag": "prorateFlag",
    "invoiceProratedAdditionsFlag": "invoiceProratedAdditionsFlag",
    "topComment": "topCommentFlag",
    "bottomComment": "bottomCommentFlag",
    "billTime": "billTime",
    "billExpenses": "billExpenses",
    "billProducts": "billProducts",
    "billableTimeInvoice": "billableTimeInvoiceFlag",
    "billableExpenseInvoice": "billableExpenseInvoiceFlag",
    "billableProductInvoice": "billableProductInvoiceFlag",
    "autoInvoiceFlag": "autoInvoiceFlag",
    "restrictLocationFlag": "restrictLocationFlag",
    "restrictDepartmentFlag": "restrictDepartmentFlag",
}
REFERENCES = (
    "location",
    "department",
    "sla",
    "billingCycle",
    "billingTerms",
    "workRole",
    "workType",
    "invoiceTemplate",
)
TYPE_NAMES = ("Managed Services", "Cloud Subscriptions", "Backup", "Block Hours")
PRODUCTS = {
    "Managed Services": ("MS-WORKSTATION", "MS-SERVER", "MS-USER", "MS-FIREWALL", "SEC-EDR", "SEC-MAIL"),
    "Cloud Subscriptions": ("M365-BP", "M365-BS", "M365-E3", "EXO-P1", "SEC-SASE"),
    "Backup": ("BKP-SERVER", "BKP-WS", "BKP-STORAGE"),
    "Block Hours": ("SVC-REMOTE",),
}


@dataclass(frozen=True, slots=True)
class Contract:
    """An agreement as invoices know it; `cents` is what a month costs."""

    id: int
    name: str
    client: Client
    active: bool
    cents: int


def agreements(scene: Scene, products: dict[str, Product]) -> list[Contract]:
    """As many agreements as the plan says; most are active, a few cancelled or expired."""
    kinds = {one["name"]: one for one in scene.ledger.records(TYPES)}
    made = []
    for number in range(scene.plan.agreements):
        client, turn = scene.client(number), number // len(scene.clients)
        name = TYPE_NAMES[turn % len(TYPE_NAMES)]
        contract = agreement(scene, client, kinds[name], number, products)
        if client.agreement is None and contract.active and name in ("Managed Services", "Block Hours"):
            client.agreement, client.agreement_type = contract.id, name
        made.append(contract)
    return made


def agreement(scene: Scene, client: Client, kind: Record, number: int, products: dict[str, Product]) -> Contract:
    """One agreement with its additions."""
    ledger, start = scene.ledger, -30 * (1 + number % 12)
    cancelled, expired = number % 15 == 14, number % 25 == 24
    status = "Cancelled" if cancelled else "Expired" if expired else "Active"
    block = 200_000 if kind["name"] == "Block Hours" else 0
    record: Record = {
        "name": f"{kind['name']} - {client.name}"[:100],
        "type": kind["id"],
        "company": client.id,
        "contact": client.callers[0].id,
        "site": client.site,
        "startDate": midnight(start),
        "noEndingDateFlag": not expired,
        "endDate": midnight(60) if expired else None,
        "cancelledFlag": cancelled,
        "dateCancelled": midnight(80) if cancelled else None,
        "reasonCancelled": "Moved to another provider" if cancelled else None,
        "billToCompany": client.id,
        "billToContact": client.callers[0].id,
        "billToSite": client.site,
        "shipToCompany": client.id,
        "shipToContact": client.callers[0].id,
        "shipToSite": client.site,
        "billStartDate": midnight(start),
        "billAmount": block / 100,
        "taxCode": 1 + client.id % 2,
        "currency": 1,
        "companyLocation": 1,
        "periodType": "Current",
        "nextInvoiceDate": "2026-02-01T00:00:00Z" if status == "Active" else None,
        "agreementStatus": status,
    }
    record.update({name: kind.get(source) for name, source in FROM_TYPE.items()})
    record.update({name: kind[name]["id"] for name in REFERENCES if name in kind})
    entered = stamp(start * 1440 + 900)
    agreement_id = ledger.put(AGREEMENTS, record, entered=entered, updated=stamp(NOW - 1440 * (number % 90) - 60))
    choice = PRODUCTS[kind["name"]]
    count = 1 + scene.variety.below(len(choice), number, 30)
    cents = sum(
        addition(scene, agreement_id, products[choice[(number + place) % len(choice)]], number, place, start, status)
        for place in range(count)
    )
    if number % 10 == 0:
        terms(scene, agreement_id, client, number)
    return Contract(agreement_id, record["name"], client, status == "Active", cents + block)


def addition(
    scene: Scene, agreement_id: int, product: Product, number: int, place: int, start: int, status: str
) -> int:
    """One addition; what it costs in a month, in cents."""
    quantity = 1 + scene.variety.below(40, number * 8 + place, 31)
    included = 1 if quantity > 20 and number % 6 == 0 else 0
    gone = place and (number + place) % 9 == 8
    billed = quantity - included
    record: Record = {
        "product": product.id,
        "quantity": float(quantity),
        "lessIncluded": float(included),
        "billedQuantity": float(billed),
        "unitPrice": product.price / 100,
        "unitCost": product.cost / 100,
        "billCustomer": "Billable",
        "effectiveDate": midnight(start),
        "cancelledDate": midnight(45) if gone else None,
        "taxableFlag": product.taxable,
        "invoiceDescription": product.description,
        "description": product.description,
        "purchaseItemFlag": False,
        "specialOrderFlag": False,
        "agreementId": agreement_id,
        "uom": product.unit,
        "extPrice": billed * product.price / 100,
        "extCost": quantity * product.cost / 100,
        "margin": (billed * product.price - quantity * product.cost) / 100,
        "sequenceNumber": float(place + 1),
        "prorateCost": 0.0,
        "proratePrice": 0.0,
        "extendedProrateCost": 0.0,
        "extendedProratePrice": 0.0,
        "prorateCurrentPeriodFlag": False,
        "agreementStatus": status,
        "invoiceGrouping": 1 if product.identifier.startswith("MS") else None,
    }
    entered = stamp(start * 1440 + 905 + place)
    updated = stamp(45 * 1440 + 900) if gone else entered
    scene.ledger.put(ADDITIONS, record, parent=agreement_id, entered=entered, updated=updated)
    return 0 if gone else billed * product.price


def terms(scene: Scene, agreement_id: int, client: Client, number: int) -> None:
    """An adjustment and the rows of work, boards and sites that some agreements have."""
    inside = f"{AGREEMENTS}/{{parentId}}"
    own = {"agreementId": agreement_id}
    since = {"effectiveDate": midnight(0)}
    rows: tuple[tuple[str, Record], ...] = (
        ("adjustments", {"amount": -50.0, "description": "Goodwill for an outage", **since}),
        ("boardDefaults", {"board": 1, "serviceType": 1, "defaultFlag": True}),
        ("sites", {"company": client.id, "site": client.site}),
        ("workRoleExclusions", {"workRole": 4}),
        ("workTypeExclusions", {"workType": 2}),
        ("workroles", {"workRole": 1, "locationId": 1, "location": 1, "rateType": "Custom", "rate": 125.0, **since}),
        (
            "worktypes",
            {"workType": 4, "locationId": 1, "location": 1, "rateType": "Multiplier", "rate": 1.0}
            | {"billTime": "Billable", "company": client.id, **since},
        ),
    )
    for name, row in rows:
        scene.ledger.put(f"{inside}/{name}", {**row, **own}, parent=agreement_id, entered=midnight(number % 90))
