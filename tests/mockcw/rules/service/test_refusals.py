"""What the rules of service tickets refuse, each with its whole body."""

from __future__ import annotations

import httpx
import pytest

from tests.mockcw.rules.desk import Desk
from tests.mockcw.rules.refusals import Bench, Refusal, in_use, invalid, rows

TICKETS = "/service/tickets"


def ticket(bench: Bench, **more: object) -> str:
    """The path of a ticket."""
    number = bench.desk.ticket(**more)["id"]
    bench.note(ticket=number, board=bench.desk.board)
    return f"{TICKETS}/{number}"


def foreign_status(bench: Bench) -> httpx.Response:
    status = bench.desk.status(bench.desk.other_board, "Fresh")
    bench.note(status=status)
    return bench.set(ticket(bench), "status", {"id": status})


def foreign_type(bench: Bench) -> httpx.Response:
    kind = bench.made(f"/service/boards/{bench.desk.other_board}/types", name="Theirs")
    bench.note(kind=kind)
    return bench.set(ticket(bench), "type", {"id": kind})


def stray_subtype(bench: Bench) -> httpx.Response:
    board = f"/service/boards/{bench.desk.board}"
    first, other = (bench.made(f"{board}/types", name=name) for name in ("First", "Other"))
    subtype = bench.made(f"{board}/subtypes", name="Of the first", typeAssociationIds=[first])
    bench.note(subtype=subtype, kind=other)
    change = ("replace", "type", {"id": other}), ("replace", "subType", {"id": subtype})
    return bench.admin.patch(ticket(bench), *change)


def dated(bench: Bench) -> httpx.Response:
    after = {"predecessorType": "Ticket", "predecessorId": bench.desk.ticket()["id"]}
    return bench.set(ticket(bench, **after), "requiredDate", "2026-03-12T00:00:00Z")


def disallowed(bench: Bench) -> httpx.Response:
    status = bench.made("/company/companies/statuses", name="Owing", disallowSavingFlag=True)
    bench.set(f"/company/companies/{bench.desk.company}", "status", {"id": status}).raise_for_status()
    return bench.admin.post(
        TICKETS, {"summary": "x", "company": {"id": bench.desk.company}, "board": {"id": bench.desk.board}}
    )


def merged(bench: Bench) -> str:
    """The path of a ticket that was merged into another one."""
    path = ticket(bench)
    other = bench.desk.ticket()["id"]
    bench.note(other=other)
    body = {"mergeTicketIds": [bench.noted["ticket"]], "status": {"name": "Done"}}
    bench.admin.post(f"{TICKETS}/{other}/merge", body).raise_for_status()
    return path


def charged(bench: Bench) -> httpx.Response:
    path = ticket(bench)
    bench.desk.time(chargeToId=bench.noted["ticket"], chargeToType="ServiceTicket")
    return bench.admin.delete(path)


def into_itself(bench: Bench, deed: str, body: dict[str, object], name: str) -> httpx.Response:
    path = ticket(bench)
    return bench.admin.post(f"{path}/{deed}", {**body, name: [bench.noted["ticket"]]})


def convert(bench: Bench, path: str, kind: str) -> httpx.Response:
    phase = bench.desk.phase(bench.desk.project()["id"])
    return bench.admin.post(f"{path}/convert", {"recordType": kind, "phase": {"id": phase}, "wbsCode": "1.1"})


KIN = "Ticket {ticket} cannot be attached to ticket {ticket}."


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
    """The delete of a ticket that something is planned for."""
    path = ticket(bench)
    number = int(path.rsplit("/", 1)[1])
    bench.note(planned=number)
    bench.made("/schedule/entries", type={"identifier": "S"}, objectId=number)
    return bench.admin.delete(path)


def bundled(bench: Bench) -> httpx.Response:
    """The delete of a ticket with one bundled under it."""
    path = ticket(bench)
    bench.note(parent=path.rsplit("/", 1)[1])
    bench.desk.do(f"{path}/attachChildren", {"childTicketIds": [bench.desk.ticket()["id"]]})
    return bench.admin.delete(path)


