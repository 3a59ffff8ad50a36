"""The tables, and how a database is opened.

Knows the two kinds of database it runs on and their settings; does not know what the rows are for.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from integration.errors import NotReady, WrongUse

metadata = sa.MetaData()

connections = sa.Table(
    "connections",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("profile", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("port", sa.Integer, nullable=False),
    sa.Column("company_id", sa.Text, nullable=False),
    sa.Column("allowed_host", sa.Text, nullable=False, server_default=""),
    sa.Column("ca_pem", sa.Text),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("types", sa.Text, nullable=False, server_default="[]"),
    sa.Column("excluded_statuses", sa.Text, nullable=False, server_default="[]"),
    sa.Column("connected_at", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

organizations = sa.Table(
    "organizations",
    metadata,
    sa.Column("connection_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False),
    sa.Index("organizations_by_name", "connection_id", "name_key"),
)

companies = sa.Table(
    "companies",
    metadata,
    sa.Column("connection_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("identifier", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("types", sa.Text, nullable=False),
    sa.Column("last_updated", sa.Text, nullable=False),
    sa.Column("presence", sa.Text, nullable=False),
    sa.Column("seen_run", sa.Integer, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text),
    sqlite_with_rowid=False,
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("connection_id", sa.Integer, nullable=False, index=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("filters", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("mark", sa.Text, nullable=False, server_default=""),
    sa.Column("pages_ended", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("pages", sa.Integer, nullable=False, server_default="0"),
    sa.Column("received", sa.Integer, nullable=False, server_default="0"),
    sa.Column("newest", sa.Text, nullable=False, server_default=""),
    sa.Column("since", sa.Text, nullable=False, server_default=""),
    sa.Column("server_time", sa.Text, nullable=False, server_default=""),
    sa.Column("watermark", sa.Text, nullable=False, server_default=""),
    sa.Column("vanished", sa.Integer, nullable=False, server_default="0"),
    sa.Column("held", sa.Integer, nullable=False, server_default="0"),
    sa.Column("started_at", sa.Text, nullable=False),
    sa.Column("finished_at", sa.Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("proof", sa.Text, nullable=False),
)

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("proof", sa.Text, nullable=False),
)

_APPEND_ONLY: Final = "the audit log is append-only"
for _verb in ("UPDATE", "DELETE"):
    event.listen(
        audit,
        "after_create",
        sa.DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER audit_no_{_verb.lower()} BEFORE {_verb} ON audit "
            f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
        ).execute_if(dialect="sqlite"),
    )
    event.listen(
        audit,
        "after_create",
        sa.DDL(  # type: ignore[no-untyped-call]
            f"CREATE RULE audit_no_{_verb.lower()} AS ON {_verb} TO audit DO INSTEAD NOTHING"
        ).execute_if(dialect="postgresql"),
    )


def is_database_url(state: str) -> bool:
    """Tell a database URL from a folder."""
    return "://" in state


def database_url(state: str, folder_file: str) -> sa.URL:
    """Name the database of `state`: `folder_file` inside a folder, or the given URL with the driver that is installed.

    Raises WrongUse for a URL that is neither PostgreSQL nor SQLite.
    """
    if not is_database_url(state):
        return sa.URL.create("sqlite", database=str(Path(state) / folder_file))
    try:
        url = make_url(state)
    except ArgumentError:
        raise WrongUse("the state is no folder and no database URL; give postgresql://user@host/name") from None
    kind = url.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise WrongUse(f"a state in {kind} is not supported; give a folder or a postgresql:// URL")


def open_database(url: sa.URL) -> Engine:
    """Open the database and create what is missing.

    Raises NotReady when it cannot be opened.
    """
    try:
        engine = _open_sqlite(url) if url.get_backend_name() == "sqlite" else sa.create_engine(url, pool_pre_ping=True)
        metadata.create_all(engine)
        with engine.begin() as transaction:
            if transaction.scalar(sa.select(sa.func.count()).select_from(audit_head)) == 0:
                transaction.execute(audit_head.insert(), {"id": 1, "seq": 0, "proof": ""})
    except (DBAPIError, OSError) as error:
        place = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
        reason = error.orig if isinstance(error, OperationalError | DBAPIError) else error.strerror
        raise NotReady(
            f"the state cannot be opened: {place} ({str(reason).strip().splitlines()[0]})", "check --state"
        ) from None
    return engine


def _open_sqlite(url: sa.URL) -> Engine:
    file = Path(str(url.database))
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    engine = sa.create_engine(url)

    def prepare(raw: Any, _record: object) -> None:
        # IMMEDIATE: a transaction that will write takes the lock at its first write, instead of failing half-way.
        raw.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "cache_size=-16000"):
            raw.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
    return engine
