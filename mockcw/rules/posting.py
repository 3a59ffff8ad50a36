"""The books: what documents look like as entries of an accounting batch, each debit with its credit.

Shared by accounting and purchasing. Account types are the published abbreviations; which of them a document touches is
assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mockcw.engine.change import Look, Record
from mockcw.rules.money import money, number

BATCHES = "/finance/accounting/batches"
ENTRIES = "/finance/accounting/batches/{parentId}/entries"
ACCOUNTS = "/finance/glAccounts"
EXPENSES = "/expense/entries"
ORDERS = "/procurement/purchaseorders"
LINES = "/procurement/purchaseorders/{parentId}/lineitems"
REVENUE = (  # part of an invoice, account type, what the entry is called
    ("serviceTotal", "R", "Services"),
    ("serviceAdjustmentAmount", "R", "Service adjustment"),
    ("agreementAmount", "RA", "Agreement"),
    ("expenseTotal", "RE", "Expenses"),
    ("productTotal", "RP", "Products"),
    ("salesTax", "ST", "Sales tax"),
)


def account(look: Look, gl_type: str) -> str | None:
    """The number of the first account mapped to a type, its segments joined."""
    for one in look.find(ACCOUNTS, glType=gl_type)[:1]:
        return "-".join(str(one[f"segment{at}"]) for at in range(1, 11) if one.get(f"segment{at}"))
    return None


def booked(look: Look, gl_type: str, name: str, amount: Decimal, about: Record) -> Record:
    """One entry: a debit, or a credit where the amount is negative."""
    return {
        "accountType": gl_type,
        "name": name,
        "accountNumber": account(look, gl_type),
        "debit": number(max(amount, Decimal(0))),
        "credit": number(max(-amount, Decimal(0))),
        "cost": 0,
        **about,
    }


def invoice_entries(look: Look, invoice: Record) -> Iterator[Record]:
    """Receivable against revenue, part by part, and tax."""
    about = {"invoice": {"id": invoice["id"]}}
    yield booked(look, "AR", "Accounts receivable", money(invoice.get("total")), about)
    for part, gl_type, name in REVENUE:
        if invoice.get(part):
            yield booked(look, gl_type, name, -money(invoice[part]), about)


def expense_entries(look: Look, entry: Record) -> Iterator[Record]:
    """The expense against what is owed to the member."""
    about, amount = {"expense": {"id": entry["id"]}}, money(entry.get("amount"))
    yield booked(look, "EE", (entry.get("type") or {}).get("name") or "Expense", amount, about)
    yield booked(look, "EO", "Employee offset", -amount, about)


def purchase_entries(look: Look, order: Record, line: Record) -> Iterator[Record]:
    """What was received against what is owed to the vendor."""
    about = {"purchaseOrder": {"id": order["id"]}, "lineItem": {"id": line["id"]}}
    item = {"item": (line.get("product") or {}).get("identifier")}
    amount = received_amount(line)
    yield booked(look, "P", line.get("description") or "Purchase", amount, about | item)
    yield booked(look, "AP", "Accounts payable", -amount, about | item)


def adjustment_entries(look: Look, detail: Record) -> Iterator[Record]:
    """Inventory by what an adjustment's detail changed it."""
    about = {"adjustmentDetail": {"id": detail["id"]}, "item": (detail.get("catalogItem") or {}).get("identifier")}
    amount = money(detail.get("quantityAdjusted")) * money(detail.get("unitCost"))
    yield booked(look, "IA", detail.get("description") or "Inventory adjustment", amount, about)
    yield booked(look, "P", "Inventory offset", -amount, about)


def received(line: Record) -> int:
    """How many pieces of a line have arrived."""
    if line.get("canceledFlag"):
        return 0
    given = line.get("receivedQuantity")
    if given is None and line.get("receivedStatus") == "FullyReceived":
        return int(line.get("quantity") or 0)
    return int(given or 0)


def received_amount(line: Record) -> Decimal:
    """What the arrived pieces of a line cost."""
    return received(line) * money(line.get("unitCost"))
