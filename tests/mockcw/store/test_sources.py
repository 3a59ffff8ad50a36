"""Answers remembered under a condition on other collections: none outlives a write to one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.store import Store, Where, both

BOOKS, SHELVES, HOUSES = "/books", "/shelves", "/houses"
OPEN = "json_extract(doc,'$.open') = 1"
SEEN = Where(
    f"json_extract(doc,'$.shelf') IN (SELECT id FROM \"{SHELVES}\" WHERE {OPEN})", (), (), (SHELVES,)
)  # books on open shelves
DEEP = Where(
    f"json_extract(doc,'$.shelf') IN (SELECT id FROM \"{SHELVES}\" WHERE json_extract(doc,'$.house') IN "
    f'(SELECT id FROM "{HOUSES}" WHERE {OPEN}))',
    (),
    (),
    (SHELVES, HOUSES),
)  # books on shelves of open houses
PAGE = 2


def put(store: Store, collection: str, number: int, **fields: int) -> None:
    """Insert or replace a record."""
    doc = json.dumps({"id": number, **fields}).encode()
    if store.get(collection, number) is None:
        store.insert(collection, number, doc)
    else:
        store.update(collection, number, doc)


def answers(store: Store, where: Where) -> tuple[list[int], int, list[int], list[int]]:
    """Ids by rows, the count, ids by get, and ids page by page, each asked twice so that the second is remembered."""
    found = []
    for _ in range(2):
        listed = [number for number, _ in store.rows(BOOKS, where)]
        single = [number for number in range(1, 9) if store.get(BOOKS, number, None, where) is not None]
        pages = [store.rows(BOOKS, where, limit=PAGE, offset=start) for start in range(0, 8, PAGE)]
        found.append((listed, store.count(BOOKS, where), single, [one for page in pages for one, _ in page]))
    assert found[0] == found[1]
    return found[0]


def all_are(store: Store, where: Where, wanted: list[int]) -> None:
    assert answers(store, where) == (wanted, len(wanted), wanted, wanted)


@pytest.fixture(params=["memory", "file"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Eight books, of even number on shelf 2 (closed), of odd on shelf 1 (open), in houses of the same numbers."""
    store = Store(tmp_path / "state.db" if request.param == "file" else None)
    for number in (1, 2):
        put(store, HOUSES, number, open=number % 2)
        put(store, SHELVES, number, open=number % 2, house=number)
    for number in range(1, 9):
        put(store, BOOKS, number, shelf=2 - number % 2)
    yield store
    store.close()


ODD, EVEN = [1, 3, 5, 7], [2, 4, 6, 8]


def test_a_write_to_the_other_collection_counts_at_once(library: Store) -> None:
    all_are(library, SEEN, ODD)
    put(library, SHELVES, 2, open=1)
    all_are(library, SEEN, sorted(ODD + EVEN))
    put(library, SHELVES, 1, open=0)
    all_are(library, SEEN, EVEN)


def test_a_delete_and_an_insert_there_count_at_once(library: Store) -> None:
    all_are(library, SEEN, ODD)
    library.delete(SHELVES, 1)
    all_are(library, SEEN, [])
    put(library, SHELVES, 1, open=1)
    all_are(library, SEEN, ODD)
    library.refill(SHELVES, [(2, 0, b'{"open":1}')])
    all_are(library, SEEN, EVEN)


def test_a_write_two_collections_away_counts_at_once(library: Store) -> None:
    all_are(library, DEEP, ODD)
    put(library, HOUSES, 2, open=1)
    all_are(library, DEEP, sorted(ODD + EVEN))
    put(library, SHELVES, 1, house=99)
    all_are(library, DEEP, EVEN)


def test_a_condition_joined_to_another_reads_what_both_read(library: Store) -> None:
    where = both(Where("id < ?", (5,)), both(SEEN, DEEP))
    all_are(library, where, [1, 3])
    put(library, HOUSES, 1, open=0)
    all_are(library, where, [])


def test_a_table_that_is_made_later_counts_at_once() -> None:
    store = Store()
    put(store, BOOKS, 1, shelf=1)
    all_are(store, SEEN, [])
    put(store, SHELVES, 1, open=1)
    all_are(store, SEEN, [1])
    store.close()


def test_a_write_that_is_rolled_back_leaves_the_answers_as_they_were(library: Store) -> None:
    all_are(library, SEEN, ODD)

    def fail() -> None:
        with library.transaction():
            put(library, SHELVES, 2, open=1)
            all_are(library, SEEN, sorted(ODD + EVEN))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    all_are(library, SEEN, ODD)


def test_going_back_to_a_kept_state_counts_at_once(library: Store) -> None:
    library.snapshot("before")
    put(library, SHELVES, 2, open=1)
    all_are(library, SEEN, sorted(ODD + EVEN))
    library.restore("before")
    all_are(library, SEEN, ODD)
    library.clear()
    all_are(library, SEEN, [])


def test_a_write_elsewhere_lets_what_was_remembered_stand(library: Store) -> None:
    """The stamp is of what is read: other writes do not make every list slow."""
    before = library.rows(BOOKS, SEEN)
    put(library, "/elsewhere", 1, open=1)
    assert library.rows(BOOKS, SEEN) is before
    put(library, SHELVES, 3, open=0)
    assert library.rows(BOOKS, SEEN) is not before
    assert library.rows(BOOKS, SEEN) == before


WRITE = st.tuples(
    st.sampled_from([HOUSES, SHELVES, BOOKS, "delete"]), st.integers(1, 3), st.integers(0, 1), st.integers(1, 3)
)


@given(st.lists(WRITE, max_size=8))
def test_whatever_is_written_no_answer_is_stale(writes: list[tuple[str, int, int, int]]) -> None:
    store = Store()
    state: dict[str, dict[int, dict[str, int]]] = {name: {} for name in (HOUSES, SHELVES, BOOKS)}
    for where in (SEEN, DEEP):
        all_are(store, where, [])
    for what, number, is_open, other in writes:
        if what == "delete":
            if state[SHELVES].pop(number, None) is not None:
                store.delete(SHELVES, number)
        else:
            fields = {"open": is_open, "house": other, "shelf": other}
            state[what][number] = fields
            put(store, what, number, **fields)
        on = {number for number, shelf in state[SHELVES].items() if shelf["open"]}
        houses = {number for number, house in state[HOUSES].items() if house["open"]}
        inside = {number for number, shelf in state[SHELVES].items() if shelf["house"] in houses}
        all_are(store, SEEN, sorted(number for number, book in state[BOOKS].items() if book["shelf"] in on))
        all_are(store, DEEP, sorted(number for number, book in state[BOOKS].items() if book["shelf"] in inside))
    store.close()
