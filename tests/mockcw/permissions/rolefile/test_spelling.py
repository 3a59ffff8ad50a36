"""The other spellings are data: each means something of the catalogue, says how well it is known, and hides no name."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mockcw.catalogue import Area
from mockcw.catalogue.load import read_lines
from mockcw.permissions.rolefile.spelling import Spelling, Spellings, key

SPELLINGS = [Spelling(*line.split("\t")) for line in read_lines("role-names.tsv")]


@pytest.fixture(scope="session")
def book(areas: Sequence[Area]) -> Spellings:
    return Spellings(areas)


def test_every_spelling_means_something_and_says_how_well_that_is_known(areas: Sequence[Area]) -> None:
    meanings = {
        "column": {"module", "area", "add", "edit", "delete", "inquire"},
        "level": {"None", "My", "All"},
        "tick": {"All"},
        "cross": {"None"},
        "module": {area.module for area in areas},
        "row": {area.area for area in areas} | {"*"},
    }
    for one in SPELLINGS:
        assert one.meaning in meanings[one.kind], one
        assert one.mark in ("captured", "documented", "assumed"), one
        assert one.evidence, one
        assert one.kind != "row" or one.meaning == "*" or one.module in {area.module for area in areas}, one


def test_no_spelling_hides_a_name_of_the_catalogue(areas: Sequence[Area]) -> None:
    rows = {(area.module, key(area.area)) for area in areas}
    modules = {key(area.module) for area in areas}
    assert len(rows) == 86
    assert len(modules) == len({area.module for area in areas})
    for one in SPELLINGS:
        assert one.kind != "row" or (one.module, key(one.spelling)) not in rows, one
        assert one.kind != "module" or key(one.spelling) not in modules, one


@pytest.mark.parametrize(
    "text",
    ["All", "ALL", " all ", "Inquire Level=All", "Inquire=All", "Level: ALL", "All (technician mode)", "aLL [1]"],
)
def test_a_level_is_known_however_it_is_written(book: Spellings, text: str) -> None:
    cell = book.level(text)
    assert cell is not None
    assert (cell.level, cell.tick) == ("All", "")


@pytest.mark.parametrize("text", ["Alll", "Al", "All None", "0", "everything", "Inquire", "=", "(All)", "all rows"])
def test_what_is_no_level_is_not_guessed(book: Spellings, text: str) -> None:
    assert book.level(text) is None


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Time & Expense", "Time & Expense"),
        ("TIME AND EXPENSES", "Time & Expense"),
        ("service desk", "Service Desk"),
        ("Company", "Companies"),
        ("Companies (15 rows)", "Companies"),
        ("Boards", None),
        ("", None),
    ],
)
def test_a_module_is_known_however_it_is_written(book: Spellings, text: str, row: str | None) -> None:
    assert book.module(text) == row
