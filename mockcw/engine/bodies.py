"""A JSON body against its model: unknown members, types, required fields, lengths, enumerations, dates.

The texts follow the captures of the real server's reader (Newtonsoft) and validator (DataAnnotations).
Knows no record, no store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from mockcw.catalogue import Catalogue, Field, Model
from mockcw.clock import from_text, to_text
from mockcw.errors import ApiError, BadRequest, FieldError, MalformedRequest, ServerFault
from mockcw.settings import Settings

SERVER_OWNED = frozenset({"id", "_info"})
CLR = {"integer": "System.Nullable`1[System.Int32]", "number": "System.Nullable`1[System.Decimal]"}
NUMBER = re.compile(r"-?\d+(\.\d+)?$")
INT32 = 2**31
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


class Wrong(Exception):
    """A value of the wrong type, before it is known where in the text it stands."""

    def __init__(self, template: str) -> None:
        super().__init__(template)
        self.template = template


class BodyReader:
    """Turns request bytes into a clean record of one model, or raises the API's error."""

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._required: dict[str, tuple[Field, ...]] = {}

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
            raise MalformedRequest(self._settings.malformed_json_message)
        return self._clean(model, value, raw, "")

    def _clean(self, model: Model, value: dict[str, Any], raw: bytes, path: str) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for name, item in value.items():
            field = model.fields.get(name) or model.find(name)
            if field is None:
                if self._settings.unknown_member == "ignore":
                    continue
                raise self._unknown(model, name, raw, path)
            if field.name in SERVER_OWNED and not path:
                continue
            here = f"{path}.{name}" if path else name
            try:
                record[field.name] = self._value(field, item, raw, here)
            except Wrong as wrong:
                raise self._wrong_type(wrong.template, raw, here) from None
        return record

    def _value(self, field: Field, item: Any, raw: bytes, here: str) -> Any:
        if item is None:
            return None
        if field.type == "array":
            if not isinstance(item, list):
                raise Wrong(f"Error converting value {shown(item)} to type '{clr_name(field)}'.")
            return [self._element(field, one, raw, f"{here}[{at}]") for at, one in enumerate(item)]
        if field.type == "ref":
            return self._reference(field, item, raw, here)
        return coerce(field, item)

    def _element(self, field: Field, item: Any, raw: bytes, here: str) -> Any:
        if field.ref is None or item is None:
            return item
        return self._reference(field, item, raw, here)

    def _reference(self, field: Field, item: Any, raw: bytes, here: str) -> Any:
        if not isinstance(item, dict):
            raise Wrong(f"Error converting value {shown(item)} to type '{clr_name(field)}'.")
        model = self._catalogue.model(field.ref or "")
        known = {name: one for name, one in item.items() if name != "_info" and model.find(name) is not None}
        return self._clean(model, known, raw, here)

    def coerce(self, field: Field, item: Any, path: str) -> Any:
        """One PATCH value as the field takes it. Raises ServerFault or BadRequest for a wrong type."""
        try:
            return self._value(field, item, b"", path)
        except Wrong as wrong:
            raise self._wrong_type(wrong.template, b"", path) from None

    def _wrong_type(self, template: str, raw: bytes, here: str) -> ApiError:
        line, position = locate(raw, here)
        if template.startswith("Error converting"):
            template = f"{template} Path '{here}', line {line}, position {position}."
        return self._fault(template)

    def _fault(self, text: str) -> ApiError:
        return ServerFault(text) if self._settings.wrong_type_status == 500 else BadRequest(text)

    def _unknown(self, model: Model, name: str, raw: bytes, path: str) -> ApiError:
        here = f"{path}.{name}" if path else name
        line, position = locate(raw, here)
        return MalformedRequest(
            f"Could not find member '{name}' on object of type '{model.name}'. Path '{here}', line {line}, position "
            f"{position}.Check your accept header to make sure you are using the correct version."
        )

    def problems(self, model: Model, record: dict[str, Any], *, updating: bool) -> list[FieldError]:
        """What is wrong with a whole record: missing required fields, long texts, unknown enumeration values."""
        return list(self._problems(model, record, updating))

    def _problems(self, model: Model, record: dict[str, Any], updating: bool) -> Iterator[FieldError]:
        resource = model.resource
        for field in self._must(model):
            if (field.required or updating) and record.get(field.name) in (None, ""):
                shown_name = f"{field.name}/id" if field.type == "ref" else field.name
                yield FieldError("MissingRequiredField", f"The {shown_name} field is required.", resource, field.name)
        for name, value in record.items():
            known = model.fields.get(name)
            if known is None or value is None:
                continue
            if known.max_length is not None and isinstance(value, str) and len(value) > known.max_length:
                text = self._settings.too_long_message.format(field=name, length=known.max_length)
                yield FieldError("MaxLengthField", text, resource, name)
            if known.enum is not None and isinstance(value, str) and value not in known.enum:
                yield FieldError("InvalidField", self._settings.enum_message.format(field=name), resource, name)

    def _must(self, model: Model) -> tuple[Field, ...]:
        known = self._required.get(model.name)
        if known is None:
            known = tuple(f for f in model.fields.values() if f.required or f.required_on_update)
            self._required[model.name] = known
        return known


