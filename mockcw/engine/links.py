"""Which fields refer to which collection, read in both directions: what a model points at, who points at a collection.

Knows models and which collections hold records; knows no record's content but the ids in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mockcw.catalogue import Catalogue, Field, Model
from mockcw.query.sql import column
from mockcw.query.tree import Kind
from mockcw.store import Store, Where


@dataclass(frozen=True, slots=True)
class Pointer:
    """A field by which records of a collection refer; `outer` is the field of the record that it is inside of."""

    collection: str
    target: str
    field: Field
    outer: Field | None = None


class Links:
    """The references between the collections of one tenant."""

    def __init__(self, catalogue: Catalogue, store: Store) -> None:
        self._catalogue = catalogue
        self._store = store
        self._references: dict[str, Mapping[str, Field]] = {}
        self._inner: dict[str, list[Field]] = {}
        self._pointers: dict[str, list[Pointer]] = {}
        self._held: list[str] = []
        self._pointing: dict[str, list[Pointer]] = {}

    def target(self, field: Field) -> str | None:
        """The collection a field refers to; None for a field that is no reference or whose target is unknown."""
        if field.ref is None or not field.ref.endswith("Reference"):
            return None
        return self._catalogue.collection_of_reference(field.ref)

    def references(self, model: Model) -> Mapping[str, Field]:
        """The fields of a model that refer, by name; what encloses other records comes before what it encloses."""
        known = self._references.get(model.name)
        if known is None:
            found = [field for field in model.fields.values() if self.target(field) is not None]
            found.sort(key=lambda field: len(self._catalogue.row(self.target(field) or "").parents))
            known = self._references[model.name] = {field.name: field for field in found}
        return known

    def inner_records(self, model: Model) -> list[Field]:
        """The fields that hold whole records, not references: a contact's communication items."""
        known = self._inner.get(model.name)
        if known is None:
            known = self._inner[model.name] = [
                field
                for field in model.fields.values()
                if field.ref is not None and field.additional is None and not field.ref.endswith("Reference")
            ]
        return known

    def to(self, collection: str) -> list[Pointer]:
        """The fields that refer to a collection, of the collections that hold records."""
        held = self._store.collections()
        if held != self._held:
            self._held, self._pointing = held, {}
        known = self._pointing.get(collection)
        if known is None:
            meant = self._catalogue.numbered_with(collection)
            known = [one for each in held for one in self._of(each) if one.target in meant]
            self._pointing[collection] = known
        return known

    def holders(self, pointer: Pointer, record_id: int) -> list[tuple[int, bytes]]:
        """The records that refer to a record by a field."""
        path = (pointer.field.name, "id") if pointer.outer is None else (pointer.outer.name, pointer.field.name, "id")
        array = pointer.outer if pointer.outer is not None else pointer.field
        if array.type == "ref":
            expression = column(path, Kind.NUMBER)
            return self._store.rows(pointer.collection, Where(f"{expression} = ?", (record_id,), (expression,)))
        inner = f"json_extract(value,'$.{'.'.join(path[1:])}') = ?"
        sql = f"EXISTS (SELECT 1 FROM json_each(doc,'$.{array.name}') WHERE {inner})"
        return self._store.rows(pointer.collection, Where(sql, (record_id,)))

    def _of(self, collection: str) -> list[Pointer]:
        known = self._pointers.get(collection)
        if known is None:
            known = self._pointers[collection] = list(self._read(collection))
        return known

    def _read(self, collection: str) -> Iterator[Pointer]:
        """What the records of a collection refer to; the emulator's own tables refer to nothing."""
        if not collection.startswith("/"):
            return
        model = self._catalogue.model(self._catalogue.row(collection).model)
        for field in self.references(model).values():
            yield Pointer(collection, self.target(field) or "", field)
        for outer in self.inner_records(model):
            for field in self.references(self._catalogue.model(outer.ref or "")).values():
                if field.type == "ref":
                    yield Pointer(collection, self.target(field) or "", field, outer)
