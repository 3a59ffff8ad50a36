"""The log of a run: one JSON object a line, append-only; every report is derived from it and from nothing else.

Knows what an event is and which of its fields may differ between two runs with one seed; knows no check, no target
and no report. Events, in the order they come: `run-started`, then for every planned requirement `exchange`* and one
`verdict`, then `case` for each failure, then `run-finished`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from conformance.clock import Clock
from conformance.errors import WrongUse

Event = dict[str, Any]


VOLATILE_FIELDS = ("at", "elapsed_ms", "run", "target_url")
"""Names of fields, at any depth, that may differ between two runs with one seed."""

VOLATILE_HEADERS = ("date", "content-length", "server")
"""Names of reply headers whose values may differ between two runs with one seed."""

VOLATILE_MEMBERS = ("uptime_seconds", "milliseconds")
"""Names of members of reply bodies that hold a measured time: the control API's."""

_MEASURED = re.compile(rf'(\\"(?:{"|".join(VOLATILE_MEMBERS)})\\"):[0-9.e-]+')


class EventLog:
    """Writes events to a file as they happen, and keeps them for the summary.

    Args:
        path: the file to write; None keeps the log in memory only.
        clock: where `at` comes from.
    """

    def __init__(self, path: Path | None = None, clock: Clock | None = None):
        self._clock = clock or Clock()
        self._file: TextIO | None = path.open("w", encoding="utf-8") if path else None
        self._events: list[Event] = []

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything written so far."""
        return tuple(self._events)

    def write(self, kind: str, **data: Any) -> Event:
        """Append one event; `data` must be JSON data."""
        event: Event = {"n": len(self._events) + 1, "event": kind, "at": self._clock.stamp(), **data}
        self._events.append(event)
        if self._file:
            self._file.write(json.dumps(event, ensure_ascii=False, sort_keys=False) + "\n")
            self._file.flush()
        return event

    def close(self) -> None:
        """Close the file; the events stay readable."""
        if self._file:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read(path: Path) -> list[Event]:
    """The events of a file.

    Raises:
        WrongUse: the file cannot be read or holds something else.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines if line]
    except (OSError, ValueError) as problem:
        raise WrongUse(f"{path} cannot be read as an event log: {problem}") from problem
    if not events or events[0].get("event") != "run-started":
        raise WrongUse(f"{path} is no event log: its first line is no run-started event")
    return events


def of_kind(events: Iterable[Event], kind: str) -> Iterator[Event]:
    """The events of one kind, in order."""
    return (event for event in events if event["event"] == kind)


def stable(events: Iterable[Event]) -> list[Event]:
    """The events without what is declared volatile: equal for two runs with one seed on one kind of target."""
    listed = list(events)
    site = str(listed[0].get("target", {}).get("target_url", "")) if listed else ""
    kept = [_without_volatile(event) for event in listed]
    text = json.dumps(kept, ensure_ascii=False)
    text = text.replace(site, "{target}") if site else text
    text = _MEASURED.sub(r"\1:0", text)
    result: list[Event] = json.loads(text)
    return result


def _without_volatile(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_volatile(item) for name, item in value.items() if name not in VOLATILE_FIELDS}
    if isinstance(value, list):
        return [_without_volatile(item) for item in value if not _is_volatile_header(item)]
    return value


def _is_volatile_header(item: Any) -> bool:
    return (
        isinstance(item, list) and len(item) == 2 and isinstance(item[0], str) and item[0].lower() in VOLATILE_HEADERS
    )
