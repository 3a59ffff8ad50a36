"""A request and a reply as plain values. Knows no HTTP framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived: `headers` have lower-case names, `site` is scheme and host as the client wrote them."""

    method: str
    path: str
    raw_query: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    site: str
    oversized: bool = False  # the body was longer than the limit and is not here
    crowd: int = 1  # how many requests were inside when it came, itself included

    def pairs(self) -> list[tuple[str, str]]:
        """The query as pairs in their order; empty parts and stray question marks are tolerated (captured)."""
        return parse_qsl(self.raw_query.lstrip("?&"), keep_blank_values=True) if self.raw_query else []


@dataclass(slots=True)
class Reply:
    """What goes back. `drop` closes the connection with no reply, `truncate` cuts the body and then the line.

    `secret` keeps the bodies of the request and the reply out of the journal.
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: list[tuple[str, str]] = field(default_factory=list)
    content_type: str = JSON
    drop: bool = False
    truncate: int | None = None
    secret: bool = False
