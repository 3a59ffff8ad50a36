"""Catalogue items: an identifier of their own, a category by their subcategory, a class that stays."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mockcw.engine.change import Change, Effect, Put, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import FieldError
from mockcw.rules.money import money, number
from mockcw.rules.procurement.vendors import CATALOG

SUBCATEGORIES = "/procurement/subcategories"
PARTS = "/procurement/catalog/{parentId}/components"
CALCULATED = {"calculatedPrice": "price", "calculatedCost": "cost"}
USERS = (  # where items are used, by the field that names them
    ("/finance/agreements/{parentId}/additions", "product__id"),
    ("/procurement/products", "catalogItem__id"),
)
CREATE: frozenset[WriteVerb] = frozenset({"create"})
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
WHOLE: frozenset[WriteVerb] = frozenset({"create", "replace"})
EVERY: frozenset[WriteVerb] = frozenset({"create", "replace", "patch", "delete"})


def identifier_unique(change: Change) -> Iterator[Effect]:
    """An identifier is used once, in any letter case (assumed; the text, too)."""
    identifier = change.after.get("identifier")
    if not identifier or change.choices.catalog_twins == "allow" or "identifier" not in change.given:
        return
    if any(one["id"] != change.record_id for one in change.look.find(CATALOG, identifier=identifier)):
        text = change.choices.exists_message.format(caption=change.caption, field="identifier")
        yield Refuse(FieldError("ObjectExists", text, change.resource, "identifier"))


def classed(change: Change) -> Iterator[Effect]:
    """An item is not kept in stock unless it says so (published); its category is its subcategory's (assumed)."""
    if not change.after.get("productClass"):
        yield Put({"productClass": "NonInventory"})
    row = change.look.get(SUBCATEGORIES, (change.after.get("subcategory") or {}).get("id") or 0) or {}
    if row.get("category"):
        yield Put({"category": {"id": row["category"]["id"]}})


def vendor(change: Change) -> Iterator[Effect]:
    """The vendor is a company of a vendor's type, where the setting asks for that (assumed)."""
    number = (change.after.get("vendor") or {}).get("id")
    if change.choices.vendor_reference == "any" or not number or "vendor" not in change.given:
        return
    if not (change.look.get("/company/companies", number) or {}).get("isVendorFlag"):
        yield Refuse(FieldError("NotFound", f"Vendor {number} not found", change.resource, "vendor/id"))


def class_stays(change: Change) -> Iterator[Effect]:
    """The class of an item that is used somewhere does not change (assumed)."""
    before, now = (change.before or {}).get("productClass"), change.after.get("productClass")
    if before in (None, now) or change.choices.used_item_class == "change":
        return
    if any(change.look.find(collection, **{field: change.record_id}) for collection, field in USERS):
        text = change.choices.used_item_class_message
        yield Refuse(FieldError("InvalidField", text, change.resource, "productClass"))


def calculated(change: Change) -> Iterator[Effect]:
    """An item whose flags say so shows what its components come to (published fields; the sums are assumed)."""
    found = sums(change.look.find(PARTS, change.record_id)) if change.before is not None else sums([])
    yield Put({name: found[name] if change.after.get(f"{name}Flag") else None for name in CALCULATED})


def component_counts(change: Change) -> Iterator[Effect]:
    """A component that comes, changes or goes changes what its item comes to."""
    item_id = change.parents[-1]
    item = change.look.get(CATALOG, item_id) or {}
    parts = [one for one in change.look.find(PARTS, item_id) if one["id"] != change.record_id]
    found = sums(parts if change.verb == "delete" else [*parts, change.after])
    values = {name: found[name] for name in CALCULATED if item.get(f"{name}Flag")}
    if values:
        yield Write(CATALOG, item_id, values)


def from_item(change: Change) -> Iterator[Effect]:
    """A component costs what its item does, unless it says otherwise (assumed)."""
    item = change.look.get(CATALOG, (change.after.get("catalogItem") or {}).get("id") or 0) or {}
    yield Put({name: item[name] for name in ("price", "cost") if name in item and change.after.get(name) is None})


def sums(parts: list[Record]) -> dict[str, float]:
    """What components come to, by field of the item."""
    return {
        name: number(sum((money(one.get("quantity")) * money(one.get(each)) for one in parts), Decimal(0)))
        for name, each in CALCULATED.items()
    }


RULES = (
    Rule("catalog.identifier-unique", CATALOG, WRITES, identifier_unique, "assumed", "An identifier is used once."),
    Rule("catalog.class", CATALOG, WRITES, classed, "documented", "Class and category of an item."),
    Rule("catalog.vendor", CATALOG, WRITES, vendor, "assumed", "A vendor is of a vendor's type."),
    Rule("catalog.class-stays", CATALOG, LATER, class_stays, "assumed", "The class of a used item stays."),
    Rule("catalog.calculated", CATALOG, WRITES, calculated, "assumed", "What its components come to."),
    Rule("catalog-component.price", PARTS, WHOLE, from_item, "assumed", "A component costs what its item does."),
    Rule("catalog-component.counts", PARTS, EVERY, component_counts, "assumed", "An item comes to its components."),
)
