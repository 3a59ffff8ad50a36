"""Names to fields: which paths of a model may be filtered and sorted, in any letter case. Knows no literals, no SQL.

Paths go through references by `/` (captured). `lastUpdated` and `dateEntered` answer everywhere although they live in
`_info` (captured). Array members are not recognized here (captured); child conditions reach them by `child`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mockcw.catalogue import Catalogue, Field, Model
from mockcw.errors import ApiFindCondition
from mockcw.query.tree import Kind, Path

INFO = {
    "lastupdated": ("lastUpdated", Kind.DATE),
    "dateentered": ("dateEntered", Kind.DATE),
    "updatedby": ("updatedBy", Kind.TEXT),
    "enteredby": ("enteredBy", Kind.TEXT),
}
"""What every record's `_info` holds."""
FLOATING = frozenset({"lastupdated", "dateentered"})
"""Members of `_info` that may be named without it."""
CUSTOM_FIELD = {
    "id": ("id", Kind.NUMBER),
    "caption": ("caption", Kind.TEXT),
    "type": ("type", Kind.TEXT),
    "entrymethod": ("entryMethod", Kind.TEXT),
    "numberofdecimals": ("numberOfDecimals", Kind.NUMBER),
    "value": ("value", Kind.FREE),
    "connectwiseid": ("connectWiseId", Kind.TEXT),
    "rownum": ("rowNum", Kind.NUMBER),
    "userdefinedfieldrecid": ("userDefinedFieldRecId", Kind.NUMBER),
    "podid": ("podId", Kind.TEXT),
}
"""The members of a custom field on a record (captured)."""
SCALARS = {"string": Kind.TEXT, "integer": Kind.NUMBER, "number": Kind.NUMBER, "boolean": Kind.BOOLEAN}


@dataclass(frozen=True, slots=True)
class Target:
    """What a name means: the canonical path, its kind, its enumeration if it has one, and the array it is in.

    With an `array` the path begins at one of its elements; an empty path is the element itself.
    """

    path: Path
    kind: Kind
    enum: tuple[str, ...] | None = None
    array: Path | None = None


def unrecognized(name: str) -> ApiFindCondition:
    """The refusal of a name (captured), with the path as the client wrote it."""
    return ApiFindCondition(f"{name} is not a recognized name.")


def field(name: str, model: Model, catalogue: Catalogue, path_limit: int) -> Target:
    """Find a filterable field: a scalar of the model, of a reference of it, or of `_info`; a reference for `= null`.

    Raises:
        ApiFindCondition: the name is not recognized.
    """
    target = _info(name) or _walk(name.split("/"), model, catalogue, path_limit)
    if target is None:
        raise unrecognized(name)
    return target


def child(name: str, model: Model, catalogue: Catalogue, path_limit: int) -> Target:
    """Find a field of the elements of an array: `communicationItems/value`, `types/id`.

    Raises:
        ApiFindCondition: the name is not recognized, or does not lead into an array.
    """
    parts = name.split("/")
    array: list[str] = []
    here: Model | None = model
    for index, part in enumerate(parts[:path_limit]):
        found = here.find(part) if here else None
        if found is None:
            break
        array.append(found.name)
        if found.type == "array":
            target = _element(found, parts[index + 1 :], catalogue, path_limit)
            if target is None:
                break
            return Target(target.path, target.kind, target.enum, tuple(array))
        here = catalogue.model(found.ref) if found.type == "ref" and found.ref else None
    raise unrecognized(name)


def many_valued(name: str, model: Model, catalogue: Catalogue, path_limit: int) -> bool:
    """Whether a name leads into an array."""
    try:
        child(name, model, catalogue, path_limit)
    except ApiFindCondition:
        return False
    return True


def custom_field(name: str) -> Target:
    """Find a member of a custom field: `caption`, `value`.

    Raises:
        ApiFindCondition: the name is not recognized.
    """
    known = CUSTOM_FIELD.get(name.lower())
    if known is None:
        raise unrecognized(name)
    return Target((known[0],), known[1], None, ("customFields",))


def _info(name: str) -> Target | None:
    head, slash, tail = name.lower().partition("/")
    if head != "_info" or not slash or tail not in INFO:
        return None
    canonical, kind = INFO[tail]
    return Target(("_info", canonical), kind)


def _walk(parts: Sequence[str], model: Model, catalogue: Catalogue, path_limit: int) -> Target | None:
    """Follow references to a scalar or to a reference; None where the way ends elsewhere."""
    path: list[str] = []
    here: Model | None = model
    for part in parts[:path_limit]:
        found = here.find(part) if here else None
        if found is None:
            return _floating(parts)
        path.append(found.name)
        if len(path) == len(parts):
            return _leaf(found, tuple(path))
        here = catalogue.model(found.ref) if found.type == "ref" and found.ref else None
    return None


def _floating(parts: Sequence[str]) -> Target | None:
    if len(parts) != 1 or parts[0].lower() not in FLOATING:
        return None
    canonical, kind = INFO[parts[0].lower()]
    return Target(("_info", canonical), kind)


def _leaf(found: Field, path: Path) -> Target | None:
    if found.type == "ref":
        return Target(path, Kind.REFERENCE)
    kind = SCALARS.get(found.type)
    if kind is Kind.TEXT and found.format == "date-time":
        kind = Kind.DATE
    return None if kind is None else Target(path, kind, found.enum)


def _element(array: Field, parts: Sequence[str], catalogue: Catalogue, path_limit: int) -> Target | None:
    if array.ref and parts:
        return _walk(parts, catalogue.model(array.ref), catalogue, path_limit)
    if array.ref or parts or array.items is None:
        return None
    kind = SCALARS.get(array.items)
    return None if kind is None else Target((), kind, array.enum)
