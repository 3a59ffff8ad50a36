"""Catalogue items: an identifier of their own, a category by their subcategory, a class that stays."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Put, Refuse, Rule, WriteVerb
from mockcw.errors import FieldError
from mockcw.rules.procurement.vendors import CATALOG

SUBCATEGORIES = "/procurement/subcategories"
USERS = (  # where items are used, by the field that names them
    ("/finance/agreements/{parentId}/additions", "product__id"),
    ("/procurement/products", "catalogItem__id"),
)
CREATE: frozenset[WriteVerb] = frozenset({"create"})
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})


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


RULES = (
    Rule("catalog.identifier-unique", CATALOG, WRITES, identifier_unique, "assumed", "An identifier is used once."),
    Rule("catalog.class", CATALOG, WRITES, classed, "documented", "Class and category of an item."),
    Rule("catalog.vendor", CATALOG, WRITES, vendor, "assumed", "A vendor is of a vendor's type."),
    Rule("catalog.class-stays", CATALOG, LATER, class_stays, "assumed", "The class of a used item stays."),
)
