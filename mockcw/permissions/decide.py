"""May this member do this operation, on which records, and why: one value answers all three.

The scope is an expression over records that the engine joins to the query, so that "may I see it" and "is it in my
list" cannot disagree. Knows no HTTP and reads no store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockcw.catalogue import Operation, PermissionRow
from mockcw.permissions.actor import Actor, Structure
from mockcw.query import compile
from mockcw.query.tree import Compare, InList, Kind, Never, Node
from mockcw.settings import Settings
from mockcw.store import Where

TERRITORY = ("territory", "id")
STRUCTURE_BOUND = frozenset({"/company/companies"})  # documented for companies


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one operation.

    `scope` narrows the operation's own records, `parent_scope` the outermost enclosing record (None: not at all); `own`
    is set at level My and must hold for the single record an operation addresses.
    """

    allowed: bool
    reason: str
    row: PermissionRow
    level: str
    role: str
    scope: Where | None = None
    parent_scope: Where | None = None
    own: Where | None = None
    narrowed: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The decision as data, for the journal and the explain header."""
        return {
            "allowed": self.allowed,
            "reason": self.reason,
            "module": self.row.module,
            "area": self.row.area,
            "action": self.row.action,
            "level": self.level,
            "role": self.role,
            "confidence": self.row.confidence,
            "setup_table": self.row.setup_table,
            "narrowed": self.narrowed,
        }


def decide(actor: Actor, operation: Operation, settings: Settings) -> Decision:
    """The decision on one operation; remembered with the actor."""
    known = actor.decisions.get(operation.name)
    if isinstance(known, Decision):
        return known
    decision = _decide(actor, operation, settings)
    actor.decisions[operation.name] = decision
    return decision


def _decide(actor: Actor, operation: Operation, settings: Settings) -> Decision:
    row, role = operation.permission, actor.role
    where = f"{row.module} > {row.area}"
    if settings.permissions == "off":
        return _allow(actor, operation, "permissions are off", "All")
    if row.module is None:
        return _allow(actor, operation, f"no role row gates it: {row.area}", "All")
    if role.admin and settings.admin_bypass:
        return _allow(actor, operation, f"role {role.name} has the admin flag", "All")
    level = role.levels(row.module, row.area).of(row.action)
    if level != "None":
        return _allow(actor, operation, f"{where}, {row.action}: {level} (role {role.name})", level)
    short = f"{where} needs {row.action}; role {role.name} has None"
    if row.confidence not in settings.enforced_confidence:
        return _allow(actor, operation, f"{short}; allowed, since this row is only inferred ({row.confidence})", "All")
    if settings.permissions == "log":
        return _allow(actor, operation, f"{short}; allowed, since permissions are only logged", "All")
    return Decision(False, short, row, level, role.name)


def _allow(actor: Actor, operation: Operation, reason: str, level: str) -> Decision:
    shown, narrowed = structure_scope(actor.structure)
    scope = None if shown is None else compile(shown)
    own = compile(Compare(("_info", "enteredBy"), "=", actor.identifier, Kind.TEXT)) if level == "My" else None
    own_records = operation.collection in STRUCTURE_BOUND
    below = bool(operation.parents) and operation.parents[0] in STRUCTURE_BOUND
    return Decision(
        allowed=True,
        reason=reason,
        row=operation.permission,
        level=level,
        role=actor.role.name,
        scope=scope if own_records else None,
        parent_scope=scope if below else None,
        own=own,
        narrowed=narrowed if own_records or below else None,
    )


def structure_scope(structure: Structure) -> tuple[Node | None, str | None]:
    """Which companies a structure level shows (None: all), and a sentence when it is not all of them."""
    if structure.level <= 1:
        return None, None
    if not structure.locations:
        return Never(), f"structure level {structure.name} covers no location, so no company is visible"
    places = ", ".join(map(str, structure.locations))
    narrowed = f"structure level {structure.name} shows companies of location {places} only"
    return InList(TERRITORY, structure.locations, Kind.NUMBER), narrowed
