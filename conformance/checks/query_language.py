"""Checks of the query language: conditions, their refusals, and child conditions.

Knows the language by its sentences; every check makes its own companies and asks only among them.
"""

from __future__ import annotations

from typing import Any

from conformance.checks.check import check
from conformance.errors import CannotTell
from conformance.wire import COMPANIES, Wire, ids

LITERALS = (
    "String values should be enclosed with double or single quotes; DateTime values should be enclosed in square "
    "brackets; numbers should consist of only digits, and optionally a decimal point and a negation sign; boolean "
    "values should be indicated with the keywords true or false; null values should be indicated by the keyword null."
)


def cities(wire: Wire) -> list[dict[str, Any]]:
    """Three companies: Aarhus with 9 employees, Bergen with 50, and one without a city with 500."""
    return wire.companies(
        {"city": "Aarhus", "numberOfEmployees": 9},
        {"city": "Bergen", "numberOfEmployees": 50},
        {"numberOfEmployees": 500},
    )


def selects(wire: Wire, made: list[dict[str, Any]], expected: dict[str, list[int]], **query: Any) -> None:
    """Each condition selects exactly the companies at the places that are due."""
    for conditions, due in expected.items():
        found = wire.matching(conditions, made, **query)
        wire.expect(found == due, f"{conditions} selects the companies {found} of {len(made)}, due are {due}")


def refused(wire: Wire, conditions: str, message: str | None, **query: str) -> None:
    """The condition is refused as one that cannot be found by."""
    wire.expect_error(wire.get(COMPANIES, {"conditions": conditions, **query}), 400, "ApiFindCondition", message)


@check("query.equals")
def equals(wire: Wire) -> None:
    """`=` on text and on numbers."""
    selects(wire, cities(wire), {'city = "Bergen"': [1], "numberOfEmployees = 9": [0]})


@check("query.not-equals")
def not_equals(wire: Wire) -> None:
    """`!=` leaves out what is equal."""
    selects(wire, cities(wire)[:2], {'city != "Bergen"': [0], "numberOfEmployees != 9": [1]})


@check("query.comparison")
def comparison(wire: Wire) -> None:
    """Numbers compare as numbers, not as text."""
    expected = {
        "numberOfEmployees < 50": [0],
        "numberOfEmployees <= 50": [0, 1],
        "numberOfEmployees > 50": [2],
        "numberOfEmployees >= 50": [1, 2],
    }
    selects(wire, cities(wire), expected)


@check("query.contains")
def contains(wire: Wire) -> None:
    """`contains` finds text inside."""
    selects(wire, cities(wire), {'city contains "erge"': [1], 'city contains "nowhere"': []})


@check("query.like-percent")
def like_percent(wire: Wire) -> None:
    """`%` stands for any text."""
    selects(wire, cities(wire), {'city like "Ber%"': [1], 'city like "%hus"': [0], 'city like "%r%"': [0, 1]})


@check("query.like-star")
def like_star(wire: Wire) -> None:
    """`*` stands for any text."""
    selects(wire, cities(wire), {'city like "Ber*"': [1], 'city like "*hus"': [0]})


@check("query.like-plain")
def like_plain(wire: Wire) -> None:
    """Without a wildcard `like` is equality."""
    selects(wire, cities(wire), {'city like "Ber"': [], 'city like "Bergen"': [1]})


@check("query.in")
def in_list(wire: Wire) -> None:
    """`in` takes a list of literals."""
    made = cities(wire)
    selects(wire, made, {f"id in ({made[0]['id']}, {made[2]['id']})": [0, 2], 'city in ("Bergen","Oslo")': [1]})


@check("query.not")
def negated(wire: Wire) -> None:
    """`not` before contains, like and in."""
    expected = {'city not contains "erge"': [0], 'city not like "Ber%"': [0], 'city not in ("Bergen")': [0]}
    selects(wire, cities(wire)[:2], expected)


@check("query.and-or")
def and_or(wire: Wire) -> None:
    """Parentheses group, and keywords have any letter case."""
    expected = {
        'city = "Aarhus" OR city = "Bergen"': [0, 1],
        'city = "Aarhus" or numberOfEmployees = 500': [0, 2],
        '(city = "Aarhus" Or city = "Bergen") And numberOfEmployees > 10': [1],
    }
    selects(wire, cities(wire), expected)


