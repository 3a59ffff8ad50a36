"""Custom fields: defined by a record of their own, then carried by every record of the pod they belong to.

A record keeps its values expanded, as the API shows them, so that a condition reads one record only; a definition that
changes is therefore carried into the records. Captured: the shape and order of a value, that every defined field is
shown, null ones too, that `{id, value}` is enough to set one and that leaving one out keeps it, and that a list's
default is given to new records only. Knows no verbs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterator
from typing import Any

import orjson

from mockcw.catalogue import Catalogue, Model
from mockcw.catalogue.pods import Pod
from mockcw.clock import from_text, to_text
from mockcw.errors import FieldError
from mockcw.settings import Settings
from mockcw.store import EVERYTHING, Store

Record = dict[str, Any]
DEFINITIONS = "/system/userDefinedFields"
VALUES = "customFields"
NUMBERS = frozenset({"Number", "Currency", "Percent"})
CHOSEN = frozenset({"List", "Option"})
FLAGS = {"true": True, "false": False}
RANGES = {"sequenceNumber": (1, 500), "numberDecimals": (0, 5)}  # documented


class CustomFields:
    """The custom fields of one tenant."""

    def __init__(self, catalogue: Catalogue, store: Store, settings: Settings) -> None:
        self._catalogue = catalogue
        self._store = store
        self._settings = settings
        self._pods = {pod.number: pod for pod in catalogue.pods}
        self._known: tuple[int, dict[str, list[Record]]] = (-1, {})

    def settle(
        self,
        collection: str,
        model: Model,
        before: Record | None,
        after: Record,
        key: Callable[[], str],
        now: str | None = None,
    ) -> list[FieldError]:
        """Complete a record about to be stored, in place: a definition, or the values of a record that carries some.

        `before` is None on create. What is wrong comes back. `key` makes a GUID; `now` is when a definition is made.
        """
        if collection == DEFINITIONS:
            if before is None:
                after["dateCreated"] = now
            return list(self._define(model, after, key))
        return list(self._fill(model, before, after)) if VALUES in model.fields else []

    def demanded(self, model: Model, touched: Container[str]) -> FieldError | None:
        """What is wrong with a PATCH that leaves custom fields out where one is required and the setting wants them."""
        if self._settings.custom_fields_on_patch == "free" or VALUES not in model.fields or VALUES in touched:
            return None
        if not any(one.get("requiredFlag") for one in self._definitions().get(model.name, [])):
            return None
        return FieldError("MissingRequiredField", f"The {VALUES} field is required.", model.resource, VALUES)

    def spread(self, collection: str, *versions: Record | None) -> None:
        """After a definition was stored or removed: carry it into the records of the pods it has been in."""
        if collection != DEFINITIONS:
            return
        pods = {one["podId"] for one in versions if one is not None}
        for name in sorted({name for number in pods if number in self._pods for name in self._pods[number].models}):
            model = self._catalogue.model(name)
            for place in self._places(name):
                for record_id, doc in self._store.rows(place, EVERYTHING):
                    record = orjson.loads(doc)
                    items = self._items(name, {one["id"]: one["value"] for one in record.get(VALUES, ())})
                    if items != record.get(VALUES, []):
                        self._store.update(place, record_id, orjson.dumps(_with_values(model, record, items)))

    def _places(self, model: str) -> list[str]:
        """The collections that hold records of a model."""
        rows = self._catalogue.rows()
        return [row.key for row in rows if row.model == model and row.view_of is None]

    # -- definitions -------------------------------------------------------------------------------------------------

    def _define(self, model: Model, record: Record, key: Callable[[], str]) -> Iterator[FieldError]:
        number = record.get("podId")
        pod = self._pods.get(number) if isinstance(number, int) else None
        if pod is not None:
            record |= {
                "podDescription": pod.description,
                "screenId": pod.screen,
                "screenDescription": pod.screen_description,
            }
        elif number is not None:
            yield FieldError("NotFound", f"Pod {number} not found", model.resource, "podId")
        for name, (low, high) in RANGES.items():
            if isinstance(record.get(name), int) and not low <= record[name] <= high:
                text = self._settings.out_of_range_message.format(field=name, low=low, high=high)
                yield FieldError("OutOfRange", text, model.resource, name)
        if not record.get("entryTypeIdentifier"):
            record["entryTypeIdentifier"] = "Date" if record.get("fieldTypeIdentifier") == "Date" else "EntryField"
        record["connectWiseID"] = record.get("connectWiseID") or key()
        if record.get("options"):
            record["options"] = self._numbered(record["options"])

    def _numbered(self, options: list[Record]) -> list[Record]:
        """The choices of a list, each with an id of its own and its flags."""
        defined = (c["id"] for ones in self._definitions().values() for one in ones for c in one.get("options", ()))
        last = max((*defined, *(one["id"] for one in options if one.get("id"))), default=0)
        numbered = []
        for place, option in enumerate(options):
            given = {name: value for name, value in option.items() if value is not None}
            last += 0 if given.get("id") else 1
            number = given.pop("id", None) or last
            start = {"id": number, "optionValue": "", "defaultFlag": False, "inactiveFlag": False, "sortOrder": place}
            numbered.append({**start, **given})
        return numbered

    def _definitions(self) -> dict[str, list[Record]]:
        """All definitions by the model they are for, in the order of their ids; read again when one changes."""
        changed = self._store.changed(DEFINITIONS)
        if self._known[0] != changed:
            found: dict[str, list[Record]] = {}
            for _, doc in self._store.rows(DEFINITIONS, EVERYTHING):
                record = orjson.loads(doc)
                pod = self._pods.get(record.get("podId"))
                for model in pod.models if pod else ():
                    found.setdefault(model, []).append(record)
            self._known = (changed, found)
        return self._known[1]

    # -- values ------------------------------------------------------------------------------------------------------

    def _fill(self, model: Model, before: Record | None, after: Record) -> Iterator[FieldError]:
        definitions = self._definitions().get(model.name, [])
        given = [one for one in after.pop(VALUES, None) or () if isinstance(one, dict)]
        if not definitions and not given:
            return
        values = {one["id"]: one["value"] for one in (before or {}).get(VALUES, ())}
        if before is None:
            values = {one["id"]: default_of(one) for one in definitions}
        by_key = {one["id"]: one for one in definitions} | {one["caption"].lower(): one for one in definitions}
        for item in given:
            called = item.get("id") or str(item.get("caption") or "").lower()
            definition = by_key.get(called)
            if definition is None:
                yield FieldError("NotFound", f"Custom Field {called} not found", model.resource, VALUES)
            elif "value" in item:
                try:
                    values[definition["id"]] = fitting(definition, item["value"])
                except ValueError:
                    text = self._settings.enum_message.format(field=definition["caption"])
                    yield FieldError("InvalidField", text, model.resource, VALUES)
        if self._settings.required_custom_fields:
            for definition in definitions:
                if definition.get("requiredFlag") and values.get(definition["id"]) in (None, ""):
                    text = f"The {definition['caption']} field is required."
                    yield FieldError("MissingRequiredField", text, model.resource, VALUES)
        items = self._items(model.name, values)
        if items:
            after[VALUES] = items

    def _items(self, model: str, values: dict[int, Any]) -> list[Record]:
        """The values of a record as it shows them: every defined field, null ones too."""
        definitions = self._definitions().get(model, [])
        return [item(one, self._pods[one["podId"]], values.get(one["id"])) for one in definitions]


def item(definition: Record, pod: Pod, value: Any) -> Record:
    """One value with what its definition says of it, in the captured order."""
    return {
        "id": definition["id"],
        "caption": definition["caption"],
        "type": definition["fieldTypeIdentifier"],
        "entryMethod": definition["entryTypeIdentifier"],
        "numberOfDecimals": definition.get("numberDecimals", 0),
        "value": value,
        "connectWiseId": definition["connectWiseID"],
        "rowNum": definition["sequenceNumber"],
        "userDefinedFieldRecId": definition["id"],
        "podId": pod.text,
    }


def choices(definition: Record) -> list[Record]:
    """The choices of a list that may be taken."""
    return [one for one in definition.get("options", ()) if not one["inactiveFlag"]]


def default_of(definition: Record) -> Any:
    """What a new record gets: the default choice of a list, else nothing."""
    return next((one["optionValue"] for one in choices(definition) if one["defaultFlag"]), None)


def fitting(definition: Record, value: Any) -> Any:
    """A value as a field of its type keeps it; text for numbers and flags is taken. Raises ValueError."""
    if value is None or value == "":
        return None
    if isinstance(value, dict | list):
        raise ValueError("not a single value")
    kind, text = definition["fieldTypeIdentifier"], as_text(value)
    if definition["entryTypeIdentifier"] in CHOSEN:
        if text not in [one["optionValue"] for one in choices(definition)]:
            raise ValueError("not one of the choices")
        return text
    if kind == "Checkbox":
        if text.lower() not in FLAGS:
            raise ValueError("not a flag")
        return FLAGS[text.lower()]
    if kind in NUMBERS:
        return as_number(value, int(definition.get("numberDecimals") or 0))
    return to_text(from_text(text)) if kind == "Date" else text


def as_text(value: Any) -> str:
    """A scalar as text, as JSON spells it."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def as_number(value: Any, decimals: int) -> int | float:
    """A number with at most so many decimals. Raises ValueError."""
    if isinstance(value, bool):
        raise ValueError("not a number")
    try:
        number = float(value)
    except OverflowError:
        raise ValueError("too large") from None
    if not math.isfinite(number):
        raise ValueError("not a number")
    rounded = round(number, decimals)
    return int(rounded) if decimals == 0 else rounded


def _with_values(model: Model, record: Record, items: list[Record]) -> Record:
    """The record with these values where its model has them; without the member when there are none."""
    record = {name: value for name, value in record.items() if name != VALUES}
    if not items:
        return record
    places = {name: place for place, name in enumerate(model.fields)}
    later = [name for name in record if places.get(name, len(places)) > places[VALUES]]
    tail = {name: record.pop(name) for name in later}
    return {**record, VALUES: items, **tail}
