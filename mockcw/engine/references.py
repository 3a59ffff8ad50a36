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
from mockcw.errors import FieldError
from mockcw.store import Store, Where

Record = dict[str, Any]
PERSON_NAMES = ("firstName", "lastName")
NOTHING: Mapping[tuple[str, int], Record] = {}
FORMS_KEPT = 4096


class References:
    """Resolves and expands the references of one tenant's records."""

    def __init__(self, catalogue: Catalogue, store: Store) -> None:
        self._catalogue = catalogue
        self._store = store
        self._pointing: dict[str, list[tuple[str, Field]]] = {}
        self._fields: dict[str, Mapping[str, Field]] = {}
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
        fields = self._reference_fields(model)
        for name in [name for name in names if name in fields]:
            field, value = fields[name], record.get(name)
            if value is None:
                continue
            if field.type == "ref":
                record[field.name] = self._resolved(model, field, value, record, problems, pending)
            else:
                record[field.name] = [self._resolved(model, field, one, record, problems, pending) for one in value]

    def target(self, field: Field) -> str | None:
        """The collection a field refers to; None for a field that is no reference or whose target is unknown."""
        if field.ref is None or not field.ref.endswith("Reference"):
            return None
        return self._catalogue.collection_of_reference(field.ref)

    def _reference_fields(self, model: Model) -> Mapping[str, Field]:
        known = self._fields.get(model.name)
        if known is None:
            known = {name: field for name, field in model.fields.items() if self.target(field) is not None}
            self._fields[model.name] = known
        return known

    def tie(self, model: Model, collection: str) -> str | None:
        """The name of the field by which a nested record refers to the record it lives under, if its model has one."""
        key = (model.name, collection)
        if key not in self._ties:
            outer = self._catalogue.row(collection).parents[-1]
            fields = self._reference_fields(model).values()
            self._ties[key] = next(
                (field.name for field in fields if field.type == "ref" and self.target(field) == outer), None
            )
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
            found = self._find(place, value, record)
            if found is not None:
                return self._form(field, place, *found)
        if not any(value.get(key) not in (None, "", 0) for key in ("id", "identifier", "name")):
            return None  # an empty reference clears the field
        key = next(key for key in ("id", "identifier", "name") if value.get(key) not in (None, "", 0))
        caption = self._catalogue.model(self._catalogue.row(collection).model).caption
        text = f"{caption} {value[key]} not found"
        problems.append(FieldError("NotFound", text, model.resource, f"{field.name}/{key}"))
        return None

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

    def _find(self, collection: str, value: Record, record: Record) -> tuple[int, Record] | None:
        if isinstance(value.get("id"), int) and value["id"]:
            return None  # an id that led nowhere is not helped by a name beside it
        for key in ("identifier", "name"):
            text = value.get(key)
            if isinstance(text, str) and text:
                parent = self._parent_in(collection, record)
                where = Where(f"json_extract(doc,'$.{key}') = ? COLLATE NOCASE", (text,))
                rows = self._store.rows(collection, where, parent=parent, limit=1)
                return (rows[0][0], orjson.loads(rows[0][1])) if rows else None
        return None

    def _parent_in(self, collection: str, record: Record) -> int | None:
        """For a target in a nested collection: the record's own reference to the target's parent narrows the search."""
        parents = self._catalogue.row(collection).parents
        if not parents:
            return None
        for candidate in record.values():
            if isinstance(candidate, dict) and isinstance(candidate.get("id"), int):
                href = next(iter((candidate.get("_info") or {}).values()), "")
                if href.endswith(f"{parents[-1]}/{candidate['id']}"):
                    return int(candidate["id"])
        return None

    def _form(self, field: Field, collection: str, target_id: int, target: Record) -> Record:
        form: Record = {"id": target_id}
        for name in self._catalogue.model(field.ref or "").fields:
            if name in target and name not in ("id", "_info"):
                form[name] = target[name]
            elif name == "name" and "firstName" in target:
                form[name] = " ".join(str(target[part]) for part in PERSON_NAMES if target.get(part))
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
            shown = [n for n in self._catalogue.model(field.ref or "").fields if n not in ("id", "_info")]
            names = {*shown, *PERSON_NAMES}
            if all(before.get(name) == after.get(name) for name in names):
                continue
            form = self._form(field, collection, record_id, after)
            for other_id, doc in self._holders(referring, field, record_id):
                record = orjson.loads(doc)
                if field.type == "ref":
                    record[field.name] = form
                else:
                    record[field.name] = [form if one.get("id") == record_id else one for one in record[field.name]]
                self._store.update(referring, other_id, orjson.dumps(record))

    def holders(self, collection: str, record_id: int) -> Iterator[tuple[str, str, int, bytes]]:
        """Every reference to a record: the collection, field name, id and JSON text of the record that holds it."""
        for referring, field in self._referring(collection):
            for holder_id, doc in self._holders(referring, field, record_id):
                yield referring, field.name, holder_id, doc

    def _holders(self, collection: str, field: Field, record_id: int) -> list[tuple[int, bytes]]:
        if field.type == "ref":
            expression = f"json_extract(doc,'$.{field.name}.id')"
            return self._store.rows(collection, Where(f"{expression} = ?", (record_id,), (expression,)))
        sql = f"EXISTS (SELECT 1 FROM json_each(doc,'$.{field.name}') WHERE json_extract(value,'$.id') = ?)"
        return self._store.rows(collection, Where(sql, (record_id,)))

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
