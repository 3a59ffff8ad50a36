"""The part of the control API about faults: which requests they hit, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import orjson
from flask import Response, request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from mockcw.pipeline import World
from mockcw.pipeline.faults import FaultEffect, FaultMatch, FaultRule
from mockcw.web.answers import answer

Route = Callable[..., Callable[[Callable[..., Response]], None]]
LARGEST_COUNT = 2**53  # as JSON readers of any kind keep it exact
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
HeaderValue = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]*$")]


Count = Annotated[int, Field(ge=1, le=LARGEST_COUNT)]


def writable(body: Any) -> Any:
    """A body that can be written as JSON again. Raises ValueError."""
    try:
        orjson.dumps(body)
    except TypeError as error:
        raise ValueError(str(error)) from None
    return body


class MatchBody(BaseModel):
    """Which requests a fault hits; what is left out matches everything."""

    model_config = ConfigDict(extra="forbid")

    method: str | None = None
    path: str | None = Field(default=None, description="a path under the API root, `*` for any run of characters")
    member: str | None = Field(default=None, description="identifier of the member who asks")
    nth: Count = Field(default=1, description="the first matching request that is hit")
    times: Count | None = Field(default=None, description="how many are hit from then on; left out: all")


class EffectBody(BaseModel):
    """What a fault does."""

    model_config = ConfigDict(extra="forbid")

    status: int | None = Field(default=None, ge=200, le=599)
    body: Annotated[Any, AfterValidator(writable)] = None
    headers: dict[HeaderName, HeaderValue] = {}
    latency_ms: int = Field(default=0, ge=0, le=600_000)
    drop: Literal["before", "after"] | None = None
    truncate_bytes: int | None = Field(default=None, ge=0, le=LARGEST_COUNT)


class FaultBody(BaseModel):
    """A fault as POST faults takes it."""

    model_config = ConfigDict(extra="forbid")

    match: MatchBody = Field(default_factory=MatchBody)
    do: EffectBody

    def rule(self) -> FaultRule:
        """The fault in the pipeline's terms."""
        return FaultRule(FaultMatch(**self.match.model_dump()), FaultEffect(**self.do.model_dump()))


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
