"""What every stored record must be: fields of its model, of their types, and references that lead somewhere.

Made from the catalogue alone, so that it can judge what the ledger writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from mockcw.catalogue import Catalogue, Field, Model
from mockcw.engine.references import References
from mockcw.errors import FieldError
from mockcw.store import EVERYTHING, Store

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "object": object, "any": object,
}  # fmt: skip
TOP_ONLY = ("id", "_info")  # every record is kept with them, whatever its model says


class Judge:
    """Finds what is wrong with the records of a store."""

    def __init__(self, catalogue: Catalogue, store: Store) -> None:
        self.catalogue = catalogue
        self.store = store
        self._references = References(catalogue, store)
        self._seen: set[tuple[str, bytes]] = set()
        self._required: dict[str, list[Field]] = {}
        self.looked_at = 0

    def complaints(self) -> Iterator[str]:
        """Everything that is wrong, one line each."""
        for collection in self.store.collections():
            if collection.startswith("/"):
                model = self.catalogue.model(self.catalogue.row(collection).model)
                for number, doc in self.store.rows(collection, EVERYTHING):
                    self.looked_at += 1
                    for complaint in self.of(model, orjson.loads(doc), top=True):
                        yield f"{collection} {number}: {complaint}"

    def of(self, model: Model, record: dict[str, Any], *, top: bool = False) -> Iterator[str]:
        """What is wrong with one record, or with one inside another."""
        fields = model.fields
        for name, value in record.items():
            if top and name in TOP_ONLY:
                continue
            field = fields.get(name)
            if field is None:
                yield f"{name} is no field"
            elif value is None:
                yield f"{name} is null"
            elif field.type == "array":
                yield from self.items(field, value)
            elif field.type == "ref":
                yield from self.reference(field, value)
            else:
                wrong = scalar(field, value)
                if wrong:
                    yield wrong
        if top:
            for field in self.required(model):
                if record.get(field.name) in (None, ""):
                    yield f"{field.name} is required"

    def required(self, model: Model) -> list[Field]:
        """The fields that every record of a model shows."""
        known = self._required.get(model.name)
        if known is None:
            known = [field for field in model.fields.values() if field.required and field.answered]
            self._required[model.name] = known
        return known

    def items(self, field: Field, value: Any) -> Iterator[str]:
        """What is wrong with a list."""
        if not isinstance(value, list):
            yield f"{field.name} is no list"
            return
        for item in value:
            if field.ref:
                yield from self.reference(field, item)
            elif field.items in TYPES and not isinstance(item, TYPES[field.items]):
                yield f"{field.name} holds {item!r}"

    def reference(self, field: Field, value: Any) -> Iterator[str]:
        """What is wrong with a reference: it must be what the engine would store for its id."""
        if not isinstance(value, dict):
            yield f"{field.name} is {value!r}, no object"
            return
        key = field.ref or "", orjson.dumps(value)
        if key in self._seen:
            return
        self._seen.add(key)
        if (
            not (field.ref or "").endswith("Reference")
            or self.catalogue.collection_of_reference(field.ref or "") is None
        ):
            yield from self.of(self.catalogue.model(field.ref or ""), value)
            return
        problems: list[FieldError] = []
        holder = Model(f"~{field.ref}", {"it": Field("it", "ref", ref=field.ref)}, "", "")
        record = {"it": {"id": value.get("id")}}
        self._references.expand(holder, record, ("it",), problems)
        if problems:
            yield f"{field.name} leads nowhere: {problems[0].message}"
        elif record["it"] != value:
            yield f"{field.name} is {value}, should be {record['it']}"


def scalar(field: Field, value: Any) -> str | None:
    """What is wrong with a text, number or flag."""
    if not isinstance(value, TYPES[field.type]) or (isinstance(value, bool) and field.type in ("integer", "number")):
        return f"{field.name} is {value!r}, not {field.type}"
    if field.max_length is not None and len(value) > field.max_length:
        return f"{field.name} is longer than {field.max_length}: {value!r}"
    if field.enum is not None and value not in field.enum:
        return f"{field.name} is {value!r}, not one of {field.enum}"
    if field.format == "date-time" and not MOMENT.fullmatch(value):
        return f"{field.name} is no moment: {value!r}"
    return None
