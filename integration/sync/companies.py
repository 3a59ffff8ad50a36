"""Companies of the server as rows of the mirror.

Knows the few members of a company that a sync asks for; a member that is missing or null is empty (*captured*: newer
servers leave nulls out). Written for pages of a thousand: this is the one loop of a sync that runs for every company.
"""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from integration.errors import ProtocolFault
from integration.store.connections import Filters
from integration.store.mirror import DELETED, FILTERED, PRESENT, CompanyRow
from integration.sync.names import folded
from integration.sync.query import is_wanted


def mirror_rows(companies: Iterable[object], connection_id: int, run_id: int) -> list[CompanyRow]:
    """Turn a page of companies into rows, each present unless it is deleted.

    Raises ProtocolFault when one is no object or has no id: the answer is then not a list of companies.
    """
    rows = []
    types_seen: dict[tuple[str, ...], str] = {}
    for company in companies:
        if type(company) is not dict or type(company.get("id")) is not int:
            raise ProtocolFault("the server listed a company without an id")
        get = company.get
        name, identifier, status, info = get("name"), get("identifier"), get("status"), get("_info")
        if type(name) is not str:
            name = ""
        kinds = tuple([_name(kind) for kind in get("types") or ()])
        types = types_seen.get(kinds)
        if types is None:
            types = types_seen[kinds] = orjson.dumps(kinds).decode()
        rows.append(
            CompanyRow(
                connection_id,
                company["id"],
                identifier if type(identifier) is str else "",
                name,
                folded(name),
                _name(status),
                types,
                info.get("lastUpdated") or "" if type(info) is dict else "",
                DELETED if get("deletedFlag") is True else PRESENT,
                run_id,
            )
        )
    return rows


def sorted_side(row: CompanyRow, filters: Filters) -> str:
    """Tell on which side of `filters` a changed company is now: present, filtered or deleted."""
    if row.presence == DELETED:
        return DELETED
    return PRESENT if is_wanted(filters, row.status, orjson.loads(row.types)) else FILTERED


def _name(reference: object) -> str:
    name = reference.get("name") if type(reference) is dict else None
    return name if type(name) is str else ""
