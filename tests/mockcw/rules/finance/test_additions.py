"""Additions: what comes from the catalogue, which dates are refused, what they come to, that twins are allowed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator
from tests.mockcw.caller import Caller, items, message
from tests.mockcw.rules.finance.shop import Record, Shop

BEGIN = "2026-01-01T00:00:00Z"


@pytest.fixture
def agreement(shop: Shop) -> Record:
    """An agreement billed by the month from New Year on, with proration."""
    cycle = shop.made("/finance/billingCycles", identifier="Mo", name="By month", billingOptions="Monthly")
    return shop.agreement(billStartDate=BEGIN, billingCycle=shop.ref(cycle), prorateFlag=True)


def additions(agreement: Record) -> str:
    return f"/finance/agreements/{agreement['id']}/additions"


def added(shop: Shop, agreement: Record, item: Record | None = None, **more: Any) -> Record:
    product = shop.ref(item or shop.item(price=10, cost=4))
    return shop.made(additions(agreement), product=product, billCustomer="Billable", **more)


def refused(caller: Caller, agreement: Record, item: Record, **more: Any) -> list[tuple[str, str, str]]:
    before = caller.get(f"{additions(agreement)}/count").json()
    body = {"product": {"id": item["id"]}, "billCustomer": "Billable", **more}
    answer = caller.post(additions(agreement), body)
    assert (answer.status_code, message(answer)) == (400, "addition object is invalid")
    assert caller.get(f"{additions(agreement)}/count").json() == before
    return items(answer)


@pytest.mark.rule("addition.from-item")
def test_what_an_addition_leaves_open_comes_from_the_catalogue(shop: Shop, agreement: Record) -> None:
    item = shop.item(price=10, cost=4, taxableFlag=True, description="Seat", customerDescription="A seat for you")
    made = added(shop, agreement, item)
    assert (made["description"], made["invoiceDescription"]) == ("Seat", "A seat for you")
    assert (made["unitPrice"], made["unitCost"], made["taxableFlag"], made["quantity"]) == (10, 4, True, 1)
    assert (made["effectiveDate"], made["uom"]) == (BEGIN, item["unitOfMeasure"]["name"])
    said = added(shop, agreement, item, unitPrice=3, taxableFlag=False, quantity=0, description="Other")
    assert (said["unitPrice"], said["taxableFlag"], said["quantity"], said["description"]) == (3, False, 0, "Other")


@pytest.mark.rule("addition.from-item")
def test_an_addition_begins_today_where_the_setting_says_so() -> None:
    with Emulator("empty", settings={"addition_starts": "today"}) as emulator:
        shop = Shop(Caller(emulator))
        made = added(shop, shop.agreement(billStartDate="2020-01-01T00:00:00Z"))
        assert made["effectiveDate"][:10] == emulator.world.clock.text()[:10]
        later = added(shop, shop.agreement(billStartDate="2099-01-01T00:00:00Z"))
        assert later["effectiveDate"] == "2099-01-01T00:00:00Z"


@pytest.mark.rule("addition.effective")
def test_an_addition_before_its_agreements_billing_is_refused(shop: Shop, admin: Caller, agreement: Record) -> None:
    text = "effectiveDate cannot be less than the agreement billing start date."
    wanted = [("InvalidField", text, "effectiveDate")]
    assert refused(admin, agreement, shop.item(), effectiveDate="2025-12-31T00:00:00Z") == wanted
    made = added(shop, agreement, effectiveDate=BEGIN)
    answer = admin.patch(f"{additions(agreement)}/{made['id']}", ("replace", "effectiveDate", "2025-12-31T00:00:00Z"))
    assert (answer.status_code, items(answer)) == (400, wanted)
    assert shop.read(f"{additions(agreement)}/{made['id']}") == made


def test_an_addition_that_began_too_early_long_ago_can_still_be_changed(
    shop: Shop, admin: Caller, agreement: Record
) -> None:
    path = f"{additions(agreement)}/{added(shop, agreement)['id']}"
    admin.patch(f"/finance/agreements/{agreement['id']}", ("replace", "billStartDate", "2026-05-01T00:00:00Z"))
    assert admin.patch(path, ("replace", "quantity", 5)).json()["quantity"] == 5


@pytest.mark.rule("addition.cancelled")
def test_an_addition_that_ends_before_it_begins_is_refused(shop: Shop, admin: Caller, agreement: Record) -> None:
    dates = {"effectiveDate": "2026-03-02T00:00:00Z", "cancelledDate": "2026-03-01T00:00:00Z"}
    text = "cancelledDate cannot be less than the effectiveDate."
    assert refused(admin, agreement, shop.item(), **dates) == [("InvalidField", text, "cancelledDate")]
    made = added(shop, agreement, effectiveDate=dates["effectiveDate"])
    path = f"{additions(agreement)}/{made['id']}"
    assert admin.patch(path, ("replace", "cancelledDate", dates["cancelledDate"])).status_code == 400
    ended = admin.patch(path, ("replace", "cancelledDate", dates["effectiveDate"])).json()
    assert ended["cancelledDate"] == dates["effectiveDate"]
    assert "cancelledDate" not in admin.patch(path, ("remove", "cancelledDate", None)).json()


@pytest.mark.rule("addition.billed-stays")
def test_dates_and_deletes_follow_their_settings() -> None:
    choices = {"cancelled_before_effective": "allow", "billed_addition_delete": "refuse"}
    with Emulator("empty", settings=choices) as emulator:
        caller = Caller(emulator)
        shop = Shop(caller)
        agreement = shop.agreement(billStartDate="2020-01-01T00:00:00Z")
        dates = {"effectiveDate": "2021-03-02T00:00:00Z", "cancelledDate": "2021-03-01T00:00:00Z"}
        assert added(shop, agreement, **dates)["cancelledDate"] == dates["cancelledDate"]
        billed, path = added(shop, agreement), f"/finance/agreements/{agreement['id']}"
        assert caller.post(f"{path}/invoice", None).status_code == 200
        answer = caller.delete(f"{path}/additions/{billed['id']}")
        assert (answer.status_code, answer.json()["code"]) == (409, "ObjectInUse")
        assert message(answer) == f"Addition {billed['id']} is in use."
        unbilled = added(shop, agreement, effectiveDate="2099-01-01T00:00:00Z")
        assert caller.delete(f"{path}/additions/{unbilled['id']}").status_code == 204


@pytest.mark.rule("addition.deleted")
def test_a_billed_addition_goes_like_any_other(shop: Shop, admin: Caller, agreement: Record) -> None:
    made = added(shop, agreement)
    admin.post(f"/finance/agreements/{agreement['id']}/invoice", None)
    assert admin.delete(f"{additions(agreement)}/{made['id']}").status_code == 204
    assert admin.get(f"{additions(agreement)}/{made['id']}").status_code == 404


@pytest.mark.rule("addition.no-bundle")
def test_a_bundle_is_no_addition(shop: Shop, admin: Caller, agreement: Record) -> None:
    bundle = shop.item(productClass="Bundle")
    text = "A bundle cannot be added to an agreement."
    assert refused(admin, agreement, bundle) == [("InvalidField", text, "product")]


@pytest.mark.rule("addition.twins")
def test_the_same_product_is_on_an_agreement_as_often_as_it_is_sent(shop: Shop, agreement: Record) -> None:
    item = shop.item()
    made = [added(shop, agreement, item) for _ in range(3)]
    assert len({one["id"] for one in made}) == 3
    assert shop.count(additions(agreement)) == 3


@pytest.mark.rule("addition.figures")
def test_amounts_follow_from_quantity_and_price_whatever_is_sent(shop: Shop, admin: Caller, agreement: Record) -> None:
    made = added(shop, agreement, quantity=5, lessIncluded=2, extPrice=999, billedQuantity=77)
    assert (made["billedQuantity"], made["extPrice"], made["extCost"], made["margin"]) == (3, 50, 20, 30)
    assert (made["agreementId"], made["agreementStatus"]) == (agreement["id"], "Active")
    assert (made["proratePrice"], made["extendedProratePrice"]) == (0, 0)
    less = admin.patch(f"{additions(agreement)}/{made['id']}", ("replace", "quantity", 2)).json()
    assert (less["billedQuantity"], less["extPrice"], less["margin"]) == (0, 20, 12)


@pytest.mark.rule("addition.figures")
def test_amounts_are_by_billed_quantity_where_the_setting_says_so() -> None:
    with Emulator("empty", settings={"addition_extended_by": "billedQuantity"}) as emulator:
        shop = Shop(Caller(emulator))
        made = added(shop, shop.agreement(billStartDate=BEGIN), quantity=5, lessIncluded=2)
        assert (made["extPrice"], made["extCost"]) == (30, 12)


@pytest.mark.rule("addition.figures")
def test_an_addition_that_begins_within_a_period_costs_its_days(shop: Shop, admin: Caller, agreement: Record) -> None:
    half = {"effectiveDate": "2026-04-16T00:00:00Z", "prorateCurrentPeriodFlag": True, "quantity": 4}
    made = added(shop, agreement, **half)  # fifteen of April's thirty days
    figures = [made[name] for name in ("proratePrice", "prorateCost", "extendedProratePrice", "extendedProrateCost")]
    assert figures == [5, 2, 20, 8]
    path = f"{additions(agreement)}/{made['id']}"
    ended = admin.patch(path, ("replace", "cancelledDate", "2026-04-18T00:00:00Z")).json()
    assert ended["extendedProratePrice"] == 4  # three of the thirty
    admin.patch(f"/finance/agreements/{agreement['id']}", ("replace", "prorateFlag", False))
    assert admin.patch(path, ("replace", "quantity", 4)).json()["extendedProratePrice"] == 0


@given(
    quantity=st.integers(0, 10_000),
    less=st.integers(0, 10_000),
    price=st.decimals(0, 1000, places=2),
    cost=st.decimals(0, 1000, places=2),
)
def test_the_margin_is_what_price_leaves_of_cost(
    built_agreement: tuple[Shop, Record, Record], quantity: int, less: int, price: Any, cost: Any
) -> None:
    shop, agreement, item = built_agreement
    factors = {"quantity": quantity, "lessIncluded": less, "unitPrice": float(price), "unitCost": float(cost)}
    made = added(shop, agreement, item, **factors)
    assert made["billedQuantity"] == quantity - less
    assert made["extPrice"] == round(float(quantity * price), 2)
    assert made["margin"] == pytest.approx(float(quantity * (price - cost)), abs=0.011)


@pytest.fixture
def built_agreement(shop: Shop) -> tuple[Shop, Record, Record]:
    return shop, shop.agreement(billStartDate=BEGIN), shop.item()


@pytest.mark.rule("addition.from-item", "addition.figures")
def test_what_a_put_leaves_out_returns_to_what_a_new_addition_has(shop: Shop, admin: Caller) -> None:
    item = shop.item(price=12.5, cost=3)
    path = f"/finance/agreements/{shop.agreement()['id']}/additions"
    made = shop.made(path, product=shop.ref(item), billCustomer="Billable", quantity=4, unitPrice=1)
    put = admin.put(f"{path}/{made['id']}", {"product": shop.ref(item), "billCustomer": "Billable"}).json()
    figures = [put[name] for name in ("quantity", "unitPrice", "billedQuantity", "extPrice", "extCost")]
    assert figures == [1, 12.5, 1, 12.5, 3]
    assert put["effectiveDate"] == made["effectiveDate"]


@pytest.mark.rule("addition.figures")
def test_a_quantity_that_is_cleared_is_one_piece(shop: Shop, admin: Caller) -> None:
    path = f"/finance/agreements/{shop.agreement()['id']}/additions"
    made = shop.made(path, product=shop.ref(shop.item(price=12.5)), billCustomer="Billable", quantity=4)
    changed = admin.patch(f"{path}/{made['id']}", ("remove", "quantity", None)).json()
    assert [changed[name] for name in ("quantity", "billedQuantity", "extPrice")] == [1, 1, 12.5]
