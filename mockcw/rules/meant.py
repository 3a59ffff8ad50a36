"""The record that a reference in the body of an action means: given by id, identifier or name, as everywhere.

Actions of all families use it; knows no family. Bodies of plain creates and updates go another way: the engine
resolves their references.
"""

from __future__ import annotations

from typing import Any

from mockcw.engine.act import Act
from mockcw.engine.change import Record
from mockcw.errors import InvalidObject

INT32 = 2**31  # ids are below it
KEYS = ("id", "identifier", "name")


def meant(act: Act, collection: str, name: str, value: Any, caption: str) -> Record:
    """The record that field `name` of the body refers to. Raises InvalidObject when it leads nowhere."""
    given = value if isinstance(value, dict) else {"id": value}
    key = next((key for key in KEYS if given.get(key) not in (None, "", 0)), None)
    if key is None:
        raise act.missing(name)
    found = found_by(act, collection, key, given[key])
    if found is None:
        field = f"{name}/{key}" if isinstance(value, dict) else name
        raise nowhere(act, caption, given[key], field)
    return found


def nowhere(act: Act, caption: str, given: object, name: str) -> InvalidObject:
    """The error of a body whose field `name` leads to no record."""
    return act.refuse("NotFound", f"{caption} {given} not found", name)


def found_by(act: Act, collection: str, key: str, given: Any) -> Record | None:
    """The record whose id, identifier or name is given."""
    if key == "id":
        known = isinstance(given, int) and not isinstance(given, bool) and 0 < given < INT32
        return act.look.get(collection, given) if known else None
    return next(iter(act.look.find(collection, None, **{key: given})), None) if isinstance(given, str) else None
