"""May this member do this operation, on which records, and why: one value answers all three.

The scope is an expression over records that the engine joins to the query, so that "may I see it" and "is it in my
list" cannot disagree. Knows no HTTP and reads no store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from mockcw.catalogue import Operation, PermissionRow
from mockcw.catalogue.switches import switched_off
from mockcw.permissions.actor import Actor
from mockcw.permissions.rights import Right
from mockcw.permissions.scopes import hidden_by, own_records, visible
from mockcw.query import compile
from mockcw.settings import Settings
from mockcw.store import Where

TABLES = "SystemTableSetup"
CREATES = ("create", "bulk_create")  # a new record is nobody else's
ROLE_ROW, TABLE_NOT_ALLOWED, API_OFF = "role-row", "table-not-allowed", "api-not-switched-on"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one operation or right.

    `needed` is the action, `has` the role's level of it; `logged` marks what only a log setting allows; `cause` is a
    short code of a refusal. `scope` narrows the operation's own records, `parent_scope` the outermost enclosing record
    (None: not at all); at level My `own` must hold for the records in question, `parent_own` for the outermost one.
    """

    allowed: bool
    reason: str
    row: PermissionRow
    needed: str
    has: str
    role: str
    logged: bool = False
    cause: str | None = None
    right: str | None = None
    item: str | None = None
    scope: Where | None = None
    parent_scope: Where | None = None
    own: Where | None = None
    parent_own: Where | None = None
    narrowed: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The decision as data, for the journal and the explain header."""
        return {
            "allowed": self.allowed,
            "reason": self.reason,
            "module": self.row.module,
            "area": self.row.area,
            "needed": self.needed,
            "has": self.has,
            "role": self.role,
            "confidence": self.row.confidence,
            "logged": self.logged,
            "setup_table": self.row.setup_table,
            "right": self.right,
            "item": self.item,
            "narrowed": self.narrowed,
        }


class Verdict(NamedTuple):
    """What the role says of a row: whether, at which level, why; `logged` and `cause` as in `Decision`."""

    allowed: bool
    has: str
    reason: str
    logged: bool = False
    cause: str | None = None

    def on(self, row: PermissionRow, actor: Actor) -> Decision:
        """The decision that this verdict is for a member."""
        allowed, has, reason, logged, cause = self
        return Decision(allowed, reason, row, row.action, has, actor.role.name, logged, cause)


def decide(actor: Actor, operation: Operation, settings: Settings) -> Decision:
    """The decision on one operation; remembered with the actor."""
    known = actor.decisions.get(operation.name)
    if isinstance(known, Decision):
        return known
    decision = actor.decisions[operation.name] = _decide(actor, operation, settings)
    return decision


def decide_right(actor: Actor, right: Right, settings: Settings, item: str | None = None) -> Decision:
    """The decision on a right beside an operation's row, on one `item` of its Customize list where it has one."""
    verdict = judge(actor, right.row, settings, right.customize, item, only_item=right.customize is not None)
    told = verdict._replace(reason=f"{verdict.reason} ({right.says})")
    return replace(told.on(right.row, actor), right=right.id, item=item)


def judge(
    actor: Actor,
    row: PermissionRow,
    settings: Settings,
    listed: str | None,
    item: str | None,
    *,
    only_item: bool = False,
) -> Verdict:
    """What the role says of a row and of an item on one of its Customize lists; of the item alone where that is all."""
    role, where = actor.role, f"{row.module} > {row.area}"
    if settings.permissions == "off":
        return Verdict(True, "All", "permissions are off")
    if row.module is None:
        return Verdict(True, "All", f"no role row gates it: {row.area}")
    if role.admin and settings.admin_bypass:
        return Verdict(True, "All", f"role {role.name} has the admin flag")
    level = role.levels(row.module, row.area).of(row.action)
    if level == "None" and actor.kind == "integrator":
        return lacking(switched_off(row.module, row.area), level, row, settings, API_OFF)
    if level == "None" and not only_item:
        return lacking(f"{where} needs {row.action}; role {role.name} has None", level, row, settings, ROLE_ROW)
    if item is not None and item in role.refused.get(listed or "", ()):
        said = f"{where} > Customize: role {role.name} has {item} on the disallow side"
        return lacking(said, level, row, settings, TABLE_NOT_ALLOWED)
    if only_item:
        return Verdict(True, level, f"{where} > Customize: role {role.name} allows {item}")
    return Verdict(True, level, f"{where}, {row.action}: {level} (role {role.name})")


def lacking(said: str, level: str, row: PermissionRow, settings: Settings, cause: str) -> Verdict:
    """A row that the role lacks: refused, unless nobody knows the row or settings only log it."""
    if row.confidence == "U":
        return Verdict(True, level, f"{said}; allowed, since no source names the row (U)")
    if row.confidence == "C":
        said += "; this row is only inferred (C)"
    unenforced = only_logged(row, settings)
    if unenforced:
        return Verdict(True, level, f"{said}; {unenforced}", True)
    return Verdict(False, level, said, cause=cause)


def only_logged(row: PermissionRow, settings: Settings) -> str | None:
    """Why a row refuses and narrows nothing under these settings, though the role lacks it or has My; None: it does."""
    if row.confidence == "C" and settings.permissions_inferred == "log":
        return "allowed, since inferred rows are only logged"
    return "allowed, since permissions are only logged" if settings.permissions == "log" else None


def _decide(actor: Actor, operation: Operation, settings: Settings) -> Decision:
    row = operation.permission
    verdict = judge(actor, row, settings, TABLES, row.setup_table)
    said = replace(verdict.on(row, actor), item=row.setup_table if verdict.cause == TABLE_NOT_ALLOWED else None)
    if not verdict.allowed or settings.permissions == "off":
        return said
    own = parent_own = None
    if verdict.has == "My":
        own, parent_own = own_records(actor, operation)
        unenforced = only_logged(row, settings)
        if unenforced:
            if parent_own is not None or (own is not None and operation.verb not in CREATES):
                reason = f"{said.reason}; others' records too, {unenforced}"
                said = replace(said, reason=reason, logged=True)
            own = parent_own = None
    outermost = operation.parents[0] if operation.parents else None
    return replace(
        said,
        scope=visible(actor, operation.collection),
        parent_scope=None if outermost is None else visible(actor, outermost),
        own=None if own is None else compile(own),
        parent_own=None if parent_own is None else compile(parent_own),
        narrowed=hidden_by(actor, operation),
    )
