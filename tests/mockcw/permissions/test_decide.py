"""Decisions by themselves: every level, letter and setting, and that one cell opens one row and action only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.catalogue import Catalogue, Operation, load
from mockcw.permissions import LEVELS, Actor, Levels, Role, Structure, decide, decide_right, rights
from mockcw.settings import Settings

CATALOGUE = load()
CORPORATE = Structure(1, "Corporate", 1, ())
ACTION_OF = {"GET": "Inquire", "POST": "Add", "PUT": "Edit", "PATCH": "Edit", "DELETE": "Delete"}
GATED = [one for one in CATALOGUE.operations if one.permission.module is not None]
OPEN = [one for one in CATALOGUE.operations if one.permission.module is None]


def actor(
    rows: Mapping[tuple[str, str], Levels] | None = None, *, admin: bool = False, structure: Structure = CORPORATE
) -> Actor:
    role = Role(1, "Tested", admin, rows or {})
    return Actor(1, "Tester", "key", role, structure, None, ())


def operation(method: str, path: str, catalogue: Catalogue = CATALOGUE) -> Operation:
    return next(one for one in catalogue.operations if (one.method, one.path) == (method, path))


def of_letter(letter: str) -> Operation:
    """An operation whose row has a letter; a row that nobody names is made up where the catalogue has none."""
    found = next((one for one in GATED if one.permission.confidence == letter), None)
    return found or replace(LIST, name="unsourced", permission=replace(LIST.permission, confidence=letter))


LIST = operation("GET", "/company/companies")
ROW = (str(LIST.permission.module), LIST.permission.area)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_the_level_of_the_action_decides(method: str, level: str) -> None:
    path = "/company/companies" if method in ("GET", "POST") else "/company/companies/{id}"
    asked = operation(method, path)
    cell = Levels(**{ACTION_OF[method].lower(): level})
    decision = decide(actor({ROW: cell}), asked, Settings())
    assert decision.allowed is (level != "None")
    assert (decision.needed, decision.has, decision.logged) == (ACTION_OF[method], level, False)
    assert decision.cause == (None if decision.allowed else "role-row")
    assert (decision.own is not None) is (level == "My")
    assert decision.role == "Tested"
    assert "Companies > Company Maintenance" in decision.reason
    assert ACTION_OF[method] in decision.reason


def test_a_row_the_role_does_not_list_is_none() -> None:
    decision = decide(actor(), LIST, Settings())
    assert not decision.allowed
    assert decision.reason == "Companies > Company Maintenance needs Inquire; role Tested has None"


def test_the_admin_flag_passes_every_row_unless_the_setting_says_no() -> None:
    assert decide(actor(admin=True), LIST, Settings()).allowed
    assert not decide(actor(admin=True), LIST, Settings(admin_bypass=False)).allowed


@pytest.mark.parametrize("inferred", ["enforce", "log"])
@pytest.mark.parametrize("letter", ["A", "B", "C", "U"])
def test_the_letter_of_a_row_says_whether_it_refuses(letter: str, inferred: Any) -> None:
    """A and B refuse, C refuses or is only logged as the setting says, U never refuses; C and U say what they are."""
    asked = of_letter(letter)
    decision = decide(actor(), asked, Settings(permissions_inferred=inferred))
    logged = (letter, inferred) == ("C", "log")
    assert decision.allowed is (letter == "U" or logged)
    assert decision.logged is logged
    assert f"needs {asked.permission.action}; role Tested has None" in decision.reason
    assert ("only inferred (C)" in decision.reason) is (letter == "C")
    assert ("no source names the row (U)" in decision.reason) is (letter == "U")
    assert decision.cause == (None if decision.allowed else "role-row")


@pytest.mark.parametrize("letter", ["A", "B", "C", "U"])
def test_a_row_that_the_role_has_is_allowed_without_a_remark(letter: str) -> None:
    asked = of_letter(letter)
    row = (str(asked.permission.module), asked.permission.area)
    decision = decide(actor({row: Levels("All", "All", "All", "All")}), asked, Settings())
    assert (decision.allowed, decision.logged, decision.has) == (True, False, "All")
    assert "inferred" not in decision.reason
    assert "no source" not in decision.reason


@pytest.mark.parametrize(("permissions", "allowed"), [("enforce", False), ("log", True), ("off", True)])
def test_permissions_may_be_logged_or_off(permissions: Any, allowed: bool) -> None:
    decision = decide(actor(), LIST, Settings(permissions=permissions))
    assert decision.allowed is allowed
    assert decision.logged is (permissions == "log")
    assert ("needs Inquire" in decision.reason) is (permissions != "off")


def test_what_no_row_gates_is_allowed_to_any_member_with_the_reason() -> None:
    for asked in OPEN:
        decision = decide(actor(), asked, Settings())
        assert decision.allowed, asked.name
        assert decision.reason.startswith("no role row gates it: ")


def test_a_decision_says_all_that_a_person_needs_as_data() -> None:
    told = decide(actor(), LIST, Settings()).as_json()
    assert told == {
        "allowed": False,
        "reason": "Companies > Company Maintenance needs Inquire; role Tested has None",
        "module": "Companies",
        "area": "Company Maintenance",
        "needed": "Inquire",
        "has": "None",
        "role": "Tested",
        "confidence": "A",
        "logged": False,
        "setup_table": None,
        "right": None,
        "item": None,
        "narrowed": None,
    }


# -- the whole catalogue -----------------------------------------------------------------------------------------------


def test_every_operation_has_a_row_whose_action_follows_from_its_method() -> None:
    assert len(CATALOGUE.operations) > 3000
    actions = {one.name for one in CATALOGUE.operations if one.method == "POST" and one.permission.action != "Add"}
    for one in CATALOGUE.operations:
        assert one.permission.confidence in "ABCU"
        assert one.permission.area
        assert one.permission.action in ACTION_OF.values()
        if one.name not in actions:
            assert one.permission.action == ACTION_OF[one.method], one.name
    assert len(actions) < 60  # searches, merges, approvals: a POST that adds nothing


# One operation for each row, action and letter: the others with the same three are decided alike.
REPRESENTATIVE = list({(one.permission, one.permission.action): one for one in GATED}.values())
AREAS = sorted({(str(one.permission.module), one.permission.area) for one in GATED})
SAMPLE = st.sampled_from(GATED)
CELLS = st.builds(Levels, *[st.sampled_from(LEVELS)] * 4)


def verdicts(rows: Mapping[tuple[str, str], Levels], asked: Iterable[Operation]) -> dict[str, tuple[bool, str]]:
    who = actor(rows)
    decisions = {one.name: decide(who, one, Settings()) for one in asked}
    return {name: (one.allowed, one.has) for name, one in decisions.items()}


@given(
    st.dictionaries(st.sampled_from(AREAS), CELLS, max_size=4),
    st.sampled_from(AREAS),
    st.sampled_from(["add", "edit", "delete", "inquire"]),
    st.sampled_from(LEVELS),
)
def test_a_role_that_differs_in_one_cell_changes_the_operations_of_that_row_and_action_only(
    rows: dict[tuple[str, str], Levels], area: tuple[str, str], action: str, level: str
) -> None:
    before = verdicts(rows, REPRESENTATIVE)
    after = verdicts({**rows, area: rows.get(area, Levels())._replace(**{action: level})}, REPRESENTATIVE)
    for one in REPRESENTATIVE:
        touched = (one.permission.module, one.permission.area) == area and one.permission.action.lower() == action
        passes = level != "None" or one.permission.confidence == "U"
        assert after[one.name] == ((passes, level) if touched else before[one.name]), one.name


@given(SAMPLE)
def test_the_same_question_gets_the_same_answer(asked: Operation) -> None:
    who = actor()
    assert decide(who, asked, Settings()) is decide(who, asked, Settings())


# -- structure ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("structure", [Structure(2, "Location", 2, ()), Structure(2, "Location", 2, (3,))])
def test_a_narrow_level_narrows_companies_and_what_lies_under_them(structure: Structure) -> None:
    who = actor(admin=True, structure=structure)
    own = decide(who, LIST, Settings())
    assert own.allowed
    assert own.scope is not None
    assert own.narrowed
    below = decide(who, operation("GET", "/company/companies/{parentId}/sites"), Settings())
    assert (below.scope, below.parent_scope is not None) == (None, True)
    elsewhere = decide(who, operation("GET", "/service/priorities"), Settings())
    assert (elsewhere.scope, elsewhere.parent_scope, elsewhere.narrowed) == (None, None, None)


def test_the_corporate_level_narrows_nothing() -> None:
    decision = decide(actor(admin=True), LIST, Settings())
    assert (decision.scope, decision.narrowed) == (None, None)


# -- Customize lists and extra rights ----------------------------------------------------------------------------------

BOARDS = operation("GET", "/service/boards")
TABLE_ROW = ("System", "Table Setup")


@pytest.mark.parametrize("confidence", ["A", "C"])
def test_a_table_on_the_disallow_side_refuses_as_the_letter_of_its_row_says(confidence: str) -> None:
    refused = {"SystemTableSetup": frozenset({"Service / Service Board"}), "CompanyConfigurations": frozenset({"x"})}
    role = Role(1, "Tested", False, {TABLE_ROW: Levels("All", "All", "All", "All")}, refused)
    asked = replace(BOARDS, permission=replace(BOARDS.permission, confidence=confidence))
    decision = decide(Actor.as_role(role), asked, Settings())
    assert (decision.allowed, decision.cause) == (False, "table-not-allowed")
    assert (decision.item, decision.has) == ("Service / Service Board", "All")
    logged = decide(Actor.as_role(role), asked, Settings(permissions_inferred="log"))
    assert (logged.allowed, logged.logged) == (confidence == "C", confidence == "C")
    assert decide(Actor.as_role(role), operation("GET", "/service/priorities"), Settings()).allowed


def test_an_empty_disallow_side_refuses_nothing() -> None:
    role = Role(1, "Tested", False, {TABLE_ROW: Levels(inquire="All")}, {"SystemTableSetup": frozenset()})
    assert decide(Actor.as_role(role), BOARDS, Settings()).allowed


@given(st.sampled_from(sorted(rights())), st.sampled_from(LEVELS), st.sampled_from(["enforce", "log"]))
def test_a_right_is_decided_by_its_cell_and_letter(name: str, level: str, inferred: Any) -> None:
    right = rights()[name]
    cell = Levels(**{right.row.action.lower(): level})
    role = Role(1, "Tested", False, {(str(right.row.module), right.row.area): cell})
    decision = decide_right(Actor.as_role(role), right, Settings(permissions_inferred=inferred))
    of_a_list = right.customize is not None  # then only its item counts
    lacking = level == "None" and not of_a_list
    logged = lacking and right.row.confidence == "C" and inferred == "log"
    assert (decision.allowed, decision.logged) == (not lacking or logged, logged)
    assert (decision.right, decision.needed, decision.role) == (name, right.row.action, "Tested")
    assert right.says in decision.reason
    assert decision.as_json()["right"] == name


def test_a_right_about_an_item_is_refused_for_that_item_only() -> None:
    right = rights()["configuration-type"]
    role = Role(1, "Tested", False, {}, {"CompanyConfigurations": frozenset({"Vault"})})
    said = {item: decide_right(Actor.as_role(role), right, Settings(), item) for item in ("Vault", "Plain")}
    assert {item: (one.allowed, one.item) for item, one in said.items()} == {
        "Vault": (False, "Vault"),
        "Plain": (True, "Plain"),
    }
    assert said["Vault"].cause == "table-not-allowed"


# -- roles -------------------------------------------------------------------------------------------------------------


def test_a_role_is_read_from_its_records() -> None:
    role = Role.of(
        {"id": 4, "name": "R", "adminFlag": False},
        [{"moduleName": "M", "moduleFunctionName": "A", "addLevel": "All", "editLevel": None, "inquireLevel": "My"}],
    )
    assert role.levels("M", "A") == Levels("All", "None", "None", "My")
    assert role.levels("M", "B") == Levels()
    assert [role.levels("M", "A").of(one) for one in ("Add", "Edit", "Delete", "Inquire")] == [
        "All",
        "None",
        "None",
        "My",
    ]
