"""Conditions on lists, judged on plain dicts.

Absent fields fit `= null` alone (assumed for `!=`); texts are compared without regard to case (assumed).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.mockcw.machine.model.answers import Doc
from tests.mockcw.machine.model.state import at

COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True)
class Date:
    """A literal in brackets."""

    text: str


@dataclass(frozen=True)
class Term:
    """One comparison; `value` is a list for `in`, and None stands for null."""

    path: str
    how: str
    value: Any

    def __str__(self) -> str:
        listed = isinstance(self.value, tuple)
        shown = f"({','.join(map(_literal, self.value))})" if listed else _literal(self.value)
        return f"{self.path} {self.how} {shown}"

    def fits(self, doc: Doc) -> bool:
        """Whether a record fits."""
        found = _folded(field(doc, self.path))
        if self.value is None:
            return (found is None) == (self.how == "=")
        if found is None:
            return False
        if self.how in COMPARED:
            return bool(COMPARED[self.how](found, _folded(self.value)))
        negated, how = self.how.startswith("not "), self.how.removeprefix("not ")
        return negated != _FITS[how](found, self.value)


@dataclass(frozen=True)
class Both:
    """Two conditions joined by `and` or `or`."""

    word: str
    left: Term | Both
    right: Term | Both

    def __str__(self) -> str:
        return f"({self.left} {self.word} {self.right})"

    def fits(self, doc: Doc) -> bool:
        """Whether a record fits."""
        left, right = self.left.fits(doc), self.right.fits(doc)
        return left and right if self.word == "and" else left or right


def field(doc: Doc, path: str) -> Any:
    """The value a condition names; lastUpdated and dateEntered are those of `_info`."""
    return at(doc, ["_info", path]) if path in ("lastUpdated", "updatedBy") else at(doc, path.split("/"))


def _literal(value: Any) -> str:
    if isinstance(value, Date):
        return f"[{value.text}]"
    if isinstance(value, str):
        return f'"{value}"'
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _folded(value: Any) -> Any:
    value = value.text if isinstance(value, Date) else value
    return value.lower() if isinstance(value, str) else value


def _like(found: str, pattern: str) -> bool:
    """A star at either end stands for any text."""
    text = pattern.strip("*").lower()
    starts, ends = not pattern.startswith("*"), not pattern.endswith("*")
    if starts and ends:
        return found == text
    return found.startswith(text) if starts else found.endswith(text) if ends else text in found


_FITS: dict[str, Callable[[Any, Any], bool]] = {
    "in": lambda found, value: found in [_folded(one) for one in value],
    "contains": lambda found, value: value.lower() in found,
    "like": _like,
}
