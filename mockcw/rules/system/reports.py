"""Reports: tables worked out from the records, read by column (shape captured; which reports there are: report_tables).

Read at /system/reports/{name} with columns, conditions, orderBy, page and pageSize; /columns and /count beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Look, Record
from mockcw.engine.reports import Report
from mockcw.errors import NotFound
from mockcw.rules.system.report_tables import tables

REPORTS = tables()


def listed(_: Look, __: Asking) -> Iterator[Record]:
    """The names of all reports."""
    return ({"id": number, "name": report.name} for number, report in enumerate(REPORTS.values(), 1))


def named(act: Act) -> Report:
    """The report the path names, in any letter case. Raises NotFound."""
    name = str(act.ids[0])
    report = REPORTS.get(name.lower())
    if report is None:
        raise NotFound(f"Report {name} not found")
    return report


def data(act: Act) -> Record:
    """A page of rows of the chosen columns."""
    report = named(act)
    chosen = report.chosen(act.query.get("columns", ""))
    return {
        "column_definitions": [{one.name: one.definition()} for one in chosen],
        "row_values": act.reports.rows(report, chosen, act.query),
    }


def columns(act: Act) -> list[dict[str, Any]]:
    """What the columns of a report are."""
    return [{one.name: one.definition()} for one in named(act).columns]


def count(act: Act) -> Record:
    """How many rows there are under the conditions."""
    return {"count": act.reports.count(named(act), act.query)}


ACTIONS = (
    Action("getSystemReportsByReportName", data, "captured", "Column definitions and rows.", addresses=False),
    Action("getSystemReportsByReportNameColumns", columns, "documented", "The columns.", addresses=False),
    Action("getSystemReportsByReportNameCount", count, "documented", "The number of rows.", addresses=False),
)
# nothing is ever written to ~reports: its stamp changes only when the whole store is exchanged
VIEWS = (View("/system/reports", ("~reports",), listed, "documented", "The names of the reports."),)
