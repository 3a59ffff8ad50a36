"""Service tickets: where a new one lands, what it starts with, its first notes, closing."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import items
from tests.mockcw.rules.desk import NOW, Desk

TICKETS = "/service/tickets"


@pytest.mark.rule("ticket.start")
def test_a_ticket_starts_on_its_board_with_the_boards_default_status(desk: Desk) -> None:
    made = desk.ticket()
    assert (made["status"]["name"], made["recordType"], made["closedFlag"]) == ("New", "ServiceTicket", False)
    assert made["location"]["id"] == 1
    assert made["department"]["id"] == desk.department
    assert (made["billTime"], made["severity"], made["impact"]) == ("Billable", "Medium", "Medium")
    assert desk.read(f"{TICKETS}/{made['id']}") == made


def test_a_ticket_without_a_board_comes_to_its_creators_default_board(desk: Desk) -> None:
    desk.admin.patch(
        f"/system/members/{desk.member}", ("replace", "serviceDefaultBoard", {"id": desk.other_board})
    ).raise_for_status()
    made = desk.make(TICKETS, summary="x", company={"id": desk.company})
    assert (made["board"]["id"], made["status"]["name"]) == (desk.other_board, "Fresh")


def test_a_ticket_without_any_board_named_never_comes_to_a_project_board(desk: Desk) -> None:
    made = desk.make(TICKETS, summary="x", company={"id": desk.company})
    board = desk.read(f"/service/boards/{made['board']['id']}")
    assert board["projectFlag"] is False


def test_a_ticket_carries_its_companys_site_and_address(desk: Desk) -> None:
    made = desk.ticket()
    assert (made["site"]["name"], made["siteName"], made["city"]) == ("Main", "Main", "Adamsbury")
    elsewhere = desk.make(f"/company/companies/{desk.company}/sites", name="Depot", city="Newtown")
    assert desk.ticket(site={"id": elsewhere["id"]})["city"] == "Newtown"
    assert desk.ticket(site={"name": "depot"})["siteName"] == "Depot"


def test_default_rows_of_the_setup_tables_are_taken(desk: Desk) -> None:
    urgent = desk.make("/service/priorities", name="Urgent", color="Red", defaultFlag=True, sortOrder=7)
    phone = desk.make("/service/sources", name="Carrier pigeon", defaultFlag=True)
    for row in desk.read("/service/priorities", conditions="defaultFlag=true") + desk.read("/service/sources"):
        table = "priorities" if "color" in row else "sources"
        if row["id"] not in (urgent["id"], phone["id"]):
            desk.admin.patch(f"/service/{table}/{row['id']}", ("replace", "defaultFlag", False)).raise_for_status()
    made = desk.ticket()
    assert (made["priority"]["name"], made["source"]["name"]) == ("Urgent", "Carrier pigeon")


@pytest.mark.rule("ticket.place")
@pytest.mark.parametrize("how", ["id", "name"])
def test_a_status_of_another_board_is_refused_with_the_captured_text(desk: Desk, how: str) -> None:
    status = {"id": desk.status(desk.other_board, "Fresh")} if how == "id" else {"name": "Fresh"}
    body = {"summary": "x", "company": {"id": desk.company}, "board": {"id": desk.board}, "status": status}
    before = desk.records()
    text = desk.refused(desk.admin.post(TICKETS, body), "NotFound", f"status/{how}")
    said = f"Service Status {status['id']}" if how == "id" else "Service Status"
    assert text == f"{said} not found for Service Board {desk.board}"
    assert desk.records() == before


def test_a_stored_ticket_takes_a_status_of_another_board_only_where_the_setting_says_so(desk: Desk) -> None:
    foreign = ("replace", "status", {"id": desk.status(desk.other_board, "Over")})
    made = desk.ticket()["id"]
    desk.refused(desk.admin.patch(f"{TICKETS}/{made}", foreign), "NotFound", "status/id")
    with Emulator("empty", settings={"status_of_other_board": "allow"}) as emulator:
        lenient = Desk(emulator)
        body = {"summary": "x", "company": {"id": lenient.company}, "board": {"id": lenient.board}}
        foreign = ("replace", "status", {"id": lenient.status(lenient.other_board, "Over")})
        ticket = lenient.make(TICKETS, **body)["id"]
        patched = lenient.admin.patch(f"{TICKETS}/{ticket}", foreign).json()
        assert (patched["status"]["name"], patched["board"]["id"], patched["closedFlag"]) == (
            "Over",
            lenient.board,
            True,
        )
        refused = lenient.admin.post(TICKETS, {**body, "status": foreign[2]})
        lenient.refused(refused, "NotFound", "status/id")


def test_a_status_is_found_by_name_on_its_own_board(desk: Desk) -> None:
    twin = desk.make(f"/service/boards/{desk.other_board}/statuses", name="Working")["id"]
    assert desk.ticket(status={"name": "working"})["status"]["id"] == desk.status(desk.board, "Working")
    assert desk.ticket(board={"name": "Second board"}, status={"name": "working"})["status"]["id"] == twin


@pytest.mark.rule("ticket.first-notes")
def test_first_texts_become_notes_and_are_not_shown_again(desk: Desk) -> None:
    made = desk.ticket(initialDescription="It smokes", initialInternalAnalysis="Toner", initialResolution="Replaced")
    assert not {"initialDescription", "initialInternalAnalysis", "initialResolution"} & set(made)
    notes = desk.read(f"{TICKETS}/{made['id']}/notes")
    flags = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")
    assert [(note["text"], [note[flag] for flag in flags]) for note in notes] == [
        ("It smokes", [True, False, False]),
        ("Toner", [False, True, False]),
        ("Replaced", [False, False, True]),
    ]
    assert {(note["ticketId"], note["createdBy"], note["dateCreated"]) for note in notes} == {
        (made["id"], "Admin", NOW)
    }


def test_a_contact_is_found_by_its_address(desk: Desk) -> None:
    kind = desk.make("/company/communicationTypes", description="Mail", emailFlag=True)
    contact = desk.make("/company/contacts", firstName="Ann", lastName="Lee", company={"id": desk.company})
    mail = {"type": {"id": kind["id"]}, "value": "ann@desk.example", "communicationType": "Email"}
    desk.make(f"/company/contacts/{contact['id']}/communications", **mail)
    made = desk.ticket(contactEmailLookup="ann@desk.example")
    assert (made["contact"]["id"], made["contactName"]) == (contact["id"], "Ann Lee")
    assert "contact" not in desk.ticket(contactEmailLookup="nobody@desk.example")


@pytest.mark.rule("ticket.closing")
def test_a_closed_status_closes_the_ticket_and_another_one_opens_it(desk: Desk) -> None:
    made = desk.ticket()
    path = f"{TICKETS}/{made['id']}"
    closed = desk.admin.patch(path, ("replace", "status", {"name": "Done"})).json()
    assert (closed["closedFlag"], closed["closedDate"], closed["closedBy"]) == (True, NOW, "Admin")
    opened = desk.admin.patch(path, ("replace", "status/id", desk.status(desk.board, "New"))).json()
    assert opened["closedFlag"] is False
    assert not {"closedDate", "closedBy"} & set(opened)


def test_a_ticket_that_moves_to_another_board_starts_there_anew(desk: Desk) -> None:
    made = desk.ticket()
    moved = desk.admin.patch(f"{TICKETS}/{made['id']}", ("replace", "board", {"id": desk.other_board})).json()
    assert moved["status"]["name"] == "Fresh"


def test_a_put_keeps_what_the_server_owns(desk: Desk) -> None:
    made = desk.ticket(status={"name": "Done"})
    body = {"summary": "y", "company": {"id": desk.company}, "board": {"id": desk.board}, "status": made["status"]}
    body |= {"recordType": "ProjectTicket", "closedFlag": False, "mobileGuid": "x"}
    put = desk.admin.put(f"{TICKETS}/{made['id']}", body).json()
    kept = ("recordType", "closedFlag", "closedDate", "closedBy", "mobileGuid")
    assert {name: put[name] for name in kept} == {name: made[name] for name in kept}


@pytest.mark.rule("ticket.note", "ticket.task")
def test_a_note_has_a_ticket_an_author_and_a_date(desk: Desk) -> None:
    ticket = desk.ticket()["id"]
    note = desk.make(f"{TICKETS}/{ticket}/notes", text="called", internalAnalysisFlag=True)
    assert (note["ticketId"], note["createdBy"], note["dateCreated"]) == (ticket, "Admin", NOW)
    assert (note["member"]["identifier"], note["detailDescriptionFlag"]) == ("Admin", False)
    task = desk.make(f"{TICKETS}/{ticket}/tasks", notes="look")
    assert (task["ticketId"], task["closedFlag"]) == (ticket, False)


# -- configurations ----------------------------------------------------------------------------------------------------


def configuration(desk: Desk, name: str) -> int:
    kind = desk.make("/company/configurations/types", name=f"Kind of {name}")["id"]
    body: dict[str, Any] = {"type": {"id": kind}, "company": {"id": desk.company}, "deviceIdentifier": f"dev-{name}"}
    return int(desk.make("/company/configurations", name=name, **body)["id"])


def test_a_configuration_is_attached_by_its_id_to_any_number_of_tickets(desk: Desk) -> None:
    one, two, device = desk.ticket()["id"], desk.ticket()["id"], configuration(desk, "PC")
    for ticket in (one, two):
        made = desk.make(f"{TICKETS}/{ticket}/configurations", id=device)
        assert (made["id"], made["deviceIdentifier"]) == (device, "dev-PC")
        assert desk.read(f"{TICKETS}/{ticket}/configurations") == [made]
        assert desk.read(f"{TICKETS}/{ticket}/configurations/{device}") == made
    desk.make(f"{TICKETS}/{one}/configurations", deviceIdentifier="dev-PC")
    assert desk.read(f"{TICKETS}/{one}/configurations/count") == {"count": 1}
    assert desk.admin.delete(f"{TICKETS}/{one}/configurations/{device}").status_code == 204
    assert desk.read(f"{TICKETS}/{one}/configurations") == []
    assert desk.read(f"{TICKETS}/{two}/configurations/count") == {"count": 1}
    assert desk.read(f"/company/configurations/{device}")["name"] == "PC"


@pytest.mark.rule("configuration.attached")
def test_what_cannot_be_attached_or_detached_is_refused(desk: Desk) -> None:
    path = f"{TICKETS}/{desk.ticket()['id']}/configurations"
    answer = desk.admin.post(path, {})
    assert items(answer) == [("MissingRequiredField", "id or deviceIdentifier is required.", "id")]
    assert answer.json()["errors"][0]["resource"] == "configuration"
    assert desk.refused(desk.admin.post(path, {"id": 999}), "NotFound", "id") == "Configuration 999 not found"
    assert desk.admin.delete(f"{path}/999").status_code == 404
    assert desk.admin.post(f"{TICKETS}/999/configurations", {"id": 1}).status_code == 404
