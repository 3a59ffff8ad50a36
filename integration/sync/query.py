"""What is asked of the server: a stream, filters and a moment, written in the API's query language.

Knows the query language as far as a sync needs it; sends nothing. A full run lets the server filter. An incremental run
asks for everything that changed, deleted and filtered-out records included, and sorts it here: otherwise a company that
changed its type would never be seen to leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from integration.clock import wire_time
from integration.errors import WrongUse
from integration.profile import Stream
from integration.store.connections import Filters


def filter_parameters(stream: Stream, filters: Filters) -> dict[str, str]:
    """Write the conditions of a full run, and of the count that it must agree with.

    Types are an array, so they go to childConditions (*documented*), where `in` is not allowed: hence the `or`.
    """
    conditions = [stream.live, *(f"{stream.status_path}!={quoted(name)}" for name in filters.excluded_statuses)]
    parameters = {"conditions": " and ".join(conditions)}
    if filters.types:
        parameters["childConditions"] = " or ".join(f"{stream.type_path}={quoted(name)}" for name in filters.types)
    return parameters


def change_parameters(since: datetime) -> dict[str, str]:
    """Write the condition of an incremental run; `lastUpdated` is usable on every record (*captured*)."""
    return {"conditions": f"lastUpdated>[{wire_time(since)}]"}


def page_parameters(stream: Stream, page_size: int, mark: Mapping[str, str]) -> dict[str, str]:
    """Write what every page asks for: its size, the few fields that are kept, and where it begins."""
    return {"pageSize": str(page_size), "fields": ",".join(stream.fields), **mark}


def quoted(name: str) -> str:
    r"""Write a text as a literal; a quote inside becomes `\"` (*captured* from clients).

    Raises WrongUse for control characters, which no name of a type or status holds.
    """
    if not name.isprintable():
        raise WrongUse(f"{name!r} cannot be the name of a type or status")
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def is_wanted(filters: Filters, status: str, types: Sequence[str]) -> bool:
    """Tell whether a company passes `filters`, as the server would: names without regard to case."""
    if status.casefold() in {name.casefold() for name in filters.excluded_statuses}:
        return False
    wanted = {name.casefold() for name in filters.types}
    return not wanted or any(name.casefold() in wanted for name in types)
