"""How a fault is written: in the control API and in the files of stories. Knows what a fault is; puts none in force."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from mockcw.pipeline.faults import FaultEffect, FaultMatch, FaultRule

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
    query: str | None = Field(default=None, description="the query string in plain text, `*` for any run of characters")
    longer_than: Count | None = Field(default=None, description="characters that path and query have at most")
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
    """A fault as it is written."""

    model_config = ConfigDict(extra="forbid")

    match: MatchBody = Field(default_factory=MatchBody)
    do: EffectBody

    def rule(self) -> FaultRule:
        """The fault in the pipeline's terms."""
        return FaultRule(FaultMatch(**self.match.model_dump()), FaultEffect(**self.do.model_dump()))
