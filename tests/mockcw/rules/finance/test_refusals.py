"""What the rules of finance refuse, each with its whole body."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.mockcw.rules.desk import Desk
from tests.mockcw.rules.refusals import Bench, Refusal, in_use, invalid, rows, said

AGREEMENTS, INVOICES = "/finance/agreements", "/finance/invoices"
BILLED = {"billCustomer": "Billable"}


def billed(bench: Bench) -> str:
    """The path of an agreement that is billed from February."""
    made = bench.shop.agreement(billStartDate="2026-02-01T00:00:00Z")
    bench.note(agreement=made["id"], company=made["company"]["id"])
    return f"{AGREEMENTS}/{made['id']}"


def add(bench: Bench, item: Any = None, **more: Any) -> httpx.Response:
    product = bench.shop.ref(bench.shop.item(**(item or {})))
    return bench.admin.post(f"{billed(bench)}/additions", {"product": product, **BILLED, **more})


def delete_billed(bench: Bench) -> httpx.Response:
    path = billed(bench)
    addition = bench.made(f"{path}/additions", product=bench.shop.ref(bench.shop.item()), **BILLED)
    bench.note(addition=addition)
    bench.admin.post(f"{path}/invoice", {}).raise_for_status()
    return bench.admin.delete(f"{path}/additions/{addition}")


def delete_invoiced(bench: Bench) -> httpx.Response:
    path = billed(bench)
    bench.admin.post(f"{path}/invoice", {}).raise_for_status()
    return bench.admin.delete(path)


def with_a_stranger(bench: Bench) -> httpx.Response:
    stranger = bench.made("/company/contacts", firstName="Bo", company={"id": bench.desk.company})
    path = billed(bench)
    bench.note(stranger=stranger)
    return bench.set(path, "contact", {"id": stranger})


def invoice_cancelled(bench: Bench) -> httpx.Response:
    path = billed(bench)
    bench.set(path, "cancelledFlag", True).raise_for_status()
    return bench.admin.post(f"{path}/invoice", {})


def closed(bench: Bench) -> str:
    """The path of a closed invoice."""
    path = f"{INVOICES}/{bench.shop.invoice()['id']}"
    bench.set(path, "status", bench.shop.ref(bench.shop.closed_status())).raise_for_status()
    bench.note(invoice=path.rsplit("/", 1)[1])
    return path


NOT_INVOICED = invalid("agreement", ("InvalidObject", "A cancelled agreement cannot be invoiced.", "cancelledFlag"))


def in_batch(bench: Bench) -> httpx.Response:
    """A change of an invoice that an accounting batch has taken."""
    number = bench.shop.invoice()["id"]
    bench.note(batched=number)
    body = {"batchIdentifier": "B1", "exportInvoicesFlag": True, "processedRecordIds": [number]}
    bench.desk.make("/finance/accounting/batches", **body)
    return bench.set(f"/finance/invoices/{number}", "reference", "PO 7")


ROWS = rows(
    Refusal(
        "invoice.batched-stays",
        in_batch,
        invalid(
            "invoice",
            (
                "InvalidField",
                "Invoice {batched} is in an accounting batch; reference cannot be changed.",
                "reference",
            ),
        ),
    ),
    Refusal(
        "addition.effective",
        lambda b: add(b, effectiveDate="2026-01-31T00:00:00Z"),
        invalid(
            "addition",
            ("InvalidField", "effectiveDate cannot be less than the agreement billing start date.", "effectiveDate"),
        ),
    ),
    Refusal(
        "addition.cancelled",
        lambda b: add(b, effectiveDate="2026-02-02T00:00:00Z", cancelledDate="2026-02-01T00:00:00Z"),
        invalid("addition", ("InvalidField", "cancelledDate cannot be less than the effectiveDate.", "cancelledDate")),
    ),
    Refusal(
        "addition.no-bundle",
        lambda b: add(b, {"productClass": "Bundle"}),
        invalid("addition", ("InvalidField", "A bundle cannot be added to an agreement.", "product")),
    ),
    Refusal(
        "addition.billed-stays",
        delete_billed,
        said("ObjectInUse", "Addition {addition} is in use."),
        409,
        {"billed_addition_delete": "refuse"},
    ),
    Refusal(
        "agreement.contact",
        with_a_stranger,
        invalid("agreement", ("NotFound", "Contact {stranger} not found for Company {company}", "contact/id")),
        settings={"agreement_contact": "own"},
    ),
    Refusal("agreement.goes", delete_invoiced, in_use("Agreement {agreement}"), 409),
    Refusal("agreement.invoice", invoice_cancelled, NOT_INVOICED),
    Refusal("agreement.invoice-cancelled", invoice_cancelled, NOT_INVOICED),
    Refusal(
        "invoice.no-agreement",
        lambda b: b.admin.post(INVOICES, {"type": "Agreement", "company": {"id": b.desk.company}}),
        invalid("invoice", ("InvalidField", "Cannot create agreement invoices through the Invoicing API", "type")),
    ),
    Refusal(
        "invoice.closed-stays",
        lambda b: b.set(closed(b), "reference", "PO 7"),
        invalid("invoice", ("InvalidField", "path reference cannot be changed on a closed invoice", "reference")),
    ),
    Refusal("invoice.kept", lambda b: b.admin.delete(closed(b)), in_use("Invoice {invoice}"), 409),
)


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal_has_just_this_body(row: Refusal, desk: Desk) -> None:
    row.check(desk)
