"""References between records: resolved when written, kept expanded in the record, rewritten when a target is renamed.

A reference may be given by id, identifier or name (captured); it is stored as the API shows it:
id, identifier, name and an href. Because the expansion is stored, a condition on `status/name` reads one record only;
because a rename rewrites it, the answer is never stale. Knows no verbs.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

import orjson

from mockcw.catalogue import Catalogue, Field, Model
from mockcw.errors import FieldError
from mockcw.store import Store, Where

Record = dict[str, Any]
PERSON_NAMES = ("firstName", "lastName")


class References:
    """Resolves and expands the references of one tenant's records."""

    def __init__(self, catalogue: Catalogue, store: Store) -> None:
        self._catalogue = catalogue
        self._store = store
        self._pointing: dict[str, list[tuple[str, Field]]] | None = None
        self._fields: dict[str, tuple[Field, ...]] = {}

    def expand(self, model: Model, record: Record, names: Container[str], problems: list[FieldError]) -> None:
        """Replace the references of `record` among `names` by their stored form; what is missing joins `problems`."""
        for field in self._reference_fields(model):
            value = record.get(field.name)
            if value is None or field.name not in names:
                continue
            if field.type == "ref":
                record[field.name] = self._resolved(model, field, value, record, problems)
            else:
                record[field.name] = [self._resolved(model, field, one, record, problems) for one in value]

    def target(self, field: Field) -> str | None:
        """The collection a field refers to; None for a field that is no reference or whose target is unknown."""
        if field.ref is None or not field.ref.endswith("Reference"):
            return None
        return self._catalogue.collection_of_reference(field.ref)

    def _reference_fields(self, model: Model) -> tuple[Field, ...]:
        known = self._fields.get(model.name)
        if known is None:
            known = tuple(
                field for field in model.fields.values() if self.target(field) is not None
            )
            self._fields[model.name] = known
        return known

    def _resolved(
        self, model: Model, field: Field, value: Any, record: Record, problems: list[FieldError]
    ) -> Record | None:
        if not isinstance(value, dict):
            return None
        collection = self.target(field) or ""
        found = self._find(collection, value, record)
        if found is not None:
            return self._form(field, collection, *found)
        if not any(value.get(key) not in (None, "", 0) for key in ("id", "identifier", "name")):
            return None  # an empty reference clears the field
        key = next(key for key in ("id", "identifier", "name") if value.get(key) not in (None, "", 0))
        caption = self._catalogue.model(self._catalogue.collection(collection).model).caption
        text = f"{caption} {value[key]} not found"
        problems.append(FieldError("NotFound", text, model.resource, f"{field.name}/{key}"))
        return None

    def _find(self, collection: str, value: Record, record: Record) -> tuple[int, Record] | None:
        target = value.get("id")
        if isinstance(target, int) and target:
            doc = self._store.get(collection, target)
            return (target, orjson.loads(doc)) if doc else None
        for key in ("identifier", "name"):
            text = value.get(key)
            if isinstance(text, str) and text:
                parent = self._parent_in(collection, record)
                where = Where(f"json_extract(doc,'$.{key}') = ? COLLATE NOCASE", (text,))
                rows = self._store.rows(collection, where, parent=parent, limit=1)
                return (rows[0][0], orjson.loads(rows[0][1])) if rows else None
        return None

    def _parent_in(self, collection: str, record: Record) -> int | None:
        """Where the target lives in a nested collection, the record's own reference to its parent narrows the search."""
        parents = self._catalogue.collection(collection).parents
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
            for outer in reversed(self._catalogue.collection(collection).parents):
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

    def _holders(self, collection: str, field: Field, record_id: int) -> list[tuple[int, bytes]]:
        if field.type == "ref":
            expression = f"json_extract(doc,'$.{field.name}.id')"
            return self._store.rows(collection, Where(f"{expression} = ?", (record_id,), (expression,)))
        sql = f"EXISTS (SELECT 1 FROM json_each(doc,'$.{field.name}') WHERE json_extract(value,'$.id') = ?)"
        return self._store.rows(collection, Where(sql, (record_id,)))

    def _referring(self, collection: str) -> Iterator[tuple[str, Field]]:
        if self._pointing is None:
            self._pointing = {}
            for one in self._catalogue.collections():
                if one.model is None:
                    continue
                for field in self._reference_fields(self._catalogue.model(one.model)):
                    target = self.target(field) or ""
                    self._pointing.setdefault(target, []).append((one.key, field))
        held = set(self._store.collections())
        return (pair for pair in self._pointing.get(collection, ()) if pair[0] in held)


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
