"""Agreements, additions and products as frozen values, read from what the server sent.

Knows which fields matter to billing and what an addition bills; does not know where records come from or what will
become of them. A record whose figures cannot be read exactly is told apart, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from integration.agreements.figures import Unreadable, cents, day, exact

BILLS: Final = "bills"
LATER: Final = "later"
ENDED: Final = "ended"

AGREEMENT_FIELDS: Final = (
    "id,name,company,agreementStatus,billStartDate,endDate,noEndingDateFlag,cancelledFlag,dateCancelled,"
    "nextInvoiceDate,billingCycle,currency"
)
ADDITION_FIELDS: Final = (
    "id,product,quantity,lessIncluded,unitPrice,unitCost,billCustomer,effectiveDate,cancelledDate,serialNumber,"
    "taxableFlag,purchaseItemFlag,specialOrderFlag,prorateCurrentPeriodFlag,sequenceNumber,invoiceGrouping,opportunity"
)
PRODUCT_FIELDS: Final = "id,identifier,description,productClass,price,cost,inactiveFlag"
_FLAGS: Final = ("taxableFlag", "purchaseItemFlag", "specialOrderFlag", "prorateCurrentPeriodFlag")
_REFERENCES: Final = ("invoiceGrouping", "opportunity")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What of an agreement decides billing; `ends` is the last day of its own end and its cancellation."""

    id: int
    name: str
    company_id: int
    company: str
    company_name: str
    status: str
    bill_start: date | None
    ends: date | None
    next_invoice: date | None
    cycle: str
    currency: str

    @property
    def is_over(self) -> bool:
        """Whether the server shows the agreement as one that no longer bills."""
        return self.status in ("Cancelled", "Expired")


@dataclass(frozen=True, slots=True)
class Addition:
    """One line of an agreement; `carried` are the fields that a successor takes over as they are."""

    id: int
    agreement_id: int
    product_id: int
    product: str
    quantity: Decimal
    less_included: Decimal
    unit_price: Decimal | None
    unit_cost: Decimal | None
    bill_customer: str
    begins: date | None
    cancelled: date | None
    serial: str
    carried: tuple[tuple[str, Any], ...]

    @property
    def amount(self) -> Decimal | None:
        """What the line bills in one period, to the cent; None where the price is not shown."""
        return amount(self.quantity, self.less_included, self.unit_price, self.bill_customer)

    @property
    def cost(self) -> Decimal | None:
        """What the line costs in one period, to the cent; None where the cost is not shown."""
        return None if self.unit_cost is None else cents(self.quantity * self.unit_cost)

    def last_day(self, cancelled_day_bills: bool) -> date | None:
        """The last day that the line bills, None for an open end."""
        if self.cancelled is None or cancelled_day_bills:
            return self.cancelled
        return self.cancelled - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Product:
    """An item of the catalogue."""

    id: int
    identifier: str
    description: str
    product_class: str
    price: Decimal | None
    cost: Decimal | None
    is_inactive: bool


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """An addition that was sent and cannot be reckoned with."""

    agreement_id: int
    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Scan:
    """All agreements with their additions, as read for one `today` of the server; products when they were asked for.

    `source` names the server and the company, so that what is planned here is not carried out elsewhere.
    """

    source: str
    today: date
    cancelled_day_bills: bool
    agreements: tuple[Agreement, ...]
    additions: tuple[Addition, ...]
    products: tuple[Product, ...] = ()
    unreadable: tuple[UnreadableLine, ...] = ()
    warnings: tuple[str, ...] = ()

    def state(self, agreement: Agreement, addition: Addition) -> str:
        """Tell whether a line bills today, will bill later, or has ended."""
        lasts = [end for end in (agreement.ends, addition.last_day(self.cancelled_day_bills)) if end is not None]
        if agreement.is_over or any(end < self.today for end in lasts):
            return ENDED
        begins = [start for start in (agreement.bill_start, addition.begins) if start is not None]
        return LATER if any(start > self.today for start in begins) else BILLS


