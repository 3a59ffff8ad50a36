"""What reading a role file gives: the rows, and what was found wrong or worth saying.

Knows nothing of formats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from mockcw.permissions.roles import Levels

LONGEST_QUOTE = 60

RowName = tuple[str, str]


class Place(NamedTuple):
    """Where in the file: a line or, in JSON, an entry of the list, counted from 1."""

    number: int
    what: str = "line"

    def __str__(self) -> str:
        return f"{self.what} {self.number}"


class Kind(StrEnum):
    """What a problem is about; those of `REFUSING` leave the file without a role."""

    UNKNOWN_ROW = "unknown-row"
    UNKNOWN_LEVEL = "unknown-level"
    IMPOSSIBLE_LEVEL = "impossible-level"
    CONFLICT = "conflict"
    UNREADABLE = "unreadable"
    NO_ROLE = "no-role"
    DUPLICATE = "duplicate"
    ALIAS = "alias"
    TICKS = "ticks"
    WHOLE_MODULE = "whole-module"
    CELL_NOT_KNOWN = "cell-not-known"
    NO_LEVEL = "no-level"
    ENCODING = "encoding"
    NOT_READ = "not-read"


REFUSING = frozenset(
    {
        Kind.UNKNOWN_ROW,
        Kind.UNKNOWN_LEVEL,
        Kind.IMPOSSIBLE_LEVEL,
        Kind.CONFLICT,
        Kind.UNREADABLE,
        Kind.NO_ROLE,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark about a file; `nearest` is the row that was perhaps meant."""

    kind: Kind
    text: str
    place: Place | None = None
    nearest: RowName | None = None

    @property
    def refuses(self) -> bool:
        """Whether the file gives no role because of this."""
        return self.kind in REFUSING

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        meant = f"; did you mean {' > '.join(self.nearest)}?" if self.nearest else ""
        return f"{where}{self.text}{meant}"

    def as_json(self) -> dict[str, Any]:
        """The remark as data."""
        return {
            "kind": self.kind.value,
            "refuses": self.refuses,
            "at": str(self.place) if self.place else None,
            "text": self.text,
            "nearest": list(self.nearest) if self.nearest else None,
        }


@dataclass(frozen=True, slots=True)
class RoleFile:
    """A role as a file states it.

    `rows` has all rows of the catalogue, those the file does not mention at None throughout; it is empty where the file
    is refused, so that nothing can be half-applied. `form` is what the file was recognised as.
    """

    form: str
    rows: Mapping[RowName, Levels]
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        """Whether the file gives no role."""
        return not self.rows

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that refuse the file; in a lenient reading each of them has failed closed."""
        return tuple(problem for problem in self.problems if problem.refuses)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """The problems that refuse nothing."""
        return tuple(problem for problem in self.problems if not problem.refuses)

    @property
    def failed_closed(self) -> int:
        """How many statements of the file were taken as None or passed over in a lenient reading."""
        return 0 if self.refused else len(self.errors)

    def as_json(self) -> dict[str, Any]:
        """The role and the remarks as data."""
        return {
            "format": self.form,
            "refused": self.refused,
            "failed_closed": self.failed_closed,
            "rows": [
                {"module": module, "area": area, **levels._asdict()} for (module, area), levels in self.rows.items()
            ],
            "problems": [problem.as_json() for problem in self.problems],
        }


def quoted(text: str) -> str:
    """A piece of a file as it may be shown: short, and without characters that a terminal obeys."""
    shown = text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 3]}..."
    return "'" + (shown if shown.isprintable() else "".join(one if one.isprintable() else "?" for one in shown)) + "'"
