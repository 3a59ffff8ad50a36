"""The outbox: a row for every change that somebody asked to be told of, written in the transaction of the change.

Several changes of a record in one transaction are one piece of news. Knows callbacks, levels and the store; does not
know who may see what (`shown` says) and sends nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import orjson

from mockcw.clock import Clock, Ids
from mockcw.delivery.subjects import COMPANIES, OWNER, SUBJECTS, UNNUMBERED, Way, way_of, ways
from mockcw.settings import Settings
from mockcw.store import EVERYTHING, Store, Where

CALLBACKS = "/system/callbacks"
MEMBERS = "/system/members"
OUTBOX = "~outbox"
STANDING = "~callbacks"  # of each callback: its key, and since when it fails
PENDING = "pending"

Action = Literal["added", "updated", "deleted"]
Told = tuple[int, Action]  # a row of the outbox and what it says
Shown = Callable[[int, str, tuple[int, ...], bytes], bytes | None]
MERGED: Mapping[tuple[Action, Action], Action | None] = {
    ("added", "updated"): "added",
    ("added", "deleted"): None,
    ("updated", "deleted"): "deleted",
    ("deleted", "added"): "updated",
}


class Callback(NamedTuple):
    """A callback in force."""

    id: int
    level: str
    object_id: int
    member_id: int
    own_changes: bool


class News(NamedTuple):
    """What happened to a record: as it was, as it is (on a delete: as it was), its text, who did it by what request."""

    did: Action
    way: Way
    line: tuple[int, ...]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    doc: bytes
    author: str
    request: str | None

    @property
    def id(self) -> int:
        """The record's number."""
        return self.line[-1]


def all_of_it(_member: int, _collection: str, _line: tuple[int, ...], doc: bytes) -> bytes | None:
    """Everybody is shown everything."""
    return doc


