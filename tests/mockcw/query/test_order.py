"""orderBy: what it takes and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcw.catalogue import load
from mockcw.errors import ApiFindCondition
from mockcw.query import Kind, Order, compile_order, order_by
from tests.campaign import examples

CATALOGUE = load()
TICKET = CATALOGUE.model("Ticket")


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("", ()),
        ("id desc", (Order(("id",), Kind.NUMBER, True),)),
        ("contact/name asc", (Order(("contact", "name"), Kind.TEXT),)),
        (
            "LASTUPDATED Desc , summary",
            (Order(("_info", "lastUpdated"), Kind.DATE, True), Order(("summary",), Kind.TEXT)),
        ),
    ],
)
def test_fields_and_directions_are_read(text, orders):
    assert order_by(text, TICKET, CATALOGUE) == orders


@pytest.mark.parametrize("name", ["Nothing", "status", "customFields", "resources/x"])
def test_an_unknown_name_is_refused_as_written(name):
    with pytest.raises(ApiFindCondition) as refused:
        order_by(f"{name} desc", TICKET, CATALOGUE)
    assert refused.value.message == f"{name} is not a recognized name."


@pytest.mark.parametrize("text", ["id down", "id asc desc", ",", "id,", "id,,summary", "id" + ",id" * 40_000])
def test_what_is_no_order_is_refused(text):
    with pytest.raises(ApiFindCondition, match="orderBy could not be understood"):
        order_by(text, TICKET, CATALOGUE)


def test_more_keys_than_the_limit_are_refused():
    scalars = [each.name for each in TICKET.fields.values() if each.type in ("string", "integer", "boolean")]
    assert len(scalars) > 32
    with pytest.raises(ApiFindCondition, match="too many fields"):
        order_by(",".join(scalars), TICKET, CATALOGUE)


@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=20) | st.lists(st.sampled_from(["id", "summary", "asc", "desc", ",", "'", ";"])).map(" ".join))
def test_any_text_is_understood_or_refused(text):
    try:
        orders = order_by(text, TICKET, CATALOGUE)
    except ApiFindCondition:
        return
    assert compile_order(orders).split()[0].startswith(("id", "json_extract("))
