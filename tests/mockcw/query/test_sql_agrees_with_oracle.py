"""The whole way from text to SQL rows against an interpreter over plain dicts, written from the protocol facts alone.

The interpreter shares no code with the query room: it has its own condition tree, its own reading of `like`, of dates
and of the three truth values. Only the texts of conditions and the stored documents pass between the two.
"""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockcw.catalogue import Field, Model
from mockcw.query import (
    QuerySettings,
    child_conditions,
    compile,
    compile_order,
    conditions,
    custom_field_conditions,
    order_by,
)
from tests.campaign import examples

STATUS = (Field("id", "integer"), Field("name", "string"), Field("sort", "integer"))
KIND = (Field("id", "integer"), Field("name", "string"))
ITEM = (
    Field("id", "integer"),
    Field("value", "string"),
    Field("defaultFlag", "boolean"),
    Field("type", "ref", ref="KindReference"),
)
THING = (
    Field("id", "integer"),
    Field("name", "string"),
    Field("count", "integer"),
    Field("price", "number"),
    Field("closedFlag", "boolean"),
    Field("colour", "string", enum=("Red", "Green")),
    Field("startDate", "string", format="date-time"),
    Field("status", "ref", ref="StatusReference"),
    Field("items", "array", ref="Item", items="ref"),
    Field("tags", "array", items="string"),
    Field("customFields", "array", ref="CustomFieldValue", items="ref"),
    Field("_info", "object", additional="string"),
)


def model(name: str, fields: tuple[Field, ...]) -> Model:
    return Model(name, MappingProxyType({each.name: each for each in fields}), name, name.lower())


class FakeCatalogue:
    """Models by name, as the catalogue gives them."""

    def __init__(self) -> None:
        shapes = {"Thing": THING, "StatusReference": STATUS, "Item": ITEM, "KindReference": KIND}
        self.models = {name: model(name, fields) for name, fields in shapes.items()}

    def model(self, name: str) -> Model:
        return self.models[name]


CATALOGUE = FakeCatalogue()

# ---- records -------------------------------------------------------------------------------------------------------

TEXTS = [
    "",
    "a",
    "A",
    "ab",
    "aB",
    "ba",
    "b",
    "%",
    "a%",
    "*",
    "_",
    "a_",
    "[",
    "[]",
    "[[]",
    "a[b",
    "\\",
    "a\\",
    "'",
    '"',
] + ["\"a'", "é", "É", "a b", "(", "1", "5", "true", "z,", "%b", "b*", "*_", "_*", "*\\", "[[]%"]
texts = st.sampled_from(TEXTS)
"""Few texts, so that what is stored and what is asked for meet often; letter case, wildcards and quotes are all in."""
numbers = st.integers(-3, 3)
prices = st.decimals("-2", "2", places=2)
moments = st.integers(0, 4).map(lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
stored_dates = moments.map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


def record(**members):
    return st.fixed_dictionaries({}, optional=members)


items = record(id=numbers, value=texts, defaultFlag=st.booleans(), type=record(id=numbers, name=texts))
custom_fields = st.fixed_dictionaries(
    {
        "id": numbers,
        "caption": st.sampled_from(["X", "Y"]),
        "value": st.one_of(st.none(), texts, numbers, st.booleans()),
    }
)
documents = record(
    name=texts,
    count=numbers,
    price=prices.map(float),
    closedFlag=st.booleans(),
    colour=st.sampled_from(["Red", "Green"]),
    startDate=stored_dates,
    status=record(id=numbers, name=texts),
    _info=record(lastUpdated=stored_dates, updatedBy=texts),
)


def select(documents: list[dict], node, order: str = "id") -> list[int]:
    where = compile(node)
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, parent INTEGER, doc TEXT)")
        rows = [(number, json.dumps({"id": number, **each})) for number, each in enumerate(documents, 1)]
        connection.executemany("INSERT INTO t (id, doc) VALUES (?, ?)", rows)
        found = connection.execute(f"SELECT id FROM t WHERE {where.sql} ORDER BY {order}", where.params)
        ids = [number for (number,) in found]
    connection.close()
    return ids


# ---- conditions: text and meaning made together ---------------------------------------------------------------------


