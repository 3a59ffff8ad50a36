"""Extra rights: writes that need another row beside their own, and only those (documented)."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from mockcw.permissions import rights
from mockcw.store import EVERYTHING
from tests.mockcw.caller import Caller
from tests.mockcw.permissions.deeds import CLOSING, DEEDS, Deed
from tests.mockcw.permissions.kinds import managed_project, owned_ticket, who
from tests.mockcw.permissions.stage import TICKETS, TIME, Stage, ids, staged

OF_LISTS = {"configuration-type", "agreement-type"}  # see test_customize


def test_every_right_that_a_write_may_need_has_a_deed() -> None:
    known = {one.id for one in rights().values() if one.kind == "write"}
    assert known - OF_LISTS == {deed.right for deed in DEEDS}


def records(stage: Stage) -> dict[str, object]:
    """Everything stored that is not the emulator's own."""
    store = stage.emulator.world.tenants["training"].store
    return {name: store.rows(name, EVERYTHING) for name in store.collections() if name.startswith("/")}


@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_without_the_right_the_write_is_refused_and_changes_nothing(stage: Stage, deed: Deed) -> None:
    needing, _ = deed.ready(stage)
    stage.let(deed.area, "All")
    before = records(stage)
    answer = needing(stage.tech)
    stage.refused_right(answer, deed.right)
    entry = stage.entry(answer)
    assert entry["decision"]["allowed"] is True
    refused = entry["asked"][-1]
    module, _, area = deed.row.partition(" > ")
    assert (refused["module"], refused["area"], refused["needed"].lower()) == (module, area, deed.action)
    assert (refused["has"], refused["role"]) == ("None", "Tested")
    assert entry["reason"] == refused["reason"]
    assert records(stage) == before


@pytest.mark.parametrize("level", ["My", "All"])
@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_with_the_right_the_write_is_carried_out_and_the_journal_names_it(stage: Stage, deed: Deed, level: str) -> None:
    needing, _ = deed.ready(stage)
    stage.let(deed.area, "All")
    stage.let(deed.row, **{deed.action: level})
    answer = needing(stage.tech)
    stage.fine(answer)
    [asked] = [one for one in stage.entry(answer)["asked"] if one["right"] == deed.right]
    assert (asked["allowed"], asked["has"]) == (True, level)


@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_the_like_write_without_the_trigger_needs_nothing(stage: Stage, deed: Deed) -> None:
    _, like = deed.ready(stage)
    stage.let(deed.area, "All")
    answer = like(stage.tech)
    stage.fine(answer)
    assert deed.right not in stage.asked(answer)


@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_the_right_does_not_stand_for_the_row(stage: Stage, deed: Deed) -> None:
    needing, like = deed.ready(stage)
    stage.let(deed.row, "All")
    for send in (needing, like):
        entry = stage.denied(send(stage.tech))
        assert entry["asked"] == []
        assert f"{entry['decision']['module']} > {entry['decision']['area']}" == deed.area


@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_other_actions_of_the_rights_row_do_not_help(stage: Stage, deed: Deed) -> None:
    needing, _ = deed.ready(stage)
    stage.let(deed.area, "All")
    stage.let(deed.row, "All", **{deed.action: "None"})
    stage.refused_right(needing(stage.tech), deed.right)


# -- closing tickets ---------------------------------------------------------------------------------------------------


def test_a_closed_ticket_can_be_changed_and_opened_again_without_the_right(stage: Stage) -> None:
    """Only the step into a closed status is closing."""
    stage.let(TICKETS, "All")
    done, second, working = (stage.status(stage.board, name) for name in ("Done", "Done", "Working"))
    path = f"/service/tickets/{stage.ticket(status={'id': done})['id']}"
    stage.fine(stage.tech.patch(path, ("replace", "summary", "x")))
    stage.fine(stage.tech.patch(path, ("replace", "status", {"id": second})))
    stage.fine(stage.tech.patch(path, ("replace", "status", {"id": working})))
    stage.refused_right(stage.tech.patch(path, ("replace", "status", {"id": done})), "close-service-ticket")
    assert stage.read(path)["status"]["name"] == "Working"


