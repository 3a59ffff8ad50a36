"""Forward-only paging: the header that asks for it, and the mark of the next page in the answer.

Knows the Link header; does not know what the pages hold. *Captured*: with `pagination-type: forward-only` every answer
carries Link, with `rel="next"` and a `pageId`, or empty at the end; records come in the order of their ids.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from integration.connect.reply import Reply
from integration.errors import ProtocolFault

FORWARD_ONLY: Final = {"pagination-type": "forward-only"}
_ENTRY: Final = re.compile(r"<([^>]*)>([^<]*)")
_REL: Final = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)
_MARKS: Final = {"pageid": "pageId", "page": "page"}


def parse_link(header: str) -> dict[str, str]:
    """Read a Link header as relation -> URL; relations are lower case, the first URL of each wins."""
    found: dict[str, str] = {}
    for url, parameters in _ENTRY.findall(header):
        for quoted, bare in _REL.findall(parameters):
            for relation in (quoted or bare).lower().split():
                found.setdefault(relation, url.strip())
    return found


def next_mark(reply: Reply, current: str) -> str | None:
    """Find the mark of the page after this one, as `pageId=N` (or `page=N`), or None at the end.

    Only the number is taken from the server's URL, never its host: the next call goes where this one went. Raises
    ProtocolFault when the next page has no mark, or one that does not grow.
    """
    url = parse_link(reply.headers.get("link", "")).get("next")
    if url is None:
        return None
    mark = _mark(url)
    if mark is None:
        raise ProtocolFault("the server names a next page without a page number")
    if current and _number(mark) <= _number(current):
        raise ProtocolFault(f"the server's page mark does not grow: {mark} after {current}")
    return mark


def refuse_doubtful_end(reply: Reply, rows: int, page_size: int) -> None:
    """Raise ProtocolFault when a full page carries no Link header at all: more may follow, and nothing says so."""
    if "link" not in reply.headers and rows >= page_size:
        raise ProtocolFault(
            "the server sent a full page and no Link header, so it cannot be told whether more follow",
            "a proxy may have removed the header; let it pass",
        )


def mark_parameters(mark: str) -> Mapping[str, str]:
    """Turn a mark into query parameters; the empty mark of the first page into none."""
    name, _, value = mark.partition("=")
    return {name: value} if mark else {}


def _mark(url: str) -> str | None:
    given = {name.lower(): value for name, value in parse_qsl(urlsplit(url).query)}
    for spelling, name in _MARKS.items():
        value = given.get(spelling, "")
        if value.isascii() and value.isdigit() and len(value) <= 18:
            return f"{name}={value}"
    return None


def _number(mark: str) -> int:
    return int(mark.partition("=")[2])
