"""The SQL itself: stable expressions that an index serves, parameters for every value, and SQLite's own limits."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal

import pytest

from mockcw.catalogue import load
from mockcw.errors import ApiFindCondition
from mockcw.query import (
    And,
    Compare,
    InList,
    Kind,
    Never,
    Not,
    Or,
    Order,
    QuerySettings,
    Some,
    child_conditions,
    compile,
    compile_order,
    conditions,
    order_by,
    where,
)
from mockcw.query.settings import DEFAULTS

CATALOGUE = load()
COMPANY = CATALOGUE.model("Company")


@pytest.fixture
def table():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, parent INTEGER, doc TEXT)")
    rows = [(n, json.dumps({"id": n, "name": f"Company {n}", "status": {"id": n % 3}})) for n in range(1, 101)]
    connection.executemany("INSERT INTO t (id, doc) VALUES (?, ?)", rows)
    yield connection
    connection.close()


def test_an_equality_names_the_expression_that_an_index_serves(table):
    found = compile(conditions("status/id = 1 and name = 'x'", COMPANY, CATALOGUE))
    assert found.paths == ("json_extract(doc,'$.status.id')", "json_extract(doc,'$.name') COLLATE NOCASE")
    assert all(path in found.sql for path in found.paths)


@pytest.mark.parametrize(
    "text", ["NAME = 'company 7'", "name in ('COMPANY 7', 'x')", "status/id = 1", "status/id in (7)"]
)
def test_an_index_on_the_named_expression_is_used(table, text):
    found = compile(conditions(text, COMPANY, CATALOGUE))
    table.execute(f"CREATE INDEX i ON t ({found.paths[0]})")
    plan = table.execute(f"EXPLAIN QUERY PLAN SELECT doc FROM t WHERE {found.sql} ORDER BY id", found.params).fetchall()
    assert "USING INDEX i" in plan[0][-1]


def test_an_index_serves_the_order(table):
    order = compile_order(order_by("name desc", COMPANY, CATALOGUE))
    table.execute("CREATE INDEX i ON t (json_extract(doc,'$.name') COLLATE NOCASE)")
    plan = table.execute(f"EXPLAIN QUERY PLAN SELECT doc FROM t ORDER BY {order}").fetchall()
    assert "USING INDEX i" in plan[0][-1]


def test_the_id_is_its_own_column_and_needs_no_index():
    found = compile(conditions("id in (3, 4) or id = 5", COMPANY, CATALOGUE))
    assert (found.sql, found.params, found.paths) == ("id IN (?,?) OR id = ?", (3, 4, 5), ())


def test_an_order_always_ends_with_the_id():
    assert compile_order(()) == "id"
    assert compile_order([Order(("id",), Kind.NUMBER, True), Order(("name",), Kind.TEXT)]) == "id DESC"
    order = compile_order(order_by("name DESC, status/id, Name asc", COMPANY, CATALOGUE))
    assert order == "json_extract(doc,'$.name') COLLATE NOCASE DESC, json_extract(doc,'$.status.id'), id"


def test_no_value_of_a_client_becomes_sql():
    hostile = "x'); DROP TABLE t;--"
    found = compile(conditions(f'name = "{hostile}" or name like "{hostile}%"', COMPANY, CATALOGUE))
    assert "DROP" not in found.sql
    assert found.params == (hostile, f"{hostile}%")


@pytest.mark.parametrize("name", ["a'b", "a.b", "", "a b", "$", "a]"])
def test_a_path_that_is_no_member_name_is_never_written(name):
    with pytest.raises(ValueError, match="not a member name"):
        compile(Compare((name,), "=", 1, Kind.NUMBER))
    with pytest.raises(ValueError, match="not a member name"):
        compile(Some((name,), Compare(("id",), "=", 1, Kind.NUMBER)))
    with pytest.raises(ValueError, match="not a member name"):
        compile_order([Order((name,), Kind.TEXT)])


@pytest.mark.parametrize("text", ["0.1", "19.99", "1234567.89", "0.30000000000000004"])
def test_decimals_equal_the_stored_number_of_the_same_digits(table, text):
    table.execute("INSERT INTO t (id, doc) VALUES (500, ?)", (f'{{"annualRevenue":{text}}}',))
    found = compile(conditions(f"annualRevenue = {text}", COMPANY, CATALOGUE))
    assert table.execute(f"SELECT id FROM t WHERE {found.sql}", found.params).fetchall() == [(500,)]


def test_empty_joins_and_never_compile():
    assert compile(And(())).sql == "1"
    assert compile(Or(())).sql == "0"
    assert compile(Not(Never())).sql == "NOT (0)"
    assert compile(InList(("x",), (Decimal("1.5"), True), Kind.NUMBER)).params == ("1.5", 1)


def nested(depth: int, text: str, joiners: tuple[str, str], left: bool) -> str:
    for level in range(depth):
        joiner = joiners[level % 2]
        text = f"({text}) {joiner} id=1" if left else f"id=1 {joiner} ({text})"
    return text


@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("joiners", [("and", "or"), ("or", "and")])
def test_the_deepest_nesting_that_is_read_is_also_run(table, joiners, left):
    choices = QuerySettings(absent_differs=True)
    depth = DEFAULTS.nesting_limit
    scope = And((Compare(("id",), ">", 0, Kind.NUMBER), Or((Compare(("id",), "!=", 0, Kind.NUMBER), Never()))))
    tree = And(
        (
            scope,
            conditions(nested(depth, "name != 'x'", joiners, left), COMPANY, CATALOGUE, choices),
            child_conditions(
                nested(depth, "types/id != 1", joiners, left).replace("id=1", "types/name='a'").replace("//", "/"),
                COMPANY, CATALOGUE, choices,
            ),
        )
    )  # fmt: skip
    found = compile(And((tree, Or((tree, Never())))))
    table.execute(
        f"SELECT doc FROM t WHERE parent IS NULL AND id > 0 AND ({found.sql}) ORDER BY id LIMIT 5", found.params
    ).fetchall()


@pytest.mark.parametrize("joiner", [" or ", " and "])
def test_as_many_comparisons_as_are_read_are_also_run(table, joiner):
    parts = ["id>1", "id=50"] * (DEFAULTS.comparisons_limit // 2)
    found = compile(conditions(joiner.join(parts), COMPANY, CATALOGUE))
    assert (50,) in table.execute(f"SELECT id FROM t WHERE {found.sql}", found.params).fetchall()
    with pytest.raises(ApiFindCondition, match="more than 1000 comparisons"):
        conditions(joiner.join([*parts, "id=50"]), COMPANY, CATALOGUE)


def test_a_list_as_long_as_a_text_may_be_runs_on_any_sqlite(table):
    numbers = [str(n) for n in range(20_000)]
    text = f"id in ({','.join(numbers)})"[: DEFAULTS.conditions_limit].rpartition(",")[0] + ")"
    found = compile(conditions(text, COMPANY, CATALOGUE))
    assert len(found.params) < 32_766
    assert len(table.execute(f"SELECT id FROM t WHERE {found.sql}", found.params).fetchall()) == 100


def test_the_longest_pattern_of_wildcards_runs(table):
    text = f"name like '{'%a' * (DEFAULTS.pattern_limit // 2)}'"
    found = compile(conditions(text, COMPANY, CATALOGUE))
    assert table.execute(f"SELECT id FROM t WHERE {found.sql}", found.params).fetchall() == []


def test_the_three_sorts_of_conditions_are_joined():
    params = {"conditions": "id=1 or id=2", "childconditions": "types/id=3", "customfieldconditions": "caption='X'"}
    found = compile(where(params, COMPANY, CATALOGUE))
    assert found.params == (1, 2, 3, "X")
    assert found.sql.startswith("(id = ? OR id = ?) AND EXISTS")
    assert compile(where({}, COMPANY, CATALOGUE)).sql == "1"
