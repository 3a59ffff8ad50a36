"""Kept states: in memory or in a folder, under names, and what happens to those that cannot be used."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mockcw.store import EVERYTHING, StateError, Store, named

THINGS = "/things"


def add(store: Store, text: bytes = b"{}") -> int:
    with store.transaction():
        number = store.next_id(THINGS)
        store.insert(THINGS, number, text)
    return number


def in_folder(folder: Path) -> Store:
    store = Store()
    store.states.folder = folder
    return store


def test_a_folder_keeps_states_for_later_processes(tmp_path: Path) -> None:
    store = in_folder(tmp_path / "kept")
    add(store, b'{"a":1}')
    store.snapshot("one", "told")
    store.close()
    again = in_folder(tmp_path / "kept")
    assert again.states.names() == ["one"]
    again.restore("one")
    assert again.rows(THINGS, EVERYTHING) == [(1, b'{"a":1}')]
    assert again.states.beside("one") == "told"
    assert add(again) == 2
    again.close()


def test_files_of_states_are_their_owners_alone(tmp_path: Path) -> None:
    store = in_folder(tmp_path / "kept")
    store.snapshot("one")
    assert (tmp_path / "kept" / "one.db").stat().st_mode & 0o077 == 0
    store.close()


def test_the_emulators_own_states_are_in_no_list_and_no_folder(tmp_path: Path) -> None:
    store = in_folder(tmp_path)
    store.snapshot("~own")
    assert store.states.names() == []
    assert "~own" in store.states
    assert list(tmp_path.iterdir()) == []
    store.close()


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "../up", "x" * 65, "blank name", "line\n"])
def test_what_is_no_name_is_refused(name: str, tmp_path: Path) -> None:
    store = in_folder(tmp_path)
    with pytest.raises(StateError, match="is no name"):
        store.snapshot(name)
    with pytest.raises(StateError, match="is no name"):
        named(name)
    store.close()


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    store = in_folder(tmp_path / "taken")
    with pytest.raises(StateError, match="cannot be written"):
        store.snapshot("one")
    assert store.states.names() == []
    store.close()


def test_a_file_that_is_no_state_is_said_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_text("not a database, but long enough to be read as one" * 20)
    store = in_folder(tmp_path)
    add(store)
    with pytest.raises(StateError, match="no kept state"):
        store.restore("bad")
    assert store.count(THINGS, EVERYTHING) == 1
    store.close()


@pytest.mark.parametrize("in_files", [True, False])
def test_a_state_that_is_dropped_is_gone(in_files: bool, tmp_path: Path) -> None:
    store = in_folder(tmp_path) if in_files else Store()
    store.snapshot("one")
    store.drop("one")
    assert store.states.names() == []
    for call in (store.restore, store.drop):
        with pytest.raises(KeyError):
            call("one")
    assert list(tmp_path.iterdir()) == []
    store.close()


def test_a_state_is_not_touched_by_what_happens_after_it_was_brought_back(tmp_path: Path) -> None:
    store = in_folder(tmp_path)
    add(store)
    store.snapshot("one")
    for _ in range(2):
        add(store)
        add(store)
        store.restore("one")
        assert [number for number, _ in store.rows(THINGS, EVERYTHING)] == [1]
    store.snapshot("two", "of a state that was brought back")
    assert store.states.beside("two") == "of a state that was brought back"
    store.close()


def test_a_state_can_be_adopted_by_another_store() -> None:
    one, other = Store(), Store()
    add(one, b'{"a":1}')
    one.snapshot("start", "told")
    other.states.adopt("start", one.states, "theirs")
    one.close()
    other.restore("theirs")
    assert other.rows(THINGS, EVERYTHING) == [(1, b'{"a":1}')]
    assert other.states.beside("theirs") == "told"
    other.close()


@pytest.mark.parametrize("live", [True, False])
def test_a_file_that_is_something_else_is_never_overwritten_nor_removed(live: bool, tmp_path: Path) -> None:
    other = Store(tmp_path / "live.db")
    add(other)
    if not live:
        other.close()
    store = in_folder(tmp_path)
    for call in (store.snapshot, store.drop):
        with pytest.raises(StateError, match="no kept state"):
            call("live")
    store.close()
    other.close()
    again = Store(tmp_path / "live.db")
    assert again.count(THINGS, EVERYTHING) == 1
    again.close()


def test_a_state_that_another_process_kept_anew_or_dropped_is_noticed(tmp_path: Path) -> None:
    one, other = in_folder(tmp_path), in_folder(tmp_path)
    add(one)
    one.snapshot("shared")
    one.restore("shared")
    add(other)
    add(other)
    other.snapshot("shared", "theirs")
    one.restore("shared")
    assert one.count(THINGS, EVERYTHING) == 2
    assert one.states.beside("shared") == "theirs"
    other.drop("shared")
    assert one.states.names() == []
    with pytest.raises(KeyError):
        one.restore("shared")
    one.close()
    other.close()


def test_a_state_is_one_file_whatever_it_was_kept_of(tmp_path: Path) -> None:
    store = Store(tmp_path / "records.db")
    store.states.folder = tmp_path / "kept"
    add(store)
    store.snapshot("one")
    store.restore("one")
    add(store)
    store.restore("one")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["one.db"]
    store.close()


def test_a_database_that_cannot_be_written_is_said_and_holds_what_it_held(tmp_path: Path) -> None:
    store, target = Store(), tmp_path / "target.db"
    add(store)
    store.snapshot("one")
    with closing(sqlite3.connect(target)) as made:
        made.execute("CREATE TABLE mine (a)")
    with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as into:
        with pytest.raises(StateError, match="cannot be brought back"):
            store.states.bring("one", into)
        assert [name for (name,) in into.execute("SELECT name FROM sqlite_master")] == ["mine"]
    store.close()
