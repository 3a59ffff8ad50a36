"""What is done with whole tickets: merge, bundle, convert, copy, generate; each effect is seen by a GET."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from mockcw import Emulator
from mockcw.clock import from_text
from mockcw.engine.writer import Author
from tests.mockcw.caller import Caller
from tests.mockcw.rules.desk import NOW, Desk

TICKETS = "/service/tickets"
PROJECT_TICKETS = "/project/tickets"


def get(desk: Desk, ticket: int) -> dict[str, Any]:
    return dict(desk.read(f"{TICKETS}/{ticket}"))


def merge(desk: Desk, parent: int, *children: int, status: Any = None) -> Any:
    body = {"mergeTicketIds": list(children), "status": status or {"name": "Done"}}
    return desk.admin.post(f"{TICKETS}/{parent}/merge", body)


def scheduled(desk: Desk, ticket: int) -> int:
    kind = desk.read("/schedule/types", conditions="identifier='S'") or [
        desk.make("/schedule/types", name="Desk service", identifier="S")
    ]
    return int(desk.make("/schedule/entries", type={"id": kind[0]["id"]}, objectId=ticket)["id"])


def charged_expense(desk: Desk, ticket: int) -> int:
    ways = {"billExpenses": "Billable", "invoiceMarkupOption": "Amount", "amountCaption": "Miles"}
    kind = desk.make("/expense/types", name="Desk mileage", **ways)["id"]
    body = {"type": {"id": kind}, "date": NOW, "amount": 5, "member": {"id": desk.member}}
    return int(desk.make("/expense/entries", chargeToId=ticket, chargeToType="ServiceTicket", **body)["id"])


# -- merge -------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("ticket.merge")
def test_merged_tickets_get_the_status_and_point_to_the_one_that_stays(desk: Desk) -> None:
    parent, one, two = (desk.ticket()["id"] for _ in range(3))
    answer = merge(desk, parent, one, two)
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    for child in (one, two):
        found = get(desk, child)
        assert (found["status"]["name"], found["closedFlag"]) == ("Done", True)
        assert (found["mergedParentTicket"]["id"], found["mergedParentTicket"]["summary"]) == (parent, "Printer")
    assert (get(desk, parent)["hasMergedChildTicketFlag"], get(desk, parent)["status"]["name"]) == (True, "New")


@pytest.mark.rule("schedule.resources")
def test_what_hangs_on_a_merged_ticket_moves_to_the_one_that_stays(desk: Desk) -> None:
    parent, child = desk.ticket()["id"], desk.ticket()["id"]
    time = desk.time(chargeToId=child, chargeToType="ServiceTicket", notes="on site")["id"]
    entry = scheduled(desk, child)
    kind = desk.make("/company/configurations/types", name="Desk kind")["id"]
    device = desk.make("/company/configurations", name="PC", type={"id": kind}, company={"id": desk.company})["id"]
    desk.make(f"{TICKETS}/{child}/configurations", id=device)
    desk.make(f"{TICKETS}/{child}/notes", text="from the child", detailDescriptionFlag=True)
    form = {"recordType": "Ticket", "recordId": str(child), "title": "Log"}
    document = desk.admin.http.post("/system/documents", data=form, files={"file": ("log.txt", b"x", "text/plain")})
    expense = charged_expense(desk, child)
    grandchild = desk.ticket()["id"]
    assert merge(desk, child, grandchild).is_success
    assert merge(desk, parent, child).is_success
    assert desk.read(f"/time/entries/{time}")["chargeToId"] == parent
    assert desk.read(f"/time/entries/{time}")["ticket"]["id"] == parent
    assert [one["id"] for one in desk.read(f"{TICKETS}/{parent}/timeentries")] == [time]
    assert desk.read(f"{TICKETS}/{child}/timeentries") == []
    assert [one["id"] for one in desk.read(f"{TICKETS}/{parent}/scheduleentries")] == [entry]
    assert [one["id"] for one in desk.read(f"{TICKETS}/{parent}/configurations")] == [device]
    assert [one["id"] for one in desk.read(f"{TICKETS}/{parent}/documents")] == [document.json()["id"]]
    assert desk.read(f"/expense/entries/{expense}")["chargeToId"] == parent
    assert get(desk, grandchild)["mergedParentTicket"]["id"] == parent
    notes = desk.read(f"{TICKETS}/{parent}/allNotes")
    assert [(note["text"], note["mergedFlag"]) for note in notes] == [("from the child", True), ("on site", False)]


@pytest.mark.rule("ticket.merged-stays")
def test_a_merged_ticket_does_not_change_any_more_unless_the_setting_allows(desk: Desk) -> None:
    parent, child = desk.ticket()["id"], desk.ticket()["id"]
    merge(desk, parent, child)
    answer = desk.admin.patch(f"{TICKETS}/{child}", ("replace", "summary", "x"))
    text = desk.refused(answer, "InvalidObject", "mergedParentTicket")
    assert text == f"Ticket {child} was merged into ticket {parent} and cannot be changed."
    assert get(desk, child)["summary"] == "Printer"


def test_a_merged_ticket_may_change_where_the_setting_says_so() -> None:
    with Emulator("empty", settings={"merged_ticket_edits": "allow"}) as emulator:
        emulator.world.clock.set(from_text(NOW), frozen=True)
        desk = Desk(emulator)
        parent, child = desk.ticket()["id"], desk.ticket()["id"]
        merge(desk, parent, child)
        assert Caller(emulator).patch(f"{TICKETS}/{child}", ("replace", "summary", "x")).status_code == 200


def test_a_merge_that_fails_in_the_middle_changes_nothing(desk: Desk) -> None:
    parent, child = desk.ticket()["id"], desk.ticket()["id"]
    elsewhere = desk.ticket(board={"id": desk.other_board})["id"]
    before = desk.records()
    status = {"id": desk.status(desk.board, "Done")}
    text = desk.refused(merge(desk, parent, child, elsewhere, status=status), "NotFound", "status/id")
    assert text == f"Service Status {status['id']} not found for Service Board {desk.other_board}"
    assert desk.records() == before


def test_merges_that_make_no_sense_are_refused(desk: Desk) -> None:
    parent, child = desk.ticket()["id"], desk.ticket()["id"]
    assert desk.refused(merge(desk, parent, 999), "NotFound", "mergeTicketIds") == "Ticket 999 not found"
    desk.refused(merge(desk, parent, parent), "InvalidField", "mergeTicketIds")
    desk.refused(merge(desk, parent), "MissingRequiredField", "mergeTicketIds")
    desk.refused(
        desk.admin.post(f"{TICKETS}/{parent}/merge", {"mergeTicketIds": [child]}), "MissingRequiredField", "status"
    )
    merge(desk, parent, child)
    desk.refused(merge(desk, desk.ticket()["id"], child), "InvalidField", "mergeTicketIds")
    desk.refused(merge(desk, child, desk.ticket()["id"]), "InvalidField", "mergeTicketIds")
    assert merge(desk, 999, child).status_code == 404


# -- bundle ------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("ticket.bundle")
def test_bundled_tickets_have_a_parent_and_stay_tickets_of_their_own(desk: Desk) -> None:
    parent, child = desk.ticket()["id"], desk.ticket()["id"]
    desk.make(f"{TICKETS}/{child}/notes", text="mine", resolutionFlag=True)
    assert desk.do(f"{TICKETS}/{parent}/attachChildren", {"childTicketIds": [child]})["success"] is True
    assert (get(desk, child)["parentTicketId"], get(desk, child)["status"]["name"]) == (parent, "New")
    assert get(desk, parent)["hasChildTicket"] is True
    [note] = desk.read(f"{TICKETS}/{parent}/allNotes")
    assert (note["text"], note["bundledFlag"], note["ticket"]["id"]) == ("mine", True, child)
    assert desk.admin.patch(f"{TICKETS}/{child}", ("replace", "summary", "x")).status_code == 200
    found = desk.read(TICKETS, conditions=f"parentTicketId={parent}")
    assert [one["id"] for one in found] == [child]


@pytest.mark.rule("ticket.unbundled")
def test_a_deleted_ticket_leaves_its_bundle(desk: Desk) -> None:
    parent, one, two = (desk.ticket()["id"] for _ in range(3))
    desk.do(f"{TICKETS}/{parent}/attachChildren", {"childTicketIds": [one, two]})
    desk.admin.delete(f"{TICKETS}/{one}").raise_for_status()
    assert get(desk, parent)["hasChildTicket"] is True
    desk.admin.delete(f"{TICKETS}/{parent}").raise_for_status()
    assert "parentTicketId" not in get(desk, two)
    desk.do(f"{TICKETS}/{two}/attachChildren", {"childTicketIds": [desk.ticket()["id"]]})
    child = desk.one(TICKETS, f"parentTicketId={two}")["id"]
    desk.admin.delete(f"{TICKETS}/{child}").raise_for_status()
    assert get(desk, two)["hasChildTicket"] is False


def test_a_ticket_is_never_bundled_under_itself(desk: Desk) -> None:
    one, two, three = (desk.ticket()["id"] for _ in range(3))

    def attach(parent: int, *children: int) -> Any:
        return desk.admin.post(f"{TICKETS}/{parent}/attachChildren", {"childTicketIds": children})

    assert attach(one, two).is_success
    assert attach(two, three).is_success
    before = desk.records()
    for parent, child in ((one, one), (two, one), (three, one)):
        desk.refused(attach(parent, child), "InvalidField", "childTicketIds")
    desk.refused(attach(one), "MissingRequiredField", "childTicketIds")
    desk.refused(attach(one, 999), "NotFound", "childTicketIds")
    assert desk.records() == before


# -- convert -----------------------------------------------------------------------------------------------------------


def to_project(desk: Desk, ticket: int, project: int, **fields: Any) -> Any:
    body = {"recordType": "ProjectTicket", "project": {"id": project}, "phase": {"id": desk.phase(project)}}
    return desk.admin.post(f"{TICKETS}/{ticket}/convert", {**body, "wbsCode": "1.1", **fields})


@pytest.mark.rule("ticket.convert")
def test_a_converted_ticket_moves_with_its_number_and_all_that_hangs_on_it(desk: Desk) -> None:
    ticket, project = desk.ticket(initialDescription="It smokes")["id"], desk.project()["id"]
    desk.make(f"{TICKETS}/{ticket}/tasks", notes="look")
    time = desk.time(chargeToId=ticket, chargeToType="ServiceTicket")["id"]
    expense = charged_expense(desk, ticket)
    assert to_project(desk, ticket, project).json()["success"] is True
    assert desk.admin.get(f"{TICKETS}/{ticket}").status_code == 404
    moved = desk.read(f"{PROJECT_TICKETS}/{ticket}")
    assert (moved["summary"], moved["isIssueFlag"], moved["wbsCode"]) == ("Printer", False, "1.1")
    assert (moved["project"]["id"], moved["board"]["id"]) == (project, desk.project_board)
    assert moved["status"]["name"] == "Planned"
    assert [note["text"] for note in desk.read(f"{PROJECT_TICKETS}/{ticket}/notes")] == ["It smokes"]
    assert [task["notes"] for task in desk.read(f"{PROJECT_TICKETS}/{ticket}/tasks")] == ["look"]
    assert [one["id"] for one in desk.read(f"{PROJECT_TICKETS}/{ticket}/timeentries")] == [time]
    entry = desk.read(f"/time/entries/{time}")
    assert (entry["chargeToType"], entry["chargeToId"], entry["project"]["id"]) == ("ProjectTicket", ticket, project)
    assert desk.read(f"/expense/entries/{expense}")["chargeToType"] == "ProjectTicket"
    assert desk.admin.get(entry["ticket"]["_info"]["ticket_href"]).json()["id"] == ticket


def test_a_ticket_converts_there_and_back(desk: Desk) -> None:
    ticket, project = desk.ticket()["id"], desk.project()["id"]
    to_project(desk, ticket, project, recordType="ProjectIssue")
    assert desk.read(f"{PROJECT_TICKETS}/{ticket}")["isIssueFlag"] is True
    desk.do(f"{PROJECT_TICKETS}/{ticket}/convert", {"recordType": "ProjectTicket"})
    assert desk.read(f"{PROJECT_TICKETS}/{ticket}")["isIssueFlag"] is False
    desk.do(f"{PROJECT_TICKETS}/{ticket}/convert", {"recordType": "ServiceTicket"})
    back = get(desk, ticket)
    assert (back["summary"], back["recordType"], back["board"]["id"] != desk.project_board) == (
        "Printer",
        "ServiceTicket",
        True,
    )
    assert desk.admin.get(f"{PROJECT_TICKETS}/{ticket}").status_code == 404
    assert desk.ticket()["id"] > ticket


def test_conversions_that_lead_nowhere_are_refused_and_change_nothing(desk: Desk) -> None:
    ticket, project, other = desk.ticket()["id"], desk.project()["id"], desk.project()["id"]
    before = desk.records()
    strange = {"id": desk.phase(other)}
    text = desk.refused(to_project(desk, ticket, project, phase=strange), "NotFound", "phase/id")
    assert text == f"Project Phase {strange['id']} not found for Project {project}"
    assert to_project(desk, ticket, project, phase={"id": 999}).status_code == 400
    desk.refused(to_project(desk, ticket, project, recordType="ServiceTicket"), "InvalidField", "recordType")
    desk.refused(to_project(desk, ticket, project, recordType=None), "MissingRequiredField", "recordType")
    desk.refused(to_project(desk, ticket, project, phase=None), "MissingRequiredField", "phase")
    assert desk.records() == before


def test_a_merged_ticket_is_not_converted(desk: Desk) -> None:
    parent, child, project = desk.ticket()["id"], desk.ticket()["id"], desk.project()["id"]
    merge(desk, parent, child)
    desk.refused(to_project(desk, child, project), "InvalidObject", "mergedParentTicket")
    assert get(desk, child)["id"] == child


# -- copy and generate -------------------------------------------------------------------------------------------------


def test_a_copy_is_open_and_has_the_same_notes_and_tasks(desk: Desk) -> None:
    source = desk.ticket(initialDescription="It smokes", status={"name": "Done"}, poNumber="77")
    desk.make(f"{TICKETS}/{source['id']}/tasks", notes="look")
    answer = desk.admin.post(f"{TICKETS}/{source['id']}/copy", {})
    assert answer.status_code == 201
    copy = answer.json()
    assert copy["id"] != source["id"]
    assert (copy["summary"], copy["poNumber"], copy["status"]["name"]) == ("Printer", "77", "New")
    assert (copy["closedFlag"], copy["mobileGuid"] != source["mobileGuid"]) == (False, True)
    assert [note["text"] for note in desk.read(f"{TICKETS}/{copy['id']}/notes")] == ["It smokes"]
    assert [task["ticketId"] for task in desk.read(f"{TICKETS}/{copy['id']}/tasks")] == [copy["id"]]
    assert desk.admin.post(f"{TICKETS}/999/copy", {}).status_code == 404


def template(desk: Desk, **fields: Any) -> int:
    """A template: the surface has no way to make one."""
    engine = desk.emulator.world.tenants["training"].engine
    body = {"name": "Monthly", "summary": "Check backups", "problem": "All of them", "hoursBudget": 2.0, **fields}
    return int(orjson.loads(engine.add("/service/templates", (), body, Author("Admin", None)))["id"])


def test_a_template_makes_a_ticket_and_a_schedule_entry(desk: Desk) -> None:
    desk.make("/schedule/types", name="Desk service", identifier="S")
    where = {"company": {"id": desk.company}, "board": {"id": desk.board}, "assignedBy": {"id": desk.member}}
    number = template(desk, **where, attachScheduleToNewServiceFlag=True)
    assert desk.do(f"/service/templates/{number}/generate") == {"serviceCount": 1, "scheduleCount": 1}
    made = desk.one(TICKETS, "summary='Check backups'")
    assert (made["board"]["id"], made["status"]["name"], made["budgetHours"]) == (desk.board, "New", 2.0)
    assert [note["text"] for note in desk.read(f"{TICKETS}/{made['id']}/notes")] == ["All of them"]
    [entry] = desk.read(f"{TICKETS}/{made['id']}/scheduleentries")
    assert desk.read(f"/schedule/entries/{entry['id']}")["member"]["id"] == desk.member
    assert desk.do(f"/service/templates/{template(desk, **where)}/generate")["scheduleCount"] == 0


def test_a_template_without_a_company_makes_nothing(desk: Desk) -> None:
    number = template(desk, board={"id": desk.board})
    before = desk.records()
    desk.refused(desk.admin.http.post(f"/service/templates/{number}/generate"), "MissingRequiredField", "company")
    assert desk.records() == before


@pytest.mark.rule("ticket.logged")
@pytest.mark.parametrize("verb", ["post", "patch", "delete"])
def test_each_write_leaves_a_row_in_the_change_log_until_it_is_cleared(desk: Desk, verb: str) -> None:
    ticket = desk.ticket()["id"]
    if verb == "patch":
        desk.admin.patch(f"{TICKETS}/{ticket}", ("replace", "summary", "Scanner"))
    if verb == "delete":
        desk.admin.delete(f"{TICKETS}/{ticket}").raise_for_status()
    last = desk.read(f"{TICKETS}/changelogs", orderBy="id desc")[0]
    words = {"post": ("Insert", "Printer"), "patch": ("Update", "Scanner"), "delete": ("Delete", "Printer")}
    assert (last["action"], last["summary"]) == words[verb]
    assert (last["ticketNumber"], last["boardName"], last["status"]) == (ticket, "Desk board", "New")
    assert desk.read(f"{TICKETS}/changelogs", conditions=f"ticketNumber={ticket} and action='Insert'")
    assert desk.admin.delete(f"{TICKETS}/changelogs").status_code == 204
    assert desk.read(f"{TICKETS}/changelogs") == []
