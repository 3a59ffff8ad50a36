"""Faults on demand: which request they hit and what they do. Counted, so that a fault can fire first, nth, or N times."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class FaultMatch(BaseModel):
    """Which requests a fault hits; what is left out matches everything."""

    model_config = ConfigDict(extra="forbid")

    method: str | None = None
    path: str | None = Field(None, description="a path under the API root, `*` for any run of characters")
    member: str | None = Field(None, description="identifier of the member who asks")
    nth: int = Field(1, ge=1, description="the first matching request that is hit")
    times: int | None = Field(None, ge=1, description="how many are hit from then on; left out: all")


class FaultEffect(BaseModel):
    """What a fault does."""

    model_config = ConfigDict(extra="forbid")

    status: int | None = Field(None, ge=100, le=599)
    body: Any = None
    headers: dict[str, str] = {}
    latency_ms: int = Field(0, ge=0, le=600_000)
    drop: Literal["before", "after"] | None = None
    truncate_bytes: int | None = Field(None, ge=0)


class FaultRule(BaseModel):
    """A fault as the control API takes it."""

    model_config = ConfigDict(extra="forbid")

    match: FaultMatch = FaultMatch()
    do: FaultEffect


@dataclass(slots=True)
class Fault:
    """A rule in force, with how often it matched and how often it fired."""

    id: int
    rule: FaultRule
    matched: int = 0
    fired: int = 0

    def as_json(self) -> dict[str, Any]:
        """The rule and its counts."""
        return {
            "id": self.id,
            **self.rule.model_dump(exclude_none=True),
            "matched": self.matched,
            "fired": self.fired,
        }


@dataclass(slots=True)
class Faults:
    """The rules in force; falsy when there are none, so that the pipeline can pass by."""

    rules: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _next: int = 1

    def __bool__(self) -> bool:
        return bool(self.rules)

    def add(self, rule: FaultRule) -> Fault:
        """Put a rule in force."""
        with self._lock:
            fault = Fault(self._next, rule)
            self._next += 1
            self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """Lift all rules."""
        with self._lock:
            self.rules.clear()

    def hit(self, method: str, path: str, member: str | None) -> FaultEffect | None:
        """The effect that strikes this request, if any; the first rule that fires wins."""
        with self._lock:
            for fault in self.rules:
                if not matches(fault.rule.match, method, path, member):
                    continue
                fault.matched += 1
                match = fault.rule.match
                if fault.matched >= match.nth and (match.times is None or fault.fired < match.times):
                    fault.fired += 1
                    return fault.rule.do
        return None


def matches(match: FaultMatch, method: str, path: str, member: str | None) -> bool:
    """Whether a request is of the kind a rule names."""
    if match.method is not None and match.method.upper() != method:
        return False
    if match.member is not None and (member is None or match.member.lower() != member.lower()):
        return False
    return match.path is None or fnmatchcase(path.lower().rstrip("/"), match.path.lower().rstrip("/"))
