"""The GL export: what an accounting package is told of invoices, expenses, purchases and adjustments.

The shape is published; which item stands where is assumed from the names.
"""

from __future__ import annotations

from mockcw.engine.change import Look, Record
from mockcw.rules.finance.glcosts import adjustment, expense, expense_bills, purchase
from mockcw.rules.finance.glparties import customer, distinct, vendors
from mockcw.rules.finance.glsales import payment, transaction
from mockcw.rules.finance.items import Items
from mockcw.rules.remembered import Remembered

PACKAGE_SETUP = "/finance/accountingPackageSetup"


def gl_export(look: Look, items: Items, settings: Record) -> Record:
    """Everything about the items; `settings` are the request's own words, shown again."""
    look = Remembered(look)
    as_bills = any(one.get("transferExpensesAsBillFlag") for one in look.find(PACKAGE_SETUP))
    return {
        "exportSettings": settings,
        "vendors": vendors(look, items.expenses, [order for order, _ in items.purchases]),
        "customers": [customer(look, one) for one in distinct(items.invoices, "company")],
        "transactions": [transaction(look, one, str(settings.get("summarizeInvoices"))) for one in items.invoices]
        + [payment(look, one) for one in items.payments],
        "expenses": [] if as_bills else [expense(look, one) for one in items.expenses],
        "expenseBills": expense_bills(look, items.expenses) if as_bills else [],
        "purchaseTransactions": [purchase(look, order, lines) for order, lines in items.purchases],
        "adjustmentTransactions": [adjustment(look, one, details) for one, details in items.adjustments],
        "inventoryTransfers": [],
    }
