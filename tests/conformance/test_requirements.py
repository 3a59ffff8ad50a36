"""The table of requirements is whole, and can be selected from."""

from __future__ import annotations

import re

import pytest

from conformance import requirements
from conformance.errors import WrongUse


def test_the_table_has_at_least_two_hundred_rows_with_unique_hierarchical_ids() -> None:
    table = requirements.load()
    assert len(table) >= 200
    assert all(re.fullmatch(r"[a-z]+\.[a-z0-9-]+", row.id) for row in table)
    assert len({row.id for row in table}) == len(table)


def test_every_sentence_is_one_sentence_of_its_own() -> None:
    sentences = [row.sentence for row in requirements.load()]
    assert len(set(sentences)) == len(sentences)
    assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in sentences)


def test_every_row_is_judged_by_a_check_or_by_a_machine() -> None:
    for row in requirements.load():
        assert ("wire" in row.tags) is not ("machine" in row.tags), row.id


def test_rows_of_one_family_stand_together() -> None:
    families = [row.family for row in requirements.load()]
    assert len(set(families)) == sum(1 for place, name in enumerate(families) if families[place - 1 : place] != [name])


@pytest.mark.parametrize("name", ["paging.default-size", "paging", "control"])
def test_rows_are_selected_by_id_family_or_tag(name: str) -> None:
    chosen = requirements.select(requirements.load(), [name])
    assert chosen
    assert all(name in (row.id, row.family) or name in row.tags for row in chosen)


def test_nothing_wanted_selects_everything() -> None:
    assert requirements.select(requirements.load(), []) == requirements.load()


def test_an_unknown_name_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match=r"no requirement.*paging\.sideways"):
        requirements.select(requirements.load(), ["paging.sideways"])
