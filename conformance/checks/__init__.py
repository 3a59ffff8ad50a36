"""The wire checks: one module a subject, listed here by hand; a new module is a line in `MODULES`."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.checks import (
    bad_input,
    companies,
    credentials,
    discovery,
    emulator,
    envelope,
    members,
    paging,
    patching,
    permissions,
    query_language,
    selection,
    tables,
)
from conformance.checks.check import Check, check
from conformance.errors import HarnessFault

MODULES = (
    discovery,
    credentials,
    permissions,
    envelope,
    paging,
    query_language,
    selection,
    companies,
    patching,
    tables,
    members,
    bad_input,
    emulator,
)


def all_checks() -> Mapping[str, Check]:
    """Every check by the id of its requirement; raises HarnessFault when two judge one requirement."""
    listed = [one for module in MODULES for one in module.CHECKS]
    found = {one.id: one for one in listed}
    if len(found) != len(listed):
        raise HarnessFault("two checks bear one requirement id")
    return found


__all__ = ["Check", "all_checks", "check"]
