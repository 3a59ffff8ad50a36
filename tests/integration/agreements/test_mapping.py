"""Mapping files: which rule wins, and one line for each mistake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from integration.agreements.mapping import Ambiguous, Rule, parse_mapping, read_mapping
from integration.errors import WrongUse

ONE = '[[map]]\nfrom = "OLD"\nto = "NEW"\n'


def test_what_is_not_said_keeps_price_cost_and_quantity_from_the_next_billing_on() -> None:
    rules = parse_mapping(ONE).rules_for(1, "ACME", "old")
    assert rules is not None
    assert (rules.to, rules.price, rules.cost, rules.quantity) == ("NEW", Rule("keep"), Rule("keep"), Rule("keep"))
    assert (rules.date, rules.zero, rules.negative) == ("next-billing", "leave", "leave")
    assert parse_mapping(ONE).rules_for(1, "ACME", "OTHER") is None


def test_the_narrowest_rule_wins() -> None:
    mapping = parse_mapping(
        '[defaults]\nprice = {percent = 5}\nzero = "carry"\ndate = "today"\n'
        + ONE
        + "cost = {fixed = 0.1}\nquantity = {table = {1 = 10, 5 = 45}}\n"
        + '[[exception]]\ncompany = "Acme"\nprice = {fixed = 1.1}\ndate = 2026-03-01\n'
        + '[[exception]]\ncompany = 7\nfrom = "old"\nto = "OTHER"\nquantity = {multiply = 2}\n'
        + '[[exception]]\ncompany = "Gone"\nleave = true\n'
    )
    plain, acme, both = (mapping.rules_for(key, name, "OLD") for key, name in ((1, "x"), (1, "ACME"), (7, "acme")))
    assert plain is not None
    assert acme is not None
    assert both is not None
    assert (plain.price, plain.cost, plain.zero) == (
        Rule("percent", Decimal(5)),
        Rule("fixed", Decimal("0.1")),
        "carry",
    )
    assert dict(plain.quantity.table if plain.quantity else ()) == {Decimal(1): Decimal(10), Decimal(5): Decimal(45)}
    assert (acme.price, acme.date, acme.to) == (Rule("fixed", Decimal("1.1")), date(2026, 3, 1), "NEW")
    assert (both.price, both.to, both.quantity) == (acme.price, "OTHER", Rule("multiply", Decimal(2)))
    gone = mapping.rules_for(3, "GONE", "OLD")
    assert gone is not None
    assert gone.leave


def test_two_exceptions_of_the_same_width_are_ambiguous() -> None:
    mapping = parse_mapping(
        ONE + '[[exception]]\ncompany = "A"\nleave = true\n[[exception]]\ncompany = 7\nprice = "keep"\n'
    )
    with pytest.raises(Ambiguous):
        mapping.rules_for(7, "a", "OLD")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[[map]", "is no TOML"),
        ("", "[[map]]"),
        ("map = 3", "map takes tables"),
        ("map = [3]", "map[1] takes a table"),
        ('[[map]]\nfrom = "A"', "map[1].to takes the identifier"),
        ('[[map]]\nfrom = " "\nto = "B"', "map[1].from takes the identifier"),
        (ONE + 'prize = "keep"', "map[1].prize is not known; map[1] takes from, to, price"),
        (ONE + 'price = "low"', 'map[1].price takes "keep", "catalogue"'),
        (ONE + "price = 12", "map[1].price takes"),
        (ONE + 'price = {fixed = "x"}', "map[1].price takes"),
        (ONE + "price = {fixed = nan}", "map[1].price takes"),
        (ONE + "price = {fixed = 1.12345678901234567}", "map[1].price takes"),
        (ONE + "price = {fixed = true}", "map[1].price takes"),
        (ONE + "price = {fixed = 1, percent = 2}", "map[1].price takes"),
        (ONE + "price = {multiply = 2}", "map[1].price takes"),
        (ONE + 'quantity = "catalogue"', 'map[1].quantity takes "keep", {fixed'),
        (ONE + "quantity = {percent = 2}", "map[1].quantity takes"),
        (ONE + "quantity = {table = {}}", "map[1].quantity takes"),
        (ONE + 'quantity = {table = {"1" = 2, "1.0" = 3}}', "each old quantity once"),
        (ONE + "quantity = {table = {x = 2}}", "table"),
        (ONE + 'date = "soon"', "map[1].date takes"),
        (ONE + "date = 2026-03-01T10:00:00", "map[1].date takes"),
        (ONE + "date = 3", "map[1].date takes"),
        (ONE + 'zero = "skip"', 'map[1].zero takes "leave" or "carry"'),
        (ONE + '[[map]]\nfrom = "old"\nto = "X"', "map[2] has the same from as map[1]"),
        (ONE + "[[exception]]\nleave = true", "exception[1].company takes"),
        (ONE + "[[exception]]\ncompany = true\nleave = true", "exception[1].company takes"),
        (ONE + '[[exception]]\ncompany = "A"', "exception[1] takes leave = true"),
        (ONE + '[[exception]]\ncompany = "A"\nleave = "yes"', "exception[1].leave takes true or false"),
        (ONE + '[[exception]]\ncompany = "A"\nfrom = "Z"\nleave = true', "exception[1].from is 'Z'"),
        (ONE + 2 * '[[exception]]\ncompany = "A"\nleave = true\n', "exception[2] has the same company"),
        ("defaults = 3\n" + ONE, "defaults takes a table"),
        ('defaults = {to = "X"}\n' + ONE, "defaults.to is not known"),
        ("other = 3\n" + ONE, "other is not known; the file takes defaults, map, exception"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_key_and_what_it_takes(content: str, says: str) -> None:
    with pytest.raises(WrongUse) as caught:
        parse_mapping(content)
    assert says in caught.value.message
    assert "\n" not in caught.value.message


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")
    odd = tmp_path / "odd.toml"
    odd.write_bytes(b"\xff")
    with pytest.raises(WrongUse, match="UTF-8"):
        read_mapping(odd)
    odd.write_text(ONE)
    assert read_mapping(odd) == parse_mapping(ONE)
