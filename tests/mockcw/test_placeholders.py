"""Templates: what is filled in, what is left out, what is missing."""

from __future__ import annotations

import pytest

from mockcw.placeholders import MISSING, NotKept, at, filled_in


def test_placeholders_keep_types_and_optional_ones_take_what_holds_them_along() -> None:
    body = {"id": "{n}", "text": "no. {n}", "owner": {"id": "{who?}"}, "list": [{"id": "{who?}"}, 1]}
    assert filled_in(body, {"n": 7}) == {"id": 7, "text": "no. 7", "list": [1]}
    assert filled_in({"owner": {"id": "{who?}"}}, {}) is MISSING
    assert filled_in({}, {}) == {}
    with pytest.raises(NotKept):
        filled_in("/x/{n}", {})


@pytest.mark.parametrize(
    ("place", "found"), [("0.a.b", 1), ("1.a", None), ("0.x.b", None), ("0.a.b.c", None), ("x", None)]
)
def test_places_of_a_document(place: str, found: object) -> None:
    assert at([{"a": {"b": 1}}], place) == found