def amount(quantity: Decimal, less: Decimal, price: Decimal | None, bill_customer: str) -> Decimal | None:
    """What is billed: quantity less what is included, times the price; nothing unless it is Billable.

    That the included pieces are taken off before the price is *assumed* (the API shows billedQuantity so).
    """
    if bill_customer != "Billable":
        return Decimal("0.00")
    return None if price is None else cents((quantity - less) * price)


def read_agreement(sent: Mapping[str, Any]) -> Agreement:
    """Read an agreement; raises Unreadable."""
    company = reference(sent, "company")
    ends = [] if sent.get("noEndingDateFlag") else [day(sent.get("endDate"), "endDate")]
    if sent.get("cancelledFlag"):
        ends.append(day(sent.get("dateCancelled"), "dateCancelled"))
    return Agreement(
        id=identity(sent),
        name=text(sent, "name"),
        company_id=identity(company) if company else 0,
        company=text(company, "identifier"),
        company_name=text(company, "name"),
        status=text(sent, "agreementStatus"),
        bill_start=day(sent.get("billStartDate"), "billStartDate"),
        ends=min((end for end in ends if end is not None), default=None),
        next_invoice=day(sent.get("nextInvoiceDate"), "nextInvoiceDate"),
        cycle=text(reference(sent, "billingCycle"), "name"),
        currency=text(reference(sent, "currency"), "currencyCode"),
    )


def read_addition(sent: Mapping[str, Any], agreement_id: int) -> Addition:
    """Read an addition; raises Unreadable. A quantity that is left out is 1, as the server has it (*assumed*)."""
    product = reference(sent, "product")
    quantity = exact(sent.get("quantity"), "quantity")
    carried: list[tuple[str, Any]] = [(name, sent[name]) for name in _FLAGS if isinstance(sent.get(name), bool)]
    carried += [(name, {"id": identity(sent[name])}) for name in _REFERENCES if sent.get(name)]
    sequence = exact(sent.get("sequenceNumber"), "sequenceNumber")
    if sequence is not None:
        carried.append(("sequenceNumber", sequence))
    return Addition(
        id=identity(sent),
        agreement_id=agreement_id,
        product_id=identity(product) if product else 0,
        product=text(product, "identifier"),
        quantity=Decimal(1) if quantity is None else quantity,
        less_included=exact(sent.get("lessIncluded"), "lessIncluded") or Decimal(0),
        unit_price=exact(sent.get("unitPrice"), "unitPrice"),
        unit_cost=exact(sent.get("unitCost"), "unitCost"),
        bill_customer=text(sent, "billCustomer") or "Billable",
        begins=day(sent.get("effectiveDate"), "effectiveDate"),
        cancelled=day(sent.get("cancelledDate"), "cancelledDate"),
        serial=text(sent, "serialNumber"),
        carried=tuple(sorted(carried, key=lambda pair: pair[0])),
    )


def read_product(sent: Mapping[str, Any]) -> Product:
    """Read an item of the catalogue; raises Unreadable."""
    return Product(
        id=identity(sent),
        identifier=text(sent, "identifier"),
        description=text(sent, "description"),
        product_class=text(sent, "productClass"),
        price=exact(sent.get("price"), "price"),
        cost=exact(sent.get("cost"), "cost"),
        is_inactive=sent.get("inactiveFlag") is True,
    )


def identity(sent: object) -> int:
    """The id of a record or a reference; raises Unreadable where there is none."""
    found = sent.get("id") if isinstance(sent, Mapping) else None
    if type(found) is not int or found <= 0:
        raise Unreadable("a record has no id")
    return found


def reference(sent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A reference inside a record, empty where there is none."""
    found = sent.get(name)
    return found if isinstance(found, Mapping) else {}


def text(sent: Mapping[str, Any], name: str) -> str:
    """A text inside a record, empty where there is none."""
    found = sent.get(name)
    return "" if found is None else str(found)
