"""The smallest change by itself: it passes, nothing smaller does, and several changes fold into one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.catalogue import Operation, load
from mockcw.permissions import LEVELS, Actor, Levels, Role, decide
from mockcw.permissions.explain import LISTS
from mockcw.permissions.remedy import (
    Cell,
    Item,
    Lack,
    Raise,
    Remedy,
    above,
    allowed,
    folded,
    of_cause,
    offered_by,
    raised,
    smallest,
)
from mockcw.settings import Settings

CATALOGUE = load()
OFFERED = offered_by(CATALOGUE.areas)
SETTINGS = Settings()
GATED = [one for one in CATALOGUE.operations if one.permission.module and one.permission.confidence in "ABC"]
ROWS = [(one.module, one.area) for one in CATALOGUE.areas]
LEVEL = st.sampled_from(LEVELS)
CELLS = st.dictionaries(st.sampled_from(ROWS), st.builds(Levels, LEVEL, LEVEL, LEVEL, LEVEL), max_size=12)
TABLES = sorted({one.permission.setup_table for one in GATED if one.permission.setup_table})
DISALLOWED = st.frozensets(st.sampled_from(TABLES), max_size=8)


def lacking(operation: Operation) -> Callable[[Role], Lack | None]:
    """A trial that knows the operation's own row: refused, or a list that level My cuts short."""

    def trial(role: Role) -> Lack | None:
        decision = decide(Actor.as_role(role), operation, SETTINGS)
        if decision.cause == "table-not-allowed":
            return Lack(item=Item("SystemTableSetup", str(decision.item)))
        short = operation.verb in LISTS and (decision.own is not None or decision.parent_own is not None)
        if decision.allowed and not short:
            return None
        return Lack(Cell(str(decision.row.module), decision.row.area, decision.needed))

    return trial


def changed(role: Role, remedy: Remedy) -> Role:
    for one in remedy.rows:
        role = raised(role, one.cell, one.becomes)
    for item in remedy.customize:
        role = allowed(role, item)
    return role


def assert_smallest(operation: Operation, role: Role) -> Remedy:
    """Applying the remedy passes; with any one part of it a step smaller, the call does not pass."""
    trial = lacking(operation)
    remedy = smallest(role, trial, OFFERED)
    assert remedy.remark == ""
    assert remedy.empty == (trial(role) is None)
    assert trial(changed(role, remedy)) is None, remedy.words
    for one in remedy.rows:
        below = [level for level in ("None", *OFFERED[one.cell]) if LEVELS.index(level) < LEVELS.index(one.becomes)]
        assert LEVELS.index(one.was) < LEVELS.index(one.becomes)
        assert trial(raised(changed(role, remedy), one.cell, below[-1])) is not None, remedy.words
    for item in remedy.customize:
        rest = Remedy(remedy.rows, tuple(one for one in remedy.customize if one != item))
        assert trial(changed(role, rest)) is not None
    return remedy


def test_every_gated_operation_has_a_smallest_change_from_a_role_without_rights() -> None:
    nobody = Role(1, "Nobody", False, {})
    assert len(GATED) > 2900
    for operation in GATED:
        remedy = assert_smallest(operation, nobody)
        assert [one.cell for one in remedy.rows] == [
            Cell(str(operation.permission.module), operation.permission.area, operation.permission.action)
        ]


@given(st.sampled_from(GATED), CELLS, DISALLOWED)
def test_from_any_role_the_change_passes_and_nothing_smaller_does(
    operation: Operation, rows: Mapping[tuple[str, str], Levels], refused: frozenset[str]
) -> None:
    assert_smallest(operation, Role(1, "Any", False, rows, {"SystemTableSetup": refused}))


def test_my_is_enough_to_add_and_a_list_needs_all() -> None:
    nobody = Role(1, "Nobody", False, {})

    def change(method: str, path: str) -> list[str]:
        operation = next(one for one in GATED if (one.method, one.path) == (method, path))
        return [one.becomes for one in smallest(nobody, lacking(operation), OFFERED).rows]

    assert change("POST", "/service/tickets") == ["My"]
    assert change("GET", "/service/tickets") == ["All"]
    assert change("POST", "/company/companies") == ["All"], "the cell offers None and All only"


def test_only_the_one_item_moves_to_the_allow_side() -> None:
    before = Role(1, "Any", False, {}, {"SystemTableSetup": frozenset(TABLES[:3]), "Other": frozenset({"x"})})
    after = allowed(before, Item("SystemTableSetup", TABLES[0]))
    assert after.refused == {"SystemTableSetup": frozenset(TABLES[1:3]), "Other": frozenset({"x"})}


