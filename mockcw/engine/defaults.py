"""What a record has that nobody gave: defaults of its model, and flags, which no answer lacks (captured).

Rules come first: only what they left open is filled in. Knows one model at a time; no store, no rules.
"""

from __future__ import annotations

from typing import Any

from mockcw.catalogue import Field, Model
from mockcw.engine.values import coerce


def complete(model: Model, record: dict[str, Any]) -> None:
    """Fill in the defaults of a record's fields, in place."""
    for name, field in model.fields.items():
        if record.get(name) is None and field.answered:
            value = default_of(field)
            if value is not None:
                record[name] = value


def default_of(field: Field) -> Any:
    """The value of a field that was not given one; None where it stays absent."""
    if field.default is None:
        return False if field.type == "boolean" else None
    return [] if field.type == "array" else coerce(field, field.default)


def keep_server_fields(model: Model, before: dict[str, Any], record: dict[str, Any]) -> None:
    """What only the server sets survives a PUT, in place."""
    for name, field in model.fields.items():
        if field.read_only and name in before:
            record[name] = before[name]
