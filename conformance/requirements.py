"""The table of requirements: what is demanded, how strongly, and what the demand rests on.

Knows `requirements.tsv` and nothing of how a row is judged. `source` says where the sentence comes from: *captured*
(seen on the wire of the real API), *documented* (said by its guide, its published surface, or by a client that depends
on it), *assumed* (nobody has shown it: a choice of the emulator).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from conformance.errors import HarnessFault, WrongUse

LEVELS = ("MUST", "SHOULD", "MAY")
SOURCES = ("captured", "documented", "assumed")
COLUMNS = ("id", "level", "sentence", "source", "tags")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row: a stable hierarchical id such as `paging.default-size`, its strength, its sentence and its source."""

    id: str
    level: str
    sentence: str
    source: str
    tags: frozenset[str]

    @property
    def family(self) -> str:
        """The first part of the id: the subject it belongs to."""
        return self.id.split(".", 1)[0]


def load() -> tuple[Requirement, ...]:
    """The whole table, in the order of the file.

    Raises:
        HarnessFault: a row is malformed or an id appears twice.
    """
    text = resources.files("conformance").joinpath("requirements.tsv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    if tuple(rows[0]) != COLUMNS:
        raise HarnessFault(f"requirements.tsv must begin with the columns {', '.join(COLUMNS)}")
    table = tuple(_row(number, row) for number, row in enumerate(rows[1:], 2))
    if len({row.id for row in table}) != len(table):
        raise HarnessFault("requirements.tsv names an id twice")
    return table


def _row(number: int, cells: list[str]) -> Requirement:
    if len(cells) != len(COLUMNS):
        raise HarnessFault(f"requirements.tsv, line {number}: {len(cells)} columns instead of {len(COLUMNS)}")
    identity, level, sentence, source, tags = cells
    if level not in LEVELS or source not in SOURCES or "." not in identity or not sentence or not tags:
        raise HarnessFault(f"requirements.tsv, line {number}: not a requirement: {cells}")
    return Requirement(identity, level, sentence, source, frozenset(tags.split()))


def select(table: Iterable[Requirement], wanted: Iterable[str]) -> tuple[Requirement, ...]:
    """The rows whose id, family or tag is among `wanted`; all rows when `wanted` is empty.

    Raises:
        WrongUse: a name matches no row.
    """
    rows = tuple(table)
    names = tuple(wanted)
    for name in names:
        if not any(name in (row.id, row.family) or name in row.tags for row in rows):
            raise WrongUse(f"no requirement has the id, family or tag {name!r}; see: cw-conformance list")
    return tuple(row for row in rows if not names or any(n in (row.id, row.family) or n in row.tags for n in names))
