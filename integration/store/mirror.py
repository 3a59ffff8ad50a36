"""The mirror of the server's companies, written a page at a time, and their matching, done by the database.

Knows rows and set-wise updates, so that its memory does not grow with the number of companies; does not know how a name
is folded, nor which companies are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from integration.store.tables import companies, organizations

PRESENT: Final = "present"
FILTERED: Final = "filtered"
DELETED: Final = "deleted"
VANISHED: Final = "vanished"
MATCHED: Final = "matched"
UNMATCHED: Final = "unmatched"
AMBIGUOUS: Final = "ambiguous"
OUTCOMES: Final = (MATCHED, UNMATCHED, AMBIGUOUS)

_REFRESHED: Final = ("identifier", "name", "name_key", "status", "types", "last_updated", "presence", "seen_run")


def save_companies(transaction: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write one page: each row put in, or over the one of its id; the outcome of matching is left as it is."""
    if not rows:
        return
    insert: Any = sqlite.insert if transaction.dialect.name == "sqlite" else postgresql.insert
    statement = insert(companies).values(outcome=UNMATCHED)
    transaction.execute(
        statement.on_conflict_do_update(
            index_elements=["connection_id", "id"], set_={name: statement.excluded[name] for name in _REFRESHED}
        ),
        rows,
    )


def known_ids(transaction: Connection, connection_id: int, ids: Iterable[int]) -> set[int]:
    """Tell which of `ids` the mirror holds already."""
    found = sa.select(companies.c.id).where(companies.c.connection_id == connection_id, companies.c.id.in_(list(ids)))
    return set(transaction.scalars(found))


def count_presence(transaction: Connection, connection_id: int) -> dict[str, int]:
    """Count the companies of a connection by presence."""
    counted = (
        sa.select(companies.c.presence, sa.func.count())
        .where(companies.c.connection_id == connection_id)
        .group_by(companies.c.presence)
    )
    return {presence: int(number) for presence, number in transaction.execute(counted)}


def count_unseen(transaction: Connection, connection_id: int, run_id: int) -> int:
    """Count the present companies that the run did not see."""
    counted = sa.select(sa.func.count()).where(*_unseen(connection_id, run_id))
    return int(transaction.scalar(counted) or 0)


def mark_unseen_vanished(transaction: Connection, connection_id: int, run_id: int) -> int:
    """Mark the present companies that the run did not see as vanished; returns their number. No row is deleted."""
    changed = transaction.execute(companies.update().where(*_unseen(connection_id, run_id)).values(presence=VANISHED))
    return changed.rowcount


def _unseen(connection_id: int, run_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        companies.c.connection_id == connection_id,
        companies.c.presence == PRESENT,
        companies.c.seen_run != run_id,
    )


def sort_again(transaction: Connection, connection_id: int, wanted: Callable[[str, Sequence[str]], bool]) -> int:
    """Sort present and filtered companies anew after the filters changed; returns how many changed sides.

    `wanted` takes a status and the types as JSON text was read. Companies are read in slices of ids.
    """
    changed, last = 0, -1
    while True:
        found = transaction.execute(
            sa.select(companies.c.id, companies.c.status, companies.c.types, companies.c.presence)
            .where(
                companies.c.connection_id == connection_id,
                companies.c.id > last,
                companies.c.presence.in_((PRESENT, FILTERED)),
            )
            .order_by(companies.c.id)
            .limit(1000)
        ).all()
        if not found:
            return changed
        last = found[-1].id
        moves = []
        for row in found:
            side = PRESENT if wanted(row.status, orjson.loads(row.types)) else FILTERED
            if side != row.presence:
                moves.append({"key": row.id, "side": side})
        if moves:
            transaction.execute(
                companies.update()
                .where(companies.c.connection_id == connection_id, companies.c.id == sa.bindparam("key"))
                .values(presence=sa.bindparam("side")),
                moves,
            )
            changed += len(moves)


