"""Products: what they take over from the catalogue, and how they come loose from what they were attached to.

Components and picking details answer a list where other records answer one: so it is published.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Change, Effect, Put, Record, Refuse, Rule, WriteVerb
from mockcw.errors import FieldError
from mockcw.rules.money import money, number

PRODUCTS = "/procurement/products"
COMPONENTS = "/procurement/products/{parentId}/components"
PICKS = "/procurement/products/{parentId}/pickingShippingDetails"
CATALOG = "/procurement/catalog"
LOCATIONS = "/system/locations"
DEPARTMENTS = "/system/departments"
FROM_ITEM = (
    "description",
    "customerDescription",
    "price",
    "cost",
    "unitOfMeasure",
    "productClass",
    "vendor",
    "vendorSku",
)
PLACES = ("ticket", "project", "salesOrder", "opportunity", "invoice")
DETACHED = {  # flag of the request, fields that it clears
    "removeFromTicket": ("ticket",),
    "removeFromInvoice": ("invoice",),
    "removeFromOpportunity": ("opportunity", "forecastDetailId", "forecastStatus"),
    "removeFromSalesOrder": ("salesOrder",),
    "removeFromProject": ("project", "phase"),
}


def from_item(change: Change) -> Iterator[Effect]:
    """What a new product does not say, its catalogue item does; it belongs to the writer's location."""
    after, look = change.after, change.look
    item = look.get(CATALOG, (after.get("catalogItem") or {}).get("id") or 0) or {}
    filled = {name: item[name] for name in FROM_ITEM if after.get(name) is None and item.get(name) is not None}
    filled["quantity"] = 1 if after.get("quantity") is None else after["quantity"]
    places = (("locationId", LOCATIONS, change.actor_location), ("businessUnitId", DEPARTMENTS, None))
    for name, collection, own in places:
        if after.get(name) is None:
            first = own or next((one["id"] for one in look.find(collection)), None)
            filled[name] = first
    yield Put(filled)


def extended(change: Change) -> Iterator[Effect]:
    """Extended amounts and margin follow from quantity, price and cost."""
    after = change.after
    cancelled = change.choices.product_extended_by == "remaining"
    quantity = money(after.get("quantity")) - (money(after.get("quantityCancelled")) if cancelled else 0)
    price, cost = quantity * money(after.get("price")), quantity * money(after.get("cost"))
    yield Put({"extPrice": number(price), "extCost": number(cost), "margin": number(price - cost)})


def one_place(change: Change) -> Iterator[Effect]:
    """A product is on one ticket, order, opportunity, invoice or project only, where the setting asks for that."""
    held = [name for name in PLACES if change.after.get(name)]
    loose = change.before is not None and not held  # what came loose may stay so
    if change.choices.product_places == "one" and len(held) != 1 and not loose:
        text = change.choices.product_places_message
        yield Refuse(FieldError("InvalidField", text, change.resource, held[-1] if held else PLACES[0]))


def in_order(change: Change) -> Iterator[Effect]:
    """A component without a place comes last."""
    if change.after.get("sequenceNumber") is None:
        taken = [one.get("sequenceNumber") or 0 for one in change.look.find(COMPONENTS, parent=change.parents[-1])]
        yield Put({"sequenceNumber": min(max(taken, default=0), 2**31 - 2) + 1})


def detach(act: Act) -> Record:
    """Clear what the flags say; the flags come back."""
    flags = {flag: bool(act.body.get(flag)) for flag in DETACHED}
    cleared = [name for flag, names in DETACHED.items() if flags[flag] for name in names]
    if cleared:
        act.hands.set(PRODUCTS, act.id, dict.fromkeys(cleared))
    return flags


def create(act: Act) -> list[Record]:
    """Add one nested record."""
    return [act.hands.create(act.collection, (act.id,), act.body)]


def get(act: Act) -> list[Record]:
    """The addressed record."""
    return [act.here]


def replace(act: Act) -> list[Record]:
    """Put the body in the addressed record's place."""
    return [act.hands.replace(act.collection, act.here["id"], act.raw)]


def patch(act: Act) -> list[Record]:
    """Change fields of the addressed record."""
    return [act.hands.patch(act.collection, act.here["id"], act.raw)]


LISTS = (  # how operations of the two collections end, what they do, with which status
    ("post{}", create, 201),
    ("get{}ById", get, 200),
    ("put{}ById", replace, 200),
    ("patch{}ById", patch, 200),
)
NESTED = ("ProcurementProductsByParentIdComponents", "ProcurementProductsByParentIdPickingShippingDetails")
CREATE: frozenset[WriteVerb] = frozenset({"create"})
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
RULES = (
    Rule("product.from-item", PRODUCTS, CREATE, from_item, "assumed", "A product starts as its catalogue item."),
    Rule("product.extended", PRODUCTS, WRITES, extended, "assumed", "Extended amounts follow from their factors."),
    Rule("product.place", PRODUCTS, WRITES, one_place, "assumed", "On how many records a product is."),
    Rule("component.sequence", COMPONENTS, CREATE, in_order, "assumed", "A component comes last."),
)
ACTIONS = (
    Action("postProcurementProductsByIdDetach", detach, "assumed", "The flags say what the product comes loose from."),
    *(
        Action(name.format(stem), answer, "documented", "The record, as a list of one.", status=status)
        for stem in NESTED
        for name, answer, status in LISTS
    ),
)
