"""The postman: takes what is due from the outbox, sends it, and writes down what came of it.

In order for each record of each callback, at least once, also over a restart: a row stays pending until its end is
written. Knows the outbox and the carrier; holds no lock while it waits on the network.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import orjson

from mockcw.clock import Clock, from_text
from mockcw.delivery.carrier import Carrier, Outcome
from mockcw.delivery.disorder import Disorder
from mockcw.delivery.envelope import SIGNATURE, body_of, signature, url_of
from mockcw.delivery.lanes import Lanes, Waiting
from mockcw.delivery.outbox import CALLBACKS, OUTBOX, PENDING, STANDING, Outbox
from mockcw.settings import VERSION, Settings
from mockcw.store import EVERYTHING, Store, Where

if TYPE_CHECKING:
    import httpx

WORKERS = 4
LOOK_AGAIN = 0.5  # seconds after which a worker looks at the clock again while something waits: it may have been moved
LAST_TRY = 10.0  # seconds that running tries have when the postman stops
State = Literal["pending", "delivered", "failed", "blocked", "dropped", "lost"]
Row = dict[str, Any]
Letter = tuple[str, bytes, dict[str, str]]


@dataclass(slots=True)
class Taken:
    """A delivery on its way, with URL, body and headers; `era` tells whether the records were exchanged meanwhile."""

    waiting: Waiting
    row: Row
    letter: Letter
    era: int

    @property
    def number(self) -> int:
        """The delivery's number; of a copy, the original's."""
        return int(self.row.get("copy") or self.row["id"])


class Postman:
    """Sends what one tenant's outbox holds: in threads after `start`, or in the caller's with `deliver`.

    `site` is where the emulator listens; callbacks name it as the sender's, unless `callback_site` says otherwise.
    """

    def __init__(self, outbox: Outbox, clock: Clock, settings: Settings, site: str, seed: int) -> None:
        self.site = site
        self.disorder = Disorder()
        self._carrier = Carrier(settings)
        self._outbox = outbox
        self._store: Store = outbox.store
        self._clock = clock
        self._settings = settings
        self._seed = seed
        self._lock = threading.Lock()  # taken before the store's own, never while that is held
        self._lanes = Lanes()
        self._last = 0  # the newest row that the lanes know of
        self._looked: tuple[int, int] = (-1, -1)
        self._bell = threading.Condition()
        self._rung = 0
        self._idle = threading.Condition()
        self._out: list[int] = []  # what is on its way
        self._stopped = True
        self._workers: list[threading.Thread] = []
        outbox.ring = self.ring

    # -- in the background -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Send in the background from now on."""
        self._stopped = False
        self._workers = [
            threading.Thread(target=self._work, name=f"mockcw-postman-{number}", daemon=True)
            for number in range(WORKERS)
        ]
        for one in self._workers:
            one.start()

    def stop(self) -> None:
        """Send nothing more in the background; what is on its way is waited for."""
        self._stopped = True
        self.ring()
        for one in self._workers:
            one.join(LAST_TRY)
        self._workers = []
        self._carrier.close()

    def choose(self, settings: Settings) -> None:
        """Send by other choices from now on."""
        self._settings = settings

    def ring(self) -> None:
        """Say that there may be something to send."""
        with self._bell:
            self._rung += 1
            self._bell.notify_all()

    def _work(self) -> None:
        while not self._stopped:
            rung = self._rung
            if self._carry_one() is not None:
                continue
            patience = self._patience()
            with self._bell:
                self._bell.wait_for(partial(self._rung_since, rung), patience)

    def _rung_since(self, rung: int) -> bool:
        return self._stopped or rung != self._rung

    def _patience(self) -> float | None:
        with self._lock:
            due = self._lanes.next_due()
        if due is None:
            return None
        return max(0.0, min(LOOK_AGAIN, (due - self._clock.now()).total_seconds()))

    # -- in the caller's thread --------------------------------------------------------------------------------

    def deliver(self, transport: httpx.BaseTransport | None = None) -> int:
        """Send everything that is due, and wait for what is on its way; how many tries this thread made comes back.

        Changes that others make meanwhile are not waited for. `transport` takes the place of the network for this call.
        """
        newest, tries = self._store.next_id(OUTBOX) - 1, 0
        while True:
            while (carried := self._carry_one(transport)) is not None:
                tries += 1
                if carried > newest:
                    break
            with self._idle:
                if not any(one <= newest for one in self._out):
                    return tries
                self._idle.wait(LOOK_AGAIN)

    def next_due(self) -> datetime | None:
        """When the next delivery is due; None while none waits."""
        with self._lock:
            self._refresh()
            return self._lanes.next_due()

    # -- one delivery ------------------------------------------------------------------------------------------

    def _carry_one(self, transport: httpx.BaseTransport | None = None) -> int | None:
        """Send what is due next; its number (of a copy: the original's), or None when nothing is due."""
        taken = self._take()
        if taken is None:
            return None
        try:
            self._settle(taken, self._carrier.send(*taken.letter, self.site, transport))
            return taken.number
        finally:
            with self._idle:
                self._out.remove(taken.number)
                self._idle.notify_all()

    def _refresh(self) -> None:
        """Learn of new rows, and of all pending ones at the start and after the records were exchanged."""
        store = self._store
        now = (store.replaced, store.changed(OUTBOX))
        if now == self._looked:
            return
        if now[0] != self._looked[0]:
            self._lanes, self._last = Lanes(), 0
        self._looked = now
        where = Where("id > ? AND json_extract(doc, '$.state') = ?", (self._last, PENDING))
        for number, doc in store.rows(OUTBOX, where):
            self._last = number
            row = orjson.loads(doc)
            self._lanes.add(Waiting(number, lane_of(row), from_text(row["due"])))

    def _take(self) -> Taken | None:
        with self._lock, self._store.transaction():  # nobody exchanges the records meanwhile
            self._refresh()
            while waiting := self._lanes.take(self._clock.now()):
                doc = self._store.get(OUTBOX, waiting.id)
                row: Row | None = orjson.loads(doc) if doc else None
                if row is None or row["state"] != PENDING:
                    self._lanes.done(waiting)
                    continue
                found = self._store.get(CALLBACKS, row["callbackId"])
                callback: Row | None = orjson.loads(found) if found else None
                if callback is None or callback.get("inactiveFlag"):
                    self._end(row, "dropped", error="the callback is gone or inactive")
                    self._lanes.done(waiting)
                elif self._goes(waiting, row):
                    taken = Taken(waiting, row, self._letter(row, callback), self._store.replaced)
                    with self._idle:
                        self._out.append(taken.number)
                    return taken
        return None

    def _goes(self, waiting: Waiting, row: Row) -> bool:
        """Whether the disorder asked for lets a delivery go now."""
        disorder, number = self.disorder, row["id"]
        if "sent" in row or row["attempts"]:
            return True
        if disorder.is_never(self._seed, number):
            self._end(row, "lost", error="lost on demand")
            self._lanes.done(waiting)
            return False
        if disorder.is_late(self._seed, number) and not row.get("loose"):
            due = self._clock.now() + timedelta(seconds=disorder.late_seconds)
            row |= {"loose": True, "due": due.isoformat()}
            self._keep(row)
            self._lanes.done(waiting)
            self._lanes.add(Waiting(number, lane_of(row), due))
            self.ring()
            return False
        return True

    def _letter(self, row: Row, callback: Row) -> Letter:
        """URL, body and headers of a delivery."""
        standing = self._outbox.standing(callback["id"], str(callback.get("connectWiseID")))
        body = body_of(row, self._store.root, self._shown_site(), standing["keyId"], self._settings)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"mockcw/{VERSION}",
            SIGNATURE: signature(standing["signingKey"], body),
        }
        return url_of(callback["url"], row, self._settings), body, headers

    def _shown_site(self) -> str:
        return self._settings.callback_site or self.site

    # -- what came of it ---------------------------------------------------------------------------------------

    def _settle(self, taken: Taken, outcome: Outcome) -> None:
        row, waiting, now = taken.row, taken.waiting, self._clock.now()
        with self._lock, self._store.transaction():
            if taken.era != self._store.replaced:
                return
            again = self._written(row, outcome, now)
            if again is None:
                self._lanes.done(waiting)
                return
            self._lanes.again(waiting, again)
        self.ring()

    def _written(self, row: Row, outcome: Outcome, now: datetime) -> datetime | None:
        """Write down what came of a try; when the next one is due comes back, if there is one."""
        row |= {"attempts": row["attempts"] + 1, "status": outcome.status, "error": outcome.error}
        row["tried"] = now.isoformat()
        if outcome.result == "taken":
            self._recovered(row["callbackId"])
            if self.disorder.is_twice(self._seed, row["id"]) and not row.get("copy"):
                self._copy(row, now)
            self._end(row, "delivered")
        elif outcome.result == "blocked":
            self._end(row, "blocked", error=outcome.error)
        else:
            self._failed(row["callbackId"], now)
            waits = [float(one) for one in self._settings.callback_retries.split(",") if one]
            if outcome.result == "again" and row["attempts"] <= len(waits):
                due = now + timedelta(seconds=waits[row["attempts"] - 1])
                row["due"] = due.isoformat()
                self._keep(row)
                return due
            self._end(row, "failed", error=outcome.error)
        return None

    def _keep(self, row: Row) -> None:
        self._store.update(OUTBOX, row["id"], orjson.dumps(row))

    def _copy(self, row: Row, now: datetime) -> None:
        """The same delivery a second time, at the end of its lane."""
        number = self._store.next_id(OUTBOX)
        copy = {**row, "id": number, "attempts": 0, "state": PENDING, "due": now.isoformat(), "copy": row["id"]}
        self._store.insert(OUTBOX, number, orjson.dumps(copy), parent=row["callbackId"])

    def _end(self, row: Row, state: State, error: str | None = None) -> None:
        """A delivery is over; of those that are, the oldest are let go of."""
        kept, newest = self._settings.deliveries_kept, self._store.next_id(OUTBOX) - 1
        self._keep({**row, "state": state, "error": error})
        for number in (row["id"], row["id"] - kept):
            doc = self._store.get(OUTBOX, number) if number + kept <= newest else None
            if doc is not None and orjson.loads(doc)["state"] != PENDING:
                self._store.delete(OUTBOX, number)

    def _recovered(self, callback_id: int) -> None:
        doc = self._store.get(STANDING, callback_id)
        standing = orjson.loads(doc) if doc else {}
        if standing.get("failingSince"):
            self._store.update(STANDING, callback_id, orjson.dumps({**standing, "failingSince": None}))

    def _failed(self, callback_id: int, now: datetime) -> None:
        """Note since when a callback fails; after the documented days it becomes inactive."""
        doc, found = self._store.get(STANDING, callback_id), self._store.get(CALLBACKS, callback_id)
        if doc is None or found is None:
            return
        standing = orjson.loads(doc)
        since = standing["failingSince"]
        if since is None or from_text(since) > now:
            self._store.update(STANDING, callback_id, orjson.dumps({**standing, "failingSince": now.isoformat()}))
        elif now - from_text(since) >= timedelta(days=self._settings.callback_failing_days):
            self._store.update(CALLBACKS, callback_id, orjson.dumps({**orjson.loads(found), "inactiveFlag": True}))

    # -- for the control API -----------------------------------------------------------------------------------

    def deliveries(self, accept: Callable[[Row], bool], limit: int) -> list[Row]:
        """The newest deliveries that `accept` takes, oldest first."""
        found: list[Row] = []
        for _, doc in self._store.rows(OUTBOX, EVERYTHING, order="id DESC"):
            row = orjson.loads(doc)
            if accept(row):
                found.append(row)
                if len(found) == limit:
                    break
        return found[::-1]

    def caused(self) -> dict[str, list[int]]:
        """The numbers of the deliveries that are kept, by the id of the request that caused them."""
        found: dict[str, list[int]] = {}
        for number, doc in self._store.rows(OUTBOX, EVERYTHING):
            request = orjson.loads(doc).get("requestId")
            if request is not None:
                found.setdefault(request, []).append(number)
        return found

    def delivery(self, number: int) -> Row | None:
        """A delivery, with what is or would be sent while its callback is still there."""
        doc = self._store.get(OUTBOX, number)
        if doc is None:
            return None
        row: Row = orjson.loads(doc)
        found = self._store.get(CALLBACKS, row["callbackId"])
        if found is None:
            return row
        url, body, headers = self._letter(row, orjson.loads(found))
        return {**row, "url": url, "headers": headers, "body": body.decode()}

    def redeliver(self, number: int) -> Row | None:
        """Send a delivery again that is over, whatever came of it; one that waits is left alone."""
        with self._lock, self._store.transaction():
            self._refresh()
            doc = self._store.get(OUTBOX, number)
            row: Row | None = orjson.loads(doc) if doc else None
            if row is not None and row["state"] != PENDING:
                due = self._clock.now()
                row |= {"attempts": 0, "state": PENDING, "due": due.isoformat(), "loose": True, "sent": True}
                self._keep(row)
                self._lanes.add(Waiting(number, lane_of(row), due))
        self.ring()
        return row


def lane_of(row: Row) -> str:
    """The lane a delivery keeps to; one that is loose has one of its own."""
    own = f" {row['id']}" if row.get("loose") else ""
    return f"{row['callbackId']} {row['type']} {row['recordId']}{own}"
