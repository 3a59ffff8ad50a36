"""PATCH operations as actions meet them: to see what they touch, or to apply them to a flat record of an own table.

The engine applies operations to records of collections; this is for what lies beside them.
"""

from __future__ import annotations

from typing import Any

import orjson

from mockcw.engine.act import Act
from mockcw.engine.change import Record
from mockcw.errors import InvalidPatch, MalformedRequest


def operations(raw: bytes) -> list[dict[str, Any]] | None:
    """The operations of a body, their keys in small letters; None where it is no list of objects."""
    try:
        given = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        return None
    return [{str(key).lower(): value for key, value in one.items()} for one in given]


def field_of(operation: dict[str, Any]) -> str:
    """The field an operation touches; empty where it names none."""
    path = operation.get("path")
    return path.strip("/").split("/")[0] if isinstance(path, str) else ""


def applied(act: Act, record: Record, model: str) -> Record:
    """A flat record after the operations of the body, checked against a model. Raises what the engine would."""
    given = operations(act.raw)
    if given is None:
        raise MalformedRequest(act.choices.patch_body_message)
    changed = dict(record)
    for one in given:
        op, name = str(one.get("op", "")).lower(), field_of(one)
        if op not in ("add", "replace", "remove"):
            raise InvalidPatch(act.choices.patch_op_message.format(op=one.get("op")))
        if name not in act.fields(model):
            raise InvalidPatch(act.choices.patch_path_message.format(path=one.get("path")))
        changed[name] = None if op == "remove" else one.get("value")
    body = {name: value for name, value in changed.items() if name in act.fields(model) and value is not None}
    return {**record, **dict.fromkeys(changed), **act.check(model, orjson.dumps(body))}
