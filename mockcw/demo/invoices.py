"""Invoices of agreements and of work, with payments, routings, commissions and ledger entries. Money is in cents."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mockcw.demo.agreements import Contract
from mockcw.demo.ledger import Record
from mockcw.demo.quarter import midnight
from mockcw.demo.scene import Client, Scene

INVOICES = "/finance/invoices"
BATCHES = "/finance/accounting/batches"
SENT, PAID = 3, 4  # billing statuses
MONTHS = (0, 31, 61)  # first days of the quarter's months
TAX_LEVELS = (Decimal("0.06"), Decimal("0.015"))  # what the tax code of clients with an odd id takes of products
ACCOUNTS = {"AR": ("Accounts Receivable", "1200"), "R": ("Revenue", "4000"), "ST": ("Sales Tax", "2300")}


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice before it is written; money in cents, `day` counted from the quarter's start."""

    number: int
    kind: str
    client: Client
    cents: int
    day: int
    contract: Contract | None

    @property
    def tax(self) -> int:
        """Sales tax, rounded level by level: of agreements only, and clients with an even id are exempt."""
        if self.contract is None or self.client.id % 2 == 0:
            return 0
        return sum(int((rate * self.cents).quantize(Decimal(1), ROUND_HALF_UP)) for rate in TAX_LEVELS)

    @property
    def paid(self) -> bool:
        """Whether the client has paid."""
        return self.day < 61 and self.number % 8 != 7

    @property
    def posted(self) -> bool:
        """Whether the invoice is in the batch of the quarter's first month."""
        return self.paid and self.day < MONTHS[1]


