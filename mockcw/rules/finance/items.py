"""What a batch or an export is about: items of five kinds, where they come from and which a request lets through."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field, fields
from typing import Any

from mockcw.engine.change import Look, Record
from mockcw.rules.finance import unposted
from mockcw.rules.finance.invoices import INVOICES, PAYMENTS
from mockcw.rules.finance.unposted import ADJUSTMENTS, DETAILS, Purchase, adjustment_id, purchase_id
from mockcw.rules.posting import ENTRIES, EXPENSES, LINES, ORDERS

EVERY_DAY = "9999"


@dataclass(frozen=True, slots=True)
class Items:
    """Documents of all kinds; an order or adjustment comes with the lines of it that count."""

    invoices: list[Record] = field(default_factory=list)
    payments: list[Record] = field(default_factory=list)
    expenses: list[Record] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    adjustments: list[Purchase] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a request speaks of one kind: its flag, the word in its lists of ids, the date that counts, its ids."""

    flag: str
    word: str
    dated: str
    key: Callable[[Record], int | str]  # what the lists name a document by
    row: Callable[[Record], int]  # the id of its unposted record
    unposted: Callable[[Look], list[Any]]


def own_id(record: Record) -> int:
    """The id of a record."""
    return int(record["id"])


KINDS = {
    "invoices": Kind("exportInvoicesFlag", "Invoice", "date", own_id, own_id, unposted.invoices),
    "payments": Kind("exportPaymentsFlag", "Payment", "paymentDate", own_id, own_id, unposted.payments),
    "expenses": Kind("exportExpensesFlag", "Expense", "date", own_id, own_id, unposted.expenses),
    "purchases": Kind(
        "exportProductsFlag", "Product", "poDate", lambda one: f"P{one['id']}", purchase_id, unposted.purchases
    ),
    "adjustments": Kind(
        "exportProductsFlag", "Product", "closedDate", lambda one: f"A{one['id']}", adjustment_id, unposted.adjustments
    ),
}


def document(item: Any) -> Record:
    """The record of an item, without its lines."""
    record: Record = item[0] if isinstance(item, tuple) else item
    return record


def keep(items: Items, admits: Callable[[Kind, Record], bool]) -> Items:
    """The items that a test on kind and document admits."""
    chosen = {
        one.name: [item for item in getattr(items, one.name) if admits(KINDS[one.name], document(item))]
        for one in fields(items)
    }
    return Items(**chosen)


def row_ids(items: Items) -> set[int]:
    """The ids of the items' unposted records."""
    return {kind.row(document(item)) for name, kind in KINDS.items() for item in getattr(items, name)}


def open_items(look: Look, flags: Record) -> Items:
    """The unposted items of the kinds whose flags are set."""
    return Items(**{name: kind.unposted(look) if flags.get(kind.flag) else [] for name, kind in KINDS.items()})


def asked(items: Items, body: Record) -> Items:
    """The items that a request's lists, last day and location let through."""
    last, location = (body.get("thruDate") or EVERY_DAY)[:10], body.get("locationId")

    def admits(kind: Kind, one: Record) -> bool:
        included = body.get(f"included{kind.word}Ids")
        excluded = body.get(f"excluded{kind.word}Ids") or ()
        listed = (not included or kind.key(one) in included) and kind.key(one) not in excluded
        here = location is None or one.get("locationId") in (None, location)
        return listed and here and (one.get(kind.dated) or "")[:10] <= last

    return keep(items, admits)


def of_batch(look: Look, batch_id: int) -> Items:
    """What a batch has taken."""
    entries = look.find(ENTRIES, parent=batch_id)
    expenses = [look.get(EXPENSES, one) for one in about(entries, "expense")]
    return Items(
        invoices=look.find(INVOICES, glBatch__id=batch_id),
        payments=look.find(PAYMENTS, glBatchID=str(batch_id)),
        expenses=[one for one in expenses if one],
        purchases=grouped(look, ORDERS, LINES, about(entries, "lineItem")),
        adjustments=grouped(look, ADJUSTMENTS, DETAILS, about(entries, "adjustmentDetail")),
    )


def about(entries: list[Record], name: str) -> list[int]:
    """The ids of what entries are about, each once, in their order."""
    return list(dict.fromkeys(one[name]["id"] for one in entries if one.get(name)))


def grouped(look: Look, collection: str, inner: str, ids: Container[int]) -> list[Purchase]:
    """Nested records by the records that enclose them."""
    found = []
    for outer in look.find(collection) if ids else ():
        lines = [one for one in look.find(inner, parent=outer["id"]) if one["id"] in ids]
        if lines:
            found.append((outer, lines))
    return found
