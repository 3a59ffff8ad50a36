"""A condition or an order as if some fields were in no record: what one may not see, one may not search by either.

Fields are dotted paths; what lies below a covered field is covered. Knows no rights.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mockcw.query.tree import And, Compare, InList, Node, Not, Or, Order, Path, Some

ABSENT: Path = ("_covered",)  # no record has it; a comparison with it is neither true nor false


def covered(node: Node, fields: frozenset[str], within: Path = ()) -> Node:
    """The condition with the covered fields absent; `within` is the array that paths start in."""
    match node:
        case And(operands):
            return And(tuple(covered(one, fields, within) for one in operands))
        case Or(operands):
            return Or(tuple(covered(one, fields, within) for one in operands))
        case Not(operand):
            return Not(covered(operand, fields, within))
        case Some(array, where):
            inner = covered(where, fields, (*within, *array))
            return Some(ABSENT if hides(fields, (*within, *array)) else array, inner)
        case Compare() | InList():
            return replace(node, path=ABSENT) if hides(fields, (*within, *node.path)) else node
        case _:
            return node


def covered_order(orders: Iterable[Order], fields: frozenset[str]) -> tuple[Order, ...]:
    """The order without the keys that are covered."""
    return tuple(one for one in orders if not hides(fields, one.path))


def hides(fields: frozenset[str], path: Path) -> bool:
    """Whether a path leads to or into a covered field."""
    return any(".".join(path[:depth]) in fields for depth in range(1, len(path) + 1))