def test_edit_alone_does_not_let_create_closed_and_add_alone_does_not_let_close(stage: Stage) -> None:
    stage.let(TICKETS, "All")
    done = {"id": stage.status(stage.board, "Done")}
    path = f"/service/tickets/{owned_ticket(stage, 'Mate')}"
    body = {"summary": "x", "company": {"id": stage.company}, "board": {"id": stage.board}, "status": done}
    stage.let(CLOSING, edit="All")
    stage.refused_right(stage.tech.post("/service/tickets", body), "create-closed-ticket")
    stage.fine(stage.tech.patch(path, ("replace", "status", done)))
    stage.let(CLOSING, edit="None", add="All")
    stage.fine(stage.tech.post("/service/tickets", body))
    path = f"/service/tickets/{owned_ticket(stage, 'Mate')}"
    stage.refused_right(stage.tech.patch(path, ("replace", "status", done)), "close-service-ticket")


def test_a_change_that_is_wrong_and_not_allowed_is_refused_and_not_corrected(stage: Stage) -> None:
    """Who may not close learns nothing of what else is wrong."""
    stage.let(TICKETS, "All")
    path = f"/service/tickets/{owned_ticket(stage, 'Mate')}"
    done = {"id": stage.status(stage.board, "Done")}
    stage.refused_right(
        stage.tech.patch(path, ("replace", "status", done), ("replace", "summary", None)), "close-service-ticket"
    )


# -- rights that an operation always needs -----------------------------------------------------------------------------


def test_merging_is_a_row_of_its_own(stage: Stage) -> None:
    first, second = owned_ticket(stage, "Mate"), owned_ticket(stage, "Mate")
    stage.let(TICKETS, "All")
    body = {"childTicketIds": [second]}
    entry = stage.denied(stage.tech.post(f"/service/tickets/{first}/merge", body))
    assert entry["decision"]["area"] == "Merge Tickets"
    stage.let("Service Desk > Merge Tickets", edit="All")
    answer = stage.tech.post(f"/service/tickets/{first}/merge", body)
    assert answer.status_code != 403, answer.text


def test_the_team_of_a_project_needs_project_teams_and_project_headers(stage: Stage) -> None:
    """Documented by one vendor."""
    project = managed_project(stage, "Mate")
    role = stage.read("/project/securityRoles")[0]["id"]
    team = stage.make(f"/project/projects/{project}/teamMembers", member=who("Mate"), projectRole={"id": role})["id"]
    path = f"/project/projects/{project}/teamMembers"
    stage.let("Project > Project Headers", inquire="All")
    assert stage.denied(stage.tech.get(path))["decision"]["area"] == "Project Teams"
    stage.let("Project > Project Teams", inquire="All")
    answer = stage.tech.get(path)
    assert ids(answer) == [team]
    assert stage.asked(answer) == ["project-header"]
    stage.let("Project > Project Headers", inquire="None")
    for under in (path, f"{path}/{team}", f"{path}/count"):
        stage.refused_right(stage.tech.get(under), "project-header")


# -- modes -------------------------------------------------------------------------------------------------------------


def test_an_inferred_right_refuses_saying_so_and_is_only_logged_by_setting(stage: Stage) -> None:
    deed = next(one for one in DEEDS if rights()[one.right].row.confidence == "C")
    needing, _ = deed.ready(stage)
    stage.let(deed.area, "All")
    assert "only inferred" in stage.entry(needing(stage.tech))["reason"]
    with staged(permissions_inferred="log") as lenient:
        needing, _ = deed.ready(lenient)
        lenient.let(deed.area, "All")
        answer = needing(lenient.tech)
        lenient.fine(answer)
        [asked] = [one for one in lenient.entry(answer)["asked"] if one["right"] == deed.right]
        assert (asked["allowed"], asked["logged"]) == (True, True)


@pytest.mark.parametrize(("mode", "logged"), [("log", True), ("off", False)])
def test_a_sourced_right_is_only_logged_or_not_asked_for_by_setting(mode: str, logged: bool) -> None:
    with staged(permissions=mode) as stage:
        needing, _ = DEEDS[0].ready(stage)
        stage.let(TICKETS, "All")
        answer = needing(stage.tech)
        assert stage.fine(answer)["status"]["name"] == "Done"
        for one in stage.entry(answer)["asked"]:
            assert (one["allowed"], one["logged"]) == (True, logged)


