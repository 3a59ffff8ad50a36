"""Conditions on records of other collections, against the same tree worked out over plain dicts.

`Related` follows a reference to the record it means, `Holds` looks at the records that live under this one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcw.query import And, Compare, InList, Kind, Never, Node, Not, Or, compile
from mockcw.query.tree import Always, Holds, Related, Some
from mockcw.store import EVERYTHING, Store, both

HOUSES, PEOPLE, ROOMS = "/houses", "/people", "/houses/{parentId}/rooms"
REFERS = {HOUSES: ("owner", PEOPLE), PEOPLE: ("home", HOUSES), ROOMS: ("guest", PEOPLE)}
Town = dict[str, list[tuple[int, int, dict[str, Any]]]]
"""Records of each collection, as (id, parent, document)."""


# -- towns and trees ---------------------------------------------------------------------------------------------------

SMALL = st.integers(1, 4)


@st.composite
def records(draw: st.DrawFn, collection: str) -> list[tuple[int, int, dict[str, Any]]]:
    """Up to four records; references and numbers may be absent, null, or lead nowhere."""
    field, _ = REFERS[collection]
    found = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        document: dict[str, Any] = {"id": number}
        if draw(st.booleans()):
            document["n"] = draw(st.none() | SMALL)
        if draw(st.booleans()):
            document[field] = draw(st.none() | st.builds(lambda one: {"id": one}, SMALL))
        if draw(st.booleans()):
            document["tags"] = [{"n": one} for one in draw(st.lists(SMALL, max_size=2))]
        found.append((number, draw(SMALL) if collection == ROOMS else 0, document))
    return found


TOWNS = st.fixed_dictionaries({name: records(name) for name in REFERS})


@st.composite
def trees(draw: st.DrawFn, collection: str = HOUSES, depth: int = 4) -> Node:
    """A tree over a collection that goes at most `depth` steps deep, through other collections too."""
    field, target = REFERS[collection]
    kinds = ["n", "in", "absent", "present", "id", "always", "never", "some"]
    if depth:
        kinds += ["and", "or", "not", "related", "related", *(["holds", "holds"] if collection == HOUSES else [])]
    kind = draw(st.sampled_from(kinds))
    deeper = trees(collection, depth - 1)
    if kind in ("and", "or"):
        operands = tuple(draw(st.lists(deeper, max_size=3)))
        return And(operands) if kind == "and" else Or(operands)
    if kind == "not":
        return Not(draw(deeper))
    if kind == "related":
        return Related((field, "id"), target, draw(trees(target, depth - 1)))
    if kind == "holds":
        return Holds(ROOMS, draw(trees(ROOMS, depth - 1)))
    leaves: dict[str, Node] = {
        "n": Compare(("n",), draw(st.sampled_from(["=", "!=", "<", ">="])), draw(SMALL), Kind.NUMBER),
        "in": InList(("n",), tuple(draw(st.lists(SMALL, min_size=1, max_size=2))), Kind.NUMBER),
        "absent": Compare((field, "id"), "=", None, Kind.NUMBER),
        "present": Compare((field, "id"), "!=", None, Kind.NUMBER),
        "id": Compare(("id",), "=", draw(SMALL), Kind.NUMBER),
        "always": Always(),
        "never": Never(),
        "some": Some(("tags",), Compare(("n",), "=", draw(SMALL), Kind.NUMBER)),
    }
    return leaves[kind]


# -- the oracle --------------------------------------------------------------------------------------------------------


def at(document: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def joined(answers: list[bool | None], decisive: bool) -> bool | None:
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def truth(node: Node, town: Town, number: int, document: dict[str, Any]) -> bool | None:
    """Three-valued truth of a tree for one record."""
    match node:
        case Always() | Never():
            return isinstance(node, Always)
        case And(operands):
            return joined([truth(one, town, number, document) for one in operands], False)
        case Or(operands):
            return joined([truth(one, town, number, document) for one in operands], True)
        case Not(operand):
            answer = truth(operand, town, number, document)
            return None if answer is None else not answer
        case Some(array, where):
            return any(truth(where, town, 0, one) is True for one in at(document, array) or [])
        case Related(path, collection, where):
            meant = at(document, path)
            return any(one == meant and truth(where, town, one, doc) is True for one, _, doc in town[collection])
        case Holds(collection, where):
            return any(above == number and truth(where, town, one, doc) is True for one, above, doc in town[collection])
        case InList(path, values, _):
            value = at(document, path)
            return None if value is None else value in values
        case Compare(path, op, value, _):
            stored = at(document, path)
            if value is None:
                return (stored is None) is (op == "=")
            if stored is None:
                return None
            return bool({"=": stored == value, "!=": stored != value, "<": stored < value, ">=": stored >= value}[op])
    raise AssertionError(node)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """One store; each example fills it anew."""
    one = Store()
    yield one
    one.close()


def fill(store: Store, town: Town) -> None:
    for name, rows in town.items():
        store.refill(name, [(number, parent, json.dumps(document).encode()) for number, parent, document in rows])


# -- the properties ----------------------------------------------------------------------------------------------------

HOME = Related(("owner", "id"), PEOPLE, Related(("home", "id"), HOUSES, Compare(("n",), "=", 1, Kind.NUMBER)))


@given(TOWNS, trees())
@example(
    {HOUSES: [(1, 0, {"n": 1, "owner": {"id": 2}}), (2, 0, {"n": 2, "owner": {"id": 1}})],
     PEOPLE: [(1, 0, {"home": {"id": 1}}), (2, 0, {"home": {"id": 2}})],
     ROOMS: []},
    HOME,
)  # fmt: skip
@example(
    {HOUSES: [(1, 0, {}), (2, 0, {"owner": None}), (3, 0, {"owner": {"id": 9}})], PEOPLE: [], ROOMS: []}, Not(HOME)
)
@example(
    {HOUSES: [(1, 0, {}), (2, 0, {"owner": {"id": 9}}), (3, 0, {"owner": {"id": 1}})], PEOPLE: [(1, 0, {})], ROOMS: []},
    Not(Related(("owner", "id"), PEOPLE, Always())),
)
@example(
    {HOUSES: [(1, 0, {}), (2, 0, {})], PEOPLE: [], ROOMS: [(1, 2, {"n": 3})]},
    Not(Holds(ROOMS, Compare(("n",), "=", 3, Kind.NUMBER))),
)
def test_a_tree_over_several_collections_admits_the_records_for_which_it_is_true(
    store: Store, town: Town, tree: Node
) -> None:
    fill(store, town)
    wanted = [number for number, _, document in town[HOUSES] if truth(tree, town, number, document) is True]
    where = compile(tree)
    assert [number for number, _ in store.rows(HOUSES, where)] == wanted
    assert store.count(HOUSES, where) == len(wanted)
    for number, _, _ in town[HOUSES]:
        assert (store.get(HOUSES, number, None, where) is not None) is (number in wanted)


@given(TOWNS, trees(), trees(), st.integers(1, 3))
def test_a_scope_and_a_condition_together_admit_what_each_admits_page_by_page(
    store: Store, town: Town, tree: Node, other: Node, size: int
) -> None:
    fill(store, town)
    first, second = (
        {number for number, _, document in town[HOUSES] if truth(one, town, number, document) is True}
        for one in (tree, other)
    )
    where = both(compile(tree), compile(other))
    pages = [store.rows(HOUSES, where, limit=size, offset=offset) for offset in range(0, 5, size)]
    assert [number for page in pages for number, _ in page] == sorted(first & second)


def sources_in(node: Node) -> set[str]:
    match node:
        case And(operands) | Or(operands):
            return set().union(*map(sources_in, operands))
        case Not(operand):
            return sources_in(operand)
        case Some(_, where):
            return sources_in(where)
        case Related(_, collection, where) | Holds(collection, where):
            return {collection} | sources_in(where)
    return set()


@given(trees(), trees())
def test_a_compiled_tree_names_every_collection_that_it_reads(tree: Node, other: Node) -> None:
    assert set(compile(tree).sources) == sources_in(tree)
    assert set(both(compile(tree), compile(other)).sources) == sources_in(And((tree, other)))


# -- single cases ------------------------------------------------------------------------------------------------------


def test_only_expressions_of_the_listed_collection_are_worth_an_index() -> None:
    inner = Compare(("n",), "=", 1, Kind.NUMBER)
    assert compile(Related(("owner", "id"), PEOPLE, inner)).paths == ()
    assert compile(Holds(ROOMS, inner)).paths == ()
    [own] = compile(And((Related(("owner", "id"), PEOPLE, Compare(("m",), "=", 1, Kind.NUMBER)), inner))).paths
    assert "$.n" in own


def test_values_inside_travel_as_parameters_in_their_order() -> None:
    tree = And(
        (
            Compare(("n",), "=", 1, Kind.NUMBER),
            Related(("owner", "id"), PEOPLE, InList(("name",), ("a'", 'b"'), Kind.TEXT)),
            Holds(ROOMS, Compare(("n",), "=", 2, Kind.NUMBER)),
        )
    )
    found = compile(tree)
    assert found.params == (1, "a'", 'b"', 2)
    assert "a'" not in found.sql


@pytest.mark.parametrize("kind", [Related, Holds])
def test_a_collection_that_would_break_out_of_its_quotes_is_refused(kind: Any) -> None:
    path = (("owner", "id"),) if kind is Related else ()
    with pytest.raises(ValueError, match="not a collection"):
        compile(kind(*path, '/people" UNION SELECT 1', Always()))


def test_a_collection_that_never_held_a_record_admits_nothing() -> None:
    store = Store()
    store.insert(HOUSES, 1, b'{"owner":{"id":1}}')
    for tree in (Related(("owner", "id"), "/never/filled", Always()), Holds("/never/filled", Always())):
        assert store.rows(HOUSES, compile(tree)) == []
        assert store.count(HOUSES, compile(tree)) == 0
        assert store.get(HOUSES, 1, None, compile(tree)) is None
    assert len(store.rows(HOUSES, EVERYTHING)) == 1
    store.close()
