"""The audit log: append-only, and no change of it goes unseen."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.audit.log import AuditLog
from integration.clock import SystemClock
from integration.errors import AuditBroken
from integration.store.tables import database_url, open_database
from tests.campaign import examples

KEY = bytes(32)


def written(folder: Path, number: int) -> sa.Engine:
    engine = open_database(database_url(str(folder), "mirror.db"))
    log = AuditLog(engine, KEY, SystemClock())
    for count in range(number):
        with engine.begin() as transaction:
            log.append(transaction, "ann", f"action{count}", "sonicsaas", {"count": count})
    return engine


def forge(folder: Path, statement: str) -> None:
    """Change the file as one who can write it and knows of the triggers would."""
    with sqlite3.connect(folder / "mirror.db") as file:
        for verb in ("update", "delete"):
            file.execute(f"DROP TRIGGER IF EXISTS audit_no_{verb}")
        file.execute(statement)
    file.close()


def proven(engine: sa.Engine, key: bytes = KEY) -> list[str]:
    try:
        return [entry.action for entry in AuditLog(engine, key, SystemClock()).entries()]
    finally:
        engine.dispose()


def test_entries_are_read_in_order_and_proven(tmp_path: Path) -> None:
    assert proven(written(tmp_path, 4)) == ["action0", "action1", "action2", "action3"]


def test_an_empty_log_is_proven(tmp_path: Path) -> None:
    assert proven(written(tmp_path, 0)) == []


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'eve'", "DELETE FROM audit"])
def test_the_database_itself_refuses_changes(tmp_path: Path, statement: str) -> None:
    engine = written(tmp_path, 2)
    with engine.begin() as transaction, pytest.raises(sa.exc.IntegrityError, match="append-only"):
        transaction.execute(sa.text(statement))
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'eve' WHERE seq = 2",
        "UPDATE audit SET at = '2020-01-01T00:00:00Z' WHERE seq = 1",
        "UPDATE audit SET detail = '{}' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 1",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT 4, at, actor, action, subject, detail, proof FROM audit WHERE seq = 3",
        "UPDATE audit_head SET seq = 2",
    ],
)
def test_every_forgery_is_seen(tmp_path: Path, statement: str) -> None:
    engine = written(tmp_path, 3)
    forge(tmp_path, statement)
    with pytest.raises(AuditBroken):
        proven(engine)


def test_another_key_proves_nothing(tmp_path: Path) -> None:
    with pytest.raises(AuditBroken) as caught:
        proven(written(tmp_path, 1), bytes(31) + b"x")
    assert "key" in caught.value.advice


def test_an_entry_is_kept_only_together_with_its_change(tmp_path: Path) -> None:
    engine = written(tmp_path, 1)
    log = AuditLog(engine, KEY, SystemClock())

    def change_that_fails() -> None:
        with engine.begin() as transaction:
            log.append(transaction, "ann", "lost", "sonicsaas", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_that_fails()
    assert proven(engine) == ["action0"]


@given(
    st.dictionaries(
        st.text(max_size=8), st.text(max_size=20) | st.integers(-(2**53), 2**53) | st.booleans(), max_size=4
    )
)
@settings(max_examples=examples(25), deadline=None)
def test_any_detail_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, detail: dict[str, object]
) -> None:
    engine = open_database(database_url(str(tmp_path_factory.mktemp("audit")), "mirror.db"))
    log = AuditLog(engine, KEY, SystemClock())
    with engine.begin() as transaction:
        log.append(transaction, "ann", "did", "it", detail)
    entry = next(iter(log.entries()))
    engine.dispose()
    assert dict(entry.detail) == detail
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.at)
