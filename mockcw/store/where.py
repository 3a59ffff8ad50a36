"""A compiled condition: what the query room hands to the store. Knows no query language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """SQL text over the columns id, parent and doc, its parameters, and the expressions worth an index.

    `sources` are the other collections it reads. Where there are any, `sql` looks the other record up for each record
    in question, which suits one record or a page, and `whole` with the same parameters gathers all that would do first,
    which suits all records.
    """

    sql: str
    params: tuple[object, ...] = ()
    paths: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    whole: str | None = None

    @property
    def over_all(self) -> str:
        """The text for a question about all records."""
        return self.whole or self.sql


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
        f"({one.over_all}) AND ({other.over_all})" if one.whole or other.whole else None,
    )
