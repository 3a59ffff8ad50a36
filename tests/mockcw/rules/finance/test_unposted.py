"""What accounting has not taken yet."""

from __future__ import annotations

from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Record, Shop

ACCOUNTING = "/finance/accounting"


def listed(admin: Caller, kind: str, conditions: str) -> list[Record]:
    """The rows that a condition admits; the count says the same."""
    answer = admin.get(f"{ACCOUNTING}/{kind}", conditions=conditions)
    assert answer.status_code == 200, answer.text
    rows = list(answer.json())
    assert admin.get(f"{ACCOUNTING}/{kind}/count", conditions=conditions).json() == {"count": len(rows)}
    return rows


def test_an_invoice_in_no_batch_is_unposted(shop: Shop, admin: Caller) -> None:
    terms = shop.made("/finance/billingTerms", name=shop.name("Net"), dueDays=10)
    code = shop.ref(shop.tax_code(0.1))
    invoice = shop.invoice(100, taxCode=code, taxableFlag=True, billingTerms=shop.ref(terms))
    (row,) = listed(admin, "unpostedinvoices", f'invoiceNumber="{invoice["invoiceNumber"]}" and total > 0')
    assert row == shop.read(f"{ACCOUNTING}/unpostedinvoices/{invoice['id']}")
    assert (row["id"], row["billingLogId"], row["dueDays"]) == (invoice["id"], invoice["id"], "10")
    assert (row["subTotal"], row["total"], row["salesTaxAmount"]) == (100, 110, 10)
    assert (row["stateTaxFlag"], row["stateTaxXref"], row["stateTaxAmount"]) == (True, "STATE", 10)
    assert row["countyTaxFlag"] is False
    assert row["company"] == invoice["company"]


def test_an_expense_in_no_batch_is_unposted(shop: Shop, admin: Caller) -> None:
    company = shop.company(taxCode=shop.ref(shop.tax_code(0.05)))
    entry = shop.expense(40, company=shop.ref(company), billableOption="Billable", notes="taxi")
    (row,) = listed(admin, "unpostedexpenses", f"company/id={company['id']}")
    assert (row["id"], row["expenseDetailId"], row["total"]) == (entry["id"], entry["id"], 40)
    assert (row["billableAmount"], row["nonBillableAmount"], row["salesTaxAmount"]) == (40, 0, 2)
    assert row["chargeDescription"] == "taxi"


def test_a_payment_without_a_batch_is_unposted(shop: Shop, admin: Caller) -> None:
    invoice = shop.invoice()
    payment = shop.made(f"/finance/invoices/{invoice['id']}/payments", amount=12)
    (row,) = listed(admin, "unpostedPayments", f"invoice/id={invoice['id']} and amount=12")
    assert (row["id"], row["appliedBy"]) == (payment["id"], payment["appliedBy"])
    assert shop.read(f"{ACCOUNTING}/unpostedPayments/{payment['id']}") == row


def test_what_arrived_of_an_order_is_unposted_and_what_did_not_is_not(shop: Shop, admin: Caller) -> None:
    order, item = shop.order(taxCode=shop.ref(shop.tax_code(0.1)), taxPoFlag=True), shop.item()
    wanted = f"purchaseOrder/id={order['id']}"
    line = shop.line(order, item, quantity=5)
    assert listed(admin, "unpostedprocurement", wanted) == []
    path = f"/procurement/purchaseorders/{order['id']}/lineitems/{line['id']}"
    admin.patch(path, ("replace", "receivedQuantity", 2))
    (row,) = listed(admin, "unpostedprocurement", wanted)
    assert (row["procurementType"], row["total"], row["taxTotal"]) == ("Purchase", 16, 1.6)
    assert row["vendor"] == order["vendorCompany"]
    assert shop.read(f"{ACCOUNTING}/unpostedprocurement/{row['id']}") == row
    admin.patch(path, ("replace", "canceledFlag", True))
    assert listed(admin, "unpostedprocurement", wanted) == []


def test_an_adjustment_is_unposted_beside_an_order_of_the_same_id(shop: Shop, admin: Caller) -> None:
    made = shop.adjustment(shop.item(), shop.bin(), 3, unitCost=2)
    (row,) = listed(admin, "unpostedprocurement", f'unpostedProductId="A{made["id"]}"')
    assert (row["procurementType"], row["total"]) == ("Adjustment", 6)
    ids = [one["id"] for one in admin.get(f"{ACCOUNTING}/unpostedprocurement", pageSize=1000).json()]
    assert len(ids) == len(set(ids))


def test_tax_levels_of_an_unposted_invoice_are_records_of_their_own(shop: Shop) -> None:
    code = shop.tax_code(
        0.1, levelTwoRate=0.02, levelTwoRateType="Percent", levelTwoServicesFlag=True, levelThreeServicesFlag=True
    )
    shop.made(
        f"/finance/taxCodes/{code['id']}/taxCodeLevels",
        taxLevel=2,
        taxRate=0.03,
        rateType="Percent",
        taxServicesFlag=True,
    )
    invoice = shop.invoice(100, taxCode=shop.ref(code), taxableFlag=True)
    path = f"{ACCOUNTING}/unpostedinvoices/{invoice['id']}/taxableLevels"
    assert [(one["taxLevel"], one["taxAmount"]) for one in shop.read(path)] == [(1, 10), (2, 3)]
    assert shop.count(path) == 2
    assert shop.read(f"{path}/2")["taxAmount"] == 3


def test_tax_levels_of_an_expense_and_of_a_purchase_are_records_of_their_own(shop: Shop, admin: Caller) -> None:
    code = shop.ref(shop.tax_code(0.1))
    entry = shop.expense(40, company=shop.ref(shop.company(taxCode=code)), billableOption="Billable")
    assert shop.read(f"{ACCOUNTING}/unpostedexpenses/{entry['id']}/taxableLevels")[0]["taxAmount"] == 4
    order = shop.order(taxCode=code, taxPoFlag=True)
    shop.line(order, shop.item(), receivedQuantity=3)
    (row,) = listed(admin, "unpostedprocurement", f"purchaseOrder/id={order['id']}")
    assert shop.read(f"{ACCOUNTING}/unpostedprocurement/{row['id']}/taxableLevels")[0]["taxAmount"] == 2.4
    assert admin.get(f"{ACCOUNTING}/unpostedprocurement/{row['id'] + 1000000}/taxableLevels").status_code == 404
