"""Recorded traffic: requests out of a HAR file or the journal's own, sent again to see what a role does to them.

A request passes when its answer is what a role without limits gets: the same status, as many records, and filled every
field that was filled in the recording. Ids of records made during the recording are followed. Knows no vendor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from mockcw.advice.flow import Step
from mockcw.advice.running import (
    BLANK,
    EMPTY,
    FEWER,
    JSON,
    PASSED,
    VOID,
    Answer,
    Bench,
    Outcome,
    document_of_text,
    hidden,
    rows_of,
    spoken,
)
from mockcw.advice.situation import Situation
from mockcw.catalogue import Catalogue
from mockcw.errors import MockcwError

ROOT = re.compile(r"^.*?/apis/3\.0(?=/)", re.IGNORECASE)
LARGEST = 64 * 1024 * 1024
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
CITATION = "recorded traffic"
MADE = 201
FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded request of the API, with what it was answered."""

    step: Step
    query: str
    body: bytes
    media: str
    status: int
    answer: Any


@dataclass(frozen=True, slots=True)
class Traffic:
    """The requests of a recording in their order; `passed_over` counts those that are none of the API's."""

    recordings: tuple[Recording, ...]
    passed_over: int


def read_har(data: bytes, catalogue: Catalogue) -> Traffic:
    """The requests of an HTTP Archive. Raises MockcwError with what is wrong with the file."""
    if len(data) > LARGEST:
        raise MockcwError(f"the recording is larger than {LARGEST // 2**20} MiB: record less")
    try:
        entries = orjson.loads(data)["log"]["entries"]
        if not isinstance(entries, list):
            raise TypeError
    except orjson.JSONDecodeError as error:
        raise MockcwError(f"the recording is no JSON: {error}") from None
    except (KeyError, TypeError):
        raise MockcwError("the recording is no HTTP Archive: it has no log.entries") from None
    found = [one for number, entry in enumerate(entries, 1) if (one := recording_of(number, entry, catalogue))]
    if not found:
        raise MockcwError(f"none of the {len(entries)} requests in the recording is one of the API's")
    return Traffic(tuple(found), len(entries) - len(found))


def recording_of(number: int, entry: Any, catalogue: Catalogue) -> Recording | None:
    """One entry of an archive; None where it is no request of the API. Raises MockcwError for a broken one."""
    try:
        request, response = entry["request"], entry["response"]
        method, url = str(request["method"]).upper(), urlsplit(str(request["url"]))
        posted = request.get("postData") or {}
        body, media = str(posted.get("text") or ""), str(posted.get("mimeType") or JSON)
        answer, status = (response.get("content") or {}).get("text"), int(response["status"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise MockcwError(f"entry {number} of the recording has no request and response as HAR 1.2 has them") from None
    path, roots = ROOT.subn("", url.path)
    if not roots or method not in METHODS:
        return None
    try:
        operation = catalogue.match(method, path).operation
    except LookupError:
        return None
    step = Step(
        profile=CITATION,
        flow=f"request {number}",
        name=f"{method} {unquote(path)}",
        operation=operation,
        path=path,
        query={},
        body=None,
        status=status,
        rows=0,
        filled=(),
        equals={},
        keep={},
        words="The call is refused, or its answer lacks something.",
        citation=CITATION,
    )
    return Recording(step, url.query, body.encode(), media, status, document_of_text(answer))


class Replay:
    """Recorded requests on a bench; the answers of a role without limits are the measure.

    `granted` are the operations that are not refused even so.
    """

    def __init__(self, bench: Bench, recordings: Sequence[Recording]) -> None:
        self._bench = bench
        self._recordings = recordings
        bench.prepare(Situation({}, admin=True))
        self._measure = [answer for _, answer in self._answers()]
        self.granted = [
            one.step.operation
            for one, answer in zip(recordings, self._measure, strict=True)
            if answer.status != FORBIDDEN
        ]

    def run(self, situation: Situation, stop: bool = False) -> list[Outcome]:
        """What a situation does to each request; `stop` ends with the first that does not pass."""
        self._bench.prepare(situation)
        outcomes: list[Outcome] = []
        for (recording, answer), measure in zip(self._answers(), self._measure, strict=True):
            seen, detail = compared(answer, measure, recording.answer)
            outcomes.append(Outcome(recording.step, seen, detail, answer.reason, answer.decisions))
            if stop and seen != PASSED:
                break
        return outcomes

    def _answers(self) -> Iterator[tuple[Recording, Answer]]:
        """Each request with its answer, in turn; records made in the recording are found under their new ids."""
        moved: dict[str, str] = {}
        for one in self._recordings:
            path = followed(one.step.path, moved)
            answer = self._bench.send(one.step.operation.method, unquote(path), one.query, one.body, one.media)
            yield one, answer
            if one.status == answer.status == MADE and isinstance(one.answer, dict):
                old, new = one.answer.get("id"), (answer.document or {}).get("id")
                if old != new and old and new:
                    moved[f"{path}/{old}"] = f"{path}/{new}"


def followed(path: str, moved: Mapping[str, str]) -> str:
    """A path with the ids of records that have another one now."""
    for old, new in moved.items():
        if path == old or path.startswith(f"{old}/"):
            path = new + path[len(old) :]
    return path


def compared(answer: Answer, measure: Answer, recorded: Any) -> tuple[str, str]:
    """What a role makes of a request, beside what a role without limits makes of it and what was recorded."""
    if answer.status != measure.status:
        return spoken(answer)
    got, wanted = rows_of(answer.document), rows_of(measure.document)
    if got < wanted:
        return (FEWER if got else EMPTY), f"{got} of {wanted}"
    place = lacking(answer.document, measure.document, recorded)
    return (PASSED, "") if place is None else (BLANK, place)


def lacking(answer: Any, measure: Any, recorded: Any) -> str | None:
    """The place of a field that the recording has filled and a role without limits gets, and this answer lacks."""
    if isinstance(measure, dict) and isinstance(recorded, dict):
        have = answer if isinstance(answer, dict) else {}
        parts = [(name, have.get(name), measure[name], recorded[name]) for name in measure if name in recorded]
    elif isinstance(measure, list) and isinstance(recorded, list) and isinstance(answer, list) and recorded:
        like = [recorded[min(place, len(recorded) - 1)] for place in range(len(measure))]
        parts = [(str(place), *three) for place, three in enumerate(zip(answer, measure, like, strict=False))]
    else:
        return "" if blank(answer) and not blank(measure) and not blank(recorded) else None
    for name, *three in parts:
        place = lacking(*three)
        if place is not None:
            return f"{name}.{place}".rstrip(".")
    return None


def blank(value: Any) -> bool:
    """Whether nothing is to be seen in a field."""
    return value in VOID or hidden(value)
