"""Checks of paging: numbered pages with their Link header, forward-only pages, and counts.

Knows how pages are asked for and announced; makes companies that share a mark, so that it may run beside others.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote_plus

from conformance.checks.check import check
from conformance.errors import Unmet
from conformance.wire import COMPANIES, Reply, Wire, ids

FORWARD = {"pagination-type": "forward-only"}
TYPES = "/company/companies/types"
MOST = 1000


def five(wire: Wire) -> tuple[list[int], dict[str, Any]]:
    """Five companies: their ids, and the query that selects them and nothing else."""
    made = ids(wire.companies({}, {}, {}, {}, {}))
    return made, {"conditions": f"id >= {min(made)} and id <= {max(made)}"}


def net_encoded(text: str) -> str:
    """The text as .NET encodes it in a URL: `+` for a blank, hexadecimal digits in lower case."""
    return re.sub(r"%[0-9A-F]{2}", lambda code: code.group().lower(), quote_plus(text, safe="!*()"))


def walk(wire: Wire, first: Reply, headers: dict[str, str | None] | None = None, limit: int = 50) -> list[list[int]]:
    """Follow `next` from page to page and answer the ids of each page; raises Unmet when it does not end."""
    pages, reply = [ids(first.rows())], first
    while "next" in reply.links():
        if len(pages) > limit:
            raise Unmet(f"following next does not end after {limit} pages")
        reply = wire.get(reply.links()["next"], headers=headers)
        pages.append(ids(reply.rows()))
    return pages


@check("paging.default-size")
def default_size(wire: Wire) -> None:
    """Twenty-five rows come when nobody says how many."""
    wire.at_least(COMPANIES, 26)
    count = len(wire.get(COMPANIES).rows())
    wire.expect(count == 25, f"{count} rows came without a pageSize, due are 25")


@check("paging.size-and-page")
def size_and_page(wire: Wire) -> None:
    """Numbered pages cut the list without gap or overlap."""
    made, mine = five(wire)
    pages = [ids(wire.get(COMPANIES, {**mine, "pageSize": 2, "page": page}).rows()) for page in (1, 2, 3)]
    wire.expect(pages == [made[:2], made[2:4], made[4:]], f"the pages are {pages}, made were {made}")


@check("paging.largest-size")
def largest_size(wire: Wire) -> None:
    """A larger pageSize than the largest is capped, not refused and not obeyed."""
    held = int(wire.get(f"{TYPES}/count").record().get("count", 0))
    for number in range(held, MOST + 1):
        wire.create(TYPES, {"name": f"{wire.mark} {number}"}, doomed=False)
    reply = wire.get(TYPES, {"pageSize": MOST + 1, "fields": "id"})
    wire.expect(len(reply.rows()) == MOST, f"{len(reply.rows())} rows came, due are {MOST}")
    wire.reset()


@check("paging.oversize-accepted")
def oversize_accepted(wire: Wire) -> None:
    """A pageSize over the largest is no error."""
    wire.expect_status(wire.get(COMPANIES, {"pageSize": 5000, "fields": "id", "conditions": "id = 1"}), 200)


@check("paging.past-end")
def past_end(wire: Wire) -> None:
    """Past the end is an empty list."""
    reply = wire.get(COMPANIES, {"page": 100000, "pageSize": 1000})
    wire.expect_status(reply, 200)
    wire.expect(reply.rows() == [], "rows came past the end")


@check("paging.names-case")
def names_case(wire: Wire) -> None:
    """Names of query parameters in any letter case."""
    made, mine = five(wire)
    found = ids(wire.get(COMPANIES, {"CONDITIONS": mine["conditions"], "pagesize": 2, "PAGE": 2}).rows())
    wire.expect(found == made[2:4], f"the ids are {found}, due are {made[2:4]}")


@check("paging.default-order")
def default_order(wire: Wire) -> None:
    """Rows come by id, ascending."""
    found = ids(wire.get(COMPANIES, {"pageSize": 50}).rows())
    wire.expect(found == sorted(found), f"the ids are not ascending: {found[:10]}")


@check("paging.empty-parts")
def empty_parts(wire: Wire) -> None:
    """Empty parts of a query string count for nothing."""
    reply = wire.get(COMPANIES, "&pageSize=2&&fields=id&")
    wire.expect(len(reply.rows()) <= 2, "pageSize was not read")


@check("paging.link-next")
def link_next(wire: Wire) -> None:
    """A page that is not the last names the next, with `page` at the end of the URL."""
    _, mine = five(wire)
    reply = wire.get(COMPANIES, {**mine, "pageSize": 2})
    following = reply.links().get("next", "")
    wire.expect(following.endswith("&page=2"), f"next is {following!r}, due is page=2 as its last parameter")
    wire.expect(following.startswith(f"{wire.target.site_url}/"), f"next is {following!r}, due is an absolute URL")


@check("paging.link-form")
def link_form(wire: Wire) -> None:
    """The URL of a link has a slash before its query, parameters in their order, and .NET encoding."""
    _, mine = five(wire)
    due = f"{wire.target.api_url}{COMPANIES}/?conditions={net_encoded(mine['conditions'])}&pageSize=2&page=2"
    found = wire.get(COMPANIES, {**mine, "pageSize": 2}).links().get("next")
    wire.expect(found == due, f"next is {found!r}, due is {due!r}")


@check("paging.link-no-comma")
def link_no_comma(wire: Wire) -> None:
    """A comma inside a URL is encoded, for clients cut the header at commas."""
    made, _ = five(wire)
    query = {"conditions": f"id in ({','.join(map(str, made))})", "pageSize": 2}
    header = wire.get(COMPANIES, query).headers.get("Link", "")
    urls = re.findall(r"<([^>]*)>", header)
    wire.expect(urls and not any("," in url for url in urls), f"Link is {header!r}")


@check("paging.link-last")
def link_last(wire: Wire) -> None:
    """While there are more pages the header ends with rel last, which names the last page."""
    _, mine = five(wire)
    reply = wire.get(COMPANIES, {**mine, "pageSize": 2})
    header = reply.headers.get("Link", "")
    wire.expect(header.endswith('rel="last"'), f'Link is {header!r}, due is rel="last" at its end')
    wire.expect(reply.links().get("last", "").endswith("page=3"), f"last is {reply.links().get('last')!r}")


@check("paging.link-first-page")
def link_first_page(wire: Wire) -> None:
    """The first page has neither first nor prev."""
    _, mine = five(wire)
    rels = set(wire.get(COMPANIES, {**mine, "pageSize": 2}).links())
    wire.expect(rels == {"next", "last"}, f"the first page has the links {sorted(rels)}")


@check("paging.link-final-page")
def link_final_page(wire: Wire) -> None:
    """The final page ends with rel first and has no next."""
    _, mine = five(wire)
    reply = wire.get(COMPANIES, {**mine, "pageSize": 2, "page": 3})
    header = reply.headers.get("Link", "")
    wire.expect(header.endswith('rel="first"'), f'Link is {header!r}, due is rel="first" at its end')
    wire.expect("next" not in reply.links(), "the final page has a next")


@check("paging.link-none")
def link_none(wire: Wire) -> None:
    """A list of one page has no Link header."""
    _, mine = five(wire)
    reply = wire.get(COMPANIES, {**mine, "pageSize": 5})
    wire.expect("Link" not in reply.headers, f"Link is {reply.headers.get('Link')!r}, due is no such header")


@check("paging.link-walk")
def link_walk(wire: Wire) -> None:
    """Following next gives every row once."""
    made, mine = five(wire)
    pages = walk(wire, wire.get(COMPANIES, {**mine, "pageSize": 2}))
    wire.expect(pages == [made[:2], made[2:4], made[4:]], f"the pages are {pages}, made were {made}")


@check("paging.count")
def count(wire: Wire) -> None:
    """The count honours conditions and is an object of one number."""
    _, mine = five(wire)
    found = wire.get(f"{COMPANIES}/count", mine).record()
    wire.expect(found == {"count": 5}, f"the count is {found!r}, due is 5")


@check("forward.next")
def forward_next(wire: Wire) -> None:
    """Forward-only: the one link is next, and it names the last id of the page."""
    made, mine = five(wire)
    reply = wire.get(COMPANIES, {**mine, "pageSize": 2}, headers=FORWARD)
    following = reply.links().get("next", "")
    wire.expect(list(reply.links()) == ["next"], f"the links are {list(reply.links())}, due is next alone")
    wire.expect(following.endswith(f"pageId={made[1]}"), f"next is {following!r}, due is pageId={made[1]} at its end")


@check("forward.end")
def forward_end(wire: Wire) -> None:
    """Forward-only: the header is there at the end too, and empty."""
    _, mine = five(wire)
    for size in (10, 5):
        header = wire.get(COMPANIES, {**mine, "pageSize": size}, headers=FORWARD).headers.get("Link")
        if size == 10:
            wire.expect(header == "", f"Link is {header!r} on the only page, due is empty text")
        wire.expect(header is not None, "there is no Link header")


@check("forward.walk")
def forward_walk(wire: Wire) -> None:
    """Forward-only: following next gives every row once, by id."""
    made, mine = five(wire)
    pages = walk(wire, wire.get(COMPANIES, {**mine, "pageSize": 2}, headers=FORWARD), dict(FORWARD))
    found = [identity for page in pages for identity in page]
    wire.expect(found == made, f"the ids are {found}, made were {made}")


@check("forward.page-id")
def forward_page_id(wire: Wire) -> None:
    """Forward-only: rows have ids greater than pageId; an empty pageId is the beginning."""
    made, mine = five(wire)
    after = ids(wire.get(COMPANIES, {**mine, "pageSize": 2, "pageId": made[1]}, headers=FORWARD).rows())
    wire.expect(after == made[2:4], f"after {made[1]} came {after}, due are {made[2:4]}")
    begin = ids(wire.get(COMPANIES, {**mine, "pageSize": 2, "pageId": ""}, headers=FORWARD).rows())
    wire.expect(begin == made[:2], f"an empty pageId gave {begin}, due are {made[:2]}")


@check("forward.page-ignored")
def forward_page_ignored(wire: Wire) -> None:
    """Forward-only: `page` counts for nothing."""
    made, mine = five(wire)
    found = ids(wire.get(COMPANIES, {**mine, "pageSize": 2, "page": 2}, headers=FORWARD).rows())
    wire.expect(found == made[:2], f"page=2 gave {found}, due are {made[:2]}")


@check("forward.order")
def forward_order(wire: Wire) -> None:
    """Forward-only: orderBy is refused or without effect."""
    made, mine = five(wire)
    reply = wire.get(COMPANIES, {**mine, "pageSize": 3, "orderBy": "id desc"}, headers=FORWARD)
    if wire.expect_status(reply, 200, 400) and reply.status == 200:
        wire.expect(ids(reply.rows()) == made[:3], f"the ids are {ids(reply.rows())}, due are {made[:3]}")


@check("forward.deleted-between")
def forward_deleted_between(wire: Wire) -> None:
    """Forward-only: a record that goes while the pages are read hides no other."""
    made = [int(wire.create(TYPES, {"name": wire.name("Type")})["id"]) for _ in range(4)]
    mine = {"conditions": f"id >= {made[0]} and id <= {made[-1]}", "pageSize": 2}
    first = wire.get(TYPES, mine, headers=FORWARD)
    wire.delete(f"{TYPES}/{made[1]}")
    rest = ids(wire.get(first.links().get("next", TYPES), headers=FORWARD).rows())
    wire.expect(rest == made[2:], f"after the deletion came {rest}, due are {made[2:]}")


CHECKS = (
    default_size,
    size_and_page,
    largest_size,
    oversize_accepted,
    past_end,
    names_case,
    default_order,
    empty_parts,
    link_next,
    link_form,
    link_no_comma,
    link_last,
    link_first_page,
    link_final_page,
    link_none,
    link_walk,
    count,
    forward_next,
    forward_end,
    forward_walk,
    forward_page_id,
    forward_page_ignored,
    forward_order,
    forward_deleted_between,
)
