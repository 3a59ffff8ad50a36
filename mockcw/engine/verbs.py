"""The generic verbs over every collection: list, count, get, create, replace, patch, delete.

Knows no resource by name: what is irregular comes as rules, which decide; this file writes. All effects of one request
happen in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from mockcw.catalogue import Catalogue, Model
from mockcw.clock import Clock, Ids, from_text
from mockcw.delivery import Outbox
from mockcw.engine.act import Asking, View
from mockcw.engine.bodies import BodyReader
from mockcw.engine.change import Change, Keep, Put, Record, WriteVerb
from mockcw.engine.customfields import CustomFields
from mockcw.engine.daybreak import Daybreak
from mockcw.engine.defaults import keep_server_fields
from mockcw.engine.look import StoreLook
from mockcw.engine.patch import Patcher
from mockcw.engine.references import References
from mockcw.engine.rulebook import Rulebook
from mockcw.engine.settle import Settler
from mockcw.engine.trail import note
from mockcw.engine.usage import Usages
from mockcw.engine.writer import TOP, Author, Writer
from mockcw.errors import InvalidObject, NotFound
from mockcw.query import Page
from mockcw.settings import Settings
from mockcw.store import Store, Where, both
from mockcw.zones import Zone

NOBODY = Author("", None)  # the passing of time


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of records as JSON texts, with what its Link header needs."""

    docs: list[bytes]
    last_id: int | None
    total: int | None


