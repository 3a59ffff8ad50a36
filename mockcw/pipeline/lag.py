"""Search lag: for a while a new record is there by id, and no list, count, search, bundle or report finds it.

That there is such a lag was reported of agreements; how long it lasts, and of what else, is the setting `search_lag`.
It runs by the emulated clock from the moment that `_info` names as the record's first. What is worked out of other
records (views) shows them at once. Knows no query language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from mockcw.clock import Clock, to_text
from mockcw.pipeline.journal import Exchange
from mockcw.store import Where

CAUSE = "search-lag"
ENTERED = "json_extract(doc,'$._info.dateEntered')"


class Found(NamedTuple):
    """What a search finds of a collection at a moment, and what it does not find yet."""

    now: Where
    later: Where


@dataclass(frozen=True, slots=True)
class SearchLag:
    """The seconds that each collection's new records stay out of searches."""

    spans: Mapping[str, int]
    clock: Clock

    def of(self, collection: str) -> Found | None:
        """What a search finds of a collection; None: everything. A record of the future was always there."""
        span = self.spans.get(collection)
        if not span:
            return None
        now = self.clock.now()
        params = (to_text(now - timedelta(seconds=span)), to_text(now))
        late = f"coalesce({ENTERED} > ? AND {ENTERED} <= ?, 0)"
        return Found(Where(f"NOT {late}", params), Where(late, params))


def tell(exchange: Exchange, held: int) -> None:
    """Let the journal say that records were held back; what else narrowed the request stays its cause."""
    said = f"{held} found too new for searches (setting search_lag): {CAUSE}"
    exchange.reason = f"{exchange.reason}; {said}" if exchange.reason else said
    exchange.cause = exchange.cause or CAUSE
