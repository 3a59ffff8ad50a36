"""Expenses, purchases, adjustments as a GL export tells of them. Which field carries what is assumed from its name."""

from __future__ import annotations

from decimal import Decimal

from mockcw.engine.change import Look, Record
from mockcw.rules.finance.glparties import company_of, distinct, due_days, filled, item_of
from mockcw.rules.finance.unposted import billable, purchase_taxes
from mockcw.rules.money import money, number
from mockcw.rules.posting import account, received, received_amount


def expense(look: Look, entry: Record) -> Record:
    """An expense entry against its offset."""
    shared = {
        "id": entry["id"],
        "documentDate": entry.get("date"),
        "documentType": "Expense",
        "member": entry.get("member"),
        "memo": entry.get("notes"),
        "description": (entry.get("type") or {}).get("name"),
    }
    amount = money(entry.get("amount"))
    offset = {"glTypeId": "EO", "accountNumber": account(look, "EO"), "total": number(-amount)}
    own = {
        "glTypeId": "EE",
        "accountNumber": account(look, "EE"),
        "apAccountNumber": account(look, "AP"),
        "company": entry.get("company"),
        "companyAccountNumber": company_of(look, entry.get("company")).get("accountNumber"),
        "project": entry.get("project"),
        "currency": entry.get("currency"),
        "total": number(amount),
        "offset": filled({**shared, **offset}),
    }
    return filled({**shared, **own})


def expense_bills(look: Look, entries: list[Record]) -> list[Record]:
    """A bill a member over the member's expenses."""
    bills = []
    for member in distinct(entries, "member"):
        own = [one for one in entries if (one.get("member") or {}).get("id") == member["id"]]
        lines = [
            filled(
                {
                    "id": [one["id"]],
                    "documentDate": one.get("date"),
                    "glTypeId": "EE",
                    "memo": one.get("notes"),
                    "company": one.get("company"),
                    "accountNumber": account(look, "EE"),
                    "expenseClass": one.get("classification"),
                    "currency": one.get("currency"),
                    "total": number(money(one.get("amount"))),
                    "billable": bool(billable(one)),
                    "reimbursable": (one.get("classification") or {}).get("name") == "Reimbursable",
                    "companyAdvance": False,
                }
            )
            for one in own
        ]
        bill = {
            "id": own[0]["id"],
            "documentDate": max(str(one.get("date") or "") for one in own),
            "documentType": "Bill",
            "apAccountNumber": account(look, "AP"),
            "member": member,
            "total": number(sum((money(one.get("amount")) for one in own), Decimal(0))),
            "detail": lines,
        }
        bills.append(filled(bill))
    return bills


def purchase(look: Look, order: Record, lines: list[Record]) -> Record:
    """What arrived of a purchase order."""
    same = "currency taxCode vendorInvoiceDate vendorInvoiceNumber"
    total = sum(map(received_amount, lines), Decimal(0))
    return filled(
        {
            **{name: order.get(name) for name in same.split()},
            "id": f"P{order['id']}",
            "documentDate": order.get("poDate"),
            "documentNumber": order.get("poNumber"),
            "memo": order.get("poNumber"),
            "apAccountNumber": account(look, "AP"),
            "purchaseDate": order.get("poDate"),
            "company": order.get("vendorCompany"),
            "contact": order.get("vendorContact"),
            "site": order.get("vendorSite"),
            "freightAmount": order.get("freightCost"),
            "freightPackingSlip": order.get("freightPackingSlip"),
            "dropshipFlag": bool(order.get("dropShipCustomerFlag")),
            "total": number(total),
            "billingTerms": order.get("terms"),
            "dueDays": due_days(look, order.get("terms")),
            "shipToCompany": order.get("customerCompany"),
            "shipToSite": order.get("customerSite"),
            "purchaseHeaderTaxableFlag": bool(order.get("taxPoFlag")),
            "purchaseHeaderFreightTaxableFlag": bool(order.get("taxFreightFlag")),
            "taxLevels": [
                filled({"taxCodeXref": one.xref, "taxLevel": one.level}) for one in purchase_taxes(look, order, lines)
            ],
            "purchaseDetail": [purchase_detail(look, order, line) for line in lines],
            "purchaseDetailTax": [],
        }
    )


def purchase_detail(look: Look, order: Record, line: Record) -> Record:
    """One line that arrived."""
    same = "description lineNumber unitOfMeasure serialNumbers warehouseBin shipmentMethod"
    return filled(
        {
            **{name: line.get(name) for name in same.split()},
            "id": line["id"],
            "documentDate": line.get("dateReceived") or order.get("poDate"),
            "glTypeId": "P",
            "accountNumber": account(look, "P"),
            "item": line.get("product"),
            "itemDescription": line.get("description"),
            "cost": number(received_amount(line)),
            "itemCost": line.get("unitCost"),
            "quantity": received(line),
            "total": number(received_amount(line)),
            "taxCode": order.get("taxCode"),
        }
    )


def adjustment(look: Look, one: Record, found: list[Record]) -> Record:
    """An inventory adjustment."""
    return filled(
        {
            "id": f"A{one['id']}",
            "documentType": "Adjustment",
            "documentDate": one.get("closedDate") or (one.get("_info") or {}).get("dateEntered"),
            "glTypeID": "IA",
            "accountNumber": account(look, "IA"),
            "memo": one.get("identifier"),
            "adjustmentDescription": one.get("reason") or one.get("identifier"),
            "adjustmentDetail": [
                filled(
                    {
                        "description": detail.get("description"),
                        "item": item_of(detail.get("catalogItem")),
                        "quantity": detail.get("quantityAdjusted"),
                        "cost": detail.get("unitCost"),
                        "total": number(money(detail.get("quantityAdjusted")) * money(detail.get("unitCost"))),
                        "inventoryAccountNumber": account(look, "IA"),
                    }
                )
                for detail in found
            ],
        }
    )
