"""Whether a run is full or incremental, and from which moment an incremental one asks.

Pure: knows earlier runs and the server's clock, reads nothing. Moments are the server's, never ours: the two clocks
may differ by hours, and what we compare with (lastUpdated) is the server's too. The watermark is the earlier of two
of its moments: the newest lastUpdated seen, since a change is only certain to be in our mirror up to there; and the
Date header when the run began, since a record read on the first page may change while the last one is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from integration.clock import read_time, wire_time
from integration.store.runs import FULL, INCREMENTAL, Run


@dataclass(frozen=True, slots=True)
class Plan:
    """The mode of a run, the reason for it in words, and the moment it asks from (None for a full run)."""

    mode: str
    reason: str
    since: datetime | None = None


def plan_run(
    last: Run | None,
    last_full: Run | None,
    filters: str,
    server_time: datetime | None,
    *,
    overlap: float,
    full_every: float,
    full_asked: bool,
) -> Plan:
    """Choose the mode of the next run from the last one that was finished, and the last full one."""
    if full_asked:
        return Plan(FULL, "asked for")
    if last is None or last_full is None:
        return Plan(FULL, "first sync")
    if last.filters != filters:
        return Plan(FULL, "the filters changed")
    if last.held:
        return Plan(FULL, "the last sync held companies back")
    watermark, before, full_at = (read_time(text) for text in (last.watermark, last.server_time, last_full.server_time))
    if server_time is None or watermark is None or before is None or full_at is None:
        return Plan(FULL, "the server does not tell its time")
    margin = timedelta(seconds=overlap)
    if server_time < before - margin:
        return Plan(FULL, "the server's clock went back")
    if server_time - full_at > timedelta(seconds=full_every):
        return Plan(FULL, "the last full sync is too old")
    return Plan(INCREMENTAL, "changes since the last sync", watermark - margin)


def next_watermark(run: Run, previous: str) -> str:
    """Name the moment up to which the mirror is certain after `run`; empty when the server told no time."""
    began = read_time(run.server_time)
    if began is None:
        return ""
    newest = read_time(run.newest)
    if run.mode == INCREMENTAL:
        known = [moment for moment in (newest, read_time(previous)) if moment is not None]
        newest = max(known, default=None)
    return wire_time(min(began, newest) if newest is not None else began)
