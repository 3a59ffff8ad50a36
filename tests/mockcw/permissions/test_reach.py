"""Records that an operation shows or changes without addressing them: the same decision as if they were asked for.

A role that may the operation and not the record is refused, at level My for another member's record, and what a mask
hides stays hidden.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.permissions.kinds import owned_ticket, project_ticket, time_entry
from tests.mockcw.permissions.stage import COMPANIES, PROJECT_TICKETS, TABLES, TICKETS, TIME, Stage

ATTACHMENTS = "Companies > Manage Attachments"
MEMBERS = "System > Member Maintenance"
SUMMARY = "Secret summary"


# -- links -------------------------------------------------------------------------------------------------------------


def resolve(stage: Stage, number: int) -> Any:
    """The address that a link makes of a ticket."""
    link = stage.make("/system/links", name="L", screenLink="Service", url="http://x/[summary]/[billingAmount]")
    return stage.tech.post(f"/system/info/links/{link['id']}/resolveurl", {"referenceId": number})


def test_a_link_shows_of_a_ticket_what_the_member_may_read(stage: Stage) -> None:
    own, others = owned_ticket(stage, "Tech"), owned_ticket(stage, "Mate")
    for one in (own, others):
        stage.store_fields("/service/tickets", one, summary=SUMMARY, billingAmount=4242)
    stage.let(TABLES, "All")
    stage.denied(resolve(stage, own))
    stage.let(TICKETS, inquire="My")
    stage.denied(resolve(stage, others), "not-own")
    assert stage.fine(resolve(stage, own))["url"] == "http://x/Secret%20summary/"
    stage.let("Service Desk > Service Tickets - Finance", inquire="All")
    assert stage.fine(resolve(stage, own))["url"] == "http://x/Secret%20summary/4242"


# -- notes of project tickets ------------------------------------------------------------------------------------------


def mark(stage: Stage, number: int, kind: str) -> Any:
    """Mark a note, or a time entry shown as one."""
    body = {"noteType": kind, "detailDescriptionFlag": True}
    return stage.tech.post(f"/project/ticketNote/{number}/markAs", body)


def test_a_note_is_marked_by_who_may_change_it(stage: Stage) -> None:
    notes = {}
    for name in ("Tech", "Mate"):
        ticket = project_ticket(stage, name)
        made = stage.make(f"/project/tickets/{ticket}/notes", text="x", detailDescriptionFlag=True)
        notes[name] = made["id"]
    stage.let(PROJECT_TICKETS, "My")
    stage.denied(mark(stage, notes["Mate"], "TicketNote"), "not-own")
    stage.fine(mark(stage, notes["Tech"], "TicketNote"))


def test_a_time_entry_is_marked_by_who_may_change_it(stage: Stage) -> None:
    own, others = time_entry(stage, "Tech"), time_entry(stage, "Mate")
    stage.let(PROJECT_TICKETS, "All")
    stage.denied(mark(stage, own, "TimeEntryNote"))
    stage.let(TIME, "My")
    stage.denied(mark(stage, others, "TimeEntryNote"), "not-own")
    stage.fine(mark(stage, own, "TimeEntryNote"))


# -- the audit trail ---------------------------------------------------------------------------------------------------


def trail(stage: Stage, kind: str, number: int) -> Any:
    """What the audit trail says of a record."""
    return stage.tech.get("/system/audittrail", type=kind, id=number)


def test_the_audit_trail_of_a_record_needs_the_row_of_the_record(stage: Stage) -> None:
    own, others = owned_ticket(stage, "Tech"), owned_ticket(stage, "Mate")
    for one in (own, others):
        stage.fine(stage.admin.patch(f"/service/tickets/{one}", ("replace", "summary", SUMMARY)))
    stage.denied(trail(stage, "Ticket", own))
    stage.let(TICKETS, inquire="My")
    stage.denied(trail(stage, "Ticket", others), "not-own")
    assert SUMMARY in stage.fine(trail(stage, "Ticket", own))[-1]["text"]
    stage.let(TICKETS, inquire="None")
    stage.denied(trail(stage, "Ticket", own))


def test_the_audit_trail_leaves_out_the_fields_that_are_not_shown(stage: Stage) -> None:
    number = time_entry(stage, "Tech")
    operations = (("replace", "hourlyRate", 777), ("replace", "notes", "told"))
    stage.fine(stage.admin.patch(f"/time/entries/{number}", *operations))
    stage.let(TIME, inquire="All")
    text = stage.fine(trail(stage, "Time", number))[-1]["text"]
    assert "777" not in text
    assert "told" in text
    stage.let("Finance > Billing View Time", inquire="All")
    assert "777" in stage.fine(trail(stage, "Time", number))[-1]["text"]


# -- pictures ----------------------------------------------------------------------------------------------------------


def test_a_photo_shows_no_document_of_another_record(stage: Stage) -> None:
    ticket, tech = owned_ticket(stage, "Mate"), stage.number("Tech")
    documents = {}
    for kind, number in (("Ticket", ticket), ("Member", tech)):
        form = {"recordType": kind, "recordId": str(number), "title": "t"}
        file = {"file": ("a.png", f"of a {kind}".encode(), "image/png")}
        documents[kind] = stage.fine(stage.admin.http.post("/system/documents", data=form, files=file))["id"]
    stage.let(MEMBERS, inquire="All", edit="All")
    path = f"/system/members/{tech}"
    stage.fine(stage.tech.patch(path, ("replace", "photo", {"id": documents["Ticket"]})))
    assert stage.tech.get(f"{path}/image").status_code == 404
    stage.fine(stage.tech.patch(path, ("replace", "photo", {"id": documents["Member"]})))
    assert stage.tech.get(f"{path}/image").content == b"of a Member"


# -- logs and usages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "path", "make"),
    [(TIME, "/time/changelogs", time_entry), (TICKETS, "/service/tickets/changelogs", owned_ticket)],
)
def test_who_sees_his_own_lines_of_a_log_empties_no_others(stage: Stage, area: str, path: str, make: Any) -> None:
    make(stage, "Mate")
    before = stage.fine(stage.admin.get(path))
    assert before
    stage.let(area, "My")
    assert stage.fine(stage.tech.get(path)) == []
    stage.fine(stage.tech.delete(path))
    assert stage.fine(stage.admin.get(path)) == before
    stage.let(area, "All")
    stage.fine(stage.tech.delete(path))
    assert stage.fine(stage.admin.get(path)) == []


def test_usages_say_nothing_of_records_one_may_not_read(stage: Stage) -> None:
    own, others = owned_ticket(stage, "Tech"), owned_ticket(stage, "Mate")
    company = stage.read(f"/service/tickets/{own}")["company"]["id"]
    stage.let(COMPANIES, inquire="All")
    tickets = {}
    for level in ("None", "My", "All"):
        stage.let(TICKETS, inquire=level)
        found = stage.fine(stage.tech.get(f"/company/companies/{company}/usages/list", pageSize=1000))
        tickets[level] = {one["id"]: "description" in one for one in found if one["typeKey"] == "ticket"}
    assert tickets == {
        "None": {own: False, others: False},
        "My": {own: True, others: False},
        "All": {own: True, others: True},
    }


# -- what lies under a hidden record ----------------------------------------------------------------------------------


def test_what_lies_under_a_hidden_ticket_is_hidden_from_actions_too(stage: Stage) -> None:
    ticket = project_ticket(stage, "Mate")
    note = stage.make(f"/project/tickets/{ticket}/notes", text="x", detailDescriptionFlag=True)["id"]
    stage.let(PROJECT_TICKETS, "All")
    stage.fine(mark(stage, note, "TicketNote"))
    depth = stage.admin.get("/system/myCompany/corporateStructureLevels/2").json()["name"]
    stage.control.patch("/members/Tech", {"structure_level": depth, "location": "Far Branch"})
    answer = mark(stage, note, "TicketNote")
    assert answer.status_code == 404
    assert stage.cause(answer) == "hidden"
