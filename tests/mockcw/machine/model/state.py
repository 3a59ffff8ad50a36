"""The records of the model, and the world around them: what was set up before the first step, as dicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.mockcw.machine.model.answers import Doc

KINDS = ("tickets", "notes", "entries", "sheets", "agreements", "additions")
SERVER_ZONE = ZoneInfo("America/New_York")  # what /system/info calls Eastern Standard Time
START = datetime(2026, 3, 4, 15, tzinfo=UTC)  # a Wednesday


@dataclass(frozen=True)
class World:
    """What was there before; everything is read through the API once."""

    boards: dict[int, Doc]  # with `statuses`, a dict by id, `default` and `type`, the default one's id
    companies: dict[int, Doc]  # with `site` and `contact`, ids
    items: dict[int, Doc]
    agreement_types: dict[int, Doc]
    members: dict[str, int]
    defaults: Doc  # ids of the default priority and source
    default_board: int


@dataclass
class State:
    """All that a step may change. A deep copy is a snapshot."""

    now: datetime = START
    tiers: tuple[bool, bool] = (False, False)
    rows: dict[str, dict[int, Doc]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    highest: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    def find(self, kind: str, number: int) -> Doc | None:
        """The record, unless it is gone or never was."""
        return self.rows[kind].get(number)

    def where(self, kind: str, **wanted: Any) -> Iterator[Doc]:
        """The records of a kind whose fields (`a__b` for a/b) have these values, by id."""
        for _, doc in sorted(self.rows[kind].items()):
            if all(at(doc, path.split("__")) == value for path, value in wanted.items()):
                yield doc

    def keep(self, kind: str, doc: Doc) -> None:
        """Take a record over."""
        self.rows[kind][doc["id"]] = doc
        self.highest[kind] = max(self.highest[kind], doc["id"])

    @property
    def text(self) -> str:
        """This moment as the API writes it."""
        return written(self.now)

    @property
    def today(self) -> str:
        """The server's day, which is its own zone's, as the API writes days (reported)."""
        return f"{self.now.astimezone(SERVER_ZONE).date().isoformat()}T00:00:00Z"


def written(moment: datetime) -> str:
    """A moment as the API writes it: UTC, whole seconds, Z (captured)."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """A written moment."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def at(doc: Any, path: list[str]) -> Any:
    """The value at a path, None where there is none."""
    for name in path:
        doc = doc.get(name) if isinstance(doc, dict) else None
    return doc


def stamp(state: State, who: str) -> Doc:
    """`_info` of a record that is made now."""
    return {"lastUpdated": state.text, "updatedBy": who, "dateEntered": state.text, "enteredBy": who}


def touched(state: State, who: str) -> Doc:
    """`_info` of a record that is changed now, as far as it changes."""
    return {"lastUpdated": state.text, "updatedBy": who}


def hours_between(start: str, end: str) -> float:
    """Hours from one written moment to another."""
    return (moment(end) - moment(start)) / timedelta(hours=1)
