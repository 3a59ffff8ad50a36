"""The plan of a migration: for each old line its successor and its last day, or the reason why it is left alone.

A pure function of scan, mapping and today. Knows which rules of the server a line must keep; sends nothing.

The old line's last day is the day before the new one begins, so that on every day exactly one of them bills. Which
cancelled date says so depends on whether a line still bills on that date, which no source tells (*assumed*, the setting
`cancelled_day_bills`). A line that begins on that day or later cannot be cancelled so (cancelled before effective is
refused, *assumed*) and is left alone. An end that the old line already had goes over to the new one.

The new line carries a marker in `serialNumber`: the one free text of an addition that conditions can name and customers
do not read. It holds the old line's id and a digest of what is to be created, so that a run that lost a reply can look
for its own work. A serial number that is there already stays in front of it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from integration.agreements.figures import CENT, cents, digest, is_exact, wire_day
from integration.agreements.mapping import Ambiguous, ProductMapping, Rule, Rules
from integration.agreements.records import ENDED, Addition, Agreement, Product, Scan, amount

SERIAL_LENGTH: Final = 50
_MARKER: Final = re.compile(r"\bmig(\d+)-[0-9a-f]{12}\b")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One change: cancel `old_id` on `cancel`, create `body`; what the old one looked like is in `fingerprint`.

    `restore` is the cancelled date that a rollback puts back; `before` and `after` are what bills in a period, None
    where a price is not shown.
    """

    agreement_id: int
    agreement: str
    company: str
    old_id: int
    old_product: str
    new_product: str
    fingerprint: str
    restore: date | None
    cancel: date
    begins: date
    marker: str
    body: Mapping[str, Any]
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that is left alone, and why: `code` for machines, `text` for people."""

    agreement_id: int
    old_id: int
    company: str
    product: str
    code: str
    text: str


@dataclass(frozen=True)
class Plan:
    """All that a migration would do. `hash` binds everything but the words that only people read."""

    source: str
    today: date
    cancelled_day_bills: bool
    lines: tuple[PlanLine, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def hash(self) -> str:
        """The SHA-256 over what would be done and left alone; names of agreements and wordings do not count."""
        return digest(
            {
                "source": self.source,
                "cancelled_day_bills": self.cancelled_day_bills,
                "lines": [
                    {
                        "agreement": line.agreement_id,
                        "old": line.old_id,
                        "fingerprint": line.fingerprint,
                        "restore": line.restore,
                        "cancel": line.cancel,
                        "marker": line.marker,
                        "body": line.body,
                        "products": [line.old_product, line.new_product],
                        "amounts": [line.before, line.after],
                    }
                    for line in self.lines
                ],
                "problems": [[one.agreement_id, one.old_id, one.code] for one in self.problems],
            }
        )

    @property
    def before(self) -> Decimal:
        """What the old lines bill in a period."""
        return sum((line.before for line in self.lines), Decimal("0.00"))

    @property
    def after(self) -> Decimal:
        """What their successors will bill in a period."""
        return sum((line.after for line in self.lines), Decimal("0.00"))


class _LeftAlone(Exception):
    """Ends the planning of a line with the code and the text of its problem."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code, self.text = code, text


def make_plan(scan: Scan, mapping: ProductMapping, today: date) -> Plan:
    """Plan every line whose product the mapping names; each is in exactly one of `lines` and `problems`."""
    planner = _Planner(scan, mapping, today)
    agreements = {one.id: one for one in scan.agreements}
    lines: list[PlanLine] = []
    problems = [
        Problem(one.agreement_id, one.id, agreements[one.agreement_id].company, "", "unreadable", one.reason)
        for one in scan.unreadable
    ]
    for addition in scan.additions:
        if not mapping.names(addition.product):
            continue
        agreement = agreements[addition.agreement_id]
        try:
            lines.append(planner.line(agreement, addition))
        except _LeftAlone as left:
            problems.append(
                Problem(agreement.id, addition.id, agreement.company, addition.product, left.code, left.text)
            )
    return Plan(
        source=scan.source,
        today=today,
        cancelled_day_bills=scan.cancelled_day_bills,
        lines=tuple(sorted(lines, key=lambda line: (line.agreement_id, line.old_id))),
        problems=tuple(sorted(problems, key=lambda one: (one.agreement_id, one.old_id, one.code, one.text))),
    )


