"""The part of the control API about faults: which are in force, another one, none."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request

from mockcw.pipeline import World
from mockcw.pipeline.faultform import FaultBody
from mockcw.web.answers import answer

Route = Callable[..., Callable[[Callable[..., Response]], None]]


def faults(world: World, route: Route) -> None:
    """Faults in force."""

    @route("/faults", "GET")
    def list_faults() -> Response:
        return answer([fault.as_json() for fault in world.faults.rules])

    @route("/faults", "POST")
    def add_fault() -> Response:
        rule = FaultBody.model_validate_json(request.get_data()).rule()
        return answer(world.faults.add(rule).as_json(), 201)

    @route("/faults", "DELETE")
    def clear_faults() -> Response:
        world.faults.clear()
        return answer({"cleared": True})
