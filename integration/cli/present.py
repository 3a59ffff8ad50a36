"""How results look: tables and colours at a terminal, plain text in a pipe, JSON when it is asked for.

Knows Rich and what results hold; computes nothing. Text that came from a server is shown as text, never as markup or as
control characters.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import click
import orjson

from integration.clock import SystemClock
from integration.errors import IntegrationError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

    from integration.sync.engine import Progress

_PIPE_WIDTH: Final = 160
_SHOW_AFTER_SECONDS: Final = 2.0


def show_json(value: object) -> None:
    """Write one JSON value on standard output."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def show_error(error: IntegrationError, as_json: bool) -> None:
    """Say what went wrong and what to do, in one line each; as JSON on standard output when asked for."""
    if as_json:
        kind = type(error).__name__
        show_json({"error": {"kind": kind, "message": error.message, "advice": error.advice, "exit": error.exit_code}})
        return
    line = f"{error.message}; {error.advice}" if error.advice and error.exit_code == 2 else error.message
    click.echo(click.style("error: ", fg="red", bold=True, reset=True) + plain(line), err=True)
    if error.advice and error.exit_code != 2:
        click.echo(plain(f"what to do: {error.advice}"), err=True)


def plain(text: str) -> str:
    """Take control characters out of a text, so that no server can write escape codes to a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def console(*, err: bool = False) -> Console:
    """Open a console: colours and the terminal's width at a terminal, neither in a pipe."""
    from rich.console import Console

    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() else _PIPE_WIDTH
    return Console(stderr=err, width=width, markup=False, highlight=False, emoji=False)


def show_facts(title: str, facts: Mapping[str, object]) -> None:
    """Show names and values, one a line."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in facts.items():
        table.add_row(Text(name.replace("_", " "), style="cyan"), Text(plain(_shown(value))))
    console().print(table)


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show rows under column names."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left")
    for column in columns:
        table.add_column(Text(column))
    for row in rows:
        table.add_row(*(Text(plain(_shown(value))) for value in row))
    console().print(table)


def show_warnings(warnings: Iterable[str]) -> None:
    """Show warnings on standard error."""
    for warning in warnings:
        click.echo(click.style("warning: ", fg="yellow", bold=True) + plain(warning), err=True)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value) or "-"
    if isinstance(value, int):
        return f"{value:,}"
    return "-" if value is None or value == "" else str(value)


class Meter:
    """Shows how far a sync is, at a terminal and once it has taken two seconds."""

    def __init__(self) -> None:
        self._console = console(err=True)
        self._clock = SystemClock()
        self._began = self._clock.monotonic()
        self._status: Status | None = None

    def __enter__(self) -> Meter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def observe(self, progress: Progress) -> None:
        """Take note of the pages read so far."""
        passed = self._clock.monotonic() - self._began
        if not self._console.is_terminal or passed < _SHOW_AFTER_SECONDS:
            return
        rate = progress.received / passed
        text = f"{progress.received:,} companies on {progress.pages:,} pages, {rate:,.0f} a second"
        if self._status is None:
            self._status = self._console.status(text)
            self._status.start()
        self._status.update(text)


def sync_facts(report: Mapping[str, Any]) -> dict[str, object]:
    """Choose what of a sync's report is worth a line."""
    facts: dict[str, object] = {"mode": f"{report['mode']} ({report['reason']})"}
    if report["resumed"]:
        facts["resumed"] = "went on where an earlier run was cut off"
    facts |= {name: report[name] for name in ("received", "companies", "matched", "unmatched", "ambiguous")}
    facts |= {name: report[name] for name in ("filtered", "deleted", "vanished", "held") if report[name]}
    facts["seconds"] = f"{report['seconds']:.2f}"
    return facts
