"""Stock: what is on hand in which bin, worked out from what was adjusted, received and picked.

Every adjustment counts, closed or not; what is picked has left (both assumed). A piece with a serial number is on hand
until a picking or a negative adjustment names it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Look, Record
from mockcw.errors import NotFound
from mockcw.rules.posting import LINES, received

CATALOG = "/procurement/catalog"
DETAILS = "/procurement/adjustments/{parentId}/details"
PRODUCTS = "/procurement/products"
PICKS = "/procurement/products/{parentId}/pickingShippingDetails"
BINS = "/procurement/warehouseBins"
SERIALS = "/procurement/onhandserialnumbers"
SOURCES = (DETAILS, LINES, PRODUCTS, PICKS, CATALOG, BINS)
SEPARATOR = re.compile(r"[,;\r\n]+")
SERIALS_A_SOURCE = 1000  # so many serial numbers of one line or detail get ids of their own


@dataclass(frozen=True, slots=True)
class Movement:
    """Pieces of an item that came into a bin, or left it where the quantity is negative."""

    item: int
    bin: int | None
    quantity: int
    serials: tuple[tuple[int, str], ...] = ()  # id and text; of pieces that left the id is 0 where nobody knows it


def texts(value: object) -> list[str]:
    """The serial numbers in a text."""
    parts = (part.strip() for part in SEPARATOR.split(str(value or "")))
    return [part for part in parts if part][:SERIALS_A_SOURCE]


def numbered(source: int, value: object, offset: int) -> tuple[tuple[int, str], ...]:
    """The serial numbers in a text with ids that stay theirs: made of the source's id and their place."""
    return tuple((2 * (source * SERIALS_A_SOURCE + at) + offset, text) for at, text in enumerate(texts(value)))


def key(record: Record, name: str) -> int | None:
    """The id that a record refers to by a field."""
    return (record.get(name) or {}).get("id")


def adjusted(details: Iterable[Record]) -> Iterator[Movement]:
    """What adjustments brought or took."""
    for one in details:
        item, quantity = key(one, "catalogItem"), int(one.get("quantityAdjusted") or 0)
        if item:
            named = numbered(one["id"], one.get("serialNumber"), 0)
            if quantity < 0:
                named = tuple((0, text) for _, text in named)
            yield Movement(item, key(one, "warehouseBin"), quantity, named)


def arrived(lines: Iterable[Record]) -> Iterator[Movement]:
    """What was received on purchase orders."""
    for one in lines:
        item, quantity = key(one, "product"), received(one)
        if item and quantity:
            yield Movement(item, key(one, "warehouseBin"), quantity, numbered(one["id"], one.get("serialNumbers"), 1))


def picked(look: Look, picks: Iterable[Record]) -> Iterator[Movement]:
    """What was picked for products; what was shipped was picked before."""
    for one in picks:
        product = look.get(PRODUCTS, key(one, "productItem") or 0) or {}
        item, quantity = (
            key(product, "catalogItem"),
            max(one.get("pickedQuantity") or 0, one.get("shippedQuantity") or 0),
        )
        if item and quantity:
            named = [(0, text) for text in texts(one.get("serialNumber"))]
            named += [(number, "") for number in one.get("serialNumberIds") or () if number]
            yield Movement(item, key(one, "warehouseBin"), -quantity, tuple(named))


def of_item(look: Look, item: int) -> list[Movement]:
    """All movements of an item."""
    products = look.find(PRODUCTS, catalogItem__id=item)
    picks = [pick for product in products for pick in look.find(PICKS, parent=product["id"])]
    details, lines = look.find(DETAILS, catalogItem__id=item), look.find(LINES, product__id=item)
    return [*adjusted(details), *arrived(lines), *picked(look, picks)]


def of_bin(look: Look, bin_id: int) -> list[Movement]:
    """All movements in a bin."""
    found = (look.find(collection, warehouseBin__id=bin_id) for collection in (DETAILS, LINES, PICKS))
    details, lines, picks = found
    return [*adjusted(details), *arrived(lines), *picked(look, picks)]


