"""How much of everything a demo size holds; knows numbers only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mockcw.errors import MockcwError


@dataclass(frozen=True, slots=True)
class Plan:
    """Numbers of records; `records` says whether there is anything beyond setup tables, members and companies."""

    name: str
    companies: int
    contacts: int = 0
    configurations: int = 0
    tickets: int = 0
    agreements: int = 0
    technicians: int = 0
    opportunities: int = 0
    activities: int = 0
    projects: int = 0
    invoices: int = 0
    products: int = 0
    orders: int = 0
    purchase_orders: int = 0
    expenses: int = 0

    @property
    def records(self) -> bool:
        """Whether the companies have contacts, tickets and the rest."""
        return self.contacts > 0


SMALL = Plan(
    "small", 40, contacts=120, configurations=160, tickets=200, agreements=30, technicians=6, opportunities=16,
    activities=30, projects=4, invoices=30, products=20, orders=5, purchase_orders=6, expenses=12,
)  # fmt: skip
MSP = Plan(
    "msp", 200, contacts=2000, configurations=5000, tickets=10_000, agreements=500, technicians=20, opportunities=300,
    activities=1000, projects=40, invoices=600, products=300, orders=60, purchase_orders=60, expenses=200,
)  # fmt: skip
LARGE = Plan(
    "large", 2000, contacts=20_000, configurations=50_000, tickets=50_000, agreements=5000, technicians=60,
    opportunities=2000, activities=5000, projects=200, invoices=6000, products=2000, orders=400, purchase_orders=400,
    expenses=1000,
)  # fmt: skip
SIZES: Mapping[str, Plan] = {"empty": Plan("empty", 0), "small": SMALL, "msp": MSP, "large": LARGE}
MOST_TICKETS = 1_000_000


def plan_of(demo: str | int, tickets: int | None = None) -> Plan:
    """The plan of a size by name, or of a number of companies with nothing else; `tickets` replaces their number.

    Raises MockcwError for a size that does not exist and for tickets where there is no place for them.
    """
    if isinstance(demo, int) and not isinstance(demo, bool) and demo >= 0:
        plan = Plan(str(demo), demo)
    elif isinstance(demo, str) and demo in SIZES:
        plan = SIZES[demo]
    else:
        raise MockcwError(f"no demo data named {demo!r}: choose one of {', '.join(SIZES)}, or a number of companies")
    if tickets is None:
        return plan
    if not plan.records:
        raise MockcwError(f"demo {demo} has no contacts to enter tickets: choose small, msp or large")
    if not 0 <= tickets <= MOST_TICKETS:
        raise MockcwError(f"tickets must be between 0 and {MOST_TICKETS}, not {tickets}")
    return replace(plan, tickets=tickets)
