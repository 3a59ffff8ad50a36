"""What may come over a request before its operation has a say: too many at once, a company that is just being moved.

The text of the 500 is captured; when the real server gives it is not known, so both are settings that are off.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mockcw.catalogue import Operation
from mockcw.errors import NotFound, ServerFault
from mockcw.pipeline.request import Request
from mockcw.pipeline.world import World

BY_ID = ("get", "info_get")


class Crowd:
    """How many requests are being answered or wait for their turn."""

    def __init__(self) -> None:
        self._inside = 0
        self._lock = threading.Lock()

    @contextmanager
    def one_more(self) -> Iterator[int]:
        """For as long as a request is inside; with it there are so many."""
        with self._lock:
            self._inside += 1
            inside = self._inside
        try:
            yield inside
        finally:
            with self._lock:
                self._inside -= 1


def require_room(world: World, request: Request) -> None:
    """Of more requests at once than the setting allows, those that come last fail. Raises ServerFault."""
    limit = world.settings.overload_requests
    if limit and request.crowd > limit:
        said = f"{request.crowd} requests at once, and the setting overload_requests is {limit}"
        raise ServerFault(world.settings.overload_message, reason=said, cause="overload")


def require_settled(world: World, operation: Operation, ids: tuple[int | str, ...]) -> None:
    """For a while after a move a record asked for by id is not there, if the setting says so. Raises NotFound."""
    seconds = world.settings.moved_codebase_404_seconds
    if seconds and operation.verb in BY_ID and world.release.settling(world.clock.now(), seconds):
        caption = world.catalogue.model(world.catalogue.row(operation.collection).model).caption
        said = f"the code base moved less than {seconds} seconds ago (setting moved_codebase_404_seconds)"
        raise NotFound(f"{caption} {ids[-1]} not found", reason=said, cause="codebase-moved")
