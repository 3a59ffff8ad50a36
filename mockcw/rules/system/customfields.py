"""Definitions of custom fields: what a guide says they cannot be. Values of records are the engine's affair."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Refuse, Rule, WriteVerb
from mockcw.errors import FieldError

DEFINITIONS = "/system/userDefinedFields"
DECIMAL = ("Number", "Percent")
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})


def exclusive(change: Change) -> Iterator[Effect]:
    """A field cannot be both required and read-only (documented; the text is assumed)."""
    if change.after.get("requiredFlag") and change.after.get("readOnlyFlag"):
        text = change.choices.custom_field_flags_message
        yield Refuse(FieldError("InvalidField", text, change.resource, "readOnlyFlag"))


def decimals(change: Change) -> Iterator[Effect]:
    """Only numbers and percentages have decimals (published; the text is assumed)."""
    if change.after.get("numberDecimals") and change.after.get("fieldTypeIdentifier") not in DECIMAL:
        text = change.choices.custom_field_decimals_message
        yield Refuse(FieldError("InvalidField", text, change.resource, "numberDecimals"))


def located(change: Change) -> Iterator[Effect]:
    """A field is for one location at least, where the setting asks for that (documented; the text is assumed)."""
    everywhere, after = change.after.get("addAllLocations"), change.after
    if change.choices.custom_field_locations == "require" and not (everywhere or after.get("locationIds")):
        text = change.choices.custom_field_locations_message
        yield Refuse(FieldError("MissingRequiredField", text, change.resource, "locationIds"))


RULES = (
    Rule("custom-field.exclusive", DEFINITIONS, WRITES, exclusive, "documented", "Required or read-only, not both."),
    Rule("custom-field.decimals", DEFINITIONS, WRITES, decimals, "documented", "Decimals of numbers only."),
    Rule("custom-field.locations", DEFINITIONS, WRITES, located, "documented", "A field is for some location."),
)
