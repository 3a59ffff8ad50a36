"""What an answer is expected to be: a refusal with its exact body, or the fields of a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Doc = dict[str, Any]
Items = tuple[tuple[str, str, str], ...]


class Anything:
    """Stands for a value that nobody foretells, and that must only be there."""

    def __eq__(self, other: object) -> bool:
        return other is not None

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "<anything>"


ANYTHING = Anything()


@dataclass(frozen=True)
class Refusal:
    """An error answer; `items` are code, message and field of each, all of one `resource`."""

    status: int
    code: str
    message: str
    items: Items = ()
    resource: str = ""

    def body(self) -> Doc:
        """The body it must have, whole."""
        told: Doc = {"code": self.code, "message": self.message}
        if self.items:
            names = ("code", "message", "field")
            told["errors"] = [{**dict(zip(names, one, strict=True)), "resource": self.resource} for one in self.items]
        return told


def invalid(resource: str, *items: tuple[str, str, str]) -> Refusal:
    """The 400 of an object that breaks rules (captured)."""
    return Refusal(400, "InvalidObject", f"{resource} object is invalid", items, resource)


def required(field: str, name: str = "") -> tuple[str, str, str]:
    """A required field that is missing (captured); a reference is named by its id."""
    return "MissingRequiredField", f"The {name or field} field is required.", field


def too_long(field: str, length: int) -> tuple[str, str, str]:
    """A text over its length (documented)."""
    return "MaxLengthField", f"The field {field} must be a string with a maximum length of {length}.", field


def no_enum(field: str) -> tuple[str, str, str]:
    """A value outside its enumeration (assumed)."""
    return "InvalidField", f"The {field} field is invalid.", field


def unknown(caption: str, which: object, field: str) -> tuple[str, str, str]:
    """A reference to nothing (captured)."""
    return "NotFound", f"{caption} {which} not found", field


def not_found(caption: str, number: int) -> Refusal:
    """The 404 of a record (captured)."""
    return Refusal(404, "NotFound", f"{caption} {number} not found")


def in_use(caption: str, number: int) -> Refusal:
    """The 409 of a delete (status documented, body assumed)."""
    return Refusal(409, "ObjectInUse", f"{caption} {number} is in use.")


def patch_path(path: str) -> Refusal:
    """A PATCH path that the model lacks, in this very spelling (documented)."""
    return Refusal(400, "InvalidPatch", f"path {path} is not valid")


SECURITY = Refusal(403, "Security", "You do not have security permission to perform this action.")


def reference(number: int) -> Doc:
    """A reference as it is written."""
    return {"id": number}


def same(expected: Any, got: Any) -> bool:
    """Whether a value is as expected; of a reference only what is named, and null is as good as absent."""
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(same(value, got.get(name)) for name, value in expected.items())
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got or expected is ANYTHING and got is not None
    return bool(expected == got)


def tidy(doc: Any) -> Any:
    """A record without hrefs and without what `_info` of a reference says."""
    if isinstance(doc, list):
        return [tidy(one) for one in doc]
    if not isinstance(doc, dict):
        return doc
    info = {name: value for name, value in doc.get("_info", {}).items() if not name.endswith("_href")}
    rest = {name: tidy(value) for name, value in doc.items() if name != "_info" and value is not None}
    return {**rest, "_info": info} if info else rest