@check("query.precedence")
def precedence(wire: Wire) -> None:
    """`and` binds before `or`."""
    selects(wire, cities(wire), {'city = "Aarhus" or city = "Bergen" and numberOfEmployees > 100': [0]})


@check("query.blanks")
def blanks(wire: Wire) -> None:
    """Blanks around operators may be left out."""
    selects(wire, cities(wire), {'city="Bergen"': [1], "numberOfEmployees>=50": [1, 2], "leadFlag=true": []})


@check("query.plus-is-blank")
def plus_is_blank(wire: Wire) -> None:
    """A plus sign in the URL is a blank, as in the links that the server writes."""
    made = cities(wire)
    narrowed = f"city+%3d+%22Bergen%22+and+id+%3e%3d+{made[0]['id']}"
    found = ids(wire.get(COMPANIES, f"conditions={narrowed}").rows())
    wire.expect(made[1]["id"] in found and made[0]["id"] not in found, f"the ids are {found[:10]}")


@check("query.booleans")
def booleans(wire: Wire) -> None:
    """Booleans in any letter case."""
    made = wire.companies({"leadFlag": True}, {"leadFlag": False})
    selects(wire, made, {"leadFlag = true": [0], "leadFlag = True": [0], "leadFlag = FALSE": [1]})


@check("query.null")
def null(wire: Wire) -> None:
    """`null` finds what has no value."""
    selects(wire, cities(wire), {"city = null": [2], "city != null": [0, 1]})


@check("query.dates")
def dates(wire: Wire) -> None:
    """Dates stand in square brackets: with Z, and the day alone."""
    made = wire.companies({"dateAcquired": "2024-05-01T10:00:00Z"}, {"dateAcquired": "2024-05-02T10:00:00Z"})
    expected = {
        "dateAcquired > [2024-05-01T10:00:00Z]": [1],
        "dateAcquired >= [2024-05-01T10:00:00Z]": [0, 1],
        "dateAcquired < [2024-05-02]": [0],
        "dateAcquired = [2024-05-01T10:00:00Z]": [0],
    }
    selects(wire, made, expected)


@check("query.date-forms")
def date_forms(wire: Wire) -> None:
    """Dates with microseconds, with an offset, with a blank for the T: clients in use send them."""
    made = wire.companies({"dateAcquired": "2024-05-01T10:00:00Z"}, {"dateAcquired": "2024-05-02T10:00:00Z"})
    expected = {
        "dateAcquired > [2024-05-01T16:36:11.123456]": [1],
        "dateAcquired > [2024-05-01 16:36:11+00:00]": [1],
        "dateAcquired > [2024-05-01T16:36:11+00:00]": [1],
    }
    selects(wire, made, expected)


@check("query.quotes")
def quotes(wire: Wire) -> None:
    """Text stands in double or single quotes, and may hold the other kind."""
    made = wire.companies({"city": "O'Fallon"}, {"city": "Bergen"})
    selects(wire, made, {"city = 'Bergen'": [1], 'city = "O\'Fallon"': [0]})


@check("query.escape")
def escape(wire: Wire) -> None:
    """A backslash takes the meaning from a quote."""
    made = wire.companies({"city": 'Ber"gen'}, {"city": "Bergen"})
    selects(wire, made, {'city = "Ber\\"gen"': [0]})


@check("query.name-case")
def name_case(wire: Wire) -> None:
    """Names of fields have any letter case, references too."""
    made = cities(wire)
    selects(wire, made, {'CITY = "Bergen"': [1], "NumberOfEmployees = 9": [0], "Status/Id != null": [0, 1, 2]})


@check("query.reference")
def reference(wire: Wire) -> None:
    """The slash leads into a reference."""
    first, second = two_statuses(wire)
    made = wire.companies({"status": {"id": first["id"]}}, {"status": {"id": second["id"]}})
    expected = {f"status/id = {second['id']}": [1], f'status/name = "{first["name"]}"': [0]}
    selects(wire, made, expected)


