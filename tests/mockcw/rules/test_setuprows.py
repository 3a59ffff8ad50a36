"""Setup tables: one row is the default, and a new default takes the mark from the old."""

from __future__ import annotations

import pytest

from mockcw import Emulator
from mockcw.rules.setuprows import TABLES
from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Record, Shop
from tests.surface.minimal import Maker, fill

LOCKED = ("/expense/classifications", "/service/impacts", "/service/severities")  # no POST there
PLAIN = [table for table in TABLES if table not in LOCKED]


def defaults(rows: list[Record]) -> list[int]:
    return [one["id"] for one in rows if one.get("defaultFlag")]


@pytest.mark.rule("setup-row.one-default")
@pytest.mark.parametrize("table", PLAIN)
def test_a_new_default_row_takes_the_mark_from_the_old_one(admin: Caller, table: str) -> None:
    maker = Maker(admin, admin.emulator.world.catalogue)
    line = maker.line(table)
    path = fill(table, line)
    first, second = (Shop(admin).made(path, **{**maker.body(table, line), "defaultFlag": True})["id"] for _ in range(2))
    assert defaults(admin.get(path, pageSize=1000).json()) == [second]
    admin.patch(f"{path}/{first}", ("replace", "defaultFlag", True)).raise_for_status()
    assert defaults(admin.get(path, pageSize=1000).json()) == [first]


def test_rows_of_other_boards_keep_their_mark(admin: Caller) -> None:
    shop = Shop(admin)
    boards = [shop.made("/service/boards", name=shop.name("Board"), **shop.place())["id"] for _ in range(2)]
    for board in boards:
        shop.made(f"/service/boards/{board}/statuses", name="New", defaultFlag=True)
    for board in boards:
        assert len(defaults(shop.read(f"/service/boards/{board}/statuses"))) == 1


def test_several_rows_are_the_default_where_the_setting_says_so() -> None:
    with Emulator("empty", settings={"default_rows": "many"}) as emulator:
        caller = Caller(emulator)
        before = len(defaults(caller.get("/service/sources").json()))
        for name in ("Carrier pigeon", "Drum"):
            assert caller.post("/service/sources", {"name": name, "defaultFlag": True}).status_code == 201
        assert len(defaults(caller.get("/service/sources").json())) == before + 2
