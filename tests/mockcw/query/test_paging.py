"""Pages and the Link header, byte for byte as captured."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcw.errors import ApiFindCondition
from mockcw.query import Page, QuerySettings, link, page
from mockcw.query.paging import encoded
from tests.campaign import examples

TICKETS = "https://api-na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets"
CONTACTS = "https://sandbox-na.myconnectwise.net/v4_6_release/apis/3.0/company/contacts"


def numbered(number: int, size: int = 25) -> Page:
    return Page(size, number, None, False)


def test_the_first_captured_link_byte_for_byte():
    found = link(TICKETS, [("pageSize", "1000")], numbered(1, 1000), 229_001, 1000, 1000)
    assert found == (
        "<https://api-na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets/?pageSize=1000&page=2>; "
        'rel="next", <https://api-na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets/?pageSize=1000&page=230>; '
        'rel="last"'
    )


def test_the_second_captured_link_byte_for_byte():
    query = [("conditions", "LastUpdated >= [2025-04-01T20:02:28Z]"), ("pageSize", "2")]
    found = link(CONTACTS, query, numbered(1, 2), None, 2, 2)
    assert found == (
        "<https://sandbox-na.myconnectwise.net/v4_6_release/apis/3.0/company/contacts/?conditions=LastUpdated+%3e%3d+"
        '%5b2025-04-01T20%3a02%3a28Z%5d&pageSize=2&page=2>; rel="next"'
    )
    counted = link(CONTACTS, query, numbered(1, 2), 9, 2, 2)
    assert counted is not None
    assert counted.startswith(found + ", <")


def rels(header: str | None) -> list[tuple[str, int]]:
    return [(rel, int(number)) for number, rel in re.findall(r'[?&]page=(\d+)>; rel="(\w+)"', header or "")]


@pytest.mark.parametrize(
    ("number", "total", "expected"),
    [
        (1, 0, []),
        (1, 25, []),
        (1, 26, [("next", 2), ("last", 2)]),
        (2, 26, [("prev", 1), ("first", 1)]),
        (3, 120, [("prev", 2), ("first", 1), ("next", 4), ("last", 5)]),
        (5, 120, [("prev", 4), ("first", 1)]),
        (9, 120, [("prev", 5), ("first", 1)]),
    ],
)
def test_each_page_links_where_there_is_something_to_go_to(number, total, expected):
    assert rels(link(TICKETS, [], numbered(number), total, None, 25)) == expected


def test_no_link_at_all_where_nothing_is_to_be_paged():
    assert link(TICKETS, [], numbered(1), 3, 3, 3) is None


@pytest.mark.parametrize(
    ("count", "expected"), [(25, [("prev", 1), ("first", 1), ("next", 3)]), (24, [("prev", 1), ("first", 1)])]
)
def test_without_a_total_a_full_page_has_a_next_one(count, expected):
    assert rels(link(TICKETS, [], numbered(2), None, 9, count)) == expected


def test_the_page_moves_to_the_end_and_other_parameters_keep_their_order():
    query = [
        ("PAGE", "2"),
        ("orderBy", "name desc"),
        ("", ""),
        ("pagesize", "5"),
        ("conditions", "id in (1,2)"),
        ("x", ""),
    ]
    found = link(TICKETS + "/", query, numbered(2, 5), 100, 10, 5)
    assert found is not None
    assert f'<{TICKETS}/?orderBy=name+desc&pagesize=5&conditions=id+in+(1%2c2)&x=&page=3>; rel="next"' in found


def test_the_order_of_links_is_a_setting():
    choices = QuerySettings(link_order=("first", "prev", "next", "last"))
    found = link(TICKETS, [], numbered(2), 100, 50, 25, choices)
    assert [rel for rel, _ in rels(found)] == ["first", "prev", "next", "last"]


def test_forward_only_leads_on_by_the_last_id():
    query = [("pageSize", "999"), ("pageid", "")]
    found = link(TICKETS, query, Page(999, None, None, True), None, 4711, 999)
    assert found == f'<{TICKETS}/?pageSize=999&pageId=4711>; rel="next"'


@pytest.mark.parametrize(("count", "last"), [(998, 4711), (0, None)])
def test_forward_only_ends_with_an_empty_value(count, last):
    assert link(TICKETS, [("pageSize", "999")], Page(999, None, 5, True), 998, last, count) == ""


def test_forward_only_repeats_its_page_at_the_end_where_the_setting_says_so():
    choices = QuerySettings(forward_only_end="repeat")
    assert link(TICKETS, [], Page(25, None, 5, True), None, None, 0, choices) == f'<{TICKETS}/?pageId=5>; rel="next"'


@pytest.mark.parametrize(
    ("params", "forward_only", "expected"),
    [
        ({}, False, Page(25, 1, None, False)),
        ({"page": "3", "pagesize": "50", "pageid": "9"}, False, Page(50, 3, None, False)),
        ({"pagesize": "1001"}, False, Page(1000, 1, None, False)),
        ({"pagesize": "9" * 18}, False, Page(1000, 1, None, False)),
        ({"page": "", "pagesize": " 5 "}, False, Page(5, 1, None, False)),
        ({"page": "x", "pageid": "7"}, True, Page(25, None, 7, True)),
        ({"pageid": ""}, True, Page(25, None, None, True)),
        ({"pageid": "0"}, True, Page(25, None, 0, True)),
    ],
)
def test_pages_are_read(params, forward_only, expected):
    assert page(params, forward_only) == expected


def test_the_offset_counts_the_records_before_a_page():
    assert [page({"page": str(n), "pagesize": "10"}, False).offset for n in (1, 2, 5)] == [0, 10, 40]
    assert page({"pageid": "7"}, True).offset == 0


WRONG = ["0", "-1", "abc", "1.5", "+1", "١", "1e3", "9" * 20, "9" * 5_000, "0x10", "1 2"]


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pagesize", "pageSize must be a whole number of at least 1."),
        ("page", "page must be a whole number of at least 1."),
    ],
)
def test_wrong_pages_are_refused_with_the_text_of_the_setting(name, text, value):
    with pytest.raises(ApiFindCondition) as refused:
        page({name: value}, False)
    assert (refused.value.status, refused.value.message) == (400, text)


@pytest.mark.parametrize("value", ["x", "-1", "9" * 20, str(2**63)])
def test_a_wrong_page_id_is_refused(value):
    with pytest.raises(ApiFindCondition, match="^pageId must be a whole number of at least 0.$"):
        page({"pageid": value}, True)


def test_a_page_beyond_32_bits_is_refused_before_its_offset_is_too_large():
    assert page({"page": str(2**31 - 1), "pagesize": "1000"}, False).offset < 2**63
    with pytest.raises(ApiFindCondition):
        page({"page": str(2**31)}, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a b", "a+b"), ("[>=]:,", "%5b%3e%3d%5d%3a%2c"), ("~'\"", "%7e%27%22"), ("-_.!*()", "-_.!*()"), ("é", "%c3%a9")],
)
def test_values_are_encoded_as_dotnet_does(text, expected):
    assert encoded(text) == expected


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["conditions", "orderBy", "x,y"]), st.text(max_size=8))), st.integers(1, 9))
def test_a_link_leads_back_to_the_same_question(query, number):
    found = link(TICKETS, query, numbered(number), 1_000, None, 25)
    assert found is not None
    following = next(part for part in found.split(", ") if part.endswith('rel="next"'))
    url = following.partition(";")[0].strip("<>")
    assert "," not in url
    assert parse_qsl(urlsplit(url).query, keep_blank_values=True) == [*query, ("page", str(number + 1))]
