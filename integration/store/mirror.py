"""The mirror of the server's companies, written a page at a time, and their matching, done by the database.

Knows rows and set-wise updates, so that its memory does not grow with the number of companies; does not know how a name
is folded, nor which companies are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
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

_KEY: Final = ("connection_id", "id")


class CompanyRow(NamedTuple):
    """A company as it is written; `name_key` is its name as it is compared, `types` a JSON list of names."""

    connection_id: int
    id: int
    identifier: str
    name: str
    name_key: str
    status: str
    types: str
    last_updated: str
    presence: str
    seen_run: int
    outcome: str = UNMATCHED


def save_companies(transaction: Connection, rows: Sequence[CompanyRow]) -> None:
    """Write one page: each row put in, or over the one of its id; the outcome of matching is left as it is."""
    if rows:
        # Handed to the driver as plain tuples: binding a thousand rows one by one costs more than writing them.
        transaction.exec_driver_sql(_upsert(transaction.dialect.name), list(map(tuple, rows)))


@cache
def _upsert(dialect: str) -> str:
    """Write the statement for a database, with parameters in the order of CompanyRow."""
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(companies).values({name: sa.bindparam(name) for name in CompanyRow._fields})
    refreshed = [name for name in CompanyRow._fields if name not in (*_KEY, "outcome")]
    statement = statement.on_conflict_do_update(
        index_elements=_KEY, set_={name: statement.excluded[name] for name in refreshed}
    )
    kind: Any = SQLiteDialect if dialect == "sqlite" else PGDialect_psycopg
    compiled = statement.compile(dialect=kind(paramstyle="qmark" if dialect == "sqlite" else "format"))
    if tuple(compiled.positiontup) != CompanyRow._fields:
        raise AssertionError("the parameters of the statement are not in the order of the row")
    return str(compiled)


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


def sort_again(transaction: Connection, connection_id: int, wanted: Callable[[str, Sequence[str]], bool]) -> None:
    """Sort present and filtered companies anew after the filters changed; `wanted` takes a status and the types."""
    columns = (companies.c.status, companies.c.types)
    for found in _slices(transaction, connection_id, columns, companies.c.presence.in_((PRESENT, FILTERED))):
        changes = []
        for row in found:
            side = PRESENT if wanted(row.status, orjson.loads(row.types)) else FILTERED
            if side != row.presence:
                changes.append({"key": row.id, "presence": side})
        _change(transaction, connection_id, changes)


def match_by_name(transaction: Connection, connection_id: int) -> None:
    """Match present companies to organizations by folded name.

    Matched is a company whose name is borne by exactly one present company and exactly one organization; when either
    side has more, each such company is ambiguous and left to a person; when no organization has the name, it is
    unmatched. Organizations, and the companies that bear their names, are compared here and not in one statement: for
    joins of the two SQLite chose plans that took the square of the number of companies.
    """
    mine, present = companies.c.connection_id == connection_id, companies.c.presence == PRESENT
    named = companies.c.name_key.in_(
        sa.select(organizations.c.name_key).where(organizations.c.connection_id == connection_id)
    )
    for those, outcome in (((~present,), ""), ((present, ~named), UNMATCHED)):
        transaction.execute(
            companies.update()
            .where(mine, *those, companies.c.outcome != outcome)
            .values(outcome=outcome, organization_id=None)
        )
    owners: dict[str, list[str]] = {}
    chosen = sa.select(organizations.c.name_key, organizations.c.id)
    for name, key in transaction.execute(chosen.where(organizations.c.connection_id == connection_id)):
        owners.setdefault(name, []).append(key)
    counted = sa.select(companies.c.name_key, sa.func.count().label("number")).where(mine, present, named)
    grouped = transaction.execute(counted.group_by(companies.c.name_key))
    bearers = {row.name_key: int(row.number) for row in grouped}
    columns = (companies.c.name_key, companies.c.outcome, companies.c.organization_id)
    for found in _slices(transaction, connection_id, columns, present, named):
        changes = []
        for row in found:
            certain = len(owners[row.name_key]) == 1 and bearers[row.name_key] == 1
            outcome = MATCHED if certain else AMBIGUOUS
            owner = owners[row.name_key][0] if certain else None
            if (outcome, owner) != (row.outcome, row.organization_id):
                changes.append({"key": row.id, "outcome": outcome, "organization_id": owner})
        _change(transaction, connection_id, changes)


def _slices(
    transaction: Connection,
    connection_id: int,
    columns: Sequence[sa.ColumnElement[Any]],
    *those: sa.ColumnElement[bool],
    size: int = 5000,
) -> Iterator[Sequence[Any]]:
    """Read companies by slices of ids, so that what was read may be changed before the next slice."""
    last = -1
    chosen = sa.select(companies.c.id, companies.c.presence, *columns).where(
        companies.c.connection_id == connection_id, *those
    )
    while True:
        found = transaction.execute(chosen.where(companies.c.id > last).order_by(companies.c.id).limit(size)).all()
        if found:
            last = found[-1].id
            yield found
        if len(found) < size:
            return


def _change(transaction: Connection, connection_id: int, changes: Sequence[Mapping[str, Any]]) -> None:
    if changes:
        mine = (companies.c.connection_id == connection_id, companies.c.id == sa.bindparam("key"))
        transaction.execute(companies.update().where(*mine), changes)


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
            # Names of columns are a kind of text of their own, which JSON writers refuse as keys.
            yield {str(name): value for name, value in row.items()}


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
