"""The file of a story: its state, its clock and faults, what happens meanwhile, its traps and its duties.

Reads TOML and says in one line, by its key, what is wrong with it. Sends nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from mockcw.catalogue import MethodNotSupported, Operation, RouteNotFound
from mockcw.catalogue import load as load_catalogue
from mockcw.errors import MockcwError
from mockcw.pipeline.faultform import FaultBody
from mockcw.placeholders import PLACEHOLDER
from mockcw.settings import CODEBASE, Settings

ADMIN = "Admin"
MEASURES = ("records", "record", "requests", "answer")
BOUNDS = ("equals", "differs", "at_most", "at_least", "absent")
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Number = int | float


def operation_of(request: str) -> Operation:
    """The published operation that `METHOD /path` is, ids or placeholders in it. Raises ValueError."""
    method, _, path = request.partition(" ")
    try:
        return load_catalogue().match(method, PLACEHOLDER.sub("1", path).replace("*", "1")).operation
    except (RouteNotFound, MethodNotSupported):
        raise ValueError(f"{request} is no published operation: write METHOD /path") from None


def published(request: str) -> str:
    """The request, which is a published operation. Raises ValueError."""
    operation_of(request)
    return request


Sent = Annotated[str, AfterValidator(published)]


class Part(BaseModel):
    """A part of the file: it has no other keys than these."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(Part):
    """One thing that somebody else than the client does; `{name}` stands for a value kept by an earlier step.

    `request` is sent by the member `by` and must succeed; `keep` says where in its answer later steps and checks find
    what they need. `set` puts values into a `record` as they stand: no rule is asked, as with old data that was never
    checked. `advance` moves the clock, `codebase` moves the cloud to another release, `lift_faults` ends all faults.
    """

    request: Sent | None = None
    query: dict[str, str | int] = {}
    body: Any = None
    keep: dict[str, str] = {}
    by: str = ADMIN
    record: str | None = None
    set: dict[str, Any] = {}
    advance: timedelta | None = None
    codebase: Annotated[str, StringConstraints(pattern=rf"^({CODEBASE.pattern})$")] | None = None
    lift_faults: bool = False

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if bool(self.record) != bool(self.set):
            raise ValueError("record and set belong together")
        said = (
            self.request is not None,
            bool(self.set),
            self.advance is not None,
            bool(self.codebase),
            self.lift_faults,
        )
        if sum(said) != 1:
            raise ValueError("say one of request, record with set, advance, codebase, lift_faults")
        if self.record:
            operation_of(f"GET {self.record}")
        return self


class Later(Step):
    """A step while the client works: once the `nth` request like `after` was answered, or `at` a moment."""

    after: str | None = Field(default=None, description="METHOD /path, `*` for any run of characters")
    nth: int = Field(default=1, ge=1)
    at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _when(self) -> Self:
        if (self.after is None) == (self.at is None):
            raise ValueError("say either after (a request) or at (a moment)")
        if self.after is not None and " /" not in self.after:
            raise ValueError("after must look like METHOD /path")
        return self


class Condition(Part):
    """One measure and what it must be.

    `records` counts the records of a collection that `query` finds (with `sum`: adds up that field; with `*` for ids in
    it: wherever they are), `record` reads the `field` of one, `requests` counts the client's requests (with `status`:
    those that were answered so), `answer` is what the client said of itself: a number, or a list, which is counted
    unless it is compared as it is.
    """

    records: str | None = None
    query: dict[str, str] = {}
    sum: str | None = None
    record: str | None = None
    field: str | None = None
    requests: str | None = None
    status: int | None = None
    answer: str | None = None
    equals: Any = None
    differs: Any = None
    at_most: Number | str | None = None
    at_least: Number | str | None = None
    absent: bool | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if len([name for name in MEASURES if getattr(self, name) is not None]) != 1:
            raise ValueError(f"say one of {', '.join(MEASURES)}")
        if not self.bounds():
            raise ValueError(f"say what it must be: {', '.join(BOUNDS)}")
        if (self.record is None) != (self.field is None):
            raise ValueError("record and field belong together")
        if self.records is not None and operation_of(f"GET {self.records}").verb != "list":
            raise ValueError(f"{self.records} is no collection")
        if self.record is not None and operation_of(f"GET {self.record}").verb != "get":
            raise ValueError(f"{self.record} is no record")
        return self

    def bounds(self) -> dict[str, Any]:
        """What the measure must be, by the name of the comparison."""
        return {name: value for name in BOUNDS if (value := getattr(self, name)) is not None}


class Check(Condition):
    """A condition that must hold, with what happened where it does not; with `when`, only once that holds."""

    says: Sentence
    when: Condition | None = None


