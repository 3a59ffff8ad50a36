"""Step 8: the one place where an error becomes bytes, and where the headers common to all answers are set."""

from __future__ import annotations

import json
from typing import Any

import orjson

from mockcw.clock import Clock, to_http
from mockcw.errors import ApiError, TooManyRequests
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.request import Reply
from mockcw.settings import Settings

NO_FILE = "<html><head><title>404 - File or directory not found.</title></head></html>"


def pretty(value: Any) -> bytes:
    """JSON the way the real server prints errors: two blanks of indent, CRLF line ends (captured)."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).replace(b"\n", b"\r\n")


def error_body(error: ApiError) -> dict[str, Any]:
    """An error as data; an empty list of details is left out (captured on newer servers)."""
    key = "error" if isinstance(error, TooManyRequests) else "code"
    body: dict[str, Any] = {key: error.code, "message": error.message}
    if error.errors:
        body["errors"] = [
            {"code": one.code, "message": one.message, "resource": one.resource, "field": one.field}
            for one in error.errors
        ]
    return body


def error_reply(error: ApiError) -> Reply:
    """An error as a reply."""
    return Reply(error.status, pretty(error_body(error)), list(error.headers))


def plain_reply(status: int, text: str) -> Reply:
    """Plain text, as the gateway answers before any API code runs (captured)."""
    return Reply(status, text.encode(), content_type="text/plain; charset=utf-8")


def no_file() -> Reply:
    """The web server's page for a path where nothing is (captured)."""
    return Reply(404, NO_FILE.encode(), content_type="text/html")


def finish(settings: Settings, clock: Clock, exchange: Exchange, reply: Reply, explain: bool) -> Reply:
    """Add what every answer carries; the date is the server's own unless the emulated time is another."""
    headers = reply.headers
    if clock.moved:
        headers.append(("Date", to_http(clock.now())))
    headers.append(("x-cw-request-id", exchange.id))
    headers.append(("api-current-version", settings.codebase.removeprefix("v").replace("_", ".")))
    headers.append(("x-mockcw-permissions", settings.permissions))
    if explain:
        headers.append(("x-mockcw-decision", json.dumps(exchange.verdict(reply.status))))
    return reply
