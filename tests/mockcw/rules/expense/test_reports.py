"""Expense reports: entries bring them about and are added up; submit, approve, reject, reverse."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw.engine.writer import Author
from tests.mockcw.caller import Caller, items

ENTRIES = "/expense/entries"
REPORTS = "/expense/reports"
SETUP = "/system/myCompany/timeExpense"


@pytest.fixture
def kind(admin: Caller) -> int:
    body = {
        "name": "Taxi ride",
        "amountCaption": "Fare",
        "billExpenses": "NoCharge",
        "invoiceMarkupOption": "Amount",
    }
    answer = admin.post("/expense/types", body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def spend(admin: Caller, kind: int, date: str = "2031-01-06T00:00:00Z", amount: float = 10, **fields: Any) -> Any:
    answer = admin.post(ENTRIES, {"type": {"id": kind}, "date": date, "amount": amount, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def report_of(admin: Caller, entry: dict[str, Any]) -> dict[str, Any]:
    return dict(admin.get(f"{REPORTS}/{entry['expenseReport']['id']}").json())


def step(admin: Caller, report: int, name: str, **body: Any) -> Any:
    return admin.post(f"{REPORTS}/{report}/{name}", body) if body else admin.http.post(f"{REPORTS}/{report}/{name}")


def tiers(admin: Caller, first: bool, second: bool) -> None:
    """The tenant's setup, which the surface does not let anybody add."""
    engine = admin.emulator.world.tenants["training"].engine
    flags = {"tier1ApprovalFlag": first, "tier2ApprovalFlag": second}
    found = engine.look.find(SETUP)
    number = found[0]["id"] if found else engine.store.next_id(SETUP)
    if not found:
        engine.store.insert(SETUP, number, b'{"id":%d,"_info":{}}' % number)
    engine.set(SETUP, number, flags, Author("System", None))


# -- entries bring reports about ---------------------------------------------------------------------------------------


@pytest.mark.rule("expense.defaults")
def test_an_entry_is_the_callers_and_billed_as_its_type_says(admin: Caller, kind: int) -> None:
    entry = spend(admin, kind)
    assert entry["member"]["identifier"] == "Admin"
    assert (entry["status"], entry["billableOption"]) == ("Open", "NoCharge")


@pytest.mark.rule("expense.report")
def test_entries_of_a_week_share_a_report_that_adds_them_up(admin: Caller, kind: int) -> None:
    saturday, friday, next_day = (spend(admin, kind, f"2031-01-{day}T00:00:00Z", 10.1) for day in ("04", "10", "11"))
    report = report_of(admin, saturday)
    assert (report["dateStart"], report["dateEnd"]) == ("2031-01-04T00:00:00Z", "2031-01-10T00:00:00Z")
    assert (report["year"], report["status"], report["total"]) == (2031, "Open", 20.2)
    assert report["member"]["identifier"] == "Admin"
    assert friday["expenseReport"]["id"] == report["id"] != next_day["expenseReport"]["id"]


@pytest.mark.rule("expense.total")
def test_the_total_follows_changes_and_deletes(admin: Caller, kind: int) -> None:
    first, second = spend(admin, kind), spend(admin, kind, amount=5)
    admin.patch(f"{ENTRIES}/{first['id']}", ("replace", "amount", 7.5))
    assert report_of(admin, first)["total"] == 12.5
    assert admin.delete(f"{ENTRIES}/{second['id']}").status_code == 204
    assert report_of(admin, first)["total"] == 7.5


@pytest.mark.rule("expense.moved")
def test_another_date_takes_an_entry_to_another_report(admin: Caller, kind: int) -> None:
    first, second = spend(admin, kind), spend(admin, kind, amount=5)
    moved = admin.patch(f"{ENTRIES}/{second['id']}", ("replace", "date", "2031-02-03T00:00:00Z")).json()
    assert moved["expenseReport"]["id"] != first["expenseReport"]["id"]
    assert report_of(admin, first)["total"] == 10
    assert report_of(admin, moved)["total"] == 5


