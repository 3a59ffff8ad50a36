"""PATCH: a list of operations applied to a record.

Captured: the body is a list of op, path, value; ops are case-insensitive; paths come bare or with a leading slash and
their names are case-sensitive; array index paths work; `status/id`, `member/identifier` work for references.
Documented: a deeper path inside a reference may answer 200 and change nothing. Knows no store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mockcw.catalogue import Catalogue, Field, Model
from mockcw.engine.bodies import BodyReader
from mockcw.engine.values import clr_name
from mockcw.errors import InvalidPatch, MalformedRequest
from mockcw.settings import Settings

OPS = frozenset({"add", "replace", "remove"})
REFERENCE_KEYS = frozenset({"id", "identifier", "name"})
KNOWN = frozenset({"status", "member", "where"})  # the references inside which live clients patch
IGNORED = frozenset({"id", "_info"})
CLR_VALUES: dict[type, str] = {
    str: "System.String",
    bool: "System.Boolean",
    int: "System.Int64",
    float: "System.Double",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of a PATCH body."""

    op: str
    path: tuple[str, ...]
    value: Any


class Patcher:
    """Reads PATCH bodies and applies them to records."""

    def __init__(self, catalogue: Catalogue, reader: BodyReader, settings: Settings) -> None:
        self._catalogue = catalogue
        self._reader = reader
        self._settings = settings

    def operations(self, raw: bytes) -> list[Operation]:
        """The operations of a body. Raises MalformedRequest or InvalidPatch."""
        body = self._reader.parse(raw)
        if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
            raise MalformedRequest(self._settings.patch_body_message)
        return [self._operation({str(key).lower(): value for key, value in item.items()}) for item in body]

    def _operation(self, item: dict[str, Any]) -> Operation:
        op, path = item.get("op"), item.get("path")
        if not isinstance(op, str) or op.lower() not in OPS:
            raise InvalidPatch(self._settings.patch_op_message.format(op=op))
        if not isinstance(path, str) or not path.strip("/"):
            raise InvalidPatch(self._settings.patch_path_message.format(path=path))
        return Operation(op.lower(), tuple(path.strip("/").split("/")), item.get("value"))

    def apply(self, model: Model, record: dict[str, Any], operations: list[Operation]) -> frozenset[str]:
        """Change `record` in place; the names that were touched come back."""
        touched = set()
        for operation in operations:
            name = operation.path[0]
            if name in IGNORED:
                continue
            field = model.fields.get(name)
            if field is None:
                raise self._bad_path(operation)
            if field.read_only:
                if self._settings.read_only_patch == "refuse":
                    raise self._bad_path(operation)
                continue
            self._apply_one(model, field, record, operation)
            touched.add(name)
        return frozenset(touched)

    def _apply_one(self, model: Model, field: Field, record: dict[str, Any], operation: Operation) -> None:
        rest = operation.path[1:]
        if not rest:
            self._whole(model, field, record, operation)
        elif field.type == "array":
            self._element(field, record, operation, rest)
        elif field.type == "ref":
            self._inside_reference(field, record, operation, rest)
        else:
            raise self._bad_path(operation)

    def _whole(self, model: Model, field: Field, record: dict[str, Any], operation: Operation) -> None:
        value = operation.value
        if operation.op == "remove" or value is None or value == "":
            record[field.name] = None
            return
        if field.type == "array" and not isinstance(value, list):
            kind = CLR_VALUES.get(type(value), "System.Object")
            raise InvalidPatch(f"Could not cast or convert from {kind} to {clr_name(field)}[].")
        coerced = self._reader.patched(model, field, value, "/".join(operation.path))
        record[field.name] = merged(record.get(field.name) or [], coerced) if field.name == "customFields" else coerced

    def _element(self, field: Field, record: dict[str, Any], operation: Operation, rest: tuple[str, ...]) -> None:
        items = list(record.get(field.name) or [])
        at = place(rest[0])
        if at is None or at > len(items):
            raise self._bad_path(operation)
        if len(rest) > 1:
            if at >= len(items) or not isinstance(items[at], dict) or len(rest) > 2:
                raise self._bad_path(operation)
            items[at] = {**items[at], rest[1]: None if operation.op == "remove" else operation.value}
        elif operation.op == "remove":
            if at >= len(items):
                raise self._bad_path(operation)
            del items[at]
        elif operation.op == "replace" and at < len(items):
            items[at] = operation.value
        else:
            items.append(operation.value)
        record[field.name] = self._reader.coerce(field, items, "/".join(operation.path))

    def _inside_reference(
        self, field: Field, record: dict[str, Any], operation: Operation, rest: tuple[str, ...]
    ) -> None:
        inner = self._catalogue.model(field.ref or "").fields.get(rest[0])
        if inner is None:
            raise self._bad_path(operation)
        elsewhere = len(rest) > 1 or rest[0] not in REFERENCE_KEYS
        if elsewhere and self._settings.nested_patch_elsewhere == "refuse":
            raise self._bad_path(operation)
        if not counts(self._settings, field.name, rest):
            return  # the documented "false 200": accepted, nothing changes
        if operation.op == "remove" or operation.value in (None, ""):
            record[field.name] = None
            return
        record[field.name] = {rest[0]: self._reader.coerce(inner, operation.value, "/".join(operation.path))}

    def _bad_path(self, operation: Operation) -> InvalidPatch:
        return InvalidPatch(self._settings.patch_path_message.format(path="/".join(operation.path)))


def counts(settings: Settings, name: str, rest: Sequence[str]) -> bool:
    """Whether a path inside the reference `name` changes it: to its id, identifier or name, as far as settings let."""
    if len(rest) > 1 or rest[0] not in REFERENCE_KEYS:
        return False
    return settings.nested_patch == "honour" or (settings.nested_patch == "known" and name in KNOWN)


def place(text: str) -> int | None:
    """An index into a list, when the text is one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else None


def merged(present: list[Any], given: list[Any]) -> list[Any]:
    """Custom field values after a PATCH: items left out keep their value (captured)."""
    values = {item.get("id"): item for item in given if isinstance(item, dict)}
    kept = [{**item, **values.pop(item.get("id"), {})} for item in present if isinstance(item, dict)]
    return kept + list(values.values())
