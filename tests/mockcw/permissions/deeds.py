"""Writes that need a right beside their row: for each such right one that needs it, and a like one that does not.

What needs which right is documented by the guides of several vendors; the rows marked C in the data are inferred.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from tests.mockcw.caller import Caller
from tests.mockcw.permissions.kinds import contact, desk_of, managed_project, owned_ticket, project_ticket, who
from tests.mockcw.permissions.stage import PROJECT_TICKETS, TICKETS, TIME, Stage

Send = Callable[[Caller], httpx.Response]
HOURS = {"timeStart": "2026-03-04T08:00:00Z", "timeEnd": "2026-03-04T09:00:00Z"}


@dataclass(frozen=True, slots=True)
class Deed:
    """`ready` prepares the records and gives the write that needs the right and the one that does not.

    `area` is the row both need, `row` and `action` the cell of the extra right.
    """

    right: str
    area: str
    row: str
    action: str
    ready: Callable[[Stage], tuple[Send, Send]]
    name: str = ""

    def __str__(self) -> str:
        return f"{self.right} {self.name}".strip()


def patch(path: str, *changes: tuple[str, object]) -> Send:
    """A PATCH."""
    return lambda caller: caller.patch(path, *(("replace", field, value) for field, value in changes))


def closing_by_patch(stage: Stage) -> tuple[Send, Send]:
    path = f"/service/tickets/{owned_ticket(stage, 'Mate')}"
    done, working = ({"id": stage.status(stage.board, name)} for name in ("Done", "Working"))
    return patch(path, ("status", done)), patch(path, ("status", working))


def closing_by_put(stage: Stage) -> tuple[Send, Send]:
    path = f"/service/tickets/{owned_ticket(stage, 'Mate')}"
    body = stage.read(path)
    done, working = ({**body, "status": {"id": stage.status(stage.board, name)}} for name in ("Done", "Working"))
    return lambda caller: caller.put(path, done), lambda caller: caller.put(path, working)


def closing_by_name(stage: Stage) -> tuple[Send, Send]:
    path = f"/service/tickets/{owned_ticket(stage, 'Mate')}"
    return patch(path, ("status/name", "Done")), patch(path, ("status/name", "Working"))


def created_closed(stage: Stage) -> tuple[Send, Send]:
    body = {"summary": "x", "company": desk_of(stage), "board": {"id": stage.board}}
    done, working = ({**body, "status": {"id": stage.status(stage.board, name)}} for name in ("Done", "Working"))
    path = "/service/tickets"
    return lambda caller: caller.post(path, done), lambda caller: caller.post(path, working)


def closing_project_ticket(stage: Stage) -> tuple[Send, Send]:
    path = f"/project/tickets/{project_ticket(stage, 'Mate')}"
    done = {"id": stage.status(stage.project_board, "Built")}
    return patch(path, ("status", done)), patch(path, ("summary", "y"))


def closing_project(stage: Stage) -> tuple[Send, Send]:
    path = f"/project/projects/{managed_project(stage, 'Mate')}"
    done = stage.make("/project/statuses", name="All done", closedFlag=True)["id"]
    held = stage.make("/project/statuses", name="On hold")["id"]
    return patch(path, ("status", {"id": done})), patch(path, ("status", {"id": held}))


def closed_opportunity(stage: Stage) -> tuple[Send, Send]:
    won = stage.make("/sales/opportunities/statuses", name="Signed", wonFlag=True, closedFlag=True)["id"]
    given = {"company": desk_of(stage), "contact": {"id": contact(stage)}, "primarySalesRep": who("Mate")}
    closed, still = (stage.make("/sales/opportunities", name=name, **given)["id"] for name in ("a", "b"))
    stage.fine(stage.admin.patch(f"/sales/opportunities/{closed}", ("replace", "status", {"id": won})))
    return patch(f"/sales/opportunities/{closed}", ("name", "x")), patch(f"/sales/opportunities/{still}", ("name", "x"))


def billable_time(stage: Stage) -> tuple[Send, Send]:
    body = {**HOURS, "chargeToId": stage.ticket()["id"], "chargeToType": "ServiceTicket", "member": who("Tech")}
    path = "/time/entries"
    return lambda caller: caller.post(path, {**body, "billableOption": "Billable"}), lambda caller: caller.post(
        path, body
    )


def unbillable_time(stage: Stage) -> tuple[Send, Send]:
    entry = stage.time(chargeToId=stage.ticket()["id"], chargeToType="ServiceTicket", member=who("Mate"))
    path = f"/time/entries/{entry['id']}"
    assert entry["billableOption"] == "Billable"
    return patch(path, ("billableOption", "DoNotBill")), patch(path, ("notes", "x"))


def rated_time(stage: Stage) -> tuple[Send, Send]:
    entry = stage.time(chargeToId=stage.ticket()["id"], chargeToType="ServiceTicket", member=who("Mate"))
    path = f"/time/entries/{entry['id']}"
    return patch(path, ("hourlyRate", 77)), patch(path, ("notes", "x"))


def item(stage: Stage) -> int:
    """A catalogue item, billable."""
    known = stage.read("/procurement/catalog", conditions='identifier="CABLE"')
    if known:
        return int(known[0]["id"])
    category = {"id": stage.make("/procurement/categories", name="Deeds")["id"]}
    sub = {"id": stage.make("/procurement/subcategories", name="Deeds", category=category)["id"]}
    kind = {"id": stage.read("/procurement/types")[0]["id"]}
    text = {"identifier": "CABLE", "description": "Cable", "customerDescription": "Cable"}
    places = {"category": category, "subcategory": sub, "type": kind, "productClass": "NonInventory"}
    return int(stage.make("/procurement/catalog", **text, **places)["id"])


def product(stage: Stage) -> dict[str, object]:
    """The body of a product on a ticket."""
    ticket = stage.ticket()["id"]
    return {"catalogItem": {"id": item(stage)}, "quantity": 1, "ticket": {"id": ticket}}


def unbillable_product(stage: Stage) -> tuple[Send, Send]:
    body = {**product(stage), "billableOption": "Billable"}
    path = "/procurement/products"
    return lambda caller: caller.post(path, {**body, "billableOption": "DoNotBill"}), lambda caller: caller.post(
        path, body
    )


def changed_product(stage: Stage) -> tuple[Send, Send]:
    made = stage.make("/procurement/products", billableOption="Billable", **product(stage))["id"]
    path = f"/procurement/products/{made}"
    return patch(path, ("billableOption", "DoNotBill")), patch(path, ("description", "x"))


def following(path: str, make: Callable[[Stage, str], int]) -> Callable[[Stage], tuple[Send, Send]]:
    """A ticket that comes after another."""

    def ready(stage: Stage) -> tuple[Send, Send]:
        first, second = make(stage, "Mate"), make(stage, "Mate")
        whole = f"{path}/{second}"
        return patch(whole, ("predecessorType", "Ticket"), ("predecessorId", first)), patch(whole, ("summary", "y"))

    return ready


CLOSING, PRODUCTS = "Service Desk > Close Service Tickets", "Procurement > Products"
DEEDS = (
    Deed("close-service-ticket", TICKETS, CLOSING, "edit", closing_by_patch, "by PATCH"),
    Deed("close-service-ticket", TICKETS, CLOSING, "edit", closing_by_put, "by PUT"),
    Deed("close-service-ticket", TICKETS, CLOSING, "edit", closing_by_name, "by the status's name"),
    Deed("create-closed-ticket", TICKETS, CLOSING, "add", created_closed),
    Deed("close-project-ticket", PROJECT_TICKETS, "Project > Close Project Tickets", "edit", closing_project_ticket),
    Deed("close-project", "Project > Project Headers", "Project > Close Projects", "edit", closing_project),
    Deed("closed-opportunity", "Sales > Opportunity", "Sales > Closed Opportunity", "edit", closed_opportunity),
    Deed("set-billable-time", TIME, "Finance > Billing View Time", "edit", billable_time),
    Deed("set-billable-time", TIME, "Finance > Billing View Time", "edit", rated_time, "a rate"),
    Deed("change-billable-time", TIME, "Time & Expense > Time Entry Billable Option", "edit", unbillable_time),
    Deed("set-billable-product", PRODUCTS, "Procurement > Product Billable Option", "add", unbillable_product),
    Deed("change-billable-product", PRODUCTS, "Procurement > Product Billable Option", "edit", changed_product),
    Deed(
        "depend-service-ticket",
        TICKETS,
        "Service Desk > Service Ticket - Dependencies",
        "edit",
        following("/service/tickets", owned_ticket),
    ),
    Deed(
        "depend-project-ticket",
        PROJECT_TICKETS,
        "Project > Project Ticket - Dependencies",
        "edit",
        following("/project/tickets", project_ticket),
    ),
)
