"""Runs: what a sync set out to do, how far it is, and where the next one begins.

Knows rows; the mark of the next page and the rows of the page before it are written in one transaction by the caller,
so a run that died goes on exactly where it stopped. Does not know what a page is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from integration.store.tables import runs

RUNNING: Final = "running"
DONE: Final = "done"
ABANDONED: Final = "abandoned"
FULL: Final = "full"
INCREMENTAL: Final = "incremental"


@dataclass(frozen=True, slots=True)
class Run:
    """One sync; moments are ISO texts, empty when there is none.

    `since` is where an incremental run asks from, `newest` the newest lastUpdated it saw, `server_time` the server's
    clock when it began, `watermark` what the next run starts from, `held` the companies that mass-delete protection
    kept.
    """

    id: int
    connection_id: int
    state: str
    mode: str
    reason: str
    filters: str
    attempt: int
    mark: str
    pages_ended: bool
    pages: int
    received: int
    newest: str
    since: str
    server_time: str
    watermark: str
    vanished: int
    held: int
    started_at: str
    finished_at: str


def open_run(transaction: Connection, values: Mapping[str, Any]) -> int:
    """Write a new run and return its id."""
    key = transaction.execute(runs.insert().values(state=RUNNING, **values)).inserted_primary_key
    return int(key[0]) if key is not None else 0


def change_run(transaction: Connection, run_id: int, **values: Any) -> None:
    """Write what changed of a run."""
    transaction.execute(runs.update().where(runs.c.id == run_id).values(**values))


def read_run(engine: Engine, run_id: int) -> Run:
    """Read one run."""
    with engine.connect() as transaction:
        return _read(transaction.execute(sa.select(runs).where(runs.c.id == run_id)).one())


def last_run(engine: Engine, connection_id: int, state: str, mode: str | None = None) -> Run | None:
    """Read the latest run of a connection in `state`, of one mode when it is given."""
    chosen = sa.select(runs).where(runs.c.connection_id == connection_id, runs.c.state == state)
    if mode is not None:
        chosen = chosen.where(runs.c.mode == mode)
    with engine.connect() as transaction:
        row = transaction.execute(chosen.order_by(runs.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _read(row)


def _read(row: sa.Row[Any]) -> Run:
    return Run(**row._mapping)
