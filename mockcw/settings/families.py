"""Short names for kinds of records, as settings that are about some kinds and not about others use them.

Knows under which addresses the API keeps each kind; does not know what a record holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "activities": ("/sales/activities",),
        "additions": ("/finance/agreements/{parentId}/additions",),
        "adjustments": ("/finance/agreements/{parentId}/adjustments",),
        "agreements": ("/finance/agreements",),
        "catalog": ("/procurement/catalog",),
        "companies": ("/company/companies",),
        "configurations": ("/company/configurations",),
        "contacts": ("/company/contacts",),
        "expenses": ("/expense/entries",),
        "invoices": ("/finance/invoices",),
        "members": ("/system/members",),
        "opportunities": ("/sales/opportunities",),
        "orders": ("/sales/orders",),
        "products": ("/procurement/products",),
        "projects": ("/project/projects",),
        "purchaseorders": ("/procurement/purchaseorders",),
        "schedule": ("/schedule/entries",),
        "sites": ("/company/companies/{parentId}/sites",),
        "tickets": ("/service/tickets", "/project/tickets"),
        "time": ("/time/entries",),
    }
)
SPAN = re.compile(r"\d{1,6}")


def collections_of(names: str) -> frozenset[str]:
    """The collections of the kinds that a text names, separated by commas. Raises ValueError with what is wrong."""
    return frozenset(place for name in listed(names) for place in addresses(name))


def seconds_of(spans: str) -> Mapping[str, int]:
    """The seconds that a text such as `agreements=180,tickets=30` says for each collection of the kinds it names.

    Raises ValueError with what is wrong.
    """
    found: dict[str, int] = {}
    for one in listed(spans):
        name, _, span = (part.strip() for part in one.partition("="))
        if not SPAN.fullmatch(span):
            raise ValueError(f"must look like agreements=180,tickets=30, not {spans!r}")
        found.update(dict.fromkeys(addresses(name), int(span)))
    return MappingProxyType(found)


def listed(text: str) -> list[str]:
    """The items of a text that separates them by commas."""
    return [one for item in text.split(",") if (one := item.strip())]


def addresses(name: str) -> tuple[str, ...]:
    """The collections of a kind. Raises ValueError with the kinds there are."""
    if name not in FAMILIES:
        raise ValueError(f"names {name!r}, and there are {', '.join(FAMILIES)}")
    return FAMILIES[name]
