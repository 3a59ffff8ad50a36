"""fields: only what was asked for, in the order and nesting of the record."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcw.catalogue import load
from mockcw.errors import ApiFindCondition
from mockcw.query import QuerySettings, fields
from tests.campaign import examples

RECORD = {
    "id": 5,
    "summary": "S",
    "status": {"id": 1, "name": "New", "Sort": 0, "_info": {"status_href": "h"}},
    "items": [{"id": 1, "value": "a"}, {"id": 2}],
    "_info": {"lastUpdated": "2025-01-01T00:00:00Z", "updatedBy": "x"},
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("id,summary", {"id": 5, "summary": "S"}),
        (" Summary , ID ", {"id": 5, "summary": "S"}),
        ("status/name", {"status": {"name": "New"}}),
        ("status/NAME,status/sort", {"status": {"name": "New", "Sort": 0}}),
        ("status", {"status": RECORD["status"]}),
        ("status,status/name", {"status": RECORD["status"]}),
        ("status/name,status", {"status": RECORD["status"]}),
        ("items/value", {"items": [{"value": "a"}, {}]}),
        ("_info", {"_info": RECORD["_info"]}),
        ("_info/lastUpdated", {"_info": {"lastUpdated": "2025-01-01T00:00:00Z"}}),
        ("assignedBy,id", {"id": 5}),
        ("assignedResources", {}),
        ("status/nothing,summary/x", {}),
        ("/".join(["status"] * 20_000), {}),
    ],
)
def test_only_what_was_asked_for_comes_back(text, answer):
    selection = fields(text, settings=QuerySettings(conditions_limit=200_000))
    assert selection is not None
    assert json.dumps(selection.apply(RECORD)) == json.dumps(answer)


@pytest.mark.parametrize("text", ["", " ", ",", " , "])
def test_no_names_choose_nothing(text):
    assert fields(text) is None


def test_an_unknown_name_is_refused_where_the_setting_says_so():
    catalogue = load()
    model = catalogue.model("Company")
    strict = QuerySettings(unknown_fields="refuse")
    assert fields("ID,Status/name,_info/company_href,types/name", model, catalogue, strict) is not None
    with pytest.raises(ApiFindCondition, match="^Nothing is not a recognized name.$"):
        fields("id,Nothing", model, catalogue, strict)


def test_a_list_too_long_is_refused():
    with pytest.raises(ApiFindCondition, match="fields could not be understood"):
        fields("a," * 50_000)


def contained(part: object, whole: object) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and contained(value, whole[name]) for name, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(contained, part, whole))
    return part == whole


@settings(max_examples=examples(100), deadline=None)
@given(
    st.text("idstau/, _", max_size=20) | st.lists(st.sampled_from(["id", "status/id", "items/id", "x/y"])).map(",".join)
)
def test_an_answer_is_always_a_part_of_the_record(text):
    selection = fields(text)
    if selection is not None:
        assert contained(selection.apply(RECORD), RECORD)
