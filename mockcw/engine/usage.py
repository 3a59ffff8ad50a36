"""Who refers to a record: what `usages` lists, what keeps a record from being deleted, what a merge re-points.

A record's own children and itself do not count: they go with it. Knows no verbs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockcw.catalogue import Catalogue
from mockcw.engine.change import Record
from mockcw.engine.look import StoreLook
from mockcw.engine.references import References
from mockcw.store import Store

NUMBERED: Mapping[str, tuple[tuple[str, str, Mapping[str, Any]], ...]] = {  # whom a bare number means, in which field
    "/time/chargeCodes": (
        ("/time/entries", "chargeToId", {"chargeToType": "ChargeCode"}),
        ("/expense/entries", "chargeToId", {"chargeToType": "ChargeCode"}),
    ),
    "/company/configurations": (("/company/configurations", "parentConfigurationId", {}),),
}
NAMES = ("name", "summary", "identifier", "description", "subject", "title")


@dataclass(frozen=True, slots=True)
class Holder:
    """A record that refers to another one, and the field it does so by."""

    collection: str
    id: int
    field: str
    record: Record


class Usages:
    """Finds the records that refer to a record."""

    def __init__(self, catalogue: Catalogue, store: Store, references: References) -> None:
        self._catalogue = catalogue
        self._store = store
        self._references = references

    def holders(self, collection: str, record_id: int) -> Iterator[Holder]:
        """Every record outside this one that refers to it; one that does so twice comes twice."""
        for referring, name, holder_id, doc in self._references.holders(collection, record_id):
            if not self._within(referring, holder_id, collection, record_id):
                yield Holder(referring, holder_id, name, orjson.loads(doc))
        for referring, name, also in NUMBERED.get(collection, ()):
            for record in StoreLook(self._store).find(referring, None, **{name: record_id, **also}):
                if not self._within(referring, record["id"], collection, record_id):
                    yield Holder(referring, record["id"], name, record)

    def used(self, collection: str, record_id: int) -> bool:
        """Whether any record outside this one refers to it."""
        return next(self.holders(collection, record_id), None) is not None

    def shown(self, collection: str, record_id: int, look: StoreLook) -> Iterator[Holder]:
        """The same, of the records that `look` shows."""
        for holder in self.holders(collection, record_id):
            if not look.hides(holder.collection, holder.id):
                yield holder

    def sums(self, collection: str, record_id: int, look: StoreLook) -> list[Record]:
        """A line a kind of record that refers to this one (shape documented, content assumed)."""
        seen = {(holder.collection, holder.id) for holder in self.shown(collection, record_id, look)}
        counts = Counter(found for found, _ in seen)
        return [self._line(found, count) for found, count in sorted(counts.items())]

    def lines(
        self, collection: str, record_id: int, look: StoreLook, may_see: Callable[[str, int], bool]
    ) -> list[Record]:
        """A line a record that refers to this one (shape documented, content assumed).

        Of a record that the member could not read there is a line, but not what it says or where it is.
        """
        records = {(holder.collection, holder.id): holder.record for holder in self.shown(collection, record_id, look)}
        found = []
        for (referring, holder_id), record in sorted(records.items()):
            if not may_see(referring, holder_id):
                found.append({**self._line(referring, 1), "id": holder_id})
                continue
            said = next((str(record[name]) for name in NAMES if record.get(name)), f"{referring} {holder_id}")
            href = self._references.href(referring, holder_id)
            found.append({**self._line(referring, 1), "id": holder_id, "description": said, "hyperlink": href})
        return found

    def _line(self, collection: str, count: int) -> Record:
        model = self._catalogue.model(self._catalogue.row(collection).model)
        return {"type": model.caption, "count": count, "typeKey": model.resource}

    def _within(self, collection: str, record_id: int, outer: str, outer_id: int) -> bool:
        """Whether a record is another one or lives below it."""
        while (collection, record_id) != (outer, outer_id):
            parents = self._catalogue.row(collection).parents
            if not parents:
                return False
            record_id = self._store.parent_of(collection, record_id) or 0
            collection = parents[-1]
        return True
