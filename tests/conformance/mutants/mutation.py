"""How a mutant is made: a WSGI middleware that falsifies requests or replies of an honest emulator.

Knows HTTP only; nothing of how the emulator works inside.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote_plus
from wsgiref.types import WSGIApplication


@dataclass(frozen=True)
class Asked:
    """A request as the middleware sees it; header names are lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def readable(self) -> str:
        """The query string with its percent signs decoded."""
        return unquote_plus(self.query)

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters, decoded, in their order."""
        return [
            (unquote_plus(name), unquote_plus(value))
            for name, _, value in (part.partition("=") for part in self.query.split("&") if part)
        ]

    def with_pairs(self, pairs: Iterable[tuple[str, str]]) -> Asked:
        """The same request with other parameters."""
        return replace(self, query="&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs))


@dataclass(frozen=True)
class Answered:
    """A reply."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def with_header(self, name: str, value: str | None) -> Answered:
        kept = [(key, old) for key, old in self.headers if key.lower() != name.lower()]
        return replace(self, headers=kept if value is None else [*kept, (name, value)])

    def with_body(self, body: bytes | str) -> Answered:
        raw = body.encode() if isinstance(body, str) else body
        return replace(self, body=raw).with_header("Content-Length", str(len(raw)))

    def with_json(self, data: Any) -> Answered:
        return self.with_body(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


Ask = Callable[[Asked], Answered]
Mutant = Callable[[Asked, Ask], Answered]
When = Callable[[Asked, Answered | None], bool]


def mutated(application: WSGIApplication, mutant: Mutant) -> WSGIApplication:
    """The application as the mutant shows it."""

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
        }
        body = environ["wsgi.input"].read()
        asked = Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], headers, body)
        answered = mutant(asked, lambda request: call(application, environ, request))
        start_response(f"{answered.status} Mutated", answered.headers)
        return [answered.body]

    return answer


def call(application: WSGIApplication, environ: dict[str, Any], asked: Asked) -> Answered:
    """What the honest application answers."""
    told = {name: value for name, value in environ.items() if not name.startswith(("HTTP_", "CONTENT_"))}
    for name, value in asked.headers.items():
        key = name.upper().replace("-", "_")
        told[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    if asked.body or "CONTENT_LENGTH" in told:
        told["CONTENT_LENGTH"] = str(len(asked.body))
    target = quote(asked.path.encode("latin-1")) + (f"?{asked.query}" if asked.query else "")
    told |= {
        "REQUEST_METHOD": asked.method,
        "PATH_INFO": asked.path,
        "QUERY_STRING": asked.query,
        "RAW_URI": target,
        "REQUEST_URI": target,
        "wsgi.input": io.BytesIO(asked.body),
    }
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started[:] = [status, headers]
        return lambda data: None

    parts = application(told, start_response)
    try:
        body = b"".join(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    return Answered(int(started[0].split(" ", 1)[0]), list(started[1]), body)


def when(
    path: str = "",
    method: str = "",
    *,
    query: str = "",
    body: str = "",
    status: str = "",
    header: str = "",
    also: Callable[[Asked], bool] = lambda asked: True,
) -> When:
    """Where a mutant acts: every pattern that is given must be found (`query` in the decoded query)."""

    def holds(asked: Asked, answered: Answered | None) -> bool:
        return bool(
            re.search(path, asked.path)
            and re.fullmatch(method or ".*", asked.method)
            and re.search(query, asked.readable)
            and re.search(body, asked.body[:5000].decode("utf-8", "replace"))
            and (answered is None or re.fullmatch(status or r"\d+", str(answered.status)))
            and (not header or header.lower() in asked.headers)
            and also(asked)
        )

    return holds


def reply(where: When, change: Callable[[Answered], Answered]) -> Mutant:
    """A mutant that falsifies replies."""

    def mutant(asked: Asked, ask: Ask) -> Answered:
        answered = ask(asked)
        return change(answered) if where(asked, answered) else answered

    return mutant


def request(where: When, change: Callable[[Asked], Asked]) -> Mutant:
    """A mutant that falsifies requests."""
    return lambda asked, ask: ask(change(asked) if where(asked, None) else asked)


def swallow(where: When, status: int = 200, body: str = "{}") -> Mutant:
    """A mutant that answers by itself and does nothing."""
    return lambda asked, ask: Answered(status, [], body.encode()) if where(asked, None) else ask(asked)


def status(number: int, where: When) -> Mutant:
    """Another status."""
    return reply(where, lambda answered: replace(answered, status=number))


def instead(number: int, body: str, where: When) -> Mutant:
    """Another status and another body."""
    return reply(where, lambda answered: replace(answered, status=number).with_body(body))


def text(pattern: str, replacement: str, where: When) -> Mutant:
    """Another wording of the body."""
    return reply(where, lambda answered: answered.with_body(re.sub(pattern, replacement, answered.text)))


def header(name: str, value: str | None, where: When) -> Mutant:
    """A header set, or taken away."""
    return reply(where, lambda answered: answered.with_header(name, value))


def header_text(name: str, pattern: str, replacement: str | Callable[[re.Match[str]], str], where: When) -> Mutant:
    """Another wording of a header that is there."""

    def change(answered: Answered) -> Answered:
        old = answered.header(name)
        return answered if old is None else answered.with_header(name, re.sub(pattern, replacement, old))

    return reply(where, change)


def data(change: Callable[[Any], Any], where: When) -> Mutant:
    """Other JSON data in the body."""
    return reply(where, lambda answered: answered.with_json(change(json.loads(answered.body))))


def records(change: Callable[[dict[str, Any]], dict[str, Any]], where: When) -> Mutant:
    """Every record of the body changed, whether it is one or a list."""
    return data(lambda found: [change(row) for row in found] if isinstance(found, list) else change(found), where)


def errors(change: Callable[[dict[str, Any]], dict[str, Any]], where: When) -> Mutant:
    """Every item of `errors` changed."""
    return data(lambda found: {**found, "errors": [change(item) for item in found.get("errors", [])]}, where)


def parameter(name: str, change: Callable[[str], str | None], where: When) -> Mutant:
    """A parameter of the query changed, or dropped when `change` gives None."""

    def falsify(asked: Asked) -> Asked:
        pairs = [(key, change(value) if key.lower() == name.lower() else value) for key, value in asked.pairs()]
        return asked.with_pairs((key, value) for key, value in pairs if value is not None)

    return request(where, falsify)


def conditions(pattern: str, replacement: str) -> Mutant:
    """Conditions read as something else."""
    return parameter("conditions", lambda value: re.sub(pattern, replacement, value), when())


def without(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Records without these members."""
    return lambda record: {name: value for name, value in record.items() if name not in names}


def having(**members: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Records with these members."""
    return lambda record: {**record, **members}
