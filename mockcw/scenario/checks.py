"""Did the client fall in, and is its duty done? Measures of records and requests, held against what they must be.

Reads records past roles and delays: what is there counts, not what somebody may see of it. Changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import Any, Literal
from urllib.parse import urlencode

import orjson

from mockcw.catalogue import Match
from mockcw.errors import ApiError, MockcwError
from mockcw.pipeline import Request, World, states
from mockcw.pipeline.faults import plain
from mockcw.pipeline.parse import listed
from mockcw.placeholders import NotKept, at, filled_in
from mockcw.scenario.file import Check, Condition

Word = Literal["trapped", "undone", "clean"]
WORDS: Mapping[Word, str] = {
    "trapped": "fell into the trap",
    "undone": "stayed out of the trap, but the duty is not done",
    "clean": "stayed out of the trap, and the duty is done",
}


class Unsaid:
    """What the client has not said (yet)."""


UNSAID = Unsaid()


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: whether it holds, what was found, what it had to be, and what happened where it does not hold."""

    holds: bool
    says: str
    found: Any
    expected: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How things stand for the client at this moment; `troubles` are other writers' steps that were refused."""

    scenario: str
    title: str
    traps: tuple[Finding, ...]
    duties: tuple[Finding, ...]
    happened: tuple[str, ...]
    troubles: tuple[str, ...]

    @property
    def trapped(self) -> bool:
        """Whether some trap was fallen into."""
        return not all(one.holds for one in self.traps)

    @property
    def done(self) -> bool:
        """Whether what was asked for is done."""
        return all(one.holds for one in self.duties)

    @property
    def word(self) -> Word:
        """`trapped`, `undone` or `clean`; a trap counts more than a duty."""
        return "trapped" if self.trapped else "clean" if self.done else "undone"

    def as_json(self) -> dict[str, Any]:
        """The verdict as data."""
        return {
            "scenario": self.scenario,
            "title": self.title,
            "verdict": self.word,
            "words": WORDS[self.word],
            "traps": [asdict(one) for one in self.traps],
            "duties": [asdict(one) for one in self.duties],
            "happened": list(self.happened),
            "troubles": list(self.troubles),
        }


@dataclass(slots=True)
class Seen:
    """What is known beside the records: values kept, what the client was answered, what it said of itself."""

    kept: dict[str, Any]
    replies: Counter[tuple[str, str, int]]
    answers: dict[str, Any]


def check(world: World, seen: Seen, asked: Check, *, unsaid: bool) -> Finding:
    """One check as things stand; `unsaid` is whether it holds while nobody has said or kept what it asks for.

    Raises MockcwError for one that cannot be measured.
    """
    found, expected = measured(world, seen, asked)
    if asked.when is not None:
        waited, bounds = measured(world, seen, asked.when)
        if waited is UNSAID or not fits(waited, bounds):
            return Finding(True, asked.says, shown(found), expected)
    holds = unsaid if found is UNSAID else fits(found, expected)
    return Finding(holds, asked.says, shown(found), expected)


def measured(world: World, seen: Seen, asked: Condition) -> tuple[Any, Mapping[str, Any]]:
    """A measure and its bounds; UNSAID where a value is asked for that was not kept (yet)."""
    try:
        return measure(world, seen, asked), filled_in(asked.bounds(), seen.kept)
    except NotKept:
        return UNSAID, asked.bounds()


def shown(found: Any) -> Any:
    """A measure as JSON can hold it."""
    if isinstance(found, Decimal):
        return int(found) if found == found.to_integral_value() else float(found)
    if isinstance(found, dict):
        return {name: value for name, value in found.items() if name != "_info"}
    return None if found is UNSAID else found


# -- measures ----------------------------------------------------------------------------------------------------------