def anycase(text: str):
    mixed = "".join(each.upper() if place % 2 else each.lower() for place, each in enumerate(text))
    return st.sampled_from([text, text.lower(), text.upper(), mixed])


blanks = st.sampled_from(["", " ", "  ", "\t"])
blank = st.sampled_from([" ", "  ", "\n"])


@st.composite
def quoted(draw, text: str) -> str:
    quote = draw(st.sampled_from("\"'"))
    return quote + re.sub(r"[\\" + quote + "]", lambda found: "\\" + found[0], text) + quote


@st.composite
def literal_of(draw, kind: str):
    """Text and meaning of one literal of a kind."""
    if draw(st.integers(0, 9)) == 0:
        return draw(anycase("null")), None
    if kind == "text":
        value = draw(texts)
        return draw(quoted(value)), value
    if kind == "colour":
        value = draw(st.sampled_from(["Red", "Green", "RED", "green"]))
        return draw(quoted(value)), value
    if kind == "flag":
        value = draw(st.booleans())
        return draw(anycase(str(value))), value
    if kind == "number":
        value = draw(numbers | prices)
        return str(value), Decimal(value)
    moment = draw(moments)
    fraction = draw(st.sampled_from(["", ".0", ".000001", ".5000000"]))
    offset = draw(st.integers(-14, 14))
    local = moment + timedelta(hours=offset)
    zone = draw(st.sampled_from(["", "Z"])) if offset == 0 else f"{offset:+03d}:00"
    written = local.strftime(f"%Y-%m-%d{draw(st.sampled_from('T '))}%H:%M:%S") + fraction + zone
    return f"[{written}]", moment + timedelta(microseconds=500_000 if "5" in fraction else 1 if "1" in fraction else 0)


COMPARING = ("=", "!=", "<", "<=", ">", ">=")
FIELDS = {
    ("id",): "number",
    ("name",): "text",
    ("count",): "number",
    ("price",): "number",
    ("closedFlag",): "flag",
    ("colour",): "colour",
    ("startDate",): "date",
    ("status", "id"): "number",
    ("status", "name"): "text",
    ("_info", "lastUpdated"): "date",
    ("lastUpdated",): "date",
    ("_info", "updatedBy"): "text",
}
ITEM_FIELDS = {
    ("items", "id"): "number",
    ("items", "value"): "text",
    ("items", "defaultFlag"): "flag",
    ("items", "type", "name"): "text",
}
CUSTOM_FIELDS = {("caption",): "text", ("id",): "number", ("value",): "text", ("VALUE",): "number", ("Value",): "flag"}


@st.composite
def comparisons(draw, fields: dict, in_allowed: bool):
    path = draw(st.sampled_from(sorted(fields)))
    kind = fields[path]
    operators = [*COMPARING, *(["contains", "like"] if kind == "text" else []), *(["in"] if in_allowed else [])]
    op = draw(st.sampled_from(operators))
    count = draw(st.integers(1, 3)) if op == "in" else 1
    literals = [draw(literal_of(kind)) for _ in range(count)]
    if op not in ("=", "!=", "in"):
        literals = [pair if pair[1] is not None else draw(replacement(kind)) for pair in literals]
    negated = draw(st.booleans()) if op in ("contains", "like", "in") else False
    written = draw(anycase(op))
    if negated:
        written = draw(anycase("not")) + draw(blank) + written
    name = draw(anycase("/".join(path)))
    around = (blank, blanks) if op[0].isalpha() else (blanks, blanks)
    inside = f"({','.join(text for text, _ in literals)})" if op == "in" else literals[0][0]
    space = draw(blank) if op in ("contains", "like") else draw(around[1])
    text = f"{name}{draw(around[0])}{written}{space}{inside}"
    return text, ("compare", path, op, [value for _, value in literals], negated, kind)


@st.composite
def replacement(draw, kind: str):
    pair = draw(literal_of(kind))
    while pair[1] is None:
        pair = draw(literal_of(kind))
    return pair


