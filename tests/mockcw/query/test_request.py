"""All parameters of a list at once."""

from __future__ import annotations

import pytest

from mockcw.catalogue import load
from mockcw.errors import ApiFindCondition
from mockcw.query import Always, Compare, Kind, Order, Page, QuerySettings, list_query

CATALOGUE = load()
COMPANY = CATALOGUE.model("Company")


def test_every_parameter_finds_its_place():
    params = {"conditions": "id = 5", "orderby": "name", "fields": "id", "page": "2", "pagesize": "10"}
    found = list_query(params, COMPANY, CATALOGUE, forward_only=False)
    assert found.where == Compare(("id",), "=", 5, Kind.NUMBER)
    assert found.order == (Order(("name",), Kind.TEXT),)
    assert found.selection is not None
    assert found.selection.apply({"id": 5, "name": "x"}) == {"id": 5}
    assert found.page == Page(10, 2, None, False)


def test_no_parameters_are_the_first_page_of_everything():
    found = list_query({}, COMPANY, CATALOGUE, forward_only=False)
    assert (found.where, found.order, found.selection, found.page) == (Always(), (), None, Page(25, 1, None, False))


def test_forward_only_ignores_the_order_or_refuses_it_by_setting():
    params = {"orderby": "anything at all"}
    assert list_query(params, COMPANY, CATALOGUE, forward_only=True).order == ()
    with pytest.raises(ApiFindCondition, match="orderBy cannot be used"):
        list_query(params, COMPANY, CATALOGUE, forward_only=True, settings=QuerySettings(forward_only_order="refuse"))
