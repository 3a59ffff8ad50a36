"""What a role means for operations: the verdict on each, and what the user of an integration sees of it.

Knows roles, operations and the extra rights beside their rows; knows no request, so a right that only certain bodies
ask for (closing a ticket) is named with what asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from mockcw.catalogue import Catalogue, Operation
from mockcw.catalogue.errors import MethodNotSupported, RouteNotFound
from mockcw.errors import MockcwError
from mockcw.permissions.actor import Actor
from mockcw.permissions.decide import Decision, decide, decide_right
from mockcw.permissions.rights import Right, also_needed, masks_of, rights
from mockcw.permissions.roles import Role
from mockcw.settings import Settings

FORBIDDEN = "403 Forbidden"
LISTS = frozenset({"list", "count", "info_list", "info_count", "search"})
WRITES = frozenset({"POST", "PUT", "PATCH"})
ADDS = frozenset({"create", "bulk_create"})
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NEAREST = 3
SHOWN_FIELDS = 3
LEAST_LIKE = 0.6


class NoSuchOperation(MockcwError):
    """A text that names no operation of the surface; the message says which are near."""


@dataclass(frozen=True, slots=True)
class Beside:
    """An extra right that applies to an operation, and what its lack does."""

    right: Right
    decision: Decision
    sees: str

    def as_json(self) -> dict[str, Any]:
        """The right as data."""
        right = self.right
        named = {"right": right.id, "kind": right.kind, "when": right.says, "fields": list(right.fields)}
        return {**named, "sees": self.sees, "decision": self.decision.as_json()}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a role means for one operation."""

    operation: Operation
    decision: Decision
    sees: str
    beside: tuple[Beside, ...]

    @property
    def refused(self) -> bool:
        """Whether the operation answers 403, by its row or by a right that it always asks for."""
        return not self.decision.allowed or any(
            one.right.kind == "also" and not one.decision.allowed for one in self.beside
        )

    @property
    def narrowed(self) -> bool:
        """Whether it only works on the member's own records."""
        return self.decision.own is not None or self.decision.parent_own is not None

    def lacking(self) -> list[Beside]:
        """The rights beside the row that the role lacks; nothing of it matters where the row itself refuses."""
        return [one for one in self.beside if not one.decision.allowed] if self.decision.allowed else []

    @property
    def name(self) -> str:
        """Method and path, for people."""
        return f"{self.operation.method} {self.operation.path}"

    @property
    def right(self) -> str:
        """The row of the role and what it gives, for people."""
        row, table = self.decision.row, self.decision.row.setup_table
        if row.module is None:
            return f"no row: {row.area.strip('()')}"
        named = f" [{table}]" if table and "(" not in table else ""
        return f"{row.module} > {row.area}{named}, {self.decision.needed}: {self.decision.has}"

    def as_json(self) -> dict[str, Any]:
        """The verdict as data."""
        return {
            "operation": self.operation.name,
            "method": self.operation.method,
            "path": self.operation.path,
            "refused": self.refused,
            "sees": self.sees,
            "decision": self.decision.as_json(),
            "rights": [one.as_json() for one in self.beside],
        }


def explain(role: Role, operations: Iterable[Operation], settings: Settings) -> list[Verdict]:
    """The verdict of a role on each operation, for a member whose structure level hides nothing."""
    actor = Actor.as_role(role)
    return [_verdict(actor, operation, settings) for operation in operations]


def _verdict(actor: Actor, operation: Operation, settings: Settings) -> Verdict:
    decision = decide(actor, operation, settings)
    beside = []
    for right in beside_of(operation):
        asked = decide_right(actor, right, settings)
        beside.append(Beside(right, asked, _lack(right, asked)))
    sees = _sees(operation, decision)
    refused = [one for one in beside if one.right.kind == "also" and not one.decision.allowed]
    if decision.allowed and refused:
        sees = f"{FORBIDDEN}: {refused[0].decision.reason}"
    return Verdict(operation, decision, sees, tuple(beside))


def beside_of(operation: Operation) -> tuple[Right, ...]:
    """The rights beside an operation's row: always needed, asked for by some of its bodies, or wanted by its answer."""
    asked: tuple[Right, ...] = ()
    if operation.method in WRITES and operation.verb != "search":
        asked = tuple(one for one in rights().values() if one.kind == "write" and _asked_by(one, operation))
    return (*also_needed(operation), *asked, *masks_of(operation.returns or ""))


