"""Companies of the server as rows of the mirror.

Knows the few members of a company that a sync asks for; a member that is missing or null is empty (*captured*: newer
servers leave nulls out). Written for pages of a thousand: this is the one loop of a sync that runs for every company.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from integration.errors import ProtocolFault
from integration.store.connections import Filters
from integration.store.mirror import DELETED, FILTERED, PRESENT, CompanyRow
from integration.sync.names import folded
from integration.sync.query import is_wanted


def mirror_rows(companies: Iterable[Mapping[str, Any]], connection_id: int, run_id: int) -> list[CompanyRow]:
    """Turn a page of companies into rows, each present unless it is deleted.

    Raises ProtocolFault when one has no id: the answer is then not a list of companies.
    """
    rows = []
    types_seen: dict[tuple[str, ...], str] = {}
    for company in companies:
        get = company.get
        key, name, identifier, status, info = get("id"), get("name"), get("identifier"), get("status"), get("_info")
        if type(key) is not int:
            raise ProtocolFault("the server listed a company without an id")
        name = _text(name)
        kinds = tuple([_text(kind.get("name")) for kind in get("types") or () if isinstance(kind, dict)])
        types = types_seen.get(kinds)
        if types is None:
            types = types_seen[kinds] = orjson.dumps(kinds).decode()
        rows.append(
            CompanyRow(
                connection_id,
                key,
                _text(identifier),
                name,
                folded(name),
                _text(status.get("name")) if isinstance(status, dict) else "",
                types,
                _text(info.get("lastUpdated")) if isinstance(info, dict) else "",
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


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    # PostgreSQL cannot keep a NUL, and servers have been seen to send them.
    return value.replace("\x00", "") if "\x00" in value else value
