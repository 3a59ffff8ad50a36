"""The words that a vendor's profile is made of.

Knows what may differ from vendor to vendor, as frozen values; holds no behaviour beyond looking a value up, and knows
nothing of the wire's state, the store or the vendors themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How much of a module's area a role opens (*documented*: the three levels of a security role)."""

    NONE = "None"
    MY = "My"
    ALL = "All"


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One row of the role matrix that the vendor asks the customer for."""

    module: str
    area: str
    add: Level
    edit: Level
    delete: Level
    inquire: Level
    purpose: str

    @property
    def name(self) -> str:
        """The row as people name it: `Companies > Company Maintenance`."""
        return f"{self.module} > {self.area}"


@dataclass(frozen=True, slots=True)
class Region:
    """A server that the vendor offers by name."""

    key: str
    title: str
    server: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that the integration does on the server, and the rows of the role that open it.

    `rows` are (module, area) pairs of the profile's matrix, the likeliest first; `right` is add, edit, delete or
    inquire.
    """

    key: str
    title: str
    path: str
    right: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of record that is kept as a mirror.

    `fields` are all that is asked for. `live` is the condition that a record is not deleted. `type_path` is the path
    of a type's name in childConditions, `status_path` that of the status' name in conditions.
    """

    key: str
    operation: Operation
    count_operation: Operation
    fields: tuple[str, ...]
    live: str
    type_path: str
    status_path: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What the vendor's guide tells a customer to do, by the failure that it is about."""

    credentials: str
    client_id: str
    permission: str
    zero_rows: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A vendor: all that makes its integration differ from another's."""

    name: str
    title: str
    regions: tuple[Region, ...]
    role: tuple[RoleRow, ...]
    connection_test: Operation
    streams: tuple[Stream, ...]
    advice: Advice
    operations: tuple[Operation, ...] = ()
    own_word: str = "organizations"
    notes: tuple[str, ...] = field(default=())

    def region(self, key: str) -> Region | None:
        """Find a region by its key."""
        return next((region for region in self.regions if region.key == key), None)

    def stream(self, key: str) -> Stream:
        """Find a stream by its key; raises KeyError when the profile has none."""
        return {stream.key: stream for stream in self.streams}[key]

    def operation(self, key: str) -> Operation:
        """Find an operation by its key; raises KeyError when the profile has none."""
        return {operation.key: operation for operation in self.operations}[key]

    def rows_for(self, operation: Operation) -> tuple[RoleRow, ...]:
        """Name the rows of the role that open `operation`."""
        named = {(row.module, row.area): row for row in self.role}
        return tuple(named[pair] for pair in operation.rows)
