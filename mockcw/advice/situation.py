"""What a vendor's member is and may: the role's rows, and the member's own switches. Plain values; asks nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from mockcw.catalogue.areas import Area
from mockcw.permissions.remedy import Cell
from mockcw.permissions.roles import ACTIONS, LEVELS, NOTHING, Levels

CORPORATE = "Corporate"
MAIN_OFFICE = "Main Office"
CLIENT = "11111111-2222-4333-8444-555555555555"

RowName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Situation:
    """A role and a member who has it.

    `refused` are the items on the disallow side of the role's Customize lists; `allowed_clients` are the client ids the
    member's key is restricted to (none: any), `client_id` is what the vendor sends; `location` only counts below the
    corporate level; `excluded_boards` are the boards the member is kept off.
    """

    rows: Mapping[RowName, Levels]
    admin: bool = False
    refused: Mapping[str, frozenset[str]] = field(default_factory=dict)
    active: bool = True
    structure_level: str = CORPORATE
    location: str = MAIN_OFFICE
    client_id: str = CLIENT
    allowed_clients: tuple[str, ...] = ()
    excluded_boards: tuple[int, ...] = ()

    def level(self, cell: Cell) -> str:
        """The level of a cell."""
        return self.rows.get((cell.module, cell.area), NOTHING).of(cell.action)

    def with_level(self, cell: Cell, level: str) -> Self:
        """The same with another level in one cell."""
        name = (cell.module, cell.area)
        row = self.rows.get(name, NOTHING)._replace(**{cell.action.lower(): level})
        return replace(self, rows={**self.rows, name: row})

    def cells(self) -> Iterator[tuple[Cell, str]]:
        """The cells above None with their levels, row by row."""
        for (module, area), levels in self.rows.items():
            for action, level in zip(ACTIONS, levels, strict=True):
                if level != "None":
                    yield Cell(module, area, action), level


def levels_below(offered: Mapping[Cell, tuple[str, ...]], cell: Cell, level: str) -> tuple[str, ...]:
    """The levels below `level` that a cell can have, lowest first; My only where the row offers it."""
    return tuple(one for one in LEVELS[: LEVELS.index(level)] if one == "None" or one in offered.get(cell, ()))


def offered_levels(areas: Iterable[Area]) -> dict[Cell, tuple[str, ...]]:
    """The levels that the role screen offers in each cell; () where a row has no such cell."""
    return {Cell(one.module, one.area, action): getattr(one, action.lower()) for one in areas for action in ACTIONS}
