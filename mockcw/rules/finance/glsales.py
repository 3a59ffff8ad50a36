"""Invoices and payments as a GL export tells of them. Which field carries what is assumed from its name."""

from __future__ import annotations

from decimal import Decimal

from mockcw.engine.change import Look, Record
from mockcw.rules.finance.glparties import due_days, filled, item_of
from mockcw.rules.finance.invoices import PRODUCTS
from mockcw.rules.finance.taxes import Tax
from mockcw.rules.finance.unposted import invoice_taxes
from mockcw.rules.money import money, number
from mockcw.rules.posting import REVENUE, account


def transaction(look: Look, invoice: Record, summary: str) -> Record:
    """An invoice with its lines and taxes."""
    found = invoice_taxes(look, invoice)
    same = "attention company billingTerms dueDate project currency total taxCode shipToCompany salesTax"
    return filled(
        {
            **{name: invoice.get(name) for name in same.split()},
            "id": invoice["id"],
            "glClass": (invoice.get("department") or {}).get("name"),
            "glTypeId": "AR",
            "documentDate": invoice.get("date"),
            "documentNumber": invoice.get("invoiceNumber"),
            "documentType": invoice.get("type"),
            "memo": invoice.get("invoiceNumber"),
            "description": invoice.get("reference"),
            "companyAccountNumber": invoice.get("accountNumber"),
            "site": invoice.get("billingSite"),
            "shipSite": invoice.get("shippingSite"),
            "dueDays": due_days(look, invoice.get("billingTerms")),
            "accountNumber": account(look, "AR"),
            "billingType": invoice.get("type"),
            "taxable": bool(invoice.get("taxableFlag")),
            "taxableTotal": invoice.get("subtotal") if found else 0,
            "taxAccountNumber": account(look, "ST"),
            "detail": details(look, invoice, summary),
            "taxLevels": [tax_level(one, invoice) for one in found],
        }
    )


def tax_level(tax: Tax, invoice: Record) -> Record:
    """One level of an invoice's tax."""
    return filled(
        {
            "taxAmount": number(tax.amount),
            "taxableAmount": invoice.get("subtotal"),
            "taxCodeXref": tax.xref,
            "taxLevel": tax.level,
        }
    )


def details(look: Look, invoice: Record, summary: str) -> list[Record]:
    """An invoice's lines: one when condensed, one a product when detailed, else one a part."""
    if summary == "Condensed":
        return [detail(look, invoice, "R", "Invoice total", money(invoice.get("subtotal")))]
    products = look.find(PRODUCTS, invoice__id=invoice["id"]) if summary == "Detailed" else []
    found = [
        detail(look, invoice, gl_type, name, money(invoice[part]))
        for part, gl_type, name in REVENUE
        if invoice.get(part) and part != "salesTax" and not (part == "productTotal" and products)
    ]
    for product in products:
        amount = money(product.get("quantity")) * money(product.get("price"))
        item = {"item": item_of(product.get("catalogItem")), "product": {"id": product["id"]}}
        line = detail(look, invoice, "RP", str(product.get("description") or "Product"), amount)
        found.append(filled(line | item | {name: product.get(name) for name in ("quantity", "unitOfMeasure", "cost")}))
    return found


def detail(look: Look, invoice: Record, gl_type: str, text: str, amount: Decimal) -> Record:
    """One line of an invoice."""
    return filled(
        {
            "documentDate": invoice.get("date"),
            "documentType": invoice.get("type"),
            "accountNumber": account(look, gl_type),
            "glTypeId": gl_type,
            "memo": invoice.get("invoiceNumber"),
            "description": text,
            "quantity": 1,
            "total": number(amount),
            "currency": invoice.get("currency"),
            "taxCode": invoice.get("taxCode"),
            "taxableFlag": bool(invoice.get("taxableFlag")),
        }
    )


def payment(look: Look, one: Record) -> Record:
    """A payment, as a transaction of its own kind."""
    return filled(
        {
            "id": one["id"],
            "glTypeId": "AR",
            "documentDate": one.get("paymentDate"),
            "documentNumber": (one.get("invoice") or {}).get("identifier"),
            "documentType": "Payment",
            "accountNumber": account(look, "AR"),
            "total": number(-money(one.get("amount"))),
            "detail": [],
            "taxLevels": [],
        }
    )
