"""Connections and the vendor's own organizations: what a person configured.

Knows rows; the credentials among them are sealed bytes to it. Does not know how they were sealed or by whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from integration.store.tables import companies, connections, organizations, runs


@dataclass(frozen=True, slots=True)
class Filters:
    """Which companies are wanted: of any of these types (all when empty), and of none of these statuses."""

    types: tuple[str, ...] = ()
    excluded_statuses: tuple[str, ...] = ()

    @property
    def signature(self) -> str:
        """One text for equal filters, to see whether they changed."""
        folded = [sorted({name.casefold() for name in names}) for names in (self.types, self.excluded_statuses)]
        return orjson.dumps(folded).decode()


@dataclass(frozen=True, slots=True)
class StoredConnection:
    """A connection as it is kept; `sealed` are the credentials as the vault gave them."""

    name: str
    profile: str
    host: str
    port: int
    company_id: str
    allowed_host: str
    ca_pem: str | None
    sealed: bytes
    connected_at: str
    filters: Filters = Filters()
    id: int = 0


@dataclass(frozen=True, slots=True)
class Organization:
    """One of the vendor's own records that companies are matched to; `name_key` is its name as it is compared."""

    id: str
    name: str
    name_key: str


def stored_connections(engine: Engine) -> list[StoredConnection]:
    """Read every connection, in the order of their names."""
    with engine.connect() as transaction:
        return [_read(row) for row in transaction.execute(sa.select(connections).order_by(connections.c.name))]


def save_connection(transaction: Connection, connection: StoredConnection) -> bool:
    """Write `connection` under its name, keeping the filters of the one it replaces; True when it is a new one.

    When it now leads to another company or server, all that was mirrored from the old one is taken out.
    """
    values = {
        name: getattr(connection, name)
        for name in ("profile", "host", "port", "company_id", "allowed_host", "ca_pem", "sealed", "connected_at")
    }
    old = transaction.execute(sa.select(connections).where(connections.c.name == connection.name)).one_or_none()
    if old is None:
        transaction.execute(connections.insert(), {"name": connection.name, **values})
        return True
    transaction.execute(connections.update().where(connections.c.id == old.id).values(**values))
    if (old.host, old.port, old.company_id) != (connection.host, connection.port, connection.company_id):
        forget_mirror(transaction, old.id)
    return False


def save_filters(transaction: Connection, connection_id: int, filters: Filters) -> None:
    """Write the filters of a connection."""
    transaction.execute(
        connections.update()
        .where(connections.c.id == connection_id)
        .values(
            types=orjson.dumps(filters.types).decode(),
            excluded_statuses=orjson.dumps(filters.excluded_statuses).decode(),
        )
    )


def replace_organizations(transaction: Connection, connection_id: int, rows: Iterable[Organization]) -> None:
    """Put `rows` in the place of all organizations of the connection."""
    transaction.execute(organizations.delete().where(organizations.c.connection_id == connection_id))
    values = [
        {"connection_id": connection_id, "id": row.id, "name": row.name, "name_key": row.name_key} for row in rows
    ]
    if values:
        transaction.execute(organizations.insert(), values)


def count_organizations(engine: Engine, connection_id: int) -> int:
    """Count the vendor's own organizations of a connection."""
    with engine.connect() as transaction:
        found = sa.select(sa.func.count()).where(organizations.c.connection_id == connection_id)
        return int(transaction.scalar(found) or 0)


def forget_mirror(transaction: Connection, connection_id: int) -> None:
    """Take out the companies and the runs of a connection."""
    for table in (companies, runs):
        transaction.execute(table.delete().where(table.c.connection_id == connection_id))


def remove_connection(transaction: Connection, connection_id: int) -> None:
    """Take out a connection with its credentials, its organizations and its mirror."""
    forget_mirror(transaction, connection_id)
    transaction.execute(organizations.delete().where(organizations.c.connection_id == connection_id))
    transaction.execute(connections.delete().where(connections.c.id == connection_id))


def _read(row: sa.Row[tuple[object, ...]]) -> StoredConnection:
    found = row._mapping
    return StoredConnection(
        id=int(found["id"]),
        name=found["name"],
        profile=found["profile"],
        host=found["host"],
        port=int(found["port"]),
        company_id=found["company_id"],
        allowed_host=found["allowed_host"],
        ca_pem=found["ca_pem"],
        sealed=bytes(found["sealed"]),
        connected_at=found["connected_at"],
        filters=Filters(_texts(found["types"]), _texts(found["excluded_statuses"])),
    )


def _texts(text: str) -> tuple[str, ...]:
    found: Sequence[str] = orjson.loads(text)
    return tuple(found)