def test_a_put_leaves_report_member_and_status_alone(admin: Caller, kind: int) -> None:
    entry = spend(admin, kind)
    body = {"type": {"id": kind}, "date": "2031-01-06T00:00:00Z", "amount": 3, "status": "Billed"}
    put = admin.put(f"{ENTRIES}/{entry['id']}", body)
    assert put.status_code == 200, put.text
    assert [put.json()[name] for name in ("expenseReport", "member", "status")] == [
        entry[name] for name in ("expenseReport", "member", "status")
    ]
    assert report_of(admin, entry)["total"] == 3


# -- the way of a report -----------------------------------------------------------------------------------------------


def states(admin: Caller, entry: dict[str, Any]) -> tuple[str, str]:
    report = report_of(admin, entry)
    return report["status"], admin.get(f"{ENTRIES}/{entry['id']}").json()["status"]


def test_without_tiers_a_submitted_report_is_ready_to_bill_and_its_entries_too(admin: Caller, kind: int) -> None:
    tiers(admin, False, False)
    entry = spend(admin, kind)
    answer = step(admin, entry["expenseReport"]["id"], "submit")
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    assert states(admin, entry) == ("ReadyToBill", "ReadyToBill")
    found = admin.get(REPORTS, conditions='status = "ReadyToBill"').json()
    assert entry["expenseReport"]["id"] in [one["id"] for one in found]


def test_an_entry_after_the_submit_opens_a_report_of_its_own(admin: Caller, kind: int) -> None:
    tiers(admin, False, False)
    entry = spend(admin, kind)
    step(admin, entry["expenseReport"]["id"], "submit")
    assert spend(admin, kind)["expenseReport"]["id"] != entry["expenseReport"]["id"]
    assert report_of(admin, entry)["total"] == 10


def test_both_tiers_approve_one_after_the_other(admin: Caller, kind: int) -> None:
    tiers(admin, True, True)
    entry = spend(admin, kind)
    report = entry["expenseReport"]["id"]
    seen = []
    steps: list[tuple[str, dict[str, str]]] = [
        ("submit", {}),
        ("approve", {"approvalType": "Tier1Update"}),
        ("approve", {"approvalType": "Tier2Update"}),
        ("approve", {"approvalType": "Billing"}),
    ]
    for name, body in steps:
        assert step(admin, report, name, **body).status_code == 200
        seen.append(states(admin, entry))
    expected = ("PendingApproval", "ApprovedByTierOne", "ApprovedByTierTwo", "ReadyToBill")
    assert seen == [(one, one) for one in expected]


def test_one_tier_is_enough_where_the_other_is_off(admin: Caller, kind: int) -> None:
    tiers(admin, True, False)
    entry = spend(admin, kind)
    step(admin, entry["expenseReport"]["id"], "submit")
    step(admin, entry["expenseReport"]["id"], "approve", approvalType="Tier1Update")
    assert states(admin, entry) == ("ReadyToBill", "ReadyToBill")


def test_rejected_reports_can_be_submitted_again_and_submitted_ones_reversed(admin: Caller, kind: int) -> None:
    tiers(admin, True, True)
    entry = spend(admin, kind)
    report = entry["expenseReport"]["id"]
    step(admin, report, "submit")
    assert step(admin, report, "reject").status_code == 200
    assert states(admin, entry) == ("Rejected", "Rejected")
    step(admin, report, "submit")
    step(admin, report, "approve", approvalType="Tier1Update")
    step(admin, report, "reject")
    assert states(admin, entry) == ("RejectBySecondTier", "RejectBySecondTier")
    step(admin, report, "submit")
    assert step(admin, report, "reverse").status_code == 200
    assert states(admin, entry) == ("Open", "Open")


