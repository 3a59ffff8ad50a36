"""The Link header and the mark of the next page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.connect.paging import mark_parameters, next_mark, parse_link, refuse_doubtful_end
from integration.connect.reply import Reply
from integration.errors import ProtocolFault

RELATIONS = st.sampled_from(["next", "prev", "first", "last"])
URLS = st.from_regex(
    r"https://[a-z]{1,8}\.test/[a-z/]{0,10}\?pageSize=[1-9]{1,3}&pageId=[1-9][0-9]{0,6}", fullmatch=True
)


def reply(link: str | None) -> Reply:
    return Reply(200, {} if link is None else {"link": link}, b"[]")


@given(st.dictionaries(RELATIONS, URLS))
def test_every_relation_of_a_link_header_is_read(links: dict[str, str]) -> None:
    header = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items())
    assert parse_link(header) == links


@given(st.text(max_size=200))
def test_any_text_can_be_given_as_a_link_header(text: str) -> None:
    assert isinstance(parse_link(text), dict)


def test_unusual_spellings_of_a_link_header_are_read() -> None:
    header = '<https://x/a,b?c=1>;REL=next;title="x",<https://y>; rel='
    assert parse_link(header) == {"next": "https://x/a,b?c=1"}
    assert parse_link('<https://x>; rel="prev next"') == {"prev": "https://x", "next": "https://x"}


def test_the_captured_forward_only_header_names_the_next_page() -> None:
    url = "https://sandbox.test/v4_6_release/apis/3.0/company/companies/?conditions=a+%3d+1&pageSize=2&pageId=52"
    link = f'<{url}>; rel="next"'
    assert next_mark(reply(link), "") == "pageId=52"


def test_an_empty_link_header_is_the_end() -> None:
    assert next_mark(reply(""), "pageId=5") is None


def test_a_short_page_without_a_link_header_is_the_end() -> None:
    assert next_mark(reply(None), "") is None
    refuse_doubtful_end(reply(None), 3, 1000)
    refuse_doubtful_end(reply(""), 1000, 1000)


def test_a_full_page_without_a_link_header_is_a_fault_and_not_an_end() -> None:
    with pytest.raises(ProtocolFault, match="no Link header"):
        refuse_doubtful_end(reply(None), 1000, 1000)


@pytest.mark.parametrize("number", ["5", "4", "0"])
def test_a_mark_that_does_not_grow_is_a_fault_and_not_an_endless_sync(number: str) -> None:
    with pytest.raises(ProtocolFault, match="does not grow"):
        next_mark(reply(f'<https://x/?pageId={number}>; rel="next"'), "pageId=5")


@pytest.mark.parametrize("query", ["", "?pageId=", "?pageId=abc", "?pageId=-1", "?pageId=٣", "?pageId=" + "9" * 40])
def test_a_next_page_without_a_number_is_a_fault(query: str) -> None:
    with pytest.raises(ProtocolFault):
        next_mark(reply(f'<https://x/{query}>; rel="next"'), "")


def test_a_server_that_pages_by_number_is_followed_too() -> None:
    assert next_mark(reply('<https://x/?page=2>; rel="next"'), "") == "page=2"


def test_only_the_number_is_taken_from_the_servers_url() -> None:
    mark = next_mark(reply('<https://evil.test/steal?pageId=7&fields=x>; rel="next"'), "")
    assert mark == "pageId=7"
    assert mark_parameters(mark) == {"pageId": "7"}
    assert mark_parameters("") == {}
