"""Writers of one served emulator: each has a line of its own, and remembers what was acknowledged and what was not yet.

Everything a writer makes carries its key in some text, and every write leaves a text that no other one leaves.
"""

from __future__ import annotations

import asyncio
import base64
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.mockcw.served import ROOT, Served

COMPANIES, TICKETS, TIME = "/company/companies", "/service/tickets", "/time/entries"
CHANGED = {COMPANIES: "city", TICKETS: "poNumber", TIME: "internalNotes"}
Fields = Mapping[str, Any]
Address = tuple[str, int]
Docs = Mapping[str, Mapping[int, Fields]]


@dataclass(frozen=True)
class Asked:
    """A write: the record it is to (None: a new one), and what the record is like afterwards (None: gone)."""

    method: str
    collection: str
    record_id: int | None
    body: Any
    after: Fields | None


@dataclass
class Kept:
    """A record by what was acknowledged: what it is like, and how many writes it has seen."""

    fields: Fields | None
    writes: int = 1

    @property
    def lives(self) -> bool:
        """Whether it was not deleted, not even softly."""
        return self.fields is not None and not self.fields.get("deletedFlag")


class Line:
    """A connection that is kept open, with the member's credentials; `tally` counts what is acknowledged."""

    def __init__(self, served: Served, tally: asyncio.Semaphore) -> None:
        self._port = int(served.said["url"].rsplit(":", 1)[1])
        basic = base64.b64encode(":".join(served.auth).encode()).decode()
        self._head = f"Host: 127.0.0.1\r\nAuthorization: Basic {basic}\r\nclientId: {served.client_id}\r\n"
        self._tally = tally

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()

    def acknowledged(self) -> None:
        """Count a write."""
        self._tally.release()

    async def send(self, method: str, collection: str, record_id: int | None, body: Any) -> tuple[int, Any]:
        """Send a request and read its answer. Raises ConnectionError or IncompleteReadError where the line is cut."""
        path = f"{ROOT}{collection}" + (f"/{record_id}" if record_id else "")
        raw = orjson.dumps(body) if body is not None else b""
        kind = f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n" if raw else ""
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{self._head}{kind}\r\n".encode() + raw)
        await self._writer.drain()
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next((int(one.split(":")[1]) for one in head.split("\r\n") if one.startswith("content-length")), 0)
        answer = await self._reader.readexactly(length)
        return int(head.split()[1]), orjson.loads(answer) if answer else None