class Outbox:
    """The outbox of one tenant. Its `heard` is called by whatever writes records, inside the transaction.

    `shown` gives a record's text as a member may read it, or None; `ring` is called when there is something to send;
    `secret` makes keys that nobody can guess (without it they follow from the callback's GUID).
    """

    def __init__(self, store: Store, clock: Clock, ids: Ids, settings: Settings) -> None:
        self.store = store
        self.shown: Shown = all_of_it
        self.ring: Callable[[], None] = lambda: None
        self.secret: Callable[[int], str] | None = None
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._ways: dict[str, Way | None] = {**ways()}
        self._stamp = -1
        self._asked: dict[str, list[Callback]] = {}
        self._transaction = -1
        self._told: dict[tuple[int, str, int], Told] = {}
        self._hushed: set[tuple[str, int]] = set()

    def wants(self, collection: str) -> bool:
        """Whether a write to a collection may be news to anybody: the question for every write, so it is cheap."""
        stamp = self.store.changed(CALLBACKS)
        if stamp != self._stamp:
            self._asked, self._stamp = self._in_force(), stamp
        if not self._asked:
            return collection == CALLBACKS
        way = self._way(collection)
        return collection == CALLBACKS or (way is not None and way.type in self._asked)

    def _way(self, collection: str) -> Way | None:
        if collection not in self._ways:
            found = way_of(collection, self._ways_of_types())
            self._ways[collection] = None if self._settings.callback_nested == "nothing" else found
        return self._ways[collection]

    def _ways_of_types(self) -> dict[str, Way]:
        return {name: way for name, way in self._ways.items() if way is not None and not way.nested}

    def _in_force(self) -> dict[str, list[Callback]]:
        found: dict[str, list[Callback]] = {}
        for _, doc in self.store.rows(CALLBACKS, EVERYTHING):
            one = orjson.loads(doc)
            if not one.get("inactiveFlag"):
                callback = Callback(
                    one["id"],
                    str(one["level"]).lower(),
                    one.get("objectId") or 0,
                    one.get("memberId") or 0,
                    not one.get("isSelfSuppressedFlag"),
                )
                found.setdefault(str(one["type"]).lower(), []).append(callback)
        return found

    # -- what happened -----------------------------------------------------------------------------------------

    def heard(
        self,
        did: Action,
        collection: str,
        line: tuple[int, ...],
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any],
        doc: bytes,
        author: str,
        request: str | None = None,
    ) -> None:
        """Put what happened to a record into the outbox, for every callback that asked; `line` ends with its id.

        `request` is the id of the request that did it, where one did.
        Call it after the record is stored, and before it is deleted.
        """
        if collection == CALLBACKS:
            self._registered(did, line[-1], before, after)
            return
        if self.store.begun != self._transaction:
            self._transaction = self.store.begun
            self._told.clear()
            self._hushed.clear()
        way = self._way(collection)
        assert way is not None
        if way.nested:
            found = self.store.get(way.collection, line[0])
            if found is None:
                return
            record = orjson.loads(found)
            news = News("updated", way, line[:1], record, record, found, author, request)
        else:
            news = News(did, way, line, before, after, doc, author, request)
        if after.get("skipCallback") and did != "deleted":
            self._hushed.add((way.type, news.id))
        if (way.type, news.id) in self._hushed:
            return
        for callback in self._asked[way.type]:
            self._tell(callback, news)

    def _tell(self, callback: Callback, news: News) -> None:
        if not self._fits(callback, news) or not (callback.own_changes or self._is_others(callback, news)):
            return
        shown = self.shown(callback.member_id, news.way.collection, news.line, news.doc)
        if shown is None:
            return
        key = (callback.id, news.way.type, news.id)
        earlier = self._told.get(key)
        did: Action | None = news.did if earlier is None else MERGED.get((earlier[1], news.did), earlier[1])
        if earlier is None and did is not None:
            number = self.store.next_id(OUTBOX)
            self.store.insert(OUTBOX, number, self._row(number, callback, news, did, shown), parent=callback.id)
            self._told[key] = (number, did)
            self.ring()
        elif earlier is not None and did is None:
            self.store.delete(OUTBOX, earlier[0])
            del self._told[key]
        elif earlier is not None and did is not None:
            self.store.update(OUTBOX, earlier[0], self._row(earlier[0], callback, news, did, shown))
            self._told[key] = (earlier[0], did)

    def _row(self, number: int, callback: Callback, news: News, did: Action, shown: bytes) -> bytes:
        now = self._clock.now().isoformat()
        return orjson.dumps(
            {
                "id": number,
                "callbackId": callback.id,
                "messageId": self._ids.guid(),
                "type": news.way.type,
                "recordId": news.id,
                "action": did,
                "memberId": news.author,
                "requestId": news.request,
                "entity": None if did == "deleted" else shown.decode(),
                "made": now,
                "due": now,
                "attempts": 0,
                "state": PENDING,
            }
        )

    # -- whom it concerns --------------------------------------------------------------------------------------

    def _fits(self, callback: Callback, news: News) -> bool:
        """Whether the record is the callback's object, or has it where the level says."""
        if callback.level == OWNER:
            return True
        path = SUBJECTS[news.way.type].fields.get(callback.level)
        if path is None:
            return False
        if path == UNNUMBERED:
            return self._settings.callback_unnumbered == "all"
        if path == "id":
            return callback.object_id == news.id
        records = [news.after]
        if news.before is not None and self._settings.callback_match == "either":
            records.append(news.before)
        return any(callback.object_id in self._numbers(record, path) for record in records)

    def _numbers(self, record: Mapping[str, Any], path: str) -> Iterator[int]:
        name, _, beyond = path.partition("/")
        value = record.get(name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping) and "id" in one:
                company = self.store.get(COMPANIES, one["id"]) if beyond else None
                if company is not None:
                    yield from self._numbers(orjson.loads(company), beyond)
                elif not beyond:
                    yield one["id"]

    def _is_others(self, callback: Callback, news: News) -> bool:
        member = self.store.get(MEMBERS, callback.member_id)
        return member is None or orjson.loads(member).get("identifier") != news.author

    # -- the callbacks themselves ------------------------------------------------------------------------------

    def _registered(
        self, did: Action, callback_id: int, before: Mapping[str, Any] | None, after: Mapping[str, Any]
    ) -> None:
        """A callback gets its key with its record and loses it with it; one that is switched on starts afresh."""
        if did == "added":
            self.standing(callback_id, str(after.get("connectWiseID")))
        elif did == "deleted" and self.store.get(STANDING, callback_id) is not None:
            self.store.delete(STANDING, callback_id)
        elif did == "updated" and before and before.get("inactiveFlag") and not after.get("inactiveFlag"):
            kept = {**self.standing(callback_id, str(after.get("connectWiseID"))), "failingSince": None}
            self.store.update(STANDING, callback_id, orjson.dumps(kept))

    def standing(self, callback_id: int, guid: str) -> dict[str, Any]:
        """What is kept of a callback and never answered with it; its key is made when there is none yet."""
        found = self.store.get(STANDING, callback_id)
        if found is not None:
            kept: dict[str, Any] = orjson.loads(found)
            return kept
        key = self.secret(32) if self.secret else self._ids.derived("callback key", callback_id, guid, length=32)
        made = {
            "id": callback_id,
            "keyId": Ids.derived_guid("callback key id", key),
            "signingKey": key,
            "failingSince": None,
        }
        with self.store.transaction():
            if self.store.get(STANDING, callback_id) is None:  # two threads may have come here
                self.store.insert(STANDING, callback_id, orjson.dumps(made))
        return made

    def signing_key(self, key_id: str) -> str | None:
        """The signing key that a key URL names; None for one that names none."""
        where = Where("json_extract(doc, '$.keyId') = ?", (key_id.lower(),))
        rows = self.store.rows(STANDING, where, limit=1)
        return str(orjson.loads(rows[0][1])["signingKey"]) if rows else None
