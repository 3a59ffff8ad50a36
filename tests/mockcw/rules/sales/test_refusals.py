"""What the conversions of an opportunity refuse, each with its whole body."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.mockcw.rules.desk import Desk
from tests.mockcw.rules.refusals import Bench, Refusal, invalid, rows, said


def opportunity(bench: Bench) -> str:
    """The path of an opportunity."""
    company = {"id": bench.desk.company}
    contact = bench.made("/company/contacts", firstName="Ann", company=company)
    who = {"contact": {"id": contact}, "primarySalesRep": {"identifier": "Admin"}}
    return f"/sales/opportunities/{bench.made('/sales/opportunities', name='Big deal', company=company, **who)}"


def convert(bench: Bench, into: str, body: dict[str, Any]) -> httpx.Response:
    return bench.admin.post(f"{opportunity(bench)}/convertTo{into}", body)


def soon(bench: Bench) -> httpx.Response:
    kind = bench.shop.ref(bench.shop.agreement_type())
    return convert(bench, "Agreement", {"type": kind, "startDate": "soon"})


def no_status(bench: Bench) -> httpx.Response:
    for one in bench.desk.read("/sales/orders/statuses"):
        bench.admin.delete(f"/sales/orders/statuses/{one['id']}").raise_for_status()
    return convert(bench, "SalesOrder", {})


NEEDED = "MissingRequiredField"
NO_NOTE = ("NotFound", "Note 99999 not found", "includeNoteIds")
ROWS = rows(
    Refusal(
        "opportunity.to-agreement",
        lambda b: convert(b, "Agreement", {}),
        invalid("opportunityToAgreementConversion", (NEEDED, "The type field is required.", "type")),
    ),
    Refusal(
        "opportunity.to-agreement",
        soon,
        said("UnsupportedFormat", "Unsupported format applied to startDate"),
    ),
    Refusal(
        "opportunity.to-project",
        lambda b: convert(b, "Project", {}),
        invalid("opportunityToProjectConversion", (NEEDED, "The board field is required.", "board")),
    ),
    Refusal(
        "opportunity.to-order",
        no_status,
        invalid("opportunityToSalesOrderConversion", (NEEDED, "The status field is required.", "status")),
    ),
    Refusal(
        "opportunity.to-ticket",
        lambda b: convert(b, "ServiceTicket", {"includeNoteIds": [99999]}),
        invalid("opportunityToServiceTicketConversion", NO_NOTE),
    ),
)


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal_has_just_this_body(row: Refusal, desk: Desk) -> None:
    row.check(desk)
