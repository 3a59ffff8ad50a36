"""The meaning of a condition: a tree over canonical field paths. Knows neither the text it came from nor SQL.

Comparisons follow SQL's three truth values: one with an absent field is neither true nor false, and a record is
returned only when the whole tree is true (assumed; `QuerySettings.absent_differs` is the other reading).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Literal, TypeAlias


class Kind(Enum):
    """What sort of value a field holds, as far as comparing goes."""

    TEXT = "string"
    NUMBER = "numeric"
    BOOLEAN = "boolean"
    DATE = "datetime"
    REFERENCE = "reference"
    FREE = "free"
    """A custom field's value: whatever its definition says, so the literal decides how to compare."""


Path: TypeAlias = tuple[str, ...]
Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "contains", "like"]
Value: TypeAlias = str | int | Decimal | bool | None
"""Dates are texts in the stored form `YYYY-MM-DDTHH:MM:SSZ`."""


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison; a `like` value is a pattern of `%`, `_` and the escape character backslash.

    `value` None stands with `=` for "absent" and with `!=` for "present".
    """

    path: Path
    op: Operator
    value: Value
    kind: Kind


@dataclass(frozen=True, slots=True)
class InList:
    """The field equals one of the values; there is at least one, and none of them is None."""

    path: Path
    values: tuple[Value, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Some:
    """Some one element of the array at `array` makes `where` true; paths inside start at the element."""

    array: Path
    where: Node


@dataclass(frozen=True, slots=True)
class Related:
    """The record of `collection` whose id is at `path` makes `where` true; without such a record it is false."""

    path: Path
    collection: str
    where: Node


@dataclass(frozen=True, slots=True)
class Holds:
    """Some record of the nested `collection` that lives under this one makes `where` true."""

    collection: str
    where: Node


@dataclass(frozen=True, slots=True)
class And:
    """All operands are true; no operands at all is true."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One operand at least is true; no operands at all is false."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The operand is false; where it is neither true nor false, so is this."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Always:
    """Every record."""


@dataclass(frozen=True, slots=True)
class Never:
    """No record."""


Node: TypeAlias = Compare | InList | Some | Related | Holds | And | Or | Not | Always | Never


@dataclass(frozen=True, slots=True)
class Order:
    """One key of a sort."""

    path: Path
    kind: Kind
    descending: bool = False
