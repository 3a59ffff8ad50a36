"""The lists of a ticket that hold nothing of their own: one row, its fields, the count, a condition."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.rules.desk import Desk

TICKETS = "/service/tickets"


def product(desk: Desk, ticket: int) -> dict[str, Any]:
    category = desk.make("/procurement/categories", name="Desk category")["id"]
    sub = desk.make("/procurement/subcategories", name="Desk sub", category={"id": category})["id"]
    kind = desk.make("/procurement/types", name="Desk type")["id"]
    item = {"identifier": "CABLE", "description": "Cable", "customerDescription": "Cable"}
    item |= {"subcategory": {"id": sub}, "type": {"id": kind}, "category": {"id": category}}
    unit = desk.make("/procurement/unitOfMeasures", name="Desk unit")["id"]
    catalog = desk.make("/procurement/catalog", **item, unitOfMeasure={"id": unit})["id"]
    where = {"ticket": {"id": ticket}, "catalogItem": {"id": catalog}}
    return desk.make("/procurement/products", **where, billableOption="Billable", description="Cable", quantity=1)


def activity(desk: Desk, ticket: int) -> dict[str, Any]:
    return desk.make("/sales/activities", name="Call", assignTo={"id": desk.member}, ticket={"id": ticket})


def schedule(desk: Desk, ticket: int) -> dict[str, Any]:
    kind = desk.make("/schedule/types", name="Desk service", identifier="S")["id"]
    return desk.make("/schedule/entries", type={"id": kind}, objectId=ticket)


def time(desk: Desk, ticket: int) -> dict[str, Any]:
    return desk.time(chargeToId=ticket, chargeToType="ServiceTicket")


@pytest.mark.parametrize(
    ("name", "make", "shown", "text"),
    [
        ("activities", activity, "name", "Call"),
        ("products", product, "description", "Cable"),
        ("scheduleentries", schedule, "description", "Printer"),
        ("timeentries", time, None, None),
    ],
)
def test_a_list_shows_what_names_the_ticket(desk: Desk, name: str, make: Any, shown: str | None, text: str) -> None:
    ticket, other = desk.ticket()["id"], desk.ticket()["id"]
    made = make(desk, ticket)
    path = f"{TICKETS}/{ticket}/{name}"
    [row] = desk.read(path)
    assert row["id"] == made["id"]
    assert row["_info"]["lastUpdated"]
    assert set(row) == {"id", "_info", *([shown] if shown else [])}
    if shown:
        assert row[shown] == text
        assert desk.read(path, conditions=f"{shown}='{text}'") == [row]
        assert desk.read(path, conditions=f"{shown}='nothing'") == []
    assert desk.read(path, conditions=f"id={made['id']}", pageSize=1) == [row]
    assert desk.read(f"{path}/count") == {"count": 1}
    assert desk.read(f"{TICKETS}/{other}/{name}/count") == {"count": 0}
    assert desk.admin.get(f"{TICKETS}/999/{name}").status_code == 404


def test_documents_are_those_uploaded_for_the_ticket(desk: Desk) -> None:
    ticket, other = desk.ticket()["id"], desk.ticket()["id"]
    form = {"recordType": "Ticket", "recordId": str(ticket), "title": "Log"}
    made = desk.admin.http.post("/system/documents", data=form, files={"file": ("log.txt", b"boom", "text/plain")})
    assert made.is_success, made.text
    [row] = desk.read(f"{TICKETS}/{ticket}/documents")
    assert (row["id"], row["name"]) == (made.json()["id"], "Log")
    assert desk.read(f"{TICKETS}/{ticket}/documents/count", conditions="name='Log'") == {"count": 1}
    assert desk.read(f"{TICKETS}/{other}/documents") == []


def test_all_notes_are_notes_and_noted_time(desk: Desk) -> None:
    ticket = desk.ticket(initialDescription="It smokes")["id"]
    desk.time(chargeToId=ticket, chargeToType="ServiceTicket", notes="Changed toner", addToResolutionFlag=True)
    desk.time(chargeToId=ticket, chargeToType="ServiceTicket")
    path = f"{TICKETS}/{ticket}/allNotes"
    note, time = desk.read(path)
    assert (note["noteType"], note["text"], note["detailDescriptionFlag"]) == ("TicketNote", "It smokes", True)
    assert (note["originalAuthor"], note["ticket"]["summary"]) == ("Admin Integration", "Printer")
    assert (time["noteType"], time["text"], time["resolutionFlag"]) == ("TimeEntryNote", "Changed toner", True)
    assert (time["timeStart"], time["detailDescriptionFlag"]) == ("2026-03-04T08:00:00Z", False)
    assert desk.read(path, conditions="noteType='TimeEntryNote'") == [time]
    assert desk.read(path, conditions="resolutionFlag=true", fields="text") == [{"text": "Changed toner"}]


def test_the_service_level_says_what_is_due_next(desk: Desk) -> None:
    level = desk.make("/service/SLAs", name="Gold", basedOn="AllHours", respondHours=2, planWithin=4, resolutionHours=8)
    ticket = desk.ticket(sla={"id": level["id"]})["id"]
    closed = desk.ticket(sla={"id": level["id"]}, status={"name": "Done"})["id"]
    rows = desk.read(f"{TICKETS}/calculateSla", conditions=f"sla/name='Gold' and id in ({ticket},{closed})")
    assert [row["id"] for row in rows] == [ticket]
    assert rows[0]["slaStatus"] == "Respond by Wed 03/04 12:00 PM UTC+00"
    assert rows[0]["escalationStartDateUTC"] == "2026-03-04T10:00:00Z"