class Engine:
    """The verbs over one tenant's store."""

    def __init__(
        self, catalogue: Catalogue, store: Store, rulebook: Rulebook, clock: Clock, ids: Ids, settings: Settings
    ) -> None:
        self.catalogue = catalogue
        self.store = store
        self.look = StoreLook(store)
        self._rulebook = rulebook
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._reader = BodyReader(catalogue, settings)
        self._patcher = Patcher(catalogue, self._reader, settings)
        self._references = References(catalogue, store)
        self.outbox = Outbox(store, clock, ids, settings)
        self._writer = Writer(catalogue, store, self._references, clock, self.outbox)
        self._custom_fields = CustomFields(catalogue, store, settings)
        self._settler = Settler(
            catalogue, store, rulebook, self._reader, self._references, self._custom_fields, self._writer
        )
        self._usages = Usages(catalogue, store, self._references)
        self._views: dict[str, tuple[object, ...]] = {}
        self._zone = Zone(settings.server_time_zone)
        self._today = ("", "")
        self._daybreak = Daybreak(store, rulebook, self._writer)

    def now(self) -> str:
        """The tenant's moment, as records carry it."""
        return self._clock.text()

    def today(self) -> str:
        """The day it is in the server's time zone, as the API writes a date without a time."""
        now = self._clock.text()
        if now != self._today[0]:
            self._today = (now, self._zone.day(self._clock.now()))
        return self._today[1]

    def _day_of(self, text: str) -> str:
        return self._zone.day(from_text(text))

    def new_day(self) -> None:
        """When the server's day is another one than records were last written for, what follows from the day follows.

        Call it before a request reads anything, and outside transactions.
        """
        self._daybreak.upon(self.today(), self._of_day)

    # -- reading -----------------------------------------------------------------------------------------------

    def listing(self, collection: str, parents: tuple[int, ...], where: Where, order: str, page: Page) -> Listing:
        """The page of a collection that `where` admits, in `order`."""
        parent = innermost(collection, parents)
        if page.forward_only:
            rows = self.store.rows(
                collection, both(where, Where("id > ?", (page.after or 0,))), parent=parent, limit=page.size
            )
            return Listing([doc for _, doc in rows], rows[-1][0] if rows else None, None)
        skipped = ((page.number or 1) - 1) * page.size
        rows = self.store.rows(collection, where, parent=parent, order=order, limit=page.size, offset=skipped)
        several = skipped or len(rows) == page.size
        total = self.store.count(collection, where, parent=parent) if several else len(rows)
        return Listing([doc for _, doc in rows], rows[-1][0] if rows else None, total)

    def count(self, collection: str, parents: tuple[int, ...], where: Where) -> int:
        """How many records of a collection `where` admits."""
        return self.store.count(collection, where, parent=innermost(collection, parents))

    def get(
        self,
        collection: str,
        parents: tuple[int, ...],
        record_id: int | str,
        scope: Where | None,
        table: str | None = None,
    ) -> bytes:
        """One record's JSON text; a text id is looked up as the identifier. Raises NotFound.

        `table` is where a worked-out collection's records are.
        """
        number = self._number(collection, record_id)
        parent = parents[-1] if parents else None
        doc = self.store.get(table or collection, number, parent, scope) if number else None
        if doc is None:
            raise self._missing(collection, record_id)
        return doc

    def worked_out(self, view: View, asking: Asking, look: StoreLook) -> str:
        """Work out a view's records out of what `look` sees, unless nothing of that has changed; their table it is."""
        if view.rows is None:
            return view.sources[0]
        table = f"~view {view.collection}"
        if not view.lasting or self._views.get(table) != self._fresh(view, asking, look):
            model = self._model(view.collection)
            parent = asking.parents[-1] if asking.parents else TOP
            rows = [(row["id"], parent, _shown(model, row)) for row in view.rows(look, asking)]
            self.store.refill(table, rows)
            self._views[table] = self._fresh(view, asking, look)
        return table

    def _fresh(self, view: View, asking: Asking, look: StoreLook) -> tuple[object, ...]:
        """Differs after every change of what a view is worked out of, or of what decides who may see that."""
        scopes = [scope for source in view.sources if (scope := look.there(source)) is not None]
        read = dict.fromkeys((*view.sources, *(source for scope in scopes for source in scope.sources)))
        return (asking, look.sight, *map(self.store.changed, read))

    def usages(
        self, collection: str, record_id: int, look: StoreLook, may_see: Callable[[str, int], bool], *, each: bool
    ) -> str:
        """Write down what refers to a record as far as `look` sees it, a line a kind or a line each, into a table."""
        table = "~usages"
        if each:
            lines = self._usages.lines(collection, record_id, look, may_see)
        else:
            lines = self._usages.sums(collection, record_id, look)
        self.store.refill(table, [(at, TOP, orjson.dumps(line)) for at, line in enumerate(lines, 1)])
        return table

    def default(self, collection: str, author: Author) -> Record:
        """What a new record would start with, as far as its rules say so (assumed)."""
        change = self._change("create", collection, 0, (), None, {}, frozenset(), author)
        for rule in self._rulebook.of(collection, "create"):
            for effect in rule.decide(change):
                if isinstance(effect, Put):
                    change.after.update(effect.values)
        model = self._model(collection)
        self._references.expand(model, change.after, list(change.after), [])
        return {name: value for name, value in change.after.items() if name in model.fields and value is not None}

    def line(self, collection: str, record_id: int) -> tuple[int, ...]:
        """The ids of the records that enclose a record, outermost first."""
        return self._writer.line(collection, self.store.parent_of(collection, record_id) or TOP)

    def outermost(self, collection: str, record_id: int) -> tuple[str, int]:
        """The record at top level that encloses a record, or the record itself."""
        while parents := self.catalogue.row(collection).parents:
            record_id, collection = self.store.parent_of(collection, record_id) or TOP, parents[-1]
        return collection, record_id

    def expanded(self, model: Model, record: Record) -> Record:
        """A record that is not stored, its references in the form of stored ones."""
        shown = dict(record)
        self._references.expand(model, shown, list(shown), [])
        return shown

    def href(self, collection: str, record_id: int) -> str:
        """The address of a record, with the store's root token in place of the host."""
        return self._references.href(collection, record_id)

    def read_body(self, model_name: str, raw: bytes, *, listed: bool) -> Any:
        """A body of a named model, or a list of them, checked as a new record is. Raises InvalidObject and its kin."""
        model = self.catalogue.model(model_name)
        records = self._reader.records(model, raw) if listed else [self._reader.message(model, raw)]
        for record in records:
            problems = self._reader.problems(model, record, updating=False)
            if problems:
                raise InvalidObject.of(model.resource, *problems)
        return records if listed else records[0]

    def require_parents(
        self,
        collection: str,
        parents: tuple[int, ...],
        scope: Where | None,
        asking: Callable[[], Asking],
        look: StoreLook,
    ) -> None:
        """Every enclosing record exists and may be seen; `scope` narrows the outermost. Raises NotFound."""
        outer: int | None = None
        for depth, (level, record_id) in enumerate(zip(self.catalogue.row(collection).parents, parents, strict=True)):
            view = self._rulebook.view(level)
            table = level
            if view:
                table = self.worked_out(view, replace(asking(), parents=parents[:depth], query=()), look)
            if self.store.get(table, record_id, outer, scope if outer is None else None) is None:
                raise self._missing(level, record_id)
            outer = record_id

    def _number(self, collection: str, record_id: int | str) -> int | None:
        if isinstance(record_id, int):
            return record_id
        found = self.look.find(collection, identifier=record_id)
        return int(found[0]["id"]) if found else None

    def _missing(self, collection: str, record_id: int | str) -> NotFound:
        return NotFound(f"{self._model(collection).caption} {record_id} not found")

    def _model(self, collection: str) -> Model:
        return self.catalogue.model(self.catalogue.row(collection).model)

    # -- writing -----------------------------------------------------------------------------------------------

    def create(self, collection: str, parents: tuple[int, ...], raw: bytes, author: Author) -> bytes:
        """Add the record of a POST body and answer it as stored. Raises InvalidObject and its kin."""
        body = self._reader.record(self._model(collection), raw)
        return self.add(collection, parents, body, author)

    def add(
        self, collection: str, parents: tuple[int, ...], body: Record, author: Author, moved: int | None = None
    ) -> bytes:
        """Add a record given as a dictionary, rules applied; `moved` is the number it brings along."""
        model = self._model(collection)
        record = {name: value for name, value in body.items() if value is not None}
        self._writer.tie_to_parent(model, collection, parents, record)
        with self.store.transaction():
            record_id = moved or max(map(self.store.next_id, self.catalogue.numbered_with(collection)))
            change = self._change("create", collection, record_id, parents, None, record, frozenset(body), author)
            later = self._settler.settle(model, change, frozenset(record), author)
            others = self._settler.carry_out(later, change, author)
            doc = self._writer.insert(model, collection, parents, record_id, change.after, author)
            self._followed(change)
            self._settler.write_others(others, author)
            return doc

    def replace(
        self, collection: str, parents: tuple[int, ...], record_id: int, raw: bytes, author: Author, scope: Where | None
    ) -> bytes:
        """Put the body in the record's place; what it leaves out returns to nothing (documented)."""
        before = orjson.loads(self.get(collection, parents, record_id, scope))
        model = self._model(collection)
        body = self._reader.record(model, raw)
        record = {name: value for name, value in body.items() if value is not None}
        keep_server_fields(model, before, record)
        author.unseen(model.name, before, record)
        self._writer.tie_to_parent(model, collection, parents, record)
        return self._update("replace", collection, parents, before, record, frozenset(body), author)

    def patch(
        self, collection: str, parents: tuple[int, ...], record_id: int, raw: bytes, author: Author, scope: Where | None
    ) -> bytes:
        """Apply PATCH operations to the record."""
        operations = self._patcher.operations(raw)
        before = orjson.loads(self.get(collection, parents, record_id, scope))
        model = self._model(collection)
        record = {name: value for name, value in before.items() if name not in ("id", "_info")}
        touched = self._patcher.apply(model, record, operations)
        demanded = self._custom_fields.demanded(model, touched)
        if demanded is not None:
            raise InvalidObject.of(model.resource, demanded)
        author.unseen(model.name, before, record)
        return self._update("patch", collection, parents, before, record, touched, author)

    def _update(
        self,
        verb: WriteVerb,
        collection: str,
        parents: tuple[int, ...],
        before: Record,
        record: Record,
        given: frozenset[str],
        author: Author,
    ) -> bytes:
        model = self._model(collection)
        record_id = int(before["id"])
        with self.store.transaction():
            change = self._change(verb, collection, record_id, parents, before, record, given, author)
            later = self._settler.settle(model, change, given if verb == "patch" else frozenset(record), author)
            others = self._settler.carry_out(later, change, author)
            doc = self._writer.overwrite(collection, record_id, before, change.after, author)
            self._followed(change)
            self._settler.write_others(others, author)
            return doc

    def _followed(self, change: Change) -> None:
        """Feed the audit trail; a custom field defined, changed or deleted shows on the records of its screen."""
        model, before = self._model(change.collection), change.before
        place = (change.collection, change.record_id, change.parents)
        note(self.store, model, change.verb, *place, before, change.after, change.actor, change.now)
        after = None if change.verb == "delete" else {**change.after, "id": change.record_id}
        self._custom_fields.spread(change.collection, before, after)

    def change(self, collection: str, record_id: int, values: Mapping[str, Any], author: Author) -> bytes:
        """Set fields of a record as a PATCH would; None clears one. Raises NotFound, InvalidObject."""
        parents = self.line(collection, record_id)
        before = orjson.loads(self.get(collection, parents, record_id, None))
        record = {name: value for name, value in before.items() if name not in ("id", "_info")} | dict(values)
        return self._update("patch", collection, parents, before, record, frozenset(values), author)

    def set(self, collection: str, record_id: int, values: Mapping[str, Any], author: Author) -> bytes:
        """Set fields of a record without asking its rules. Raises NotFound."""
        before = orjson.loads(self.get(collection, (), record_id, None))
        after, model = {**before, **values}, self._model(collection)
        self._references.expand(model, after, values, [])
        with self.store.transaction():
            doc = self._writer.overwrite(collection, record_id, before, after, author)
            place = (collection, record_id, self.line(collection, record_id))
            note(self.store, model, "patch", *place, before, after, author.identifier, self.now())
            return doc

    def erase(self, collection: str, record_id: int, author: Author) -> None:
        """Remove a record and what it encloses without asking any rule."""
        with self.store.transaction():
            self._writer.erase(collection, record_id, author)

    def repoint(self, collection: str, record_id: int, other_id: int, author: Author) -> int:
        """Let everything that refers to a record refer to another; how many records changed comes back."""
        changed = 0
        with self.store.transaction():
            for holder in list(self._usages.holders(collection, record_id)):
                field = self._model(holder.collection).fields[holder.field]
                value: Any = other_id if field.type == "integer" else {"id": other_id}
                if field.type == "array":
                    kept = [one for one in holder.record[field.name] if one.get("id") not in (record_id, other_id)]
                    value = [*kept, value]
                self.set(holder.collection, holder.id, {field.name: value}, author)
                changed += 1
        return changed

    def delete(
        self, collection: str, parents: tuple[int, ...], record_id: int, author: Author, scope: Where | None
    ) -> None:
        """Remove the record and what it encloses, unless a rule keeps it. Raises NotFound, Conflict."""
        before = orjson.loads(self.get(collection, parents, record_id, scope))
        with self.store.transaction():
            change = self._change("delete", collection, record_id, parents, before, dict(before), frozenset(), author)
            later = self._settler.settle(self._model(collection), change, frozenset(), author)
            others = self._settler.carry_out(later, change, author)
            keep = next((effect for effect in later if isinstance(effect, Keep)), None)
            if keep:
                self._writer.overwrite(collection, record_id, before, {**before, **keep.values}, author)
            elif self._usages.used(collection, record_id):
                raise change.in_use()
            else:
                self._writer.erase(collection, record_id, author)
            self._followed(change)
            self._settler.write_others(others, author)

    def _of_day(self, collection: str, record: Record) -> Change:
        """A change of nothing but the day."""
        after = {name: value for name, value in record.items() if name not in ("id", "_info")}
        parents = self.line(collection, record["id"])
        return self._change("patch", collection, record["id"], parents, record, after, frozenset(), NOBODY)

    def _change(
        self,
        verb: WriteVerb,
        collection: str,
        record_id: int,
        parents: tuple[int, ...],
        before: Record | None,
        after: Record,
        given: frozenset[str],
        author: Author,
    ) -> Change:
        model = self._model(collection)
        return Change(
            verb=verb,
            collection=collection,
            record_id=record_id,
            parents=parents,
            before=before,
            after=after,
            given=given,
            resource=model.resource,
            caption=model.caption,
            actor=author.identifier,
            actor_location=author.location_id,
            now=self._clock.text(),
            today=self.today(),
            look=self.look,
            choices=self._settings,
            key=self._ids.guid,
            day_of=self._day_of,
            operation=author.operation,
        )


def innermost(collection: str, parents: tuple[int, ...]) -> int | None:
    """The parent of the records meant: none in particular for a nested collection that is read as a flat one."""
    return parents[-1] if parents else None if "{" in collection else TOP


def _shown(model: Model, row: Record) -> bytes:
    """A worked-out record in its model's order; `_info` stays, whatever the model says."""
    names = [name for name in model.fields if row.get(name) is not None]
    if "_info" in row and "_info" not in names:
        names.append("_info")
    return orjson.dumps({name: row[name] for name in names})
