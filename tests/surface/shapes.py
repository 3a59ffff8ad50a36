"""JSON schemas of answers, made from the catalogue's fields: what a record of a model may look like.

Strict: no member beyond the model's, required ones there, types, lengths, enumerations, dates. Made apart from the
emulator's own checks of bodies. Knows no server.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

from mockcw.catalogue import Catalogue, Field, Model

MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
SCALARS = {
    "string": {"type": "string"},
    "integer": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "object": {},
    "any": {},
}
INFO = {"type": "object", "additionalProperties": {"type": "string"}}


@dataclass(slots=True, repr=False)
class Shapes:
    """The schemas of one catalogue, each made when first asked for."""

    catalogue: Catalogue
    known: dict[str, Draft202012Validator] = field(default_factory=dict)

    def faults(self, model: str, record: Any) -> list[str]:
        """What is wrong with a record of a model, a line each."""
        validator = self.known.get(model)
        if validator is None:
            validator = self.known[model] = Draft202012Validator(self.schema(model))
        return [f"{model}.{'/'.join(map(str, one.path))}: {one.message}" for one in validator.iter_errors(record)]

    def schema(self, name: str) -> dict[str, Any]:
        """The schema of a model's answers, with the models inside it."""
        inner: dict[str, Any] = {}
        top = self.model(self.catalogue.model(name), inner, top=True)
        return {**top, "$defs": inner}

    def model(self, model: Model, inner: dict[str, Any], *, top: bool) -> dict[str, Any]:
        """An object of a model; a record on its own has an id, its required fields and `_info`."""
        must = [one.name for one in model.fields.values() if one.required and one.answered] if top else []
        has_id = ["id"] if "id" in model.fields else []
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: self.member(one, inner) for name, one in model.fields.items()} | {"_info": INFO},
            "required": sorted({*must, *has_id}) if top else [],
        }

    def member(self, one: Field, inner: dict[str, Any]) -> dict[str, Any]:
        """A member's schema; absent stands for null, which only the value of a custom field may be."""
        if one.name == "_info":
            return INFO
        if one.type == "array":
            items = self.refer(one.ref, inner) if one.ref else SCALARS[one.items or "any"]
            return {"type": "array", "items": items}
        if one.type == "ref":
            return self.refer(one.ref, inner)
        schema: dict[str, Any] = dict(SCALARS[one.type])
        if one.additional:
            schema = {"type": "object"}
        if one.format == "date-time":
            schema["pattern"] = MOMENT
        if one.max_length is not None:
            schema["maxLength"] = one.max_length
        if one.enum is not None:
            schema["enum"] = list(one.enum)
        return schema

    def refer(self, name: str | None, inner: dict[str, Any]) -> dict[str, Any]:
        """A reference to the schema of another model, which is made if it is new."""
        if name and name not in inner:
            inner[name] = {}
            inner[name] = self.model(self.catalogue.model(name), inner, top=False)
        return {"$ref": f"#/$defs/{name}"}
