"""Opportunities with contacts, notes, team and forecast; activities."""

from __future__ import annotations

from mockcw.demo.ledger import Record
from mockcw.demo.quarter import NOW, midnight, moment, stamp
from mockcw.demo.scene import Client, Scene
from mockcw.demo.trade import Product

OPPORTUNITIES = "/sales/opportunities"
ACTIVITIES = "/sales/activities"
SCHEDULE = "/schedule/entries"
TITLES = ("Hardware refresh", "Managed services", "Server replacement", "Security review", "Cloud migration")
CALLS = ("Follow-up call", "Quarterly review", "Send the quote", "Renewal talk", "Welcome call")
OPEN, WON, LOST = 1, 2, 3  # opportunity statuses


def opportunities(scene: Scene, found: dict[str, Product]) -> list[tuple[str, int, Client]]:
    """As many opportunities as the plan says; every fourth is won, every seventh lost."""
    made = []
    total = scene.plan.opportunities
    for number in range(total):
        client, when = scene.client(number * 7 + 3), moment(number, total)
        status = WON if number % 4 == 3 else LOST if number % 7 == 6 else OPEN
        opportunity_id = opportunity(scene, client, number, when, status)
        surroundings(scene, client, opportunity_id, number, when, status, found)
        made.append(("opportunity", opportunity_id, client))
    return made


