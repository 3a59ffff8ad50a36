"""What an opportunity or an order becomes: agreement, project, sales order, service ticket.

The surface documents the bodies; what goes over into which field is assumed. The record converted stays as it is, and
says what it became.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.errors import UnsupportedFormat
from mockcw.rules.meant import meant, nowhere
from mockcw.rules.papers import copy_documents
from mockcw.rules.shapes import midnight

OPPORTUNITIES = "/sales/opportunities"
NOTES = "/sales/opportunities/{parentId}/notes"
ORDERS = "/sales/orders"
ORDER_STATUSES = "/sales/orders/statuses"
PRODUCTS = "/procurement/products"
ADDITIONS = "/finance/agreements/{parentId}/additions"
KEPT = "~conversions"
SAME = ("company", "contact", "site")
PLACES = {  # what the new record refers to, and the number that body and opportunity give it by
    "location": ("locationId", "/system/locations"),
    "department": ("businessUnitId", "/system/departments"),
}
BILLED = ("billToCompany", "billToContact", "billToSite", "shipToCompany", "shipToContact", "shipToSite")


@dataclass(frozen=True, slots=True)
class Target:
    """What a record can become."""

    collection: str
    caption: str
    given: str  # the field of the body that names a record there is
    paper: str  # what documents call the kind
    start: Callable[[Act], Record]
    notes: Callable[[Act, Record, list[Record]], None]
    products: Callable[[Act, Record, list[Record]], None]


# -- a new record ------------------------------------------------------------------------------------------------------


def agreement(act: Act) -> Record:
    """An agreement of the body's type; it starts today and has no end unless the body says so."""
    body = act.body
    if not body.get("type"):
        raise act.missing("type")
    end = day(act, "endDate")
    return {
        "name": body.get("name") or act.here["name"],
        "type": body["type"],
        "startDate": day(act, "startDate") or act.today,
        "endDate": end,
        "noEndingDateFlag": bool(body.get("noEndingDateFlag", end is None)),
        "billingCycle": pointer(body.get("billCycleId")),
        "billOneTimeFlag": bool(body.get("billOneTimeFlag")),
        **{name: act.here.get(name) for name in (*SAME, *BILLED, "billingTerms", "taxCode", "currency", "customerPO")},
        **place(act),
    }


def project(act: Act) -> Record:
    """A project on the body's board; billed by actual rates."""
    body = act.body
    for name in ("board", "estimatedStart", "estimatedEnd"):
        if not body.get(name):
            raise act.missing(name)
    return {
        "name": body.get("name") or act.here["name"],
        "board": body["board"],
        "status": body.get("status"),
        "manager": body.get("manager"),
        "estimatedStart": day(act, "estimatedStart"),
        "estimatedEnd": day(act, "estimatedEnd"),
        "billingMethod": "ActualRates",
        **{name: act.here.get(name) for name in (*SAME, *BILLED, "billingTerms", "taxCode", "currency", "customerPO")},
        **place(act),
    }


def order(act: Act) -> Record:
    """An order of today in the default status, sold by the opportunity's representative."""
    statuses = act.look.find(ORDER_STATUSES, defaultFlag=True) or act.look.find(ORDER_STATUSES)
    if not statuses:
        raise act.missing("status")
    here = act.here
    return {
        "status": {"id": statuses[0]["id"]},
        "orderDate": act.today,
        "description": act.body.get("name") or here["name"],
        "salesRep": here.get("primarySalesRep"),
        "poNumber": here.get("customerPO"),
        **place(act),
        **{name: here.get(name) for name in (*SAME, *BILLED, "billingTerms", "taxCode", "currency")},
    }


def ticket(act: Act) -> Record:
    """A ticket with the opportunity's name as its summary."""
    summary = (act.body or {}).get("summary") or act.here["name"]
    return {"summary": summary[:100], **{name: act.here.get(name) for name in SAME}}


