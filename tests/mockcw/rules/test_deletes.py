"""Deletes: what keeps a record, what goes with it, and that usages and the 409 tell the same story."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Record, Shop

Case = Callable[[Shop], tuple[str, Callable[[], str]]]
"""Makes a record; its path comes back, and what makes a user of it, whose path comes back."""


@pytest.fixture
def shop(admin: Caller) -> Shop:
    return Shop(admin)


def setup_row(path: str, users: str, field: str, **row: Any) -> Case:
    """A row of a setup table, and a record of `users` that refers to it by a field."""

    def case(shop: Shop) -> tuple[str, Callable[[], str]]:
        made = shop.made(path, **row)

        def use() -> str:
            user = MAKERS[users](shop, **{field: shop.ref(made)})
            return f"{users}/{user['id']}"

        return f"{path}/{made['id']}", use

    return case


def site(shop: Shop) -> tuple[str, Callable[[], str]]:
    company = shop.company()
    made = shop.made(f"/company/companies/{company['id']}/sites", name="Depot")

    def use() -> str:
        contact = shop.made("/company/contacts", firstName="Ann", company=shop.ref(company), site=shop.ref(made))
        return f"/company/contacts/{contact['id']}"

    return f"/company/companies/{company['id']}/sites/{made['id']}", use


def contact(shop: Shop) -> tuple[str, Callable[[], str]]:
    company = shop.company()
    made = shop.made("/company/contacts", firstName="Ann", company=shop.ref(company))

    def use() -> str:
        ticket = shop.made("/service/tickets", summary="x", company=shop.ref(company), contact=shop.ref(made))
        return f"/service/tickets/{ticket['id']}"

    return f"/company/contacts/{made['id']}", use


def charge_code(shop: Shop) -> tuple[str, Callable[[], str]]:
    made = shop.made("/time/chargeCodes", name=shop.name("Code"), company=shop.ref(shop.company()))

    def use() -> str:
        start = "2026-03-04T08:00:00Z"
        entry = shop.made("/time/entries", chargeToType="ChargeCode", chargeToId=made["id"], timeStart=start)
        return f"/time/entries/{entry['id']}"

    return f"/time/chargeCodes/{made['id']}", use


def board_status(shop: Shop) -> tuple[str, Callable[[], str]]:
    board = shop.made("/service/boards", name=shop.name("Board"), **shop.place())["id"]
    made = shop.made(f"/service/boards/{board}/statuses", name="New", defaultFlag=True)

    def use() -> str:
        where = {"board": {"id": board}, "company": shop.ref(shop.company())}
        return f"/service/tickets/{shop.made('/service/tickets', summary='x', **where)['id']}"

    return f"/service/boards/{board}/statuses/{made['id']}", use


def configuration(shop: Shop, **more: Any) -> Record:
    kind = more.pop("type", None) or shop.ref(shop.made("/company/configurations/types", name=shop.name("Kind")))
    company = more.pop("company", None) or shop.ref(shop.company())
    return shop.made("/company/configurations", name="PC", type=kind, company=company, **more)


def ticket(shop: Shop, **more: Any) -> Record:
    return shop.made("/service/tickets", summary="x", company=shop.ref(shop.company()), **more)


MAKERS: dict[str, Callable[..., Record]] = {
    "/company/configurations": configuration,
    "/service/tickets": ticket,
    "/finance/agreements": lambda shop, **more: shop.agreement(**more),
    "/finance/invoices": lambda shop, **more: shop.invoice(**more),
    "/company/companies": lambda shop, **more: shop.company(**more),
}
TERMS = {"employeeCompRate": "Actual", "employeeCompNotExceed": "Billing", "invoicingCycle": "CalendarYear"}
BILLS = dict.fromkeys(("billTime", "billExpenses", "billProducts"), "Billable")
CASES: dict[str, tuple[Case, str]] = {
    "site": (site, "Company Site"),
    "contact": (contact, "Contact"),
    "charge code": (charge_code, "Charge Code"),
    "board status": (board_status, "Service Status"),
    "configuration type": (
        setup_row("/company/configurations/types", "/company/configurations", "type", name="Rack"),
        "Configuration Type",
    ),
    "configuration status": (
        setup_row("/company/configurations/statuses", "/company/configurations", "status", description="Lent"),
        "Configuration Status",
    ),
    "priority": (setup_row("/service/priorities", "/service/tickets", "priority", name="P9", color="Red"), "Priority"),
    "source": (setup_row("/service/sources", "/service/tickets", "source", name="Drum"), "Source"),
    "billing status": (
        setup_row("/finance/billingStatuses", "/finance/invoices", "status", name="Lent"),
        "Billing Status",
    ),
    "agreement type": (
        setup_row("/finance/agreements/types", "/finance/agreements", "type", name="Odd", **TERMS, **BILLS),
        "Agreement Type",
    ),
    "company status": (
        setup_row("/company/companies/statuses", "/company/companies", "status", name="Odd"),
        "Company Status",
    ),
}


@pytest.mark.rule("record.in-use")
@pytest.mark.parametrize("name", sorted(CASES))
def test_a_record_in_use_stays_and_its_usages_say_why(shop: Shop, admin: Caller, name: str) -> None:
    case, caption = CASES[name]
    path, use = case(shop)
    number = path.rpartition("/")[2]
    assert shop.read(f"{path}/usages") == []
    user = use()
    told = shop.read(f"{path}/usages/list")
    assert int(user.rpartition("/")[2]) in [one["id"] for one in told]
    assert sum(one["count"] for one in shop.read(f"{path}/usages")) == len(told)
    answer = admin.delete(path)
    assert (answer.status_code, answer.json()["code"]) == (409, "ObjectInUse")
    assert answer.json()["message"] == f"{caption} {number} is in use."
    assert shop.read(path)["id"] == int(number)
    if name == "company status":  # a company only goes to the recycle bin, and keeps its status there
        admin.patch(user, ("replace", "status", {"id": 1})).raise_for_status()
    else:
        assert admin.delete(user).status_code == 204
    assert shop.read(f"{path}/usages") == []
    assert admin.delete(path).status_code == 204
    assert admin.get(path).status_code == 404


@pytest.mark.rule("agreement.goes", "agreement.twins")
def test_an_agreement_goes_with_its_additions_unless_it_was_invoiced(shop: Shop, admin: Caller) -> None:
    made = shop.agreement(name="Twin")
    twin = shop.agreement(name="Twin", company=shop.ref(made["company"]))
    path = f"/finance/agreements/{made['id']}"
    addition = shop.made(f"{path}/additions", product=shop.ref(shop.item()), billCustomer="Billable")
    admin.post(f"{path}/invoice", None).raise_for_status()
    answer = admin.delete(path)
    body = {"code": "ObjectInUse", "message": f"Agreement {made['id']} is in use."}
    assert (answer.status_code, answer.json()) == (409, body)
    assert shop.read(f"{path}/additions/{addition['id']}")["id"] == addition["id"]
    other = f"/finance/agreements/{twin['id']}"
    shop.made(f"{other}/additions", product=shop.ref(shop.item()), billCustomer="Billable")
    assert admin.delete(other).status_code == 204
    assert admin.get(f"{other}/additions").status_code == 404


@pytest.mark.rule("configuration.attached-stays")
def test_a_configuration_that_hangs_on_a_ticket_stays(shop: Shop, admin: Caller) -> None:
    device, held = configuration(shop), ticket(shop)
    path = f"/company/configurations/{device['id']}"
    shop.made(f"/service/tickets/{held['id']}/configurations", id=device["id"])
    answer = admin.delete(path)
    assert (answer.status_code, answer.json()["message"]) == (409, f"Configuration {device['id']} is in use.")
    assert admin.delete(f"/service/tickets/{held['id']}/configurations/{device['id']}").status_code == 204
    outer = configuration(shop)
    inner = configuration(shop, parentConfigurationId=outer["id"])
    assert admin.delete(f"/company/configurations/{outer['id']}").status_code == 409
    assert admin.delete(f"/company/configurations/{inner['id']}").status_code == 204
    assert admin.delete(path).status_code == 204


@given(uses=st.integers(0, 3), gone=st.integers(0, 3))
def test_a_row_can_go_exactly_when_its_usages_are_empty(admin: Caller, uses: int, gone: int) -> None:
    shop = Shop(admin)
    path = f"/service/sources/{shop.made('/service/sources', name=shop.name('Drum'))['id']}"
    source = {"id": int(path.rpartition("/")[2])}
    tickets = [f"/service/tickets/{ticket(shop, source=source)['id']}" for _ in range(uses)]
    for one in tickets[:gone]:
        assert admin.delete(one).status_code == 204
    counts = [one["count"] for one in shop.read(f"{path}/usages")]
    assert sum(counts) == max(0, uses - gone)
    assert (admin.delete(path).status_code == 204) == (counts == [])
    admin.emulator.reset()
