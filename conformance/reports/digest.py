"""What an event log says, in the shape of `report.json`: the one reading that every other report is made of.

Knows events and the schema of the report; writes no file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from importlib import resources
from typing import Any

from conformance.events import Event, of_kind
from conformance.verdicts import Exit, Verdict

Report = dict[str, Any]

RESULT = ("requirement", "level", "sentence", "source", "tags", "verdict", "reason")
HEAD = ("run", "version", "seed", "shard", "examples", "profile", "subject", "target", "baseline")


def schema() -> dict[str, Any]:
    """The published JSON schema of a report."""
    text = resources.files("conformance.reports").joinpath("report.schema.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def digest(events: Iterable[Event]) -> Report:
    """The report of a run; one that died is told as not complete."""
    listed = list(events)
    begun = listed[0]
    ended = next(of_kind(listed, "run-finished"), None)
    results = _results(listed, begun)
    return {
        "schema": 1,
        **{name: begun[name] for name in HEAD},
        "started": begun["at"],
        "finished": ended["at"] if ended else None,
        "elapsed_ms": ended["elapsed_ms"] if ended else None,
        "exchanges": sum(1 for _ in of_kind(listed, "exchange")),
        "complete": ended is not None,
        "exit_code": ended["exit_code"] if ended else Exit.HARNESS_FAULT,
        "tally": _tally(results),
        "families": _families(results),
        "results": results,
    }


def _results(events: list[Event], begun: Event) -> list[dict[str, Any]]:
    exchanges = Counter(event["scope"] for event in of_kind(events, "exchange"))
    cases = {event["requirement"] for event in of_kind(events, "case")}
    known = set(begun["baseline"])
    return [
        {
            **{name: event[name] for name in RESULT},
            "known": event["requirement"] in known,
            "exchanges": exchanges[event["requirement"]],
            "case": f"cases/{event['requirement']}.json" if event["requirement"] in cases else None,
            "findings": event["findings"],
        }
        for event in of_kind(events, "verdict")
    ]


def _tally(results: Iterable[dict[str, Any]]) -> dict[str, int]:
    counts = Counter(result["verdict"] for result in results)
    return {verdict.value: counts[verdict.value] for verdict in Verdict}


def _families(results: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    names = dict.fromkeys(result["requirement"].split(".", 1)[0] for result in results)
    return {
        name: _tally(result for result in results if result["requirement"].split(".", 1)[0] == name) for name in names
    }