def _asked_by(right: Right, operation: Operation) -> bool:
    """Whether some body of an operation asks for a right of writes; Add is asked by creates only."""
    return right.on == operation.collection and (right.row.action != "Add" or operation.verb in ADDS)


def _sees(operation: Operation, decision: Decision) -> str:
    """What a user sees of a decision on the operation's own row."""
    inferred = decision.row.confidence == "C" and decision.row.module is not None
    if not decision.allowed:
        return f"{FORBIDDEN}; this row is only inferred (C)" if inferred else FORBIDDEN
    if decision.logged:
        would = "work on own records only (level My)" if decision.has == "My" else "be 403"
        return f"works; would {would} if it were enforced"
    if decision.has == "My" and (decision.own is not None or decision.parent_own is not None):
        if operation.verb in LISTS:
            return "works on own records only (level My): the list is shorter or empty"
        if operation.verb not in ADDS:
            return "works on own records only (level My): others' records are 403"
    if decision.row.confidence == "U" and decision.row.module is not None:
        return "works; which row gates it is not known (U)"
    return "works"


def _lack(right: Right, decision: Decision) -> str:
    """What a user sees of an extra right."""
    if decision.allowed:
        return "works; would be refused if it were enforced" if decision.logged else "works"
    if right.kind == "mask":
        shown = ", ".join(right.fields[:SHOWN_FIELDS])
        more = len(right.fields) - SHOWN_FIELDS
        return f"the answer lacks {shown}{f' and {more} more fields' if more > 0 else ''}"
    return FORBIDDEN if right.kind == "also" else f"{FORBIDDEN} for {right.says}"


def operations_named(catalogue: Catalogue, text: str) -> list[Operation]:
    """The operations a text means: `POST /service/tickets`, a concrete path, a template, a prefix with `*`, or the
    published name of an operation; `*` and nothing stand for every method.

    Raises NoSuchOperation.
    """
    named = [one for one in catalogue.operations if one.name == text]
    if named:
        return named
    words = text.split()
    if not 1 <= len(words) <= 2:
        raise NoSuchOperation(f"{text!r} names no operation: write METHOD /path, such as POST /service/tickets")
    method, path = ("*", words[0]) if len(words) == 1 else (words[0].upper(), words[1])
    if method not in (*METHODS, "*"):
        raise NoSuchOperation(f"{method!r} is no method: {', '.join(METHODS)}, or * for all")
    if "*" in path or "{" in path:
        found = [one for one in catalogue.operations if method in ("*", one.method) and _like(one.path, path)]
    else:
        found = _matching(catalogue, method, path)
    if not found:
        raise NoSuchOperation(f"no operation {text!r}{_nearest(catalogue, path)}")
    return found


def _like(path: str, pattern: str) -> bool:
    """Whether a published path is of a pattern; only `*` and numbers (any id) are special, letter case is not."""
    parts = ("{*}" if one.isdigit() else one for one in pattern.lower().split("/"))
    return fnmatchcase(path.lower(), "/".join(parts).replace("[", "[[]").replace("?", "[?]"))


def _matching(catalogue: Catalogue, method: str, path: str) -> list[Operation]:
    found = []
    for one in METHODS if method == "*" else (method,):
        try:
            found.append(catalogue.match(one, path).operation)
        except (RouteNotFound, MethodNotSupported):
            continue
    return found


def _nearest(catalogue: Catalogue, path: str) -> str:
    paths = dict.fromkeys(one.path for one in catalogue.operations)
    near = get_close_matches(path, paths, NEAREST, LEAST_LIKE)
    return f"; near it: {', '.join(near)}" if near else ""


def differing(
    left: Role, right: Role, operations: Sequence[Operation], settings: Settings
) -> list[tuple[Verdict, Verdict]]:
    """The operations on which two roles get another verdict: another outcome, level, or extra right."""
    pairs = zip(explain(left, operations, settings), explain(right, operations, settings), strict=True)
    return [(one, other) for one, other in pairs if _felt(one) != _felt(other)]


def _felt(verdict: Verdict) -> tuple[Any, ...]:
    decision = verdict.decision
    beside = tuple((one.right.id, one.decision.allowed) for one in verdict.beside)
    return decision.allowed, decision.logged, decision.has, verdict.sees, beside if decision.allowed else ()
