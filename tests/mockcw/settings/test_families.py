"""Kinds of records by their short names."""

from __future__ import annotations

import pytest

from mockcw import catalogue
from mockcw.settings.families import FAMILIES, collections_of, seconds_of


def test_every_kind_is_kept_where_the_surface_keeps_it() -> None:
    known = {row.key for row in catalogue.load().rows()}
    assert {place for places in FAMILIES.values() for place in places} <= known


def test_kinds_are_read_from_a_text() -> None:
    assert collections_of("") == frozenset()
    assert collections_of(" time , tickets,") == {"/time/entries", "/service/tickets", "/project/tickets"}
    assert dict(seconds_of("tickets = 30,time=5")) == {
        "/service/tickets": 30,
        "/project/tickets": 30,
        "/time/entries": 5,
    }


@pytest.mark.parametrize("text", ["ticket", "tickets=x", "tickets=", "tickets;time"])
def test_what_names_no_kind_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="names|must look like"):
        seconds_of(text if "=" in text else f"{text}=5")
