"""The store by itself: ids, transactions, states, caches, threads."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcw.store import EVERYTHING, Store, StoreError, Where, both

THINGS = "/things"
COLOUR = "json_extract(doc,'$.colour')"


def doc(number: int, colour: str = "red") -> bytes:
    return json.dumps({"id": number, "colour": colour}).encode()


def add(store: Store, colour: str = "red", parent: int = 0, collection: str = THINGS) -> int:
    with store.transaction():
        number = store.next_id(collection)
        store.insert(collection, number, doc(number, colour), parent)
    return number


def ids(store: Store, where: Where = EVERYTHING, **page: int) -> list[int]:
    return [number for number, _ in store.rows(THINGS, where, **page)]


def of_colour(colour: str) -> Where:
    return Where(f"{COLOUR} = ?", (colour,), (COLOUR,))


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    one = Store(tmp_path / "state.db" if request.param == "file" else None)
    yield one
    one.close()


class Broken(Exception):
    pass


@contextmanager
def failing(store: Store) -> Iterator[None]:
    """A transaction that fails at its end; the failure comes through."""
    try:
        with store.transaction():
            yield
            raise Broken
    except Broken:
        return
    pytest.fail("the transaction swallowed the failure")


# -- ids ---------------------------------------------------------------------------------------------------------------


def test_ids_count_from_one_in_every_collection(store: Store) -> None:
    assert [add(store), add(store), add(store, collection="/others")] == [1, 2, 1]


def test_an_id_is_not_reused_after_its_record_is_deleted(store: Store) -> None:
    last = [add(store) for _ in range(3)][-1]
    store.delete(THINGS, last)
    assert add(store) == last + 1


def test_an_id_is_not_reused_after_all_records_are_deleted_and_the_file_is_opened_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "state.db")
    for _ in range(3):
        store.delete(THINGS, add(store))
    store.close()
    again = Store(tmp_path / "state.db")
    assert ids(again) == []
    assert add(again) == 4
    again.close()


def test_records_of_a_file_are_there_when_it_is_opened_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "state.db")
    add(store, "blue")
    root = store.root
    store.close()
    again = Store(tmp_path / "state.db")
    assert json.loads(again.get(THINGS, 1) or b"")["colour"] == "blue"
    assert again.root == root
    assert again.collections() == [THINGS]
    again.close()


# -- reading -----------------------------------------------------------------------------------------------------------


def test_a_collection_nobody_wrote_to_is_empty_and_not_an_error(store: Store) -> None:
    assert store.get("/none", 1) is None
    assert store.parent_of("/none", 1) is None
    assert store.rows("/none", EVERYTHING) == []
    assert store.count("/none", EVERYTHING) == 0
    assert store.collections() == []


def test_a_record_is_found_by_id_within_its_parent_and_condition_only(store: Store) -> None:
    number = add(store, "red", parent=7)
    assert store.get(THINGS, number) == doc(number)
    assert store.get(THINGS, number, 7) == doc(number)
    assert store.get(THINGS, number, 8) is None
    assert store.get(THINGS, number, 7, of_colour("red")) == doc(number)
    assert store.get(THINGS, number, 7, of_colour("blue")) is None
    assert store.parent_of(THINGS, number) == 7


def test_both_conditions_must_hold(store: Store) -> None:
    add(store, "red")
    add(store, "blue")
    assert ids(store, both(of_colour("red"), Where("id < ?", (2,)))) == [1]
    assert ids(store, both(of_colour("red"), Where("id > ?", (1,)))) == []
    assert both(EVERYTHING, None) is EVERYTHING
    assert both(EVERYTHING, of_colour("red")) == of_colour("red")


def test_a_collection_name_cannot_reach_out_of_its_table(store: Store) -> None:
    with pytest.raises(ValueError, match="not a collection"):
        add(store, collection='/x" (id); DROP TABLE meta; --')


def test_an_index_does_not_change_answers(store: Store) -> None:
    colours = [("red", "blue", "Red")[n % 3] for n in range(60)]
    reds: list[int] = []
    for number, colour in enumerate(colours, 1):
        add(store, colour)
        reds += [number] * (colour == "red")
        assert ids(store, of_colour("red")) == reds
    without_index = Where(f"{COLOUR} = ?", ("red",))
    assert ids(store, without_index) == reds
    assert store.count(THINGS, without_index) == store.count(THINGS, of_colour("red")) == 20


# -- transactions ------------------------------------------------------------------------------------------------------


def test_a_failed_transaction_leaves_nothing_not_even_its_tables_and_indexes(store: Store) -> None:
    add(store)
    with failing(store):
        for _ in range(40):
            store.insert("/new", store.next_id("/new"), doc(1))
        assert len(store.rows("/new", of_colour("red"))) == 40  # makes an index inside the transaction
        assert store.count("/new", EVERYTHING) == 40
        store.update(THINGS, 1, doc(1, "green"))
    assert store.collections() == [THINGS]
    assert store.rows("/new", EVERYTHING) == []
    assert store.count("/new", EVERYTHING) == 0
    assert store.get(THINGS, 1) == doc(1)
    assert add(store, collection="/new") == 1
    assert len(store.rows("/new", of_colour("red"))) == 1


def test_a_count_learned_inside_a_failed_transaction_is_forgotten(store: Store) -> None:
    add(store)
    assert store.count(THINGS, EVERYTHING) == 1
    with failing(store):
        add(store)
        assert store.count(THINGS, EVERYTHING) == 2
    assert store.count(THINGS, EVERYTHING) == 1


def test_a_nested_transaction_joins_the_outer_one(store: Store) -> None:
    with failing(store), store.transaction():
        add(store)
    assert ids(store) == []
    with store.transaction(), store.transaction():
        add(store)
    assert ids(store) == [1]


def test_changed_differs_after_every_write_and_only_for_its_collection(store: Store) -> None:
    add(store)
    add(store, collection="/others")
    seen = {store.changed(THINGS)}
    others = store.changed("/others")
    for write in (
        lambda: store.update(THINGS, 1, doc(1, "blue")),
        lambda: store.insert(THINGS, 9, doc(9)),
        lambda: store.insert_many(THINGS, [(10, 0, doc(10))]),
        lambda: store.delete(THINGS, 9),
    ):
        write()
        assert store.changed(THINGS) not in seen
        seen.add(store.changed(THINGS))
    assert store.changed("/others") == others


# -- named states ------------------------------------------------------------------------------------------------------


def test_restore_goes_back_to_the_named_state_as_often_as_wanted(store: Store) -> None:
    add(store, "red")
    store.snapshot("one")
    add(store, "blue")
    add(store, collection="/later")
    store.snapshot("two")
    for _ in range(2):
        store.restore("one")
        assert ids(store) == [1]
        assert store.count(THINGS, EVERYTHING) == 1
        assert store.collections() == [THINGS]
        assert add(store) == 2
    store.restore("two")
    assert ids(store) == [1, 2]
    assert store.collections() == ["/later", THINGS]
    assert store.states.names() == ["one", "two"]


def test_a_restored_file_still_holds_its_state_when_opened_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "state.db")
    add(store)
    store.snapshot("one")
    add(store)
    store.restore("one")
    store.close()
    again = Store(tmp_path / "state.db")
    assert ids(again) == [1]
    again.close()


def test_restoring_an_unknown_state_changes_nothing(store: Store) -> None:
    add(store)
    with pytest.raises(KeyError):
        store.restore("never")
    assert ids(store) == [1]


def test_a_restore_is_seen_as_a_change(store: Store) -> None:
    add(store)
    store.snapshot("one")
    store.restore("one")
    untouched = store.changed(THINGS)
    add(store)
    seen = store.changed(THINGS)
    store.restore("one")
    assert store.changed(THINGS) not in (untouched, seen)
    assert ids(store) == [1]


def test_a_state_kept_twice_under_one_name_is_the_later_one(store: Store) -> None:
    add(store)
    store.snapshot("one")
    add(store)
    store.snapshot("one")
    add(store)
    store.restore("one")
    assert ids(store) == [1, 2]


# -- caches ------------------------------------------------------------------------------------------------------------

WRITES = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(["red", "blue"])),
    st.tuples(st.just("paint"), st.integers(1, 12)),
    st.tuples(st.just("delete"), st.integers(1, 12)),
    st.tuples(st.just("fail"), st.integers(1, 12)),
    st.tuples(st.just("save"), st.none()),
    st.tuples(st.just("restore"), st.none()),
    st.tuples(st.just("page"), st.tuples(st.integers(1, 4), st.integers(0, 12), st.sampled_from(["all", "red"]))),
)


@given(st.lists(WRITES, max_size=40))
@example([("add", "red"), ("page", (1, 0, "all")), ("delete", 1), ("add", "red"), ("page", (1, 1, "all"))])
def test_pages_and_counts_stay_right_under_writes_between_them(steps: list[tuple[str, object]]) -> None:
    store = Store()
    plain: dict[int, str] = {}
    kept: dict[int, str] | None = None
    for step, detail in steps:
        if step == "add":
            plain[add(store, str(detail))] = str(detail)
        elif step == "paint" and detail in plain:
            plain[detail] = "blue" if plain[detail] == "red" else "red"
            store.update(THINGS, detail, doc(detail, plain[detail]))
        elif step == "delete" and detail in plain:
            del plain[detail]
            store.delete(THINGS, detail)
        elif step == "fail":
            with failing(store):
                add(store)
                store.delete(THINGS, int(str(detail)))
                ids(store, limit=2, offset=2)
        elif step == "save":
            kept = dict(plain)
            store.snapshot("kept")
        elif step == "restore" and kept is not None:
            plain = dict(kept)
            store.restore("kept")
        elif step == "page":
            size, offset, which = detail
            where = EVERYTHING if which == "all" else of_colour("red")
            wanted = [n for n in sorted(plain) if which == "all" or plain[n] == "red"]
            assert ids(store, where, limit=size, offset=offset) == wanted[offset : offset + size]
            assert store.count(THINGS, where) == len(wanted)
    assert ids(store) == sorted(plain)
    store.close()


@given(st.lists(st.sampled_from(["red", "blue", "green"]), max_size=60), st.integers(1, 9), st.booleans())
def test_walking_the_pages_of_any_order_visits_every_record_once(colours: list[str], size: int, down: bool) -> None:
    store = Store()
    for colour in colours:
        add(store, colour)
    order = f"{COLOUR} {'DESC' if down else 'ASC'}, id"
    walked: list[int] = []
    for offset in range(0, len(colours) + size, size):
        walked += [number for number, _ in store.rows(THINGS, EVERYTHING, order=order, limit=size, offset=offset)]
    plain = sorted(enumerate(colours, 1), key=lambda one: one[0])
    plain.sort(key=lambda one: one[1], reverse=down)
    assert walked == [number for number, _ in plain]
    store.close()


# -- threads -----------------------------------------------------------------------------------------------------------


def test_several_threads_write_and_read_side_by_side_and_nothing_is_lost(store: Store) -> None:
    start = threading.Barrier(4)

    def work(colour: str) -> list[int]:
        start.wait()
        made = []
        for _ in range(25):
            made.append(add(store, colour))
            assert store.get(THINGS, made[-1]) is not None
            assert store.count(THINGS, of_colour(colour)) == len(made)
            ids(store, limit=5, offset=5)
        return made

    with ThreadPoolExecutor(4) as pool:
        made = [number for one in pool.map(work, ["red", "blue", "green", "grey"]) for number in one]
    assert sorted(made) == list(range(1, 101))
    assert ids(store) == list(range(1, 101))


def test_a_reader_does_not_meet_a_table_that_a_failed_transaction_took_back(store: Store) -> None:
    """The reader asks while the table exists and gets its turn when it does not any more."""
    inside = threading.Event()

    def read() -> tuple[object, int]:
        inside.wait()
        return store.rows("/new", EVERYTHING), store.count("/new", EVERYTHING)

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        with failing(store):
            add(store, collection="/new")
            inside.set()
            wait([reader], timeout=0.2)  # it is now waiting for its turn
        assert reader.result(5) == ([], 0)


# -- files that cannot be used -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", "folder", "missing folder"])
def test_an_unusable_file_is_refused_with_what_to_do(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "state.db"
    if kind == "text":
        path.write_text("no database at all\n" * 100)
    elif kind == "folder":
        path.mkdir()
    else:
        path = tmp_path / "nowhere" / "state.db"
    with pytest.raises(StoreError, match="name another file or remove it") as refusal:
        Store(path)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)
