"""Level My: lists shrink to one's own records in every way of listing, others' records are refused (partly assumed)."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.mockcw.permissions.kinds import (
    KINDS,
    OF_SOME,
    Kind,
    Make,
    assigned_ticket,
    owned_ticket,
    project_ticket,
    time_entry,
    who,
)
from tests.mockcw.permissions.stage import PROJECT_TICKETS, REFUSAL, STAGED, TICKETS, TIME, Stage, ids, staged
from tests.mockcw.permissions.ways import agree, bundled, page_by_page

TICKET_PATH = "/service/tickets"


# -- every kind of record that can be somebody's -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, *OF_SOME], ids=str)
def test_a_list_under_my_is_the_members_own_records_in_every_way_of_listing(stage: Stage, kind: Kind) -> None:
    own = [
        made for name in ("Tech", "Mate", "Tech", "Mate", "Tech") for made in [kind.make(stage, name)] if name == "Tech"
    ]
    stage.let(kind.area, inquire="My")
    agree(stage.tech, kind.path, kind.resource, own, info=kind.info, search=kind.search)
    stage.let(kind.area, inquire="All")
    everything = page_by_page(stage.admin, kind.path, 100)
    assert len(everything) > len(own)
    agree(stage.tech, kind.path, kind.resource, everything, size=100, info=kind.info, search=kind.search)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_under_my_ones_own_record_can_be_worked_with_and_others_are_refused(stage: Stage, kind: Kind) -> None:
    own, others = kind.make(stage, "Tech"), kind.make(stage, "Mate")
    before = stage.read(f"{kind.path}/{others}")
    stage.let(kind.area, "My")
    tech, (field, value) = stage.tech, kind.change
    stage.fine(tech.get(f"{kind.path}/{own}"))
    stage.fine(tech.patch(f"{kind.path}/{own}", ("replace", field, value)))
    for answer in (
        tech.get(f"{kind.path}/{others}"),
        tech.patch(f"{kind.path}/{others}", ("replace", field, value)),
        tech.put(f"{kind.path}/{others}", before),
        tech.delete(f"{kind.path}/{others}"),
    ):
        stage.denied(answer, "not-own")
    assert stage.read(f"{kind.path}/{others}") == before
    assert tech.get(f"{kind.path}/{own + others + 999}").status_code == 404
    assert tech.delete(f"{kind.path}/{own}").status_code != 403


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_with_all_nothing_is_refused_and_with_none_everything_is(stage: Stage, kind: Kind) -> None:
    others = f"{kind.path}/{kind.make(stage, 'Mate')}"
    stage.let(kind.area, "All")
    stage.fine(stage.tech.get(others))
    stage.fine(stage.tech.patch(others, ("replace", *kind.change)))
    stage.let(kind.area, "None")
    for answer in (
        stage.tech.get(kind.path),
        stage.tech.get(others),
        stage.tech.patch(others, ("replace", *kind.change)),
        stage.tech.post(kind.path, {}),
        stage.tech.delete(others),
    ):
        stage.denied(answer, "role-row")


@pytest.mark.parametrize(("edit", "status"), [("None", 403), ("My", 403), ("All", 200)])
def test_the_level_of_each_action_counts_by_itself(stage: Stage, edit: str, status: int) -> None:
    ticket = owned_ticket(stage, "Mate")
    stage.let(TICKETS, inquire="All", edit=edit)
    assert stage.tech.get(f"{TICKET_PATH}/{ticket}").status_code == 200
    assert stage.tech.patch(f"{TICKET_PATH}/{ticket}", ("replace", "summary", "x")).status_code == status


# -- whose a ticket is, whatever the names look like -------------------------------------------------------------------

NAMES = ("Tech", "Mate", "Tec", "Tech2", "T_ch", "T%ch", "A\\b", 'q"x', "a'b", "Te")
NAME = st.sampled_from(NAMES)
TICKET = st.tuples(st.none() | NAME, st.lists(NAME, max_size=3, unique=True), st.none() | NAME)
CROWD = "crowd"


@pytest.fixture(scope="module")
def crowd(built_stage: Stage) -> Stage:
    """The stage with members whose ids are parts of one another, or hold what patterns hold."""
    store = built_stage.emulator.world.tenants["training"].store
    store.restore(STAGED)
    for name in NAMES[2:]:
        built_stage.join(name)
    store.snapshot(CROWD)
    return built_stage


@given(st.lists(TICKET, max_size=6), NAME, st.integers(1, 4))
@example([(None, ["Tech"], None), (None, ["T_ch", "Mate"], None)], "T_ch", 2)
@example([(None, ["Mate", "Tech"], None), (None, ["T%ch"], None)], "T%ch", 2)
@example([(None, ["A\\b"], None), (None, ["Te", "A\\b", "Tec"], None)], "A\\b", 1)
@example([(None, ["Tech2", "Tec"], "Te"), (None, ["Tech"], None)], "Tech", 1)
def test_a_ticket_is_its_owners_its_resources_and_the_one_who_entered_its(
    crowd: Stage, tickets: list[tuple[str | None, list[str], str | None]], asker: str, size: int
) -> None:
    crowd.emulator.world.tenants["training"].store.restore(CROWD)
    wanted = []
    for owner, resources, entered in tickets:
        made = crowd.ticket(owner=who(owner) if owner else who("Admin"))
        info = {**made["_info"], "enteredBy": entered or "Admin"}
        crowd.store_fields(TICKET_PATH, made["id"], resources=", ".join(resources) or None, _info=info)
        if asker in (owner, entered, *resources):
            wanted.append(made["id"])
    crowd.let(TICKETS, inquire="My")
    caller = crowd.key_of(asker)
    agree(caller, TICKET_PATH, "ticket", wanted, size=size, info=True, search=True)
    for one in ids(crowd.admin.get(TICKET_PATH, pageSize=100)):
        assert caller.get(f"{TICKET_PATH}/{one}").status_code == (200 if one in wanted else 403)


def test_a_ticket_is_anothers_as_soon_as_it_is_assigned_to_him(stage: Stage) -> None:
    ticket = owned_ticket(stage, "Tech")
    stage.let(TICKETS, "My")
    assert ids(stage.tech.get(TICKET_PATH)) == [ticket]
    stage.fine(stage.tech.patch(f"{TICKET_PATH}/{ticket}", ("replace", "owner", who("Mate"))))
    assert ids(stage.tech.get(TICKET_PATH)) == []
    stage.denied(stage.tech.get(f"{TICKET_PATH}/{ticket}"), "not-own")
    assert ids(stage.mate.get(TICKET_PATH)) == [ticket]


@pytest.mark.parametrize("make", [owned_ticket, project_ticket])
def test_a_ticket_is_ones_own_as_long_as_one_is_scheduled_for_it(stage: Stage, make: Make) -> None:
    """A ticket's resources are fed by its schedule entries."""
    number, kind = make(stage, "Mate"), "S" if make is owned_ticket else "P"
    path = TICKET_PATH if make is owned_ticket else "/project/tickets"
    stage.let(TICKETS, "My")
    stage.let(PROJECT_TICKETS, "My")
    assert ids(stage.tech.get(path)) == []
    given = {"objectId": number, "type": {"identifier": kind}, "addMemberToProjectFlag": True}
    entries = [stage.make("/schedule/entries", member=who(name), **given)["id"] for name in ("Mate", "Tech")]
    assert ids(stage.tech.get(path)) == [number]
    stage.fine(stage.tech.patch(f"{path}/{number}", ("replace", "summary", "x")))
    assert stage.admin.delete(f"/schedule/entries/{entries[1]}").status_code == 204
    assert ids(stage.tech.get(path)) == []
    stage.denied(stage.tech.get(f"{path}/{number}"), "not-own")