@pytest.mark.parametrize(
    ("before", "name", "body", "status"),
    [
        ((), "approve", {"approvalType": "Tier1Update"}, "Open"),
        ((), "reject", {}, "Open"),
        ((), "reverse", {}, "Open"),
        (("submit",), "submit", {}, "PendingApproval"),
        (("submit",), "approve", {"approvalType": "Tier2Update"}, "PendingApproval"),
    ],
)
def test_a_step_there_is_no_way_for_changes_nothing(
    admin: Caller, kind: int, before: tuple[str, ...], name: str, body: dict[str, str], status: str
) -> None:
    tiers(admin, True, True)
    entry = spend(admin, kind)
    report = entry["expenseReport"]["id"]
    for one in before:
        step(admin, report, one)
    answer = step(admin, report, name, **body)
    assert answer.status_code == 400
    assert items(answer) == [("InvalidField", f"Expense Report cannot go on from the status {status}.", "status")]
    assert states(admin, entry) == (status, status)


def test_a_billed_entry_is_not_reversed(admin: Caller, kind: int) -> None:
    tiers(admin, True, True)
    entry = spend(admin, kind)
    engine = admin.emulator.world.tenants["training"].engine
    step(admin, entry["expenseReport"]["id"], "submit")
    engine.set(ENTRIES, entry["id"], {"status": "Billed"}, Author("System", None))
    step(admin, entry["expenseReport"]["id"], "reverse")
    assert states(admin, entry) == ("Open", "Billed")
    engine.set(REPORTS, entry["expenseReport"]["id"], {"status": "Billed"}, Author("System", None))
    assert step(admin, entry["expenseReport"]["id"], "reverse").status_code == 400
    assert step(admin, 999999, "submit").status_code == 404


@pytest.mark.rule("expense.locked")
def test_what_is_on_a_report_that_was_handed_in_is_not_changed(admin: Caller, kind: int) -> None:
    entry = spend(admin, kind)
    report = entry["expenseReport"]["id"]
    assert step(admin, report, "submit").is_success
    path = f"{ENTRIES}/{entry['id']}"
    text = f"Expense report {report} has the status ReadyToBill; its expenses cannot be changed."
    body = {"type": {"id": kind}, "date": "2031-01-06T00:00:00Z", "amount": 99}
    for answer in (admin.patch(path, ("replace", "amount", 99)), admin.put(path, body), admin.delete(path)):
        assert (answer.status_code, items(answer)) == (400, [("InvalidField", text, "expenseReport")])
    assert admin.get(path).json()["amount"] == 10
    assert step(admin, report, "reverse").is_success
    assert admin.patch(path, ("replace", "amount", 99)).json()["amount"] == 99


@pytest.mark.rule("expense.locked")
@pytest.mark.parametrize("on_report", [True, False])
def test_a_billed_entry_is_refused_in_its_own_name(admin: Caller, kind: int, on_report: bool) -> None:
    entry = spend(admin, kind)
    engine = admin.emulator.world.tenants["training"].engine
    values = {"status": "Billed", **({} if on_report else {"expenseReport": None})}
    engine.set(ENTRIES, entry["id"], values, Author("System", None))
    answer = admin.patch(f"{ENTRIES}/{entry['id']}", ("replace", "amount", 99))
    text = f"Expense Entry {entry['id']} has the status Billed; its expenses cannot be changed."
    assert (answer.status_code, items(answer)) == (400, [("InvalidField", text, "expenseReport")])


@pytest.mark.rule("expense.report")
def test_a_new_entry_does_not_get_onto_another_members_report_or_one_handed_in(admin: Caller, kind: int) -> None:
    first = spend(admin, kind)["expenseReport"]
    assert spend(admin, kind, expenseReport=first)["expenseReport"]["id"] == first["id"]
    other = spend(admin, kind, date="2031-02-06T00:00:00Z", expenseReport=first)["expenseReport"]
    assert other["id"] != first["id"]
    assert step(admin, first["id"], "submit").is_success
    again = spend(admin, kind, expenseReport=first)["expenseReport"]
    assert again["id"] not in (first["id"], other["id"])
    assert admin.get(f"{REPORTS}/{first['id']}").json()["total"] == 20
