"""The setup tables of a new instance, read from data files; knows their notation and none of their contents.

A file maps collections to rows, in the order they are written. A row is an object, or a text that is the record's name;
a table of many rows may be given as `columns` and `rows`. A key of a row that starts with a slash holds the rows of a
collection inside it (`/statuses`); `@` names the enclosing record of a row that stands alone. A reference is the id of
its target or its name.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from mockcw.demo.ledger import Ledger, Record
from mockcw.demo.quarter import FIRST_YEAR, LAST_YEAR, periods
from mockcw.engine.writer import TOP

DATA = Path(__file__).with_name("data")


SETUP = ("basics", "places", "company", "work", "money", "service", "system", "firm")
BOARDS = "/service/boards"


def write_setup(ledger: Ledger) -> None:
    """Write all setup tables, and the rows that follow from them."""
    for name in SETUP:
        write_tables(ledger, f"setup-{name}")
    time_periods(ledger)
    board_associations(ledger)


def write_tables(ledger: Ledger, name: str) -> None:
    """Write the rows of the data file `name`.json, flags left out filled with false."""
    for collection, rows in orjson.loads((DATA / f"{name}.json").read_bytes()).items():
        write_rows(ledger, collection, rows, TOP)


def write_rows(ledger: Ledger, collection: str, rows: Any, parent: int) -> None:
    """Write rows of one collection and what they enclose."""
    for row in as_records(rows, ledger.label(collection)):
        plain = {name: value for name, value in row.items() if name[0] not in "/@"}
        record_id = ledger.put(collection, plain, parent=row.get("@", parent), whole=True)
        for name, inner in row.items():
            if name[0] == "/":
                write_rows(ledger, ledger.child(collection, name), inner, record_id)


def as_records(rows: Any, label: str) -> list[Record]:
    """Rows of any of the three notations as records."""
    if isinstance(rows, dict):
        return [dict(zip(rows["columns"], row, strict=True)) for row in rows["rows"]]
    return [{label: row} if isinstance(row, str) else row for row in rows]


def time_periods(ledger: Ledger) -> None:
    """Weekly periods of several years: a time entry of today needs one."""
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        weeks = list(periods(year))
        record = {
            "periodApplyTo": "Both",
            "year": year,
            "numberFuturePeriods": 4,
            "type": "Weekly",
            "description": f"Weeks of {year}",
            "firstPeriodEndDate": f"{weeks[0][2]}T00:00:00Z",
            "daysPastEndDate": 3,
        }
        setup_id = ledger.put("/time/timePeriodSetups", record, whole=True)
        for number, first, last in weeks:
            week = {
                "period": number,
                "startDate": f"{first}T00:00:00Z",
                "endDate": f"{last}T00:00:00Z",
                "deadlineDate": f"{last + timedelta(days=3)}T00:00:00Z",
            }
            ledger.put("/time/timePeriodSetups/{parentId}/periods", week, parent=setup_id)


def board_associations(ledger: Ledger) -> None:
    """Which subtypes go with which types and items of a board, as two read-only collections show it."""
    for board in ledger.records(BOARDS):
        subtypes = ledger.records(f"{BOARDS}/{{parentId}}/subtypes", board["id"])
        items = [one["id"] for one in ledger.records(f"{BOARDS}/{{parentId}}/items", board["id"])]
        pairs = f"{BOARDS}/{{parentId}}/typeSubTypeItemAssociations"
        ids = [
            ledger.put(pairs, {"type": kind, "subType": one["id"], "item": item}, parent=board["id"])
            for one in subtypes
            for kind in one["typeAssociationIds"]
            for item in items or [None]
        ]
        for item in items:
            row = {"subTypeAssociationIds": ids, "addAllSubTypesFlag": False, "removeAllSubTypesFlag": False}
            collection = f"{BOARDS}/{{grandparentId}}/items/{{parentId}}/associations"
            ledger.put(collection, {**row, "item": item}, parent=item)
