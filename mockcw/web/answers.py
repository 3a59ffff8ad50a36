"""Replies of the pipeline as Flask's responses: bytes and headers as they are, or cut short by a fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response

from mockcw.clock import Clock
from mockcw.pipeline import Reply

FLUSHED = 0.05  # seconds in which the server sends what it has before the line is cut
PHRASES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Cut:
    """A body that ends the connection: after the bytes it has, the line is closed."""

    def __init__(self, body: bytes) -> None:
        self._parts = [body] if body else []
        self._sent = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._parts:
            self._sent = True
            return self._parts.pop()
        if self._sent:
            Clock.sleep(FLUSHED)
        raise ConnectionAbortedError("an injected fault closes the connection")


class Answer(Response):
    """A response whose bytes and headers go to the server as they are, without being read and copied on the way."""

    default_mimetype = None

    def __init__(self, status: int, headers: list[tuple[str, str]], body: Iterable[bytes]) -> None:
        super().__init__(status=status)
        self._plain = headers
        self._body = body

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Hand status, headers and body to the WSGI server."""
        code = self.status_code
        start_response(PHRASES.get(code) or f"{code} Unknown", self._plain)
        return self._body


def answer(value: Any, status: int = 200) -> Response:
    """A JSON answer of the control API."""
    return Response(orjson.dumps(value), status, content_type="application/json")


def response_of(reply: Reply, method: str) -> Answer:
    """A reply as a response; a 204 has no content to describe, a HEAD has a body that is not sent."""
    if reply.status == 204:
        return Answer(204, reply.headers, [b""])
    headers = [("Content-Type", reply.content_type), *reply.headers]
    if reply.drop or reply.truncate is not None:
        cut = b"" if reply.drop else reply.body[: reply.truncate]
        return Answer(reply.status or 200, [*headers, ("Content-Length", str(len(reply.body) + 1))], Cut(cut))
    headers.append(("Content-Length", str(len(reply.body))))
    return Answer(reply.status, headers, [b"" if method == "HEAD" else reply.body])
