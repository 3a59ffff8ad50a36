"""Two hundred writers at once and a process that is killed among them, again and again on one database file.

What was acknowledged is there after the next start, with the content it had; what was not is there whole or not at all.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import httpx

from tests.mockcw.served import Served
from tests.mockcw.store.aftermath import TOLD, Aftermath
from tests.mockcw.store.writers import COMPANIES, TICKETS, TIME, Writer, write_until_killed

ROUNDS, WRITERS = 20, 200
LEAST, MOST = 30, 110  # acknowledged writes before a kill
MOST_SECONDS = 0.01  # and then a moment
PAGE = 1000
FIELDS = {
    COMPANIES: "id,identifier,name,city,deletedFlag",
    TICKETS: "id,summary,poNumber",
    TIME: "id,chargeToId,chargeToType,timeStart,actualHours,notes,internalNotes",
}
AFAR = "http://receiver.example/?recordId="  # not this machine: rows are written for it, and nothing is sent


def test_no_acknowledged_write_is_lost_when_the_process_is_killed_among_writers(tmp_path: Path) -> None:
    dice = random.Random(200)
    served = Served(tmp_path, "--demo", "empty", "--set", "deliveries_kept=1000000")
    writers = [Writer(number) for number in range(WRITERS)]
    try:
        set_up = {name: {one["id"] for one in everything(served, name)} for name in TOLD}
        first = {"identifier": "First", "name": "Of all tickets", "site": {"name": "Main"}}
        assert served_post(served, COMPANIES, first)["id"] == 1
        set_up[COMPANIES].add(1)
        for kind in TOLD.values():
            callback = {"url": AFAR, "objectId": 1, "type": kind, "level": "owner"}
            served_post(served, "/system/callbacks", callback)
        for turn in range(ROUNDS):
            count, moment = dice.randint(LEAST, MOST), dice.random() * MOST_SECONDS
            assert asyncio.run(write_until_killed(served, writers, count, moment)) == WRITERS
            aftermath = Aftermath(served.file, tmp_path / "copy", set_up)
            assert aftermath.integrity == ["ok"]
            for writer in writers:
                writer.settle(aftermath.docs)
            aftermath.assert_whole({name: one for writer in writers for name, one in writer.kept.items()})
            served.start()
            for name in list(TOLD)[turn % len(TOLD) :][:1] if turn < ROUNDS - 1 else TOLD:  # all in the end
                found = {one["id"]: one for one in everything(served, name)}
                assert found == {number: told(name, doc) for number, doc in aftermath.docs[name].items()}
    finally:
        served.stop()
    assert sum(one.writes for writer in writers for one in writer.kept.values()) > ROUNDS * LEAST


def everything(served: Served, collection: str) -> list[dict[str, Any]]:
    """All records of a collection, page after page."""
    found: list[dict[str, Any]] = []
    with httpx.Client(base_url=served.api_url, auth=served.auth, headers={"clientId": served.client_id}) as client:
        while len(found) % PAGE == 0:
            query = {"pageSize": PAGE, "page": len(found) // PAGE + 1, "fields": FIELDS[collection]}
            page = client.get(collection, params=query).json()
            found += page
            if not page:
                break
    return found


def told(collection: str, doc: dict[str, Any]) -> dict[str, Any]:
    """A stored record as the list of a collection tells it here."""
    return {name: doc[name] for name in FIELDS[collection].split(",") if name in doc}


def served_post(served: Served, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Make a record."""
    headers = {"clientId": served.client_id}
    answer = httpx.post(f"{served.api_url}{path}", auth=served.auth, headers=headers, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())
