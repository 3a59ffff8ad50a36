"""Faults on demand: which request they hit and what they do, counted so that one can fire first, nth or N times."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, Literal
from urllib.parse import unquote_plus


@dataclass(frozen=True, slots=True)
class FaultMatch:
    """Which requests a fault hits; what is None matches everything.

    `path` is a path under the API root and `query` a query string in plain text, both with `*` for any run of
    characters; `longer_than` is how many characters the two have at most to be spared; `nth` is the first matching
    request that is hit, `times` how many are hit from then on (None: all).
    """

    method: str | None = None
    path: str | None = None
    query: str | None = None
    longer_than: int | None = None
    member: str | None = None
    nth: int = 1
    times: int | None = None


@dataclass(frozen=True, slots=True)
class FaultEffect:
    """What a fault does: another answer, a delay, a closed connection, a cut body."""

    status: int | None = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    latency_ms: int = 0
    drop: Literal["before", "after"] | None = None
    truncate_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault to put in force."""

    match: FaultMatch
    do: FaultEffect


def set_fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass that say something."""
    return {one.name: held for one in fields(value) if (held := getattr(value, one.name)) not in (None, {}, 0)}


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
            "match": set_fields(self.rule.match),
            "do": set_fields(self.rule.do),
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

    def kept(self) -> dict[str, Any]:
        """The rules in force with their counts, as JSON may hold them."""
        with self._lock:
            return {"next": self._next, "rules": [asdict(fault) for fault in self.rules]}

    def back_to(self, kept: Mapping[str, Any]) -> None:
        """Have the rules in force that `kept` tells, as often fired as they were."""
        with self._lock:
            self._next = kept["next"]
            self.rules = [
                Fault(
                    one["id"],
                    FaultRule(FaultMatch(**one["rule"]["match"]), FaultEffect(**one["rule"]["do"])),
                    one["matched"],
                    one["fired"],
                )
                for one in kept["rules"]
            ]

    def hit(self, method: str, path: str, member: str | None, query: str = "") -> FaultEffect | None:
        """The effect that strikes this request, if any; the first rule that fires wins. `query` is as it was sent."""
        with self._lock:
            for fault in self.rules:
                if not matches(fault.rule.match, method, path, member, query):
                    continue
                fault.matched += 1
                match = fault.rule.match
                if fault.matched >= match.nth and (match.times is None or fault.fired < match.times):
                    fault.fired += 1
                    return fault.rule.do
        return None


def matches(match: FaultMatch, method: str, path: str, member: str | None, query: str = "") -> bool:
    """Whether a request is of the kind a rule names."""
    if match.method is not None and match.method.upper() != method:
        return False
    if match.member is not None and (member is None or match.member.lower() != member.lower()):
        return False
    if match.longer_than is not None and len(path) + len(query) <= match.longer_than:
        return False
    if match.query is not None and not fnmatchcase(unquote_plus(query).lower(), star_only(match.query.lower())):
        return False
    return match.path is None or fnmatchcase(plain(path), plain(match.path))


def star_only(pattern: str) -> str:
    """A pattern in which nothing but `*` is special: conditions are full of brackets."""
    return pattern.replace("[", "[[]").replace("?", "[?]")


def plain(path: str) -> str:
    """A path as the router reads it: letter case, doubled and trailing slashes do not count."""
    return "/" + "/".join(part for part in path.lower().split("/") if part)
