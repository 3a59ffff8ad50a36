"""All the ways in which the records of a collection can be listed, so that a test can say that they agree.

Plain HTTP as a client does it; knows nothing of roles.
"""

from __future__ import annotations

import re
from typing import Any

from tests.mockcw.caller import Caller
from tests.mockcw.permissions.stage import ids

FORWARD = {"pagination-type": "forward-only"}
NEXT = re.compile(r'<[^>]*[?&]pageId=(\d+)[^>]*>; rel="next"', re.IGNORECASE)


def page_by_page(caller: Caller, path: str, size: int, **query: str) -> list[int]:
    """Ids of all pages by number, until one is short."""
    found: list[int] = []
    for number in range(1, 1000):
        page = ids(caller.get(path, page=number, pageSize=size, **query))
        found += page
        if len(page) < size:
            return found
    raise AssertionError(f"{path} never ends")


def forward(caller: Caller, path: str, size: int, **query: str) -> list[int]:
    """Ids of all pages of forward-only paging, as its links lead."""
    found: list[int] = []
    after = "0"
    while True:
        answer = caller.get(path, headers=FORWARD, pageSize=size, pageId=after, **query)
        found += ids(answer)
        onward = NEXT.search(answer.headers["Link"])
        if onward is None:
            return found
        after = onward[1]


def searched(caller: Caller, path: str, size: int) -> list[int]:
    """Ids of all pages of POST .../search."""
    found: list[int] = []
    for number in range(1, 1000):
        page = ids(caller.post(f"{path}/search", {}, pageSize=str(size), page=str(number)))
        found += page
        if len(page) < size:
            return found
    raise AssertionError(f"{path}/search never ends")


def bundled(caller: Caller, resource: str, *, path: str = "/system/bundles", **asked: Any) -> dict[str, Any]:
    """The one result of a bundle of one request."""
    answer = caller.post(path, {"requests": [{"resourceType": resource, "apiRequest": asked}]})
    assert answer.status_code == 200, answer.text
    [line] = answer.json()["results"]
    return dict(line)


def every_way(
    caller: Caller, path: str, resource: str, size: int, *, info: bool = False, search: bool = False
) -> dict[str, list[int]]:
    """Ids of the records by each way of listing them; `info` and `search` where the collection has these."""
    found = {
        "pages": page_by_page(caller, path, size),
        "forward": forward(caller, path, size),
        "conditions": page_by_page(caller, path, size, conditions="id > 0 or id = 0"),
        "backwards": page_by_page(caller, path, size, orderBy="id desc")[::-1],
        "bundle": [one["id"] for one in bundled(caller, resource, page={"pageSize": 1000})["entities"]],
    }
    if info:
        found["info"] = page_by_page(caller, f"{path}/info", size)
    if search:
        found["search"] = searched(caller, path, size)
    return found


def every_count(caller: Caller, path: str, resource: str, *, info: bool = False) -> dict[str, int]:
    """The number of records by each way of counting them."""
    found = {
        "count": caller.get(f"{path}/count").json()["count"],
        "conditions": caller.get(f"{path}/count", conditions="id > 0").json()["count"],
        "bundle": bundled(caller, resource, path="/system/bundles/count")["count"],
    }
    if info:
        found["info"] = caller.get(f"{path}/info/count").json()["count"]
    return found


def agree(
    caller: Caller,
    path: str,
    resource: str,
    wanted: list[int],
    *,
    size: int = 2,
    info: bool = False,
    search: bool = False,
) -> None:
    """Every way of listing and of counting gives exactly the records wanted."""
    ways = every_way(caller, path, resource, size, info=info, search=search)
    assert ways == dict.fromkeys(ways, wanted), path
    counts = every_count(caller, path, resource, info=info)
    assert counts == dict.fromkeys(counts, len(wanted)), path
