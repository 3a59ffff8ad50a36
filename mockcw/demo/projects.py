"""Projects with phases, tickets, team, notes and time."""

from __future__ import annotations

from mockcw.demo.ledger import Record
from mockcw.demo.quarter import NOW, midnight, moment, stamp
from mockcw.demo.scene import Client, Scene, Technician
from mockcw.demo.tickets import DONE, FIRM, SCHEDULE, SERVICE
from mockcw.demo.work import Job, Timekeeper

PROJECTS = "/project/projects"
PHASES = "/project/projects/{parentId}/phases"
TICKETS = "/project/tickets"
BOARD = 3
STEPS = {
    "Prepare": ("Take stock", "Order the hardware"),
    "Carry out": ("Install", "Move the data", "Test"),
    "Hand over": ("Train the users", "Write the documentation"),
}
NAMES = ("Server replacement", "Office move", "Cloud migration", "Network renewal")
BILLED = {"billTime": "Billable", "billExpenses": "Billable", "billProducts": "Billable"}


def projects(scene: Scene, keeper: Timekeeper) -> list[tuple[str, int, Client]]:
    """As many projects as the plan says, every third closed; first tickets come back as owners of product lines."""
    owners = []
    inside = "/service/boards/{parentId}/statuses"
    statuses = scene.ledger.records(inside, BOARD)
    first, last = statuses[0], next(one for one in statuses if one["closedStatus"])
    kinds = scene.ledger.records("/service/boards/{parentId}/types", BOARD)
    for number in range(scene.plan.projects):
        client, when = scene.client(number * 11 + 5), moment(number, scene.plan.projects)
        manager, closed = scene.technician(number, 100), number % 3 == 2
        project_id = project(scene, client, manager, number, when, closed=closed)
        status = last if closed else first
        for place, (name, steps) in enumerate(STEPS.items(), 1):
            phase_id = phase(scene, project_id, name, place, closed=closed)
            for turn, step in enumerate(steps, 1):
                code, day = f"{place}.{turn}", when // 1440 + place * 3 + turn
                owner = scene.technician(number * 10 + place, 101)
                summary = f"{step} - {client.name}"[:100]
                record = {"summary": summary, "wbsCode": code, "owner": owner.id}
                record |= {"project": project_id, "phase": phase_id, "type": kinds[0]["id"], "status": status["id"]}
                ticket_id = ticket(scene, client, record, owner, day, closed=closed)
                if closed or place == 1:
                    charge = {"chargeToId": ticket_id, "project": project_id, "phase": phase_id}
                    work = {"workType": 1, "notes": step, "ticketBoard": "Project Board"}
                    work |= {"ticketStatus": status["name"], "ticketType": kinds[0]["name"]}
                    job, start = Job.of(scene, "ProjectTicket", 1, **work), min(day * 1440 + 14 * 60, NOW - 300)
                    keeper.enter(owner, client, job, charge, start, 8, 900_000_000 + ticket_id)
                if place == turn == 1:
                    visit(scene, ticket_id, summary, owner, start, closed=closed)
                    owners.append(("ticket", ticket_id, client))
    return owners


def visit(scene: Scene, ticket_id: int, summary: str, owner: Technician, start: int, *, closed: bool) -> None:
    """The owner's schedule entry for a ticket."""
    record: Record = {
        "objectId": ticket_id,
        "name": summary,
        "member": owner.id,
        "where": 2,
        "dateStart": stamp(start),
        "dateEnd": stamp(start + 120),
        "reminder": 3,
        "status": DONE if closed else FIRM,
        "type": SERVICE,
        "span": {"id": 1, "identifier": "N"},
        "doneFlag": closed,
        "acknowledgedFlag": True,
        "ownerFlag": True,
        "acknowledgedDate": stamp(start),
        "hours": 2.0,
    }
    scene.ledger.put(SCHEDULE, record, entered=stamp(start))


