"""What is only logged refuses and hides nothing, level My and the Customize lists included; the journal says so."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw.catalogue import load
from mockcw.permissions import Actor, Levels, Role
from mockcw.permissions.decide import decide
from mockcw.settings import Settings
from tests.mockcw.permissions.kinds import owned_ticket, time_entry
from tests.mockcw.permissions.stage import CONFIGURATIONS, TICKETS, TIME, Stage, ids, staged
from tests.mockcw.permissions.test_customize import configuration, two_types

LOGGED = "others' records too, allowed, since permissions are only logged"


def two_tickets(stage: Stage) -> tuple[str, list[int]]:
    """The path of somebody else's ticket, and the ids of that and one's own."""
    own, other = owned_ticket(stage, "Tech"), owned_ticket(stage, "Mate")
    return f"/service/tickets/{other}", [own, other]


@pytest.mark.parametrize("level", ["None", "My", "All"])
def test_where_permissions_are_only_logged_no_level_refuses_or_shortens(level: str) -> None:
    with staged(permissions="log") as stage:
        path, both = two_tickets(stage)
        stage.let(TICKETS, level)
        listed, counted = stage.tech.get("/service/tickets"), stage.tech.get("/service/tickets/count")
        assert ids(listed) == both
        assert counted.json() == {"count": 2}
        answers = [listed, stage.tech.get(path), stage.tech.patch(path, ("replace", "summary", "x"))]
        answers += [stage.tech.get(f"{path}/notes"), stage.tech.delete(path)]
        for answer in answers:
            stage.fine(answer)
            entry = stage.entry(answer)
            assert (entry["cause"], entry["decision"]["logged"]) == (None, level != "All")
            assert (LOGGED in entry["reason"]) is (level == "My")


def test_where_permissions_are_only_logged_a_new_record_under_my_would_not_have_been_refused() -> None:
    with staged(permissions="log") as stage:
        stage.let(TICKETS, "My")
        body = {"summary": "x", "company": {"id": stage.company}, "board": {"id": stage.board}}
        answer = stage.tech.post("/service/tickets", body)
        stage.fine(answer)
        assert stage.entry(answer)["decision"]["logged"] is False


def test_where_only_inferred_rows_are_logged_my_of_a_sourced_one_still_counts() -> None:
    """Time entries are a sourced row (A), their change log an inferred use of it (C)."""
    with staged(permissions_inferred="log") as stage:
        own, other = time_entry(stage, "Tech"), time_entry(stage, "Mate")
        stage.let(TIME, "My")
        assert ids(stage.tech.get("/time/entries")) == [own]
        stage.denied(stage.tech.patch(f"/time/entries/{other}", ("replace", "notes", "x")), "not-own")
        logs = stage.tech.get("/time/changelogs")
        assert len(ids(logs)) == len(ids(stage.admin.get("/time/changelogs"))) == 2
        entry = stage.entry(logs)
        assert (entry["cause"], entry["decision"]["logged"]) == (None, True)
        assert "others' records too, allowed, since inferred rows are only logged" in entry["reason"]


@pytest.mark.parametrize("inferred", ["enforce", "log"])
def test_every_inferred_operation_is_open_at_my_exactly_where_it_is_open_at_none(inferred: Any) -> None:
    settings = Settings(permissions_inferred=inferred)
    for operation in load().operations:
        row = operation.permission
        if row.module is None:
            continue
        none, mine = (
            decide(
                Actor.as_role(Role(1, "R", False, {(row.module, row.area): Levels(*[level] * 4)})), operation, settings
            )
            for level in ("None", "My")
        )
        assert mine.allowed
        if none.allowed and row.confidence == "C":
            assert (mine.own, mine.parent_own) == (None, None), operation.name
        if inferred == "enforce":
            assert not mine.logged, operation.name


@pytest.mark.parametrize(("mode", "seen"), [("enforce", False), ("log", True), ("off", True)])
def test_a_type_on_the_disallow_side_hides_its_records_only_where_that_is_enforced(mode: str, seen: bool) -> None:
    with staged(permissions=mode) as stage:
        plain, vault = two_types(stage)
        here, there = configuration(stage, plain), configuration(stage, vault)
        name = stage.read(f"/company/configurations/types/{vault}")["name"]
        stage.let(CONFIGURATIONS, "All")
        stage.disallow("CompanyConfigurations", name)
        listed = ids(stage.tech.get("/company/configurations"))
        assert (here in listed, there in listed) == (True, seen)
        assert stage.tech.get(f"/company/configurations/{there}").status_code == (200 if seen else 404)
        answer = stage.tech.patch(f"/company/configurations/{there}", ("replace", "name", "x"))
        assert answer.is_success is seen
        if mode == "log":
            [asked] = [one for one in stage.entry(answer)["asked"] if one["right"] == "configuration-type"]
            assert (asked["allowed"], asked["logged"]) == (True, True)


def test_structure_levels_and_boards_hide_where_permissions_are_only_logged() -> None:
    """They are not rows of a role: nothing would be learned from showing what the member never sees."""
    with staged(permissions="log") as stage:
        owned_ticket(stage, "Mate")
        stage.control.patch("/members/Tech", {"excluded_boards": [stage.board]})
        assert ids(stage.tech.get("/service/tickets")) == []
        stage.narrow("Mate", "Far Branch")
        assert ids(stage.mate.get("/service/tickets")) == []
