"""What accounting has not taken yet: invoices, payments, expenses and procurement that are in no batch.

An invoice says which batch has it, a payment and a purchase order line likewise; an expense and an adjustment are in a
batch when one of its entries is about them. That everything in no batch is unposted, open or not, is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mockcw.engine.act import Asking, View
from mockcw.engine.change import Look, Record
from mockcw.rules.finance.invoices import COMPANIES, INVOICES, PARTS, PAYMENTS, TERMS
from mockcw.rules.finance.taxes import LEVELS, TAX_CODES, Tax, taxes
from mockcw.rules.money import money, number
from mockcw.rules.posting import ENTRIES, EXPENSES, LINES, ORDERS, received, received_amount
from mockcw.rules.remembered import Remembered

ACCOUNTING = "/finance/accounting"
UNPOSTED_INVOICES = f"{ACCOUNTING}/unpostedinvoices"
UNPOSTED_EXPENSES = f"{ACCOUNTING}/unpostedexpenses"
UNPOSTED_PROCUREMENT = f"{ACCOUNTING}/unpostedprocurement"
TAXABLE = "/{parentId}/taxableLevels"
ADJUSTMENTS = "/procurement/adjustments"
DETAILS = "/procurement/adjustments/{parentId}/details"
TAX_NAMES = ("state", "county", "city", "country", "composite", "levelSix")
CLASSES = ("NonReimbursable", "Reimbursable", "Personal")
Purchase = tuple[Record, list[Record]]  # an order or an adjustment, with the lines of it that count


def invoices(look: Look) -> list[Record]:
    """Invoices that no batch has."""
    return [one for one in look.find(INVOICES) if not one.get("glBatch")]


def payments(look: Look) -> list[Record]:
    """Payments that no batch has."""
    return [one for one in look.find(PAYMENTS) if not one.get("glBatchID")]


def expenses(look: Look) -> list[Record]:
    """Expense entries that no batch has."""
    posted = {one["expense"]["id"] for one in look.find(ENTRIES, accountType="EE") if one.get("expense")}
    return [one for one in look.find(EXPENSES) if one["id"] not in posted]


def purchases(look: Look) -> list[Purchase]:
    """Purchase orders with lines that arrived and that no batch has."""
    found = []
    for order in look.find(ORDERS):
        lines = look.find(LINES, parent=order["id"])
        lines = [line for line in lines if received(line) and not line.get("batchedFlag")]
        if lines:
            found.append((order, lines))
    return found


def adjustments(look: Look) -> list[Purchase]:
    """Inventory adjustments with details that no batch has."""
    entries = look.find(ENTRIES, accountType="IA")
    posted = {one["adjustmentDetail"]["id"] for one in entries if one.get("adjustmentDetail")}
    found = []
    for adjustment in look.find(ADJUSTMENTS):
        details = look.find(DETAILS, parent=adjustment["id"])
        details = [detail for detail in details if detail["id"] not in posted]
        if details:
            found.append((adjustment, details))
    return found


# -- taxes of each -----------------------------------------------------------------------------------------------------


def invoice_taxes(look: Look, invoice: Record) -> list[Tax]:
    """The tax levels of an invoice, over all its parts."""
    if not invoice.get("taxableFlag"):
        return []
    by_level: dict[int, Tax] = {}
    for name, kind, _ in PARTS:
        for tax in taxes(look, invoice.get("taxCode"), kind, money(invoice.get(name))) if kind else ():
            before = by_level.get(tax.level)
            amount = tax.amount + (before.amount if before else 0)
            by_level[tax.level] = Tax(tax.level, tax.xref, tax.agency, tax.rate, amount)
    return list(by_level.values())


def expense_taxes(look: Look, entry: Record) -> list[Tax]:
    """The tax levels of a billable expense: those of its company's tax code."""
    company = look.get(COMPANIES, (entry.get("company") or {}).get("id") or 0) or {}
    return taxes(look, company.get("taxCode"), "Expenses", billable(entry))


def purchase_taxes(look: Look, order: Record, lines: list[Record]) -> list[Tax]:
    """The tax levels of what arrived of an order that is taxed."""
    amount = sum(map(received_amount, lines), Decimal(0))
    return taxes(look, order.get("taxCode"), "Products", amount) if order.get("taxPoFlag") else []


def billable(entry: Record) -> Decimal:
    """What the customer pays of an expense."""
    return money(entry.get("amount")) if entry.get("billableOption") == "Billable" else Decimal(0)


