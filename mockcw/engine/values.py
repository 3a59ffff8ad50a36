"""Single JSON values as a field takes them: texts, numbers, flags, dates, enumerations. Knows no records."""

from __future__ import annotations

import math
import re
from typing import Any

import orjson

from mockcw.catalogue import Field
from mockcw.clock import from_text, to_text

CLR = {"integer": "System.Nullable`1[System.Int32]", "number": "System.Nullable`1[System.Decimal]"}
NUMBER = re.compile(r"-?\d{1,28}(\.\d{1,28})?$")  # what a .NET decimal holds
STRICT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
INT32 = 2**31


class Wrong(Exception):
    """A value of the wrong type, before it is known where in the text it stands."""

    def __init__(self, template: str) -> None:
        super().__init__(template)
        self.template = template


def coerce(field: Field, item: Any) -> Any:
    """A scalar as the field's type; text for numbers and numbers for text are taken (clients rely on it).

    A field of type object holds any value: a custom field's is a scalar (captured).
    """
    if field.type == "string":
        return _text(field, item)
    if field.type == "boolean":
        return _flag(item)
    if field.type in ("integer", "number"):
        return _number(field, item)
    return item


def strictly_written(item: Any) -> bool:
    """Whether a date is written in the one form that all fields take: UTC, whole seconds, `Z`."""
    if not isinstance(item, str) or not STRICT.fullmatch(item):
        return False
    try:
        from_text(item)
    except ValueError:
        return False
    return True


def _text(field: Field, item: Any) -> str | None:
    if isinstance(item, dict | list):
        raise Wrong(f"Error converting value {shown(item)} to type 'System.String'.")
    text = item if isinstance(item, str) else orjson.dumps(item).decode()
    if field.format != "date-time":
        return enum_spelling(field, text)
    if not text:
        return None
    try:
        return to_text(from_text(text))
    except (ValueError, OverflowError):
        raise Wrong("String was not recognized as a valid DateTime.") from None


def enum_spelling(field: Field, text: str) -> str:
    """The published spelling of an enumeration value written in another case."""
    if field.enum is None or text in field.enum:
        return text
    return next((value for value in field.enum if value.lower() == text.lower()), text)


def _flag(item: Any) -> bool:
    if isinstance(item, bool):
        return item
    if isinstance(item, str) and item.strip().lower() in ("true", "false"):
        return item.strip().lower() == "true"
    raise Wrong("String was not recognized as a valid Boolean.")


def _number(field: Field, item: Any) -> int | float | None:
    if isinstance(item, str):
        if not item.strip():
            return None
        if NUMBER.match(item.strip()):
            item = float(item) if "." in item else int(item)
    if isinstance(item, bool) or not isinstance(item, int | float) or not math.isfinite(item):
        raise Wrong(f"Error converting value {shown(item)} to type '{clr_name(field)}'.")
    if field.type == "integer":
        if item != int(item) or not -INT32 <= item < INT32:
            raise Wrong(f"Error converting value {shown(item)} to type '{clr_name(field)}'.")
        return int(item)
    return item


def clr_name(field: Field) -> str:
    """The .NET type name an error text shows for a field (captured form; the name space is assumed)."""
    return CLR.get(field.type) or f"ConnectWise.Apis.v3_0.{field.ref or field.type}"


def shown(item: Any) -> str:
    """A value as the reader prints it in an error."""
    if isinstance(item, str):
        return f'"{item}"'
    try:
        return orjson.dumps(item, default=str).decode()
    except orjson.JSONEncodeError:  # nested deeper than it writes
        return "..."
