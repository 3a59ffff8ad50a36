"""Invoices: what the server fills in, what payments leave open, closed ones, and the printed page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import orjson

from mockcw.engine.act import Act, Action, Content
from mockcw.engine.change import Change, Effect, Look, Put, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import FieldError, InvalidPatch, NotFound
from mockcw.rules.finance.pdf import pdf
from mockcw.rules.finance.taxes import Kind, taxes
from mockcw.rules.money import money, number

INVOICES = "/finance/invoices"
PAYMENTS = "/finance/invoices/{parentId}/payments"
STATUSES = "/finance/billingStatuses"
TERMS = "/finance/billingTerms"
COMPANIES = "/company/companies"
LOCATIONS = "/system/locations"
PRODUCTS = "/procurement/products"
PARTS: tuple[tuple[str, Kind | None, int], ...] = (  # what the subtotal is made of, how it is taxed, its sign
    ("serviceTotal", "Services", 1),
    ("serviceAdjustmentAmount", "Services", 1),
    ("agreementAmount", "Products", 1),  # a guide says so of additions; assumed of the rest
    ("expenseTotal", "Expenses", 1),
    ("productTotal", "Products", 1),
    ("downpaymentApplied", None, -1),
    ("previousProgressApplied", None, -1),
)
CLOSED_FIELDS = ("status", "internalNotes")
UNSAFE = re.compile(r"[^\w.-]", re.ASCII)


def defaults(change: Change) -> Iterator[Effect]:
    """What a new invoice does not say: number, status, date, terms, due date, place, who pays."""
    after, look = change.after, change.look
    company = look.get(COMPANIES, (after.get("company") or {}).get("id") or 0) or {}
    terms = after.get("billingTerms") or company.get("billingTerms") or default(look, TERMS)
    location = after.get("location") or ({"id": after["locationId"]} if after.get("locationId") else None)
    location = location or ({"id": change.actor_location} if change.actor_location else default(look, LOCATIONS))
    filled: Record = {
        "invoiceNumber": after.get("invoiceNumber") or str(change.record_id),
        "status": after.get("status") or default(look, STATUSES),
        "date": after.get("date") or change.today,
        "billingTerms": terms,
        "billToCompany": after.get("billToCompany") or company.get("billToCompany") or after.get("company"),
        "shipToCompany": after.get("shipToCompany") or after.get("company"),
        "accountNumber": after.get("accountNumber") or company.get("accountNumber"),
        "taxCode": after.get("taxCode") or company.get("taxCode"),
        "location": location,
        "locationId": (location or {}).get("id"),
        "dueDate": after.get("dueDate"),
    }
    filled["dueDate"] = filled["dueDate"] or due_date(look, filled)
    yield Put({name: {"id": value["id"]} if is_reference(value) else value for name, value in filled.items()})


def is_reference(value: Any) -> bool:
    """Whether a value refers to a record."""
    return isinstance(value, dict) and "id" in value


def default(look: Look, collection: str) -> Record | None:
    """The default record of a setup table, or its first one."""
    return next(iter(look.find(collection, defaultFlag=True) or look.find(collection)), None)


def due_date(look: Look, invoice: Record) -> str | None:
    """The invoice's date and as many days as its terms allow."""
    days = (look.get(TERMS, (invoice.get("billingTerms") or {}).get("id") or 0) or {}).get("dueDays") or 0
    try:
        due = date.fromisoformat(invoice["date"][:10]) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return f"{due.isoformat()}T00:00:00Z"


def no_agreement_invoice(change: Change) -> Iterator[Effect]:
    """An agreement's invoice is made by the agreement, not through the Invoicing API (text captured)."""
    was = (change.before or {}).get("type")
    if change.after.get("type") == "Agreement" != was and change.choices.agreement_invoices == "refuse":
        text = change.choices.agreement_invoice_message
        yield Refuse(FieldError("InvalidField", text, change.resource, "type"))


