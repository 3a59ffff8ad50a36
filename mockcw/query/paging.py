"""Pages: what page, pageSize and pageId ask for, and the Link header that leads on. Knows no query and no store.

Sizes, default and cap are documented; the two forms of Link are captured, the order of links on a middle page assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from mockcw.errors import ApiFindCondition
from mockcw.query.settings import DEFAULTS, QuerySettings

WHOLE = re.compile(r"[0-9]{1,19}")
HIGHEST_NUMBER = 2**31 - 1
HIGHEST_ID = 2**63 - 1
ESCAPE = re.compile(r"%[0-9A-F]{2}|~")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `size` records from page `number` (from 1), or forward-only those with an id over `after`."""

    size: int
    number: int | None
    after: int | None
    forward_only: bool

    @property
    def offset(self) -> int:
        """How many records come before the page."""
        return ((self.number or 1) - 1) * self.size


def page(params: Mapping[str, str], forward_only: bool, settings: QuerySettings = DEFAULTS) -> Page:
    """Read the page asked for from parameters with names in small letters; empty values count as not given.

    A pageSize over the limit is capped. Forward-only paging ignores `page`; the other ignores `pageId`.

    Raises:
        ApiFindCondition: a value is no number of its range (assumed).
    """
    size = _number(params, "pagesize", 1, HIGHEST_ID, settings.page_size_text)
    capped = min(settings.page_size_default if size is None else size, settings.page_size_limit)
    if forward_only:
        return Page(capped, None, _number(params, "pageid", 0, HIGHEST_ID, settings.page_id_text), True)
    number = _number(params, "page", 1, HIGHEST_NUMBER, settings.page_text)
    return Page(capped, 1 if number is None else number, None, False)


def _number(params: Mapping[str, str], name: str, lowest: int, highest: int, refusal: str) -> int | None:
    text = params.get(name, "").strip()
    if not text:
        return None
    if not WHOLE.fullmatch(text) or not lowest <= int(text) <= highest:
        raise ApiFindCondition(refusal.format(value=text))
    return int(text)


def link(
    base_url: str,
    raw_query: Sequence[tuple[str, str]],
    page: Page,
    total: int | None,
    last_id: int | None,
    count_on_page: int,
    settings: QuerySettings = DEFAULTS,
) -> str | None:
    """The value of the Link header, or None for no header.

    Args:
        base_url: the URL asked for, without query.
        raw_query: the decoded parameters in the order sent; the paging parameter is moved to the end (captured).
        page: the page that is answered.
        total: records of the whole list, or None if not counted: then a full page is taken to have a next one.
        last_id: id of the last record of the page.
        count_on_page: records on the page.
        settings: order of the links, and the end of forward-only paging.
    """
    if page.forward_only:
        return _forward(base_url, raw_query, page, last_id, count_on_page, settings)
    start = _start(base_url, raw_query, "page")
    numbers = dict(_numbers(page, total, count_on_page))
    links = (f'<{start}page={numbers[rel]}>; rel="{rel}"' for rel in settings.link_order if rel in numbers)
    return ", ".join(links) or None


def _forward(
    base_url: str,
    raw_query: Sequence[tuple[str, str]],
    page: Page,
    last_id: int | None,
    count_on_page: int,
    settings: QuerySettings,
) -> str:
    """Always a value: empty when finished (documented)."""
    following = last_id
    if count_on_page < page.size or last_id is None:
        if settings.forward_only_end == "empty":
            return ""
        following = page.after or 0
    return f'<{_start(base_url, raw_query, "pageId")}pageId={following}>; rel="next"'


def _numbers(page: Page, total: int | None, count_on_page: int) -> Iterator[tuple[str, int]]:
    number = page.number or 1
    last = None if total is None else max(1, -(-total // page.size))
    if number > 1:
        yield "prev", number - 1 if last is None else min(number - 1, last)
        yield "first", 1
    if last is None:
        if count_on_page >= page.size:
            yield "next", number + 1
    elif number < last:
        yield "next", number + 1
        yield "last", last


def _start(base_url: str, raw_query: Sequence[tuple[str, str]], moved: str) -> str:
    """The URL up to the paging parameter: a slash before the question mark, values as .NET encodes them (captured)."""
    slash = "" if base_url.endswith("/") else "/"
    kept = (pair for pair in raw_query if pair[0].lower() != moved.lower() and pair != ("", ""))
    return f"{base_url}{slash}?" + "".join(f"{encoded(name)}={encoded(value)}&" for name, value in kept)


def encoded(text: str) -> str:
    """Encode like .NET's UrlEncode: `+` for a blank, small hexadecimal digits, `!*()` as they are, `~` and `,` not."""
    return ESCAPE.sub(lambda found: "%7e" if found[0] == "~" else found[0].lower(), quote_plus(text, safe="!*()"))
