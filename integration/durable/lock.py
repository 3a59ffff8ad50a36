"""One run at a time: a lock for each connection that the system takes back when the process dies.

Knows the locks of SQLite and PostgreSQL; does not know what runs under them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from integration.errors import NotReady


@contextmanager
def run_lock(engine: Engine, connection_id: int) -> Iterator[None]:
    """Hold the lock of a connection.

    Raises NotReady at once when another process holds it.
    """
    if engine.dialect.name == "sqlite":
        with _file_lock(Path(str(engine.url.database)).with_name(f"sync-{connection_id}.lock")):
            yield
        return
    # Without a transaction left open beside it: the workflow engine builds indexes that would wait for its end.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        if not session.scalar(sa.select(sa.func.pg_try_advisory_lock(0x4357, connection_id))):
            raise _busy()
        try:
            yield
        finally:
            session.execute(sa.select(sa.func.pg_advisory_unlock(0x4357, connection_id)))


@contextmanager
def _file_lock(file: Path) -> Iterator[None]:
    # An exclusive transaction on a database of its own is a file lock that works alike on every system.
    holder = sqlite3.connect(file, timeout=0, isolation_level=None)
    try:
        try:
            holder.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise _busy() from None
        yield
    finally:
        holder.close()


def _busy() -> NotReady:
    return NotReady("another sync of this connection is running", "wait for it to end, or stop it")
