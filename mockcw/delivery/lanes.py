"""The order of what waits: a lane for each record of each callback, in which only the first may be on its way.

Knows numbers and moments; knows no store and no network. Not safe for several threads: its owner locks.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Waiting:
    """A delivery that waits: its number, the lane it must keep to, and when it may go."""

    id: int
    lane: str
    due: datetime


class Lanes:
    """What waits, lane by lane; the heads of the lanes by when they are due."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Waiting]] = {}
        self._heads: list[tuple[datetime, int, str]] = []

    def __len__(self) -> int:
        """How many deliveries wait or are on their way."""
        return sum(map(len, self._lanes.values()))

    def add(self, one: Waiting) -> None:
        """Put a delivery at the end of its lane."""
        lane = self._lanes.setdefault(one.lane, deque())
        lane.append(one)
        if len(lane) == 1:
            self._offer(one)

    def take(self, now: datetime) -> Waiting | None:
        """The next delivery that is due; its lane stands still until `done` or `again`."""
        if not self._heads or self._heads[0][0] > now:
            return None
        return self._lanes[heapq.heappop(self._heads)[2]][0]

    def done(self, one: Waiting) -> None:
        """The delivery taken is over: the next one of its lane may go."""
        lane = self._lanes[one.lane]
        lane.popleft()
        if lane:
            self._offer(lane[0])
        else:
            del self._lanes[one.lane]

    def again(self, one: Waiting, due: datetime) -> None:
        """The delivery taken waits for another try, and with it its lane."""
        one.due = due
        self._offer(one)

    def next_due(self) -> datetime | None:
        """When the next delivery may go; None while nothing waits."""
        return self._heads[0][0] if self._heads else None

    def _offer(self, one: Waiting) -> None:
        heapq.heappush(self._heads, (one.due, one.id, one.lane))
