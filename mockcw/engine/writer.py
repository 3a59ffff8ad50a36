"""Puts records into the store in their stored form: `_info`, hrefs, field order, enclosing records.

Knows how a record is kept; does not know which requests, rules or verbs lead to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson

from mockcw.catalogue import Catalogue, Model
from mockcw.clock import Clock
from mockcw.delivery import Outbox
from mockcw.engine.change import Add, Record
from mockcw.engine.references import References
from mockcw.store import EVERYTHING, Store

PARAMETER = re.compile(r"\{\w+\}")
Address = tuple[str, int]  # collection and id of a record
TOP = 0  # the parent of records at top level


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: the identifier that shows in `_info`, the location new records inherit, and what asks their rights.

    `request` is the id of the request that writes, and `heard` is told the id of each rule that had a say.

    `ask` is called with the id of a right and raises SecurityRefusal without it; `unseen` is called with a model's
    name, a record before a change and after it, and puts back what the author was not shown and so cannot have meant
    to change. `operation` is the published name of what is being done. The house itself may and sees everything.
    """

    identifier: str
    location_id: int | None
    ask: Callable[[str, str | None], None] = lambda _right, _item: None
    unseen: Callable[[str, Record, Record], None] = lambda _model, _before, _after: None
    request: str | None = None
    heard: Callable[[str], None] = lambda _rule: None
    operation: str = ""


class Writer:
    """Inserts, overwrites and erases records of one tenant."""

    def __init__(
        self, catalogue: Catalogue, store: Store, references: References, clock: Clock, outbox: Outbox
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._references = references
        self._clock = clock
        self._outbox = outbox
        self._places: dict[str, dict[str, int]] = {}
        self._templates: dict[str, list[tuple[str, str]]] = {}
        self._children: dict[str, tuple[str, ...]] = {}
        for one in catalogue.rows():
            if one.parents:
                outer = one.parents[-1]
                self._children[outer] = (*self._children.get(outer, ()), one.key)

    def insert(
        self, model: Model, collection: str, parents: tuple[int, ...], record_id: int, record: Record, author: Author
    ) -> bytes:
        """Store a new record; its JSON text comes back."""
        now, who = self._clock.text(), author.identifier
        info = {"lastUpdated": now, "updatedBy": who, "dateEntered": now, "enteredBy": who}
        info.update(self._child_hrefs(collection, parents, record_id))
        doc = self._serialised(model, record_id, record, info)
        self._store.insert(collection, record_id, doc, parents[-1] if parents else TOP)
        if self._outbox.wants(collection):
            line = (*parents, record_id)
            self._outbox.heard("added", collection, line, None, record, doc, author.identifier, author.request)
        return doc

    def add_plain(self, effect: Add, author: Author, pending: dict[Address, Record]) -> int:
        """Add a record that a rule decided on; rules are not asked again. Its id comes back."""
        collection, record = effect.collection, dict(effect.record)
        model = self._catalogue.model(self._catalogue.row(collection).model)
        parents = self.line(collection, effect.parent)
        self.tie_to_parent(model, collection, parents, record)
        self._references.expand(model, record, list(record), [], pending)
        record_id = self._store.next_id(collection)
        self.insert(model, collection, parents, record_id, record, author)
        pending[collection, record_id] = record
        return record_id

    def overwrite(self, collection: str, record_id: int, before: Record, after: Record, author: Author) -> bytes:
        """Store a changed record, and its new name wherever it is referred to; its JSON text comes back."""
        info = {**before.get("_info", {}), "lastUpdated": self._clock.text(), "updatedBy": author.identifier}
        model = self._catalogue.model(self._catalogue.row(collection).model)
        doc = self._serialised(model, record_id, after, info)
        self._store.update(collection, record_id, doc)
        self._references.renamed(collection, record_id, before, after)
        doc = self._store.get(collection, record_id) or doc  # a renamed record may refer to itself
        if self._outbox.wants(collection):
            line = self._address(collection, record_id)
            self._outbox.heard("updated", collection, line, before, after, doc, author.identifier, author.request)
        return doc

    def adjust(self, collection: str, before: Record, values: Mapping[str, object]) -> None:
        """Set what follows from the passing of time: nobody wrote it, so nothing and nobody is told."""
        model = self._catalogue.model(self._catalogue.row(collection).model)
        doc = self._serialised(model, before["id"], {**before, **values}, before.get("_info", {}))
        self._store.update(collection, before["id"], doc)

    def erase(self, collection: str, record_id: int, author: Author) -> None:
        """Remove a record and what it encloses."""
        held = set(self._store.collections())
        for child in self._children.get(collection, ()):
            if child in held:
                for inner, _ in self._store.rows(child, EVERYTHING, parent=record_id):
                    self.erase(child, inner, author)
        doc = self._store.get(collection, record_id) if self._outbox.wants(collection) else None
        if doc is not None:
            record, line = orjson.loads(doc), self._address(collection, record_id)
            self._outbox.heard("deleted", collection, line, record, record, doc, author.identifier, author.request)
        self._store.delete(collection, record_id)

    def lodge(self, table: str, record_id: int, record: Mapping[str, object] | None) -> None:
        """Keep what belongs to a record in one of the emulator's own tables, in the place of what was kept there."""
        if self._store.get(table, record_id) is not None:
            self._store.delete(table, record_id)
        if record is not None:
            self._store.insert(table, record_id, orjson.dumps({**record, "id": record_id}))

    def tie_to_parent(self, model: Model, collection: str, parents: tuple[int, ...], record: Record) -> None:
        """A nested record refers to the record it lives under, whatever the body said."""
        name = self._references.tie(model, collection) if parents else None
        if name is not None:
            record[name] = {"id": parents[-1]}

    def line(self, collection: str, parent: int) -> tuple[int, ...]:
        """The ids of all enclosing records, given the innermost."""
        line: list[int] = []
        levels = self._catalogue.row(collection).parents
        for level in reversed(levels):
            line.insert(0, parent)
            if level != levels[0]:
                parent = self._store.parent_of(level, parent) or TOP
        return tuple(line)

    def _address(self, collection: str, record_id: int) -> tuple[int, ...]:
        """The ids of all enclosing records, and the record's own."""
        return (*self.line(collection, self._store.parent_of(collection, record_id) or TOP), record_id)

    def _child_hrefs(self, collection: str, parents: tuple[int, ...], record_id: int) -> Mapping[str, str]:
        templates = self._templates.get(collection)
        if templates is None:
            templates = self._templates[collection] = [
                (f"{child.rsplit('/', 1)[-1]}_href", PARAMETER.sub("%d", child))
                for child in self._children.get(collection, ())
            ]
        root, line = self._store.root, (*parents, record_id)
        return {name: root + template % line[-template.count("%d") :] for name, template in templates}

    def _serialised(self, model: Model, record_id: int, record: Record, info: Mapping[str, str]) -> bytes:
        """The record as kept: fields in the model's order, no nulls (captured), no secrets (documented)."""
        places = self._places.get(model.name)
        if places is None:
            kept = [name for name, field in model.fields.items() if field.answered]
            places = self._places[model.name] = {name: place for place, name in enumerate(kept)}
        whole = {**record, "id": record_id, "_info": info}
        places.setdefault("_info", len(places))  # a few models carry no _info; their records are kept with it
        names = [name for name, value in whole.items() if value is not None and name in places]
        names.sort(key=places.__getitem__)
        return orjson.dumps({name: whole[name] for name in names})