def trees(fields: dict, in_allowed: bool = True):
    """(text, meaning, binding strength): 2 stands alone, 1 is joined by `and`, 0 by `or`."""

    def wrapped(pair, least: int, padding: str) -> str:
        text, _, strength = pair
        return f"({padding}{text}{padding})" if strength < least else text

    def extend(inner):
        @st.composite
        def joined(draw):
            word, strength = draw(st.sampled_from([("and", 1), ("or", 0)]))
            parts = draw(st.lists(inner, min_size=2, max_size=3))
            joiner = draw(blank) + draw(anycase(word)) + draw(blank)
            return (
                joiner.join(wrapped(part, strength + 1, draw(blanks)) for part in parts),
                (word, [part[1] for part in parts]),
                strength,
            )

        @st.composite
        def opposite(draw):
            part = draw(inner)
            return f"{draw(anycase('not'))} {wrapped(part, 2, draw(blanks))}", ("not", part[1]), 2

        return joined() | opposite()

    return st.recursive(comparisons(fields, in_allowed).map(lambda pair: (*pair, 2)), extend, max_leaves=5)


# ---- the oracle ----------------------------------------------------------------------------------------------------

ASCII_FOLD = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def fold(value):
    return value.translate(ASCII_FOLD) if isinstance(value, str) else value


def member(document, path):
    if path == ("lastUpdated",):
        path = ("_info", "lastUpdated")
    for name in path:
        if not isinstance(document, dict):
            return None
        document = document.get(name)
    return document


def comparable(value, kind: str):
    """A stored value as something that compares with a literal of this kind; None for absent."""
    if value is None:
        return None
    if kind == "date":
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return Decimal(str(value)) if kind == "number" else fold(value)


def like(value: str, pattern: str) -> bool:
    pattern = pattern.replace("[[]", "[")
    if "%" not in pattern and "*" not in pattern:
        return fold(value) == fold(pattern)
    expression = "".join(".*" if each in "%*" else re.escape(fold(each)) for each in pattern)
    return re.fullmatch(expression, fold(value), re.DOTALL) is not None


def judge(stored, op: str, values: list, kind: str):
    """True, False, or None for unknown."""
    left = comparable(stored, kind)
    rights = [fold(value) for value in values]
    if op == "in":
        if left is None:
            return True if None in values else None
        return left in [right for right in rights if right is not None]
    if values == [None]:
        return (left is None) == (op == "=")
    if left is None:
        return None
    right = rights[0]
    if op == "contains":
        return right.replace("[[]", "[") in left
    if op == "like":
        return like(stored, values[0])
    return {
        "=": left == right, "!=": left != right, "<": left < right,
        "<=": left <= right, ">": left > right, ">=": left >= right,
    }[op]  # fmt: skip


def opposite(answer):
    return None if answer is None else not answer


def truth(meaning, look):
    """Three-valued truth of a whole condition; `look` answers one comparison."""
    if meaning[0] == "compare":
        answer = look(meaning)
        return opposite(answer) if meaning[4] else answer
    if meaning[0] == "not":
        return opposite(truth(meaning[1], look))
    answers = [truth(each, look) for each in meaning[1]]
    decisive = meaning[0] == "or"
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def plain(document):
    return lambda meaning: judge(member(document, meaning[1]), meaning[2], meaning[3], meaning[5])


def two_valued(document):
    """The other reading: an absent field equals nothing and differs from everything."""

    def look(meaning):
        answer = plain(document)(meaning)
        return meaning[2] == "!=" if answer is None else answer

    return look


# ---- the properties ------------------------------------------------------------------------------------------------

stores = st.lists(documents, min_size=1, max_size=3)
parents = st.lists(record(items=st.lists(items, max_size=3), tags=st.lists(texts, max_size=2)), min_size=1, max_size=3)
customized = st.lists(record(customFields=st.lists(custom_fields, min_size=1, max_size=3)), min_size=1, max_size=2)


@settings(max_examples=examples(250), deadline=None)
@given(stores, trees(FIELDS))
def test_conditions_return_the_records_for_which_they_are_true(store, tree):
    text, meaning, _ = tree
    expected = [
        number for number, document in enumerate(store, 1) if truth(meaning, plain({"id": number, **document})) is True
    ]
    assert select(store, conditions(text, CATALOGUE.model("Thing"), CATALOGUE)) == expected


