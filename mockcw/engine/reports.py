"""Reports: the records of a collection as a table, with columns of the report's own names.

Conditions and order name columns; they are read by the query language and sent to where the values lie in the record,
so that a report over many records costs no more than a list of them. Knows no report by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import orjson

from mockcw.catalogue import Catalogue, Field, Model
from mockcw.engine.look import StoreLook
from mockcw.errors import ApiFindCondition
from mockcw.query import And, Compare, InList, Node, Not, Or, QuerySettings, compile, compile_order, list_query
from mockcw.query.tree import Path
from mockcw.store import Store, Where, both

ColumnType = Literal["Numeric", "Text", "DateTime", "Boolean"]
TYPES: Mapping[ColumnType, tuple[str, str | None]] = {
    "Numeric": ("number", None),
    "Text": ("string", None),
    "DateTime": ("string", "date-time"),
    "Boolean": ("boolean", None),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, where its value lies in the record (`company/name`), its type, whether it is the key."""

    name: str
    path: Path
    type: ColumnType
    identity: bool = False

    def definition(self) -> dict[str, object]:
        """The column as the API defines it (shape captured)."""
        return {"type": self.type, "isNullable": not self.identity, "identityColumn": self.identity}


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its name, the collection whose records are its rows, and its columns."""

    name: str
    collection: str
    columns: tuple[Column, ...]

    def chosen(self, text: str) -> tuple[Column, ...]:
        """The columns of a `columns` parameter, all for an empty one. Raises ApiFindCondition."""
        known = {column.name.lower(): column for column in self.columns}
        names = [name.strip() for name in text.split(",") if name.strip()]
        unknown = next((name for name in names if name.lower() not in known), None)
        if unknown is not None:
            raise ApiFindCondition(f"{unknown} is not a recognized name.")
        return tuple(known[name.lower()] for name in dict.fromkeys(names)) or self.columns

    def model(self) -> Model:
        """The columns as a model, for the query language."""
        fields = {one.name: Field(one.name, TYPES[one.type][0], TYPES[one.type][1]) for one in self.columns}
        return Model(self.name, fields, self.name, self.name)


Searched = Callable[[str, Where, int | None], Where]


class Reports:
    """Reads reports out of what `look` sees of one tenant's store; `searched` says what of that searches find."""

    def __init__(
        self, store: Store, catalogue: Catalogue, settings: QuerySettings, look: StoreLook, searched: Searched
    ) -> None:
        self._searched = searched
        self._store = store
        self._look = look
        self._catalogue = catalogue
        self._settings = settings

    def rows(self, report: Report, columns: tuple[Column, ...], query: Mapping[str, str]) -> list[list[Any]]:
        """A page of a report's rows; names in `query` are in small letters. Raises ApiFindCondition."""
        asked = list_query(query, report.model(), self._catalogue, forward_only=False, settings=self._settings)
        order = compile_order([replace(one, path=place(report, one.path)) for one in asked.order])
        where, page = self._where(report, asked.where), asked.page
        found = self._store.rows(report.collection, where, order=order, limit=page.size, offset=page.offset)
        return [[value(record, column.path) for column in columns] for record in (orjson.loads(d) for _, d in found)]

    def count(self, report: Report, query: Mapping[str, str]) -> int:
        """How many rows a report has under the query's conditions. Raises ApiFindCondition."""
        asked = list_query(query, report.model(), self._catalogue, forward_only=False, settings=self._settings)
        return self._store.count(report.collection, self._where(report, asked.where))

    def _where(self, report: Report, node: Node) -> Where:
        where = both(compile(moved(report, node)), self._look.there(report.collection))
        return self._searched(report.collection, where, None)


def moved(report: Report, node: Node) -> Node:
    """A condition on columns as one on the records they show."""
    match node:
        case And(operands):
            return And(tuple(moved(report, one) for one in operands))
        case Or(operands):
            return Or(tuple(moved(report, one) for one in operands))
        case Not(operand):
            return Not(moved(report, operand))
        case Compare() | InList():
            return replace(node, path=place(report, node.path))
        case _:
            return node


def place(report: Report, path: Path) -> Path:
    """Where a column's value lies; `_info` is reached as in any list."""
    return next((column.path for column in report.columns if column.name == path[0]), path)


def value(record: Mapping[str, Any], path: Path) -> Any:
    """The value at a path of a record, None where there is none."""
    here: Any = record
    for name in path:
        here = here.get(name) if isinstance(here, Mapping) else None
    return here