def closed_stays(change: Change) -> Iterator[Effect]:
    """A closed invoice keeps all but status and internal notes until it is open again (reported of the screens)."""
    if change.choices.closed_invoice_edits == "allow" or not closes(change.look, change.before or {}):
        return
    if not closes(change.look, change.after):
        return
    for name in altered(change, CLOSED_FIELDS):
        text = change.choices.closed_invoice_path_message.format(path=name)
        yield Refuse(FieldError("InvalidField", text, change.resource, name))


def batched_stays(change: Change) -> Iterator[Effect]:
    """An invoice in an accounting batch is not even opened again before it has left that (reported of the screens)."""
    if not (change.before or {}).get("glBatch") or change.choices.batched_invoice_edits == "allow":
        return
    for name in altered(change, ("internalNotes",)):
        text = change.choices.batched_invoice_message.format(id=change.record_id, field=name)
        yield Refuse(FieldError("InvalidField", text, change.resource, name))


def altered(change: Change, free: Collection[str]) -> Iterator[str]:
    """The fields that a write gives another value, but for the free ones; a PUT takes away what it does not name."""
    before, now = change.before or {}, change.after
    taken = set(before) if change.verb == "replace" else set()
    for name in sorted((change.given | taken) - {"id", "_info", *free}):
        if (name in now or name in taken) and (now.get(name) or None) != (before.get(name) or None):
            yield name


def kept(change: Change) -> Iterator[Effect]:
    """An invoice that is closed or in a batch is not deleted (assumed). Raises Conflict."""
    locked = closes(change.look, change.after) or change.after.get("glBatch")
    if locked and change.choices.closed_invoice_delete == "refuse":
        raise change.in_use()
    return
    yield


def closes(look: Look, invoice: Record) -> bool:
    """Whether an invoice's status is a closed one."""
    status = look.get(STATUSES, (invoice.get("status") or {}).get("id") or 0) or {}
    return bool(status.get("closedFlag"))


def totals(change: Change) -> Iterator[Effect]:
    """Subtotal, tax, total and balance follow from the parts."""
    yield Put(reckoned(change.look, change.after, paid(change.look, change.record_id)))


def reckoned(look: Look, invoice: Record, payments: Decimal) -> Record:
    """The sums of an invoice over what was paid on it."""
    subtotal = sum((money(invoice.get(name)) * sign for name, _, sign in PARTS), Decimal(0))
    tax = Decimal(0)
    if invoice.get("taxableFlag"):
        found = (taxes(look, invoice.get("taxCode"), kind, money(invoice.get(name))) for name, kind, _ in PARTS if kind)
        tax = sum((one.amount for several in found for one in several), Decimal(0))
    zeros = {name: 0 for name in ("serviceTotal", "expenseTotal", "productTotal", "credits") if not invoice.get(name)}
    return {
        **zeros,
        "subtotal": number(subtotal),
        "salesTax": number(tax),
        "total": number(subtotal + tax),
        "payments": number(payments),
        "balance": number(subtotal + tax - payments - money(invoice.get("credits"))),
    }


def paid(look: Look, invoice_id: int, leaving_out: int = 0) -> Decimal:
    """What was paid on an invoice, one payment perhaps not counted."""
    found = (one for one in look.find(PAYMENTS, parent=invoice_id) if one["id"] != leaving_out)
    return sum((money(one.get("amount")) for one in found), Decimal(0))


def payment(change: Change) -> Iterator[Effect]:
    """A payment lowers the balance of its invoice; a new one is dated and signed."""
    if change.verb == "create":
        after = change.after
        yield Put({"paymentDate": after.get("paymentDate") or change.today})
        yield Put({"appliedBy": after.get("appliedBy") or change.actor})
    invoice = change.look.get(INVOICES, change.parents[-1]) or {}
    amount = Decimal(0) if change.verb == "delete" else money(change.after.get("amount"))
    payments = paid(change.look, change.parents[-1], change.record_id) + amount
    yield Write(INVOICES, change.parents[-1], reckoned(change.look, invoice, payments))


def closed(act: Act) -> Record:
    """The addressed invoice, if its status closes it. Raises NotFound."""
    if not closes(act.look, act.here):
        raise NotFound(f"Closed Invoice {act.id} not found")
    return act.here


