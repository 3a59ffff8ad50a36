"""Invoices: which are not made through the Invoicing API, and which do not change or go."""

from __future__ import annotations

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, items, message
from tests.mockcw.rules.finance.shop import Record, Shop

INVOICES = "/finance/invoices"


@pytest.mark.rule("invoice.no-agreement")
def test_an_agreement_invoice_is_not_made_through_the_invoicing_api(shop: Shop, admin: Caller) -> None:
    text = "Cannot create agreement invoices through the Invoicing API"
    before = shop.count(INVOICES)
    answer = admin.post(INVOICES, {"type": "Agreement", "company": shop.ref(shop.company())})
    assert (answer.status_code, message(answer)) == (400, "invoice object is invalid")
    assert items(answer) == [("InvalidField", text, "type")]
    assert shop.count(INVOICES) == before
    made = shop.invoice()
    answer = admin.patch(f"{INVOICES}/{made['id']}", ("replace", "type", "Agreement"))
    assert items(answer) == [("InvalidField", text, "type")]


def closed(shop: Shop, caller: Caller) -> Record:
    made = shop.invoice()
    status = ("replace", "status", shop.ref(shop.closed_status()))
    return dict(caller.patch(f"{INVOICES}/{made['id']}", status).json())


@pytest.mark.rule("invoice.closed-stays")
def test_a_closed_invoice_is_locked_until_it_is_open_again(shop: Shop, admin: Caller) -> None:
    made = closed(shop, admin)
    path, change = f"{INVOICES}/{made['id']}", ("replace", "reference", "PO 7")
    answer = admin.patch(path, change)
    text = "path reference cannot be changed on a closed invoice"
    assert (answer.status_code, items(answer)) == (400, [("InvalidField", text, "reference")])
    assert shop.read(path) == made
    assert admin.patch(path, ("replace", "internalNotes", "seen")).json()["internalNotes"] == "seen"
    opened = ("replace", "status", {"id": shop.invoice()["status"]["id"]})
    assert admin.patch(path, opened, change).json()["reference"] == "PO 7"


@pytest.mark.rule("invoice.kept")
def test_a_closed_invoice_is_not_deleted(shop: Shop, admin: Caller) -> None:
    made, still_open = closed(shop, admin), shop.invoice()
    answer = admin.delete(f"{INVOICES}/{made['id']}")
    body = {"code": "ObjectInUse", "message": f"Invoice {made['id']} is in use."}
    assert (answer.status_code, answer.json()) == (409, body)
    assert admin.delete(f"{INVOICES}/{still_open['id']}").status_code == 204


def test_the_other_choices() -> None:
    choices = dict.fromkeys(("agreement_invoices", "closed_invoice_edits", "closed_invoice_delete"), "allow")
    with Emulator("empty", settings=choices) as emulator:
        caller = Caller(emulator)
        shop = Shop(caller)
        assert shop.made(INVOICES, type="Agreement", company=shop.ref(shop.company()))["type"] == "Agreement"
        path = f"{INVOICES}/{closed(shop, caller)['id']}"
        assert caller.patch(path, ("replace", "reference", "PO 7")).json()["reference"] == "PO 7"
        assert caller.delete(path).status_code == 204


@pytest.mark.rule("invoice.closed-stays")
def test_a_put_does_not_take_away_what_a_closed_invoice_has(shop: Shop, admin: Caller) -> None:
    made = shop.invoice(reference="PO 7", customerPO="C 8")
    closing = ("replace", "status", shop.ref(shop.closed_status()))
    made = admin.patch(f"{INVOICES}/{made['id']}", closing).json()
    path, body = f"{INVOICES}/{made['id']}", {name: one for name, one in made.items() if name != "_info"}
    assert admin.put(path, body).status_code == 200
    answer = admin.put(path, {name: one for name, one in body.items() if name != "reference"})
    text = "path reference cannot be changed on a closed invoice"
    assert (answer.status_code, items(answer)) == (400, [("InvalidField", text, "reference")])
    assert shop.read(path)["reference"] == "PO 7"


def batched(caller: Caller, **fields: str) -> str:
    """The path of an invoice that is in an accounting batch."""
    made = Shop(caller).invoice(**fields)
    body = {"batchIdentifier": "B1", "exportInvoicesFlag": True, "processedRecordIds": [made["id"]]}
    answer = caller.post("/finance/accounting/batches", body)
    assert answer.status_code == 201, answer.text
    return f"{INVOICES}/{made['id']}"


@pytest.mark.rule("invoice.batched-stays")
def test_an_invoice_in_a_batch_is_not_changed(shop: Shop, admin: Caller) -> None:
    path = batched(admin)
    number, status = path.rsplit("/", 1)[1], shop.ref(shop.closed_status())
    for field, value in (("reference", "PO 7"), ("status", status)):
        answer = admin.patch(path, ("replace", field, value))
        text = f"Invoice {number} is in an accounting batch; {field} cannot be changed."
        assert (answer.status_code, items(answer)) == (400, [("InvalidField", text, field)])
    assert admin.patch(path, ("replace", "internalNotes", "seen")).json()["internalNotes"] == "seen"
    with Emulator("empty", settings={"batched_invoice_edits": "allow"}) as emulator:
        caller = Caller(emulator)
        assert caller.patch(batched(caller), ("replace", "reference", "PO 7")).json()["reference"] == "PO 7"


@pytest.mark.rule("invoice.batched-stays")
def test_a_put_does_not_take_away_what_a_batched_invoice_has(shop: Shop, admin: Caller) -> None:
    path = batched(admin, reference="PO 7")
    body = {name: one for name, one in shop.read(path).items() if name != "_info"}
    assert admin.put(path, body).status_code == 200
    answer = admin.put(path, {name: one for name, one in body.items() if name != "reference"})
    text = f"Invoice {body['id']} is in an accounting batch; reference cannot be changed."
    assert (answer.status_code, items(answer)) == (400, [("InvalidField", text, "reference")])
    assert shop.read(path)["reference"] == "PO 7"