def place(act: Act) -> Record:
    """Location and department: the body's, or the opportunity's. Raises InvalidObject for one that is not there."""
    found: Record = {}
    for field, (name, collection) in PLACES.items():
        given, own = act.body.get(name), act.here.get(name)
        if given:
            found[field] = {"id": meant(act, collection, name, given, field.capitalize())["id"]}
        elif own and act.look.get(collection, own):
            found[field] = {"id": own}
    return found


def pointer(number: int | None) -> Record | None:
    """A reference by id, if there is one."""
    return {"id": number} if number else None


def day(act: Act, name: str) -> str | None:
    """A date of the body. Raises UnsupportedFormat."""
    text = act.body.get(name)
    if not text:
        return None
    try:
        return midnight(date.fromisoformat(text[:10]).isoformat())
    except ValueError:
        raise UnsupportedFormat(act.choices.unsupported_format_message.format(field=name)) from None


# -- what goes over ----------------------------------------------------------------------------------------------------


def into_text(collection: str, name: str) -> Callable[[Act, Record, list[Record]], None]:
    """Notes become lines of a text field."""

    def write(act: Act, made: Record, notes: list[Record]) -> None:
        lines = [made.get(name), *(one.get("text") for one in notes)]
        act.hands.set(collection, made["id"], {name: "\n".join(line for line in lines if line)})

    return write


def into_notes(collection: str, **flags: bool) -> Callable[[Act, Record, list[Record]], None]:
    """Notes become notes."""

    def write(act: Act, made: Record, notes: list[Record]) -> None:
        for one in notes:
            act.hands.create(collection, (made["id"],), {"text": one.get("text"), **flags})

    return write


def attached(name: str) -> Callable[[Act, Record, list[Record]], None]:
    """Products refer to the new record, too."""

    def write(act: Act, made: Record, products: list[Record]) -> None:
        for one in products:
            act.hands.set(PRODUCTS, one["id"], {name: {"id": made["id"]}})

    return write


def sold(act: Act, made: Record, products: list[Record]) -> None:
    """Products of an order are listed in it, too."""
    attached("salesOrder")(act, made, products)
    ids = [*(made.get("productIds") or []), *(one["id"] for one in products)]
    act.hands.set(ORDERS, made["id"], {"productIds": ids})


def added(act: Act, made: Record, products: list[Record]) -> None:
    """Products of an agreement are its additions."""
    for one in products:
        record = {
            "product": {"id": one["catalogItem"]["id"]},
            "quantity": one.get("quantity") or 1,
            "unitPrice": one.get("price"),
            "unitCost": one.get("cost"),
            "billCustomer": one.get("billableOption") or "Billable",
            "description": one.get("description"),
            "invoiceDescription": one.get("customerDescription"),
            "taxableFlag": bool(one.get("taxableFlag")),
            "opportunity": {"id": act.id},
        }
        act.hands.create(ADDITIONS, (made["id"],), {name: value for name, value in record.items() if value is not None})


TARGETS: Mapping[str, Target] = {
    "convertToAgreement": Target(
        "/finance/agreements",
        "Agreement",
        "agreementId",
        "Agreement",
        agreement,
        into_text("/finance/agreements", "internalNotes"),
        added,
    ),
    "convertToProject": Target(
        "/project/projects",
        "Project",
        "projectId",
        "Project",
        project,
        into_notes("/project/projects/{parentId}/notes"),
        attached("project"),
    ),
    "convertToSalesOrder": Target(
        ORDERS, "Sales Order", "salesOrderId", "SalesOrder", order, into_text(ORDERS, "notes"), sold
    ),
    "convertToServiceTicket": Target(
        "/service/tickets",
        "Service Ticket",
        "ticketId",
        "Ticket",
        ticket,
        into_notes("/service/tickets/{parentId}/notes", detailDescriptionFlag=True),
        attached("ticket"),
    ),
}


# -- the actions -------------------------------------------------------------------------------------------------------


