"""The API's own form of a role: the list that GET /system/securityroles/{id}/settings answers.

Field names and the levels None, My, All or null are documented by the API's model.
"""

from __future__ import annotations

from typing import Any

import orjson

from mockcw.permissions.rolefile.result import Kind, Place, Problem, quoted
from mockcw.permissions.rolefile.statement import Statement
from mockcw.permissions.roles import ACTIONS


def read_records(text: str) -> tuple[list[Statement], list[Problem]]:
    """The statements of a settings list."""
    try:
        entries = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return [], [Problem(Kind.UNREADABLE, f"no JSON from column {error.colno}: {error.msg}", Place(error.lineno))]
    if not isinstance(entries, list):
        return [], [Problem(Kind.NO_ROLE, "the JSON is no list of settings, as the API answers it")]
    if not entries:
        return [], [Problem(Kind.NO_LEVEL, "the list is empty: every level is None")]
    statements, problems = [], []
    for number, entry in enumerate(entries, 1):
        place = Place(number, "entry")
        found = read_record(place, entry)
        if isinstance(found, Statement):
            statements.append(found)
        else:
            problems.append(Problem(Kind.UNREADABLE, found, place))
    return statements, problems


def read_record(place: Place, entry: Any) -> Statement | str:
    """One entry, or what is wrong with it."""
    if not isinstance(entry, dict):
        return f"not an object but {quoted(orjson.dumps(entry).decode())}"
    module, area = (entry.get(name) for name in ("moduleName", "moduleFunctionName"))
    identifier = entry.get("moduleFunctionIdentifier")
    if not isinstance(module, str) or not isinstance(area, str):
        return "moduleName and moduleFunctionName, which name the row, are not both there"
    cells = []
    for name in ACTIONS.values():
        value = entry.get(name)
        if value is not None and not isinstance(value, str):
            return f"{name} is {quoted(orjson.dumps(value).decode())} and no level"
        cells.append(value if value and value.strip() else None)
    add, edit, delete, inquire = cells
    return Statement(
        place,
        module,
        area,
        (add, edit, delete, inquire),
        identifier=identifier if isinstance(identifier, str) else None,
    )
