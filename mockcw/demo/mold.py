"""A record's text with blanks, for records by the thousand: what they have alike is written once.

A blank stands for a whole JSON value (`blank`) or for a part of a text (`gap`); filling one in is text replacement, so
whatever fills it must be JSON already.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import Any

import orjson

from mockcw.demo.ledger import Ledger, Record
from mockcw.engine.writer import TOP

BLANK = re.compile("⟦(\\w+)⟧")


def gap(name: str) -> str:
    """A blank inside a text; what fills it must need no escaping."""
    return f"⟦{name}⟧"


def blank(name: str) -> orjson.Fragment:
    """A blank for a whole JSON value."""
    return orjson.Fragment(gap(name).encode())


class Mold:
    """The text of a collection's records; `entered`, `updated` and `by` are blanks of every mold."""

    def __init__(self, ledger: Ledger, collection: str, record: Record) -> None:
        self._sheet = ledger.sheet(collection)
        self._ledger = ledger
        text = ledger.blueprint(self._sheet, record, gap, blank).decode()
        self._values = itemgetter(*BLANK.findall(text))  # a record has several blanks: id and parent at least
        self._text = BLANK.sub("%s", text.replace("%", "%%"))

    def pour(self, blanks: dict[str, Any], shown: Record | None = None, parent: int = TOP) -> int:
        """Add a record with these values in the blanks; its id comes back. `shown` is what references to it show."""
        record_id = self._ledger.reserve(self._sheet)
        blanks["id"], blanks["parent"] = record_id, parent
        if self._sheet.ties:
            blanks["tie"] = self._ledger.tie(self._sheet, parent)
        self._ledger.keep(self._sheet, record_id, parent, (self._text % self._values(blanks)).encode(), shown)
        return record_id
