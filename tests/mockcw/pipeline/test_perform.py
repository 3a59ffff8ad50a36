"""Lists as a client walks them: links, both kinds of paging, counts, and operations that say they are not there."""

from __future__ import annotations

import re

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcw import Emulator
from tests.mockcw.caller import Caller

COMPANIES = "/company/companies"
NEXT = re.compile(r'<([^>]*)>; rel="next"')
CONDITIONS = ["", "id > 7", 'status/name = "Active"', "deletedFlag = true", "id in (3,5,8)", "id = 0"]


def walk(caller: Caller, answer: httpx.Response, headers: dict[str, str] | None = None) -> list[int]:
    """The ids of all pages, following the Link headers from the first answer on."""
    found = []
    while True:
        assert answer.status_code == 200, answer.text
        found += [one["id"] for one in answer.json()]
        following = NEXT.search(answer.headers.get("Link", ""))
        if following is None:
            return found
        answer = caller.http.get(following[1], headers=headers)


@given(
    st.sampled_from(CONDITIONS), st.integers(1, 45), st.sampled_from(["", "id desc", "name", "status/name desc, id"])
)
@example("", 40, "")
@example("", 20, "")
def test_following_the_links_reads_every_record_once(built: Emulator, conditions: str, size: int, order: str) -> None:
    admin = Caller(built)
    query = {"conditions": conditions, "orderBy": order}
    whole = [one["id"] for one in admin.get(COMPANIES, pageSize=1000, **query).json()]
    assert walk(admin, admin.get(COMPANIES, pageSize=size, **query)) == whole
    assert admin.get(f"{COMPANIES}/count", conditions=conditions).json() == {"count": len(whole)}


@given(st.sampled_from(CONDITIONS), st.integers(1, 45))
def test_forward_only_pages_read_every_record_once_in_the_order_of_ids(
    built: Emulator, conditions: str, size: int
) -> None:
    admin, forward = Caller(built), {"pagination-type": "forward-only"}
    first = admin.get(COMPANIES, headers=forward, conditions=conditions, pageSize=size, page=3)
    whole = [one["id"] for one in admin.get(COMPANIES, conditions=conditions, pageSize=1000).json()]
    assert walk(admin, first, forward) == whole == sorted(whole)


def test_every_forward_only_answer_has_a_link_and_the_last_an_empty_one(admin: Caller) -> None:
    forward = {"Pagination-Type": "Forward-Only"}
    first = admin.get(COMPANIES, headers=forward, pageSize=30, pageId="")
    assert first.headers["Link"].endswith('pageSize=30&pageId=30>; rel="next"')
    last = admin.get(COMPANIES, headers=forward, pageSize=30, pageId=30)
    assert (len(last.json()), last.headers["Link"]) == (10, "")
    beyond = admin.get(COMPANIES, headers=forward, pageId=999)
    assert (beyond.json(), beyond.headers["Link"]) == ([], "")


def test_the_link_of_the_first_page_has_the_captured_form(admin: Caller) -> None:
    answer = admin.get(COMPANIES, conditions="id >= 1", pageSize=10, page=1)
    start = f"<{admin.emulator.api_url}{COMPANIES}/?conditions=id+%3e%3d+1&pageSize=10&page="
    assert answer.headers["Link"] == f'{start}2>; rel="next", {start}4>; rel="last"'


def test_the_last_page_ends_with_first_and_the_others_with_last(admin: Caller) -> None:
    """What a PHP client takes as the sign of the end."""
    links = [admin.get(COMPANIES, pageSize=10, page=page).headers["Link"] for page in (1, 2, 3, 4)]
    assert [one.rsplit("; ", 1)[1] for one in links] == ['rel="last"'] * 3 + ['rel="first"']


def test_one_page_has_no_link_and_a_page_past_the_end_is_empty(admin: Caller) -> None:
    assert "Link" not in admin.get(COMPANIES, pageSize=1000).headers
    beyond = admin.get(COMPANIES, pageSize=10, page=99)
    assert (beyond.status_code, beyond.json()) == (200, [])


def test_pages_have_25_records_and_at_most_1000(admin: Caller) -> None:
    assert len(admin.get(COMPANIES).json()) == 25
    with Emulator(1001) as many:
        assert len(Caller(many).get(COMPANIES, pageSize=5000).json()) == 1000


def test_a_page_after_a_write_is_not_the_page_before_it(admin: Caller) -> None:
    first = [one["id"] for one in admin.get(COMPANIES, pageSize=5, conditions="deletedFlag = false").json()]
    admin.get(COMPANIES, pageSize=5, page=2, conditions="deletedFlag = false")
    admin.delete(f"{COMPANIES}/{first[0]}")
    second = admin.get(COMPANIES, pageSize=5, page=2, conditions="deletedFlag = false").json()
    whole = [one["id"] for one in admin.get(COMPANIES, pageSize=1000, conditions="deletedFlag = false").json()]
    assert [one["id"] for one in second] == whole[5:10]


@pytest.mark.parametrize("name", ["pagesize", "PAGESIZE", "pageSize"])
def test_names_of_the_query_have_any_letter_case(admin: Caller, name: str) -> None:
    assert len(admin.get(COMPANIES, **{name: 3}).json()) == 3


def test_nested_lists_hold_the_records_of_their_parent_only(admin: Caller) -> None:
    for number in (1, 2):
        sites = admin.get(f"{COMPANIES}/{number}/sites").json()
        assert {one["company"]["id"] for one in sites} == {number}
        assert admin.get(f"{COMPANIES}/{number}/sites/count").json() == {"count": len(sites)}