def tax_fields(found: list[Tax]) -> Record:
    """Tax levels as the flat fields that unposted records carry."""
    fields: Record = {f"{name}TaxFlag": False for name in TAX_NAMES}
    for tax in found:
        if 1 <= tax.level <= len(TAX_NAMES):
            name = TAX_NAMES[tax.level - 1]
            fields |= {f"{name}TaxFlag": True, f"{name}TaxXref": tax.xref, f"{name}TaxAmount": number(tax.amount)}
    total = number(sum((tax.amount for tax in found), Decimal(0)))
    return fields | {"avalaraTaxFlag": False, "salesTaxAmount": total, "taxTotal": total}


# -- rows --------------------------------------------------------------------------------------------------------------


def invoice_row(look: Look, invoice: Record) -> Record:
    """An unposted invoice, under the invoice's id."""
    terms = look.get(TERMS, (invoice.get("billingTerms") or {}).get("id") or 0) or {}
    same = (
        "locationId location departmentId department company accountNumber billToCompany shipToCompany invoiceNumber "
        "billingTerms dueDate currency total taxCode"
    )
    return {
        **{name: invoice.get(name) for name in same.split()},
        **tax_fields(invoice_taxes(look, invoice)),
        "id": invoice["id"],
        "billingLogId": invoice["id"],
        "billToSite": invoice.get("billingSite"),
        "shipToSite": invoice.get("shippingSite"),
        "invoiceDate": invoice.get("date"),
        "invoiceType": invoice.get("type"),
        "description": invoice.get("reference"),
        "dueDays": str(terms["dueDays"]) if terms.get("dueDays") is not None else None,
        "subTotal": invoice.get("subtotal"),
        "hasTime": bool(invoice.get("serviceTotal")),
        "hasExpenses": bool(invoice.get("expenseTotal")),
        "hasProducts": bool(invoice.get("productTotal")),
        "invoiceTaxableFlag": bool(invoice.get("taxableFlag")),
        "itemTaxableFlag": bool(invoice.get("taxableFlag")),
        "createdBy": (invoice.get("_info") or {}).get("enteredBy"),
        "_info": invoice.get("_info"),
    }


def expense_row(look: Look, entry: Record) -> Record:
    """An unposted expense, under the entry's id."""
    total, charged = money(entry.get("amount")), billable(entry)
    kind = str((entry.get("classification") or {}).get("name") or "").replace("-", "").replace(" ", "")
    company = look.get(COMPANIES, (entry.get("company") or {}).get("id") or 0) or {}
    same = "locationId company member paymentMethod currency agreement ticket project"
    return {
        **{name: entry.get(name) for name in same.split()},
        **tax_fields(expense_taxes(look, entry)),
        "id": entry["id"],
        "departmentId": entry.get("businessUnitId"),
        "accountNumber": company.get("accountNumber"),
        "expenseDetailId": entry["id"],
        "expenseType": entry.get("type"),
        "classification": kind if kind in CLASSES else None,
        "glType": "EE",
        "dateExpense": entry.get("date"),
        "chargeDescription": entry.get("notes"),
        "inPolicy": True,
        "total": number(total),
        "billableAmount": number(charged),
        "nonBillableAmount": number(total - charged),
        "agreementAmountCovered": entry.get("agreementAmount"),
        "projectPhase": entry.get("phase"),
        "taxCode": company.get("taxCode"),
        "itemTaxableFlag": bool(company.get("taxCode")),
        "_info": entry.get("_info"),
    }


def purchase_id(order: Record) -> int:
    """The id of a purchase order among unposted records, where adjustments have the odd numbers."""
    return int(2 * order["id"])


def adjustment_id(adjustment: Record) -> int:
    """The id of an adjustment among unposted records."""
    return int(2 * adjustment["id"] + 1)


def purchase_row(look: Look, order: Record, lines: list[Record]) -> Record:
    """What arrived of a purchase order."""
    same = "locationId trackingNumber currency taxCode taxFreightFlag freightTaxTotal freightCost vendorInvoiceNumber"
    return {
        **{name: order.get(name) for name in same.split()},
        **tax_fields(purchase_taxes(look, order, lines)),
        "id": purchase_id(order),
        "unpostedProductId": f"P{order['id']}",
        "procurementType": "Purchase",
        "description": f"{len(lines)} line items of {order.get('poNumber') or order['id']}",
        "departmentId": order.get("businessUnitId"),
        "purchaseOrder": {"id": order["id"], "name": order.get("poNumber") or ""},
        "purchaseDate": order.get("poDate"),
        "billingTerms": order.get("terms"),
        "total": number(sum(map(received_amount, lines), Decimal(0))),
        "purchaseOrderTaxableFlag": bool(order.get("taxPoFlag")),
        "itemTaxableFlag": bool(order.get("taxPoFlag")),
        "customer": order.get("customerCompany"),
        "vendor": order.get("vendorCompany"),
        "vendorInvoiceDate": order.get("vendorInvoiceDate"),
        "dateClosed": order.get("dateClosed"),
        "_info": order.get("_info"),
    }


