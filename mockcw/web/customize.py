"""The Customize lists of a role through the control API: which of their items are on the disallow side.

The lists are the emulator's own table, since the real API only shows a caller's own items. Knows which items there
are; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict

from mockcw.catalogue import Catalogue
from mockcw.errors import NotFound
from mockcw.permissions.records import CUSTOMIZE
from mockcw.pipeline.world import Tenant
from mockcw.web.identity import require_role

TABLES = "SystemTableSetup"
TYPES = {"CompanyConfigurations": "/company/configurations/types", "FinanceAgreements": "/finance/agreements/types"}
NEAREST = 3
LEAST_LIKE = 0.4


class CustomizeItem(BaseModel):
    """One item of a Customize list, and on which side it is."""

    model_config = ConfigDict(extra="ignore")

    identifier: str
    item: str
    allowed: bool = False


def read_customize(tenant: Tenant, role_id: int) -> list[dict[str, Any]]:
    """The items that were ever put on a side; all others are allowed. Raises NotFound."""
    require_role(tenant, role_id)
    return [
        {"identifier": one["customizeIdentifier"], "item": one["itemIdentifier"], "allowed": one["allowed"]}
        for one in tenant.engine.look.find(CUSTOMIZE, roleId=role_id)
    ]


def write_customize(
    tenant: Tenant, catalogue: Catalogue, role_id: int, items: Iterable[CustomizeItem]
) -> list[dict[str, Any]]:
    """Put items on a side; an unknown identifier or item is refused before anything changes. Raises NotFound."""
    read_customize(tenant, role_id)
    wanted = {named(tenant, catalogue, one.identifier, one.item): one.allowed for one in items}
    store = tenant.store
    with store.transaction():
        known = {
            (one["customizeIdentifier"], one["itemIdentifier"]): one
            for one in tenant.engine.look.find(CUSTOMIZE, roleId=role_id)
        }
        for (identifier, item), allowed in wanted.items():
            record = known.get((identifier, item))
            if record is not None:
                store.update(CUSTOMIZE, record["id"], orjson.dumps({**record, "allowed": allowed}))
                continue
            record_id = store.next_id(CUSTOMIZE)
            plain = {"id": record_id, "roleId": role_id, "customizeIdentifier": identifier, "itemIdentifier": item}
            store.insert(CUSTOMIZE, record_id, orjson.dumps({**plain, "allowed": allowed}))
    return read_customize(tenant, role_id)


def named(tenant: Tenant, catalogue: Catalogue, identifier: str, item: str) -> tuple[str, str]:
    """Identifier and item as they are spelled. Raises NotFound with the nearest names."""
    lists = items_there_are(tenant, catalogue)
    identifier = one_of(identifier, lists, "Customize identifier")
    if not lists[identifier]:
        raise NotFound(f"nothing here depends on the Customize list {identifier}, so it has no items")
    return identifier, one_of(item, lists[identifier], f"item of {identifier}")


def one_of(text: str, names: Iterable[str], what: str) -> str:
    """The name that a text spells, letter case aside. Raises NotFound."""
    known = {name.casefold(): name for name in names}
    found = known.get(" ".join(text.split()).casefold())
    if found is None:
        near = [known[one] for one in get_close_matches(text.casefold(), known, NEAREST, LEAST_LIKE)]
        raise NotFound(f"no {what} {text!r}; " + (f"near it: {', '.join(near)}" if near else "none is like it"))
    return found


def items_there_are(tenant: Tenant, catalogue: Catalogue) -> Mapping[str, list[str]]:
    """The items of each Customize list; a list that gates nothing here has none."""
    lists: dict[str, list[str]] = {area.customize: [] for area in catalogue.areas if area.customize}
    tables = {one.permission.setup_table for one in catalogue.operations}
    lists[TABLES] = sorted(name for name in tables if name and "(" not in name)
    for identifier, collection in TYPES.items():
        lists[identifier] = [str(one["name"]) for one in tenant.engine.look.find(collection)]
    return lists