def invoices(scene: Scene, contracts: list[Contract]) -> None:
    """Two of three invoices are for agreements, month by month; the others for work done."""
    batch = {"batchIdentifier": "2025-10", "exportInvoicesFlag": True, "closedFlag": True}
    flags = {"exportExpensesFlag": False, "exportProductsFlag": False}
    batch_id = scene.ledger.put(BATCHES, {**batch, **flags}, entered=midnight(35))
    active = [one for one in contracts if one.active and one.cents]
    total = scene.plan.invoices
    for number in range(total):
        month = MONTHS[number * len(MONTHS) // total]
        if number % 3 < 2 and active:
            contract = active[number % len(active)]
            bill = Bill(number, "Agreement", contract.client, contract.cents, month, contract)
        else:
            cents = 13_500 * (1 + scene.variety.below(12, number, 80))
            bill = Bill(number, "Standard", scene.client(number * 3), cents, month + 14, None)
        write(scene, bill, batch_id)


def write(scene: Scene, bill: Bill, batch_id: int) -> None:
    """The invoice and what hangs on it."""
    client, total = bill.client, bill.cents + bill.tax
    agreed = bill.contract is not None
    record: Record = {
        "invoiceNumber": f"{10_001 + bill.number}",
        "type": bill.kind,
        "status": PAID if bill.paid else SENT,
        "company": client.id,
        "billToCompany": client.id,
        "shipToCompany": client.id,
        "applyToType": "Agreement" if agreed else "All",
        "applyToId": bill.contract.id if bill.contract else None,
        "attention": client.callers[0].name[:60],
        **sides(client),
        "billingTerms": 3,
        "templateSetupId": 2 if agreed else 1,
        "invoiceTemplate": 2 if agreed else 1,
        "emailTemplateId": 1,
        "addToBatchEmailList": False,
        "date": midnight(bill.day),
        "dueDate": midnight(bill.day + 30),
        "restrictDownpaymentFlag": False,
        "locationId": 1,
        "location": 1,
        "departmentId": 2,
        "department": 2,
        "territoryId": 1,
        "territory": 1,
        "taxableFlag": bill.tax > 0,
        "taxCode": 1 + client.id % 2,
        "downpaymentPreviouslyTaxedFlag": False,
        "serviceTotal": 0.0 if agreed else bill.cents / 100,
        "overrideDownPaymentAmountFlag": False,
        "currency": 1,
        "expenseTotal": 0.0,
        "productTotal": 0.0,
        "previousProgressApplied": 0.0,
        "serviceAdjustmentAmount": 0.0,
        "agreementAmount": bill.cents / 100 if agreed else 0.0,
        "downpaymentApplied": 0.0,
        "subtotal": bill.cents / 100,
        "total": total / 100,
        "remainingDownpayment": 0.0,
        "salesTax": bill.tax / 100,
        "payments": total / 100 if bill.paid else 0.0,
        "credits": 0.0,
        "balance": 0.0 if bill.paid else total / 100,
        "specialInvoiceFlag": False,
        "billingSetupReference": 1,
        "agreement": bill.contract.id if bill.contract else None,
        "glBatch": batch_id if bill.posted else None,
    }
    updated = midnight(bill.day + (21 if bill.paid else 1))
    invoice_id = scene.ledger.put(INVOICES, record, entered=midnight(bill.day), updated=updated)
    attached(scene, bill, invoice_id, total)
    if bill.posted:
        post(scene, bill, invoice_id, batch_id, total)


def sides(client: Client) -> Record:
    """Where the invoice and the goods go."""
    found: Record = {}
    for way in ("billing", "shipping"):
        found |= {
            f"{way}Site": client.site,
            f"{way}SiteAddressLine1": client.address.get("addressLine1"),
            f"{way}SiteCity": client.address.get("city"),
            f"{way}SiteState": client.address.get("state"),
            f"{way}SiteZip": client.address.get("zip"),
            f"{way}SiteCountry": "United States",
        }
    return found


def attached(scene: Scene, bill: Bill, invoice_id: int, total: int) -> None:
    """Payment, routing, commission and ledger entries of an invoice."""
    put, inside = scene.ledger.put, f"{INVOICES}/{{parentId}}"
    if bill.paid:
        paid: Record = {
            "type": "Payment",
            "source": "Manual",
            "invoice": invoice_id,
            "amount": total / 100,
            "balance": 0.0,
            "invoiceBalance": 0.0,
            "invoiceTotal": total / 100,
            "paymentDate": midnight(bill.day + 21),
            "appliedBy": "Admin",
            "glBatchID": "1" if bill.posted else None,
        }
        put(f"{inside}/payments", paid, parent=invoice_id, entered=midnight(bill.day + 21))
    if bill.number % 6 == 0:
        member = scene.technician(bill.number, 81).id
        row: Record = {"invoice": invoice_id, "sequenceNumber": 1, "member": member, "reviewedFlag": True}
        put(f"{inside}/routings", {**row, "dateReviewedUTC": midnight(bill.day + 1)}, parent=invoice_id)
        share: Record = {"member": member, "percent": 5.0, "splitPercent": 100.0, "adjustment": 0.0}
        share |= {"netAmount": bill.cents / 100, "amount": bill.cents * 5 // 100 / 100, "invoice": invoice_id}
        put(f"{inside}/commissions", share, parent=invoice_id)


def post(scene: Scene, bill: Bill, invoice_id: int, batch_id: int, total: int) -> None:
    """The invoice's entries in the batch and in its own ledger."""
    for kind, amount in (("AR", total), ("R", -bill.cents), ("ST", -bill.tax)):
        name, account = ACCOUNTS[kind]
        if amount:
            entry: Record = {"accountType": kind, "name": name, "accountNumber": account, "cost": 0.0}
            entry |= {"debit": max(amount, 0) / 100, "credit": max(-amount, 0) / 100, "invoice": invoice_id}
            scene.ledger.put(f"{BATCHES}/{{parentId}}/entries", entry, parent=batch_id)
            row: Record = {"type": kind, "amount": amount / 100, "description": name, "isBatched": True}
            inside = f"{INVOICES}/{{parentId}}/glEntries"
            scene.ledger.put(inside, {**row, "segment1": account, "cost": 0.0}, parent=invoice_id)