def project(scene: Scene, client: Client, manager: Technician, number: int, when: int, *, closed: bool) -> int:
    """One project with its team, contact and note."""
    put, inside, caller = scene.ledger.put, f"{PROJECTS}/{{parentId}}", client.callers[0].id
    record: Record = {
        "name": f"{NAMES[number % len(NAMES)]} - {client.name}"[:100],
        "board": BOARD,
        "company": client.id,
        "contact": caller,
        "site": client.site,
        "status": 3 if closed else 1,
        "closedFlag": closed,
        "type": 1 + number % 4,
        "manager": manager.id,
        "estimatedStart": midnight(when // 1440),
        "estimatedEnd": midnight(when // 1440 + 40),
        "actualStart": midnight(when // 1440),
        "actualEnd": midnight(min(when // 1440 + 30, 95)) if closed else None,
        "billingMethod": "ActualRates",
        "billingRateType": "WorkRole",
        "budgetAnalysis": "ActualHours",
        "budgetFlag": False,
        "budgetHours": 60.0,
        "estimatedHours": 60.0,
        "actualHours": 14.0 if closed else 4.0,
        "scheduledHours": 60.0,
        "percentComplete": 1.0 if closed else 0.25,
        "billingAmount": 0.0,
        "billingTerms": 3,
        **BILLED,
        **dict.fromkeys(
            ("billProjectAfterClosedFlag", "billUnapprovedTimeAndExpense", "includeDependenciesFlag"), False
        ),
        **dict.fromkeys(("includeEstimatesFlag", "restrictDownPaymentFlag", "doNotDisplayInPortalFlag"), False),
        **{f"{way}Company": client.id for way in ("shipTo", "billTo")},
        **{f"{way}Contact": caller for way in ("shipTo", "billTo")},
        **{f"{way}Site": client.site for way in ("shipTo", "billTo")},
        "location": 1,
        "department": 1,
        "description": "Agreed in the quarterly review.",
        "currency": 1,
        "downpayment": 0.0,
        "taxCode": 1 + client.id % 2,
        "companyLocation": 1,
    }
    project_id = put(PROJECTS, record, entered=stamp(when), updated=stamp(min(when + 1440 * 20, NOW - 60)))
    own = {"projectId": project_id}
    member = {"hours": 40.0, "member": manager.id, "projectRole": 1, "workRole": 3, "startDate": midnight(when // 1440)}
    put(f"{inside}/teamMembers", {**member, **own}, parent=project_id)
    put(f"{inside}/contacts", {"contact": caller, **own}, parent=project_id)
    note = {"text": "Kick-off is done.", "type": 1, "flagged": False}
    put(f"{inside}/notes", {**note, **own}, parent=project_id, entered=stamp(when))
    rate = {"projectRecId": project_id, "hourlyRate": 160.0, "workRole": 1}
    put("/project/{parentId}/billingRates", rate, parent=project_id)
    return project_id


def phase(scene: Scene, project_id: int, name: str, place: int, *, closed: bool) -> int:
    """One phase of a project."""
    record: Record = {
        "projectId": project_id,
        "description": name,
        "board": BOARD,
        "status": 3 if closed else 2 if place == 1 else 1,
        "department": 1,
        "wbsCode": str(place),
        **BILLED,
        "markAsMilestoneFlag": False,
        "billSeparatelyFlag": False,
        "billingMethod": "ActualRates",
        "scheduledHours": 20.0,
        "budgetHours": 20.0,
        "actualHours": 0.0,
        "locationId": 1,
        "businessUnitId": 1,
        "billPhaseClosedFlag": False,
        "billProjectClosedFlag": False,
        "currency": 1,
    }
    return scene.ledger.put(PHASES, record, parent=project_id)


def ticket(scene: Scene, client: Client, given: Record, owner: Technician, day: int, *, closed: bool) -> int:
    """One project ticket with a note and a task."""
    caller, now = client.callers[0], NOW - 60
    entered, done = stamp(min(day * 1440 + 800, now)), stamp(min((day + 6) * 1440, now))
    record: Record = {
        **given,
        "isIssueFlag": False,
        "board": BOARD,
        "workRole": 1,
        "workType": 1,
        "company": client.id,
        "site": client.site,
        "siteName": "Main",
        "addressLine1": client.address.get("addressLine1"),
        "city": client.address.get("city"),
        "stateIdentifier": client.address.get("state"),
        "zip": client.address.get("zip"),
        "country": 1,
        "contact": caller.id,
        "contactName": caller.name[:62],
        "contactPhoneNumber": caller.phone,
        "contactEmailAddress": caller.email,
        "priority": 3,
        "serviceLocation": 1,
        "source": 1,
        "budgetHours": 8.0,
        **dict.fromkeys(("allowAllClientsPortalView", "customerUpdatedFlag", "automaticEmailContactFlag"), False),
        **dict.fromkeys(("automaticEmailResourceFlag", "automaticEmailCcFlag", "predecessorClosedFlag"), False),
        "lagNonworkingDaysFlag": False,
        "closedDate": done if closed else None,
        "closedBy": owner.identifier if closed else None,
        "closedFlag": closed,
        "actualHours": 2.0 if closed or given["wbsCode"][0] == "1" else 0.0,
        "approved": True,
        "subBillingMethod": "ActualRates",
        "resources": owner.identifier,
        **BILLED,
        "location": 1,
        "department": 1,
        "duration": 1,
        "currency": 1,
    }
    ticket_id = scene.ledger.put(TICKETS, record, entered=entered, updated=done if closed else entered)
    own, inside = {"ticketId": ticket_id}, f"{TICKETS}/{{parentId}}"
    note: Record = {"text": "See the plan.", "detailDescriptionFlag": True, "member": owner.id}
    flags = ("internalAnalysisFlag", "resolutionFlag", "issueFlag", "customerUpdatedFlag", "processNotifications")
    note |= {**dict.fromkeys(flags, False), "internalFlag": False, "externalFlag": True}
    scene.ledger.put(f"{inside}/notes", {**note, **own}, parent=ticket_id, entered=entered)
    task = {"notes": "Tell the contact when it is done.", "summary": "Tell the contact", "closedFlag": closed}
    scene.ledger.put(f"{inside}/tasks", {**task, **own, "priority": 1, "member": owner.id}, parent=ticket_id)
    return ticket_id
