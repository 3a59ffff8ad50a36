"""Agreements: what comes from the type, what they come to, and invoicing them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.rules.finance.agreements import MONTHS, after_cycle
from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Record, Shop


def cycle(shop: Shop, option: str) -> Record:
    return shop.ref(
        shop.made("/finance/billingCycles", identifier="S" + shop.name("")[1:4], name=option, billingOptions=option)
    )


@pytest.mark.rule("agreement.from-type")
def test_what_a_new_agreement_leaves_open_comes_from_its_type(shop: Shop) -> None:
    kind = shop.agreement_type(billAmount=50, coverAgreementTimeFlag=True, applicationUnits="Hours")
    plain = shop.agreement(type=shop.ref(kind))
    assert (plain["billExpenses"], plain["billAmount"], plain["applicationUnits"]) == ("DoNotBill", 50, "Hours")
    assert plain["coverAgreementTime"] is True
    assert plain["billStartDate"]
    assert shop.agreement(type=shop.ref(kind), billAmount=7)["billAmount"] == 7


@pytest.mark.rule("agreement.status")
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "Active"),
        ({"startDate": "2099-01-01T00:00:00Z"}, "Inactive"),
        ({"endDate": "2001-01-01T00:00:00Z"}, "Expired"),
        ({"endDate": "2001-01-01T00:00:00Z", "noEndingDateFlag": True}, "Active"),
        ({"cancelledFlag": True}, "Cancelled"),
    ],
)
def test_the_status_follows_the_dates(shop: Shop, fields: Record, status: str) -> None:
    assert shop.agreement(**fields)["agreementStatus"] == status


@pytest.mark.rule("agreement.cancelling", "agreement.shown")
def test_cancelling_shows_in_the_status(shop: Shop, admin: Caller) -> None:
    made = with_additions(shop)
    path = f"/finance/agreements/{made['id']}"
    answer = admin.patch(path, ("replace", "cancelledFlag", True)).json()
    assert answer["agreementStatus"] == "Cancelled"
    assert answer["dateCancelled"].endswith("T00:00:00Z")
    assert {one["agreementStatus"] for one in shop.read(f"{path}/additions")} == {"Cancelled"}
    said = admin.patch(path, ("replace", "dateCancelled", "2030-05-01T00:00:00Z")).json()
    assert said["dateCancelled"] == "2030-05-01T00:00:00Z"
    again = admin.patch(path, ("replace", "cancelledFlag", False)).json()
    assert (again["agreementStatus"], again.get("dateCancelled")) == ("Active", None)


@pytest.mark.rule("agreement.additions-stop")
def test_additions_of_a_cancelled_agreement_are_billed_no_more(shop: Shop, admin: Caller) -> None:
    path = f"/finance/agreements/{with_additions(shop)['id']}"
    assert shop.read(f"{path}/recurringParameters/7")["additionsAmount"] == 32.5
    admin.patch(path, ("replace", "cancelledFlag", True), ("replace", "dateCancelled", "2099-01-01T00:00:00Z"))
    assert shop.read(f"{path}/recurringParameters/7")["additionsAmount"] == 32.5
    admin.patch(path, ("replace", "dateCancelled", "2021-01-01T00:00:00Z"))
    assert shop.read(f"{path}/recurringParameters/7")["additionsAmount"] == 0


def with_additions(shop: Shop, **more: object) -> Record:
    """An agreement of 100 with additions: 3 - 1 at 10, one at the catalogue's price, and three that do not count."""
    agreement = shop.agreement(billAmount=100, **{"billStartDate": "2020-01-01T00:00:00Z", **more})
    path, item = f"/finance/agreements/{agreement['id']}/additions", shop.ref(shop.item(price=12.5))
    past = {"product": item, "effectiveDate": agreement["billStartDate"]}
    shop.made(path, **past, billCustomer="Billable", quantity=3, lessIncluded=1, unitPrice=10)
    shop.made(path, **past, billCustomer="Billable", quantity=1)
    shop.made(path, **past, billCustomer="NoCharge", quantity=9, unitPrice=99)
    shop.made(path, **past, billCustomer="Billable", quantity=9, unitPrice=99, cancelledDate=agreement["billStartDate"])
    shop.made(path, product=item, billCustomer="Billable", unitPrice=99, effectiveDate="2099-01-01T00:00:00Z")
    return agreement


@pytest.mark.rule("agreement.amounts")
def test_the_recurring_amount_has_its_parts(shop: Shop) -> None:
    agreement = with_additions(shop)
    shop.agreement(parentAgreement=shop.ref(agreement), billAmount=11)
    parameters = shop.read(f"/finance/agreements/{agreement['id']}/recurringParameters/7")
    parts = {name: parameters[name] for name in ("aGRAmount", "additionsAmount", "childrenAmount", "totalAmount")}
    assert parts == {"aGRAmount": 100, "additionsAmount": 32.5, "childrenAmount": 11, "totalAmount": 143.5}
    assert parameters["cycleBase"]["name"] == "CalendarYear"