def test_add_my_is_enough_to_create_a_ticket_and_to_work_on_it(stage: Stage) -> None:
    """Documented by two vendors, who run with My."""
    stage.let(TICKETS, "My")
    body = {"summary": "From the agent", "company": {"id": stage.company}, "board": {"id": stage.board}}
    made = stage.fine(stage.tech.post(TICKET_PATH, body))["id"]
    stage.fine(stage.tech.post(f"{TICKET_PATH}/{made}/notes", {"text": "more", "detailDescriptionFlag": True}))
    stage.fine(stage.tech.patch(f"{TICKET_PATH}/{made}", ("replace", "summary", "y")))
    agree(stage.tech, TICKET_PATH, "ticket", [made], info=True, search=True)


# -- under a ticket ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [owned_ticket, assigned_ticket])
def test_what_lies_under_a_ticket_goes_by_the_ticket(stage: Stage, make: Make) -> None:
    own, others = make(stage, "Tech"), make(stage, "Mate")
    note = {"text": "seen", "detailDescriptionFlag": True}
    notes = {one: stage.make(f"{TICKET_PATH}/{one}/notes", **note)["id"] for one in (own, others)}
    tasks = {one: stage.make(f"{TICKET_PATH}/{one}/tasks", notes="do")["id"] for one in (own, others)}
    stage.let(TICKETS, "My")
    tech, under = stage.tech, f"{TICKET_PATH}/{own}"
    assert ids(tech.get(f"{under}/notes")) == [notes[own]]
    assert tech.get(f"{under}/notes/count").json() == {"count": 1}
    for path in (f"{under}/notes/{notes[own]}", f"{under}/tasks/{tasks[own]}", f"{under}/tasks", f"{under}/allNotes"):
        stage.fine(tech.get(path))
    stage.fine(tech.post(f"{under}/notes", note))
    stage.fine(tech.patch(f"{under}/tasks/{tasks[own]}", ("replace", "notes", "x")))
    stage.fine(tech.delete(f"{under}/notes/{notes[own]}"))
    under = f"{TICKET_PATH}/{others}"
    for answer in (
        tech.get(f"{under}/notes"),
        tech.get(f"{under}/notes/count"),
        tech.get(f"{under}/notes/{notes[others]}"),
        tech.get(f"{under}/allNotes"),
        tech.get(f"{under}/tasks"),
        tech.post(f"{under}/notes", note),
        tech.patch(f"{under}/tasks/{tasks[others]}", ("replace", "notes", "x")),
        tech.delete(f"{under}/notes/{notes[others]}"),
        tech.get(f"{under}/timeentries"),
        tech.get(f"{under}/documents"),
        tech.get(f"{under}/configurations"),
    ):
        stage.denied(answer, "not-own")
    assert ids(stage.admin.get(f"{under}/notes")) == [notes[others]]


