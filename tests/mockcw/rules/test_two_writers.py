"""Several writers at once on a real port: what they write to one record, one sheet, one agreement is all there.

The journal tells in which order the requests were carried out; sent one by one in that order to a fresh emulator they
get the same answers and leave the same records.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from mockcw import Emulator, Live
from mockcw.clock import from_text
from mockcw.pipeline.journal import Exchange
from tests.mockcw.caller import Caller
from tests.mockcw.rules.desk import NOW, Desk
from tests.mockcw.rules.finance.shop import Shop

WRITERS, TIMES = 4, 12
QUARTER = 0.25
Write = Callable[[Caller, int, int], httpx.Response]


@contextmanager
def at_rest() -> Iterator[Emulator]:
    """An emulator without records whose clock stands still."""
    with Emulator("empty") as emulator:
        emulator.world.clock.set(from_text(NOW), frozen=True)
        yield emulator


def at_once(emulator: Emulator, write: Write, writers: int = WRITERS, times: int = TIMES) -> list[httpx.Response]:
    """Let each writer write so many times; each has a connection of its own, and all begin together."""
    together = threading.Barrier(writers)

    def one(live: Live, writer: int) -> list[httpx.Response]:
        caller = Caller(emulator, live=live)
        with caller.http:
            together.wait()
            return [write(caller, writer, turn) for turn in range(times)]

    with emulator.serve() as live, ThreadPoolExecutor(writers) as pool:
        begun = [pool.submit(one, live, writer) for writer in range(writers)]
        return [answer for done in begun for answer in done.result()]


def all_succeed(answers: list[httpx.Response]) -> None:
    """Every write was carried out."""
    assert [answer.text for answer in answers if not answer.is_success] == []


def journal(emulator: Emulator, since: int) -> list[Exchange]:
    """What was asked after the first `since` requests, in the order in which it was carried out."""
    return list(emulator.world.journal.entries)[since:]


# -- one record --------------------------------------------------------------------------------------------------------


def test_patches_of_different_fields_of_one_ticket_all_stay() -> None:
    fields = ("summary", "poNumber", "externalXRef", "contactName")
    with at_rest() as emulator:
        path = f"/service/tickets/{Desk(emulator).ticket()['id']}"
        all_succeed(at_once(emulator, lambda to, who, turn: to.patch(path, ("replace", fields[who], f"{who} {turn}"))))
        found = Caller(emulator).get(path).json()
        assert [found[name] for name in fields] == [f"{who} {TIMES - 1}" for who in range(WRITERS)]


def test_of_patches_of_one_field_the_last_one_carried_out_stays() -> None:
    with at_rest() as emulator:
        path = f"/service/tickets/{Desk(emulator).ticket()['id']}"
        before = len(emulator.world.journal.entries)
        all_succeed(at_once(emulator, lambda to, who, turn: to.patch(path, ("replace", "summary", f"{who} {turn}"))))
        last = journal(emulator, before)[-1]
        assert last.reply is not None
        summary = Caller(emulator).get(path).json()["summary"]
        assert f'"value":"{summary}"' in last.request.body.decode()
        query: dict[str, str | int] = {"type": "Ticket", "id": path.rsplit("/", 1)[1], "pageSize": 100}
        lines = [line["text"].split('"') for line in Caller(emulator).get("/system/audittrail", **query).json()]
        steps = [(line[1], line[3]) for line in lines if line[0] == "summary was changed from "]
        assert len(steps) == WRITERS * TIMES
        assert [after for _, after in steps[:-1]] == [was for was, _ in steps[1:]], "a change was lost on the way"


def test_a_writer_with_a_stale_copy_wins_if_it_is_the_last() -> None:
    with at_rest() as emulator:
        path = f"/service/tickets/{Desk(emulator).ticket()['id']}"
        first, second = Caller(emulator), Caller(emulator)
        stale = first.get(path).json()["summary"]
        assert second.patch(path, ("replace", "summary", "newer")).status_code == 200
        assert first.patch(path, ("replace", "summary", f"{stale} again")).status_code == 200
        assert second.get(path).json()["summary"] == f"{stale} again"


# -- one time sheet ----------------------------------------------------------------------------------------------------


def quarter(ticket: int) -> dict[str, Any]:
    """A quarter of an hour on a ticket."""
    return {"timeStart": NOW, "actualHours": QUARTER, "chargeToId": ticket, "chargeToType": "ServiceTicket"}


def test_time_put_on_one_sheet_by_several_adds_up() -> None:
    with at_rest() as emulator:
        desk = Desk(emulator)
        ticket = desk.ticket()["id"]
        all_succeed(at_once(emulator, lambda to, who, turn: to.post("/time/entries", quarter(ticket))))
        [sheet] = desk.read("/time/sheets")
        assert sheet["hours"] == WRITERS * TIMES * QUARTER
        assert desk.read(f"/service/tickets/{ticket}")["actualHours"] == WRITERS * TIMES * QUARTER


@pytest.mark.rule("time-sheet.submit")
def test_of_two_submits_of_one_sheet_one_wins_and_the_other_is_out_of_turn() -> None:
    with at_rest() as emulator:
        desk = Desk(emulator)
        sheet = desk.time()["timeSheet"]["id"]
        answers = at_once(emulator, lambda to, who, turn: to.post(f"/time/sheets/{sheet}/submit", {}), 2, 1)
        won, lost = sorted(answers, key=lambda one: one.status_code)
        assert won.json()["success"] is True
        assert (lost.status_code, lost.json()["errors"][0]["message"]) == (
            400,
            "Time Sheet cannot go on from the status ReadyToBill.",
        )
        assert len(desk.read(f"/time/sheets/{sheet}/audits")) == 1


@pytest.mark.rule("time-entry.sheet")
def test_time_put_on_a_sheet_that_is_being_submitted_is_on_it_or_refused() -> None:
    with at_rest() as emulator:
        desk = Desk(emulator)
        ticket = desk.ticket()["id"]
        sheet = desk.make("/time/entries", **quarter(ticket))["timeSheet"]["id"]

        def write(to: Caller, who: int, turn: int) -> httpx.Response:
            if who == 0 and turn == TIMES // 2:
                return to.post(f"/time/sheets/{sheet}/submit", {})
            return to.post("/time/entries", quarter(ticket))

        before = len(emulator.world.journal.entries)
        at_once(emulator, write)
        done = [
            (one.request.path.rsplit("/", 1)[1], one.reply.status) for one in journal(emulator, before) if one.reply
        ]
        at = done.index(("submit", 200))
        assert set(done[:at]) == {("entries", 201)}
        assert set(done[at + 1 :]) == {("entries", 400)}
        found = desk.read(f"/time/sheets/{sheet}")
        assert (found["status"], found["hours"]) == ("ReadyToBill", (at + 1) * QUARTER)
        entries = desk.read("/time/entries", pageSize=100)
        assert {(one["status"], one["timeSheet"]["id"]) for one in entries} == {("ReadyToBill", sheet)}
        assert len(entries) == at + 1
        assert desk.read(f"/service/tickets/{ticket}")["actualHours"] == (at + 1) * QUARTER


# -- one agreement -----------------------------------------------------------------------------------------------------


@pytest.mark.rule("agreement.shown", "agreement.additions-stop")
def test_additions_of_an_agreement_that_is_being_cancelled_are_all_there_and_show_it() -> None:
    with at_rest() as emulator:
        shop = Shop(Caller(emulator))
        agreement, item = shop.agreement(), shop.item(price=10)
        path = f"/finance/agreements/{agreement['id']}"
        body = {"product": shop.ref(item), "billCustomer": "Billable"}

        def write(to: Caller, who: int, turn: int) -> httpx.Response:
            if who == 0 and turn == TIMES // 2:
                return to.patch(path, ("replace", "cancelledFlag", True))
            return to.post(f"{path}/additions", body)

        all_succeed(at_once(emulator, write))
        additions = shop.read(f"{path}/additions?pageSize=100")
        assert len(additions) == WRITERS * TIMES - 1
        assert {one["agreementStatus"] for one in additions} == {"Cancelled"}
        assert shop.read(f"{path}/recurringParameters/1")["additionsAmount"] == 0
        assert shop.caller.patch(path, ("replace", "cancelledFlag", False)).status_code == 200
        assert shop.read(f"{path}/recurringParameters/1")["additionsAmount"] == (WRITERS * TIMES - 1) * 10


# -- everything at once, and then one by one ---------------------------------------------------------------------------


class Floor:
    """A ticket, a sheet and an agreement that several fight over; made alike each time."""

    def __init__(self, emulator: Emulator) -> None:
        self.desk, shop = Desk(emulator), Shop(Caller(emulator))
        ticket = self.desk.ticket()["id"]
        entry = self.desk.make("/time/entries", **quarter(ticket))
        agreement = shop.agreement()["id"]
        addition = {"product": shop.ref(shop.item(price=10)), "billCustomer": "Billable"}
        self.ticket, self.sheet = f"/service/tickets/{ticket}", f"/time/sheets/{entry['timeSheet']['id']}"
        self.agreement = f"/finance/agreements/{agreement}"
        first = shop.made(f"{self.agreement}/additions", **addition)["id"]
        self.ways: tuple[Callable[[Caller, random.Random], httpx.Response], ...] = (
            lambda to, dice: to.patch(self.ticket, ("replace", "summary", f"{dice.random()}")),
            lambda to, dice: to.patch(self.ticket, ("replace", "closedFlag", dice.random() < 0.5)),
            lambda to, dice: to.post("/time/entries", quarter(ticket)),
            lambda to, dice: to.patch(
                f"/time/entries/{dice.randint(1, 9)}", ("replace", "actualHours", dice.randint(1, 4))
            ),
            lambda to, dice: to.delete(f"/time/entries/{dice.randint(1, 9)}"),
            lambda to, dice: to.post(f"{self.sheet}/{dice.choice(('submit', 'reverse'))}", {}),
            lambda to, dice: to.patch(self.agreement, ("replace", "cancelledFlag", dice.random() < 0.5)),
            lambda to, dice: to.post(f"{self.agreement}/additions", addition),
            lambda to, dice: to.patch(
                f"{self.agreement}/additions/{first}", ("replace", "quantity", dice.randint(1, 9))
            ),
            lambda to, dice: to.delete(f"{self.agreement}/additions/{dice.randint(2, 9)}"),
        )

    def records(self) -> dict[str, list[tuple[int, bytes]]]:
        """Everything that is stored, under one root for all emulators."""
        root = self.desk.emulator.world.tenants["training"].store.root.encode()
        stored = self.desk.records()
        return {name: [(number, doc.replace(root, b"~")) for number, doc in rows] for name, rows in stored.items()}


def test_what_several_did_at_once_is_what_the_journals_order_does_one_by_one() -> None:
    dice = [random.Random(f"writer {who}") for who in range(WRITERS)]
    with at_rest() as emulator, at_rest() as again:
        floor, copy = Floor(emulator), Floor(again)
        assert floor.records() == copy.records()
        before = len(emulator.world.journal.entries)
        at_once(emulator, lambda to, who, _: dice[who].choice(floor.ways)(to, dice[who]), times=3 * TIMES)
        order = journal(emulator, before)
        assert len(order) == 3 * TIMES * WRITERS
        one_by_one = Caller(again)
        for one in order:
            path = one.request.path.partition("/apis/3.0")[2]
            answer = one_by_one.send(one.request.method, path, one.request.body)
            assert one.reply is not None
            assert answer.status_code == one.reply.status, (path, one.request.body, answer.text)
        statuses = {one.reply.status for one in order if one.reply}
        assert {200, 201, 204, 400, 404} <= statuses
        assert floor.records() == copy.records()