def opportunity(scene: Scene, client: Client, number: int, when: int, status: int) -> int:
    """One opportunity."""
    rep, caller = scene.technician(number, 90).id, client.callers[0].id
    closed = status != OPEN
    record: Record = {
        "name": f"{TITLES[number % len(TITLES)]} - {client.name}"[:100],
        "expectedCloseDate": midnight(when // 1440 + 45),
        "type": 1 + number % 6,
        "stage": 5 if closed else 1 + number % 4,
        "status": status,
        "priority": {"id": 1 + number % 3, "name": ("High", "Medium", "Low")[number % 3]},
        "notes": "Asked for by the client.",
        "probability": 7 if status == WON else 1 if status == LOST else 2 + number % 4,
        "source": "Existing customer",
        "rating": 1 + number % 3,
        "primarySalesRep": rep,
        "locationId": 1,
        "businessUnitId": 3,
        "company": client.id,
        "contact": caller,
        "site": client.site,
        "pipelineChangeDate": stamp(when),
        "dateBecameLead": stamp(when),
        "closedDate": stamp(min(when + 20 * 1440, NOW - 60)) if closed else None,
        "closedBy": rep if closed else None,
        "totalSalesTax": 0.0,
        **{f"{way}Company": client.id for way in ("shipTo", "billTo")},
        **{f"{way}Contact": caller for way in ("shipTo", "billTo")},
        **{f"{way}Site": client.site for way in ("shipTo", "billTo")},
        "billingTerms": 3,
        "taxCode": 1 + client.id % 2,
        "currency": 1,
        "companyLocationId": 1,
    }
    return scene.ledger.put(OPPORTUNITIES, record, entered=stamp(when), updated=stamp(min(when + 2 * 1440, NOW - 60)))


def surroundings(
    scene: Scene, client: Client, opportunity_id: int, number: int, when: int, status: int, found: dict[str, Product]
) -> None:
    """The rows under an opportunity."""
    put, inside = scene.ledger.put, f"{OPPORTUNITIES}/{{parentId}}"
    own, caller = {"opportunityId": opportunity_id}, client.callers[0]
    row: Record = {"contact": caller.id, "company": client.id, "role": 1, "referralFlag": False, **own}
    row |= {"phoneNumber": caller.phone, "emailAddress": caller.email}
    put(f"{inside}/contacts", row, parent=opportunity_id, entered=stamp(when))
    note = {"type": 1, "text": "First talk went well.", "flagged": False, "enteredBy": "Admin", **own}
    guid = scene.variety.guid(number, 91)
    put(f"{inside}/notes", {**note, "mobileGuid": guid}, parent=opportunity_id, entered=stamp(when))
    rep = {"type": "Individual", "member": scene.technician(number, 90).id, "commissionPercent": 100}
    put(f"{inside}/team", {**rep, "referralFlag": False, "responsibleFlag": True, **own}, parent=opportunity_id)
    forecast(scene, opportunity_id, number, status, found)


def forecast(scene: Scene, opportunity_id: int, number: int, status: int, found: dict[str, Product]) -> None:
    """What the opportunity may bring: one line of goods and one of work."""
    goods, work = found["HW-SERVER" if number % 2 else "HW-LAPTOP"], found["SVC-PROJECT"]
    lines = [(goods, 1 + number % 5, "Product"), (work, 8 + number % 24, "Service")]
    items: list[Record] = []
    for place, (product, quantity, kind) in enumerate(lines, 1):
        items.append(
            {
                "id": opportunity_id * 2 - 2 + place,
                "forecastDescription": product.description,
                "opportunity": opportunity_id,
                "quantity": float(quantity),
                "status": status,
                "catalogItem": product.id,
                "productDescription": product.description,
                "productClass": product.kind,
                "revenue": quantity * product.price / 100,
                "cost": quantity * product.cost / 100,
                "margin": quantity * (product.price - product.cost) / 100,
                "percentage": 50,
                "includeFlag": True,
                "forecastType": kind,
                "linkFlag": False,
                "recurringRevenue": 0.0,
                "recurringCost": 0.0,
                "cycles": 0,
                "recurringFlag": False,
                "sequenceNumber": float(place),
                "subNumber": 0,
                "taxableFlag": product.taxable,
            }
        )
    record = {"forecastItems": items, "recurringTotal": 0.0, "expectedProbability": 50, "currency": 1}
    inside = f"{OPPORTUNITIES}/{{parentId}}/forecast"
    scene.ledger.put(inside, {**record, "salesTaxRevenue": 0.0, "billingTerms": 3}, parent=opportunity_id)


def activities(scene: Scene, owners: list[tuple[str, int, Client]]) -> None:
    """Calls, meetings and mails; every second one is done, every fourth belongs to an opportunity."""
    total = scene.plan.activities
    for number in range(total):
        client, when = scene.client(number * 3 + 1), moment(number, total)
        deal = None
        if number % 4 == 0 and owners:
            _, deal, client = owners[number // 4 % len(owners)]
        who, done = scene.technician(number, 92), number % 2 == 0
        caller = client.callers[0]
        record: Record = {
            "name": f"{CALLS[number % len(CALLS)]} - {client.name}"[:100],
            "type": 1 + number % 4,
            "company": client.id,
            "contact": caller.id,
            "phoneNumber": caller.phone,
            "email": caller.email,
            "status": 2 if done else 1,
            "opportunity": deal,
            "notes": "As agreed.",
            "dateStart": stamp(when),
            "dateEnd": stamp(when + 30),
            "assignedBy": 1,
            "assignTo": who.id,
            "scheduleStatus": 2,
            "reminder": 3,
            "where": 2,
            "notifyFlag": False,
            "mobileGuid": scene.variety.guid(number, 93),
            "currency": 1,
        }
        activity_id = scene.ledger.put(ACTIVITIES, record, entered=stamp(when))
        if number % 5 == 0:
            meeting(scene, record, activity_id, who.id, when, done=done)


def meeting(scene: Scene, activity: Record, activity_id: int, member: int, when: int, *, done: bool) -> None:
    """The schedule entry of an activity."""
    record: Record = {
        "objectId": activity_id,
        "name": activity["name"],
        "member": member,
        "where": 2,
        "dateStart": stamp(when),
        "dateEnd": stamp(when + 30),
        "reminder": 3,
        "status": 3 if done else 2,
        "type": 1,
        "span": {"id": 1, "identifier": "N"},
        "doneFlag": done,
        "acknowledgedFlag": True,
        "ownerFlag": True,
        "meetingFlag": True,
        "allowScheduleConflictsFlag": True,
        "addMemberToProjectFlag": False,
        "mobileGuid": scene.variety.guid(activity_id, 94),
        "hours": 0.5,
    }
    scene.ledger.put(SCHEDULE, record, entered=stamp(when))
