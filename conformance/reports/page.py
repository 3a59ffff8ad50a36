"""The report as one HTML file that needs nothing else: for a person in a hurry.

Knows the digest and the exchanges that findings point at; every text from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from conformance.events import Event, of_kind
from conformance.reports.digest import Report

SHOWN_BODY = 2000

STYLE = """
:root{color-scheme:light dark;font:15px/1.45 system-ui,sans-serif}body{max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{padding:.25rem .6rem;text-align:left;border-bottom:1px solid #8884;
vertical-align:top}td.n,th.n{text-align:right}pre{background:#8881;padding:.6rem;overflow:auto;white-space:pre-wrap;
overflow-wrap:anywhere}.pass{color:#1a7f37}.fail{color:#cf222e}.unknown{color:#9a6700}.unsupported,.not-run{color:#6e7781}
summary{cursor:pointer}article{border-left:3px solid #cf222e;padding-left:1rem;margin:1.2rem 0}small{color:#6e7781}
"""

HEADLINES = {
    0: "conforms",
    1: "does not conform",
    2: "could not tell",
    3: "the baseline is stale",
    70: "the harness itself failed",
}


def page(report: Report, events: Iterable[Event]) -> str:
    """The HTML text."""
    exchanges = {event["exchange"]: event for event in of_kind(events, "exchange")}
    target = report["target"]
    failed = [result for result in report["results"] if result["verdict"] == "fail"]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>Conformance: {escape(headline(report))}</title><style>{STYLE}</style>",
        f"<h1>{escape(target['target_url'])}: {escape(headline(report))}</h1>",
        f"<p>{escape(sentence(report))}</p>",
        _families(report),
        "<h2>Failures</h2>" if failed else "",
        *(_failure(result, exchanges) for result in failed),
        "<h2>All requirements</h2>",
        _all(report),
        "</html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def headline(report: Report) -> str:
    """The outcome in three words."""
    return HEADLINES.get(report["exit_code"], "ended early")


def sentence(report: Report) -> str:
    """The outcome in one sentence."""
    counts = ", ".join(f"{number} {verdict}" for verdict, number in report["tally"].items() if number)
    subject = f", subject {report['subject']}" if report["subject"] else ""
    run = f"Seed {report['seed']}, {report['exchanges']} exchanges{subject}."
    return f"{len(report['results'])} requirements: {counts}. {run}"


def _families(report: Report) -> str:
    verdicts = list(report["tally"])
    head = "".join(f"<th class=n>{escape(verdict)}" for verdict in verdicts)
    rows = "".join(
        f"<tr><td>{escape(family)}"
        + "".join(f"<td class='n {_css(verdict)}'>{counts[verdict] or ''}" for verdict in verdicts)
        for family, counts in report["families"].items()
    )
    return f"<table><tr><th>family{head}{rows}</table>"


def _failure(result: dict[str, Any], exchanges: dict[int, Event]) -> str:
    shown = "".join(
        f"<p>{escape(finding['text'])}</p>{_exchange(exchanges.get(finding['exchange'] or 0))}"
        for finding in result["findings"]
    )
    case = f"<p><small>replay: cw-conformance replay {escape(result['case'])}</small></p>" if result["case"] else ""
    return (
        f"<article><h3>{escape(result['requirement'])}</h3><p><b>{result['level']}</b> "
        f"{escape(result['sentence'])} <small>({result['source']})</small></p>{shown}{case}</article>"
    )


def _exchange(event: Event | None) -> str:
    if event is None:
        return ""
    asked, answered = event["request"], event["reply"]
    text = f"{asked['method']} {asked['url']}\n{_headers(asked['headers'])}\n{(asked['body'] or '')[:SHOWN_BODY]}"
    if answered:
        body = (answered["body"] or "")[:SHOWN_BODY]
        text += f"\n\n{answered['status']}\n{_headers(answered['headers'])}\n\n{body}"
    else:
        text += f"\n\n{event['error']}"
    return f"<details><summary>exchange {event['exchange']}</summary><pre>{escape(text)}</pre></details>"


def _headers(headers: Iterable[Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in headers)


def _all(report: Report) -> str:
    rows = "".join(
        f"<tr><td class={_css(result['verdict'])}>{result['verdict']}<td>{escape(result['requirement'])}"
        f"<td>{result['level']} {escape(result['sentence'])}"
        + (f"<br><small>{escape(result['reason'])}</small>" if result["reason"] else "")
        + f"<td><small>{result['source']}</small>"
        for result in report["results"]
    )
    return f"<table><tr><th>verdict<th>requirement<th>sentence<th>source{rows}</table>"


def _css(verdict: str) -> str:
    return verdict.replace(" ", "-")