def replace_closed(act: Act) -> Record:
    """Set status and notes of a closed invoice; a status left out stays, notes left out go."""
    kept = closed(act).get("status")
    return act.hands.change(
        INVOICES, act.id, {"status": act.body.get("status") or kept, "internalNotes": act.body.get("internalNotes")}
    )


def patch_closed(act: Act) -> Record:
    """Patch status and notes of a closed invoice. Raises InvalidPatch for any other path."""
    closed(act)
    try:
        operations = orjson.loads(act.raw)
    except orjson.JSONDecodeError:
        operations = None  # the engine refuses it in its own words
    for one in operations if isinstance(operations, list) else ():
        path = one.get("path") if isinstance(one, dict) else None
        if isinstance(path, str) and path.strip("/").split("/")[0] not in CLOSED_FIELDS:
            raise InvalidPatch(act.choices.closed_invoice_path_message.format(path=path))
    return act.hands.patch(INVOICES, act.id, act.raw)


def printed(act: Act) -> Content:
    """The invoice as a PDF."""
    invoice = act.here
    name = UNSAFE.sub("_", str(invoice.get("invoiceNumber") or act.id))
    headers = (("Content-Disposition", f'attachment; filename="Invoice_{name}.pdf"'),)
    return Content(pdf(list(lines(act, invoice))), "application/pdf", headers)


def lines(act: Act, invoice: Record) -> Iterator[str]:
    """What the printed invoice says."""
    payer = invoice.get("billToCompany") or invoice.get("company") or {}
    yield from (act.choices.company_name, "", f"Invoice {invoice.get('invoiceNumber') or act.id}")
    yield from (f"Date: {(invoice.get('date') or '')[:10]}", f"Due: {(invoice.get('dueDate') or '')[:10]}")
    yield from (f"Bill to: {payer.get('name', '')}", "")
    for product in act.look.find(PRODUCTS, invoice__id=act.id):
        price, quantity = money(product.get("price")), money(product.get("quantity"))
        yield f"{quantity} x {product.get('description') or ''}: {number(price * quantity):,.2f}"
    for label, part in PRINTED:
        if part in ("subtotal", "total", "balance") or invoice.get(part):
            yield f"{label}: {number(money(invoice.get(part))):,.2f}"


PRINTED = (
    ("Services", "serviceTotal"),
    ("Agreement", "agreementAmount"),
    ("Expenses", "expenseTotal"),
    ("Products", "productTotal"),
    ("Subtotal", "subtotal"),
    ("Sales tax", "salesTax"),
    ("Total", "total"),
    ("Payments", "payments"),
    ("Balance due", "balance"),
)
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
CREATE: frozenset[WriteVerb] = frozenset({"create"})
ALWAYS: frozenset[WriteVerb] = WRITES | {"delete"}
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
DELETE: frozenset[WriteVerb] = frozenset({"delete"})
RULES = (
    Rule("invoice.no-agreement", INVOICES, WRITES, no_agreement_invoice, "captured", "Agreements make their own."),
    Rule("invoice.closed-stays", INVOICES, LATER, closed_stays, "documented", "A closed invoice is locked."),
    Rule("invoice.batched-stays", INVOICES, LATER, batched_stays, "documented", "One in a batch is locked, too."),
    Rule("invoice.kept", INVOICES, DELETE, kept, "assumed", "A closed or batched invoice is not deleted."),
    Rule("invoice.defaults", INVOICES, CREATE, defaults, "assumed", "The server fills in what it can."),
    Rule("invoice.totals", INVOICES, WRITES, totals, "assumed", "Sums and balance follow from the parts."),
    Rule("invoice.payments", PAYMENTS, ALWAYS, payment, "assumed", "Payments lower the balance."),
)
ACTIONS = (
    Action(
        "putFinanceClosedInvoicesById",
        replace_closed,
        "assumed",
        "Status and notes of an invoice whose status is a closed one; an open invoice is not found here.",
    ),
    Action(
        "patchFinanceClosedInvoicesById",
        patch_closed,
        "assumed",
        "The same, as patch operations; other paths are refused.",
    ),
    Action("getFinanceInvoicesByIdPdf", printed, "assumed", "A PDF of one or more pages; its layout is ours."),
)
