"""The oracle of company sync says what a mirror has to hold."""

from __future__ import annotations

from collections import Counter

import pytest

from conformance.model.companies import Company, Filters, Truth, difference, held


def truth() -> Truth:
    return Truth(
        {
            1: Company("Acme", frozenset({"Client"}), "Active"),
            2: Company("Bolt", frozenset({"Vendor", "Client"}), "Inactive"),
            3: Company("Cord", frozenset({"Vendor"}), "Active", deleted=True),
        }
    )


@pytest.mark.parametrize(
    ("filters", "due"),
    [
        (Filters(), {1, 2}),
        (Filters(types=frozenset({"Client"})), {1, 2}),
        (Filters(types=frozenset({"Vendor"})), {2}),
        (Filters(excluded=frozenset({"Inactive"})), {1}),
        (Filters(types=frozenset({"Vendor"}), excluded=frozenset({"Inactive"})), set()),
    ],
)
def test_due_are_live_companies_of_a_wanted_type_and_no_excluded_status(filters: Filters, due: set[int]) -> None:
    known = truth()
    known.filters = filters
    assert {identity for identity, _ in known.due()} == due


def test_a_mirror_may_be_told_by_id_or_as_a_list() -> None:
    assert held({"companies": {"1": {"name": "Acme"}}}) == held({"companies": [{"id": 1, "name": "Acme"}]})


def test_a_company_held_twice_is_held_wrongly() -> None:
    seen = held({"companies": [{"id": 1, "name": "Acme"}, {"id": 1, "name": "Acme"}, {"id": 2, "name": "Bolt"}]})
    assert "holds wrongly 1 'Acme'" in (difference(truth().due(), seen) or "")


def test_a_right_mirror_has_no_difference() -> None:
    assert difference(truth().due(), Counter({(1, "Acme"): 1, (2, "Bolt"): 1})) is None


def test_an_old_name_is_a_difference() -> None:
    wrong = difference(truth().due(), Counter({(1, "Acme Ltd"): 1, (2, "Bolt"): 1}))
    assert wrong is not None
    assert "lacks 1 'Acme'" in wrong
    assert "holds wrongly 1 'Acme Ltd'" in wrong


def test_a_state_without_companies_is_refused() -> None:
    with pytest.raises(ValueError, match="companies"):
        held({})
