"""Counts what the emulator serves, from the same tables that answer, and names what tests it. Knows no HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mockcw.catalogue import Operation
from mockcw.engine.rulebook import Rulebook
from mockcw.pipeline import World
from mockcw.pipeline.bundle import BUNDLES
from mockcw.pipeline.perform import VERBS

OUTSIDE = "(outside collections)"
SWEEP = "surface.sweep"  # every collection is made, read, listed, changed and removed by one test over the catalogue


@dataclass(slots=True)
class Coverage:
    """What is served of one collection, by which kind of code, and the ids of the requirements that test it.

    A rule's id is its own, an action's is the name of its operation, the generic verbs are one requirement.
    """

    collection: str
    ruled: bool = False
    served: int = 0
    unserved: int = 0
    actions: int = 0
    requirements: set[str] = field(default_factory=set)
    _letters: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """ruled where rules or a view are its own, action where actions alone answer, generic; or unserved."""
        if not self.served:
            return "unserved"
        return "ruled" if self.ruled else "action" if self.actions == self.served else "generic"

    @property
    def letters(self) -> str:
        """How well the permission rows are known: A and B sourced, C inferred, U unknown."""
        return "".join(sorted(self._letters))

    def count(self, operation: Operation, is_served: bool, is_action: bool) -> None:
        """Add one operation."""
        self.served += is_served
        self.unserved += not is_served
        self.actions += is_served and is_action
        self._letters.add(operation.permission.confidence)
        if is_served:
            self.requirements.add(operation.name if is_action else SWEEP)

    def as_json(self) -> dict[str, object]:
        """The line as data."""
        return {
            "collection": self.collection,
            "kind": self.kind,
            "served": self.served,
            "unserved": self.unserved,
            "permission_letters": self.letters,
            "requirements": sorted(self.requirements),
        }


def by_collection(world: World) -> list[Coverage]:
    """A line a collection."""
    rules = rule_ids(world.rulebook)
    rows: dict[str, Coverage] = {}
    for operation in world.catalogue.operations:
        key = operation.collection or OUTSIDE
        if key not in rows:
            of_its_own = rules.get(key, set())
            rows[key] = Coverage(key, bool(of_its_own) or world.rulebook.view(key) is not None, requirements=of_its_own)
        is_action = operation.name in BUNDLES or world.rulebook.action(operation.name) is not None
        rows[key].count(operation, why_not(world, operation) is None, is_action)
    return [rows[key] for key in sorted(rows)]


def rule_ids(rulebook: Rulebook) -> dict[str, set[str]]:
    """The ids of the rules of each collection."""
    found: dict[str, set[str]] = {}
    for rule in rulebook.rules:
        found.setdefault(rule.collection, set()).add(rule.id)
    return found


def unserved(world: World) -> Iterator[tuple[Operation, str]]:
    """The operations that nothing answers, each with why."""
    for operation in world.catalogue.operations:
        why = why_not(world, operation)
        if why is not None:
            yield operation, why


def why_not(world: World, operation: Operation) -> str | None:
    """The reason an operation is not answered, or not truly; None when it is."""
    if operation.name in BUNDLES or world.rulebook.action(operation.name) is not None:
        return None
    if operation.verb not in VERBS:
        return "no action answers it"
    collection = world.catalogue.row(operation.collection)
    if collection.view_of is not None and world.rulebook.view(operation.collection) is None:
        return "no view works its records out"
    if operation.verb.startswith("info") and collection.info_model is None:
        return "its lighter twin has no model"
    return None


def totals(rows: list[Coverage]) -> dict[str, int]:
    """The sums of the lines, and how many collections are of each kind."""
    kinds = [row.kind for row in rows]
    answered, missing = sum(row.served for row in rows), sum(row.unserved for row in rows)
    return {
        "operations": answered + missing,
        "served": answered,
        "unserved": missing,
        "collections": len(rows),
        **{kind: kinds.count(kind) for kind in ("generic", "ruled", "action")},
    }
