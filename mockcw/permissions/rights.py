"""Rights beside the row of an operation: what else it needs, what a write may not do without, what is left out.

Knows `rights.tsv`; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

from mockcw.catalogue import Operation, PermissionRow
from mockcw.catalogue.load import read_lines

KINDS = ("also", "write", "mask")
ITEM_LISTS = {"configuration-type": "CompanyConfigurations", "agreement-type": "FinanceAgreements"}


@dataclass(frozen=True, slots=True)
class Right:
    """One right; `on` is a method and a path pattern (also), a collection (write) or a model (mask).

    `row` is the role row with the action it needs; `fields` are what a mask leaves out; `customize` is the list whose
    items the right is about, where it is about items.
    """

    id: str
    kind: Literal["also", "write", "mask"]
    on: str
    row: PermissionRow
    fields: tuple[str, ...]
    says: str
    customize: str | None


@cache
def rights() -> dict[str, Right]:
    """All rights by their id."""
    return {one.id: one for one in map(parse_right, read_lines("rights.tsv"))}


def parse_right(line: str) -> Right:
    """Read one line of `rights.tsv`."""
    name, kind, on, module, area, action, confidence, fields, says = line.split("\t")
    if kind not in KINDS:
        raise ValueError(f"rights.tsv: {name} is of no kind that there is: {kind}")
    row = PermissionRow(module, area, action, None, confidence, "")
    known: Literal["also", "write", "mask"] = "also" if kind == "also" else "write" if kind == "write" else "mask"
    return Right(name, known, on, row, tuple(fields.split()), says, ITEM_LISTS.get(name))


def also_needed(operation: Operation) -> tuple[Right, ...]:
    """The rights that an operation needs whatever it does."""
    return also_named(f"{operation.method} {operation.path}")


@cache
def also_named(named: str) -> tuple[Right, ...]:
    """The same for a method and path."""
    return tuple(one for one in rights().values() if one.kind == "also" and fnmatchcase(named, one.on))


@cache
def masks_of(model: str) -> tuple[Right, ...]:
    """The rights without which fields of a model are left out of answers."""
    return tuple(one for one in rights().values() if one.kind == "mask" and one.on == model)