def test_actions_on_somebody_elses_ticket_are_refused(stage: Stage) -> None:
    own, others, third = (owned_ticket(stage, name) for name in ("Tech", "Mate", "Mate"))
    stage.let(TICKETS, "My")
    tech = stage.tech
    for answer in (
        tech.http.post(f"{TICKET_PATH}/{others}/copy", json={}),
        tech.post(f"{TICKET_PATH}/{others}/attachChildren", {"childTicketIds": [third]}),
        tech.post(f"{TICKET_PATH}/{others}/convert", {}),
    ):
        stage.denied(answer, "not-own")
    assert tech.post(f"{TICKET_PATH}/{own}/attachChildren", {"childTicketIds": [others]}).status_code != 403


def test_views_over_tickets_show_ones_own_only(stage: Stage) -> None:
    own, others = owned_ticket(stage, "Tech"), owned_ticket(stage, "Mate")
    stage.let(TICKETS, inquire="All")
    logs = stage.fine(stage.tech.get(f"{TICKET_PATH}/changelogs"))
    assert {own, others} <= {one["ticketNumber"] for one in logs}
    assert {own, others} <= set(ids(stage.tech.get(f"{TICKET_PATH}/calculateSla")))
    stage.let(TICKETS, inquire="My")
    assert ids(stage.tech.get(f"{TICKET_PATH}/calculateSla")) == [own]
    assert {one["ticketNumber"] for one in stage.fine(stage.tech.get(f"{TICKET_PATH}/changelogs"))} <= {own}


# -- time --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("edit", "status"), [("My", 403), ("All", 200)])
def test_an_entry_for_another_member_can_be_made_but_is_edited_only_with_all(
    stage: Stage, edit: str, status: int
) -> None:
    """Captured: the member who entered it is not the one whose time it is."""
    ticket = stage.ticket()["id"]
    stage.let(TIME, "All", edit=edit)
    hours = {"timeStart": "2026-03-04T08:00:00Z", "timeEnd": "2026-03-04T09:00:00Z"}
    body = {"member": who("Mate"), "chargeToId": ticket, "chargeToType": "ServiceTicket", **hours}
    made = stage.fine(stage.tech.post("/time/entries", body))
    assert (made["enteredBy"], made["member"]["identifier"]) == ("Tech", "Mate")
    answer = stage.tech.patch(f"/time/entries/{made['id']}", ("replace", "notes", "x"))
    assert answer.status_code == status
    if status == 403:
        entry = stage.denied(answer, "not-own")
        assert "Time Entry" in entry["reason"]
    assert stage.mate.patch(f"/time/entries/{made['id']}", ("replace", "notes", "y")).status_code == 200


