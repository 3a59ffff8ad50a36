"""Terms of conditions that can match nothing, each with why; terms that can match are never told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcw.catalogue import load
from mockcw.query import Ground, QuerySettings, conditions, idle_terms
from mockcw.query.tree import Path
from tests.campaign import examples

CATALOGUE = load()
HELD: frozenset[Path] = frozenset({("company", "identifier"), ("board", "name")})


def idle(text: str, model: str = "Ticket", parameter: str = "conditions", **choices: object) -> list[tuple[str, str]]:
    ground = Ground(
        CATALOGUE.model(model),
        CATALOGUE,
        QuerySettings(**choices),  # type: ignore[arg-type]
        lambda path: path in HELD,
        lambda caption: caption == "Known",
        frozenset({"budgetHours"}),
    )
    return [tuple(one) for one in idle_terms({parameter: text}, ground)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('summary = "a"', []),
        ('company/identifier = "a" and board/name like "A*"', []),
        ('company/name = "a"', [('company/name = "a"', "on-no-record")]),
        ("company/name = null", []),
        ('not company/name = "a"', []),
        ('company/name != "a"', []),
        ('not company/name != "a" or summary like "b%"', []),
        ('summary like "plain"', [('summary like "plain"', "no-wildcard")]),
        ('summary contains "plain"', []),
        ("lastUpdated = [2024-01-01T00:00:00.5Z]", [("lastUpdated = 2024-01-01T00:00:00.5Z", "never-true")]),
        ("lastUpdated = [2024-01-01T00:00:00.000Z]", []),
        ("lastUpdated > [2024-01-01T00:00:00.5Z]", []),
        ("id = 1 and (summary = 'a' and id = 2)", [("id = 1 and id = 2", "never-true")]),
        ("id = 1 and ID = 1", []),
        ("id = 1 or id = 2", []),
        ('summary = "a" and summary = "A"', []),
        ("closedFlag = true and closedFlag = false", [("closedFlag = true and closedFlag = false", "never-true")]),
        ('initialDescription contains "a"', [('initialDescription contains "a"', "never-kept")]),
        ("budgetHours > 1", [("budgetHours > 1", "hidden")]),
        (f'summary = "{"x" * 101}"', [(f'summary = "{"x" * 60}"', "too-long")]),
        (f'summary in ("{"x" * 101}", "a")', []),
        ("no such thing at all", []),
        ("nosuchname = 1", []),
        ("", []),
    ],
)
def test_a_term_is_told_when_nothing_can_meet_it(text: str, found: list[tuple[str, str]]) -> None:
    assert idle(text) == found


def test_conditions_of_elements_and_of_custom_fields_are_looked_at_too() -> None:
    both = 'communicationItems/value = "a" and communicationItems/value = "b"'
    told = ('communicationItems/value = "a" and communicationItems/value = "b"', "never-true")
    assert idle(both, "Contact", "childconditions") == [told]
    assert idle('caption = "Known" and value = 1', parameter="customfieldconditions") == []
    assert idle('caption = "Else"', parameter="customfieldconditions") == [('caption = "Else"', "no-such-caption")]


def test_a_many_valued_name_is_told_where_it_is_taken() -> None:
    text = 'types/name = "Customer" and id = 1 and id = 2'
    assert idle(text, "Company") == []  # it is refused, and the refusal says so
    found = idle(text, "Company", many_valued="nothing")
    assert found == [('types/name = "Customer"', "many-valued"), ("id = 1 and id = 2", "never-true")]


@settings(max_examples=examples(50))
@given(st.lists(st.integers(0, 3), min_size=1, max_size=4))
def test_one_field_with_several_values_is_told_exactly_when_they_differ(numbers: list[int]) -> None:
    text = " and ".join(f"id = {one}" for one in numbers)
    assert bool(idle(text)) == (len(set(numbers)) > 1)
    conditions(text, CATALOGUE.model("Ticket"), CATALOGUE)