def convert(act: Act, target: Target) -> Record:
    """Make a new record of an opportunity, or let it go into one there is."""
    chosen_notes = chosen(act, act.look.find(NOTES, parent=act.id), "Note")
    chosen_products = chosen(act, act.look.find(PRODUCTS, opportunity__id=act.id), "Product")
    present = act.body.get(target.given)
    if present:
        made = meant(act, target.collection, target.given, present, target.caption)
        act.hands.change(target.collection, made["id"], {"opportunity": {"id": act.id}})
    else:
        start = {name: value for name, value in target.start(act).items() if value is not None}
        made = act.hands.create(target.collection, (), {**start, "opportunity": {"id": act.id}})
    if chosen_notes:
        target.notes(act, made, chosen_notes)
    if chosen_products:
        target.products(act, made, chosen_products)
    only = None if act.body.get("includeAllDocumentsFlag") else act.body.get("includeDocumentIds") or []
    copy_documents(act, "Opportunity", act.id, target.paper, made["id"], only)
    remember(act, "Opportunity", target, made["id"])
    return act.look.get(target.collection, made["id"]) or made


def chosen(act: Act, records: list[Record], kind: str) -> list[Record]:
    """The notes or products that the body takes along. Raises InvalidObject for an id that is none of them."""
    if act.body.get(f"includeAll{kind}sFlag"):
        return records
    by_id = {one["id"]: one for one in records}
    wanted = act.body.get(f"include{kind}Ids") or []
    for one in wanted:
        if one not in by_id:
            raise nowhere(act, kind, one, f"include{kind}Ids")
    return [by_id[one] for one in dict.fromkeys(wanted)]


def order_to_ticket(act: Act) -> Record:
    """A ticket about an order: its products hang on the ticket, too."""
    target, here = TARGETS["convertToServiceTicket"], act.here
    summary = str(here.get("description") or f"Sales Order {act.id}")[:100]
    same = {name: here[name] for name in (*SAME, "opportunity") if here.get(name)}
    made = act.hands.create(target.collection, (), {"summary": summary, "poNumber": here.get("poNumber"), **same})
    target.products(act, made, act.look.find(PRODUCTS, salesOrder__id=act.id))
    remember(act, "SalesOrder", target, made["id"])
    return act.look.get(target.collection, made["id"]) or made


def remember(act: Act, parent: str, target: Target, made: int) -> None:
    """Note down what became of a record."""
    act.hands.keep(
        KEPT,
        {
            "parentType": parent,
            "parentId": act.id,
            "collection": target.collection,
            "caption": target.caption,
            "made": made,
            "dateEntered": act.now,
            "enteredBy": act.actor,
        },
    )


def conversions(parent: str) -> Callable[[Act], list[Record]]:
    """What a record of a kind became, oldest first; what is gone since is left out."""

    def listed(act: Act) -> list[Record]:
        return [
            {
                "parentType": parent,
                "convertedTo": {
                    "id": one["made"],
                    "name": one["caption"],
                    "_info": {"href": act.href(one["collection"], one["made"])},
                },
                "_info": {"dateEntered": one["dateEntered"], "enteredBy": one["enteredBy"]},
            }
            for one in act.look.find(KEPT, parentType=parent, parentId=act.id)
            if act.look.get(one["collection"], one["made"]) is not None
        ]

    return listed


def conversion(name: str, target: Target) -> Action:
    """The action that converts an opportunity."""

    def answer(act: Act) -> Any:
        return convert(act, target)

    operation = f"postSalesOpportunitiesById{name[0].upper()}{name[1:]}"
    says = f"Makes a new record ({target.caption}), or goes into the one that {target.given} names."
    return Action(operation, answer, "assumed", says, status=201)


ACTIONS = (
    *(conversion(name, target) for name, target in TARGETS.items()),
    Action(
        "postSalesOrdersByIdConvertToServiceTicket",
        order_to_ticket,
        "assumed",
        "A new ticket of the order's company; the order's products hang on it, too.",
        status=201,
    ),
    Action("getSalesOpportunitiesConversionsById", conversions("Opportunity"), "assumed", "What it became."),
    Action("getSalesOrdersConversionsById", conversions("SalesOrder"), "assumed", "What it became."),
)
