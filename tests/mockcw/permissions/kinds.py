"""Kinds of records that can be somebody's: how to make one that is a member's, and what to change of it.

Owned or assigned is documented for tickets, and the member of a time entry captured; the rest is what the emulator
assumes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.mockcw.permissions.stage import COMPANIES, CONFIGURATIONS, PROJECT_TICKETS, TICKETS, TIME, Stage

Make = Callable[[Stage, str], int]


@dataclass(frozen=True, slots=True)
class Kind:
    """`make` creates a record that is the named member's; `change` is a field and a value for a PATCH."""

    name: str
    path: str
    resource: str
    area: str
    make: Make
    change: tuple[str, Any]
    info: bool = False
    search: bool = False

    def __str__(self) -> str:
        return self.name


def who(identifier: str) -> dict[str, str]:
    """A reference to a member."""
    return {"identifier": identifier}


def owned_ticket(stage: Stage, name: str) -> int:
    """A ticket with an owner."""
    return int(stage.ticket(owner=who(name))["id"])


def assigned_ticket(stage: Stage, name: str) -> int:
    """A ticket somebody else owns, with the member among its resources."""
    ticket = int(stage.ticket(owner=who("Admin"))["id"])
    stage.store_fields("/service/tickets", ticket, resources=f"Admin, {name}")
    return ticket


def entered_ticket(stage: Stage, name: str) -> int:
    """A ticket that the member entered for somebody else."""
    made = stage.ticket(owner=who("Admin"))
    stage.store_fields("/service/tickets", made["id"], _info={**made["_info"], "enteredBy": name})
    return int(made["id"])


def project_ticket(stage: Stage, name: str) -> int:
    """A ticket of a project."""
    found = stage.read("/project/projects", pageSize=1)
    project = found[0]["id"] if found else stage.project()["id"]
    return int(stage.project_ticket(project, owner=who(name))["id"])


def time_entry(stage: Stage, name: str) -> int:
    """Time of a member."""
    ticket = stage.ticket()["id"]
    return int(stage.time(member=who(name), chargeToId=ticket, chargeToType="ServiceTicket")["id"])


def time_sheet(stage: Stage, name: str) -> int:
    """A sheet that an entry opened, of the week after the last one's."""
    weeks = stage.read("/time/sheets/count")["count"]
    day = date(2026, 3, 4) + timedelta(weeks=weeks)
    ticket = stage.ticket()["id"]
    hours = {"timeStart": f"{day}T08:00:00Z", "timeEnd": f"{day}T09:00:00Z"}
    made = stage.time(member=who(name), chargeToId=ticket, chargeToType="ServiceTicket", **hours)
    return int(made["timeSheet"]["id"])


def activity(stage: Stage, name: str) -> int:
    """An activity of a member."""
    return int(stage.make("/sales/activities", name="Call", assignTo=who(name))["id"])


def contact(stage: Stage) -> int:
    """The desk's contact."""
    found = stage.read("/company/contacts", conditions='firstName="Ada"')
    return int((found[0] if found else stage.make("/company/contacts", firstName="Ada", company=desk_of(stage)))["id"])


def desk_of(stage: Stage) -> dict[str, int]:
    """The desk's company."""
    return {"id": stage.company}


def opportunity(field: str) -> Make:
    """An opportunity of a sales person."""

    def make(stage: Stage, name: str) -> int:
        people = {"primarySalesRep": who("Admin"), field: who(name)}
        given = {"name": "Deal", "company": desk_of(stage), "contact": {"id": contact(stage)}}
        return int(stage.make("/sales/opportunities", **given, **people)["id"])

    return make


def order(stage: Stage, name: str) -> int:
    """A sales order."""
    status = stage.read("/sales/orders/statuses")[0]["id"]
    return int(stage.make("/sales/orders", company=desk_of(stage), status={"id": status}, salesRep=who(name))["id"])


def schedule(stage: Stage, name: str) -> int:
    """An hour for a ticket in the calendar of a member."""
    ticket = stage.ticket()["id"]
    kind = {"identifier": "S"}
    return int(stage.make("/schedule/entries", objectId=ticket, type=kind, member=who(name))["id"])


def managed_project(stage: Stage, name: str) -> int:
    """A project with a manager."""
    return int(stage.project(manager=who(name))["id"])


def teamed_project(stage: Stage, name: str) -> int:
    """A project with the member in its team."""
    made = int(stage.project(manager=who("Admin"))["id"])
    role = stage.read("/project/securityRoles")[0]["id"]
    stage.make(f"/project/projects/{made}/teamMembers", member=who(name), projectRole={"id": role})
    return made


def company(stage: Stage, name: str) -> int:
    """A company with the member in its team."""
    number = stage.read("/company/companies/count")["count"] + 1
    made = stage.make("/company/companies", identifier=f"C{number}", name=f"C{number}", site={"name": "Main"})
    role = stage.read("/company/teamRoles")[0]["id"]
    stage.make(f"/company/companies/{made['id']}/teams", member=who(name), teamRole={"id": role})
    return int(made["id"])


def configuration(stage: Stage, name: str) -> int:
    """A configuration that the member entered."""
    kind = stage.read("/company/configurations/types")[0]["id"]
    made = stage.make("/company/configurations", name="PC", type={"id": kind}, company=desk_of(stage))
    stage.store_fields("/company/configurations", made["id"], _info={**made["_info"], "enteredBy": name})
    return int(made["id"])


KINDS = (
    Kind("owned ticket", "/service/tickets", "ticket", TICKETS, owned_ticket, ("summary", "x"), True, True),
    Kind("assigned ticket", "/service/tickets", "ticket", TICKETS, assigned_ticket, ("summary", "x"), True, True),
    Kind("entered ticket", "/service/tickets", "ticket", TICKETS, entered_ticket, ("summary", "x"), True, True),
    Kind(
        "project ticket",
        "/project/tickets",
        "projectTicket",
        PROJECT_TICKETS,
        project_ticket,
        ("summary", "x"),
        search=True,
    ),
    Kind("time entry", "/time/entries", "timeEntry", TIME, time_entry, ("notes", "x")),
    Kind("activity", "/sales/activities", "activity", "Companies > CRM/Sales Activities", activity, ("name", "x")),
    Kind(
        "primary opportunity",
        "/sales/opportunities",
        "opportunity",
        "Sales > Opportunity",
        opportunity("primarySalesRep"),
        ("name", "x"),
    ),
    Kind(
        "secondary opportunity",
        "/sales/opportunities",
        "opportunity",
        "Sales > Opportunity",
        opportunity("secondarySalesRep"),
        ("name", "x"),
    ),
    Kind("order", "/sales/orders", "order", "Sales > Sales Orders", order, ("poNumber", "x")),
    Kind(
        "schedule entry",
        "/schedule/entries",
        "schedule",
        "Service Desk > Resource Scheduling",
        schedule,
        ("name", "x"),
    ),
    Kind(
        "managed project",
        "/project/projects",
        "project",
        "Project > Project Headers",
        managed_project,
        ("description", "x"),
    ),
    Kind(
        "project with a team",
        "/project/projects",
        "project",
        "Project > Project Headers",
        teamed_project,
        ("description", "x"),
    ),
    Kind("configuration", "/company/configurations", "configuration", CONFIGURATIONS, configuration, ("name", "x")),
)

OF_SOME = (
    Kind("company", "/company/companies", "company", COMPANIES, company, ("name", "x"), info=True),
    Kind("time sheet", "/time/sheets", "timeSheet", TIME, time_sheet, ("internalNotes", "x")),
)
"""Kinds of which there are others' records on the stage already, or which cannot be changed one by one."""