def everything(look: Look) -> list[Movement]:
    """All movements."""
    return [*adjusted(look.find(DETAILS)), *arrived(look.find(LINES)), *picked(look, look.find(PICKS))]


def on_hand(movements: Iterable[Movement]) -> list[tuple[Movement, int, str]]:
    """The serial numbers still there: the movement that brought each, its id and text."""
    gone_ids: set[int] = set()
    gone: Counter[tuple[int, str]] = Counter()
    there = []
    for one in movements:
        if one.quantity > 0:
            there += [(one, number, text) for number, text in one.serials]
        else:
            gone_ids |= {number for number, _ in one.serials if number}
            gone.update((one.item, text.lower()) for number, text in one.serials if not number)
    left = []
    for one, number, text in there:
        if number in gone_ids:
            continue
        if gone[one.item, text.lower()]:
            gone[one.item, text.lower()] -= 1
            continue
        left.append((one, number, text))
    return left


# -- what is shown -----------------------------------------------------------------------------------------------------


def quantity_on_hand(act: Act) -> Record:
    """How many pieces of the item with an identifier are on hand. Raises NotFound."""
    text = str(act.ids[0])
    found = act.look.find(CATALOG, identifier=text)
    item = found[0] if found else act.look.get(CATALOG, int(text)) if text.isdecimal() and len(text) < 10 else None
    if item is None:
        raise NotFound(f"Catalog Item {text} not found")
    return {"count": sum(one.quantity for one in of_item(act.look, item["id"]))}


def place(look: Look, bin_id: int | None) -> Record:
    """A bin and its warehouse as references."""
    found = look.get(BINS, bin_id or 0)
    if found is None:
        return {}
    return {"warehouse": found.get("warehouse"), "warehouseBin": {"id": found["id"], "name": found.get("name") or ""}}


def item_reference(look: Look, item: int) -> Record:
    """A catalogue item as a reference."""
    found = look.get(CATALOG, item) or {}
    return {"id": item, "identifier": found.get("identifier") or "", "name": found.get("description") or ""}


def holding(look: Look, item: int, bin_id: int | None, movements: list[Movement]) -> Record:
    """What a bin holds of an item."""
    serials = [{"id": number, "serialNumber": text} for _, number, text in on_hand(movements)]
    return {
        "catalogItem": item_reference(look, item),
        **place(look, bin_id),
        "onHand": sum(one.quantity for one in movements),
        "serialNumbers": serials,
    }


def inventory(look: Look, asking: Asking) -> Iterator[Record]:
    """What each bin holds of one item, under the bin's id; pieces outside any bin are not shown."""
    movements = of_item(look, asking.parent)
    for bin_id in sorted({one.bin for one in movements if one.bin}):
        here = [one for one in movements if one.bin == bin_id]
        yield {"id": bin_id, **holding(look, asking.parent, bin_id, here)}


def bin_inventory(look: Look, asking: Asking) -> Iterator[Record]:
    """What one bin holds of each item, under the item's id."""
    movements = of_bin(look, asking.parent)
    for item in sorted({one.item for one in movements}):
        own = [one for one in movements if one.item == item]
        yield {"id": item, **holding(look, item, asking.parent, own)}


def serial_rows(look: Look, _: Asking) -> Iterator[Record]:
    """Every serial number on hand."""
    for one, number, text in on_hand(everything(look)):
        yield {"id": number, "serial": text, "catalogItem": item_reference(look, one.item), **place(look, one.bin)}


ACTIONS = (
    Action(
        "getProcurementCatalogByCatalogItemIdentifierQuantityOnHand",
        quantity_on_hand,
        "assumed",
        "Adjusted and received less picked, over all bins; an identifier is tried before an id.",
        addresses=False,
    ),
)
VIEWS = (
    View(
        "/procurement/catalog/{parentId}/inventory", SOURCES, inventory, "assumed", "What each bin holds of the item."
    ),
    View(
        "/procurement/warehouseBins/{parentId}/inventoryOnHand",
        SOURCES,
        bin_inventory,
        "assumed",
        "What the bin holds of each item.",
    ),
    View(SERIALS, SOURCES, serial_rows, "assumed", "Serial numbers that came in and were not picked."),
)
