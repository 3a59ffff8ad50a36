"""Several writers at once: what they write to one record, one sheet, one agreement is all there afterwards."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from mockcw import Emulator
from mockcw.clock import from_text
from tests.mockcw.caller import Caller
from tests.mockcw.rules.desk import NOW, Desk
from tests.mockcw.rules.finance.shop import Shop

WRITERS, TIMES = 4, 12


def at_once(emulator: Emulator, write: Callable[[Caller, int, int], Any]) -> None:
    """Let each writer write so many times; every writer has a connection of its own."""

    def one(writer: int) -> None:
        caller = Caller(emulator)
        for turn in range(TIMES):
            answer = write(caller, writer, turn)
            assert answer.is_success, answer.text

    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(one, writer) for writer in range(WRITERS)]:
            done.result()


def test_patches_of_different_fields_of_one_ticket_all_stay() -> None:
    fields = ("summary", "poNumber", "externalXRef", "contactName")
    with Emulator("empty") as emulator:
        path = f"/service/tickets/{Desk(emulator).ticket()['id']}"
        at_once(emulator, lambda caller, who, turn: caller.patch(path, ("replace", fields[who], f"{who} {turn}")))
        found = Caller(emulator).get(path).json()
        assert [found[name] for name in fields] == [f"{who} {TIMES - 1}" for who in range(WRITERS)]


def test_time_put_on_one_sheet_by_several_adds_up() -> None:
    with Emulator("empty") as emulator:
        emulator.world.clock.set(from_text(NOW), frozen=True)
        desk = Desk(emulator)
        ticket = desk.ticket()["id"]
        body = {"timeStart": NOW, "actualHours": 0.25, "chargeToId": ticket, "chargeToType": "ServiceTicket"}
        at_once(emulator, lambda caller, who, turn: caller.post("/time/entries", body))
        [sheet] = desk.read("/time/sheets")
        assert sheet["hours"] == WRITERS * TIMES * 0.25
        assert desk.read(f"/service/tickets/{ticket}")["actualHours"] == WRITERS * TIMES * 0.25


def test_additions_of_one_agreement_by_several_are_all_there_and_billed() -> None:
    with Emulator("empty") as emulator:
        shop = Shop(Caller(emulator))
        agreement, item = shop.agreement(), shop.item(price=10)
        path = f"/finance/agreements/{agreement['id']}"
        body = {"product": shop.ref(item), "billCustomer": "Billable"}
        at_once(emulator, lambda caller, who, turn: caller.post(f"{path}/additions", body))
        assert shop.count(f"{path}/additions") == WRITERS * TIMES
        assert shop.read(f"{path}/recurringParameters/1")["additionsAmount"] == WRITERS * TIMES * 10


def test_the_last_writer_of_one_field_wins() -> None:
    with Emulator("empty") as emulator:
        path = f"/service/tickets/{Desk(emulator).ticket()['id']}"
        first, second = Caller(emulator), Caller(emulator)
        stale = first.get(path).json()["summary"]
        assert second.patch(path, ("replace", "summary", "newer")).status_code == 200
        assert first.patch(path, ("replace", "summary", f"{stale} again")).status_code == 200
        assert second.get(path).json()["summary"] == f"{stale} again"
