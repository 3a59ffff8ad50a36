"""Additions of agreements: what a new one takes from the catalogue, when it may begin and end, what it comes to.

Nothing keeps the same product from being on an agreement twice (reported). How a part of a period is reckoned is
assumed: by days, from the addition's first day to the last one of the billing period that it begins in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from mockcw.engine.change import Change, Effect, Look, Put, Record, Refuse, Rule, WriteVerb
from mockcw.errors import Conflict, FieldError
from mockcw.rules.finance.agreements import ADDITIONS, AGREEMENTS, CATALOG, CYCLES, INVOICES, after_cycle
from mockcw.rules.money import money, number

WHOLE: frozenset[WriteVerb] = frozenset({"create", "replace"})
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
DELETE: frozenset[WriteVerb] = frozenset({"delete"})
FROM_ITEM = {  # field of the addition: field of the catalogue's item
    "description": "description",
    "invoiceDescription": "customerDescription",
    "unitPrice": "price",
    "unitCost": "cost",
    "taxableFlag": "taxableFlag",
}
DATES = ("effectiveDate", "cancelledDate")
MOST_CYCLES = 6000  # weeks of a good hundred years


def agreement_of(change: Change) -> Record:
    """The agreement that the addition is of."""
    return change.look.get(AGREEMENTS, change.parents[-1]) or {}


def item_of(change: Change) -> Record:
    """The catalogue's item."""
    return change.look.get(CATALOG, (change.after.get("product") or {}).get("id") or 0) or {}


def from_item(change: Change) -> Iterator[Effect]:
    """What an addition does not say comes from the catalogue; it begins with the agreement's billing, or today.

    So it is for a PUT, which returns what it leaves out to its default (documented of PUT).
    """
    after, item = change.after, item_of(change)
    filled = {name: item.get(source) for name, source in FROM_ITEM.items() if after.get(name) is None}
    filled["quantity"] = 1.0 if after.get("quantity") is None else after["quantity"]
    if not after.get("effectiveDate"):
        start, today = agreement_of(change).get("billStartDate"), change.today
        at_start = start and (change.choices.addition_starts == "billing-start" or start > today)
        filled["effectiveDate"] = start if at_start else today
    yield Put({name: value for name, value in filled.items() if value is not None})


def effective(change: Change) -> Iterator[Effect]:
    """An addition does not begin before its agreement is billed (text captured)."""
    start, begins = agreement_of(change).get("billStartDate"), change.after.get("effectiveDate")
    if start and begins and "effectiveDate" in change.given and begins[:10] < start[:10]:
        text = change.choices.addition_effective_message
        yield Refuse(FieldError("InvalidField", text, change.resource, "effectiveDate"))


def cancelled(change: Change) -> Iterator[Effect]:
    """An addition does not end before it begins (assumed)."""
    begins, ends = (change.after.get(name) for name in DATES)
    asked = any(name in change.given for name in DATES) and change.choices.cancelled_before_effective == "refuse"
    if begins and ends and asked and ends[:10] < begins[:10]:
        text = change.choices.cancelled_before_effective_message
        yield Refuse(FieldError("InvalidField", text, change.resource, "cancelledDate"))


def no_bundle(change: Change) -> Iterator[Effect]:
    """A bundle cannot be an addition (reported; the text is assumed)."""
    if "product" in change.given and item_of(change).get("productClass") == "Bundle":
        text = change.choices.bundle_addition_message
        yield Refuse(FieldError("InvalidField", text, change.resource, "product"))


def figures(change: Change) -> Iterator[Effect]:
    """What is billed, what it comes to and what its first period does; status and unit are shown (assumed)."""
    after, agreement = change.after, agreement_of(change)
    pieces = money(1 if after.get("quantity") is None else after["quantity"])
    billed = pieces - money(after.get("lessIncluded"))
    many = billed if change.choices.addition_extended_by == "billedQuantity" else pieces
    price, cost = money(after.get("unitPrice")), money(after.get("unitCost"))
    share = part_of_period(change.look, agreement, after)
    yield Put(
        {
            "agreementId": change.parents[-1],
            "agreementStatus": agreement.get("agreementStatus"),
            "uom": (item_of(change).get("unitOfMeasure") or {}).get("name"),
            "billedQuantity": number(billed),
            "extPrice": number(many * price),
            "extCost": number(many * cost),
            "margin": number(many * price - many * cost),
            "proratePrice": number(price * share),
            "prorateCost": number(cost * share),
            "extendedProratePrice": number(billed * price * share),
            "extendedProrateCost": number(billed * cost * share),
        }
    )


def part_of_period(look: Look, agreement: Record, addition: Record) -> Decimal:
    """The share of the billing period that an addition begins in; 0 unless the addition is to be prorated."""
    begins = day(addition.get("effectiveDate"))
    allowed = agreement.get("prorateFlag") or agreement.get("invoiceProratedAdditionsFlag")
    if begins is None or not addition.get("prorateCurrentPeriodFlag") or not allowed:
        return Decimal(0)
    cycle = look.get(CYCLES, (agreement.get("billingCycle") or {}).get("id") or 0) or {}
    period = period_of(day(agreement.get("billStartDate")) or begins, begins, str(cycle.get("billingOptions")))
    if period is None:
        return Decimal(1)
    first, following = period
    ends = day(addition.get("cancelledDate"))
    last = min(following, ends + timedelta(days=1)) if ends and ends < following else following
    return Decimal(max(0, (last - begins).days)) / Decimal((following - first).days)


def period_of(start: date, at: date, cycle: str) -> tuple[date, date] | None:
    """First day of the billing period that a day is in and of the one after; None where billing does not recur."""
    first = start
    for _ in range(MOST_CYCLES):
        following = after_cycle(first, cycle)
        if following is None:
            return None
        if at < following:
            return first, following
        first = following
    return None


def day(text: object) -> date | None:
    """The day of a stored date, if it is one."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def billed_stays(change: Change) -> Iterator[Effect]:
    """An addition that was billed goes like any other, unless the setting keeps it (assumed). Raises Conflict."""
    if change.choices.billed_addition_delete == "refuse":
        begins = (change.after.get("effectiveDate") or "")[:10]
        for invoice in change.look.find(INVOICES, agreement__id=change.parents[-1], type="Agreement"):
            if (invoice.get("date") or "")[:10] >= begins:
                text = change.choices.billed_addition_message.format(id=change.record_id)
                raise Conflict(text, change.choices.in_use_code)
    return
    yield


RULES = (
    Rule("addition.from-item", ADDITIONS, WHOLE, from_item, "assumed", "A new addition starts as its product."),
    Rule("addition.effective", ADDITIONS, WRITES, effective, "captured", "It begins when billing does, or later."),
    Rule("addition.cancelled", ADDITIONS, WRITES, cancelled, "assumed", "It does not end before it begins."),
    Rule("addition.no-bundle", ADDITIONS, WRITES, no_bundle, "documented", "A bundle is no addition."),
    Rule("addition.figures", ADDITIONS, WRITES, figures, "documented", "Its amounts follow from its factors."),
    Rule("addition.billed-stays", ADDITIONS, DELETE, billed_stays, "assumed", "A billed one may have to stay."),
)
