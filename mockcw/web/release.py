"""The part of the control API about the release that the emulated cloud runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request
from pydantic import BaseModel, ConfigDict

from mockcw.clock import to_text
from mockcw.pipeline import World
from mockcw.web.answers import answer

Route = Callable[..., Callable[[Callable[..., Response]], None]]


class CodebaseBody(BaseModel):
    """What PUT codebase takes: the code base to move to."""

    model_config = ConfigDict(extra="forbid")

    codebase: str


def release(world: World, route: Route) -> None:
    """Which code base it is, and the move to another one."""

    def state() -> dict[str, Any]:
        now = world.release
        return {
            "codebase": now.codebase,
            "version": now.version,
            "since": None if now.since is None else to_text(now.since),
        }

    @route("/codebase", "GET")
    def read_codebase() -> Response:
        return answer(state())

    @route("/codebase", "PUT")
    def move_codebase() -> Response:
        body = CodebaseBody.model_validate_json(request.get_data())
        world.move_to(world.release.moved(body.codebase, world.clock.now()))
        return answer(state())
