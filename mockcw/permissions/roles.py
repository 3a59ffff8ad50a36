"""Security roles: a matrix of module and area against Add, Edit, Delete, Inquire, each None, My or All.

The shape is documented (the API's SecurityRoleSetting); the rows come from the catalogue. Knows no operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

LEVELS = ("None", "My", "All")
ACTIONS = {"Add": "addLevel", "Edit": "editLevel", "Delete": "deleteLevel", "Inquire": "inquireLevel"}


class Levels(NamedTuple):
    """One row of the matrix."""

    add: str = "None"
    edit: str = "None"
    delete: str = "None"
    inquire: str = "None"

    def of(self, action: str) -> str:
        """The level for Add, Edit, Delete or Inquire."""
        return str(getattr(self, action.lower()))


NOTHING = Levels()


@dataclass(frozen=True, slots=True)
class Role:
    """A role as the decision reads it.

    `refused` has the items on the disallow side of each Customize list, by the list's identifier.
    """

    id: int
    name: str
    admin: bool
    rows: Mapping[tuple[str, str], Levels]
    refused: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def levels(self, module: str, area: str) -> Levels:
        """The row of an area; an area the role does not list is None throughout."""
        return self.rows.get((module, area), NOTHING)

    @classmethod
    def of(
        cls,
        record: Mapping[str, Any],
        settings: Iterable[Mapping[str, Any]],
        refused: Mapping[str, frozenset[str]] | None = None,
    ) -> Role:
        """Build a role from its record, the records of its settings, and what its Customize lists disallow."""
        rows = {
            (str(row["moduleName"]), str(row["moduleFunctionName"])): Levels(
                *(str(row.get(name) or "None") for name in ACTIONS.values())
            )
            for row in settings
        }
        return cls(int(record["id"]), str(record["name"]), bool(record.get("adminFlag")), rows, refused or {})
