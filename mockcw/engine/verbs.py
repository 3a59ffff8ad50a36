"""The generic verbs over every collection: list, count, get, create, replace, patch, delete.

Knows no resource by name: what is irregular comes as rules, which decide; this file writes. All effects of one request
happen in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockcw.catalogue import Catalogue, Model
from mockcw.clock import Clock, Ids
from mockcw.engine.bodies import BodyReader
from mockcw.engine.change import (
    Add,
    Change,
    Effect,
    Keep,
    Put,
    Record,
    Refuse,
    Remove,
    Rule,
    Rulebook,
    Write,
    WriteVerb,
)
from mockcw.engine.look import StoreLook
from mockcw.engine.patch import Patcher
from mockcw.engine.references import References, fill
from mockcw.errors import FieldError, InvalidObject, NotFound
from mockcw.query import ListQuery, compile, compile_order
from mockcw.query.tree import Always, And, Node
from mockcw.settings import Settings
from mockcw.store import Store, Where

EVERYTHING = Where("1")


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: the identifier that shows in `_info`, and the location new records inherit."""

    identifier: str
    location_id: int | None


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
        self._children: dict[str, tuple[str, ...]] = {}
        for one in catalogue.collections():
            if one.parents:
                outer = one.parents[-1]
                self._children[outer] = (*self._children.get(outer, ()), one.key)

    def now(self) -> str:
        """The tenant's moment, as records carry it."""
        return self._clock.text()

    # -- reading -----------------------------------------------------------------------------------------------

    def list(self, collection: str, parents: tuple[int, ...], query: ListQuery, scope: Node) -> Listing:
        """The page of a collection that `query` asks for, within `scope`."""
        where = self._where(query.where, scope)
        page = query.page
        parent = parents[-1] if parents else None
        if page.forward_only:
            after = Where("id > ?", (page.after or 0,))
            narrowed = after if where is EVERYTHING else Where(f"({where.sql}) AND id > ?", (*where.params, page.after or 0), where.paths)
            rows = self.store.rows(collection, narrowed, parent=parent, limit=page.size)
            return Listing([doc for _, doc in rows], rows[-1][0] if rows else None, None)
        number = page.number or 1
        rows = self.store.rows(
            collection,
            where,
            parent=parent,
            order=compile_order(query.order),
            limit=page.size,
            offset=(number - 1) * page.size,
        )
        total = self.store.count(collection, where, parent=parent) if number > 1 or len(rows) == page.size else len(rows)
        return Listing([doc for _, doc in rows], rows[-1][0] if rows else None, total)

    def count(self, collection: str, parents: tuple[int, ...], where: Node, scope: Node) -> int:
        """How many records of a collection `where` admits within `scope`."""
        return self.store.count(collection, self._where(where, scope), parent=parents[-1] if parents else None)

    def get(self, collection: str, parents: tuple[int, ...], record_id: int | str, scope: Node) -> bytes:
        """One record's JSON text; a text id is looked up as the identifier. Raises NotFound."""
        number = self._number(collection, record_id)
        parent = parents[-1] if parents else None
        doc = self.store.get(collection, number, parent, None if isinstance(scope, Always) else compile(scope)) if number else None
        if doc is None:
            raise self._missing(collection, record_id)
        return doc

    def require_parents(self, collection: str, parents: tuple[int, ...], scope: Node) -> None:
        """Every enclosing record exists and may be seen; `scope` narrows the outermost. Raises NotFound."""
        outer: int | None = None
        for level, record_id in zip(self.catalogue.collection(collection).parents, parents, strict=True):
            narrowed = None if outer is not None or isinstance(scope, Always) else compile(scope)
            if self.store.get(level, record_id, outer, narrowed) is None:
                raise self._missing(level, record_id)
            outer = record_id

    def _where(self, where: Node, scope: Node) -> Where:
        if isinstance(where, Always):
            return EVERYTHING if isinstance(scope, Always) else compile(scope)
        return compile(where if isinstance(scope, Always) else And((where, scope)))

    def _number(self, collection: str, record_id: int | str) -> int | None:
        if isinstance(record_id, int):
            return record_id
        found = self.look.find(collection, identifier=record_id)
        return int(found[0]["id"]) if found else None

    def _missing(self, collection: str, record_id: int | str) -> NotFound:
        return NotFound(f"{self._model(collection).caption} {record_id} not found")

    def _model(self, collection: str) -> Model:
        return self.catalogue.model(self.catalogue.collection(collection).model or "")

    # -- writing -----------------------------------------------------------------------------------------------

    def create(self, collection: str, parents: tuple[int, ...], raw: bytes, author: Author) -> bytes:
        """Add the record of a POST body and answer it as stored. Raises InvalidObject and its kin."""
        body = self._reader.record(self._model(collection), raw)
        return self.add(collection, parents, body, author)

    def add(self, collection: str, parents: tuple[int, ...], body: Record, author: Author) -> bytes:
        """Add a record given as a dictionary, rules applied."""
        model = self._model(collection)
        record = {name: value for name, value in body.items() if value is not None}
        self._tie_to_parent(model, collection, parents, record)
        with self.store.transaction():
            record_id = self.store.next_id(collection)
            change = self._change("create", collection, record_id, parents, None, record, frozenset(body), author)
            later = self._settle(model, change, frozenset(record))
            now, who = change.now, author.identifier
            info = {"lastUpdated": now, "updatedBy": who, "dateEntered": now, "enteredBy": who}
            info.update(self._child_hrefs(collection, parents, record_id))
            doc = self._serialised(model, record_id, change.after, info)
            self.store.insert(collection, record_id, doc, parents[-1] if parents else 0)
            self._carry_out(later, (collection, record_id), author)
            return self.store.get(collection, record_id) or doc

    def replace(
        self, collection: str, parents: tuple[int, ...], record_id: int, raw: bytes, author: Author, scope: Node
    ) -> bytes:
        """Put the body in the record's place; what it leaves out returns to nothing (documented)."""
        before = orjson.loads(self.get(collection, parents, record_id, scope))
        model = self._model(collection)
        body = self._reader.record(model, raw)
        record = {name: value for name, value in body.items() if value is not None}
        if "customFields" in before:
            record["customFields"] = before["customFields"]
        self._tie_to_parent(model, collection, parents, record)
        return self._update("replace", collection, parents, before, record, frozenset(body), author)

    def patch(
        self, collection: str, parents: tuple[int, ...], record_id: int, raw: bytes, author: Author, scope: Node
    ) -> bytes:
        """Apply PATCH operations to the record."""
        operations = self._patcher.operations(raw)
        before = orjson.loads(self.get(collection, parents, record_id, scope))
        model = self._model(collection)
        record = {name: value for name, value in before.items() if name not in ("id", "_info")}
        touched = self._patcher.apply(model, record, operations)
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
            later = self._settle(model, change, given if verb == "patch" else frozenset(record))
            self._overwrite(collection, record_id, before, change.after, author)
            self._carry_out(later, (collection, record_id), author)
            return self.store.get(collection, record_id) or b""

    def delete(self, collection: str, parents: tuple[int, ...], record_id: int, author: Author, scope: Node) -> None:
        """Remove the record and what it encloses, unless a rule keeps it. Raises NotFound, Conflict."""
        before = orjson.loads(self.get(collection, parents, record_id, scope))
        with self.store.transaction():
            change = self._change("delete", collection, record_id, parents, before, dict(before), frozenset(), author)
            later = self._settle(self._model(collection), change, frozenset())
            keep = next((effect for effect in later if isinstance(effect, Keep)), None)
            if keep:
                self._overwrite(collection, record_id, before, {**before, **keep.values}, author)
            else:
                self._erase(collection, record_id)
            self._carry_out(later, (collection, record_id), author)

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
            look=self.look,
            choices=self._settings,
            key=self._ids.guid,
        )

    def _settle(self, model: Model, change: Change, given: frozenset[str]) -> list[Effect]:
        """References, rules and checks, in that order; effects on other records come back for later."""
        problems: list[FieldError] = []
        later: list[Effect] = []
        rules = self._rulebook.of(change.collection, change.verb)
        for rule in rules:
            if rule.early:
                self._decide(rule, model, change, problems, later)
        if change.verb != "delete":
            self._references.expand(model, change.after, given, problems)
        for rule in rules:
            if not rule.early:
                self._decide(rule, model, change, problems, later)
        if change.verb != "delete":
            checked = {name: change.after.get(name) for name in change.after}
            problems[:0] = self._reader.problems(model, checked, updating=change.verb != "create")
        if problems:
            raise InvalidObject.of(model.resource, *problems)
        return later

    def _decide(
        self, rule: Rule, model: Model, change: Change, problems: list[FieldError], later: list[Effect]
    ) -> None:
        for effect in rule.decide(change):
            if isinstance(effect, Put):
                change.after.update(effect.values)
                self._references.expand(model, change.after, effect.values, problems)
            elif isinstance(effect, Refuse):
                problems.append(effect.error)
            else:
                later.append(effect)

    def _carry_out(self, effects: list[Effect], own: tuple[str, int], author: Author) -> None:
        """Do what the rules decided on other records; writes to one record are joined."""
        writes: dict[tuple[str, int], Record] = {}
        for effect in effects:
            if isinstance(effect, Write):
                writes.setdefault((effect.collection, effect.record_id), {}).update(effect.values)
            elif isinstance(effect, Add):
                parents = self._line(effect.collection, effect.parent)
                added = self._add_plain(effect.collection, parents, dict(effect.record), author)
                if effect.refer:
                    writes.setdefault(own, {})[effect.refer] = {"id": added}
            elif isinstance(effect, Remove):
                self._erase(effect.collection, effect.record_id)
        for (collection, record_id), values in writes.items():
            found = self.store.get(collection, record_id)
            if found:
                before = orjson.loads(found)
                after = {**before, **values}
                self._references.expand(self._model(collection), after, values, [])
                self._overwrite(collection, record_id, before, after, author)

    def _add_plain(self, collection: str, parents: tuple[int, ...], record: Record, author: Author) -> int:
        """Add a record that a rule decided on; rules are not asked again."""
        model = self._model(collection)
        self._tie_to_parent(model, collection, parents, record)
        self._references.expand(model, record, record, [])
        record_id = self.store.next_id(collection)
        now, who = self._clock.text(), author.identifier
        info = {"lastUpdated": now, "updatedBy": who, "dateEntered": now, "enteredBy": who}
        info.update(self._child_hrefs(collection, parents, record_id))
        self.store.insert(collection, record_id, self._serialised(model, record_id, record, info), parents[-1] if parents else 0)
        return record_id

    def _overwrite(self, collection: str, record_id: int, before: Record, after: Record, author: Author) -> None:
        info = {**before.get("_info", {}), "lastUpdated": self._clock.text(), "updatedBy": author.identifier}
        self.store.update(collection, record_id, self._serialised(self._model(collection), record_id, after, info))
        self._references.renamed(collection, record_id, before, after)

    def _erase(self, collection: str, record_id: int) -> None:
        held = set(self.store.collections())
        for child in self._children.get(collection, ()):
            if child in held:
                for inner, _ in self.store.rows(child, EVERYTHING, parent=record_id):
                    self._erase(child, inner)
        self.store.delete(collection, record_id)

    def _line(self, collection: str, parent: int) -> tuple[int, ...]:
        """The ids of all enclosing records, given the innermost."""
        line: list[int] = []
        for level in reversed(self.catalogue.collection(collection).parents):
            line.insert(0, parent)
            parent = self.store.parent_of(level, parent) or 0
        return tuple(line)

    def _tie_to_parent(self, model: Model, collection: str, parents: tuple[int, ...], record: Record) -> None:
        """A nested record refers to the record it lives under, whatever the body said."""
        if not parents:
            return
        outer = self.catalogue.collection(collection).parents[-1]
        for field in model.fields.values():
            if field.type == "ref" and self._references.target(field) == outer:
                record[field.name] = {"id": parents[-1]}
                return

    def _child_hrefs(self, collection: str, parents: tuple[int, ...], record_id: int) -> Mapping[str, str]:
        root = self.store.root
        line = (*parents, record_id)
        return {
            f"{child.rsplit('/', 1)[-1]}_href": root + fill(child, line) for child in self._children.get(collection, ())
        }

    @staticmethod
    def _serialised(model: Model, record_id: int, record: Record, info: Mapping[str, str]) -> bytes:
        """The record as kept: the model's order of fields, no nulls (captured for modern answers)."""
        get = record.get
        kept = {name: value for name in model.fields if (value := get(name)) is not None}
        kept |= {"id": record_id, "_info": info}
        return orjson.dumps(kept)
