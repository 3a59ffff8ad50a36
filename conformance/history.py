"""Every exchange with a target, append-only, with the secrets taken out before anything is kept.

Knows requests and replies as text; knows no check and does no network. An exchange is written to the event log the
moment it is over, so a run that dies leaves its history behind.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from conformance.events import EventLog

MASK = "***"
BODY_LIMIT = 16_384
"""Characters of a body that are kept; the rest is named by its length."""

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "clientid"})
_SECRET_MEMBERS = re.compile(
    r'("(?:public_?key|private_?key|password|signing_?key|control_?token|client_?id)"\s*:\s*)"(?:[^"\\]|\\.)*"',
    re.IGNORECASE,
)

Headers = tuple[tuple[str, str], ...]


class Redactor:
    """Takes secrets out of text: known values wherever they stand, and values of members and headers known by name.

    Args:
        secrets: literal values that must never be kept, for instance private keys.
    """

    def __init__(self, secrets: Iterable[str] = ()):
        known = {secret for secret in secrets if len(secret) >= 6}
        known |= {base64.b64encode(secret.encode()).decode() for secret in known}
        self._known = tuple(sorted(known, key=len, reverse=True))

    def text(self, value: str) -> str:
        """`value` with every secret replaced by a mask."""
        for secret in self._known:
            value = value.replace(secret, MASK)
        return _SECRET_MEMBERS.sub(rf'\1"{MASK}"', value)

    def headers(self, headers: Headers) -> Headers:
        """The headers with the values of secret ones masked; the scheme of Authorization stays readable."""
        return tuple((name, self._header(name, value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        if name.lower() not in _SECRET_HEADERS:
            return self.text(value)
        scheme, _, rest = value.partition(" ")
        return f"{scheme} {MASK}" if rest and scheme in ("Basic", "Bearer") else MASK

    def body(self, body: bytes | None) -> str | None:
        """The body as text of at most `BODY_LIMIT` characters."""
        if body is None:
            return None
        text = self.text(body[: BODY_LIMIT * 2].decode("utf-8", "replace"))
        if len(text) <= BODY_LIMIT and len(body) <= BODY_LIMIT * 2:
            return text
        return f"{text[:BODY_LIMIT]}... ({len(body)} bytes in all)"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came of it: a reply (`status` is set) or a failure of the connection (`error` is set)."""

    number: int
    scope: str
    member: str | None
    method: str
    url: str
    request_headers: Headers
    request_body: str | None
    status: int | None
    reply_headers: Headers
    reply_body: str | None
    error: str | None
    elapsed_ms: float


class History:
    """The exchanges of one run.

    Args:
        log: where each exchange is written.
        redactor: takes the secrets out.
    """

    def __init__(self, log: EventLog, redactor: Redactor):
        self._log = log
        self._redactor = redactor
        self._count = 0

    @property
    def count(self) -> int:
        """How many exchanges there were."""
        return self._count

    def record(
        self,
        *,
        scope: str,
        member: str | None,
        method: str,
        url: str,
        request_headers: Headers,
        request_body: bytes | None,
        elapsed_ms: float,
        status: int | None = None,
        reply_headers: Headers = (),
        reply_body: bytes | None = None,
        error: str | None = None,
    ) -> Exchange:
        """Append one exchange; `scope` is the id of the requirement under judgement, `elapsed_ms` milliseconds."""
        self._count += 1
        clean = self._redactor
        exchange = Exchange(
            number=self._count,
            scope=scope,
            member=member,
            method=method,
            url=clean.text(url),
            request_headers=clean.headers(request_headers),
            request_body=clean.body(request_body),
            status=status,
            reply_headers=clean.headers(reply_headers),
            reply_body=clean.body(reply_body),
            error=clean.text(error) if error else None,
            elapsed_ms=round(elapsed_ms, 3),
        )
        self._log.write(
            "exchange",
            exchange=exchange.number,
            scope=scope,
            member=member,
            request={
                "method": method,
                "url": exchange.url,
                "headers": [list(header) for header in exchange.request_headers],
                "body": exchange.request_body,
            },
            reply=None
            if status is None
            else {
                "status": status,
                "headers": [list(header) for header in exchange.reply_headers],
                "body": exchange.reply_body,
            },
            error=exchange.error,
            elapsed_ms=exchange.elapsed_ms,
        )
        return exchange