def coerce(field: Field, item: Any) -> Any:
    """A scalar as the field's type; text for numbers and numbers for text are taken (clients rely on it)."""
    if field.type == "string":
        return _text(field, item)
    if field.type == "boolean":
        return _flag(item)
    if field.type in ("integer", "number"):
        return _number(field, item)
    if isinstance(item, str | bool | int | float):
        raise Wrong(f"Error converting value {shown(item)} to type '{clr_name(field)}'.")
    return item


def _text(field: Field, item: Any) -> str | None:
    if isinstance(item, dict | list):
        raise Wrong(f"Error converting value {shown(item)} to type 'System.String'.")
    text = item if isinstance(item, str) else orjson.dumps(item).decode()
    if field.format != "date-time":
        return enum_spelling(field, text)
    if not text:
        return None
    try:
        return to_text(from_text(text))
    except (ValueError, OverflowError):
        raise Wrong("String was not recognized as a valid DateTime.") from None


def enum_spelling(field: Field, text: str) -> str:
    """The published spelling of an enumeration value written in another case."""
    if field.enum is None or text in field.enum:
        return text
    return next((value for value in field.enum if value.lower() == text.lower()), text)


def _flag(item: Any) -> bool:
    if isinstance(item, bool):
        return item
    if isinstance(item, str) and item.strip().lower() in ("true", "false"):
        return item.strip().lower() == "true"
    raise Wrong("String was not recognized as a valid Boolean.")


def _number(field: Field, item: Any) -> int | float | None:
    if isinstance(item, str):
        if not item.strip():
            return None
        if NUMBER.match(item.strip()):
            item = float(item) if "." in item else int(item)
    if isinstance(item, bool) or not isinstance(item, int | float):
        raise Wrong(f"Error converting value {shown(item)} to type '{clr_name(field)}'.")
    if field.type == "integer":
        if item != int(item) or not -INT32 <= item < INT32:
            raise Wrong(f"Error converting value {shown(item)} to type '{clr_name(field)}'.")
        return int(item)
    return item


def clr_name(field: Field) -> str:
    """The .NET type name an error text shows for a field (captured form; the name space is assumed)."""
    return CLR.get(field.type) or f"ConnectWise.Apis.v3_0.{field.ref or field.type}"


def shown(item: Any) -> str:
    """A value as the reader prints it in an error."""
    return f'"{item}"' if isinstance(item, str) else orjson.dumps(item, default=str).decode()


def locate(raw: bytes, path: str) -> tuple[int, int]:
    """Line and position of the member at `path`, as Newtonsoft counts: characters up to and including its colon.

    Checked against both captures of this text.
    """
    text = raw.decode("utf-8", "replace")
    wanted = [part for part in re.split(r"[.\[\]]", path) if part]
    stack: list[tuple[str, int | str]] = []
    key = None
    for token in TOKEN.finditer(text):
        part = token.group()
        if part in "{[":
            stack.append((part, 0 if part == "[" else ""))
            key = None
        elif part in "}]":
            if stack:
                stack.pop()
        elif part == ",":
            if stack and stack[-1][0] == "[":
                stack[-1] = ("[", int(stack[-1][1]) + 1)
        elif part == ":":
            if key is not None and stack:
                stack[-1] = ("{", key)
                if [str(name) for _, name in stack] == wanted:
                    before = text[: token.end()]
                    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1)
            key = None
        else:
            key = part[1:-1] if part.startswith('"') else None
    return 1, 1
