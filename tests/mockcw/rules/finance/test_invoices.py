"""Invoices: what the server fills in and sums up, closed ones, commissions, and the printed page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.rules.finance.pdf import LINES_A_PAGE, pdf
from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Record, Shop


@pytest.mark.rule("invoice.defaults")
def test_a_new_invoice_is_complete_enough_to_be_patched(shop: Shop, admin: Caller) -> None:
    terms = shop.made("/finance/billingTerms", name=shop.name("Net"), dueDays=10)
    invoice = shop.invoice(billingTerms=shop.ref(terms), date="2026-01-25T00:00:00Z")
    assert invoice["dueDate"] == "2026-02-04T00:00:00Z"
    assert invoice["invoiceNumber"]
    assert invoice["locationId"] == invoice["location"]["id"]
    assert invoice["billToCompany"]["id"] == invoice["company"]["id"]
    answer = admin.patch(f"/finance/invoices/{invoice['id']}", ("replace", "reference", "hello"))
    assert (answer.status_code, answer.json()["reference"]) == (200, "hello")


@pytest.mark.rule("invoice.totals", "invoice.payments")
def test_sums_and_balance_follow_from_the_parts_and_payments(shop: Shop, admin: Caller) -> None:
    code = shop.ref(shop.tax_code(0.1))
    invoice = shop.invoice(100, taxCode=code, taxableFlag=True, agreementAmount=50, downpaymentApplied=30)
    assert (invoice["subtotal"], invoice["salesTax"], invoice["total"], invoice["balance"]) == (120, 15, 135, 135)
    path = f"/finance/invoices/{invoice['id']}"
    payment = shop.made(f"{path}/payments", amount=35)
    shop.made(f"{path}/payments", amount=60)
    assert shop.read(path)["balance"] == 40
    assert payment["invoice"]["id"] == invoice["id"]
    admin.patch(f"{path}/payments/{payment['id']}", ("replace", "amount", 5))
    assert (shop.read(path)["payments"], shop.read(path)["balance"]) == (65, 70)
    admin.delete(f"{path}/payments/{payment['id']}")
    assert (shop.read(path)["payments"], shop.read(path)["balance"]) == (60, 75)
    admin.patch(path, ("replace", "serviceAdjustmentAmount", 0))
    assert (shop.read(path)["total"], shop.read(path)["balance"]) == (25, -35)


@pytest.mark.parametrize("amount", [1e300, -1e300, 9999999999999999999999999999, 0.005, 1e-300])
def test_absurd_amounts_do_no_harm(shop: Shop, amount: float) -> None:
    code = shop.ref(shop.tax_code(1e300))
    invoice = shop.invoice(amount, agreementAmount=amount, taxCode=code, taxableFlag=True)
    assert isinstance(invoice["total"], int | float)


# -- closed invoices ---------------------------------------------------------------------------------------------------


def closed(shop: Shop) -> Record:
    return shop.invoice(status=shop.ref(shop.closed_status()), internalNotes="before", reference="kept")


def test_status_and_notes_of_a_closed_invoice_can_be_replaced(shop: Shop, admin: Caller) -> None:
    invoice = closed(shop)
    other = shop.closed_status()
    path = f"/finance/closedInvoices/{invoice['id']}"
    answer = admin.put(path, {"status": shop.ref(other), "internalNotes": "after"})
    assert answer.status_code == 200
    assert set(answer.json()) <= {"id", "status", "internalNotes", "_info"}
    now = shop.read(f"/finance/invoices/{invoice['id']}")
    assert (now["status"]["id"], now["internalNotes"], now["reference"]) == (other["id"], "after", "kept")
    assert "internalNotes" not in admin.put(path, {}).json()


def test_status_and_notes_of_a_closed_invoice_can_be_patched_and_nothing_else(shop: Shop, admin: Caller) -> None:
    invoice = closed(shop)
    path = f"/finance/closedInvoices/{invoice['id']}"
    assert admin.patch(path, ("replace", "internalNotes", "after")).json()["internalNotes"] == "after"
    answer = admin.patch(path, ("replace", "internalNotes", "again"), ("replace", "reference", "other"))
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidPatch")
    now = shop.read(f"/finance/invoices/{invoice['id']}")
    assert (now["internalNotes"], now["reference"]) == ("after", "kept")


@pytest.mark.parametrize("raw", [b"", b"{", b"{}", b"[1]", b'[{"op":"replace"}]', b"null", b'[{"path":5,"op":"add"}]'])
def test_a_patch_that_is_none_is_refused(shop: Shop, admin: Caller, raw: bytes) -> None:
    answer = admin.send("PATCH", f"/finance/closedInvoices/{closed(shop)['id']}", raw)
    assert answer.status_code == 400


def test_an_open_invoice_is_not_among_the_closed_ones(shop: Shop, admin: Caller) -> None:
    invoice = shop.invoice(internalNotes="before")
    path = f"/finance/closedInvoices/{invoice['id']}"
    assert admin.put(path, {"internalNotes": "after"}).status_code == 404
    assert admin.patch(path, ("replace", "internalNotes", "after")).status_code == 404
    assert shop.read(f"/finance/invoices/{invoice['id']}")["internalNotes"] == "before"
    assert admin.put("/finance/closedInvoices/999999", {}).status_code == 404


# -- commissions -------------------------------------------------------------------------------------------------------


def test_commissions_follow_the_plans_and_keep_what_was_adjusted_by_hand(shop: Shop, admin: Caller) -> None:
    first, second = (shop.ref(one) for one in shop.read("/system/members")[:2])
    company = shop.ref(shop.company())
    always = {"dateStart": "2020-01-01T00:00:00Z", "company": company, "agreementsFlag": True}
    plan = shop.made("/sales/commissions", member=first, commissionPercent=10, **always)
    shop.made(
        "/sales/commissions", member=second, commissionPercent=50, **{**always, "company": shop.ref(shop.company())}
    )
    shop.made(
        "/sales/commissions", member=second, commissionPercent=50, **{**always, "dateEnd": "2020-02-01T00:00:00Z"}
    )
    invoice = shop.invoice(0, company=company, agreementAmount=200, date="2026-01-05T00:00:00Z")
    path = f"/finance/invoices/{invoice['id']}/commissions"
    assert admin.post(f"{path}/recalculate", None).status_code == 204
    (one,) = shop.read(path)
    assert (one["member"]["id"], one["netAmount"], one["amount"]) == (first["id"], 200, 20)
    admin.patch(f"{path}/{one['id']}", ("replace", "adjustment", 5))
    admin.patch(f"/sales/commissions/{plan['id']}", ("replace", "commissionPercent", 20))
    admin.post(f"{path}/recalculate", None)
    (again,) = shop.read(path)
    assert (again["id"], again["amount"], again["percent"]) == (one["id"], 45, 20)
    admin.delete(f"/sales/commissions/{plan['id']}")
    admin.post(f"{path}/recalculate", None)
    assert [kept["id"] for kept in shop.read(path)] == [one["id"]]
    admin.patch(f"{path}/{one['id']}", ("replace", "adjustment", 0))
    admin.post(f"{path}/recalculate", None)
    assert shop.read(path) == []
    assert admin.post("/finance/invoices/999999/commissions/recalculate", None).status_code == 404


# -- the printed page --------------------------------------------------------------------------------------------------


def test_the_pdf_shows_number_and_balance(shop: Shop, admin: Caller) -> None:
    invoice = shop.invoice(1234.5, invoiceNumber='A/1 "(x)\\')
    answer = admin.get(f"/finance/invoices/{invoice['id']}/pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="Invoice_A_1___x__.pdf"'
    texts = shown(answer.content)
    assert 'Invoice A/1 "(x)\\' in texts
    assert "Balance due: 1,234.50" in texts
    assert admin.get("/finance/invoices/999999/pdf").status_code == 404


@given(st.lists(st.text(st.sampled_from("aZ 9()\\é€\n\t漢"), max_size=12), max_size=120))
def test_every_line_of_a_pdf_can_be_read_back_by_its_own_table(lines: list[str]) -> None:
    document = pdf(lines)
    expected = ["".join(one if one.isprintable() else " " for one in line) for line in lines]
    expected = [line.encode("cp1252", "replace").decode("cp1252") for line in expected]
    assert shown(document) == expected
    assert document.count(b"/Type /Page ") == max(1, -(-len(lines) // LINES_A_PAGE))


def shown(document: bytes) -> list[str]:
    """The texts of a document, found through its table of objects as a reader finds them."""
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", document)[1])  # type: ignore[index]
    head = re.match(rb"xref\n0 (\d+)\n", document[start:])
    assert head is not None
    rows = document[start + head.end() :].split(b"\n")[: int(head[1])]
    texts = []
    for number, row in enumerate(rows[1:], 1):
        assert re.fullmatch(rb"\d{10} 00000 n ", row)
        body = document[int(row[:10]) :]
        assert body.startswith(b"%d 0 obj\n" % number)
        stream = re.match(rb"\d+ 0 obj\n<< /Length (\d+) >>\nstream\n", body)
        if stream:
            content = body[stream.end() : stream.end() + int(stream[1])]
            assert body[stream.end() + int(stream[1]) :].startswith(b"\nendstream")
            found = re.findall(rb"^\(((?:[^()\\]|\\.)*)\) Tj T\*$", content, re.M)
            texts += [re.sub(rb"\\(.)", rb"\1", one).decode("cp1252") for one in found]
    return texts