def measure(world: World, seen: Seen, asked: Condition) -> Any:
    """A number, a text or a list; UNSAID where the client has to say it first. Raises MockcwError."""
    if asked.answer is not None:
        return seen.answers.get(asked.answer, UNSAID)
    if asked.requests is not None:
        return requests(seen.replies, filled_in(asked.requests, seen.kept), asked.status)
    try:
        if asked.records is not None:
            return records(world, filled_in(asked.records, seen.kept), filled_in(asked.query, seen.kept), asked.sum)
        return field(world, filled_in(asked.record, seen.kept), asked.field or "")
    except (ApiError, LookupError) as error:
        raise MockcwError(f"{asked.records or asked.record} cannot be measured: {error}") from None


def requests(replies: Counter[tuple[str, str, int]], wanted: str, status: int | None) -> int:
    """How many requests like `METHOD /path` were answered, with a status or with any."""
    return sum(
        n for (method, path, code), n in replies.items() if alike(method, path, wanted) and status in (None, code)
    )


def alike(method: str, path: str, wanted: str) -> bool:
    """Whether a request is like `METHOD /path`, where `*` stands for any run of characters."""
    verb, _, pattern = wanted.partition(" ")
    return method == verb.upper() and fnmatchcase(plain(path), plain(pattern))


def records(world: World, path: str, query: Mapping[str, str], added: str | None) -> int | Decimal:
    """How many records of a collection a query finds, or the sum of one of their fields."""
    found, collection = addressed(world, path)
    if world.rulebook.view(collection) is not None:
        raise MockcwError(f"{collection} holds nothing of its own: ask the collection that does")
    catalogue, store = world.catalogue, states.only(world).store
    asked = listed(
        world, Request("GET", path, urlencode(query), {}, b"", ""), catalogue.model(catalogue.row(collection).model)
    )
    depth = len(found.operation.parents)
    parent = int(found.ids[depth - 1]) if depth and "*" not in path else None
    if added is None:
        return store.count(collection, asked.where, parent=parent)
    values = (at(orjson.loads(doc), added) for _, doc in store.rows(collection, asked.where, parent=parent))
    try:
        return sum((Decimal(str(one)) for one in values if one is not None), Decimal())
    except InvalidOperation:
        raise MockcwError(f"sum: {added} holds no numbers") from None


def field(world: World, path: str, name: str) -> Any:
    """What stands in a field of a record; None where nothing does, or the record is gone."""
    found, collection = addressed(world, path)
    record_id = found.ids[len(found.operation.parents)]
    return at(states.only(world).engine.look.get(collection, int(record_id)), name)


def addressed(world: World, path: str) -> tuple[Match, str]:
    """What a GET of a path means, and the collection it is about."""
    found = world.catalogue.match("GET", path.replace("*", "1"))
    return found, found.operation.collection


# -- comparisons -------------------------------------------------------------------------------------------------------


def fits(found: Any, expected: Mapping[str, Any]) -> bool:
    """Whether a measure is all that it must be."""
    return all(COMPARISONS[name](found, value) for name, value in expected.items())


def same(found: Any, value: Any) -> bool:
    """Equal as a person would say it: numbers by value, lists whatever their order, texts without letter case."""
    if isinstance(value, list):
        return isinstance(found, list) and sorted(map(str, found)) == sorted(map(str, value))
    one, other = number(found), number(value)
    if one is not None and other is not None:
        return one == other
    return str(found).casefold() == str(value).casefold() if found is not None else False


def number(value: Any) -> Decimal | None:
    """A number, or how many things a list holds; None for what is neither."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, Sequence) and not isinstance(value, str):
        return Decimal(len(value))
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return None


def within(found: Any, least: Any, most: Any) -> bool:
    """Whether a number is within bounds; what is no number is not, and None is no bound."""
    size = number(found)
    low, high = number(least), number(most)
    return size is not None and (low is None or size >= low) and (high is None or size <= high)


COMPARISONS: Mapping[str, Any] = {
    "equals": same,
    "differs": lambda found, value: not same(found, value),
    "at_most": lambda found, value: within(found, None, value),
    "at_least": lambda found, value: within(found, value, None),
    "absent": lambda found, wanted: (found in (None, "", [])) == wanted,
}
