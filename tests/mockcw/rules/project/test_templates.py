"""Projects, their plans, and templates made from them and applied to them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.rules.desk import Desk

PROJECTS = "/project/projects"
TEMPLATES = "/project/projectTemplates"


def filled_project(desk: Desk) -> int:
    """A project with two phases, one inside the other, and a ticket in each."""
    number = desk.project()["id"]
    inner = desk.make(
        f"{PROJECTS}/{number}/phases", description="Survey", wbsCode="1.2", parentPhase={"id": desk.phase(number)}
    )["id"]
    desk.project_ticket(number, initialDescription="Count them", budgetHours=3)
    issue = desk.project_ticket(number, summary="Dust", phase={"id": inner}, isIssueFlag=True)["id"]
    desk.make(f"/project/tickets/{issue}/tasks", notes="Wipe")
    return int(number)


def template_of(desk: Desk, project: int, name: str = "Moves") -> dict[str, Any]:
    answer = desk.admin.post(f"{TEMPLATES}/createFromProject/{project}", {"name": name})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.mark.rule("project.start", "project.closed")
def test_a_project_starts_from_its_board_and_company(desk: Desk) -> None:
    done = desk.make("/project/statuses", name="Desk done", closedFlag=True)["id"]
    made = desk.project()
    assert (made["billTime"], made["location"]["id"], made["closedFlag"]) == ("Billable", 1, False)
    assert (made["site"]["name"], made["billToCompany"]["id"]) == ("Main", desk.company)
    [phase] = desk.read(f"{PROJECTS}/{made['id']}/phases")
    assert (phase["projectId"], phase["board"]["id"], phase["budgetHours"]) == (made["id"], desk.project_board, 4.0)
    inner = desk.make(f"{PROJECTS}/{made['id']}/phases", description="Inner", parentPhase={"id": phase["id"]})
    assert (inner["wbsCode"], inner["locationId"], inner["businessUnitId"]) == ("1.1", 1, desk.department)
    assert desk.make(f"{PROJECTS}/{made['id']}/phases", description="Next")["wbsCode"] == "2"
    closed = desk.admin.patch(f"{PROJECTS}/{made['id']}", ("replace", "status", {"id": done}))
    assert closed.json()["closedFlag"] is True


@pytest.mark.rule("phase.start")
def test_the_work_plan_lists_the_phases_in_order_with_the_hours_worked(desk: Desk) -> None:
    project = desk.project()["id"]
    desk.make(f"{PROJECTS}/{project}/phases", description="Tenth", wbsCode="10")
    desk.make(f"{PROJECTS}/{project}/phases", description="Second", wbsCode="2", markAsMilestoneFlag=True)
    ticket = desk.project_ticket(project)["id"]
    desk.time(chargeToId=ticket, chargeToType="ProjectTicket")
    plan = desk.read(f"{PROJECTS}/{project}/projectWorkplan")
    assert plan["projectId"] == project
    assert [phase["description"] for phase in plan["phases"]] == ["Plan", "Second", "Tenth"]
    assert (plan["phases"][0]["actualHours"], plan["phases"][0]["billableHours"]) == (2.0, 2.0)
    assert plan["phases"][1]["markAsMilestoneFlag"] is True
    assert desk.admin.get(f"{PROJECTS}/999/projectWorkplan").status_code == 404


@pytest.mark.rule(
    "project-ticket.task",
    "template.key",
    "template-phase.key",
    "template-ticket.key",
    "template-task.key",
    "template-phase.template",
    "template-ticket.template",
    "template-task.ticket",
)
def test_a_template_mirrors_the_project_it_is_made_from(desk: Desk) -> None:
    made = template_of(desk, filled_project(desk))
    under = f"{TEMPLATES}/{made['id']}"
    assert (desk.read(under)["name"], bool(made["connectWiseId"])) == ("Moves", True)
    outer, inner = desk.read(f"{under}/projectTemplatePhases")
    assert [(one["description"], one["templateRecId"]) for one in (outer, inner)] == [
        ("Plan", made["id"]),
        ("Survey", made["id"]),
    ]
    assert (inner["parentPhase"], "parentPhase" in outer) == (outer["id"], False)
    cables, dust = desk.read(f"{under}/projectTemplateTickets")
    assert (cables["description"], cables["notes"], cables["budgetHours"]) == ("Cables", "Count them", 3.0)
    assert (cables["projectTemplatePhaseId"], dust["projectTemplatePhaseId"]) == (outer["id"], inner["id"])
    [task] = desk.read(f"{under}/projectTemplateTickets/{dust['id']}/tasks")
    assert (task["description"], task["ticketId"], task["sequence"]) == ("Wipe", dust["id"], 1)


def test_what_is_in_all_templates_is_listed(desk: Desk) -> None:
    made = template_of(desk, filled_project(desk))
    template_of(desk, desk.project()["id"], name="Small moves")
    phases = desk.read(f"{TEMPLATES}/projectTemplatePhases", conditions=f"templateRecId={made['id']}")
    assert phases == desk.read(f"{TEMPLATES}/{made['id']}/projectTemplatePhases")
    assert len(desk.read(f"{TEMPLATES}/projectTemplatePhases", pageSize=1000)) > len(phases)
    [ticket] = desk.read(f"{TEMPLATES}/projectTemplateTickets", conditions="description='Dust'")
    [task] = desk.read(f"{TEMPLATES}/projectTemplateTickets/tasks", conditions=f"ticketId={ticket['id']}")
    assert task["description"] == "Wipe"
    [plan] = desk.read(f"{TEMPLATES}/{made['id']}/workplan")
    assert plan["templateId"] == made["id"]
    assert [phase["description"] for phase in plan["phases"]] == ["Plan", "Survey"]
    assert plan["phases"][1]["parentPhase"]["name"] == "Plan"


def test_an_applied_template_makes_phases_and_tickets(desk: Desk) -> None:
    made, target = template_of(desk, filled_project(desk)), desk.project()["id"]
    plan = desk.do(f"{PROJECTS}/{target}/applyTemplate/{made['id']}")
    assert [phase["description"] for phase in plan["phases"]] == ["Plan", "Plan", "Survey"]
    assert plan == desk.read(f"{PROJECTS}/{target}/projectWorkplan")
    tickets = desk.read("/project/tickets", conditions=f"project/id={target}")
    assert [(one["summary"], one["phase"]["id"], one["isIssueFlag"]) for one in tickets] == [
        ("Cables", plan["phases"][1]["id"], False),
        ("Dust", plan["phases"][2]["id"], True),
    ]
    assert plan["phases"][2]["parentPhase"]["id"] == plan["phases"][1]["id"]
    assert [note["text"] for note in desk.read(f"/project/tickets/{tickets[0]['id']}/notes")] == ["Count them"]
    assert [task["notes"] for task in desk.read(f"/project/tickets/{tickets[1]['id']}/tasks")] == ["Wipe"]
    assert desk.read(f"{PROJECTS}/{target}")["projectTemplateId"] == made["id"]


def test_several_templates_are_applied_by_id_or_name(desk: Desk) -> None:
    one, two, target = template_of(desk, filled_project(desk)), desk.make(TEMPLATES, name="Ticket only"), desk.project()
    desk.make(f"{TEMPLATES}/{two['id']}/projectTemplateTickets", description="Sweep")
    body = [{"id": one["id"], "name": "Moves"}, {"name": "Ticket only"}]
    plan = desk.do(f"{PROJECTS}/{target['id']}/applyTemplates", body)
    assert [phase["description"] for phase in plan["phases"]][-1] == "Ticket only"
    assert desk.one("/project/tickets", "summary='Sweep'")["phase"]["id"] == plan["phases"][-1]["id"]


def test_templates_that_are_not_there_are_refused_and_change_nothing(desk: Desk) -> None:
    project, made = filled_project(desk), None
    made = template_of(desk, project)
    before = desk.records()
    assert desk.admin.post(f"{TEMPLATES}/createFromProject/999", {"name": "x"}).status_code == 404
    assert desk.admin.http.post(f"{PROJECTS}/{project}/applyTemplate/999").status_code == 404
    assert desk.admin.http.post(f"{PROJECTS}/999/applyTemplate/{made['id']}").status_code == 404
    body = [{"id": made["id"], "name": "Moves"}, {"id": 999, "name": "x"}]
    desk.refused(desk.admin.post(f"{PROJECTS}/{project}/applyTemplates", body), "NotFound", "id")
    desk.refused(desk.admin.post(f"{PROJECTS}/{project}/applyTemplates", []), "MissingRequiredField", "id")
    assert desk.records() == before
