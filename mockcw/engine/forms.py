"""What a reference shows of the record it points at, and how a record is found by what a reference calls it.

A reference model has its own fields; where the record calls one of them otherwise, the catalogue says what it is taken
from: a contact's name is first and last name, a configuration status's is its description. Knows no verbs, no writes.
"""

from __future__ import annotations

from typing import Any

import orjson

from mockcw.catalogue import Catalogue, Field
from mockcw.query.sql import column
from mockcw.query.tree import Kind
from mockcw.store import Where

Record = dict[str, Any]
KEYS = ("identifier", "name", "deviceIdentifier", "serialNumber")  # by which a record may be referred to, after its id
JOINED, SPAN = "+", "~"
DAY = 10  # characters of a date that are its day


class Forms:
    """The forms of references, by their models."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def shown(self, reference: str, target: Record) -> Record:
        """The fields of a reference to a record, without its id and address."""
        sources = self._catalogue.sources_of_reference(reference)
        form: Record = {}
        for name, field in self._catalogue.model(reference).fields.items():
            if name not in ("id", "_info"):
                value = taken(sources.get(name, name), target)
                if value is not None:
                    form[name] = fitting(field, value)
        return form

    def key(self, reference: str, value: Record) -> str | None:
        """The member of a written reference, other than its id, that says which record is meant."""
        fields = self._catalogue.model(reference).fields
        return next((key for key in KEYS if key in fields and isinstance(value.get(key), str) and value[key]), None)

    def where(self, reference: str, key: str, text: str) -> Where:
        """The records that a reference calls `text` by its member `key`, in any letter case."""
        source = self._catalogue.sources_of_reference(reference).get(key, key)
        if JOINED in source:
            parts = (f"coalesce({column((part,), Kind.DATE)},'')" for part in source.split(JOINED))
            expression = f"trim({'''||' '||'''.join(parts)}) COLLATE NOCASE"
        else:
            expression = column((source.split(SPAN)[0],), Kind.TEXT)
        return Where(f"{expression} = ?", (text,), (expression,))


def taken(source: str, target: Record) -> Any:
    """What a record holds under a source: a field, the joined texts of several, or a span of days."""
    if JOINED in source:
        return " ".join(str(target[part]) for part in source.split(JOINED) if target.get(part)) or None
    if SPAN in source:
        days = [str(target.get(part) or "")[:DAY] for part in source.split(SPAN)]
        return " to ".join(days) if all(days) else None
    return target.get(source)


def fitting(field: Field, value: Any) -> Any:
    """A value as the reference's field takes it: the name of a record, the text of a number."""
    if field.type != "string" or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return value.get("name", value.get("identifier"))
    return orjson.dumps(value).decode()
