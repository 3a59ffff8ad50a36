"""Accounting batches: they take unposted items into the books, tell of them, and give them back when deleted.

That a payment goes with its posted invoice, and that deleting a batch frees its items, is assumed.
"""

from __future__ import annotations

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Look, Record
from mockcw.rules.finance import unposted
from mockcw.rules.finance.glexport import gl_export
from mockcw.rules.finance.invoices import INVOICES, PAYMENTS
from mockcw.rules.finance.items import Items, asked, keep, of_batch, open_items, row_ids
from mockcw.rules.posting import (
    BATCHES,
    ENTRIES,
    LINES,
    adjustment_entries,
    expense_entries,
    invoice_entries,
    purchase_entries,
)

GL_ENTRIES = "/finance/invoices/{parentId}/glEntries"
FLAGS = ("exportInvoicesFlag", "exportExpensesFlag", "exportProductsFlag")


def create(act: Act) -> Record:
    """Take the named unposted items into a new batch; the export of the batch comes back."""
    body: Record = act.body
    items = named(act, open_items(act.look, body))
    batch = act.hands.create(
        BATCHES,
        (),
        {
            "batchIdentifier": body.get("batchIdentifier") or act.today[:10],
            **{flag: bool(body.get(flag)) for flag in FLAGS},
            "closedFlag": True,
        },
    )
    items.payments.extend(settled(act.look, items) if body.get("exportInvoicesFlag") else ())
    post(act, batch["id"], items)
    return gl_export(act.look, of_batch(act.look, batch["id"]), said(body))


def named(act: Act, items: Items) -> Items:
    """The items that the request names by the ids of their unposted records. Raises InvalidObject for an id of none."""
    ids: list[int] = act.body["processedRecordIds"]
    if not ids and act.choices.batch_without_ids == "all":
        return items
    known = row_ids(items)
    for one in ids:
        if one not in known:
            text = act.choices.not_unposted_message.format(id=one)
            raise act.refuse("NotFound", text, "processedRecordIds")
    wanted = frozenset(ids)
    return keep(items, lambda kind, one: kind.row(one) in wanted)


def settled(look: Look, items: Items) -> list[Record]:
    """The unposted payments on invoices that are in a batch or about to be."""
    taken = {one["id"] for one in items.invoices}
    found = []
    for payment in unposted.payments(look):
        invoice_id = (payment.get("invoice") or {}).get("id") or 0
        if invoice_id in taken or (look.get(INVOICES, invoice_id) or {}).get("glBatch"):
            found.append(payment)
    return found


def post(act: Act, batch_id: int, items: Items) -> None:
    """Write the entries of the items and mark the items as taken."""
    look, hands = act.look, act.hands
    entries: list[Record] = []
    for invoice in items.invoices:
        written = list(invoice_entries(look, invoice))
        entries += written
        hands.set(INVOICES, invoice["id"], {"glBatch": {"id": batch_id}, "unbatchedBatch": None})
        for one in written:
            amount = one["debit"] - one["credit"]
            gl_entry = {"type": one["accountType"], "amount": amount, "description": one["name"], "isBatched": True}
            hands.create(GL_ENTRIES, (invoice["id"],), gl_entry | {"segment1": one["accountNumber"]})
    for payment in items.payments:
        hands.set(PAYMENTS, payment["id"], {"glBatchID": str(batch_id)})
    for expense in items.expenses:
        entries += expense_entries(look, expense)
    for order, lines in items.purchases:
        for line in lines:
            entries += purchase_entries(look, order, line)
            hands.set(LINES, line["id"], {"batchedFlag": True, "unbatchedRecId": None})
    for _, details in items.adjustments:
        for detail in details:
            entries += adjustment_entries(look, detail)
    for one in entries:
        hands.create(ENTRIES, (batch_id,), one)


def delete(act: Act) -> None:
    """Remove a batch; what it had taken is unposted again."""
    items, hands = of_batch(act.look, act.id), act.hands
    for invoice in items.invoices:
        hands.set(INVOICES, invoice["id"], {"glBatch": None})
        for entry in act.look.find(GL_ENTRIES, parent=invoice["id"], isBatched=True):
            hands.erase(GL_ENTRIES, entry["id"])
    for invoice in act.look.find(INVOICES, unbatchedBatch__id=act.id):
        hands.set(INVOICES, invoice["id"], {"unbatchedBatch": None})
    for payment in items.payments:
        hands.set(PAYMENTS, payment["id"], {"glBatchID": None})
    for _, lines in items.purchases:
        for line in lines:
            hands.set(LINES, line["id"], {"batchedFlag": False})
    for line in act.look.find(LINES, unbatchedRecId=act.id):
        hands.set(LINES, line["id"], {"unbatchedRecId": None})
    hands.erase(BATCHES, act.id)


def export(act: Act) -> Record:
    """Tell of unposted items; nothing is taken."""
    return gl_export(act.look, asked(open_items(act.look, act.body), act.body), said(act.body))


def export_again(act: Act) -> Record:
    """Tell of what a batch has taken; a flag left out is the batch's own, and payments go with invoices."""
    body: Record = act.body
    flags = {flag: act.here.get(flag) if body.get(flag) is None else body[flag] for flag in FLAGS}
    paid = body.get("exportPaymentsFlag")
    flags["exportPaymentsFlag"] = flags["exportInvoicesFlag"] if paid is None else paid
    items = keep(of_batch(act.look, act.id), lambda kind, _: bool(flags[kind.flag]))
    settings = {"batchIdentifier": act.here.get("batchIdentifier"), **said(body)}
    return gl_export(act.look, asked(items, body), settings)


def said(body: Record) -> Record:
    """What a request said, as the export shows it."""
    return {name: value for name, value in body.items() if value is not None}


ACTIONS = (
    Action(
        "postFinanceAccountingBatches",
        create,
        "assumed",
        "A batch takes the unposted records named, of the kinds whose flags are set, and exports them.",
        status=201,
    ),
    Action("deleteFinanceAccountingBatchesById", delete, "assumed", "What a deleted batch had is unposted again."),
    Action("postFinanceAccountingExport", export, "assumed", "Unposted records as a GL export; nothing is taken."),
    Action(
        "postFinanceAccountingBatchesByIdExport", export_again, "assumed", "What a batch has, as a GL export once more."
    ),
)
