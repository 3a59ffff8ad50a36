"""Links of the screens: an address with places that are filled from a record. What a place looks like is assumed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record

PLACE = re.compile(r"\[([A-Za-z_/]+)\]")
SCREENS = {
    "Company": "/company/companies",
    "Contact": "/company/contacts",
    "Service": "/service/tickets",
    "Invoice": "/finance/invoices",
    "PurchaseOrder": "/procurement/purchaseorders",
    "SalesOrder": "/sales/orders",
}


def resolve(act: Act) -> Record:
    """The link's address, each [field] of it replaced by the record's value, in any letter case."""
    number, screen = act.body["referenceId"], act.here.get("screenLink")
    record = act.reach(SCREENS[screen], number) if screen in SCREENS else {"id": number}
    if record is None:
        raise act.refuse("NotFound", f"{screen} {number} not found", "referenceId")
    values = flattened(record)

    def filled(place: re.Match[str]) -> str:
        return quote(str(values.get(place[1].lower(), "")), safe="")

    return {"referenceId": number, "url": PLACE.sub(filled, str(act.here.get("url") or ""))}


def flattened(record: Mapping[str, object]) -> dict[str, object]:
    """The values of a record by their paths in small letters, one reference deep."""
    values: dict[str, object] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            values |= {f"{name}/{inner}".lower(): one for inner, one in value.items()}
        elif value is not None:
            values[name.lower()] = value
    return values


ACTIONS = (Action("postSystemInfoLinksByIdResolveurl", resolve, "assumed", "The address for one record."),)
