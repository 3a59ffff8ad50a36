"""Verdicts of a role over operations: what is refused, what is seen, which rights lie beside the row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.catalogue import load
from mockcw.permissions import LEVELS, Actor, Levels, Role, decide
from mockcw.permissions.explain import NoSuchOperation, Verdict, differing, explain, operations_named
from mockcw.settings import Settings

CATALOGUE = load()
SETTINGS = Settings()
TICKETS = ("Service Desk", "Service Tickets")


def role(*rows: tuple[str, str, Levels], name: str = "Tested") -> Role:
    return Role(1, name, False, {(module, area): levels for module, area, levels in rows})


def verdict(text: str, of: Role, settings: Settings = SETTINGS) -> Verdict:
    (operation,) = operations_named(CATALOGUE, text)
    return explain(of, [operation], settings)[0]


@pytest.mark.parametrize(
    ("text", "levels", "sees", "refused"),
    [
        ("GET /service/tickets", Levels(), "403 Forbidden", True),
        ("GET /service/tickets", Levels(inquire="All"), "works", False),
        (
            "GET /service/tickets",
            Levels(inquire="My"),
            "works on own records only (level My): the list is shorter or empty",
            False,
        ),
        (
            "PATCH /service/tickets/12",
            Levels(edit="My"),
            "works on own records only (level My): others' records are 403",
            False,
        ),
        ("POST /service/tickets", Levels(add="My"), "works", False),
    ],
)
def test_the_level_decides_what_is_seen(text: str, levels: Levels, sees: str, refused: bool) -> None:
    found = verdict(text, role((*TICKETS, levels)))
    assert (found.sees, found.refused) == (sees, refused)


def test_inferred_rows_say_so_and_are_only_logged_where_the_setting_says_so() -> None:
    inferred = next(one for one in CATALOGUE.operations if one.permission.confidence == "C" and one.permission.module)
    nobody = role()
    enforced = explain(nobody, [inferred], SETTINGS)[0]
    assert (enforced.sees, enforced.refused) == ("403 Forbidden; this row is only inferred (C)", True)
    logged = explain(nobody, [inferred], Settings(permissions_inferred="log"))[0]
    assert (logged.sees, logged.refused) == ("works; would be 403 if it were enforced", False)


def test_unknown_rows_work_and_say_so() -> None:
    unknown = next(one for one in CATALOGUE.operations if one.permission.confidence == "U" and one.permission.module)
    found = explain(role(), [unknown], SETTINGS)[0]
    assert (found.sees, found.refused) == ("works; which row gates it is not known (U)", False)


def test_rights_beside_the_row_are_told_with_what_their_lack_does() -> None:
    patch = verdict("PATCH /service/tickets/{id}", role((*TICKETS, Levels(edit="All"))))
    lacking = {one.right.id: one.sees for one in patch.lacking()}
    assert lacking["close-service-ticket"] == "403 Forbidden for moving a ticket to a closed status"
    assert lacking["ticket-finance"].startswith("the answer lacks billingMethod, billingAmount, hourlyRate and ")
    assert "create-closed-ticket" not in lacking, "only a create asks for Add"
    assert not patch.refused
    team = verdict("GET /project/projects/1/teamMembers", role(("Project", "Project Teams", Levels(inquire="All"))))
    assert team.refused, "the project's own row is always asked for"
    assert "Project Headers" in team.sees
    assert verdict("PATCH /service/tickets/{id}", role()).lacking() == [], "the row refuses before"


def test_a_verdict_is_data() -> None:
    told = verdict("GET /service/boards", role()).as_json()
    assert told["operation"] == "getServiceBoards"
    assert told["refused"] is True
    assert told["decision"]["needed"] == "Inquire"


@given(
    st.sampled_from(list(CATALOGUE.operations)),
    st.builds(Levels, *[st.sampled_from(LEVELS)] * 4),
    st.sampled_from(["enforce", "log", "off"]),
    st.sampled_from(["enforce", "log"]),
)
def test_a_verdict_agrees_with_the_decision(operation, levels, permissions, inferred) -> None:  # type: ignore[no-untyped-def]
    row = operation.permission
    given_role = role((str(row.module), row.area, levels))
    settings = Settings(permissions=permissions, permissions_inferred=inferred)
    found = explain(given_role, [operation], settings)[0]
    decision = decide(Actor.as_role(given_role), operation, settings)
    assert (found.decision.allowed, found.decision.reason) == (decision.allowed, decision.reason)
    assert found.sees.startswith("403") == found.refused
    assert decision.allowed or found.refused


# -- naming operations -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("POST /service/tickets", 1),
        ("post /SERVICE/tickets/", 1),
        ("GET /service/tickets/12", 1),
        ("GET /service/tickets/{id}", 1),
        ("/service/tickets/{id}", 4),
        ("* /service/tickets/12", 4),
        ("getServiceBoards", 1),
        ("GET /finance/agreements/1/additions*", 3),
        ("* /finance/agreements/1/additions", 2),
        ("GET /company/*", 200),
    ],
)
def test_operations_are_named_by_path_template_prefix_or_name(text: str, count: int) -> None:
    found = operations_named(CATALOGUE, text)
    assert len(found) == count if count < 100 else len(found) > count


def test_every_operation_is_named_by_its_own_method_and_path() -> None:
    for operation in CATALOGUE.operations[::23]:
        assert operation in operations_named(CATALOGUE, f"{operation.method} {operation.path}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("POST /service/tikets", "near it: /service/tickets"),
        ("FETCH /service/tickets", "'FETCH' is no method"),
        ("", "write METHOD /path"),
        ("POST to /service/tickets", "write METHOD /path"),
        ("DELETE /system/info", "no operation"),
        ("GET /nowhere*", "no operation"),
        ("GET /a[b?]*", "no operation"),
    ],
)
def test_a_text_that_names_nothing_is_refused_with_what_is_near(text: str, said: str) -> None:
    with pytest.raises(NoSuchOperation, match=".") as caught:
        operations_named(CATALOGUE, text)
    assert said in str(caught.value)


# -- two roles ---------------------------------------------------------------------------------------------------------


def test_roles_differ_where_a_cell_is_used_and_nowhere_else() -> None:
    left, right = role((*TICKETS, Levels(inquire="All"))), role((*TICKETS, Levels(inquire="My")), name="Other")
    pairs = differing(left, right, CATALOGUE.operations, SETTINGS)
    assert len(pairs) > 5
    for was, becomes in pairs:
        row = was.decision.row
        assert (row.module, row.area, row.action) == (*TICKETS, "Inquire")
        assert (was.decision.has, becomes.decision.has) == ("All", "My")
    assert differing(left, left, CATALOGUE.operations, SETTINGS) == []


def test_a_right_beside_the_row_makes_a_difference_only_where_the_row_opens() -> None:
    closes = ("Service Desk", "Close Service Tickets", Levels(edit="All"))
    patch = operations_named(CATALOGUE, "PATCH /service/tickets/1")
    opened = (*TICKETS, Levels(edit="All"))
    assert len(differing(role(opened), role(opened, closes), patch, SETTINGS)) == 1
    assert differing(role(), role(closes), patch, SETTINGS) == []
