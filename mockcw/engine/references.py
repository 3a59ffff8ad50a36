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
from mockcw.engine.links import Links
from mockcw.errors import FieldError
from mockcw.store import Store

NOTHING: Mapping[tuple[str, int], Record] = {}
FORMS_KEPT = 4096


class References:
    """Resolves and expands the references of one tenant's records."""

    def __init__(self, catalogue: Catalogue, store: Store) -> None:
        self._catalogue = catalogue
        self._store = store
        self._shapes = Forms(catalogue)
        self._links = Links(catalogue, store)
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
        for field in self._links.references(model).values():  # what holds other records comes before what it holds
            value = record.get(field.name)
            if value is None or field.name not in wanted:
                continue
            if field.type == "ref":
                record[field.name] = self._resolved(model, field, value, record, problems, pending)
            else:
                record[field.name] = [self._resolved(model, field, one, record, problems, pending) for one in value]
        for field in self._links.inner_records(model):
            value = record.get(field.name) if field.name in wanted else None
            inner = self._catalogue.model(field.ref or "")
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    self.expand(inner, one, list(one), problems, pending)

    def tie(self, model: Model, collection: str) -> str | None:
        """The name of the field by which a nested record refers to the record it lives under, if its model has one.

        Where two could, the one that a client must give means something else.
        """
        key = (model.name, collection)
        if key not in self._ties:
            outer = self._catalogue.row(collection).parents[-1]
            fields = self._links.references(model).values()
            found = [field for field in fields if field.type == "ref" and self._links.target(field) == outer]
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
        collection = self._links.target(field) or ""
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
            for field in self._links.references(model).values():
                candidate = record.get(field.name)
                if self._links.target(field) == parents[-1] and isinstance(candidate, dict):
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
        same: dict[str, bool] = {}
        for pointer in self._links.to(collection):
            field, reference = pointer.field, pointer.field.ref or ""
            if reference not in same:
                same[reference] = self._shapes.shown(reference, before) == self._shapes.shown(reference, after)
            if same[reference]:
                continue
            form = self._form(field, collection, record_id, after)
            for holder_id, doc in self._links.holders(pointer, record_id):
                record = orjson.loads(doc)
                held = record if pointer.outer is None else record[pointer.outer.name]
                for one in held if isinstance(held, list) else [held]:
                    repoint(one, field, record_id, form)
                self._store.update(pointer.collection, holder_id, orjson.dumps(record))

    def holders(self, collection: str, record_id: int) -> Iterator[tuple[str, str, int, bytes]]:
        """Every reference to a record: the collection, field name, id and JSON text of the record that holds it."""
        for pointer in self._links.to(collection):
            if pointer.outer is None:
                for holder_id, doc in self._links.holders(pointer, record_id):
                    yield pointer.collection, pointer.field.name, holder_id, doc


def repoint(record: Record, field: Field, record_id: int, form: Record) -> None:
    """Put a new form in the place of a record's reference to another one."""
    if field.type == "array":
        record[field.name] = [form if one.get("id") == record_id else one for one in record[field.name]]
    elif (record.get(field.name) or {}).get("id") == record_id:
        record[field.name] = form


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
