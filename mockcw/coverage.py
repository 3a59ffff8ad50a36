"""Counts what the emulator answers, from the same tables that answer. Knows no HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field

from mockcw.catalogue import Operation
from mockcw.pipeline import World
from mockcw.pipeline.perform import served

OUTSIDE = "(outside collections)"


@dataclass(slots=True)
class Coverage:
    """What is answered of one collection."""

    collection: str
    answered: int = 0
    missing: int = 0
    ruled: bool = False
    actions: int = 0
    _letters: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """ruled, action, generic or not answered."""
        if not self.answered:
            return "501"
        return "ruled" if self.ruled else "action" if self.actions == self.answered else "generic"

    @property
    def letters(self) -> str:
        """How well the permission rows are known."""
        return "".join(sorted(self._letters))

    def count(self, operation: Operation, is_served: bool, is_action: bool) -> None:
        """Add one operation."""
        self.answered += is_served
        self.missing += not is_served
        self.actions += is_served and is_action
        self._letters.add(operation.permission.confidence)

    def as_json(self) -> dict[str, object]:
        """The line as data."""
        return {
            "collection": self.collection,
            "answered": self.answered,
            "missing": self.missing,
            "kind": self.kind,
            "permission_letters": self.letters,
        }


def by_collection(world: World) -> list[Coverage]:
    """A line a collection."""
    rows: dict[str, Coverage] = {}
    ruled = {rule.collection for rule in world.rulebook.rules}
    for operation in world.catalogue.operations:
        key = operation.collection or OUTSIDE
        row = rows.setdefault(key, Coverage(key, ruled=key in ruled))
        is_action = world.rulebook.action(operation.name) is not None
        row.count(operation, served(world, operation) is None, is_action)
    return [rows[key] for key in sorted(rows)]


def totals(rows: list[Coverage]) -> dict[str, int]:
    """The sums of the lines."""
    answered, missing = sum(row.answered for row in rows), sum(row.missing for row in rows)
    return {
        "operations": answered + missing,
        "answered": answered,
        "missing": missing,
        "collections": len(rows),
        "ruled": sum(row.ruled for row in rows),
    }
