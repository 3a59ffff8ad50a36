"""The models of the published surface: fields, their types and limits, and what error texts call a record.

Knows one line of text a model; not where values live, nor how they are checked.

A line of `data/models.tsv` is the name, a tab, and the fields in declared order: `name:type`, where type is one of
s (string), d (date-time string), i (integer), n (number), b (boolean), o (object), * (anything) and @Model, each after
any number of `[` (list of) and `{` (map of names to); then `(A|B)` for an enumeration, `<30` for a maximum length in
characters, `!` required, `~` required on update, `?` nullable, `-` kept by the server alone, `^` taken on create only,
`>` taken and never answered, and `=VALUE` for what a record has that was not given one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

FIELD = re.compile(r"(\w+):([\[{]*)(@\w+|[sdinbo*])(?:\(([^)]*)\))?(?:<(\d+))?([!~?^>-]*)(?:=(\S+))?(?: |$)")
TYPES = {"s": "string", "d": "string", "i": "integer", "n": "number", "b": "boolean", "o": "object", "*": "any"}
OUTER = {"[": "array", "{": "object"}

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+")
_HEAD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a model.

    `type` is string, integer, number, boolean, object, array, ref or any; `format` is "date-time" or None. `ref` names
    the model, for a ref, an array of refs and a map of refs alike. `items` is the type of an array's elements,
    `additional` that of a map's values. `max_length` counts characters. What a client says of a `read_only` field is
    not heard; a `create_only` one is refused in later writes; one that is not `answered` is never shown. `default` is
    the value of a record that was not given one, as text; flags without one are false (captured).
    """

    name: str
    type: str
    format: str | None = None
    ref: str | None = None
    items: str | None = None
    additional: str | None = None
    required: bool = False
    required_on_update: bool = False
    nullable: bool = False
    max_length: int | None = None
    enum: tuple[str, ...] | None = None
    read_only: bool = False
    create_only: bool = False
    answered: bool = True
    default: str | None = None


@dataclass(frozen=True)
class Model:
    """A model: its fields in declared order, its name in texts (`caption`) and in error bodies (`resource`)."""

    name: str
    fields: Mapping[str, Field]
    caption: str
    resource: str

    @cached_property
    def _lowered(self) -> Mapping[str, Field]:
        return {name.lower(): field for name, field in self.fields.items()}

    def find(self, name: str) -> Field | None:
        """The field of this name in any letter case, as conditions allow; None where there is none."""
        return self._lowered.get(name.lower())


def caption_of(name: str) -> str:
    """Split a model name into words: `ServiceStatusReference` -> "Service Status" (assumed, after captured texts)."""
    stem = name.removesuffix("Reference") or name
    return " ".join(_WORD.findall(stem)) or name


def resource_of(name: str) -> str:
    """The camelCase form of a model name: `CallbackEntry` -> "callbackEntry" (captured for several models)."""
    stem = name.removesuffix("Reference") or name
    return _HEAD.sub(lambda head: head.group().lower(), stem, count=1)


def parse_field(
    name: str, outer: str, inner: str, enum: str | None, longest: str | None, flags: str, default: str | None
) -> Field:
    """Build a field from the parts of its text that FIELD finds."""
    ref = inner[1:] if inner.startswith("@") else None
    kinds = [*(OUTER[mark] for mark in outer), "ref" if ref else TYPES[inner]]
    return Field(
        name=name,
        type=kinds[0],
        format="date-time" if inner == "d" else None,
        ref=ref,
        items=kinds[1] if outer.startswith("[") else None,
        additional=kinds[outer.index("{") + 1] if "{" in outer else None,
        required="!" in flags,
        required_on_update="~" in flags,
        nullable="?" in flags,
        max_length=int(longest) if longest else None,
        enum=tuple(enum.split("|")) if enum is not None else None,
        read_only="-" in flags,
        create_only="^" in flags,
        answered=">" not in flags,
        default=default,
    )


def parse_model(line: str, names: Mapping[str, tuple[str, str]]) -> Model:
    """Read one line of `data/models.tsv`; `names` holds captions and resources that the rules would get wrong."""
    name, _, text = line.partition("\t")
    fields = {found[1]: parse_field(*found.groups()) for found in FIELD.finditer(text)}
    caption, resource = names.get(name) or (caption_of(name), resource_of(name))
    return Model(name, MappingProxyType(fields), caption, resource)
