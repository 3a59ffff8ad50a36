"""The part of the control API about a story on stage: which, how the client fares, what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request
from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

from mockcw.errors import MockcwError
from mockcw.pipeline import World
from mockcw.scenario import Stage, find, put_on, read
from mockcw.web.answers import answer

Route = Callable[..., Callable[[Callable[..., Response]], None]]
NONE = "no scenario is on stage: PUT one"


class StoryBody(BaseModel):
    """What PUT scenario takes: the id of a story that comes with the emulator, or the text of a story's file."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    text: str | None = None

    @model_validator(mode="after")
    def _one(self) -> StoryBody:
        if (self.name is None) == (self.text is None) or (self.name or "").endswith(".toml"):
            raise ValueError("say either name, of a story that comes with mockcw, or text, of a story's file")
        return self


def scenario(world: World, route: Route) -> None:
    """The story on stage."""

    def staged() -> Stage | None:
        return world.stage if isinstance(world.stage, Stage) else None

    @route("/scenario", "GET")
    def read_scenario() -> Response:
        stage = staged()
        return answer({"error": NONE}, 404) if stage is None else answer(stage.as_json())

    @route("/scenario", "PUT")
    def put_scenario() -> Response:
        body = StoryBody.model_validate_json(request.get_data() or b"{}")
        try:
            story = read(body.text) if body.text is not None else find(body.name or "")
            return answer(put_on(world, story).as_json())
        except MockcwError as error:
            raise ValueError(str(error)) from None

    @route("/scenario", "DELETE")
    def end_scenario() -> Response:
        world.stage = None
        return answer({"cleared": True})

    @route("/scenario/answers", "PUT")
    def say() -> Response:
        stage = staged()
        if stage is None:
            return answer({"error": NONE}, 404)
        stage.say(TypeAdapter(dict[str, Any]).validate_json(request.get_data()))
        return answer(stage.as_json())
