"""The connection test, and the button that checks permissions.

Knows what they read; the connection test follows the SonicSaaS guide (step 4; step 1, rows My Company and Table Setup;
step 6, item 1), the check of permissions the Managed Backup guide (Authentication, Check Permissions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.errors import CannotTell
from conformance.reproduce.needs import EVERY, needs
from conformance.reproduce.outcome import Outcome, Right
from conformance.reproduce.vendor import Vendor

DEPTH = {"None": 0, "My": 1, "All": 2}


def connection_test(vendor: Vendor, options: Mapping[str, Any]) -> Outcome:
    """Read the version, then one thing of the own company and one reference list; raises Refused."""
    facts = vendor.need("GET", "/system/info")
    version = facts.get("version") if isinstance(facts, dict) else None
    if not version:
        raise CannotTell("GET /system/info names no version")
    vendor.need("GET", "/system/myCompany/other", {"pageSize": 1})
    vendor.need("GET", "/service/boards", {"pageSize": 1})
    return Outcome(True, f"Connected. ConnectWise version {version}.")


def check_permissions(vendor: Vendor, options: Mapping[str, Any]) -> Outcome:
    """Read the rights of the key and hold them against the matrix of the vendor's guide; raises Refused."""
    lacks = missing(held_rights(vendor), needs().get(vendor.profile, ()))
    if lacks:
        sees = f"Check Permissions lists what is missing: {len(lacks)} in all."
        return Outcome(False, sees, tuple(f"missing: {right}" for right in lacks), lacks=lacks)
    return Outcome(True, "Check Permissions finds nothing missing.")


def held_rights(vendor: Vendor) -> dict[tuple[str, str, str], str]:
    """The level of each cell that the caller's role has, by module, area and action; raises Refused."""
    held = {}
    for row in vendor.rows("/system/mySecurity"):
        for action in ("Add", "Edit", "Delete", "Inquire"):
            cell = (str(row.get("moduleName")), str(row.get("moduleFunctionName")), action)
            held[cell] = str(row.get(f"{action.lower()}Level") or "None")
    return held


def missing(held: Mapping[tuple[str, str, str], str], asked: Iterable[Right]) -> tuple[Right, ...]:
    """The cells asked for whose level is lower than asked."""
    wanted: list[Right] = []
    for right in asked:
        if right.module == EVERY:
            wanted += [Right(*cell[:2], right.action, right.level) for cell in held if cell[2] == right.action]
        else:
            wanted.append(right)
    return tuple(r for r in wanted if DEPTH.get(held.get((r.module, r.area, r.action), "None"), 0) < DEPTH[r.level])