def test_a_trial_that_nothing_helps_ends_and_says_so() -> None:
    always = Lack(Cell("Service Desk", "Service Tickets", "Add"))
    for lack in (always, Lack(), Lack(item=Item("SystemTableSetup", "Service / Service Board"))):
        remedy = smallest(Role(1, "Nobody", False, {}), lambda _, lack=lack: lack, OFFERED)
        assert (remedy.rows, remedy.customize) == ((), ())
        assert remedy.words == "No change of the role lets this call pass."


@pytest.mark.parametrize(
    ("level", "offered", "wanted"),
    [
        ("None", ("None", "My", "All"), "My"),
        ("My", ("None", "My", "All"), "All"),
        ("All", ("None", "My", "All"), None),
        ("None", ("None", "All"), "All"),
        ("My", ("None", "All"), "All"),
    ],
)
def test_a_cell_rises_by_the_step_it_offers(level: str, offered: tuple[str, ...], wanted: str | None) -> None:
    assert above(level, offered) == wanted


# -- folding -----------------------------------------------------------------------------------------------------------

CHANGES = st.builds(Raise, st.sampled_from(list(OFFERED)), st.just("None"), st.sampled_from(["My", "All"]))
REMEDIES = st.builds(
    Remedy,
    st.lists(CHANGES, max_size=4, unique_by=lambda one: one.cell).map(tuple),
    st.lists(st.builds(Item, st.just("SystemTableSetup"), st.sampled_from(TABLES)), max_size=3, unique=True).map(tuple),
    st.fixed_dictionaries({}, optional={"active": st.just(True), "structure_level": st.just("Corporate")}),
)


@given(st.lists(REMEDIES, max_size=5))
def test_folding_gives_each_cell_its_highest_level_once(remedies: list[Remedy]) -> None:
    whole = folded(remedies)
    wanted: dict[Cell, str] = {}
    for remedy in remedies:
        for one in remedy.rows:
            wanted[one.cell] = max(wanted.get(one.cell, "None"), one.becomes, key=LEVELS.index)
    assert {one.cell: one.becomes for one in whole.rows} == wanted
    assert len(whole.rows) == len(wanted)
    assert set(whole.customize) == {item for remedy in remedies for item in remedy.customize}
    assert len(whole.customize) == len(set(whole.customize))
    assert set(whole.member) == {name for remedy in remedies for name in remedy.member}
    assert folded([whole]) == whole


def test_lists_of_a_member_fold_to_what_lets_both_in() -> None:
    one = Remedy(member={"client_ids": ["a", "b"], "excluded_boards": [2, 3]})
    other = Remedy(member={"client_ids": ["a", "c"], "excluded_boards": [1, 3]})
    assert folded([one, other]).member == {"client_ids": ["a", "b", "c"], "excluded_boards": [3]}


def test_the_words_name_every_part_of_a_change() -> None:
    remedy = Remedy(
        (Raise(Cell("Finance", "Agreements", "Delete"), "None", "All"),),
        (Item("SystemTableSetup", "Service / Service Board"),),
        {"active": True, "structure_level": "Corporate", "client_ids": ["x"], "excluded_boards": []},
        "Paste the keys again.",
    )
    for part in ("Finance > Agreements, Delete from None to All", "Service / Service Board", "active", "Corporate", "x",
                 "kept off be none", "Paste the keys again."):  # fmt: skip
        assert part in remedy.words
    assert Remedy().words == "Nothing has to change."
    assert remedy.as_json()["rows"] == [
        {"moduleName": "Finance", "moduleFunctionName": "Agreements", "deleteLevel": "All"}
    ]


@pytest.mark.parametrize(
    "cause",
    [
        "no-credentials", "not-basic", "not-base64", "malformed-user", "unknown-company", "company-case",
        "unknown-public-key", "swapped-keys", "blank-around-key", "wrong-private-key", "expired-token",
        "wrong-codebase", "no-client-id", "unknown-client-id", "unknown-integrator", "wrong-password",
        "inactive-integrator", "api-not-switched-on", "api-member-minting",
    ],
)  # fmt: skip
def test_what_only_people_can_mend_is_a_sentence(cause: str) -> None:
    remedy = of_cause(cause)
    assert remedy.keys.endswith(".")
    assert (remedy.rows, remedy.customize, remedy.member) == ((), (), {})


def test_causes_of_the_member_change_the_member() -> None:
    assert of_cause("inactive-member").member == {"active": True}
    assert of_cause("client-id-not-allowed", ["a", "b"]).member == {"client_ids": ["a", "b"]}
    assert of_cause("role-row").empty
    assert of_cause(None).empty
