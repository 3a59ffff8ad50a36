"""What the machine found: each difference from the model, as the few requests that show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mockcw.caller import Caller, items
from tests.mockcw.machine.ground import Ground

TICKETS, ADDITIONS = "/service/tickets", "/finance/agreements/{}/additions"


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    """One ground for the module; nothing here depends on what was before."""
    one = Ground()
    yield one
    one.close()


@pytest.fixture
def admin(ground: Ground) -> Caller:
    """The member who may everything, on the ground as it was."""
    ground.again()
    return Caller(ground.emulator)


def made(admin: Caller, path: str, **body: Any) -> dict[str, Any]:
    answer = admin.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def ticket(admin: Caller, **more: Any) -> int:
    return int(made(admin, TICKETS, **{"summary": "Printer", "company": {"id": 1}, **more})["id"])


def addition(admin: Caller) -> str:
    agreement = made(
        admin, "/finance/agreements", name="Care", **{n: {"id": 1} for n in ("type", "company", "contact")}
    )
    path = ADDITIONS.format(agreement["id"])
    return f"{path}/{made(admin, path, product={'id': 1}, billCustomer='Billable', quantity=3)['id']}"


def figures(answer: Any) -> tuple[float, ...]:
    assert answer.status_code == 200, answer.text
    return tuple(answer.json()[name] for name in ("quantity", "billedQuantity", "extPrice", "extCost", "margin"))


def test_a_replaced_addition_counts_the_quantity_that_it_gets(admin: Caller) -> None:
    body = {"product": {"id": 1}, "billCustomer": "Billable", "unitPrice": 10, "unitCost": 4}
    assert figures(admin.put(addition(admin), body)) == (1, 1, 10, 4, 6)


def test_an_addition_whose_quantity_is_emptied_counts_the_quantity_that_it_gets(admin: Caller) -> None:
    assert figures(admin.patch(addition(admin), ("remove", "quantity", None))) == (1, 1, 12.5, 4, 8.5)


def test_a_ticket_that_moves_to_a_board_with_a_status_it_lacks_is_refused(admin: Caller) -> None:
    number = ticket(admin)
    answer = admin.patch(f"{TICKETS}/{number}", ("replace", "board", {"id": 4}), ("replace", "status", {"id": 15}))
    assert answer.status_code == 400
    assert items(answer) == [("NotFound", "Service Status 15 not found for Service Board 4", "status/id")]
    assert admin.get(f"{TICKETS}/{number}").json()["board"]["id"] == 1


def test_a_bundle_that_loses_its_last_ticket_to_another_one_is_none(admin: Caller) -> None:
    first, second, child = (ticket(admin) for _ in range(3))
    for parent in (first, second):
        assert admin.post(f"{TICKETS}/{parent}/attachChildren", {"childTicketIds": [child]}).status_code == 200
    assert [admin.get(f"{TICKETS}/{one}").json()["hasChildTicket"] for one in (first, second)] == [False, True]


def test_a_ticket_whose_merged_child_is_deleted_has_none(admin: Caller) -> None:
    parent, *children = (ticket(admin) for _ in range(3))
    body = {"mergeTicketIds": children, "status": {"id": 8}}
    assert admin.post(f"{TICKETS}/{parent}/merge", body).status_code == 200
    for child, marked in zip(children, (True, False), strict=True):
        assert admin.delete(f"{TICKETS}/{child}").status_code == 204
        assert admin.get(f"{TICKETS}/{parent}").json()["hasMergedChildTicketFlag"] is marked


def test_time_that_moves_with_a_merge_counts_where_it_is(admin: Caller) -> None:
    parent, child = ticket(admin), ticket(admin)
    for number, hours in ((parent, 1), (child, 0.75)):
        charge = {"chargeToId": number, "chargeToType": "ServiceTicket", "timeStart": "2026-03-04T10:00:00Z"}
        made(admin, "/time/entries", **charge, actualHours=hours)
    assert admin.post(f"{TICKETS}/{parent}/merge", {"mergeTicketIds": [child], "status": {"id": 8}}).status_code == 200
    assert [admin.get(f"{TICKETS}/{one}").json()["actualHours"] for one in (parent, child)] == [1.75, 0]


def test_the_first_tier_said_twice_is_not_the_second_ones_word(admin: Caller) -> None:
    tiers = (("replace", "tier1ApprovalFlag", True), ("replace", "tier2ApprovalFlag", True))
    assert admin.patch("/system/myCompany/timeExpense/1", *tiers).status_code == 200
    charge = {"chargeToId": ticket(admin), "chargeToType": "ServiceTicket", "timeStart": "2026-03-04T10:00:00Z"}
    sheet = f"/time/sheets/{made(admin, '/time/entries', **charge, actualHours=1)['timeSheet']['id']}"
    assert admin.post(f"{sheet}/submit", {}).status_code == 200
    answers = [admin.post(f"{sheet}/approve", {"approvalType": "Tier1Update"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 400]
    assert admin.get(sheet).json()["status"] == "ApprovedByTierOne"
