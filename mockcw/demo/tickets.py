"""Service tickets of a quarter with notes, tasks, time and schedule entries, in the order in which they came in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from mockcw.demo.ledger import Record
from mockcw.demo.mold import Mold, blank, gap
from mockcw.demo.quarter import NOW, moment, stamp
from mockcw.demo.scenarios import TICKETS, Scenario, scenarios
from mockcw.demo.scene import Caller, Client, Scene, Technician
from mockcw.demo.work import Job, Timekeeper, audits

NOTES = "/service/tickets/{parentId}/notes"
TASKS = "/service/tickets/{parentId}/tasks"
LOG = "/service/tickets/changelogs"
SCHEDULE = "/schedule/entries"
SERVICE = 2  # schedule type
FIRM, DONE = 2, 3  # schedule statuses
FEW = 60  # how many tickets have audits and rows in the log of changes
OPEN_SHARE = 5  # one of so many tickets of the last weeks is still open


@dataclass(slots=True)
class Case:
    """One ticket before it is written. Moments are minutes of the quarter, time is in quarters of an hour."""

    number: int
    about: Scenario
    client: Client
    caller: Caller
    owner: Technician
    entered: int
    updated: int
    status: tuple[int, str]
    closed: int | None
    time: tuple[int, ...]
    device: tuple[int, str] | None

    @classmethod
    def of(cls, scene: Scene, about: list[Scenario], number: int) -> Case:
        """What the ticket `number` of the plan is."""
        bits, more = scene.variety.bits(number, 70), scene.variety.bits(number, 71)
        what = about[bits % len(about)]
        client = scene.clients[(bits >> 8) % len(scene.clients)]
        entered = moment(number, scene.plan.tickets)
        age = NOW - entered
        recent = age < 3 * 1440 + more % (5 * 1440)
        closed = None
        if not recent and (more % OPEN_SHARE or age > 45 * 1440):
            closed = min(entered + 45 + (more >> 16) % (4 * 1440), NOW - 5)
        place = (more >> 32) % len(what.statuses)
        worked = closed is not None or place > 0
        time: tuple[int, ...] = ()
        if worked and bits >> 24 & 7 > 2:
            time = (1 + (bits >> 27 & 7),) if bits >> 30 & 7 else (1 + (bits >> 27 & 7), 1 + (bits >> 33 & 3))
        devices = client.devices if what.alert else ()
        return cls(
            number=number,
            about=what,
            client=client,
            caller=client.callers[(bits >> 36) % len(client.callers)],
            owner=scene.technicians[(bits >> 48) % len(scene.technicians)],
            entered=entered,
            updated=closed or min(entered + 60 * len(time) + (more >> 40) % 600, NOW - 5),
            status=what.closed if closed is not None else what.statuses[place],
            closed=closed,
            time=time,
            device=devices[(more >> 48) % len(devices)] if devices else None,
        )

    @property
    def summary(self) -> str:
        """The ticket's summary; an alert names its device."""
        return f"{self.about.summary} - {self.device[1]}"[:100] if self.device else self.about.summary