class Start(Part):
    """Where the clock stands when the client begins, and whether it stands still."""

    now: AwareDatetime
    frozen: bool = False


class Mess(Part):
    """Shares of the callbacks' deliveries that something happens to."""

    twice: float = Field(default=0.0, ge=0, le=1)
    late: float = Field(default=0.0, ge=0, le=1)
    late_seconds: int = Field(default=2, ge=0, le=86_400)
    never: float = Field(default=0.0, ge=0, le=1)


def possible(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings that there are, with values they may have. Raises ValueError."""
    try:
        problem = Settings.named(settings).problem()
    except TypeError as error:
        raise ValueError(f"no such setting: {error}") from None
    if problem:
        raise ValueError(problem)
    return settings


class Story(Part):
    """A story: what a person reads, what is prepared, what happens, and how to see what came of it.

    `evidence` is how well it is known (H a guide or a recording, M reported from use, L inferred), `source` where it
    was told. `member` is the demo member whose keys the client uses. `given` is what the client is told.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-z]+(-[0-9a-z]+)*$")]
    title: Sentence
    story: Sentence
    evidence: Literal["H", "M", "L"]
    source: Sentence
    asks: Sentence
    member: str = "admin"
    demo: Literal["empty", "small", "msp", "large"] = "small"
    settings: Annotated[dict[str, Any], AfterValidator(possible)] = {}
    clock: Start
    disorder: Mess = Mess()
    given: dict[str, Any] = {}
    state: tuple[Step, ...] = ()
    fault: tuple[FaultBody, ...] = ()
    later: tuple[Later, ...] = ()
    trap: tuple[Check, ...] = Field(min_length=1)
    duty: tuple[Check, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _kept_before_used(self) -> Self:
        kept: set[str] = set()
        for key, part in self._parts():
            used = {name for name, optional in PLACEHOLDER.findall(part.model_dump_json()) if not optional}
            if used - kept:
                raise ValueError(f"{key} uses {{{min(used - kept)}}}, which no step before it keeps")
            if isinstance(part, Step):
                kept |= set(part.keep)
        told = {name for name, optional in PLACEHOLDER.findall(str(self.given)) if not optional}
        if told - {name for step in self.state for name in step.keep}:
            raise ValueError("given uses a value that no step of the state keeps")
        return self

    def summary(self) -> dict[str, str]:
        """The story in a list of stories."""
        return {name: str(getattr(self, name)) for name in ("id", "title", "evidence", "source", "member", "asks")}

    def _parts(self) -> Iterator[tuple[str, BaseModel]]:
        named: tuple[tuple[str, tuple[BaseModel, ...]], ...] = (
            ("state", self.state),
            ("fault", self.fault),
            ("later", self.later),
            ("trap", self.trap),
            ("duty", self.duty),
        )
        for name, parts in named:
            for place, part in enumerate(parts, 1):
                yield f"{name} {place}", part


def read(text: str, called: str = "the story") -> Story:
    """A story out of its file's text; `called` is what a refusal names it. Raises MockcwError with the key at fault."""
    try:
        return Story.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MockcwError(f"{called} is no TOML: {error}") from None
    except RecursionError:
        raise MockcwError(f"{called} is nested too deep") from None
    except ValidationError as error:
        found = error.errors()[0]
        key = ".".join(str(one + 1 if isinstance(one, int) else one) for one in found["loc"])
        raise MockcwError(
            f"{called}: {key + ': ' if key else ''}{found['msg'].removeprefix('Value error, ')}"
        ) from None


def folder() -> Any:
    """Where the stories are kept."""
    return files("mockcw.scenario").joinpath("stories")


@cache
def names() -> tuple[str, ...]:
    """The ids of the stories there are."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder().iterdir() if file.name.endswith(".toml")))


def find(name: str | Path) -> Story:
    """A story by its id, by the number its id begins with, or a file by its path. Raises MockcwError."""
    text = str(name)
    if text.endswith(".toml"):
        try:
            return read(Path(name).read_text("utf-8"), Path(name).name)
        except (OSError, UnicodeDecodeError) as error:
            raise MockcwError(f"{name} cannot be read: {getattr(error, 'strerror', None) or 'no UTF-8'}") from None
    number = text.zfill(2) if text.isdigit() else text
    found = next((one for one in names() if number in (one, one.partition("-")[0])), None)
    if found is None:
        raise MockcwError(f"no scenario {text!r}: there are {', '.join(names())}")
    return read(folder().joinpath(f"{found}.toml").read_text("utf-8"), f"{found}.toml")