ROWS = rows(
    Refusal(
        "board.email-connector",
        lambda b: b.set(f"/service/boards/{b.desk.board}", "emailConnectorReopenDaysLimit", 5),
        invalid(
            "board",
            (
                "InvalidField",
                "emailConnectorReopenDaysLimit can only be set when emailConnectorAllowReopenClosedFlag and "
                "emailConnectorNeverReopenByDaysFlag are true.",
                "emailConnectorReopenDaysLimit",
            ),
        ),
    ),
    Refusal(
        "ticket.item",
        lambda b: b.admin.post(
            "/service/tickets",
            unpaired(b, b.desk.board, {"company": {"id": b.desk.company}, "board": {"id": b.desk.board}}),
        ),
        invalid("ticket", ("NotFound", "Service Item {item} not found for Service Sub Type {sub}", "item/id")),
    ),
    Refusal(
        "ticket.schedule-goes",
        planned,
        in_use("Ticket {planned}"),
        409,
        settings={"scheduled_ticket_delete": "refuse"},
    ),
    Refusal("ticket.unbundled", bundled, in_use("Ticket {parent}"), 409, settings={"bundled_ticket_delete": "refuse"}),
    Refusal(
        "ticket.place",
        foreign_status,
        invalid("ticket", ("NotFound", "Service Status {status} not found for Service Board {board}", "status/id")),
    ),
    Refusal(
        "ticket.rows",
        foreign_type,
        invalid("ticket", ("NotFound", "Service Type {kind} not found for Service Board {board}", "type/id")),
    ),
    Refusal(
        "ticket.subtype",
        stray_subtype,
        invalid("ticket", ("NotFound", "Service Sub Type {subtype} not found for Service Type {kind}", "subType/id")),
    ),
    Refusal(
        "ticket.predecessor",
        dated,
        invalid(
            "ticket",
            ("InvalidField", "requiredDate cannot be changed while the ticket has a predecessor.", "requiredDate"),
        ),
    ),
    Refusal(
        "ticket.note-flags",
        lambda b: b.admin.post(f"{ticket(b)}/notes", {"text": "x"}),
        invalid(
            "serviceNote",
            (
                "MissingRequiredField",
                "Please choose where to display the notes in order to save this record.",
                "detailDescriptionFlag",
            ),
        ),
    ),
    Refusal(
        "ticket.saving",
        disallowed,
        invalid("ticket", ("InvalidObject", "Tickets of companies with the status Owing cannot be saved.", "company")),
        settings={"disallow_saving": "refuse"},
    ),
    Refusal(
        "ticket.merged-stays",
        lambda b: b.set(merged(b), "summary", "x"),
        invalid(
            "ticket",
            (
                "InvalidObject",
                "Ticket {ticket} was merged into ticket {other} and cannot be changed.",
                "mergedParentTicket",
            ),
        ),
    ),
    Refusal("ticket.charged", charged, in_use("Ticket {ticket}"), 409),
    Refusal(
        "ticket.bundle",
        lambda b: into_itself(b, "attachChildren", {}, "childTicketIds"),
        invalid("ticketBundle", ("InvalidField", KIN, "childTicketIds")),
    ),
    Refusal(
        "ticket.merge",
        lambda b: into_itself(b, "merge", {"status": {"name": "Done"}}, "mergeTicketIds"),
        invalid("ticketMerge", ("InvalidField", KIN, "mergeTicketIds")),
    ),
    Refusal(
        "ticket.convert",
        lambda b: convert(b, ticket(b), "ServiceTicket"),
        invalid("convertToProject", ("InvalidField", "Ticket {ticket} is a ServiceTicket already.", "recordType")),
    ),
    Refusal(
        "ticket.convert",
        lambda b: convert(b, merged(b), "ProjectTicket"),
        invalid(
            "convertToProject",
            (
                "InvalidObject",
                "Ticket {ticket} was merged into ticket {other} and cannot be changed.",
                "mergedParentTicket",
            ),
        ),
    ),
    Refusal(
        "configuration.attached",
        lambda b: b.admin.post(f"{ticket(b)}/configurations", {}),
        invalid("configuration", ("MissingRequiredField", "id or deviceIdentifier is required.", "id")),
    ),
    Refusal(
        "configuration.attached",
        lambda b: b.admin.post(f"{ticket(b)}/configurations", {"id": 99999}),
        invalid("configuration", ("NotFound", "Configuration 99999 not found", "id")),
    ),
)


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal_has_just_this_body(row: Refusal, desk: Desk) -> None:
    row.check(desk)