class Desk:
    """Writes tickets and what belongs to them; texts and molds that return are made once."""

    def __init__(self, scene: Scene, keeper: Timekeeper) -> None:
        self.scene = scene
        self.keeper = keeper
        self.about = scenarios(scene)
        self._ledger = scene.ledger
        self._molds: dict[tuple[str, ...], Mold] = {}
        self._texts: dict[tuple[str, int], Mapping[str, str]] = {}
        self._jobs: dict[tuple[int, int], Job] = {}
        self._visited: dict[tuple[bool, int], Mapping[str, str]] = {}

    def of(self, kind: str, number: int, fields: Callable[[], Record]) -> Mapping[str, str]:
        """The JSON texts of fields that many tickets share, kept under a kind and number."""
        known = self._texts.get((kind, number))
        if known is None:
            known = self._texts[kind, number] = self._ledger.texts(TICKETS, fields())
        return known

    def shared(self, case: Case) -> dict[str, Any]:
        """The fields that follow from the scenario, the status, the client, the caller and the owner."""
        caller, owner, about, status = case.caller, case.owner, case.about, case.status[0]
        return {
            **self.of(f"about {status}", about.number, lambda: {**about.fields, "status": status}),
            **self.of("caller", caller.id, lambda: {**client_fields(case.client), **caller_fields(caller)}),
            **self.of("owner", owner.id, lambda: {"owner": owner.id}),
        }

    def ticket(self, case: Case) -> int:
        """Write the ticket; its id comes back."""
        age, who, entered = case.updated - case.entered, case.owner.identifier, stamp(case.entered)
        values = self.shared(case)
        values["requiredDate"] = f'"{stamp(case.entered + 2880 * case.about.priority)}"'
        values["actualHours"] = sum(case.time) / 4
        values["isInSla"] = "true" if age < 2880 else "false"
        values["mobileGuid"] = f'"{self.scene.variety.guid(case.number, 75)}"'
        if case.device:
            values["summary"] = orjson.dumps(case.summary).decode()
            values["externalXRef"] = f'"{case.device[1]}:{case.number * 7919 % 100000:05d}"'
        if case.closed is not None:
            when, by = f'"{stamp(case.closed)}"', f'"{who}"'
            values |= {"closedDate": when, "closedBy": by, "dateResolved": when, "resolvedBy": by}
            values |= {"closedFlag": "true", "slaStatus": '"Resolved"', "resolveMinutes": age}
        else:
            values |= {"closedFlag": "false", "slaStatus": '"Waiting"', "resolveMinutes": 0}
        if case.time:
            values["dateResplan"] = f'"{stamp(case.entered + age // 2)}"'
            values["dateResponded"] = f'"{stamp(case.entered + age // 4)}"'
            values |= {"resPlanMinutes": age // 2, "respondMinutes": age // 4}
            values["resources"] = values["respondedBy"] = f'"{who}"'
        else:
            values |= {"resPlanMinutes": 0, "respondMinutes": 0}
        mold = self.mold(TICKETS, ALIKE, tuple(values))
        values |= {"entered": entered, "updated": stamp(case.updated), "by": "Monitoring" if case.about.alert else who}
        return mold.pour(values, {"summary": case.summary})

    def mold(self, collection: str, alike: Record, names: tuple[str, ...]) -> Mold:
        """The mold of records with these fields blank."""
        mold = self._molds.get(names)
        if mold is None:
            mold = self._molds[names] = Mold(self._ledger, collection, alike | {name: blank(name) for name in names})
        return mold

    @cached_property
    def _first_notes(self) -> tuple[Mold, Mold]:
        """The molds of descriptions: by the contact, and by monitoring."""
        by_contact = NOTE | {"contact": blank("contact"), "createdBy": blank("contactName")}
        return (
            Mold(self._ledger, NOTES, by_contact | {"detailDescriptionFlag": True, "resolutionFlag": False}),
            Mold(self._ledger, NOTES, NOTE | {"detailDescriptionFlag": True, "resolutionFlag": False}),
        )

    @cached_property
    def _last_note(self) -> Mold:
        """The mold of resolutions."""
        flags = {"detailDescriptionFlag": False, "resolutionFlag": True}
        return Mold(self._ledger, NOTES, NOTE | flags | {"member": blank("owner")})

    def notes(self, case: Case, ticket_id: int) -> None:
        """The description by the contact, and the resolution by the owner once the ticket is closed."""
        when = stamp(case.entered)
        first: dict[str, Any] = {"text": case.about.problem_text, "entered": when, "updated": when, "by": "Monitoring"}
        if not case.about.alert:
            first |= self.of("said", case.caller.id, lambda: caller_fields(case.caller))
        self._first_notes[case.about.alert].pour(first, parent=ticket_id)
        if case.closed is not None:
            when, owner = stamp(case.closed), case.owner
            last = {"text": case.about.resolution_text, "entered": when, "updated": when, "by": owner.identifier}
            who = self.of("owner", owner.id, lambda: {"owner": owner.id})
            self._last_note.pour({**last, **who}, parent=ticket_id)

    def times(self, case: Case, ticket_id: int) -> None:
        """The time spent, in the hours after the ticket came in."""
        about, start = case.about, case.entered + 20
        for place, quarters in enumerate(case.time):
            start = min(start, NOW - 15 * quarters - 5)
            job = self._jobs.get((about.number, case.status[0]))
            if job is None:
                job = self._jobs[about.number, case.status[0]] = about.job(self.scene, case.status[1])
            charge = {"chargeToId": ticket_id, "ticket": ticket_id}
            number = case.number * 4 + place
            entry = self.keeper.enter(case.owner, case.client, job, charge, start, quarters, number)
            if case.number < FEW:
                audits(self.scene, "/time/entries", entry, case.owner.id, "Time entry was created.", start // 1440)
            start += 15 * quarters + 30

    @cached_property
    def _visit(self) -> Mold:
        """The mold of schedule entries."""
        return Mold(self._ledger, SCHEDULE, VISIT)

    def visit(self, case: Case, ticket_id: int) -> None:
        """The owner's schedule entry for the ticket."""
        done, start = case.closed is not None, case.entered + 20
        status = self._visited.get((done, case.owner.id))
        if status is None:
            record = {"status": DONE if done else FIRM, "member": case.owner.id}
            status = self._visited[done, case.owner.id] = self._ledger.texts(SCHEDULE, record)
        values: dict[str, Any] = {
            **status,
            "ticket": ticket_id,
            "name": orjson.dumps(f"{case.client.name} / {case.summary}"[:250]).decode(),
            "start": stamp(start),
            "end": stamp(start + 15 * sum(case.time)),
            "done": "true" if done else "false",
            "hours": sum(case.time) / 4,
            "guid": self.scene.variety.guid(case.number, 76),
        }
        values |= {"entered": stamp(case.entered), "updated": stamp(case.updated), "by": case.owner.identifier}
        self._visit.pour(values)


def client_fields(client: Client) -> Record:
    """What a ticket says of its client."""
    agreed = {"agreement": client.agreement, "agreementType": client.agreement_type} if client.agreement else {}
    address = {name.replace("state", "stateIdentifier"): text for name, text in client.address.items()}
    return {"company": client.id, "site": client.site, **address, **agreed}


def caller_fields(caller: Caller) -> Record:
    """What a ticket says of its contact."""
    said = {"contactName": caller.name[:62], "contactPhoneNumber": caller.phone, "contactEmailAddress": caller.email}
    return {"contact": caller.id, **said}


ALIKE: Record = {  # what all demo tickets have alike
    "recordType": "ServiceTicket",
    "siteName": "Main",
    "country": 1,
    "serviceLocation": 2,
    "budgetHours": 0.0,
    **dict.fromkeys(("automaticEmailContactFlag", "automaticEmailResourceFlag", "automaticEmailCcFlag"), False),
    **dict.fromkeys(("allowAllClientsPortalView", "customerUpdatedFlag", "predecessorClosedFlag"), False),
    **dict.fromkeys(("estimatedExpenseCost", "estimatedExpenseRevenue", "estimatedProductCost"), 0.0),
    **dict.fromkeys(("estimatedProductRevenue", "estimatedTimeCost", "estimatedTimeRevenue"), 0.0),
    "approved": True,
    "billingMethod": "ActualRates",
    "billingAmount": 0.0,
    "subBillingMethod": "ActualRates",
    "hasChildTicket": False,
    "hasMergedChildTicketFlag": False,
    "billTime": "Billable",
    "billExpenses": "Billable",
    "billProducts": "Billable",
    "lagNonworkingDaysFlag": False,
    "duration": 0,
    "location": 1,
    "sla": 1,
    "requestForChangeFlag": False,
    "currency": 1,
    "escalationLevel": 0,
    **dict.fromkeys(("minutesBeforeWaiting", "minutesWaiting"), 0),
    **dict.fromkeys(("respondedSkippedMinutes", "resplanSkippedMinutes"), 0),
}
NOTE: Record = {
    "ticketId": blank("parent"),
    "text": blank("text"),
    **dict.fromkeys(("internalAnalysisFlag", "issueFlag", "customerUpdatedFlag", "processNotifications"), False),
    "dateCreated": gap("entered"),
    "createdBy": gap("by"),
    "internalFlag": False,
    "externalFlag": True,
}
VISIT: Record = {
    "objectId": blank("ticket"),
    "name": blank("name"),
    "member": blank("member"),
    "where": 2,
    "dateStart": gap("start"),
    "dateEnd": gap("end"),
    "reminder": 3,
    "status": blank("status"),
    "type": SERVICE,
    "span": {"id": 1, "identifier": "N"},
    "doneFlag": blank("done"),
    "acknowledgedFlag": True,
    "ownerFlag": True,
    "meetingFlag": False,
    "allowScheduleConflictsFlag": True,
    "addMemberToProjectFlag": False,
    "mobileGuid": gap("guid"),
    "acknowledgedDate": gap("start"),
    "hours": blank("hours"),
}


def tickets(scene: Scene, keeper: Timekeeper) -> list[tuple[str, int, Client]]:
    """All tickets of the plan; the first ones come back as owners of product lines."""
    desk, owners = Desk(scene, keeper), []
    for number in range(scene.plan.tickets):
        case = Case.of(scene, desk.about, number)
        ticket_id = desk.ticket(case)
        desk.notes(case, ticket_id)
        desk.times(case, ticket_id)
        if number % 3 == 0 and case.time:
            desk.visit(case, ticket_id)
        if number % 25 == 0:
            tasks(scene, case, ticket_id)
        if number < FEW:
            change_log(scene, case, ticket_id)
            owners.append(("ticket", ticket_id, case.client))
    return owners


def tasks(scene: Scene, case: Case, ticket_id: int) -> None:
    """A short list of steps."""
    for place, text in enumerate(("Call the contact", "Check the logs", "Write the documentation"), 1):
        done = case.closed is not None
        row = {"ticketId": ticket_id, "notes": text, "summary": text, "closedFlag": done, "priority": place}
        scene.ledger.put(TASKS, {**row, "code": place, "member": case.owner.id}, parent=ticket_id)


def change_log(scene: Scene, case: Case, ticket_id: int) -> None:
    """The row that the log of changes has for the ticket."""
    about = case.about
    record = {
        "partnerId": "training",
        "productInstanceId": "training",
        "action": "Added",
        "boardId": about.board,
        "boardName": about.board_name,
        "companyIdentifier": case.client.id,
        "companyName": case.client.name,
        "contactId": case.caller.id,
        "contactName": case.caller.name,
        "impact": about.fields["impact"],
        "ownerIdentifier": case.owner.id,
        "priorityId": about.priority,
        "priorityLevel": str(about.priority),
        "prioritySort": about.priority,
        "severity": about.fields["severity"],
        "slaName": "Standard",
        "status": case.status[1],
        "summary": case.summary,
        "ticketNumber": ticket_id,
        "recordType": "ServiceTicket",
        "ticketOwner": case.owner.identifier,
        "closedFlag": case.closed is not None,
        "customerUpdatedFlag": False,
        "processingStatus": "Processed",
    }
    scene.ledger.put(LOG, record, entered=stamp(case.entered))