def test_the_application_parameters_tell_how_work_is_covered(shop: Shop) -> None:
    agreement = shop.agreement(applicationUnits="Hours", applicationLimit=20, applicationCycle="CalendarMonth")
    parameters = shop.read(f"/finance/agreements/{agreement['id']}/applicationParameters/7")
    assert parameters["applicationUnit"]["name"] == "Hours"
    assert (parameters["applicationLimitAmount"], parameters["availablePer"]["name"]) == (20, "CalendarMonth")
    assert parameters["applicationLimit"]["name"] == "Amount"


def test_quick_access_counts_what_is_there(shop: Shop) -> None:
    agreement = with_additions(shop)
    counts = shop.read(f"/finance/agreements/{agreement['id']}/quickAccess/count")
    assert (counts["additions"], counts["adjustments"], counts["invoices"]) == (5, 0, 0)


@pytest.mark.rule("agreement.invoice")
def test_invoicing_makes_an_agreement_invoice_and_moves_the_next_date(shop: Shop, admin: Caller) -> None:
    agreement = with_additions(shop, billingCycle=cycle(shop, "Monthly"), billStartDate="2026-01-31T00:00:00Z")
    path = f"/finance/agreements/{agreement['id']}"
    answer = admin.post(f"{path}/invoice", None)
    assert answer.status_code == 200
    invoice = shop.read(f"/finance/invoices/{answer.json()}")
    assert (invoice["type"], invoice["agreement"]["id"], invoice["applyToId"]) == (
        "Agreement",
        agreement["id"],
        agreement["id"],
    )
    assert (invoice["agreementAmount"], invoice["total"], invoice["balance"]) == (132.5, 132.5, 132.5)
    assert shop.read(path)["nextInvoiceDate"] == "2026-02-28T00:00:00Z"
    admin.post(f"{path}/invoice", None)
    assert shop.read(path)["nextInvoiceDate"] == "2026-03-28T00:00:00Z"
    assert shop.read(f"{path}/quickAccess/count")["invoices"] == 2


@pytest.mark.rule("agreement.invoice-cancelled")
def test_a_cancelled_agreement_is_not_invoiced(shop: Shop, admin: Caller) -> None:
    agreement = shop.agreement(cancelledFlag=True)
    before = shop.count("/finance/invoices")
    answer = admin.post(f"/finance/agreements/{agreement['id']}/invoice", None)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "cancelledFlag")
    assert shop.count("/finance/invoices") == before


@given(st.dates(), st.sampled_from([*MONTHS, "Weekly", "BiWeekly", "NotRecurring", "None"]))
def test_the_day_one_cycle_later_keeps_its_place_in_the_month(day: date, option: str) -> None:
    later = after_cycle(day, option)
    if option in ("NotRecurring", "None") or day.year == 9999:
        assert later is None
    elif option in MONTHS:
        assert later is not None
        assert (later.year - day.year) * 12 + later.month - day.month == MONTHS[option]
        assert later.day <= day.day
    else:
        assert later is not None
        assert (later - day).days == {"Weekly": 7, "BiWeekly": 14}[option]


def test_a_configuration_is_attached_and_its_copy_has_it_too(shop: Shop, admin: Caller) -> None:
    agreement = shop.agreement()
    kind = shop.made("/company/configurations/types", name=shop.name("Type"))
    device = shop.made("/company/configurations", name="PC", type=shop.ref(kind), company=agreement["company"])
    path = f"/finance/agreements/{agreement['id']}"
    shop.made(f"{path}/configurations", id=device["id"])
    assert [one["id"] for one in shop.read(f"{path}/configurations")] == [device["id"]]
    assert shop.read(f"{path}/quickAccess/count")["configurations"] == 1
    copy = admin.post(f"{path}/copy", None).json()
    assert admin.delete(f"{path}/configurations/{device['id']}").status_code == 204
    assert shop.count(f"{path}/configurations") == 0
    assert shop.count(f"/finance/agreements/{copy['id']}/configurations") == 1


def test_the_recap_shows_what_is_left(shop: Shop, admin: Caller) -> None:
    agreement = shop.agreement(applicationUnits="Amount", applicationLimit=100, name="Recap of the shop")
    path = f"/finance/agreements/{agreement['id']}"
    shop.made(f"{path}/adjustments", amount=20, effectiveDate="2026-01-01T00:00:00Z")
    shop.made("/finance/invoices", type="Standard", company=agreement["company"], agreement=shop.ref(agreement))
    recap = shop.read(f"/finance/agreementrecap/{agreement['id']}")
    assert (recap["startingAmount"], recap["adjustmentAmount"], recap["availableAmount"]) == (100, 20, 120)
    assert (recap["remainingAmount"], recap["lastInvoiceAmount"]) == (120, "0.00")
    answer = admin.get("/finance/agreementrecap", conditions='name="Recap of the shop" and availableAmount > 100')
    assert [one["id"] for one in answer.json()] == [agreement["id"]]
    shop.made(f"{path}/adjustments", amount=-50, effectiveDate="2026-01-01T00:00:00Z")
    assert shop.read(f"/finance/agreementrecap/{agreement['id']}")["availableAmount"] == 70
