"""The part of the control API about the emulated time: read, set, frozen, advanced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Response, request
from pydantic import BaseModel, ConfigDict

from mockcw.clock import from_text, to_text
from mockcw.pipeline import World
from mockcw.pipeline.passing import advance, deliver, reached
from mockcw.web.answers import answer

Route = Callable[..., Callable[[Callable[..., Response]], None]]


class ClockChange(BaseModel):
    """What PUT clock takes: a moment, frozen or not, or a span to advance by."""

    model_config = ConfigDict(extra="forbid")

    now: str | None = None
    frozen: bool | None = None
    advance: timedelta | None = None


def clock(world: World, route: Route) -> None:
    """The emulated time."""

    def clock_state() -> Response:
        return answer({"now": to_text(world.clock.now()), "frozen": world.clock.frozen})

    @route("/clock", "GET")
    def read_clock() -> Response:
        return clock_state()

    @route("/clock", "PUT")
    def set_clock() -> Response:
        change = ClockChange.model_validate_json(request.get_data() or b"{}")
        moment = None if change.now is None else from_text(change.now)
        if change.advance is not None:  # what cannot be reached is said before anything is moved
            reached(moment or world.clock.now(), change.advance)
        if moment is not None or change.frozen is not None:
            world.clock.set(moment, frozen=change.frozen)
        if change.advance is not None:
            advance(world, change.advance)
        deliver(world)
        return clock_state()
