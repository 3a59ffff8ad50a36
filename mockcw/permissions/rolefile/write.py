"""Writes a role in the forms that can be read again.

CSV, Markdown and tab-separated text list the rows that give something; JSON lists all, as the API answers them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from mockcw.catalogue.areas import Area
from mockcw.permissions.rolefile.result import RowName
from mockcw.permissions.rolefile.spelling import ACTIONS
from mockcw.permissions.roles import ACTIONS as FIELDS
from mockcw.permissions.roles import NOTHING, Levels

HEADING = ("Module", "Area", "Add", "Edit", "Delete", "Inquire")
FORMS = ("json", "csv", "md", "tsv")


def write_role(rows: Mapping[RowName, Levels], areas: Sequence[Area], form: str) -> str:
    """The role as text in one of `FORMS`; rows left out are None throughout. Raises ValueError for another form."""
    match form:
        case "json":
            return orjson.dumps(as_records(rows, areas), option=orjson.OPT_INDENT_2).decode() + "\n"
        case "csv" | "tsv":
            sheet = io.StringIO()
            writer = csv.writer(sheet, delimiter="," if form == "csv" else "\t", lineterminator="\n")
            writer.writerows([HEADING, *giving(rows, areas)])
            return sheet.getvalue()
        case "md":
            lines = [HEADING, ["---"] * len(HEADING), *giving(rows, areas)]
            return "".join(f"| {' | '.join(line)} |\n" for line in lines)
        case _:
            raise ValueError(f"no form {form!r}: choose one of {', '.join(FORMS)}")


def giving(rows: Mapping[RowName, Levels], areas: Sequence[Area]) -> list[Sequence[str]]:
    """The rows with any level above None, in the order of the role screen."""
    found = ((area, rows.get((area.module, area.area), NOTHING)) for area in areas)
    return [(area.module, area.area, *levels) for area, levels in found if levels != NOTHING]


def as_records(rows: Mapping[RowName, Levels], areas: Sequence[Area]) -> list[dict[str, Any]]:
    """The settings of a role as the API answers them, without ids, which belong to one server.

    A cell the row does not have is null (assumed: the fields are documented as nullable).
    """
    records = []
    for order, area in enumerate(areas, 1):
        levels = rows.get((area.module, area.area), NOTHING)
        cells = {
            field: None if level == "None" and not getattr(area, action) else level
            for action, field, level in zip(ACTIONS, FIELDS.values(), levels, strict=True)
        }
        records.append(
            {
                **cells,
                "moduleFunctionName": area.area,
                "moduleFunctionIdentifier": area.key,
                "customFlag": area.customize is not None,
                "moduleName": area.module,
                "sortOrder": order,
            }
        )
    return records