def test_a_sheet_of_another_member_cannot_be_submitted(stage: Stage) -> None:
    sheets = {
        name: stage.read(f"/time/entries/{time_entry(stage, name)}")["timeSheet"]["id"] for name in ("Tech", "Mate")
    }
    stage.let(TIME, "My")
    for action in ("submit", "approve", "reject", "reverse"):
        stage.denied(stage.tech.http.post(f"/time/sheets/{sheets['Mate']}/{action}", json={}), "not-own")
    stage.denied(stage.tech.get(f"/time/sheets/{sheets['Mate']}/audits"), "not-own")
    stage.fine(stage.tech.http.post(f"/time/sheets/{sheets['Tech']}/submit"))
    assert stage.read(f"/time/sheets/{sheets['Mate']}")["status"] == "Open"


# -- members, companies, attachments -----------------------------------------------------------------------------------


def test_my_of_members_is_oneself(stage: Stage) -> None:
    stage.let("System > Member Maintenance", "My")
    tech, mate = stage.number("Tech"), stage.number("Mate")
    agree(stage.tech, "/system/members", "member", [tech])
    assert stage.fine(stage.tech.get("/system/members/Tech"))["id"] == tech
    stage.fine(stage.tech.patch(f"/system/members/{tech}", ("replace", "title", "x")))
    for answer in (
        stage.tech.get(f"/system/members/{mate}"),
        stage.tech.get("/system/members/Mate"),
        stage.tech.patch(f"/system/members/{mate}", ("replace", "title", "x")),
        stage.tech.get(f"/system/members/{mate}/image"),
        stage.tech.http.post(f"/system/members/{mate}/deactivate", json={}),
        stage.tech.get(f"/system/members/{mate}/skills"),
        stage.tech.post(f"/system/members/{mate}/skills", {}),
    ):
        stage.denied(answer, "not-own")
    for path in ("/system/members/withSso", "/system/members/calendarsync"):
        assert set(ids(stage.tech.get(path))) <= {tech}
    stage.store_fields("/system/members", tech, ssoSettings={"id": 1})
    stage.store_fields("/system/members", mate, ssoSettings={"id": 2})
    assert ids(stage.tech.get("/system/members/withSso")) == [tech]


def test_attachments_under_my_are_those_the_member_put_there(stage: Stage) -> None:
    """Manage Attachments, My for Add, Edit and Delete (documented by one vendor)."""
    ticket = stage.ticket()["id"]
    area = "Companies > Manage Attachments"
    stage.let(area, "All")
    made = {}
    for name, caller in (("tech", stage.tech), ("mate", stage.mate)):
        form = {"recordType": "Ticket", "recordId": str(ticket), "title": name}
        answer = caller.http.post("/system/documents", data=form, files={"file": ("a.txt", name.encode())})
        made[name] = stage.fine(answer)["id"]
    listed = {"recordType": "Ticket", "recordId": ticket}
    assert ids(stage.tech.get("/system/documents", **listed)) == sorted(made.values())
    stage.let(area, "My")
    assert ids(stage.tech.get("/system/documents", **listed)) == [made["tech"]]
    assert stage.tech.get("/system/documents/count", **listed).json() == {"count": 1}
    assert stage.tech.get(f"/system/documents/{made['tech']}/download").content == b"tech"
    for answer in (
        stage.tech.get(f"/system/documents/{made['mate']}"),
        stage.tech.get(f"/system/documents/{made['mate']}/download"),
        stage.tech.delete(f"/system/documents/{made['mate']}"),
        stage.tech.http.post(
            f"/system/documents/{made['mate']}", data={"title": "taken"}, files={"file": ("a.txt", b"x")}
        ),
    ):
        stage.denied(answer, "not-own")
    assert stage.mate.get(f"/system/documents/{made['mate']}/download").content == b"mate"
    assert stage.tech.delete(f"/system/documents/{made['tech']}").status_code == 204


