"""The table of the seventeen choices names settings there are, with the defaults they have."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from mockcw.settings import PROFILES, Settings

TABLE = Path(__file__).parents[2] / "docs" / "choices.md"
CHOICES = range(1, 18)
NAMED = re.compile(r"`(\w+)` = `([^`]*)`")
PROFILE = re.compile(r"[Pp]rofile `([\w-]+)`")


def rows() -> dict[int, tuple[str, str]]:
    """The settings and the remark of each choice, by its number."""
    found = {}
    for line in TABLE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if cells[0].isdecimal():
            found[int(cells[0])] = (cells[2], line)
    return found


def test_there_is_a_line_for_every_choice() -> None:
    assert list(rows()) == list(CHOICES)


def test_every_choice_names_settings_with_the_default_that_they_have() -> None:
    defaults = {one.name: repr(one.default) for one in fields(Settings)}
    for number, (settings, _) in rows().items():
        named = NAMED.findall(settings)
        assert named, number
        assert {name: default for name, default in named if defaults.get(name) != default} == {}, number


def test_the_profiles_that_the_table_names_are_there() -> None:
    assert set(PROFILE.findall(TABLE.read_text("utf-8"))) <= set(PROFILES)


def test_the_settings_page_and_the_table_point_to_one_another() -> None:
    assert "(choices.md)" in TABLE.with_name("settings.md").read_text("utf-8")
    assert "(settings.md)" in TABLE.read_text("utf-8")