def adjustment_row(adjustment: Record, details: list[Record]) -> Record:
    """An inventory adjustment that is not in the books."""
    total = sum((money(one.get("quantityAdjusted")) * money(one.get("unitCost")) for one in details), Decimal(0))
    return {
        **tax_fields([]),
        "id": adjustment_id(adjustment),
        "unpostedProductId": f"A{adjustment['id']}",
        "procurementType": "Adjustment",
        "description": adjustment.get("reason") or adjustment.get("identifier"),
        "purchaseDate": (adjustment.get("_info") or {}).get("dateEntered"),
        "total": number(total),
        "dateClosed": adjustment.get("closedDate"),
        "_info": adjustment.get("_info"),
    }


def invoice_rows(look: Look, _: Asking) -> Iterator[Record]:
    """Invoices that are not in the books."""
    known = Remembered(look)
    return (invoice_row(known, one) for one in invoices(look))


def expense_rows(look: Look, _: Asking) -> Iterator[Record]:
    """Expenses that are not in the books."""
    known = Remembered(look)
    return (expense_row(known, one) for one in expenses(look))


def procurement_rows(look: Look, _: Asking) -> Iterator[Record]:
    """Purchases and adjustments that are not in the books."""
    look = Remembered(look)
    yield from (purchase_row(look, order, lines) for order, lines in purchases(look))
    yield from (adjustment_row(adjustment, details) for adjustment, details in adjustments(look))


def level_rows(found: list[Tax]) -> Iterator[Record]:
    """Tax levels as records of their own, under the level's number."""
    for tax in found:
        yield {"id": tax.level, "taxLevel": tax.level, "taxCodeXref": tax.xref, "taxAmount": number(tax.amount)}


def invoice_levels(look: Look, asking: Asking) -> Iterator[Record]:
    """The tax levels of one unposted invoice."""
    return level_rows(invoice_taxes(look, look.get(INVOICES, asking.parent) or {}))


def expense_levels(look: Look, asking: Asking) -> Iterator[Record]:
    """The tax levels of one unposted expense."""
    return level_rows(expense_taxes(look, look.get(EXPENSES, asking.parent) or {}))


def procurement_levels(look: Look, asking: Asking) -> Iterator[Record]:
    """The tax levels of one unposted purchase; adjustments have none."""
    found = (one for one in purchases(look) if purchase_id(one[0]) == asking.parent)
    return level_rows([tax for order, lines in found for tax in purchase_taxes(look, order, lines)])


TAXED = (TAX_CODES, LEVELS, COMPANIES)
OF_INVOICES = (INVOICES, TERMS, *TAXED)
OF_EXPENSES = (EXPENSES, ENTRIES, *TAXED)
OF_PROCUREMENT = (ORDERS, LINES, ADJUSTMENTS, DETAILS, ENTRIES, *TAXED)
LEVEL_SAYS = "A row a level of the tax code that applies, with what it takes."
VIEWS = (
    View(
        UNPOSTED_INVOICES,
        OF_INVOICES,
        invoice_rows,
        "assumed",
        "Invoices without a batch, open or closed.",
    ),
    View(
        UNPOSTED_EXPENSES,
        OF_EXPENSES,
        expense_rows,
        "assumed",
        "Expense entries that no batch's entry is about, whatever the report's status.",
    ),
    View(
        UNPOSTED_PROCUREMENT,
        OF_PROCUREMENT,
        procurement_rows,
        "assumed",
        "Purchase orders with received lines in no batch, and inventory adjustments in none.",
    ),
    View(
        f"{ACCOUNTING}/unpostedPayments",
        (PAYMENTS,),
        lambda look, _: payments(look),
        "assumed",
        "Payments without a batch.",
    ),
    View(UNPOSTED_INVOICES + TAXABLE, OF_INVOICES, invoice_levels, "assumed", LEVEL_SAYS),
    View(UNPOSTED_EXPENSES + TAXABLE, OF_EXPENSES, expense_levels, "assumed", LEVEL_SAYS),
    View(UNPOSTED_PROCUREMENT + TAXABLE, OF_PROCUREMENT, procurement_levels, "assumed", LEVEL_SAYS),
)
