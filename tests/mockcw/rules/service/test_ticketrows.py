"""A ticket's rows of its board, its dates after a predecessor, the flags of its notes, what its delete takes along."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from mockcw import Emulator
from mockcw.clock import from_text
from mockcw.engine.writer import Author
from tests.mockcw.caller import items
from tests.mockcw.rules.desk import NOW, Desk

TICKETS = "/service/tickets"
PROJECT_TICKETS = "/project/tickets"
WORDS = {"type": "Type", "subType": "Sub Type", "item": "Item", "team": "Team"}
PATHS = {"type": "types", "subType": "subtypes", "item": "items", "team": "teams"}


def row(desk: Desk, board: int, name: str, **more: Any) -> int:
    """A row of a board."""
    leader = {"teamLeader": {"id": desk.member}} if name == "team" else {}
    return int(desk.make(f"/service/boards/{board}/{PATHS[name]}", name=f"Desk {name}", **leader, **more)["id"])


def lenient(**settings: str) -> Emulator:
    emulator = Emulator("empty", settings=settings)
    emulator.world.clock.set(from_text(NOW), frozen=True)
    return emulator


@pytest.mark.rule("ticket.rows")
@pytest.mark.parametrize("name", sorted(WORDS))
def test_a_row_of_another_board_is_refused(desk: Desk, name: str) -> None:
    foreign = row(desk, desk.other_board, name)
    body = {"summary": "x", "company": {"id": desk.company}, "board": {"id": desk.board}, name: {"id": foreign}}
    text = f"Service {WORDS[name]} {foreign} not found for Service Board {desk.board}"
    assert desk.refused(desk.admin.post(TICKETS, body), "NotFound", f"{name}/id") == text
    made = desk.ticket()
    answer = desk.admin.patch(f"{TICKETS}/{made['id']}", ("replace", name, {"id": foreign}))
    assert desk.refused(answer, "NotFound", f"{name}/id") == text
    assert desk.read(f"{TICKETS}/{made['id']}") == made


@pytest.mark.rule("ticket.rows")
def test_rows_follow_a_ticket_to_another_board_as_far_as_that_has_them(desk: Desk) -> None:
    there = {"type": {"id": row(desk, desk.board, "type")}, "item": {"id": row(desk, desk.board, "item")}}
    twin = row(desk, desk.other_board, "type")
    made = desk.ticket(**there)
    moved = desk.admin.patch(f"{TICKETS}/{made['id']}", ("replace", "board", {"id": desk.other_board})).json()
    assert (moved["type"]["id"], "item" in moved) == (twin, False)


@pytest.mark.rule("project-ticket.rows")
def test_a_row_of_another_board_is_refused_on_project_tickets_too(desk: Desk) -> None:
    foreign = row(desk, desk.board, "type")
    ticket = desk.project_ticket(desk.project()["id"])
    answer = desk.admin.patch(f"{PROJECT_TICKETS}/{ticket['id']}", ("replace", "type", {"id": foreign}))
    text = f"Service Type {foreign} not found for Service Board {desk.project_board}"
    assert desk.refused(answer, "NotFound", "type/id") == text


@pytest.mark.rule("ticket.subtype", "board-subtype.types")
def test_a_subtype_goes_with_the_types_it_is_associated_with(desk: Desk) -> None:
    first, other = row(desk, desk.board, "type"), desk.make(f"/service/boards/{desk.board}/types", name="Other")["id"]
    subtype = row(desk, desk.board, "subType", typeAssociationIds=[first])
    assert desk.ticket(type={"id": first}, subType={"id": subtype})["subType"]["id"] == subtype
    body = {"summary": "x", "company": {"id": desk.company}, "board": {"id": desk.board}, "type": {"id": other}}
    answer = desk.admin.post(TICKETS, {**body, "subType": {"id": subtype}})
    assert desk.refused(answer, "NotFound", "subType/id") == (
        f"Service Sub Type {subtype} not found for Service Type {other}"
    )
    path = f"/service/boards/{desk.board}/subtypes/{subtype}"
    every = desk.admin.patch(path, ("replace", "addAllTypesFlag", True)).json()
    assert every["typeAssociationIds"] == [first, other]
    assert desk.ticket(type={"id": other}, subType={"id": subtype})["subType"]["id"] == subtype
    none = desk.admin.patch(path, ("replace", "removeAllTypesFlag", True)).json()
    assert none["typeAssociationIds"] == []


@pytest.mark.rule("project-ticket.subtype")
def test_subtypes_of_project_tickets_go_with_their_types_too(desk: Desk) -> None:
    first = row(desk, desk.project_board, "type")
    other = desk.make(f"/service/boards/{desk.project_board}/types", name="Other")["id"]
    subtype = row(desk, desk.project_board, "subType", typeAssociationIds=[first])
    path = f"{PROJECT_TICKETS}/{desk.project_ticket(desk.project()['id'])['id']}"
    answer = desk.admin.patch(path, ("replace", "type", {"id": other}), ("replace", "subType", {"id": subtype}))
    desk.refused(answer, "NotFound", "subType/id")


@pytest.mark.rule("ticket.predecessor")
@pytest.mark.parametrize("name", ["estimatedStartDate", "requiredDate"])
def test_the_dates_of_a_ticket_with_a_predecessor_are_not_moved(desk: Desk, name: str) -> None:
    after = {"predecessorType": "Ticket", "predecessorId": desk.ticket()["id"]}
    made = desk.ticket(**after, **{name: "2026-03-10T00:00:00Z"})
    path, move = f"{TICKETS}/{made['id']}", ("replace", name, "2026-03-20T00:00:00Z")
    answer = desk.admin.patch(path, move)
    text = f"{name} cannot be changed while the ticket has a predecessor."
    assert items(answer) == [("InvalidField", text, name)]
    assert desk.read(path) == made
    assert desk.admin.patch(path, move, ("remove", "predecessorId", None)).json()[name] == "2026-03-20T00:00:00Z"


@pytest.mark.rule("project-ticket.predecessor")
def test_the_dates_of_a_project_ticket_with_a_predecessor_are_not_moved(desk: Desk) -> None:
    project = desk.project()["id"]
    first = desk.project_ticket(project)["id"]
    made = desk.project_ticket(project, predecessorType="Ticket", predecessorId=first)
    answer = desk.admin.patch(f"{PROJECT_TICKETS}/{made['id']}", ("replace", "requiredDate", "2026-03-20T00:00:00Z"))
    desk.refused(answer, "InvalidField", "requiredDate")


@pytest.mark.rule("ticket.note-flags")
def test_a_note_of_none_of_the_texts_is_refused(desk: Desk) -> None:
    path = f"{TICKETS}/{desk.ticket()['id']}/notes"
    answer = desk.admin.post(path, {"text": "called"})
    assert answer.json()["message"] == "serviceNote object is invalid"
    text = "Please choose where to display the notes in order to save this record."
    assert items(answer) == [("MissingRequiredField", text, "detailDescriptionFlag")]
    assert desk.read(path) == []
    note = desk.make(path, text="called", resolutionFlag=True)
    unset = desk.admin.patch(f"{path}/{note['id']}", ("replace", "resolutionFlag", False))
    assert items(unset) == [("MissingRequiredField", text, "detailDescriptionFlag")]


@pytest.mark.rule("project-ticket.note-flags")
def test_a_note_of_a_project_ticket_is_of_some_text_too(desk: Desk) -> None:
    path = f"{PROJECT_TICKETS}/{desk.project_ticket(desk.project()['id'])['id']}/notes"
    desk.refused(desk.admin.post(path, {"text": "called"}), "MissingRequiredField", "detailDescriptionFlag")


@pytest.mark.rule("ticket.charged")
def test_a_ticket_with_time_is_not_deleted(desk: Desk) -> None:
    ticket = desk.ticket()["id"]
    entry = desk.time(chargeToId=ticket, chargeToType="ServiceTicket")
    before = desk.records()
    answer = desk.admin.delete(f"{TICKETS}/{ticket}")
    assert (answer.status_code, answer.json()) == (
        409,
        {"code": "ObjectInUse", "message": f"Ticket {ticket} is in use."},
    )
    assert desk.records() == before
    assert desk.admin.delete(f"/time/entries/{entry['id']}").status_code == 204
    assert desk.admin.delete(f"{TICKETS}/{ticket}").status_code == 204


@pytest.mark.rule("ticket.charged", "project-ticket.charged", "project-ticket.schedule-goes")
def test_choices_that_the_settings_make_the_other_way() -> None:
    choices = ("row_of_other_board", "unassociated_subtype", "predecessor_dates")
    others = {"note_flags": "any", "charged_ticket_delete": "cascade", "project_schedule": "anybody"}
    with lenient(**dict.fromkeys(choices, "allow"), **others) as emulator:
        desk = Desk(emulator)
        foreign, own = row(desk, desk.other_board, "type"), row(desk, desk.board, "type")
        assert desk.ticket(type={"id": foreign})["type"]["id"] == foreign
        lone = row(desk, desk.board, "subType", typeAssociationIds=[foreign])
        assert desk.ticket(type={"id": own}, subType={"id": lone})["subType"]["id"] == lone
        made = desk.ticket(predecessorType="Ticket", predecessorId=desk.ticket()["id"])
        moved = desk.admin.patch(f"{TICKETS}/{made['id']}", ("replace", "requiredDate", "2026-03-20T00:00:00Z"))
        assert moved.status_code == 200
        assert desk.make(f"{TICKETS}/{made['id']}/notes", text="called")["resolutionFlag"] is False
        kept = desk.time()
        for path, kind in ((TICKETS, "ServiceTicket"), (PROJECT_TICKETS, "ProjectTicket")):
            ticket = made["id"] if kind == "ServiceTicket" else desk.project_ticket(desk.project()["id"])["id"]
            entry = desk.time(chargeToId=ticket, chargeToType=kind)
            where = {"objectId": ticket, "type": {"identifier": "S" if kind == "ServiceTicket" else "P"}}
            plan = desk.make("/schedule/entries", dateStart=NOW, hours=1, **where)
            assert desk.admin.delete(f"{path}/{ticket}").status_code == 204
            assert desk.admin.get(f"/time/entries/{entry['id']}").status_code == 404
            assert desk.admin.get(f"/schedule/entries/{plan['id']}").status_code == 404
            assert desk.read(f"/time/sheets/{kept['timeSheet']['id']}")["hours"] == 2


@pytest.mark.rule("ticket.schedule-goes")
def test_a_deleted_ticket_takes_its_notes_and_plans_along(desk: Desk) -> None:
    ticket = desk.ticket(initialDescription="It smokes")["id"]
    plan = desk.make("/schedule/entries", type={"identifier": "S"}, objectId=ticket, dateStart=NOW, hours=1)
    other = desk.make("/schedule/entries", type={"identifier": "C"}, objectId=ticket, dateStart=NOW, hours=1)
    assert desk.admin.delete(f"{TICKETS}/{ticket}").status_code == 204
    assert desk.admin.get(f"/schedule/entries/{plan['id']}").status_code == 404
    assert desk.admin.get(f"/schedule/entries/{other['id']}").status_code == 200
    assert desk.admin.get(f"{TICKETS}/{ticket}/notes").status_code == 404


@pytest.mark.rule("ticket.item", "board-item.subtypes")
def test_an_item_goes_with_the_types_and_subtypes_it_is_associated_with(desk: Desk) -> None:
    """The pairs are set up in screens only: here they are put into the store."""
    kind, other = row(desk, desk.board, "type"), desk.make(f"/service/boards/{desk.board}/types", name="Other")["id"]
    sub, item = row(desk, desk.board, "subType"), row(desk, desk.board, "item")
    engine = desk.emulator.world.tenants["training"].engine
    pair = {"type": {"id": kind}, "subType": {"id": sub}, "item": {"id": item}}
    pairs = "/service/boards/{parentId}/typeSubTypeItemAssociations"
    number = orjson.loads(engine.add(pairs, (desk.board,), pair, Author("Admin", None)))["id"]
    fits = {"type": {"id": kind}, "subType": {"id": sub}, "item": {"id": item}}
    ticket = desk.ticket(**fits)
    assert ticket["item"]["id"] == item
    text = f"Service Item {item} not found for Service Sub Type {sub}"
    answer = desk.admin.patch(f"{TICKETS}/{ticket['id']}", ("replace", "type", {"id": other}))
    assert desk.refused(answer, "NotFound", "item/id") == text
    body = {"summary": "x", "company": {"id": desk.company}, "board": {"id": desk.board}}
    answer = desk.admin.post(TICKETS, {**body, **fits, "type": {"id": other}})
    assert desk.refused(answer, "NotFound", "item/id") == text
    link = "/service/boards/{grandparentId}/items/{parentId}/associations"
    one = orjson.loads(engine.add(link, (desk.board, item), {"item": {"id": item}}, Author("Admin", None)))["id"]
    path = f"/service/boards/{desk.board}/items/{item}/associations/{one}"
    assert desk.admin.patch(path, ("replace", "addAllSubTypesFlag", True)).json()["subTypeAssociationIds"] == [number]
    assert desk.admin.patch(path, ("replace", "removeAllSubTypesFlag", True)).json()["subTypeAssociationIds"] == []


@pytest.mark.rule("project-ticket.item")
def test_an_item_goes_with_its_types_on_project_tickets_too(desk: Desk) -> None:
    kind, sub, item = (row(desk, desk.project_board, name) for name in ("type", "subType", "item"))
    engine = desk.emulator.world.tenants["training"].engine
    pair = {"type": {"id": kind}, "subType": {"id": sub}, "item": {"id": item}}
    pairs = "/service/boards/{parentId}/typeSubTypeItemAssociations"
    engine.add(pairs, (desk.project_board,), pair, Author("Admin", None))
    ticket = desk.project_ticket(desk.project()["id"], **pair)
    other = desk.make(f"/service/boards/{desk.project_board}/subtypes", name="Other")["id"]
    answer = desk.admin.patch(f"{PROJECT_TICKETS}/{ticket['id']}", ("replace", "subType", {"id": other}))
    assert desk.refused(answer, "NotFound", "item/id") == f"Service Item {item} not found for Service Sub Type {other}"


def test_rows_of_another_board_that_are_there_already_do_not_fail_a_write_of_the_whole_ticket(desk: Desk) -> None:
    made, foreign = desk.ticket(), row(desk, desk.other_board, "type")
    lone = row(desk, desk.other_board, "subType", typeAssociationIds=[foreign + 1000])
    engine = desk.emulator.world.tenants["training"].engine
    left = {"type": {"id": foreign}, "subType": {"id": lone}}
    engine.set(TICKETS, made["id"], left, Author("Admin", None))
    record = desk.read(f"{TICKETS}/{made['id']}")
    answer = desk.admin.put(f"{TICKETS}/{made['id']}", {**record, "summary": "again"})
    assert (answer.status_code, answer.json()["type"]["id"]) == (200, foreign)


@pytest.mark.rule("ticket.predecessor")
def test_a_put_does_not_take_away_the_dates_of_a_ticket_with_a_predecessor(desk: Desk) -> None:
    first = desk.ticket()["id"]
    dated = {"requiredDate": "2026-03-20T00:00:00Z", "predecessorType": "Ticket", "predecessorId": first}
    made = desk.ticket(**dated)
    body = {name: value for name, value in made.items() if name != "requiredDate"}
    text = "requiredDate cannot be changed while the ticket has a predecessor."
    answer = desk.admin.put(f"{TICKETS}/{made['id']}", body)
    assert desk.refused(answer, "InvalidField", "requiredDate") == text
    assert desk.read(f"{TICKETS}/{made['id']}") == made
