"""Step 4: injected faults and the rate limit."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Self

import orjson

from mockcw.errors import TooManyRequests
from mockcw.pipeline.faults import FaultEffect
from mockcw.pipeline.request import Reply
from mockcw.settings import Settings

WINDOW = timedelta(minutes=1)


@dataclass(slots=True)
class RateLimit:
    """Requests a minute of one company, counted in a window that starts with the first request.

    By the emulated clock: while that stands still, the window does not end.
    """

    _started: datetime | None = None
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def told(cls, kept: Sequence[Any]) -> Self:
        """The limit as it stood."""
        started, count = kept
        return cls(datetime.fromisoformat(started) if started else None, count)

    def kept(self) -> Sequence[Any]:
        """When the window began and how many it counted, as JSON may hold it."""
        return [self._started.isoformat() if self._started else None, self._count]

    def check(self, settings: Settings, now: datetime) -> None:
        """Count a request. Raises TooManyRequests when the window is full."""
        if not settings.rate_limit:
            return
        with self._lock:
            if self._started is None or not timedelta() <= now - self._started < WINDOW:
                self._started, self._count = now, 0
            self._count += 1
            if self._count <= settings.rate_limit:
                return
            seconds = ceil((self._started + WINDOW - now).total_seconds())
        raise TooManyRequests(
            settings.rate_limit_message.format(seconds=seconds),
            headers=(("Retry-After", str(seconds)),),
            reason="the rate limit is reached",
        )


def faulty_reply(effect: FaultEffect) -> Reply | None:
    """The reply a fault gives instead of the operation's, or None when the operation still runs."""
    if effect.drop == "before":
        return Reply(0, drop=True)
    if effect.status is None:
        return None
    body = effect.body if isinstance(effect.body, str) else orjson.dumps(effect.body).decode()
    return Reply(effect.status, b"" if effect.body is None else body.encode())


def alter(effect: FaultEffect, reply: Reply) -> Reply:
    """What a fault does to a reply, whether the operation ran, failed, or was not asked."""
    reply.drop = reply.drop or effect.drop == "after"
    reply.truncate = effect.truncate_bytes
    for name, value in effect.headers.items():
        if name.lower() == "content-type":
            reply.content_type = value
        else:
            reply.headers.append((name, value))
    return reply
