"""What happens to records when the server's day turns: the daily rules decide again, and what they say is written.

That a value such as an agreement's status follows the calendar without anybody's write is reported; that no audit,
callback or `lastUpdated` tells of it is assumed. Knows no rule by name and no clock.
"""

from __future__ import annotations

from collections.abc import Callable

import orjson

from mockcw.engine.change import Change, Put, Record, Write
from mockcw.engine.rulebook import Rulebook
from mockcw.engine.writer import Writer
from mockcw.store import EVERYTHING, Store

DAY = "day"  # the fact: for which day the records of the store hold


class Daybreak:
    """Brings one tenant's records up to the day."""

    def __init__(self, store: Store, rulebook: Rulebook, writer: Writer) -> None:
        self._store = store
        self._rules = rulebook.daily()
        self._writer = writer
        self._seen: tuple[int, str] | None = None

    def upon(self, today: str, change_of: Callable[[str, Record], Change]) -> None:
        """Let the daily rules decide, unless the records hold for `today`; `change_of` makes a change of nothing."""
        seen = (self._store.replaced, today)
        if seen == self._seen:
            return
        if self._store.fact(DAY) != today:
            with self._store.transaction():
                for collection in self._rules:
                    for _, doc in self._store.rows(collection, EVERYTHING):
                        self._decide(collection, change_of(collection, orjson.loads(doc)))
                self._store.remember(DAY, today)
        self._seen = seen

    def _decide(self, collection: str, change: Change) -> None:
        values: Record = {}
        for rule in self._rules[collection]:
            for effect in rule.decide(change):
                if isinstance(effect, Put):
                    change.after.update(effect.values)
                    values.update(effect.values)
                elif isinstance(effect, Write):
                    self._set(effect.collection, effect.record_id, dict(effect.values))
        before = change.before or {}
        if any(before.get(name) != value for name, value in values.items()):
            self._set(collection, change.record_id, values)

    def _set(self, collection: str, record_id: int, values: Record) -> None:
        doc = self._store.get(collection, record_id)
        before: Record = orjson.loads(doc) if doc else {}
        if doc:
            self._writer.adjust(collection, before, values)
