"""Conditions on fields that one may not see: as if no record had them, whatever stands around them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.catalogue import load
from mockcw.query import QuerySettings, compile, compile_order, covered, covered_order, list_query
from mockcw.store import Store

TIME = load().model("TimeEntry")
HIDDEN = frozenset({"hourlyRate", "invoice", "questions.answer"})
RECORDS = [{"id": n, "hourlyRate": n, "notes": "x" if n % 2 else "y", "invoice": {"id": n}} for n in range(1, 9)]


def found(records: list[dict[str, Any]], text: str, order: str = "", hidden: frozenset[str] = HIDDEN) -> list[int]:
    """The ids a list answers, with fields hidden."""
    params = {"conditions": text, "orderby": order}
    asked = list_query(params, TIME, load(), forward_only=False, settings=QuerySettings())
    store = Store()
    try:
        for record in records:
            store.insert("/time/entries", record["id"], orjson.dumps(record))
        ordered = compile_order(covered_order(asked.order, hidden))
        return [one for one, _ in store.rows("/time/entries", compile(covered(asked.where, hidden)), order=ordered)]
    finally:
        store.close()


CONDITIONS = [
    "hourlyRate > 3",
    "hourlyRate = null",
    "hourlyRate != null",
    "hourlyRate in (1,2)",
    "invoice/id = 4",
    'notes = "x" and hourlyRate > 3',
    'notes = "x" or hourlyRate > 3',
    'notes = "y" or invoice/id = 4',
    "hourlyRate = 3 or hourlyRate != 3",
]


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_finds_what_it_would_if_the_fields_were_not_there(text: str) -> None:
    bare = [{name: value for name, value in one.items() if name not in HIDDEN} for one in RECORDS]
    assert found(RECORDS, text) == found(bare, text, hidden=frozenset())


def test_an_order_by_a_hidden_field_is_the_usual_one() -> None:
    assert found(RECORDS, "", "hourlyRate desc") == [one["id"] for one in RECORDS]
    assert found(RECORDS, "", "notes, hourlyRate desc") == found(RECORDS, "", "notes", hidden=frozenset())


@given(st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3), st.sampled_from([" and ", " or "]))
def test_so_do_conditions_put_together(parts: list[str], joiner: str) -> None:
    text = joiner.join(f"({part})" for part in parts)
    bare = [{name: value for name, value in one.items() if name not in HIDDEN} for one in RECORDS]
    assert found(RECORDS, text) == found(bare, text, hidden=frozenset())