@dataclass
class Writer:
    """One of many writers: what it wrote, and the one write that it has had no answer to."""

    number: int
    kept: dict[Address, Kept] = field(default_factory=dict)
    pending: Asked | None = None

    def __post_init__(self) -> None:
        self._dice = random.Random(self.number)
        self._texts = 0

    def text(self) -> str:
        """A text that is used once."""
        self._texts += 1
        return f"K{self.number}.{self._texts}"

    def living(self, collection: str) -> list[int]:
        """The numbers of the records that were not deleted, nor put into the recycle bin."""
        return [number for (name, number), one in self.kept.items() if name == collection and one.lives]

    def next_write(self) -> Asked:
        """A write that must succeed, chosen by the writer's own dice."""
        tickets, companies = self.living(TICKETS), self.living(COMPANIES)
        bare = [one for one in tickets if not any(entry["chargeToId"] == one for entry in self.entries())]
        ways = [self.new_company, self.new_ticket]
        ways += [self.change] * 3 * bool(self.kept)
        ways += [self.new_time] * bool(tickets)
        if bare and self._dice.random() < 0.4:
            return self.deleted(TICKETS, self._dice.choice(bare), None)
        if companies and self._dice.random() < 0.1:
            number = self._dice.choice(companies)
            return self.deleted(COMPANIES, number, {**self.fields(COMPANIES, number), "deletedFlag": True})
        return self._dice.choice(ways)()

    def entries(self) -> list[Fields]:
        """The time that was put on tickets."""
        return [self.fields(TIME, one) for one in self.living(TIME)]

    def fields(self, collection: str, number: int) -> Fields:
        """What a living record is like."""
        found = self.kept[collection, number].fields
        assert found is not None
        return found

    def new_company(self) -> Asked:
        """A company, which brings a site and a type along."""
        body = {"identifier": self.text(), "name": "A company of many"}
        return Asked("POST", COMPANIES, None, {**body, "site": {"name": "Main"}}, {**body, "deletedFlag": False})

    def new_ticket(self) -> Asked:
        """A ticket of the first company there is."""
        body = {"summary": self.text(), "company": {"id": 1}, "board": {"id": 1}}
        return Asked("POST", TICKETS, None, body, {"summary": body["summary"]})

    def new_time(self) -> Asked:
        """A quarter of an hour on a ticket, in one of twelve weeks that all writers share."""
        day = f"2027-{self._dice.randint(1, 12):02}-15"
        charge = {"chargeToId": self._dice.choice(self.living(TICKETS)), "chargeToType": "ServiceTicket"}
        body = {"timeStart": f"{day}T08:00:00Z", "actualHours": 0.25, "notes": self.text(), **charge}
        return Asked("POST", TIME, None, body, body)

    def change(self) -> Asked:
        """A PATCH of one field of a record."""
        living = [name for name, one in self.kept.items() if one.lives]
        if not living:
            return self.new_company()
        collection, number = self._dice.choice(living)
        name, text = CHANGED[collection], self.text()
        body = [{"op": "replace", "path": name, "value": text}]
        return Asked("PATCH", collection, number, body, {**self.fields(collection, number), name: text})

    def deleted(self, collection: str, number: int, after: Fields | None) -> Asked:
        """A DELETE, after which a company is still there and flagged."""
        return Asked("DELETE", collection, number, None, after)

    async def write(self, line: Line) -> None:
        """Write until the line is cut; `pending` is then what nobody answered."""
        while True:
            self.pending = asked = self.next_write()
            try:
                status, answer = await line.send(asked.method, asked.collection, asked.record_id, asked.body)
            except (ConnectionError, asyncio.IncompleteReadError):
                return
            assert status in (200, 201, 204), (asked, answer)
            self.note(asked, asked.record_id or answer["id"])
            self.pending = None
            line.acknowledged()

    def note(self, asked: Asked, number: int) -> None:
        """A write was carried out on the record of this number."""
        writes = self.kept[asked.collection, number].writes if asked.record_id else 0
        self.kept[asked.collection, number] = Kept(asked.after, writes + 1)

    # -- what must be found afterwards -------------------------------------------------------------------------

    def settle(self, docs: Docs) -> None:
        """See that everything is as it was acknowledged, and learn what became of the write that nobody answered.

        That one is there or is not; what is neither is a failure.
        """
        asked, self.pending = self.pending, None
        assert asked is not None, "a writer always has a write under way"
        if asked.record_id is None:
            for number, doc in docs[asked.collection].items():
                if fits(doc, asked.after):
                    self.note(asked, number)
        for (collection, number), one in self.kept.items():
            doc = docs[collection].get(number)
            if (asked.collection, asked.record_id) == (collection, number) and fits(doc, asked.after):
                self.note(asked, number)
            else:
                assert fits(doc, one.fields), (collection, number, one, asked, doc)


def fits(doc: Fields | None, fields: Fields | None) -> bool:
    """Whether a record has these fields; None is no record."""
    if doc is None or fields is None:
        return doc is fields
    return all(doc.get(name) == value for name, value in fields.items())


async def write_until_killed(served: Served, writers: list[Writer], count: int, moment: float) -> int:
    """Let all write at once; after `count` acknowledged writes and a moment the process is killed.

    How many writes were under way then comes back.
    """
    tally = asyncio.Semaphore(0)
    lines = [Line(served, tally) for _ in writers]
    await asyncio.gather(*(one.open() for one in lines))
    async with asyncio.TaskGroup() as tasks:
        for writer, line in zip(writers, lines, strict=True):
            tasks.create_task(writer.write(line))
        for _ in range(count):
            await tally.acquire()
        await asyncio.sleep(moment)
        served.kill()
        under_way = sum(one.pending is not None for one in writers)
    await asyncio.gather(*(one.close() for one in lines))
    return under_way
