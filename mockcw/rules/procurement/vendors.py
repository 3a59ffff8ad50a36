"""Vendors of a catalogue item: who sells it, under which number, and who is asked first.

The rows are kept in a table of the emulator's own, since the surface publishes no collection for them. That the
preferred vendor is the item's vendor is assumed.
"""

from __future__ import annotations

from typing import Any

import orjson

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.errors import InvalidPatch, MalformedRequest, NotFound
from mockcw.rules.meant import meant

CATALOG = "/procurement/catalog"
COMPANIES = "/company/companies"
VENDORS = "~catalogVendors"
MODEL = "CatalogVendors"


def listed(act: Act) -> list[Record]:
    """The vendors of an item."""
    return act.look.find(VENDORS, catalogItemId=act.id)


def add(act: Act) -> Record:
    """Let one more company sell an item."""
    body: Record = act.body
    item = meant(act, CATALOG, "catalogItemId", body.get("catalogItemId"), "Catalog Item")
    return stored(act, item, {}, body)


def row(act: Act) -> Record:
    """The addressed vendor row. Raises NotFound where the item has no such vendor."""
    row_id = int(act.ids[1])
    found = act.look.get(VENDORS, row_id)
    if found is None or found["catalogItemId"] != act.id:
        raise NotFound(f"Catalog Vendor {row_id} not found")
    return found


def replace(act: Act) -> Record:
    """Put another vendor in a row's place."""
    return stored(act, act.here, row(act), act.body)


def patch(act: Act) -> Record:
    """Change fields of a row. Raises InvalidPatch, MalformedRequest and what a body of another kind raises."""
    found = row(act)
    values = dict(found)
    for one in operations(act):
        name = str(one.get("path")).strip("/")
        if name not in act.fields(MODEL):
            raise InvalidPatch(act.choices.patch_path_message.format(path=one.get("path")))
        verb = str(one.get("op")).lower()
        if verb not in ("add", "replace", "remove"):
            raise InvalidPatch(act.choices.patch_op_message.format(op=one.get("op")))
        values[name] = None if verb == "remove" else one.get("value")
    return stored(act, act.here, found, act.check(MODEL, orjson.dumps(values)))


def operations(act: Act) -> list[Record]:
    """The patch operations of the body."""
    try:
        given: Any = orjson.loads(act.raw)
    except orjson.JSONDecodeError:
        raise MalformedRequest(act.choices.malformed_json_message) from None
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise MalformedRequest(act.choices.patch_body_message)
    return given


def stored(act: Act, item: Record, before: Record, values: Record) -> Record:
    """Keep a row; a preferred one becomes the item's vendor and the only preferred one."""
    vendor = meant(act, COMPANIES, "vendorId", values.get("vendorId"), "Company")
    sku = values.get("vendorSku")
    others = [one for one in act.look.find(VENDORS, catalogItemId=item["id"]) if one["id"] != before.get("id")]
    if any(one["vendorId"] == vendor["id"] for one in others):
        text = act.choices.exists_message.format(caption="Catalog Vendor", field="vendorId")
        raise act.refuse("ObjectExists", text, "vendorId")
    kept: Record = {
        "catalogItemId": item["id"],
        "vendorId": vendor["id"],
        "vendorSku": sku,
        "isPreferredVendor": bool(values.get("isPreferredVendor")),
        "vendorName": vendor.get("name"),
    }
    if before:
        act.hands.keep_again(VENDORS, before["id"], kept)
    kept["id"] = before.get("id") or act.hands.keep(VENDORS, kept)
    if kept["isPreferredVendor"]:
        for one in others:
            if one["isPreferredVendor"]:
                act.hands.keep_again(VENDORS, one["id"], {**one, "isPreferredVendor": False})
        act.hands.set(CATALOG, item["id"], {"vendor": {"id": vendor["id"]}, "vendorSku": sku})
    elif before.get("isPreferredVendor"):
        act.hands.set(CATALOG, item["id"], {"vendor": None, "vendorSku": None})
    return kept


def delete(act: Act) -> None:
    """Remove a row; the item loses a vendor that was preferred."""
    found = row(act)
    act.hands.drop(VENDORS, found["id"])
    if found["isPreferredVendor"]:
        act.hands.set(CATALOG, act.id, {"vendor": None, "vendorSku": None})


def copy_vendors(act: Act, made: Record) -> Record:
    """Let the vendors of an item sell its copy, too."""
    for one in act.look.find(VENDORS, catalogItemId=act.id):
        act.hands.keep(VENDORS, {**one, "catalogItemId": made["id"]})
    return made


ACTIONS = (
    Action(
        "postProcurementCatalogVendors",
        add,
        "assumed",
        "One more vendor of an item; the preferred one becomes the item's own vendor.",
        status=201,
        addresses=False,
    ),
    Action("getProcurementCatalogVendorsByParentId", listed, "assumed", "The vendors that were added to an item."),
    Action("putProcurementCatalogByParentIdVendorsById", replace, "assumed", "Another vendor, number or preference."),
    Action("patchProcurementCatalogByParentIdVendorsByIdById", patch, "assumed", "The same, field by field."),
    Action("deleteProcurementCatalogByParentIdVendorsById", delete, "assumed", "The vendor sells the item no more."),
)
