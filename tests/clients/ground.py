"""What a walk of somebody else's client needs of the emulator: rows to start from, bodies it takes, fields to change.

Knows the catalogue and the maker of minimal records; knows no client.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mockcw import Live
from mockcw.catalogue import Catalogue, Collection, Field, Operation, load
from tests.mockcw.caller import Caller
from tests.surface.conditions import writable_text
from tests.surface.minimal import DATE, Maker, Unmakeable, fill

MIDNIGHT = "2026-03-02T00:00:00Z"

WORDS = {  # ids of a path that are no numbers
    "memberIdentifier": "Admin",
    "reportName": "Service",
    "catalogItemIdentifier": "1",
    "externalId": "1",
}


class DayMaker(Maker):
    """Makes dates that are days: some clients take a date for a day, and refuse one with a time."""

    def scalar(self, one: Field) -> Any:
        value = super().scalar(one)
        return MIDNIGHT if value == DATE else value


@dataclass(slots=True)
class Ground:
    """One emulator and its rows; what a walk makes besides is made by the client itself."""

    maker: Maker
    catalogue: Catalogue
    barren: dict[str, str] = field(default_factory=dict)  # collections without a row, and why none can be made

    @classmethod
    def of(cls, live: Live) -> Ground:
        catalogue = load()
        return cls(DayMaker(Caller(live.emulator), catalogue), catalogue)

    def line(self, collection: str) -> tuple[int, ...] | None:
        """The ids of the records that enclose the collection; None where there are none."""
        try:
            return self.maker.line(collection)
        except Unmakeable as error:
            self.barren[collection] = str(error)
            return None

    def place(self, operation: Operation) -> str | None:
        """The path of an operation with ids of rows that are there; None where there is no row."""
        line = self.line(operation.collection)
        if line is None:
            return None
        parameters = operation.path.count("{")
        if parameters > len(line):
            try:
                line = self.maker.row(operation.collection).line
            except Unmakeable as error:
                self.barren[operation.collection] = str(error)
                return None
        return fill(operation.path, line) if parameters == len(line) else None

    def body(self, collection: str, line: tuple[int, ...], *, updating: bool = False) -> dict[str, Any] | None:
        """A minimal body that the collection takes; None where what it must refer to cannot be made."""
        try:
            made = self.maker.body(collection, line, updating=updating)
        except Unmakeable as error:
            self.barren[collection] = str(error)
            return None
        return {name: MIDNIGHT if value == DATE else value for name, value in made.items()} or self.something(
            collection
        )

    def something(self, collection: str) -> dict[str, Any]:
        """One field of a record that needs none: these clients send an empty object as no body at all."""
        patch = self.change(self.catalogue.collection(collection))
        if patch["path"] != "id":
            return {patch["path"]: patch["value"]}
        fields = self.catalogue.model(self.catalogue.row(collection).model).fields.values()
        free = next(one for one in fields if one.type in ("number", "boolean", "integer") and one.name != "id")
        return {free.name: self.maker.value(free)}

    def page_size(self, path: str, query: dict[str, str]) -> int:
        """A size that cuts the list at a path into two pages."""
        rows = self.maker.door.get(path, pageSize=1000, **query).json()
        return max(1, (len(rows) + 1) // 2)

    def change(self, collection: Collection) -> dict[str, Any]:
        """One operation of a PATCH that changes a text of the record, or touches nothing where it has none."""
        fields = dict(self.catalogue.model(collection.model).fields)
        name = writable_text(fields)
        if name is None:
            return {"op": "replace", "path": "id", "value": 1}
        return {"op": "replace", "path": name, "value": self.maker.scalar(fields[name])}
