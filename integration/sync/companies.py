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
from integration.store.mirror import DELETED, FILTERED, PRESENT
from integration.sync.names import folded
from integration.sync.query import is_wanted

Row = dict[str, Any]


def mirror_rows(companies: Iterable[Mapping[str, Any]], connection_id: int, run_id: int) -> list[Row]:
    """Turn a page of companies into rows, each present unless it is deleted.

    Raises ProtocolFault when one has no id: the answer is then not a list of companies.
    """
    rows: list[Row] = []
    types_seen: dict[tuple[str, ...], str] = {}
    for company in companies:
        get = company.get
        key = get("id")
        if type(key) is not int:
            raise ProtocolFault("the server listed a company without an id")
        name = _text(get("name"))
        kinds = tuple([_member(kind, "name") for kind in get("types") or ()])
        types = types_seen.get(kinds)
        if types is None:
            types = types_seen[kinds] = orjson.dumps(kinds).decode()
        rows.append(
            {
                "connection_id": connection_id,
                "id": key,
                "identifier": _text(get("identifier")),
                "name": name,
                "name_key": folded(name),
                "status": _member(get("status"), "name"),
                "types": types,
                "last_updated": _member(get("_info"), "lastUpdated"),
                "presence": DELETED if get("deletedFlag") is True else PRESENT,
                "seen_run": run_id,
            }
        )
    return rows


def sorted_side(row: Mapping[str, Any], filters: Filters) -> str:
    """Tell on which side of `filters` a changed company is now: present, filtered or deleted."""
    if row["presence"] == DELETED:
        return DELETED
    return PRESENT if is_wanted(filters, row["status"], orjson.loads(row["types"])) else FILTERED


def _member(value: object, name: str) -> str:
    return _text(value.get(name)) if isinstance(value, dict) else ""


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    # PostgreSQL cannot keep a NUL, and servers have been seen to send them.
    return value.replace("\x00", "") if "\x00" in value else value