def match_by_name(transaction: Connection, connection_id: int) -> None:
    """Match present companies to organizations by folded name.

    Matched is a company whose name is borne by exactly one present company and exactly one organization; when either side
    has more, each such company is ambiguous and left to a person; when no organization has the name, it is unmatched.
    """
    mine = companies.c.connection_id == connection_id
    present = companies.c.presence == PRESENT
    transaction.execute(
        companies.update()
        .where(mine, present, companies.c.outcome != UNMATCHED)
        .values(outcome=UNMATCHED, organization_id=None)
    )
    transaction.execute(
        companies.update().where(mine, ~present, companies.c.outcome != "").values(outcome="", organization_id=None)
    )
    twin = companies.alias("twin")
    names = sa.select(organizations.c.name_key).where(organizations.c.connection_id == connection_id)
    bearers = (
        sa.select(sa.func.count())
        .where(
            twin.c.connection_id == connection_id, twin.c.presence == PRESENT, twin.c.name_key == companies.c.name_key
        )
        .scalar_subquery()
    )
    owners = sa.select(sa.func.count()).where(*_owns(connection_id)).scalar_subquery()
    owner = sa.select(sa.func.min(organizations.c.id)).where(*_owns(connection_id)).scalar_subquery()
    certain = sa.and_(bearers == 1, owners == 1)
    transaction.execute(
        companies.update()
        .where(mine, present, companies.c.name_key != "", companies.c.name_key.in_(names))
        .values(outcome=sa.case((certain, MATCHED), else_=AMBIGUOUS), organization_id=sa.case((certain, owner)))
    )


def _owns(connection_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (organizations.c.connection_id == connection_id, organizations.c.name_key == companies.c.name_key)


def count_outcomes(engine: Engine, connection_id: int) -> dict[str, int]:
    """Count the present companies of a connection by outcome; every outcome is named."""
    counted = (
        sa.select(companies.c.outcome, sa.func.count())
        .where(companies.c.connection_id == connection_id, companies.c.presence == PRESENT)
        .group_by(companies.c.outcome)
    )
    with engine.connect() as transaction:
        found = {outcome: int(number) for outcome, number in transaction.execute(counted)}
    return {outcome: found.get(outcome, 0) for outcome in OUTCOMES}


def read_companies(
    engine: Engine, connection_id: int, *, presence: str = PRESENT, outcome: str | None = None, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """Read companies in the order of their ids, a few hundred at a time, with the organization they match."""
    chosen = (
        sa.select(
            companies.c.id,
            companies.c.identifier,
            companies.c.name,
            companies.c.name_key,
            companies.c.status,
            companies.c.types,
            companies.c.outcome,
            companies.c.organization_id,
            organizations.c.name.label("organization"),
        )
        .select_from(
            companies.outerjoin(
                organizations,
                sa.and_(
                    organizations.c.connection_id == companies.c.connection_id,
                    organizations.c.id == companies.c.organization_id,
                ),
            )
        )
        .where(companies.c.connection_id == connection_id, companies.c.presence == presence)
        .order_by(companies.c.id)
    )
    if outcome is not None:
        chosen = chosen.where(companies.c.outcome == outcome)
    if limit is not None:
        chosen = chosen.limit(limit)
    with engine.connect() as transaction:
        for row in transaction.execution_options(yield_per=500).execute(chosen).mappings():
            yield dict(row)


def candidates(engine: Engine, connection_id: int, names: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Name, for each folded company name, the organizations that bear it."""
    found: dict[str, list[dict[str, str]]] = {}
    chosen = sa.select(organizations).where(
        organizations.c.connection_id == connection_id, organizations.c.name_key.in_(list(names))
    )
    with engine.connect() as transaction:
        for row in transaction.execute(chosen.order_by(organizations.c.id)):
            found.setdefault(row.name_key, []).append({"id": row.id, "name": row.name})
    return found