@settings(max_examples=examples(100), deadline=None)
@given(stores, trees(FIELDS))
def test_absent_fields_differ_from_everything_where_the_setting_says_so(store, tree):
    text, meaning, _ = tree
    expected = [
        number
        for number, document in enumerate(store, 1)
        if truth(meaning, two_valued({"id": number, **document})) is True
    ]
    node = conditions(text, CATALOGUE.model("Thing"), CATALOGUE, QuerySettings(absent_differs=True))
    assert select(store, node) == expected


@settings(max_examples=examples(100), deadline=None)
@given(parents, trees(ITEM_FIELDS, in_allowed=False))
@example(
    [{"items": [{"id": 1, "value": "a"}, {"id": 2, "value": "b"}]}],
    (
        "items/id=1 and items/value='b'",
        ("and", [("compare", ("items", "id"), "=", [Decimal(1)], False, "number"),
                 ("compare", ("items", "value"), "=", ["b"], False, "text")]),
        1,
    ),
)  # fmt: skip
def test_one_element_must_meet_the_whole_child_condition(store, tree):
    text, meaning, _ = tree

    def inside(element):
        return lambda compared: judge(member(element, compared[1][1:]), compared[2], compared[3], compared[5])

    expected = [
        number
        for number, document in enumerate(store, 1)
        if any(truth(meaning, inside(element)) is True for element in document.get("items", []))
    ]
    assert select(store, child_conditions(text, CATALOGUE.model("Thing"), CATALOGUE)) == expected


@settings(max_examples=examples(50), deadline=None)
@given(
    parents,
    comparisons({("items", "value"): "text"}, in_allowed=False),
    comparisons({("tags",): "text"}, in_allowed=False),
    st.sampled_from(["and", "or"]),
)
def test_each_array_of_a_child_condition_has_its_own_element(store, first, second, word):
    def alone(stored):
        return lambda compared: judge(stored, compared[2], compared[3], compared[5])

    def some(document, meaning):
        if meaning[1] == ("tags",):
            elements = document.get("tags", [])
        else:
            elements = [member(element, meaning[1][1:]) for element in document.get("items", [])]
        return any(truth(meaning, alone(stored)) is True for stored in elements)

    join = all if word == "and" else any
    expected = [
        number
        for number, document in enumerate(store, 1)
        if join(some(document, meaning) for meaning in (first[1], second[1]))
    ]
    text = f"{first[0]} {word} {second[0]}"
    assert select(store, child_conditions(text, CATALOGUE.model("Thing"), CATALOGUE)) == expected


def free(stored, values: list, kind: str):
    """A custom field's value beside a literal: numbers with numbers, anything else by its text."""
    if stored is None or values == [None]:
        return stored, values
    if kind == "number":
        is_number = isinstance(stored, int | float) and not isinstance(stored, bool)
        return (stored if is_number else None), values
    spelled = str(stored).lower() if isinstance(stored, bool) else str(stored)
    return spelled, [str(value).lower() if isinstance(value, bool) else value for value in values]


@settings(max_examples=examples(100), deadline=None)
@given(customized, trees(CUSTOM_FIELDS, in_allowed=False))
def test_one_custom_field_must_meet_the_whole_custom_field_condition(store, tree):
    text, meaning, _ = tree

    def inside(element):
        def look(compared):
            _, path, op, values, _, kind = compared
            stored = element.get(path[0].lower())
            if path[0].lower() == "value":
                kind = "number" if kind == "number" and values != [None] else "text"
                stored, values = free(stored, values, kind)
            return judge(stored, op, values, kind)

        return look

    expected = [
        number
        for number, document in enumerate(store, 1)
        if any(truth(meaning, inside(element)) is True for element in document.get("customFields", []))
    ]
    assert select(store, custom_field_conditions(text)) == expected


