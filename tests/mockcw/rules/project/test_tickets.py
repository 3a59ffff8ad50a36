"""Project tickets: in a phase of a project, on its board; marked notes; the lists shared with service tickets."""

from __future__ import annotations

import pytest

from tests.mockcw.rules.desk import NOW, Desk

TICKETS = "/project/tickets"


@pytest.mark.rule("project-ticket.start")
def test_a_ticket_takes_project_board_and_company_from_its_phase(desk: Desk) -> None:
    project = desk.project()["id"]
    made = desk.project_ticket(project)
    assert (made["project"]["id"], made["board"]["id"]) == (project, desk.project_board)
    assert (made["company"]["id"], made["status"]["name"], made["closedFlag"]) == (desk.company, "Planned", False)
    assert (made["isIssueFlag"], made["wbsCode"], made["city"]) == (False, "1.1", "Adamsbury")
    assert desk.read(f"{TICKETS}/{made['id']}") == made


def test_a_phase_is_found_by_name_in_its_own_project(desk: Desk) -> None:
    one, two = desk.project()["id"], desk.project()["id"]
    for project in (one, two):
        body = {"summary": "x", "project": {"id": project}, "phase": {"id": desk.phase(project)}}
        assert desk.make(TICKETS, **body)["phase"]["id"] == desk.phase(project)


@pytest.mark.rule("project-ticket.place")
def test_a_phase_of_another_project_is_refused(desk: Desk) -> None:
    one, two = desk.project()["id"], desk.project()["id"]
    body = {"summary": "x", "project": {"id": one}, "phase": {"id": desk.phase(two)}}
    before = desk.records()
    text = desk.refused(desk.admin.post(TICKETS, body), "NotFound", "phase/id")
    assert text == f"Project Phase {desk.phase(two)} not found for Project {one}"
    status = {"summary": "x", "phase": {"id": desk.phase(one)}, "status": {"id": desk.status(desk.board, "New")}}
    desk.refused(desk.admin.post(TICKETS, status), "NotFound", "status/id")
    assert desk.records() == before


@pytest.mark.rule("project-ticket.closing")
def test_a_closed_status_closes_a_project_ticket(desk: Desk) -> None:
    made = desk.project_ticket(desk.project()["id"])
    closed = desk.admin.patch(f"{TICKETS}/{made['id']}", ("replace", "status", {"name": "Built"})).json()
    assert (closed["closedFlag"], closed["closedDate"]) == (True, NOW)


@pytest.mark.rule("ticket.split")
def test_tickets_of_both_kinds_never_share_a_number(desk: Desk) -> None:
    project = desk.project()["id"]
    numbers = [desk.ticket()["id"], desk.project_ticket(project)["id"], desk.ticket()["id"]]
    assert len(set(numbers)) == 3


def test_the_lists_of_a_project_ticket_are_its_own(desk: Desk) -> None:
    ticket = desk.project_ticket(desk.project()["id"], initialDescription="Pull them")["id"]
    time = desk.time(chargeToId=ticket, chargeToType="ProjectTicket", notes="Pulled")["id"]
    call = desk.make("/sales/activities", name="Call", assignTo={"id": desk.member}, ticket={"id": ticket})["id"]
    assert [one["id"] for one in desk.read(f"{TICKETS}/{ticket}/timeentries")] == [time]
    assert [one["name"] for one in desk.read(f"{TICKETS}/{ticket}/activities", conditions=f"id={call}")] == ["Call"]
    for name in ("products", "scheduleentries", "documents"):
        assert desk.read(f"{TICKETS}/{ticket}/{name}/count") == {"count": 0}
    notes = desk.read(f"{TICKETS}/{ticket}/allNotes")
    assert [note["noteType"] for note in notes] == ["TicketNote", "TimeEntryNote"]
    assert notes[0]["ticket"]["id"] == ticket


@pytest.mark.rule("project-ticket.first-notes")
def test_a_note_is_marked_as_something_else(desk: Desk) -> None:
    ticket = desk.project_ticket(desk.project()["id"], initialDescription="Pull them")["id"]
    [note] = desk.read(f"{TICKETS}/{ticket}/notes")
    assert desk.admin.post(f"/project/ticketNote/{note['id']}/markAs", {"resolutionFlag": True}).status_code == 204
    [note] = desk.read(f"{TICKETS}/{ticket}/notes")
    assert (note["resolutionFlag"], note["detailDescriptionFlag"], note["text"]) == (True, False, "Pull them")
    entry = desk.time(chargeToId=ticket, chargeToType="ProjectTicket", notes="Pulled")["id"]
    body = {"noteType": "TimeEntryNote", "internalAnalysisFlag": True}
    assert desk.admin.post(f"/project/ticketNote/{entry}/markAs", body).status_code == 204
    assert desk.read(f"/time/entries/{entry}")["addToInternalAnalysisFlag"] is True
    assert desk.admin.post("/project/ticketNote/999/markAs", {}).status_code == 404


def test_a_team_counts_as_one(desk: Desk) -> None:
    teams = f"/project/boards/{desk.project_board}/teams"
    team = desk.make(teams, name="Builders")["id"]
    assert desk.read(f"{teams}/{team}/info/count") == {"count": 1}
    assert desk.admin.get(f"{teams}/999/info/count").status_code == 404


@pytest.mark.rule("project-ticket.note")
def test_a_note_of_a_project_ticket_has_its_number_and_an_author(desk: Desk) -> None:
    ticket = desk.project_ticket(desk.project()["id"])["id"]
    note = desk.make(f"{TICKETS}/{ticket}/notes", text="called", internalAnalysisFlag=True)
    assert (note["ticketId"], note["member"]["identifier"]) == (ticket, "Admin")
