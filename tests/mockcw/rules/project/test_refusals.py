"""What the rules of project tickets refuse, each with its whole body."""

from __future__ import annotations

import httpx
import pytest

from tests.mockcw.rules.desk import Desk
from tests.mockcw.rules.refusals import Bench, Refusal, in_use, invalid, rows

TICKETS = "/project/tickets"


def ticket(bench: Bench, **more: object) -> str:
    """The path of a ticket of a new project."""
    project = bench.desk.project()["id"]
    number = bench.desk.project_ticket(project, **more)["id"]
    bench.note(ticket=number, project=project, board=bench.desk.project_board)
    return f"{TICKETS}/{number}"


def other_phase(bench: Bench) -> httpx.Response:
    one, phase = bench.desk.project()["id"], bench.desk.phase(bench.desk.project()["id"])
    bench.note(project=one, phase=phase)
    return bench.admin.post(TICKETS, {"summary": "x", "project": {"id": one}, "phase": {"id": phase}})


def foreign_status(bench: Bench) -> httpx.Response:
    status = bench.desk.status(bench.desk.board, "New")
    bench.note(status=status)
    return bench.set(ticket(bench), "status", {"id": status})


def foreign_type(bench: Bench) -> httpx.Response:
    kind = bench.made(f"/service/boards/{bench.desk.board}/types", name="Theirs")
    bench.note(kind=kind)
    return bench.set(ticket(bench), "type", {"id": kind})


def stray_subtype(bench: Bench) -> httpx.Response:
    board = f"/service/boards/{bench.desk.project_board}"
    first, other = (bench.made(f"{board}/types", name=name) for name in ("First", "Other"))
    subtype = bench.made(f"{board}/subtypes", name="Of the first", typeAssociationIds=[first])
    bench.note(subtype=subtype, kind=other)
    change = ("replace", "type", {"id": other}), ("replace", "subType", {"id": subtype})
    return bench.admin.patch(ticket(bench), *change)


def dated(bench: Bench) -> httpx.Response:
    first = bench.desk.project_ticket(bench.desk.project()["id"])["id"]
    return bench.set(
        ticket(bench, predecessorType="Ticket", predecessorId=first), "requiredDate", "2026-03-12T00:00:00Z"
    )


def charged(bench: Bench) -> httpx.Response:
    path = ticket(bench)
    bench.desk.time(chargeToId=bench.noted["ticket"], chargeToType="ProjectTicket")
    return bench.admin.delete(path)


def unpaired(bench: Bench, board: int, fields: dict[str, object]) -> dict[str, object]:
    """Fields of a ticket whose item goes with another subtype; the pair itself is set up in screens only."""
    from mockcw.engine.writer import Author

    place = f"/service/boards/{board}"
    kind, item = bench.made(f"{place}/types", name="Kind"), bench.made(f"{place}/items", name="Thing")
    sub, other = (bench.made(f"{place}/subtypes", name=f"Sub {at}") for at in range(2))
    engine = bench.desk.emulator.world.tenants["training"].engine
    pair = {"type": {"id": kind}, "subType": {"id": sub}, "item": {"id": item}}
    engine.add("/service/boards/{parentId}/typeSubTypeItemAssociations", (board,), pair, Author("Admin", None))
    bench.note(item=item, sub=other)
    return {"summary": "x", **fields, **pair, "subType": {"id": other}}


def planned(bench: Bench) -> httpx.Response:
    """The delete of a project ticket that something is planned for."""
    ticket = bench.desk.project_ticket(bench.desk.project()["id"])["id"]
    bench.note(planned=ticket)
    bench.made("/schedule/entries", type={"identifier": "P"}, objectId=ticket)
    return bench.admin.delete(f"/project/tickets/{ticket}")


def itemised(bench: Bench) -> httpx.Response:
    """A project ticket whose item goes with another subtype."""
    phase = {"phase": {"id": bench.desk.phase(bench.desk.project()["id"])}}
    return bench.admin.post("/project/tickets", unpaired(bench, bench.desk.project_board, phase))


ROWS = rows(
    Refusal(
        "project-ticket.item",
        itemised,
        invalid("projectTicket", ("NotFound", "Service Item {item} not found for Service Sub Type {sub}", "item/id")),
    ),
    Refusal(
        "project-ticket.schedule-goes",
        planned,
        in_use("Project Ticket {planned}"),
        409,
        settings={"scheduled_ticket_delete": "refuse", "project_schedule": "anybody"},
    ),
    Refusal(
        "project-ticket.place",
        other_phase,
        invalid("projectTicket", ("NotFound", "Project Phase {phase} not found for Project {project}", "phase/id")),
    ),
    Refusal(
        "project-ticket.place",
        foreign_status,
        invalid(
            "projectTicket", ("NotFound", "Service Status {status} not found for Service Board {board}", "status/id")
        ),
    ),
    Refusal(
        "project-ticket.rows",
        foreign_type,
        invalid("projectTicket", ("NotFound", "Service Type {kind} not found for Service Board {board}", "type/id")),
    ),
    Refusal(
        "project-ticket.subtype",
        stray_subtype,
        invalid(
            "projectTicket", ("NotFound", "Service Sub Type {subtype} not found for Service Type {kind}", "subType/id")
        ),
    ),
    Refusal(
        "project-ticket.predecessor",
        dated,
        invalid(
            "projectTicket",
            ("InvalidField", "requiredDate cannot be changed while the ticket has a predecessor.", "requiredDate"),
        ),
    ),
    Refusal(
        "project-ticket.note-flags",
        lambda b: b.admin.post(f"{ticket(b)}/notes", {"text": "x"}),
        invalid(
            "ticketNote",
            (
                "MissingRequiredField",
                "Please choose where to display the notes in order to save this record.",
                "detailDescriptionFlag",
            ),
        ),
    ),
    Refusal("project-ticket.charged", charged, in_use("Project Ticket {ticket}"), 409),
)


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal_has_just_this_body(row: Refusal, desk: Desk) -> None:
    row.check(desk)