@settings(max_examples=examples(50), deadline=None)
@given(stores, st.lists(st.tuples(st.sampled_from(sorted(FIELDS)), st.sampled_from(["", "asc", "DESC"])), max_size=3))
def test_order_is_by_the_keys_absent_first_then_by_id(store, keys):
    numbered = [{"id": number, **document} for number, document in enumerate(store, 1)]
    for path, direction in reversed([*keys, (("id",), "")]):

        def key(document, path=path):
            value = comparable(member(document, path), FIELDS[path])
            return (value is not None, value) if value is not None else (False, 0)

        numbered.sort(key=key, reverse=direction == "DESC")
    text = " , ".join(f"{'/'.join(path)} {direction}" for path, direction in keys)
    order = compile_order(order_by(text, CATALOGUE.model("Thing"), CATALOGUE))
    everything = conditions("", CATALOGUE.model("Thing"), CATALOGUE)
    assert select(store, everything, order) == [document["id"] for document in numbered]


# ---- every pair, not only those that chance brings together ----------------------------------------------------------


def spelled(text: str) -> str:
    return '"' + re.sub(r'[\\"]', lambda found: "\\" + found[0], text) + '"'


def expected_of(store: list[dict], meaning) -> list[int]:
    return [number for number, document in enumerate(store, 1) if truth(meaning, plain(document)) is True]


@pytest.mark.parametrize("negated", ["", "not "])
@pytest.mark.parametrize("op", [*COMPARING, "contains", "like"])
def test_every_text_meets_every_other(op, negated):
    store: list[dict] = [{"name": text} for text in TEXTS] + [{}]
    for text in TEXTS:
        node = conditions(f"name {negated}{op} {spelled(text)}", CATALOGUE.model("Thing"), CATALOGUE)
        expected = expected_of(store, ("compare", ("name",), op, [text], bool(negated), "text"))
        assert (text, select(store, node)) == (text, expected)


@pytest.mark.parametrize("negated", ["", "not "])
@pytest.mark.parametrize("op", COMPARING)
def test_every_fraction_of_a_second_meets_the_seconds_around_it(op, negated):
    store: list[dict] = [{"startDate": f"2025-01-01T00:00:0{second}Z"} for second in range(4)] + [{}]
    for second, fraction in ((1, ""), (1, ".0"), (1, ".5"), (2, ".000000"), (2, ".0000001")):
        moment = datetime(2025, 1, 1, 0, 0, second, 1 if fraction.strip(".0") else 0, tzinfo=UTC)
        text = f"startDate {negated}{op} [2025-01-01T00:00:0{second}{fraction}Z]"
        expected = expected_of(store, ("compare", ("startDate",), op, [moment], bool(negated), "date"))
        assert (text, select(store, conditions(text, CATALOGUE.model("Thing"), CATALOGUE))) == (text, expected)


@pytest.mark.parametrize("negated", ["", "not "])
@pytest.mark.parametrize(
    ("written", "values"),
    [("1", [1]), ("1,2", [1, 2]), ("null", [None]), ("1,null", [1, None]), ("null,9", [None, 9]), ("2.0,1", [2, 1])],
)
def test_lists_with_and_without_null(written, values, negated):
    store: list[dict] = [{"count": 1}, {"count": 2}, {}, {"count": 3}]
    node = conditions(f"count {negated}in ({written})", CATALOGUE.model("Thing"), CATALOGUE)
    assert select(store, node) == expected_of(store, ("compare", ("count",), "in", values, bool(negated), "number"))


@pytest.mark.parametrize("op", COMPARING)
@pytest.mark.parametrize(
    ("written", "values", "kind"),
    [
        ('"a"', ["a"], "text"), ('"5"', ["5"], "text"), ('"True"', ["True"], "text"), ("true", [True], "flag"),
        ("False", [False], "flag"), ("5", [5], "number"), ("1", [1], "number"), ("0", [0], "number"),
    ],
)  # fmt: skip
def test_every_sort_of_custom_value_meets_every_sort_of_literal(op, written, values, kind):
    stored = [None, "A", "b", "5", 5, 1, 0, 2, True, False, "true", "1"]
    store = [{"customFields": [{"id": 1, "caption": "X", "value": value}]} for value in stored]
    expected = []
    for number, value in enumerate(stored, 1):
        left, right = free(value, values, kind)
        if judge(left, op, right, "number" if kind == "number" else "text") is True:
            expected.append(number)
    assert select(store, custom_field_conditions(f"value {op} {written}")) == expected
