"""A compiled condition: what the query room hands to the store. Knows no query language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """SQL text over the columns id, parent and doc, its parameters, and the expressions worth an index.

    `sources` are the other collections it reads.
    """

    sql: str
    params: tuple[object, ...] = ()
    paths: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


EVERYTHING = Where("1")


def both(one: Where, other: Where | None) -> Where:
    """The condition that both hold."""
    if other is None or other is EVERYTHING:
        return one
    if one is EVERYTHING:
        return other
    return Where(
        f"({one.sql}) AND ({other.sql})",
        one.params + other.params,
        one.paths + other.paths,
        one.sources + other.sources,
    )