def fingerprint(agreement: Agreement, addition: Addition) -> str:
    """Tell apart two states of a line in anything that its migration depends on; names do not count."""
    return digest(
        {
            "agreement": [agreement.id, agreement.status, agreement.bill_start, agreement.ends, agreement.company_id],
            "id": addition.id,
            "product": addition.product_id,
            "figures": [addition.quantity, addition.less_included, addition.unit_price, addition.unit_cost],
            "dates": [addition.begins, addition.cancelled],
            "bill": addition.bill_customer,
            "serial": addition.serial,
            "carried": addition.carried,
        }
    )


def markers(additions: Iterable[Addition]) -> dict[tuple[int, int], Addition]:
    """Find lines that a migration created, by agreement and the id of the line that they succeed."""
    found: dict[tuple[int, int], Addition] = {}
    for addition in additions:
        for old in _MARKER.findall(addition.serial):
            found[addition.agreement_id, int(old)] = addition
    return found


class _Planner:
    def __init__(self, scan: Scan, mapping: ProductMapping, today: date) -> None:
        self._scan = scan
        self._mapping = mapping
        self._today = today
        self._successors = markers(scan.additions)
        self._products: dict[str, list[Product]] = {}
        for product in scan.products:
            self._products.setdefault(product.identifier.casefold(), []).append(product)

    def line(self, agreement: Agreement, old: Addition) -> PlanLine:
        rules = self._rules(agreement, old)
        self._refuse_ended(agreement, old)
        product = self._product(rules.to or "")
        begins = self._begins(agreement, old, rules)
        body = self._body(old, rules, product, begins)
        last = begins - timedelta(days=1)
        cancel = last if self._scan.cancelled_day_bills else begins
        mark = fingerprint(agreement, old)
        marker = f"mig{old.id}-{digest([self._scan.source, mark, body, cancel])[:12]}"
        serial = " ".join([*_MARKER.sub("", old.serial).split(), marker])
        if len(serial) > SERIAL_LENGTH:
            raise _LeftAlone("serial-too-long", f"its serial number leaves no room for the marker: {old.serial}")
        before, after = old.amount, _amount(body)
        if before is None or after is None:
            raise _LeftAlone("price-unknown", "its price is not shown to this member")
        return PlanLine(
            agreement_id=agreement.id,
            agreement=agreement.name,
            company=agreement.company,
            old_id=old.id,
            old_product=old.product,
            new_product=product.identifier,
            fingerprint=mark,
            restore=old.cancelled,
            cancel=cancel,
            begins=begins,
            marker=marker,
            body={**body, "serialNumber": serial},
            before=before,
            after=after,
        )

    def _rules(self, agreement: Agreement, old: Addition) -> Rules:
        try:
            rules = self._mapping.rules_for(agreement.company_id, agreement.company, old.product)
        except Ambiguous as error:
            raise _LeftAlone("ambiguous", str(error)) from None
        if rules is None or rules.leave:
            raise _LeftAlone("left-out", "an exception leaves it out")
        return rules

    def _refuse_ended(self, agreement: Agreement, old: Addition) -> None:
        successor = self._successors.get((agreement.id, old.id))
        if successor is not None:
            text = f"addition {successor.id} carries its marker: a migration has created its successor"
            raise _LeftAlone("already-migrated", text)
        if self._scan.state(agreement, old) == ENDED:
            raise _LeftAlone("ended", "it is cancelled, or its agreement is over")

    def _product(self, name: str) -> Product:
        found = self._products.get(name.casefold(), [])
        exact = [one for one in found if one.identifier == name] or found
        if not exact:
            near = difflib.get_close_matches(name.casefold(), self._products, 3, 0.6)
            known = ", ".join(self._products[key][0].identifier for key in near)
            hint = f"; near names: {known}" if known else ""
            raise _LeftAlone("missing-product", f"the catalogue has no product {name}{hint}")
        if len(exact) > 1:
            raise _LeftAlone("ambiguous", f"the catalogue has {len(exact)} products {name}")
        if exact[0].product_class == "Bundle":
            raise _LeftAlone("bundle", f"{name} is a bundle, and a bundle cannot be an addition")
        if exact[0].is_inactive:
            raise _LeftAlone("inactive-product", f"the product {name} is inactive")
        return exact[0]

    def _begins(self, agreement: Agreement, old: Addition, rules: Rules) -> date:
        if isinstance(rules.date, date):
            begins = rules.date
        elif rules.date == "today":
            begins = self._today
        else:
            if agreement.next_invoice is None or agreement.next_invoice < self._today:
                raise _LeftAlone("no-billing-date", "its agreement names no next billing start; give a date")
            begins = agreement.next_invoice
        if begins < self._today:
            raise _LeftAlone("date-passed", f"the new line would begin on {begins}, which has passed")
        if agreement.bill_start is not None and begins < agreement.bill_start:
            text = f"the new line would begin on {begins}, before billing starts on {agreement.bill_start}"
            raise _LeftAlone("before-billing", text)
        if old.begins is not None and old.begins >= begins:
            text = f"it begins on {old.begins}, not before its successor would on {begins}; give a later date"
            raise _LeftAlone("begins-later", text)
        last = old.last_day(self._scan.cancelled_day_bills)
        if last is not None and last < begins:
            raise _LeftAlone("ends-before", f"it ends on {last}, before its successor would begin on {begins}")
        if agreement.ends is not None and agreement.ends < begins:
            raise _LeftAlone("ends-before", f"its agreement ends on {agreement.ends}, before {begins}")
        return begins

    def _body(self, old: Addition, rules: Rules, product: Product, begins: date) -> dict[str, Any]:
        quantity, less = _quantity(old, rules.quantity or Rule("keep"))
        if rules.zero != "carry" and 0 in (quantity, old.quantity):
            raise _LeftAlone("zero", "its quantity is zero")
        if rules.negative != "carry" and (quantity < 0 or old.quantity < 0):
            raise _LeftAlone("negative", "its quantity is negative")
        price = _price(rules.price or Rule("keep"), old.unit_price, product.price)
        cost = _price(rules.cost or Rule("keep"), old.unit_cost, product.cost)
        if price is None:
            raise _LeftAlone("price-unknown", "its price, or that of the new product, is not shown to this member")
        body: dict[str, Any] = {
            "product": {"id": product.id},
            "quantity": quantity,
            "lessIncluded": less,
            "unitPrice": price,
            "billCustomer": old.bill_customer,
            "effectiveDate": wire_day(begins),
            **dict(old.carried),
        }
        if cost is not None:
            body["unitCost"] = cost
        if old.cancelled is not None:
            body["cancelledDate"] = wire_day(old.cancelled)
        if not all(is_exact(value) for value in body.values() if isinstance(value, Decimal)):
            raise _LeftAlone("inexact", "a figure of its successor has too many digits")
        return body


def _quantity(old: Addition, rule: Rule) -> tuple[Decimal, Decimal]:
    """New quantity, and how many of it are included: a fixed or listed quantity is what is to be billed."""
    if rule.word == "fixed":
        return rule.number, Decimal(0)
    if rule.word == "multiply":
        return old.quantity * rule.number, old.less_included * rule.number
    if rule.word == "table":
        found = dict(rule.table).get(old.quantity)
        if found is None:
            raise _LeftAlone("no-table-row", f"the table has no row for the quantity {old.quantity.normalize():f}")
        return found, Decimal(0)
    return old.quantity, old.less_included


def _price(rule: Rule, old: Decimal | None, catalogue: Decimal | None) -> Decimal | None:
    if rule.word == "fixed":
        return rule.number
    if rule.word == "catalogue":
        return catalogue
    if rule.word == "percent" and old is not None:
        return cents(old * (100 + rule.number) / 100).quantize(CENT)
    return old


def _amount(body: Mapping[str, Any]) -> Decimal | None:
    return amount(body["quantity"], body["lessIncluded"], body["unitPrice"], body["billCustomer"])
