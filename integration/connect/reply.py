"""What came back from the server, read but not yet understood.

Knows status, headers, body and the error envelope of the API; does not know what was asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final

import orjson

from integration.errors import ProtocolFault

# An escaped backslash before `u0000` makes it five harmless letters, so whole pairs of backslashes are stepped over.
_NUL: Final = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON.

        Raises ProtocolFault when it is none: a proxy, a log-in page or a gateway answered instead of the API.
        """
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise self._no_json() from None

    def exact_json(self) -> Any:
        """Read the body as JSON with every number that has a fraction as a Decimal, so that no cent is lost.

        Raises ProtocolFault as `json` does.
        """
        try:
            return json.loads(self.body, parse_float=Decimal, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise self._no_json() from None

    def _no_json(self) -> ProtocolFault:
        kind = self.headers.get("content-type", "no content type")
        return ProtocolFault(
            f"the answer is not JSON ({kind})", "check that the server's name is that of the API, not of a web page"
        )

    @property
    def server_time(self) -> datetime | None:
        """The server's clock, from its Date header."""
        return read_http_date(self.headers.get("date", ""))

    def complaint(self) -> str:
        """Say in one line what the server holds against the call.

        The envelope `code, message, errors[].message` is *captured*; a 429 has `error` for `code` (*captured*), and a
        gateway answers plain text (*captured*).
        """
        try:
            body = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return _one_line(self.body.decode("utf-8", "replace") if b"<" not in self.body[:200] else "")
        if not isinstance(body, dict):
            return ""
        texts = [str(body.get("message") or "")]
        inner = body.get("errors")
        if isinstance(inner, list):
            texts += [str(item.get("message") or "") for item in inner if isinstance(item, dict)]
        return _one_line("; ".join(text for text in texts if text))


def without_nul(reply: Reply) -> Reply:
    """Take escaped NUL characters out of a body; servers have been seen to send them, and PostgreSQL refuses them."""
    if b"\\u0000" not in reply.body:
        return reply
    return replace(reply, body=_NUL.sub(rb"\1", reply.body))


def read_http_date(text: str) -> datetime | None:
    """Read an HTTP date; None when it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _one_line(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= 300 else line[:297] + "..."