def two_statuses(wire: Wire) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two statuses that the target has; raises CannotTell when it has fewer."""
    rows = wire.get(f"{COMPANIES}/statuses").rows()
    if len(rows) < 2:
        raise CannotTell("the target has fewer than two company statuses")
    first, second = sorted(rows[:2], key=lambda row: str(row["name"]))
    return first, second


@check("query.last-updated")
def last_updated(wire: Wire) -> None:
    """`lastUpdated` and `dateEntered` can be asked for, though they live in `_info`."""
    made = cities(wire)
    expected = {
        "lastUpdated > [2001-01-01T00:00:00Z]": [0, 1, 2],
        "LastUpdated > [2999-01-01T00:00:00Z]": [],
        "dateEntered > [2001-01-01T00:00:00Z]": [0, 1, 2],
        "_info/dateEntered > [2999-01-01T00:00:00Z]": [],
    }
    selects(wire, made, expected)


@check("query.unknown-name")
def unknown_name(wire: Wire) -> None:
    """The refusal repeats the path as it was written."""
    refused(wire, 'resources/identifier = "x"', "resources/identifier is not a recognized name.")
    refused(wire, 'noSuchField = "x"', "noSuchField is not a recognized name.")


@check("query.many-valued")
def many_valued(wire: Wire) -> None:
    """A field that is a list is no name for conditions."""
    refused(wire, 'types/name = "Client"', "types/name is not a recognized name.")


@check("query.wrong-literal")
def wrong_literal(wire: Wire) -> None:
    """A literal of another type than the field is explained."""
    reply = wire.get(COMPANIES, {"conditions": "leadFlag = 1"})
    if wire.expect_status(reply, 400):
        due = f"Expected a boolean value, not a numeric. {LITERALS}"
        wire.expect(reply.error().get("message") == due, f"the message is {reply.error().get('message')!r}")


@check("query.syntax")
def syntax(wire: Wire) -> None:
    """A condition that cannot be read is refused, whatever is wrong with it."""
    broken = ("city =", 'city = "x" and', '(city = "x"', 'city = "x")', "= 3", 'city ~ "x"', 'city = "x', "id in (")
    for conditions in broken:
        refused(wire, conditions, None)


@check("query.deep-nesting")
def deep_nesting(wire: Wire) -> None:
    """Nesting without end is refused and breaks nothing."""
    depth = 2000
    wire.expect_refused(wire.get(COMPANIES, {"conditions": "(" * depth + "id = 1" + ")" * (depth - 1)}))
    wire.expect(wire.get(COMPANIES, {"conditions": "(" * depth + "id = 1" + ")" * depth}).status < 500, "it broke")
    wire.expect_alive()


@check("query.hostile-text")
def hostile_text(wire: Wire) -> None:
    """Text that means something to SQL is text."""
    made = cities(wire)
    for text in ("' or 1=1 --", '\\" or 1=1 --', "'; drop table company; --", "%' or '1'='1"):
        found = wire.matching(f'city = "{text}"', made)
        wire.expect(found == [], f"{text} selects {found}")


@check("query.child-conditions")
def child_conditions(wire: Wire) -> None:
    """Child conditions ask about the members of a list."""
    types = wire.get(f"{COMPANIES}/types").rows()
    if len(types) < 2:
        raise CannotTell("the target has fewer than two company types")
    made = wire.companies({"types": [{"id": types[0]["id"]}]}, {"types": [{"id": types[1]["id"]}]})
    for place in (0, 1):
        conditions = f"id >= {made[0]['id']} and id <= {made[1]['id']}"
        query = {"conditions": conditions, "childConditions": f'types/name = "{types[place]["name"]}"'}
        found = ids(wire.get(COMPANIES, query).rows())
        wire.expect(found == [made[place]["id"]], f"the type of {made[place]['id']} selects {found}")


@check("query.child-in")
def child_in(wire: Wire) -> None:
    """`in` is no operator of child conditions."""
    wire.expect_refused(wire.get(COMPANIES, {"childConditions": "types/id in (1, 2)"}))


@check("query.custom-field-conditions")
def custom_field_conditions(wire: Wire) -> None:
    """A caption that no record carries selects nothing."""
    wire.company()
    rows = wire.get(COMPANIES, {"customFieldConditions": 'caption="No Such Caption" AND value != null'}).rows()
    wire.expect(rows == [], f"{len(rows)} companies carry a caption that nobody has")


CHECKS = (
    equals,
    not_equals,
    comparison,
    contains,
    like_percent,
    like_star,
    like_plain,
    in_list,
    negated,
    and_or,
    precedence,
    blanks,
    plus_is_blank,
    booleans,
    null,
    dates,
    date_forms,
    quotes,
    escape,
    name_case,
    reference,
    last_updated,
    unknown_name,
    many_valued,
    wrong_literal,
    syntax,
    deep_nesting,
    hostile_text,
    child_conditions,
    child_in,
    custom_field_conditions,
)
