"""What callbacks can be about: the types, the collections behind each, and the field that a level looks at.

Types and levels are documented; which field a level means is documented by its name only, and the odd ones (`class`,
`vendor`, `location`) are assumed. Knows no store.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

OWNER = "owner"
COMPANIES = "/company/companies"
UNNUMBERED = ""  # the objects of the level are no records: nothing to compare an objectId with


class Subject(NamedTuple):
    """A type of callback: where its records are, and its levels beside owner, by the field that must hold the object.

    `a/b` reaches into the company that field `a` refers to.
    """

    collections: tuple[str, ...]
    fields: Mapping[str, str] = MappingProxyType({})

    @property
    def levels(self) -> tuple[str, ...]:
        """The names of the levels, in small letters."""
        return (OWNER, *self.fields)


SUBJECTS: Mapping[str, Subject] = {
    "activity": Subject(
        ("/sales/activities",), {"status": "status", "type": "type", "company": "company", "activity": "id"}
    ),
    "agreement": Subject(("/finance/agreements",), {"type": "type", "company": "company", "agreement": "id"}),
    "company": Subject(
        (COMPANIES,),
        {"status": "status", "type": "types", "territory": "territory", "company": "id", "integratortag": UNNUMBERED},
    ),
    "configuration": Subject(("/company/configurations",), {"type": "type", "status": "status", "configuration": "id"}),
    "contact": Subject(
        ("/company/contacts",),
        {"type": "types", "territory": "company/territory", "company": "company", "contact": "id"},
    ),
    "expense": Subject(
        ("/expense/entries",),
        {"chargetotype": UNNUMBERED, "type": "type", "class": "classification", "company": "company", "expense": "id"},
    ),
    "invoice": Subject(("/finance/invoices",), {"status": "status", "company": "company", "invoice": "id"}),
    "member": Subject(
        ("/system/members",), {"location": "defaultLocation", "securityrole": "securityRole", "member": "id"}
    ),
    "opportunity": Subject(
        ("/sales/opportunities",), {"statusid": "status", "company": "company", "opportunity": "id"}
    ),
    "productcatalog": Subject(("/procurement/catalog",)),
    "project": Subject(("/project/projects",), {"status": "status", "board": "board", "project": "id"}),
    "purchaseorder": Subject(
        ("/procurement/purchaseorders",),
        {"status": "status", "vendor": "vendorCompany", "company": "customerCompany", "purchaseorder": "id"},
    ),
    "schedule": Subject(
        ("/schedule/entries",),
        {"status": "status", "type": "type", "location": "where", "member": "member", "schedule": "id"},
    ),
    "site": Subject((f"{COMPANIES}/{{parentId}}/sites",), {"company": "company", "site": "id"}),  # levels are assumed
    "ticket": Subject(
        ("/service/tickets", "/project/tickets"),
        {
            "board": "board",
            "project": "project",
            "phase": "phase",
            "status": "status",
            "ticket": "id",
            "integratortag": UNNUMBERED,
        },
    ),
    "time": Subject(("/time/entries",), {"company": "company", "time": "id"}),
}
LEVELS: Mapping[str, tuple[str, ...]] = {name: one.levels for name, one in SUBJECTS.items()}


class Way(NamedTuple):
    """How a write to a collection becomes news: the type, its collection, and whether the write was to a child."""

    type: str
    collection: str
    nested: bool = False


def ways() -> dict[str, Way]:
    """The collections that are a type's own."""
    return {where: Way(name, where) for name, one in SUBJECTS.items() for where in one.collections}


def way_of(collection: str, own: Mapping[str, Way]) -> Way | None:
    """How a write to any collection becomes news: its own, or as a change of the record that encloses it."""
    found = own.get(collection)
    if found is not None:
        return found
    outer, nested, _ = collection.partition("/{")
    above = own.get(outer) if nested else None
    return None if above is None else Way(above.type, outer, nested=True)
