"""A company of the server as a row of the mirror.

Knows the few members of a company that a sync asks for; a member that is missing or null is empty (*captured*: newer
servers leave nulls out).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from integration.errors import ProtocolFault
from integration.store.connections import Filters
from integration.store.mirror import DELETED, FILTERED, PRESENT
from integration.sync.names import folded
from integration.sync.query import is_wanted


def mirror_row(company: Mapping[str, Any], connection_id: int, run_id: int) -> dict[str, Any]:
    """Turn one company into a row, present unless it is deleted.

    Raises ProtocolFault when it has no id: the answer is then not a list of companies.
    """
    key = company.get("id")
    if type(key) is not int:
        raise ProtocolFault("the server listed a company without an id")
    name = _text(company.get("name"))
    info = company.get("_info")
    return {
        "connection_id": connection_id,
        "id": key,
        "identifier": _text(company.get("identifier")),
        "name": name,
        "name_key": folded(name),
        "status": _text(_member(company.get("status"), "name")),
        "types": orjson.dumps([_text(_member(kind, "name")) for kind in company.get("types") or ()]).decode(),
        "last_updated": _text(_member(info, "lastUpdated")),
        "presence": DELETED if company.get("deletedFlag") is True else PRESENT,
        "seen_run": run_id,
    }


def sorted_side(row: Mapping[str, Any], filters: Filters) -> str:
    """Tell on which side of `filters` a changed company is now: present, filtered or deleted."""
    if row["presence"] == DELETED:
        return DELETED
    return PRESENT if is_wanted(filters, row["status"], orjson.loads(row["types"])) else FILTERED


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: object) -> str:
    return value.replace("\x00", "") if isinstance(value, str) else ""
