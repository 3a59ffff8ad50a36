"""The agreement recap: what an agreement started with, what was used of it, and its last and next invoice.

How the amounts are reckoned is assumed; nobody published it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mockcw.engine.act import Asking, View
from mockcw.engine.change import Look, Record
from mockcw.rules.finance.agreements import ADDITIONS, ADJUSTMENTS, AGREEMENTS, INVOICES, additions_amount
from mockcw.rules.money import money, number
from mockcw.settings import Settings

RECAP = "/finance/agreementrecap"
TIME = "/time/entries"
USED_BY = (TIME, "/expense/entries", "/procurement/products")  # what may be covered by an agreement


def rows(look: Look, asking: Asking) -> Iterator[Record]:
    """A row an agreement, under the agreement's id."""
    for agreement in look.find(AGREEMENTS):
        yield row(look, agreement, asking.choices)


def row(look: Look, agreement: Record, choices: Settings) -> Record:
    """What there is, what was used of it, what is left, and the invoices around now."""
    key = agreement["id"]
    starting = money(agreement.get("applicationLimit"))
    adjusted = sum((money(one.get("amount")) for one in look.find(ADJUSTMENTS, parent=key)), Decimal(0))
    used, available = usage(look, agreement), starting + adjusted
    overrun = Decimal(0) if agreement.get("applicationUnlimitedFlag") else max(Decimal(0), used - available)
    invoices = look.find(INVOICES, agreement__id=key)
    last = max(invoices, key=lambda one: (one.get("date") or "", one["id"]), default={})
    # what is in force when the next invoice falls due: such a row must not depend on the moment it is asked for
    due = agreement.get("nextInvoiceDate") or agreement.get("billStartDate") or ""
    return {
        "id": key,
        "name": agreement.get("name"),
        "companyName": (agreement.get("company") or {}).get("name"),
        "agreementStatus": agreement.get("agreementStatus"),
        "isUnlimited": "Yes" if agreement.get("applicationUnlimitedFlag") else "No",
        "startingAmount": number(starting),
        "adjustmentAmount": number(adjusted),
        "availableAmount": number(available),
        "usedAmount": number(used),
        "remainingAmount": number(max(Decimal(0), available - used)),
        "overrunAmount": number(overrun),
        "unbilledOverageAmount": number(overrun),
        "unbilledPeriods": 0 if agreement.get("cancelledFlag") else 1,
        "lastInvoiceAmount": f"{number(money(last.get('total'))):.2f}" if last else None,
        "lastInvoiceDate": last.get("date"),
        "lastInvoiceNumber": last.get("invoiceNumber"),
        "nextInvoiceAmount": number(
            money(agreement.get("billAmount")) + additions_amount(look, agreement, due, choices)
        ),
        "nextInvoiceDate": agreement.get("nextInvoiceDate"),
    }


def usage(look: Look, agreement: Record) -> Decimal:
    """The hours, or the money, that entries and products drew from an agreement."""
    if agreement.get("applicationUnits") == "Hours":
        entries = look.find(TIME, agreement__id=agreement["id"])
        return sum((money(one.get("agreementHours")) for one in entries), Decimal(0))
    drawn = (one for source in USED_BY for one in look.find(source, agreement__id=agreement["id"]))
    return sum((money(one.get("agreementAmount")) for one in drawn), Decimal(0))


VIEWS = (
    View(
        RECAP,
        (AGREEMENTS, ADDITIONS, ADJUSTMENTS, INVOICES, "/procurement/catalog", *USED_BY),
        rows,
        "assumed",
        "A row an agreement: limit and adjustments, what entries and products drew from it, last and next invoice.",
    ),
)
