"""What a killed process left on the disk: a copy of its files, read without the emulator."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from tests.mockcw.store.writers import COMPANIES, TICKETS, TIME, Address, Kept

SITES, TYPES = "/company/companies/{parentId}/sites", "/company/companies/{parentId}/typeAssociations"
SHEETS, TRAIL, OUTBOX = "/time/sheets", "~audit", "~outbox"
READ = (COMPANIES, TICKETS, TIME, SITES, TYPES, SHEETS, TRAIL, OUTBOX)
TOLD = {COMPANIES: "company", TICKETS: "ticket", TIME: "time"}


class Aftermath:
    """The records of the file and its log as they were when the process died; the next start finds them untouched."""

    def __init__(self, file: Path, folder: Path, set_up: Mapping[str, set[int]]) -> None:
        self.set_up = set_up
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for one in file.parent.glob(f"{file.name}*"):
            shutil.copy(one, folder)
        with closing(sqlite3.connect(folder / file.name)) as db:
            self.integrity = [text for (text,) in db.execute("PRAGMA integrity_check")]
            self.last = dict(db.execute("SELECT name, seq FROM sqlite_sequence"))
            self.docs: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in READ}
            self.parents: dict[str, list[int]] = {SITES: [], TYPES: []}
            made = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
            for name in made.intersection(READ):
                for number, parent, doc in db.execute(f'SELECT id, parent, doc FROM "{name}"'):
                    self.docs[name][number] = orjson.loads(doc)
                    if name in self.parents:
                        self.parents[name].append(parent)

    def assert_whole(self, kept: Mapping[Address, Kept]) -> None:
        """Every write is there with all it brings along, or not at all; `kept` is all there is beside the set-up."""
        for name in TOLD:
            there = {number for of, number in kept if of == name and kept[of, number].fields is not None}
            assert {number for number in self.docs[name] if number not in self.set_up[name]} == there
            assert self.last.get(name, 0) >= max((number for of, number in kept if of == name), default=0)
        self._companies_are_whole()
        self._hours_add_up()
        self._all_was_told(kept)

    def _companies_are_whole(self) -> None:
        """Each has its one site, which follows its address, and its one type."""
        companies = self.docs[COMPANIES]
        assert sorted(self.parents[SITES]) == sorted(companies) == sorted(self.parents[TYPES])
        cities = {self.parents[SITES][at]: site.get("city") for at, site in enumerate(self.docs[SITES].values())}
        assert cities == {number: one.get("city") for number, one in companies.items()}

    def _hours_add_up(self) -> None:
        """The hours of tickets and of sheets are those of the time on them."""
        tickets: Counter[int] = Counter()
        sheets: Counter[int] = Counter()
        for one in self.docs[TIME].values():
            tickets[one["chargeToId"]] += one["actualHours"]
            sheets[one["timeSheet"]["id"]] += one["actualHours"]
        assert tickets == {
            number: one["actualHours"] for number, one in self.docs[TICKETS].items() if number in tickets
        }
        assert sheets == {number: one["hours"] for number, one in self.docs[SHEETS].items()}

    def _all_was_told(self, kept: Mapping[Address, Kept]) -> None:
        """Each write has its line in the audit trail and its row in the outbox; there are no others."""
        writes = {(TOLD[name], number): one.writes for (name, number), one in kept.items()}
        trail = Counter((one["auditType"].lower(), one["recordId"]) for one in self.docs[TRAIL].values())
        for name, numbers in self.set_up.items():
            for number in numbers:
                del trail[TOLD[name], number]
        assert trail == writes
        for (name, number), one in kept.items():
            if name == TIME:  # the ticket's hours change with it
                writes["ticket", self.docs[TIME][number]["chargeToId"]] += one.writes
        rows = self.docs[OUTBOX].values()
        assert Counter((one["type"], one["recordId"]) for one in rows) == writes
        assert len({one["messageId"] for one in rows}) == len(rows)
        guids = [one["mobileGuid"] for name in TOLD for one in self.docs[name].values()]
        assert len(set(guids)) == len(guids)