def test_a_company_is_its_territory_managers_too(stage: Stage) -> None:
    made = stage.make(
        "/company/companies", identifier="Own", name="Own", site={"name": "Main"}, territoryManager=who("Tech")
    )["id"]
    stage.let("Companies > Company Maintenance", "My")
    agree(stage.tech, "/company/companies", "company", [made], info=True)
    stage.fine(stage.tech.get(f"/company/companies/{made}/sites"))
    stage.denied(stage.tech.get(f"/company/companies/{stage.company}/sites"), "not-own")


def test_leaving_the_team_of_a_company_takes_it_from_the_list_at_once(stage: Stage) -> None:
    made = stage.make("/company/companies", identifier="Team", name="Team", site={"name": "Main"})["id"]
    role = stage.read("/company/teamRoles")[0]["id"]
    stage.let("Companies > Company Maintenance", "My")
    assert ids(stage.tech.get("/company/companies")) == []
    team = stage.make(f"/company/companies/{made}/teams", member=who("Tech"), teamRole={"id": role})["id"]
    agree(stage.tech, "/company/companies", "company", [made], info=True)
    stage.fine(stage.tech.get(f"/company/companies/{made}"))
    stage.admin.delete(f"/company/companies/{made}/teams/{team}")
    agree(stage.tech, "/company/companies", "company", [], info=True)
    stage.denied(stage.tech.get(f"/company/companies/{made}"), "not-own")


# -- many at once ------------------------------------------------------------------------------------------------------


def test_a_bulk_operation_is_decided_item_by_item(stage: Stage) -> None:
    configuration = next(kind for kind in KINDS if kind.name == "configuration")
    own, others, third = (configuration.make(stage, name) for name in ("Tech", "Mate", "Tech"))
    stage.let(configuration.area, "My")
    bodies = [{**stage.read(f"{configuration.path}/{one}"), "name": "renamed"} for one in (own, others)]
    answer = stage.tech.put(f"{configuration.path}/bulk", bodies)
    lines = answer.json()["payload"]
    assert [one["statusCode"] for one in lines] == [200, 403]
    assert lines[1]["error"] == REFUSAL
    assert stage.cause(answer) == "not-own"
    assert [stage.read(f"{configuration.path}/{one}")["name"] for one in (own, others)] == ["renamed", "PC"]
    answer = stage.tech.http.request("DELETE", f"{configuration.path}/bulk", json={"ids": [others, third]})
    assert [one["statusCode"] for one in answer.json()["payload"]] == [403, 204]
    assert stage.admin.get(f"{configuration.path}/{others}").status_code == 200


def test_a_bundle_refuses_anothers_record_in_its_own_line(stage: Stage) -> None:
    own, others = owned_ticket(stage, "Tech"), owned_ticket(stage, "Mate")
    stage.let(TICKETS, inquire="My")
    assert [one["id"] for one in bundled(stage.tech, "ticket", id=own)["entities"]] == [own]
    line = bundled(stage.tech, "ticket", id=others)
    assert (line["statusCode"], line["entities"], line["error"]) == (403, [], REFUSAL)


# -- settings and journal ----------------------------------------------------------------------------------------------


def test_reading_anothers_record_may_be_a_404_by_setting_and_writing_stays_a_403() -> None:
    with staged(others_record_status=404) as stage:
        ticket = owned_ticket(stage, "Mate")
        stage.let(TICKETS, "My")
        answer = stage.tech.get(f"{TICKET_PATH}/{ticket}")
        assert (answer.status_code, answer.json()) == (
            404,
            {"code": "NotFound", "message": f"Ticket {ticket} not found"},
        )
        assert stage.cause(answer) == "not-own"
        stage.denied(stage.tech.patch(f"{TICKET_PATH}/{ticket}", ("replace", "summary", "x")), "not-own")


def test_the_journal_says_that_a_list_was_narrowed_to_ones_own(stage: Stage) -> None:
    owned_ticket(stage, "Mate")
    stage.let(TICKETS, inquire="My")
    for path in (TICKET_PATH, f"{TICKET_PATH}/count", f"{TICKET_PATH}/info"):
        entry = stage.entry(stage.tech.get(path))
        assert (entry["status"], entry["cause"], entry["decision"]["has"]) == (200, "narrowed", "My")
        assert "Service Desk > Service Tickets" in entry["reason"]
    stage.let(TICKETS, inquire="All")
    assert stage.cause(stage.tech.get(TICKET_PATH)) is None