def test_the_one_with_the_admin_flag_needs_none_of_them(stage: Stage) -> None:
    for deed in DEEDS:
        needing, _ = deed.ready(stage)
        stage.fine(needing(stage.admin))


def test_time_without_a_word_about_billing_needs_only_its_own_row(stage: Stage) -> None:
    stage.let(TIME, "All")
    ticket = stage.ticket()["id"]
    hours = {"timeStart": "2026-03-04T08:00:00Z", "timeEnd": "2026-03-04T09:00:00Z"}
    body = {"member": who("Tech"), "chargeToId": ticket, "chargeToType": "ServiceTicket", "notes": "x", **hours}
    stage.fine(stage.tech.post("/time/entries", body))
    stage.fine(stage.tech.post("/time/entries", {**body, "billableOption": "DoNotBill"}))
    stage.refused_right(stage.tech.post("/time/entries", {**body, "billableOption": "Billable"}), "set-billable-time")


# -- clearing is changing ----------------------------------------------------------------------------------------------


def cleared(path: str, field: str, way: str, body: dict[str, object]) -> Callable[[Caller], httpx.Response]:
    """The write that takes a field's value away."""
    if way == "put":
        return lambda caller: caller.put(path, {name: value for name, value in body.items() if name != field})
    change = {"op": "remove", "path": field} if way == "remove" else {"op": "replace", "path": field, "value": None}
    return lambda caller: caller.http.patch(path, json=[change])


def ticket_that_follows(stage: Stage) -> str:
    first, second = (owned_ticket(stage, "Mate") for _ in range(2))
    path = f"/service/tickets/{second}"
    stage.fine(stage.admin.patch(path, ("replace", "predecessorType", "Ticket"), ("replace", "predecessorId", first)))
    return path


def unbilled_entry(stage: Stage, **fields: object) -> str:
    charge = {"chargeToId": stage.ticket()["id"], "chargeToType": "ServiceTicket"}
    return f"/time/entries/{stage.time(member=who('Mate'), **charge, **fields)['id']}"


def rated_entry(stage: Stage) -> str:
    path = unbilled_entry(stage)
    stage.fine(stage.admin.patch(path, ("replace", "hourlyRate", 77)))  # a create only takes the default
    return path


CLEARED: dict[str, tuple[str, str, Callable[[Stage], str]]] = {
    "depend-service-ticket": (TICKETS, "predecessorId", ticket_that_follows),
    "set-billable-time": (TIME, "hourlyRate", rated_entry),
    "change-billable-time": (TIME, "billableOption", lambda stage: unbilled_entry(stage, billableOption="DoNotBill")),
}


@pytest.mark.parametrize("way", ["remove", "null", "put"])
@pytest.mark.parametrize("name", CLEARED)
def test_taking_a_value_away_needs_the_right_as_well(stage: Stage, name: str, way: str) -> None:
    area, field, make = CLEARED[name]
    path = make(stage)
    body = stage.read(path)
    right = rights()[name].row
    stage.let(area, "All")
    stage.let("Finance > Billing View Time", inquire="All", edit="None" if name == "set-billable-time" else "All")
    send = cleared(path, field, way, body)
    stage.refused_right(send(stage.tech), name)
    assert stage.read(path)[field] == body[field]
    stage.let(f"{right.module} > {right.area}", edit="All")
    stage.fine(send(stage.tech))
    assert stage.read(path).get(field) != body[field]


def test_a_put_that_leaves_out_what_is_as_it_would_be_anyway_needs_nothing(stage: Stage) -> None:
    """The rate of the work role and the billable option of the charge come back by themselves."""
    path = unbilled_entry(stage)
    body = stage.read(path)
    assert body["billableOption"] == "Billable"
    bare = {name: value for name, value in body.items() if name not in ("hourlyRate", "billableOption", "adjustment")}
    stage.let(TIME, "All")
    stage.let("Finance > Billing View Time", inquire="All")
    answer = stage.tech.put(path, bare)
    stage.fine(answer)
    assert {"set-billable-time", "change-billable-time"}.isdisjoint(stage.asked(answer))
