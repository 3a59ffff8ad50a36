"""What differs between two states, against plain dicts."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from mockcw.store import Store

Tables = dict[str, dict[int, str]]
TABLES = st.dictionaries(
    st.sampled_from(["/a", "/b", "~own"]), st.dictionaries(st.integers(1, 12), st.sampled_from("xyz"), max_size=8)
)


def fill(store: Store, tables: Tables) -> None:
    with store.transaction():
        for table, rows in tables.items():
            for number, text in sorted(rows.items()):
                store.insert(table, number, text.encode())


@given(TABLES, TABLES)
@example({"/a": {1: "x"}}, {})
@example({}, {"/a": {1: "x"}})
def test_every_record_that_differs_is_told_once_with_both_texts(before: Tables, after: Tables) -> None:
    one, other = Store(), Store()
    fill(one, before)
    fill(other, after)
    one.snapshot("start")
    found = one.differences("start", other)
    told = {(each.collection, each.id): (each.before, each.after) for each in found.changes}
    wanted = {
        (table, number): (was.encode() if was else None, becomes.encode() if becomes else None)
        for table in {*before, *after}
        for number in {*before.get(table, {}), *after.get(table, {})}
        if (was := before.get(table, {}).get(number)) != (becomes := after.get(table, {}).get(number))
    }
    assert told == wanted
    assert found.total == len(found.changes) == len(wanted)
    lasts = {table: (max(before.get(table) or [0]), max(after.get(table) or [0])) for table in {*before, *after}}
    assert found.next_ids == {table: (a + 1, b + 1) for table, (a, b) in lasts.items() if a != b}
    one.close()
    other.close()


def test_tables_that_are_worked_out_from_others_do_not_count() -> None:
    store = Store()
    store.snapshot("start")
    fill(store, {"~view /a": {1: "x"}, "~usages": {1: "x"}})
    assert store.differences("start").total == 0
    store.close()


def test_a_state_compares_with_the_present_and_with_another_state() -> None:
    store = Store()
    store.snapshot("empty")
    fill(store, {"/a": {1: "x"}})
    store.snapshot("one")
    fill(store, {"/a": {2: "y"}})
    assert [each.id for each in store.differences("empty").changes] == [1, 2]
    assert [each.id for each in store.differences("empty", "one").changes] == [1]
    assert [each.id for each in store.differences("one", "empty").changes] == [1]
    assert store.differences("one", "one").total == 0
    store.close()
