"""The flows of the five vendor guides as data: real requests, what must come back, what the user sees when it does not.

Reads `flows/*.toml`; a guide is cited by place, never quoted. Sends nothing: `running` does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from mockcw.catalogue import Catalogue, Operation
from mockcw.catalogue import load as load_catalogue
from mockcw.errors import MockcwError
from mockcw.placeholders import PLACEHOLDER

STATUS = {"GET": 200, "POST": 201, "PUT": 200, "PATCH": 200, "DELETE": 204}


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a flow and what makes it a success.

    In path, query and body `{name}` stands for a value kept by an earlier step, `{name?}` for one that the vendor does
    without. `rows` is how many records must come back at least, `filled` the fields that may not be blank, `equals`
    the fields with a certain value, `keep` where in the answer later steps find what they need: names and positions
    joined by dots. `words` say what the user of the integration sees when it fails, `citation` where the guide asks
    for it.
    """

    profile: str
    flow: str
    name: str
    operation: Operation
    path: str
    query: Mapping[str, Any]
    body: Any
    status: int
    rows: int
    filled: tuple[str, ...]
    equals: Mapping[str, Any]
    keep: Mapping[str, str]
    words: str
    citation: str

    @property
    def key(self) -> str:
        """The step's name within its profile."""
        return f"{self.flow}: {self.name}"


@dataclass(frozen=True, slots=True)
class Profile:
    """A vendor's integration: the role its guide asks for, and its flows in the order of the guide."""

    name: str
    title: str
    guide: str
    role: str
    steps: tuple[Step, ...]


@cache
def profile_names() -> tuple[str, ...]:
    """The profiles there are."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder().iterdir() if file.name.endswith(".toml")))


@cache
def profile_of(name: str) -> Profile:
    """A profile by its name. Raises MockcwError with the names there are."""
    if name not in profile_names():
        raise MockcwError(f"no profile {name!r}: there are {', '.join(profile_names())}")
    return read_profile(folder().joinpath(f"{name}.toml").read_text("utf-8"), load_catalogue())


def steps_of(name: str) -> tuple[Step, ...]:
    """The steps of a profile's flows. Raises MockcwError."""
    return profile_of(name).steps


def folder() -> Any:
    """Where the flows are kept."""
    return files("mockcw.advice").joinpath("flows")


def read_profile(text: str, catalogue: Catalogue) -> Profile:
    """A profile out of its file; every request is one of the published operations. Raises MockcwError."""
    told = tomllib.loads(text)
    name = told["profile"]
    steps = tuple(
        read_step(name, flow["name"], {"cite": flow.get("cite", ""), **step}, catalogue)
        for flow in told["flow"]
        for step in flow["step"]
    )
    return Profile(name, told["title"], told["guide"], told["role"], steps)


def read_step(profile: str, flow: str, told: Mapping[str, Any], catalogue: Catalogue) -> Step:
    """One step. Raises MockcwError for a request that is no operation of the catalogue."""
    method, _, path = told["request"].partition(" ")
    try:
        operation = catalogue.match(method, PLACEHOLDER.sub("1", path))[0]
    except LookupError:
        raise MockcwError(f"{profile}, {flow}: {told['request']} is no published operation") from None
    return Step(
        profile=profile,
        flow=flow,
        name=told["name"],
        operation=operation,
        path=path,
        query=told.get("query", {}),
        body=told.get("body"),
        status=told.get("status", STATUS[method]),
        rows=told.get("rows", 0),
        filled=tuple(told.get("filled", ())),
        equals=told.get("equals", {}),
        keep=told.get("keep", {}),
        words=told["sees"],
        citation=told["cite"],
    )
