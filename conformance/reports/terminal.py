"""The report for a person at a terminal: one table, every failure with its evidence, one sentence.

Knows the digest and Rich; colours follow the console it is handed, so they are off when output is piped.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from conformance.events import Event, of_kind
from conformance.reports.digest import Report
from conformance.reports.page import headline, sentence

COLOURS = {"pass": "green", "fail": "bold red", "unknown": "yellow", "unsupported": "dim", "not run": "dim"}
SHOWN_BODY = 600


def show(report: Report, events: Iterable[Event], console: Console, folder: Path) -> None:
    """Print the report; `folder` is where its case files lie."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("family")
    for verdict in report["tally"]:
        table.add_column(verdict, justify="right")
    for family, counts in report["families"].items():
        table.add_row(family, *(_number(verdict, number) for verdict, number in counts.items()))
    table.add_section()
    table.add_row("all", *(_number(verdict, number) for verdict, number in report["tally"].items()))
    console.print(table)
    exchanges = {event["exchange"]: event for event in of_kind(events, "exchange")}
    for result in report["results"]:
        if result["verdict"] == "fail":
            _failure(result, exchanges, console, folder)
        elif result["verdict"] == "unknown":
            reason = str(result["reason"] or "").strip().splitlines() or [""]
            console.print(f"\n[yellow]unknown[/] [bold]{result['requirement']}[/]: {escape(reason[-1])}")
    colour = "green" if report["exit_code"] == 0 else "red" if report["exit_code"] == 1 else "yellow"
    console.print(f"\n[bold {colour}]{escape(headline(report))}[/]: {escape(sentence(report))}")
    _why_not_run(report, console)


def _number(verdict: str, number: int) -> str:
    return f"[{COLOURS[verdict]}]{number}[/]" if number else "[dim]-[/]"


def _failure(result: dict[str, Any], exchanges: dict[int, Event], console: Console, folder: Path) -> None:
    known = " (known: the baseline names it)" if result["known"] else ""
    console.print(f"\n[bold red]fail[/] [bold]{result['requirement']}[/]{known}")
    console.print(f"  {result['level']} {escape(result['sentence'])} [dim]({result['source']})[/]")
    for finding in result["findings"][:5]:
        console.print(f"  [red]>[/] {escape(finding['text'])}")
        event = exchanges.get(finding["exchange"] or 0)
        if event:
            console.print(f"[dim]{escape(_exchange(event))}[/]", highlight=False)
    if result["case"]:
        console.print(f"  [dim]see it again: cw-conformance replay {escape(str(folder / result['case']))}[/]")


def _exchange(event: Event) -> str:
    asked, answered = event["request"], event["reply"]
    lines = [f"    {asked['method']} {asked['url']}  (as {event['member'] or 'nobody'})"]
    if asked["body"]:
        lines.append(f"    {asked['body'][:SHOWN_BODY]}")
    if answered is None:
        lines.append(f"    no reply: {event['error']}")
    else:
        lines.append(f"    {answered['status']} {' '.join((answered['body'] or '')[:SHOWN_BODY].split())}")
    return "\n".join(lines)


def _why_not_run(report: Report, console: Console) -> None:
    reasons: dict[str, int] = {}
    for result in report["results"]:
        if result["verdict"] in ("not run", "unsupported"):
            reason = f"{result['verdict']}: {str(result['reason'])[:160]}"
            reasons[reason] = reasons.get(reason, 0) + 1
    for reason, number in reasons.items():
        console.print(f"[dim]{number} {escape(reason)}[/]")
