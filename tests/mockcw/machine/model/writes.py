"""What a write is expected to do, and how a list of PATCH operations reads: the same for every kind of record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.mockcw.machine.model.answers import Doc, Refusal, patch_path

Place = tuple[str, int]


@dataclass(frozen=True)
class Foretold:
    """The fields that a write sets or changes, and the other records that it touches."""

    fields: Doc
    affected: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Fields:
    """What PATCH may name: fields that take a value, references among them, and those only the server writes."""

    written: frozenset[str]
    references: frozenset[str]
    served: frozenset[str]

    @property
    def known(self) -> frozenset[str]:
        """Every name that a path may begin with."""
        return self.written | self.references | self.served


def wanted(operations: Sequence[Doc], fields: Fields) -> Refusal | Doc:
    """The values that the operations ask for, in their order; read-only fields are passed over (assumed).

    '' and remove clear (reported); `<ref>/id`, `/identifier` and `/name` stand for the whole reference (assumed).
    """
    found: Doc = {}
    refusal = no_operation(operations)
    if refusal:
        return refusal
    for operation in operations:
        path = operation["path"].lstrip("/")
        head, _, tail = path.partition("/")
        if head not in fields.known:
            return patch_path(path)
        if head in fields.served:
            continue
        value: Any = None if operation["op"].lower() == "remove" else operation["value"]
        found[head] = None if value == "" else {tail: value} if tail else value
    return found


def no_operation(operations: Sequence[Doc]) -> Refusal | None:
    """The refusal of an operation that PATCH does not know."""
    wrong = [one["op"] for one in operations if one["op"].lower() not in ("add", "replace", "remove")]
    return Refusal(400, "InvalidPatch", f"op {wrong[0]} is not valid") if wrong else None
