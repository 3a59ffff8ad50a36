"""What happens to a record within one transaction is one piece of news: what it comes to, seen from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.clock import Clock, Ids
from mockcw.delivery import Outbox
from mockcw.delivery.outbox import CALLBACKS, OUTBOX, Action
from mockcw.settings import Settings
from mockcw.store import EVERYTHING, Store

CONTACTS = "/company/contacts"
CALLBACK = {"id": 1, "type": "contact", "level": "owner", "objectId": 1, "url": "http://x/", "memberId": 1}


class Undone(Exception):
    """Ends a transaction that shall leave nothing."""


@pytest.fixture
def outbox() -> Iterator[Outbox]:
    """An outbox over an empty store with one callback about contacts."""
    store = Store()
    store.insert(CALLBACKS, 1, orjson.dumps(CALLBACK))
    yield Outbox(store, Clock(), Ids(1), Settings())
    store.close()


def news(outbox: Outbox) -> list[tuple[Action, int | None]]:
    """What the outbox holds, and takes out of it: the action and the version of the record that comes along."""
    rows = [orjson.loads(doc) for _, doc in outbox.store.rows(OUTBOX, EVERYTHING)]
    for row in rows:
        outbox.store.delete(OUTBOX, row["id"])
    return [(row["action"], orjson.loads(row["entity"])["version"] if row["entity"] else None) for row in rows]


def happen(outbox: Outbox, there: bool, steps: list[bool]) -> tuple[bool, int]:
    """Let a record be written (true) or deleted (false), where that can be; whether it is there then, how many did."""
    done = 0
    for write in steps:
        if not write and not there:
            continue
        did: Action = "deleted" if not write else "updated" if there else "added"
        there, done = write, done + 1
        record = {"id": 7, "version": done}
        assert outbox.wants(CONTACTS)
        outbox.heard(did, CONTACTS, (7,), None, record, orjson.dumps(record), "Ada")
    return there, done


@given(st.booleans(), st.lists(st.lists(st.booleans(), max_size=6), max_size=5))
def test_a_transaction_is_told_as_what_it_comes_to(there: bool, transactions: list[list[bool]]) -> None:
    store = Store()
    store.insert(CALLBACKS, 1, orjson.dumps(CALLBACK))
    outbox = Outbox(store, Clock(), Ids(1), Settings())
    for steps in transactions:
        with store.transaction():
            after, done = happen(outbox, there, steps)
        expected: dict[tuple[bool, bool], list[tuple[Action, int | None]]] = {
            (False, True): [("added", done)],
            (True, True): [("updated", done)],
            (True, False): [("deleted", None)],
            (False, False): [],
        }
        assert news(outbox) == (expected[there, after] if done else [])
        there = after
    store.close()


def test_what_was_undone_was_no_news_and_does_not_count_later(outbox: Outbox) -> None:
    store = outbox.store
    with suppress(Undone), store.transaction():
        happen(outbox, False, [True])
        raise Undone
    assert news(outbox) == []
    with store.transaction():
        happen(outbox, True, [True])
    assert news(outbox) == [("updated", 1)]


def test_each_callback_is_told_and_none_that_is_inactive(outbox: Outbox) -> None:
    for number, inactive in ((2, False), (3, True)):
        outbox.store.insert(CALLBACKS, number, orjson.dumps({**CALLBACK, "id": number, "inactiveFlag": inactive}))
    with outbox.store.transaction():
        happen(outbox, False, [True, True])
    assert news(outbox) == [("added", 2)] * 2


def test_nobody_asks_for_what_no_type_is_about(outbox: Outbox) -> None:
    assert not outbox.wants("/service/boards")
    assert not outbox.wants("/company/companies")
    assert outbox.wants("/company/contacts/{parentId}/communications")
    outbox.store.delete(CALLBACKS, 1)
    assert not outbox.wants(CONTACTS)
