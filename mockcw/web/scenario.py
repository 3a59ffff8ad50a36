"""The part of the control API about a story on stage: which, how the client fares, what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request
from pydantic import BaseModel, ConfigDict, RootModel, model_validator

from mockcw.errors import MockcwError, NotFound
from mockcw.pipeline import World
from mockcw.scenario import Stage, find, names, put_on, read
from mockcw.web.answers import answer

Route = Callable[..., Callable[[Callable[..., Response]], None]]


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


class AnswersBody(RootModel[dict[str, Any]]):
    """What PUT scenario/answers takes: what the client says of itself, by the names that the story asks for."""


def scenario(world: World, route: Route) -> None:
    """The story on stage."""

    def staged() -> Stage:
        if isinstance(world.stage, Stage):
            return world.stage
        raise NotFound("no scenario is on stage: PUT one")

    def verdict() -> Response:
        try:
            return answer(staged().as_json())
        except MockcwError as error:
            raise ValueError(str(error)) from None

    @route("/scenarios", "GET")
    def list_scenarios() -> Response:
        return answer([find(name).summary() for name in names()])

    @route("/scenario", "GET")
    def read_scenario() -> Response:
        return verdict()

    @route("/scenario", "PUT")
    def put_scenario() -> Response:
        body = StoryBody.model_validate_json(request.get_data() or b"{}")
        try:
            story = read(body.text) if body.text is not None else find(body.name or "")
            put_on(world, story)
        except MockcwError as error:
            raise ValueError(str(error)) from None
        return verdict()

    @route("/scenario", "DELETE")
    def end_scenario() -> Response:
        world.stage = None
        return answer({"cleared": True})

    @route("/scenario/answers", "PUT")
    def say() -> Response:
        staged().say(AnswersBody.model_validate_json(request.get_data()).root)
        return verdict()
