"""A thousand changes, a receiver that fails a tenth of the time, and an emulator that is killed in the middle: each
change is delivered at least once, in order for each record, and signed.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tests.mockcw.delivery.receiver import Received, Receiver
from tests.mockcw.served import PATIENCE, Served

CONTACTS = 40
CHANGES = 25  # of each contact, the first of which makes it
WRITERS = 4
KILLED_AFTER = 500
RETRIED = (404, 409, 419, 429)


class Fails:
    """Refuses a tenth of the deliveries with a status that is tried again, though never one message three times: after
    that a sender gives up, as documented.
    """

    def __init__(self) -> None:
        self._dice = random.Random(5)
        self._refused: Counter[str] = Counter()
        self.accepted: list[Received] = []

    def __call__(self, one: Received) -> int:
        """The status for a delivery."""
        name = one.says["MessageId"]
        if self._refused[name] < 2 and self._dice.random() < 0.1:
            self._refused[name] += 1
            return self._dice.choice(RETRIED)
        self.accepted.append(one)
        return 200

    @property
    def refused(self) -> int:
        """How many deliveries were refused."""
        return self._refused.total()


class Emulated:
    """A served emulator that is killed and started again; requests wait for the next start."""

    def __init__(self, folder: Path) -> None:
        self._served = Served(folder, "--set", "callback_retries=0.2,0.4")
        self._up = threading.Event()
        self.acknowledged = 0
        self._count = threading.Lock()
        self._clients: list[httpx.Client] = []
        self._connect()

    def _connect(self) -> None:
        served = self._served
        self._client = httpx.Client(base_url=served.api_url, auth=served.auth, headers={"clientId": served.client_id})
        self._clients.append(self._client)
        self._up.set()

    def start(self) -> None:
        """Start on the same file."""
        self._served.start()
        self._connect()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._up.clear()
        self._served.kill()

    def stop(self) -> None:
        """End it."""
        self._served.stop()
        for one in self._clients:
            one.close()

    def send(self, method: str, path: str, body: Any) -> dict[str, Any]:
        """A request until it is acknowledged, over kills."""
        while True:
            assert self._up.wait(PATIENCE)
            try:
                answer = self._client.request(method, path, json=body)
            except httpx.TransportError:
                continue
            assert answer.is_success, answer.text
            with self._count:
                self.acknowledged += 1
            return dict(answer.json())

    def deliveries(self, state: str) -> list[dict[str, Any]]:
        """What the control API lists."""
        return list(self._client.get(f"{self._served.said['control_url']}/deliveries", params={"state": state}).json())


def write(served: Emulated, names: range) -> dict[int, int]:
    """Make contacts and change each again and again; the number of the contact to its acknowledged changes."""
    made = {served.send("POST", "/company/contacts", {"firstName": f"C{one}", "title": "0"})["id"]: 0 for one in names}
    for change in range(1, CHANGES):
        for number in made:
            served.send(
                "PATCH", f"/company/contacts/{number}", [{"op": "replace", "path": "title", "value": f"{change}"}]
            )
            made[number] = change
    return made


def test_a_thousand_changes_survive_a_kill(tmp_path: Path) -> None:
    fails = Fails()
    served = Emulated(tmp_path)
    try:
        with Receiver(fails) as receiver, ThreadPoolExecutor(WRITERS) as pool:
            callback = {"url": f"{receiver.url}/?recordId=", "objectId": 1, "type": "contact", "level": "owner"}
            served.send("POST", "/system/callbacks", callback)
            share = CONTACTS // WRITERS
            writers = [pool.submit(write, served, range(one * share, (one + 1) * share)) for one in range(WRITERS)]
            while served.acknowledged < KILLED_AFTER:
                time.sleep(0.005)
            served.kill()
            before = len(fails.accepted)
            served.start()
            changed = {number: last for one in writers for number, last in one.result(PATIENCE).items()}
            until = time.monotonic() + PATIENCE
            while served.deliveries("pending"):
                assert time.monotonic() < until
                time.sleep(0.05)
            assert served.deliveries("failed") == []
            keys = {url: httpx.get(url).json()["signing_key"] for url in {key_url(one) for one in receiver.got[-5:]}}
    finally:
        served.stop()
    assert 0 < before < len(fails.accepted)
    assert len(changed) * CHANGES == 1000
    assert 0.05 < fails.refused / len(receiver.got) < 0.15
    assert len(keys) == 1
    assert all(one.is_signed_with(*keys.values()) for one in receiver.got)
    told: dict[int, list[int]] = {}
    for one in fails.accepted:
        told.setdefault(one.says["ID"], []).append(int(one.entity["title"]))
    for number, last in changed.items():
        assert set(told[number]) == set(range(last + 1))
        assert told[number] == sorted(told[number])


def key_url(one: Received) -> str:
    """Where a delivery says its key is."""
    return str(one.says["Metadata"]["key_url"])
