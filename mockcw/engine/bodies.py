"""A JSON body against its model: unknown members, types, required fields, lengths, enumerations, dates.

The texts follow the captures of the real server's reader (Newtonsoft) and validator (DataAnnotations).
Knows no record, no store.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Any

import orjson

from mockcw.catalogue import Catalogue, Field, Model
from mockcw.engine.positions import Path, locate, written
from mockcw.engine.values import INT32, Wrong, clr_name, coerce, shown, strictly_written
from mockcw.errors import ApiError, BadRequest, FieldError, MalformedRequest, ServerFault, UnsupportedFormat
from mockcw.settings import Settings
from mockcw.settings.families import collections_of

SERVER_OWNED = frozenset({"id", "_info"})
ELEMENTS = {
    "integer": "System.Int32",
    "number": "System.Decimal",
    "boolean": "System.Boolean",
    "string": "System.String",
}


class BodyReader:
    """Turns request bytes into a clean record of one model, or raises the API's error."""

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._required: dict[str, tuple[Field, ...]] = {}
        self._strict = frozenset(catalogue.row(one).model for one in collections_of(settings.strict_dates))

    def parse(self, raw: bytes) -> Any:
        """The JSON value of a body. Raises MalformedRequest."""
        try:
            return orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError:
            raise MalformedRequest(self._settings.malformed_json_message) from None

    def record(self, model: Model, raw: bytes) -> dict[str, Any]:
        """The body as a record with canonical names and coerced values; nulls kept, so the caller can tell."""
        value = self.parse(raw)
        if not isinstance(value, dict):
            raise MalformedRequest(self._settings.body_shape_message)
        return self._clean(model, value, raw, ())

    def records(self, model: Model, raw: bytes) -> list[dict[str, Any]]:
        """The body as a list of records. Raises MalformedRequest and what `record` raises."""
        value = self.parse(raw)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise MalformedRequest(self._settings.body_list_message)
        return [self._with_id(model, one, raw) for one in value]

    def message(self, model: Model, raw: bytes) -> dict[str, Any]:
        """The body of an action: as `record`, but an id in it is the client's to give."""
        value = self.parse(raw)
        if not isinstance(value, dict):
            raise MalformedRequest(self._settings.body_shape_message)
        return self._with_id(model, value, raw)

    def _with_id(self, model: Model, value: dict[str, Any], raw: bytes) -> dict[str, Any]:
        record = self._clean(model, value, raw, ())
        field = model.fields.get("id")
        if field is not None and value.get("id") is not None:
            record["id"] = self.coerce(field, value["id"], "id")
        return record

    def _clean(self, model: Model, value: dict[str, Any], raw: bytes, path: Path) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for name, item in value.items():
            field = model.fields.get(name) or model.find(name)
            if field is None:
                if self._settings.unknown_member == "ignore":
                    continue
                raise self._unknown(model, name, raw, path)
            if not path and (field.name in SERVER_OWNED or field.read_only):
                continue
            here = (*path, name)
            self._require_form(model, field, item)
            try:
                record[field.name] = self._value(field, item, raw, here)
            except Wrong as wrong:
                raise self._wrong_type(wrong.template, raw, here) from None
        return record

    def _value(self, field: Field, item: Any, raw: bytes, here: Path) -> Any:
        if item is None:
            return None
        if field.type == "array":
            if not isinstance(item, list):
                raise Wrong(f"Error converting value {shown(item)} to type '{clr_name(field)}'.")
            found = (self._element(field, one, raw, (*here, at)) for at, one in enumerate(item))
            return [one for one in found if one is not None]
        if field.type == "ref":
            return self._reference(field, item, raw, here)
        return coerce(field, item)

    def _element(self, field: Field, item: Any, raw: bytes, here: Path) -> Any:
        """One element of a list; a record that is null is left out (assumed), a value cannot be null."""
        if field.ref is not None:
            return None if item is None else self._reference(field, item, raw, here)
        if item is None and field.items in ELEMENTS:
            raise Wrong(f"Error converting value {{null}} to type '{ELEMENTS[field.items]}'.")
        number = isinstance(item, int) and not isinstance(item, bool) and -INT32 <= item < INT32
        if field.items == "integer" and not number or field.items == "string" and not isinstance(item, str):
            if isinstance(item, dict | list):  # reported of mergeTicketIds
                raise Wrong(f"Unexpected character encountered while parsing value: {shown(item)[0]}.")
            raise Wrong(f"Error converting value {shown(item)} to type '{ELEMENTS[field.items]}'.")
        return item

    def _reference(self, field: Field, item: Any, raw: bytes, here: Path) -> Any:
        if not isinstance(item, dict):
            raise Wrong(f"Error converting value {shown(item)} to type '{clr_name(field)}'.")
        model = self._catalogue.model(field.ref or "")
        known = {name: one for name, one in item.items() if name != "_info" and model.find(name) is not None}
        return self._clean(model, known, raw, here)

    def _require_form(self, model: Model, field: Field, item: Any) -> None:
        """Of some kinds of records a date is taken in one form only; an empty one is none. Raises UnsupportedFormat."""
        asked = field.format == "date-time" and model.name in self._strict and item not in (None, "")
        if asked and not strictly_written(item):
            raise UnsupportedFormat(self._settings.unsupported_format_message.format(field=field.name))

    def patched(self, model: Model, field: Field, item: Any, path: str) -> Any:
        """The value that a PATCH gives to a whole field. Raises UnsupportedFormat, and what `coerce` raises."""
        self._require_form(model, field, item)
        return self.coerce(field, item, path)

    def coerce(self, field: Field, item: Any, path: str) -> Any:
        """One PATCH value as the field takes it. Raises ServerFault or BadRequest for a wrong type."""
        try:
            return self._value(field, item, b"", tuple(path.split("/")))
        except Wrong as wrong:
            raise self._wrong_type(wrong.template, b"", tuple(path.split("/"))) from None

    def _wrong_type(self, template: str, raw: bytes, here: Path) -> ApiError:
        line, position = locate(raw, here)
        if template.startswith("Error converting"):
            template = f"{template} Path '{written(here)}', line {line}, position {position}."
        return self._fault(template)

    def _fault(self, text: str) -> ApiError:
        return ServerFault(text) if self._settings.wrong_type_status == 500 else BadRequest(text)

    def _unknown(self, model: Model, name: str, raw: bytes, path: Path) -> ApiError:
        here = (*path, name)
        line, position = locate(raw, here)
        return MalformedRequest(
            f"Could not find member '{name}' on object of type '{model.name}'. Path '{written(here)}', line {line}, "
            f"position {position}.Check your accept header to make sure you are using the correct version."
        )

    def problems(
        self,
        model: Model,
        record: dict[str, Any],
        *,
        updating: bool,
        touched: Container[str] | None = None,
        beside: Iterable[FieldError] = (),
    ) -> list[FieldError]:
        """What is wrong with a whole record: missing required fields, long texts, unknown enumeration values.

        What only updates require is looked for among the fields `touched` alone, where these are given: a PATCH may
        not take it away, but need not bring it. A field that is already complained of in `beside` is not called missing
        too: a reference that leads nowhere has one item (captured).
        """
        told = {error.field.partition("/")[0] for error in beside}
        found = self._problems(model, record, updating, touched)
        return [one for one in found if one.code != "MissingRequiredField" or one.field not in told]

    def _problems(
        self, model: Model, record: dict[str, Any], updating: bool, touched: Container[str] | None
    ) -> Iterator[FieldError]:
        for error in self._missing(model, record, updating, model.resource):
            if touched is None or error.field in touched or model.fields[error.field].required:
                yield error
        for name, value in record.items():
            known = model.fields.get(name)
            if known is None or value is None:
                continue
            if updating and known.create_only:
                text = self._settings.create_only_message.format(field=name, caption=model.caption.lower())
                yield FieldError("InvalidField", text, model.resource, name)
            yield from self._of_value(known, value, updating, model.resource)

    def _missing(self, model: Model, record: dict[str, Any], updating: bool, resource: str) -> Iterator[FieldError]:
        for field in self._must(model):
            if updating and not field.answered:
                continue
            if (field.required or updating) and record.get(field.name) in (None, ""):
                shown_name = f"{field.name}/id" if field.type == "ref" else field.name
                yield FieldError("MissingRequiredField", f"The {shown_name} field is required.", resource, field.name)

    def _of_value(self, field: Field, value: Any, updating: bool, resource: str) -> Iterator[FieldError]:
        """What is wrong with a value that is of the right type; a record inside the record counts as part of it."""
        if isinstance(value, str):
            if field.max_length is not None and len(value) > field.max_length:
                text = self._settings.too_long_message.format(field=field.name, length=field.max_length)
                yield FieldError(self._settings.too_long_code, text, resource, field.name)
            if field.enum is not None and value not in field.enum:
                text = self._settings.enum_message.format(field=field.name)
                yield FieldError("InvalidField", text, resource, field.name)
        elif field.ref is not None and not field.ref.endswith("Reference"):
            inner = self._catalogue.model(field.ref)
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    yield from self._missing(inner, one, updating, resource)
                    for name, item in one.items():
                        if name in inner.fields and item is not None:
                            yield from self._of_value(inner.fields[name], item, updating, resource)

    def _must(self, model: Model) -> tuple[Field, ...]:
        known = self._required.get(model.name)
        if known is None:
            updates = (f for f in model.fields.values() if f.required_on_update and f.name not in SERVER_OWNED)
            known = (*(f for f in model.fields.values() if f.required), *updates)
            self._required[model.name] = known
        return known
