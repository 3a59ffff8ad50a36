"""Where a member stands in a JSON text: the rule that both captures of the text agree with."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcw.engine.positions import locate, written


def test_the_position_of_a_name_on_one_line_is_the_captured_one() -> None:
    """The first capture: FilterValues with `page` at line 1, position 50; its text is as long as it was there."""
    raw = b'{"conditions": "status/id = 1234567890123", "page": 1}'
    assert raw.index(b'"page":') + len('"page":') == 51
    assert locate(raw, ("page",)) == (1, 51)
    assert locate(raw.replace(b"0123", b"012"), ("page",)) == (1, 50)


def test_the_position_of_a_name_on_a_later_line_is_the_captured_one() -> None:
    """The second capture: Contact with `type` at line 3, position 11: four blanks, the name, its colon."""
    raw = b'{\r\n    "firstName": "A",\r\n    "type": {}\r\n}'
    assert locate(raw, ("type",)) == (3, 11)
    assert locate(raw.replace(b"\r\n", b"\n"), ("type",)) == (3, 11)


NAMES = st.text("abcdefgXYZ", min_size=1, max_size=6)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text('a"\\:,{}[] \n', max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.dictionaries(NAMES, VALUES, max_size=2), st.integers(0, 3))
@example({'a"b': "x"}, {}, 0)
def test_the_position_is_the_number_of_characters_up_to_and_including_the_colon(
    before: dict[str, Any], after: dict[str, Any], indent: int
) -> None:
    """However strange the values before the member are: the answer is where its colon really stands."""
    rest = {name: value for name, value in after.items() if name not in before}
    raw = json.dumps({**before, "wanted": 1, **rest}, indent=indent or None)
    head = json.dumps({**before, "wanted": 1}, indent=indent or None)
    until_colon = head[: head.rindex('"wanted":') + len('"wanted":')]
    line = until_colon.count("\n") + 1
    assert locate(raw.encode(), ("wanted",)) == (line, len(until_colon) - (until_colon.rfind("\n") + 1))


def test_a_nested_name_is_located_in_its_own_object() -> None:
    raw = b'{"a": {"x": 1}, "b": [{"x": 1}, {"x": 2}], "x": 3}'
    assert locate(raw, ("x",)) == (1, raw.rindex(b'"x":') + 4)
    assert locate(raw, ("a", "x")) == (1, 11)
    assert locate(raw, ("b", 1, "x")) == (1, raw.index(b'{"x": 2}') + 5)


@pytest.mark.parametrize(
    ("path", "text"), [(("a",), "a"), (("a", "b"), "a.b"), (("a", 0, "b"), "a[0].b"), (("a", 1, 2), "a[1][2]")]
)
def test_a_path_is_written_as_the_reader_writes_it(path: tuple[str | int, ...], text: str) -> None:
    assert written(path) == text
