"""Accounting batches: what they take, what they tell, and what is free again when they are gone."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, items
from tests.mockcw.rules.finance.shop import Record, Shop

ACCOUNTING = "/finance/accounting"
BATCHES = f"{ACCOUNTING}/batches"
ALL = {"exportInvoicesFlag": True, "exportExpensesFlag": True, "exportProductsFlag": True}
FLAG = {"unpostedinvoices": "Invoices", "unpostedexpenses": "Expenses", "unpostedprocurement": "Products"}


def unposted(admin: Caller, kind: str, conditions: str) -> list[Record]:
    return list(admin.get(f"{ACCOUNTING}/{kind}", conditions=conditions).json())


def batch(admin: Caller, kind: str, *ids: int) -> tuple[Record, Record]:
    """A batch of one kind of records, and the export it answered."""
    body = {"batchIdentifier": f"B{ids}"[:50], f"export{FLAG[kind]}Flag": True, "processedRecordIds": ids}
    answer = admin.post(BATCHES, body)
    assert answer.status_code == 201, answer.text
    return dict(admin.get(BATCHES, orderBy="id desc", pageSize=1).json()[0]), dict(answer.json())


def entries(admin: Caller, made: Record) -> list[tuple[str, float, float]]:
    found = admin.get(f"{BATCHES}/{made['id']}/entries", pageSize=1000).json()
    return [(one["accountType"], one["debit"], one["credit"]) for one in found]


def received(shop: Shop, quantity: int = 2, **more: Any) -> tuple[Record, Record]:
    order = shop.order(**more)
    return order, shop.line(order, shop.item(), quantity=5, receivedQuantity=quantity)


# -- each kind: taken, told, in the books, given back ------------------------------------------------------------------


def test_an_invoice_goes_into_the_books_with_its_payments_and_comes_back(shop: Shop, admin: Caller) -> None:
    code = shop.ref(shop.tax_code(0.1))
    invoice = shop.invoice(100, taxCode=code, taxableFlag=True)
    path = f"/finance/invoices/{invoice['id']}"
    payment = shop.made(f"{path}/payments", amount=7)
    made, told = batch(admin, "unpostedinvoices", invoice["id"])
    assert [(one["id"], one["total"]) for one in told["transactions"]] == [(invoice["id"], 110), (payment["id"], -7)]
    assert told["transactions"][0]["taxLevels"][0]["taxCodeXref"] == "STATE"
    assert [one["company"]["id"] for one in told["customers"]] == [invoice["company"]["id"]]
    assert entries(admin, made) == [("AR", 110, 0), ("R", 0, 100), ("ST", 0, 10)]
    assert (made["exportInvoicesFlag"], made["exportExpensesFlag"]) == (True, False)
    assert shop.read(path)["glBatch"]["id"] == made["id"]
    assert [one["isBatched"] for one in shop.read(f"{path}/glEntries")] == [True] * 3
    assert unposted(admin, "unpostedinvoices", f"id={invoice['id']}") == []
    assert unposted(admin, "unpostedPayments", f"id={payment['id']}") == []
    assert admin.delete(f"{BATCHES}/{made['id']}").status_code == 204
    assert admin.get(f"{BATCHES}/{made['id']}").status_code == 404
    assert "glBatch" not in shop.read(path)
    assert shop.read(f"{path}/glEntries") == []
    assert len(unposted(admin, "unpostedinvoices", f"id={invoice['id']}")) == 1
    assert len(unposted(admin, "unpostedPayments", f"id={payment['id']}")) == 1


def test_a_payment_on_a_posted_invoice_goes_into_the_next_batch(shop: Shop, admin: Caller) -> None:
    invoice, other = shop.invoice(), shop.invoice()
    batch(admin, "unpostedinvoices", invoice["id"])
    payment = shop.made(f"/finance/invoices/{invoice['id']}/payments", amount=7)
    _, told = batch(admin, "unpostedinvoices", other["id"])
    assert [one["id"] for one in told["transactions"]] == [other["id"], payment["id"]]


def test_an_expense_goes_into_the_books_and_comes_back(shop: Shop, admin: Caller) -> None:
    member = shop.ref(shop.read("/system/members")[0])
    entry = shop.expense(40, member=member)
    made, told = batch(admin, "unpostedexpenses", entry["id"])
    assert [(one["id"], one["total"], one["offset"]["total"]) for one in told["expenses"]] == [(entry["id"], 40, -40)]
    assert [one["member"]["id"] for one in told["vendors"]] == [member["id"]]
    assert told["expenseBills"] == []
    assert entries(admin, made) == [("EE", 40, 0), ("EO", 0, 40)]
    assert unposted(admin, "unpostedexpenses", f"id={entry['id']}") == []
    admin.delete(f"{BATCHES}/{made['id']}")
    assert len(unposted(admin, "unpostedexpenses", f"id={entry['id']}")) == 1


def test_a_received_order_goes_into_the_books_and_comes_back(shop: Shop, admin: Caller) -> None:
    order, line = received(shop)
    (row,) = unposted(admin, "unpostedprocurement", f"purchaseOrder/id={order['id']}")
    made, told = batch(admin, "unpostedprocurement", row["id"])
    (purchase,) = told["purchaseTransactions"]
    assert (purchase["id"], purchase["total"], purchase["purchaseDetail"][0]["quantity"]) == (f"P{order['id']}", 16, 2)
    assert [one["vendor"]["id"] for one in told["vendors"]] == [order["vendorCompany"]["id"]]
    assert entries(admin, made) == [("P", 16, 0), ("AP", 0, 16)]
    path = f"/procurement/purchaseorders/{order['id']}/lineitems/{line['id']}"
    assert shop.read(path)["batchedFlag"] is True
    assert unposted(admin, "unpostedprocurement", f"purchaseOrder/id={order['id']}") == []
    admin.delete(f"{BATCHES}/{made['id']}")
    assert shop.read(path)["batchedFlag"] is False


def test_an_adjustment_goes_into_the_books(shop: Shop, admin: Caller) -> None:
    adjustment = shop.adjustment(shop.item(), shop.bin(), -3, unitCost=2)
    (row,) = unposted(admin, "unpostedprocurement", f'unpostedProductId="A{adjustment["id"]}"')
    made, told = batch(admin, "unpostedprocurement", row["id"])
    (one,) = told["adjustmentTransactions"]
    assert (one["id"], one["adjustmentDetail"][0]["total"]) == (f"A{adjustment['id']}", -6)
    assert entries(admin, made) == [("IA", 0, 6), ("P", 6, 0)]
    assert unposted(admin, "unpostedprocurement", f"id={row['id']}") == []


# -- what is refused, and what is asked for ----------------------------------------------------------------------------


def test_a_record_that_is_not_unposted_is_refused_and_nothing_is_taken(shop: Shop, admin: Caller) -> None:
    invoice, expense = shop.invoice(), shop.expense()
    before = shop.count(BATCHES)
    wrong = [[invoice["id"], 987654], [expense["id"] + 500000]]
    for ids in wrong:
        answer = admin.post(BATCHES, {"exportInvoicesFlag": True, "processedRecordIds": ids})
        text = f"Unposted record {ids[-1]} not found"
        assert (answer.status_code, items(answer)) == (400, [("NotFound", text, "processedRecordIds")])
    assert admin.post(BATCHES, {"exportInvoicesFlag": True}).status_code == 400
    batch(admin, "unpostedinvoices", invoice["id"])
    again = admin.post(BATCHES, {"exportInvoicesFlag": True, "processedRecordIds": [invoice["id"]]})
    assert again.status_code == 400
    assert shop.count(BATCHES) == before + 1


def test_a_batch_without_ids_takes_nothing_unless_the_setting_says_all(shop: Shop, admin: Caller) -> None:
    shop.invoice()
    before = shop.count(f"{ACCOUNTING}/unpostedinvoices")
    assert admin.post(BATCHES, {**ALL, "processedRecordIds": []}).json()["transactions"] == []
    assert shop.count(f"{ACCOUNTING}/unpostedinvoices") == before
    with Emulator(demo="empty", settings={"batch_without_ids": "all"}) as emulator:
        other = Shop(Caller(emulator))
        other.invoice()
        assert len(other.caller.post(BATCHES, {**ALL, "processedRecordIds": []}).json()["transactions"]) >= 1
        assert other.count(f"{ACCOUNTING}/unpostedinvoices") == 0


def test_an_export_tells_of_what_is_asked_and_takes_nothing(shop: Shop, admin: Caller) -> None:
    early = shop.invoice(date="2026-01-05T00:00:00Z")
    late = shop.invoice(date="2026-03-05T00:00:00Z")
    both = [early["id"], late["id"]]

    def told(**body: Any) -> list[int]:
        answer = admin.post(f"{ACCOUNTING}/export", {"exportInvoicesFlag": True, "includedInvoiceIds": both, **body})
        assert answer.status_code == 200
        return [one["id"] for one in answer.json()["transactions"]]

    assert told() == both
    assert told(includedInvoiceIds=[late["id"]]) == both[1:]
    assert told(excludedInvoiceIds=[late["id"]]) == both[:1]
    assert told(thruDate="2026-02-01T00:00:00Z") == both[:1]
    assert told(locationId=early["locationId"] + 1) == []
    assert told(exportInvoicesFlag=False) == []
    assert told() == both


@pytest.mark.parametrize(("summary", "texts"), [("Condensed", ["Invoice total"]), ("Default", ["Service adjustment"])])
def test_invoices_are_told_as_summarized(shop: Shop, admin: Caller, summary: str, texts: list[str]) -> None:
    invoice = shop.invoice()
    body = {"exportInvoicesFlag": True, "includedInvoiceIds": [invoice["id"]], "summarizeInvoices": summary}
    (one,) = admin.post(f"{ACCOUNTING}/export", body).json()["transactions"]
    assert [line["description"] for line in one["detail"]] == texts


def test_products_are_told_one_by_one_when_detailed(shop: Shop, admin: Caller) -> None:
    invoice = shop.invoice()
    product = shop.product(invoice=shop.ref(invoice), quantity=2, price=5, description="a cable")
    body = {"exportInvoicesFlag": True, "includedInvoiceIds": [invoice["id"]], "summarizeInvoices": "Detailed"}
    (one,) = admin.post(f"{ACCOUNTING}/export", body).json()["transactions"]
    line = one["detail"][-1]
    assert (line["description"], line["quantity"], line["total"]) == ("a cable", 2, 10)
    assert line["item"]["id"] == product["catalogItem"]["id"]


def test_a_batch_is_told_again_by_its_own_flags(shop: Shop, admin: Caller) -> None:
    order, _ = received(shop)
    (row,) = unposted(admin, "unpostedprocurement", f"purchaseOrder/id={order['id']}")
    made, told = batch(admin, "unpostedprocurement", row["id"])
    again = admin.post(f"{BATCHES}/{made['id']}/export", {}).json()
    assert again["purchaseTransactions"] == told["purchaseTransactions"]
    none = admin.post(f"{BATCHES}/{made['id']}/export", {"excludedProductIds": [f"P{order['id']}"]}).json()
    assert none["purchaseTransactions"] == []
    assert admin.post(f"{BATCHES}/999999/export", {}).status_code == 404
