"""The matrix of role cells: what each one gates, how well that is known, and on which sides it was seen.

Knows the catalogue and what `pipeline.seen` wrote; runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mockcw.catalogue import Area, Catalogue
from mockcw.permissions import rights
from mockcw.pipeline.seen import Seen

ACTIONS = ("Add", "Edit", "Delete", "Inquire")
UNKNOWN = "U"


@dataclass(slots=True)
class Cell:
    """One action of one row: the levels it offers, what it gates with which letters, and what was seen of it."""

    module: str
    area: str
    action: str
    levels: tuple[str, ...]
    levels_mark: str
    letters: set[str] = field(default_factory=set)
    operations: int = 0
    rights: int = 0
    seen: set[tuple[str, bool]] = field(default_factory=set)

    @property
    def used(self) -> bool:
        """Whether something is refused without it."""
        return bool(self.letters - {UNKNOWN})

    @property
    def missing(self) -> list[str]:
        """The sides on which a used cell was not seen."""
        if not self.used:
            return []
        wanted = [("None", False), *((level, True) for level in self.levels if level != "None")]
        return [
            f"{level} {'allowed' if allowed else 'denied'}"
            for level, allowed in wanted
            if (level, allowed) not in self.seen
        ]

    def side(self, level: str) -> str:
        """What was seen at a level: allowed, denied, both, or nothing."""
        found = [said for said, allowed in (("allowed", True), ("denied", False)) if (level, allowed) in self.seen]
        return " and ".join(found)

    def as_json(self) -> dict[str, object]:
        """The cell as data."""
        return {
            "module": self.module,
            "area": self.area,
            "action": self.action,
            "levels": list(self.levels),
            "levels_mark": self.levels_mark,
            "letters": sorted(self.letters),
            "operations": self.operations,
            "rights": self.rights,
            "seen": {level: self.side(level) for level in ("None", "My", "All")},
            "missing": self.missing,
        }


def matrix(catalogue: Catalogue, seen: Iterable[Seen]) -> list[Cell]:
    """All cells of all rows."""
    cells = {(area.module, area.area, action): cell_of(area, action) for area in catalogue.areas for action in ACTIONS}
    for operation in catalogue.operations:
        row = operation.permission
        cell = cells.get((str(row.module), row.area, row.action))
        if cell is not None:
            cell.operations += 1
            cell.letters.add(row.confidence)
    for right in rights().values():
        cell = cells[str(right.row.module), right.row.area, right.row.action]
        cell.rights += 1
        cell.letters.add(right.row.confidence)
    for one in seen:
        found = cells.get((one.module, one.area, one.action))
        if found is not None:
            found.seen.add((one.level, one.allowed))
    return list(cells.values())


def cell_of(area: Area, action: str) -> Cell:
    """A cell that nothing is known of yet but the levels it offers."""
    levels: tuple[str, ...] = getattr(area, action.lower())
    return Cell(area.module, area.area, action, levels, area.levels_mark)
