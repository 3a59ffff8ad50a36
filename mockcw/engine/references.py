"""References between records: resolved when written, kept expanded in the record, rewritten when a target is renamed.

A reference may be given by id, identifier or name (captured); it is stored as the API shows it:
id, identifier, name and an href. Because the expansion is stored, a condition on `status/name` reads one record only;
because a rename rewrites it, the answer is never stale. Knows no verbs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from mockcw.catalogue import Catalogue, Field, Model
from mockcw.engine.forms import KEYS, Forms, Record
from mockcw.errors import FieldError
from mockcw.query.sql import column
from mockcw.query.tree import Kind
from mockcw.store import Store, Where

NOTHING: Mapping[tuple[str, int], Record] = {}
FORMS_KEPT = 4096


class References:
    """Resolves and expands the references of one tenant's records."""

    def __init__(self, catalogue: Catalogue, store: Store) -> None:
        self._catalogue = catalogue
        self._store = store
        self._shapes = Forms(catalogue)
        self._pointing: dict[str, list[tuple[str, Field]]] = {}
        self._fields: dict[str, Mapping[str, Field]] = {}
        self._inner: dict[str, list[Field]] = {}
        self._ties: dict[tuple[str, str], str | None] = {}
        self._forms: dict[tuple[str, str, int], tuple[int, Record]] = {}

    def expand(
        self,
        model: Model,
        record: Record,
        names: Iterable[str],
        problems: list[FieldError],
        pending: Mapping[tuple[str, int], Record] = NOTHING,
    ) -> None:
        """Replace the references of `record` among `names` by their stored form; what is missing joins `problems`.

        `pending` holds records about to be stored, by collection and id.
        """
        wanted = set(names)
        for field in self._reference_fields(model).values():  # what holds other records comes before what it holds
            value = record.get(field.name)
            if value is None or field.name not in wanted:
                continue
            if field.type == "ref":
                record[field.name] = self._resolved(model, field, value, record, problems, pending)
            else:
                record[field.name] = [self._resolved(model, field, one, record, problems, pending) for one in value]
        for field in self._inner_records(model):
            value = record.get(field.name) if field.name in wanted else None
            inner = self._catalogue.model(field.ref or "")
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    self.expand(inner, one, list(one), problems, pending)

    def target(self, field: Field) -> str | None:
        """The collection a field refers to; None for a field that is no reference or whose target is unknown."""
        if field.ref is None or not field.ref.endswith("Reference"):
            return None
        return self._catalogue.collection_of_reference(field.ref)

    def _reference_fields(self, model: Model) -> Mapping[str, Field]:
        known = self._fields.get(model.name)
        if known is None:
            found = [field for field in model.fields.values() if self.target(field) is not None]
            found.sort(key=lambda field: len(self._catalogue.row(self.target(field) or "").parents))
            known = self._fields[model.name] = {field.name: field for field in found}
        return known

    def _inner_records(self, model: Model) -> list[Field]:
        """The fields that hold whole records, not references: a contact's communication items."""
        known = self._inner.get(model.name)
        if known is None:
            known = self._inner[model.name] = [
                field
                for field in model.fields.values()
                if field.ref is not None and field.additional is None and not field.ref.endswith("Reference")
            ]
        return known

    def tie(self, model: Model, collection: str) -> str | None:
        """The name of the field by which a nested record refers to the record it lives under, if its model has one.

        Where two could, the one that a client must give means something else.
        """
        key = (model.name, collection)
        if key not in self._ties:
            outer = self._catalogue.row(collection).parents[-1]
            fields = self._reference_fields(model).values()
            found = [field for field in fields if field.type == "ref" and self.target(field) == outer]
            found.sort(key=lambda field: field.required)
            self._ties[key] = found[0].name if found else None
        return self._ties[key]

    def _resolved(
        self,
        model: Model,
        field: Field,
        value: Any,
        record: Record,
        problems: list[FieldError],
        pending: Mapping[tuple[str, int], Record],
    ) -> Record | None:
        if not isinstance(value, dict):
            return None
        collection = self.target(field) or ""
        number = value.get("id")
        for place in self._catalogue.numbered_with(collection):
            if isinstance(number, int) and number:
                waiting = pending.get((place, number))
                form = self._form(field, place, number, waiting) if waiting else self._known(field, place, number)
                if form is not None:
                    return form
            found = self._find(model, field, place, value, record)
            if found is not None:
                return self._form(field, place, *found)
        key = next((key for key in ("id", *KEYS) if value.get(key) not in (None, "", 0)), None)
        if key is not None:  # an empty reference clears the field
            text = self._not_found(model, collection, record, value[key] if key == "id" else None, value[key])
            problems.append(FieldError("NotFound", text, model.resource, f"{field.name}/{key}"))
        return None

    def _not_found(self, model: Model, collection: str, record: Record, number: object, called: object) -> str:
        """The captured texts: with the enclosing record where it is known, and then without a name looked for."""
        caption = self._catalogue.model(self._catalogue.row(collection).model).caption
        parent = self._parent_in(model, collection, record)
        if parent is None:
            return f"{caption} {called} not found"
        outer = self._catalogue.row(collection).parents[-1]
        outer_caption = self._catalogue.model(self._catalogue.row(outer).model).caption
        said = caption if number is None else f"{caption} {number}"
        return f"{said} not found for {outer_caption} {parent}"

    def _known(self, field: Field, collection: str, number: int) -> Record | None:
        """The form of a stored record, remembered until its collection changes: setup tables seldom do."""
        key = (field.ref or "", collection, number)
        changed = self._store.changed(collection)
        known = self._forms.get(key)
        if known is not None and known[0] == changed:
            return known[1]
        doc = self._store.get(collection, number)
        if doc is None:
            return None
        form = self._form(field, collection, number, orjson.loads(doc))
        if len(self._forms) >= FORMS_KEPT:
            self._forms.clear()
        self._forms[key] = (changed, form)
        return form

    def _find(
        self, model: Model, field: Field, collection: str, value: Record, record: Record
    ) -> tuple[int, Record] | None:
        if isinstance(value.get("id"), int) and value["id"]:
            return None  # an id that led nowhere is not helped by a name beside it
        key = self._shapes.key(field.ref or "", value)
        if key is None:
            return None
        where = self._shapes.where(field.ref or "", key, value[key])
        rows = self._store.rows(collection, where, parent=self._parent_in(model, collection, record), limit=1)
        return (rows[0][0], orjson.loads(rows[0][1])) if rows else None

    def _parent_in(self, model: Model, collection: str, record: Record) -> int | None:
        """For a target in a nested collection: the record's own reference to the target's parent narrows the search."""
        parents = self._catalogue.row(collection).parents
        if parents:
            for field in self._reference_fields(model).values():
                candidate = record.get(field.name)
                if self.target(field) == parents[-1] and isinstance(candidate, dict):
                    number = candidate.get("id")
                    return number if isinstance(number, int) else None
        return None

    def _form(self, field: Field, collection: str, target_id: int, target: Record) -> Record:
        form: Record = {"id": target_id, **self._shapes.shown(field.ref or "", {**target, "id": target_id})}
        if self._catalogue.has_get(collection):
            form["_info"] = {f"{singular(collection)}_href": self.href(collection, target_id)}
        return form

    def href(self, collection: str, record_id: int) -> str:
        """The address of a record, with the store's root token in place of the host."""
        path = collection
        if "{" in collection:
            parents = []
            level, inner = collection, record_id
            for outer in reversed(self._catalogue.row(collection).parents):
                inner = self._store.parent_of(level, inner) or 0
                parents.append(inner)
                level = outer
            path = fill(collection, tuple(reversed(parents)))
        return f"{self._store.root}{path}/{record_id}"

    def renamed(self, collection: str, record_id: int, before: Record, after: Record) -> None:
        """Rewrite the stored references to a record whose shown fields changed."""
        for referring, field in self._referring(collection):
            if self._looks_the_same(field, before, after):
                continue
            form = self._form(field, collection, record_id, after)
            for other_id, doc in self._holders(referring, field, record_id):
                record = orjson.loads(doc)
                if field.type == "ref":
                    record[field.name] = form
                else:
                    record[field.name] = [form if one.get("id") == record_id else one for one in record[field.name]]
                self._store.update(referring, other_id, orjson.dumps(record))
        for referring, outer, field in self._referring_within(collection):
            if self._looks_the_same(field, before, after):
                continue
            form = self._form(field, collection, record_id, after)
            for other_id, doc in self._holders_within(referring, outer, field, record_id):
                record = orjson.loads(doc)
                held = record[outer.name]
                for one in held if isinstance(held, list) else [held]:
                    if (one.get(field.name) or {}).get("id") == record_id:
                        one[field.name] = form
                self._store.update(referring, other_id, orjson.dumps(record))

    def _looks_the_same(self, field: Field, before: Record, after: Record) -> bool:
        """Whether a reference shows the same of a record before and after a write."""
        return self._shapes.shown(field.ref or "", before) == self._shapes.shown(field.ref or "", after)

    def holders(self, collection: str, record_id: int) -> Iterator[tuple[str, str, int, bytes]]:
        """Every reference to a record: the collection, field name, id and JSON text of the record that holds it."""
        for referring, field in self._referring(collection):
            for holder_id, doc in self._holders(referring, field, record_id):
                yield referring, field.name, holder_id, doc

    def _holders(self, collection: str, field: Field, record_id: int) -> list[tuple[int, bytes]]:
        if field.type == "ref":
            expression = column((field.name, "id"), Kind.NUMBER)
            return self._store.rows(collection, Where(f"{expression} = ?", (record_id,), (expression,)))
        sql = f"EXISTS (SELECT 1 FROM json_each(doc,'$.{field.name}') WHERE json_extract(value,'$.id') = ?)"
        return self._store.rows(collection, Where(sql, (record_id,)))

    def _holders_within(self, collection: str, outer: Field, field: Field, record_id: int) -> list[tuple[int, bytes]]:
        if outer.type == "ref":
            expression = column((outer.name, field.name, "id"), Kind.NUMBER)
            return self._store.rows(collection, Where(f"{expression} = ?", (record_id,), (expression,)))
        inner = f"json_extract(value,'$.{field.name}.id') = ?"
        sql = f"EXISTS (SELECT 1 FROM json_each(doc,'$.{outer.name}') WHERE {inner})"
        return self._store.rows(collection, Where(sql, (record_id,)))

    def _referring_within(self, collection: str) -> Iterator[tuple[str, Field, Field]]:
        """The same for records inside records: the collection, the field that holds them, the field that refers."""
        for held in self._store.collections():
            if held.startswith("/"):
                for outer in self._inner_records(self._catalogue.model(self._catalogue.row(held).model)):
                    for field in self._reference_fields(self._catalogue.model(outer.ref or "")).values():
                        if field.type == "ref" and self.target(field) == collection:
                            yield held, outer, field

    def _referring(self, collection: str) -> Iterator[tuple[str, Field]]:
        """The fields of the collections that hold records and refer to `collection`."""
        meant = self._catalogue.numbered_with(collection)
        for held in self._store.collections():
            known = self._pointing.get(held)
            if known is None:
                known = self._pointing[held] = list(self._targets(held))
            for target, field in known:
                if target in meant:
                    yield held, field

    def _targets(self, collection: str) -> Iterator[tuple[str, Field]]:
        """What the records of a collection refer to, and by which field; the emulator's own tables refer to nothing."""
        if collection.startswith("/"):
            model = self._catalogue.model(self._catalogue.row(collection).model)
            for field in self._reference_fields(model).values():
                yield self.target(field) or "", field


def fill(collection: str, parents: tuple[int, ...]) -> str:
    """A collection's path with the ids of its parents in place."""
    parts = iter(parents)
    return "/".join(str(next(parts)) if part.startswith("{") else part for part in collection.split("/"))


def singular(collection: str) -> str:
    """The noun of one record of a collection, as hrefs spell it: statuses gives status, companies gives company."""
    noun = collection.rsplit("/", 1)[-1]
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    if noun.endswith(("sses", "uses", "xes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
