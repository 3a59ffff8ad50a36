"""The server's day: what it decides when a record is written, and what follows when it turns and nobody writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.clock import from_text
from mockcw.zones import windows_names
from tests.mockcw.caller import Caller, Control
from tests.mockcw.rules.finance.shop import Shop

AGREEMENTS = "/finance/agreements"
EVENING = "2026-03-05T03:00:00Z"  # ten in the evening of the fourth in New York
ZONES = ("Line Islands Standard Time", "UTC-11", "New Zealand Standard Time", "Eastern Standard Time")
MOMENTS = st.datetimes(
    datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    datetime(2027, 12, 31, tzinfo=UTC).replace(tzinfo=None),
    timezones=st.just(UTC),
)


def at(emulator: Emulator, moment: str) -> None:
    """Freeze the clock."""
    Control(emulator).put("/clock", {"now": moment, "frozen": True})


# -- what is written ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=ZONES)
def abroad(request: pytest.FixtureRequest) -> Iterator[tuple[Shop, str, dict[str, Any]]]:
    """A shop on a server in another zone, the zone's name, and what its records are made of."""
    with Emulator(settings={"server_time_zone": request.param}) as emulator:
        shop = Shop(Caller(emulator))
        company, kind = shop.ref(shop.company()), shop.ref(shop.agreement_type())
        contact = shop.ref(shop.made("/company/contacts", firstName="Ann", company=company))
        rep = shop.ref(shop.read("/system/members")[0])
        yield shop, request.param, {"company": company, "contact": contact, "type": kind, "rep": rep}


@given(MOMENTS)
@example(datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC))  # the hour that summer time leaves out
@example(datetime(2026, 11, 1, 5, 30, tzinfo=UTC))  # the hour that comes twice
@example(datetime(2026, 1, 1, 10, 0, tzinfo=UTC))
@example(datetime(2026, 1, 1, 10, 59, 59, tzinfo=UTC))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_dates_that_nobody_gives_are_the_day_it_is_at_the_server(
    abroad: tuple[Shop, str, dict[str, Any]], moment: datetime
) -> None:
    shop, zone, made_of = abroad
    shop.caller.emulator.world.clock.set(moment, frozen=True)
    today = f"{moment.astimezone(ZoneInfo(windows_names()[zone])).date()}T00:00:00Z"
    company, contact = made_of["company"], made_of["contact"]
    agreement = shop.made(AGREEMENTS, name="Today", type=made_of["type"], company=company, contact=contact)
    assert (agreement["billStartDate"], agreement["agreementStatus"]) == (today, "Active")
    path = f"{AGREEMENTS}/{agreement['id']}"
    same_day = shop.caller.patch(path, ("replace", "startDate", today), ("replace", "endDate", today)).json()
    assert same_day["agreementStatus"] == "Active"
    assert shop.caller.patch(path, ("replace", "cancelledFlag", True)).json()["dateCancelled"] == today
    deal = shop.made(
        "/sales/opportunities", name="Deal", company=company, contact=contact, primarySalesRep=made_of["rep"]
    )
    assert (deal["expectedCloseDate"], deal["dateBecameLead"]) == (today, today)
    assert shop.made("/finance/invoices", type="Standard", company=company)["date"] == today


@pytest.mark.rule("agreement.from-type", "addition.effective")
def test_utc_today_may_lie_before_the_day_billing_starts(emulator: Emulator) -> None:
    """Story 7: in Auckland a new day has begun; a client that takes its date from UTC is turned away."""
    with Emulator("empty", settings={"server_time_zone": "New Zealand Standard Time"}) as other:
        at(other, "2026-03-04T20:00:00Z")
        shop = Shop(Caller(other))
        path = f"{AGREEMENTS}/{shop.agreement()['id']}/additions"
        item = {"product": shop.ref(shop.item()), "billCustomer": "Billable"}
        refused = shop.caller.post(path, {**item, "effectiveDate": "2026-03-04T00:00:00Z"})
        text = "effectiveDate cannot be less than the agreement billing start date."
        assert (refused.status_code, refused.json()["errors"][0]["message"]) == (400, text)
        assert shop.made(path, **item)["effectiveDate"] == "2026-03-05T00:00:00Z"


# -- what follows when the day turns -----------------------------------------------------------------------------------


@pytest.fixture
def shop(admin: Caller) -> Shop:
    """Makes what a test needs, in the evening."""
    at(admin.emulator, EVENING)
    return Shop(admin)


def statuses(caller: Caller, number: int) -> list[str]:
    """The status of an agreement by every door, and of its addition."""
    path, (addition,) = f"{AGREEMENTS}/{number}", caller.get(f"{AGREEMENTS}/{number}/additions").json()
    word = caller.get(path).json()["agreementStatus"]
    condition = f"id={number} and agreementStatus='{word}'"
    (listed,) = caller.get(AGREEMENTS, conditions=f"id={number}").json()
    (found,) = caller.get(AGREEMENTS, conditions=condition).json()
    assert caller.get(f"{AGREEMENTS}/count", conditions=condition).json() == {"count": 1}
    return [word, listed["agreementStatus"], found["agreementStatus"], addition["agreementStatus"]]


@pytest.mark.rule("agreement.status")
def test_a_status_follows_the_calendar_at_the_servers_midnight(shop: Shop, admin: Caller) -> None:
    days = {"startDate": "2026-03-05T00:00:00Z", "endDate": "2026-03-06T00:00:00Z"}
    number = shop.agreement(billStartDate="2026-03-01T00:00:00Z", **days)["id"]
    shop.made(f"{AGREEMENTS}/{number}/additions", product=shop.ref(shop.item()), billCustomer="Billable")
    for moment, word in (
        ("2026-03-05T04:59:59Z", "Inactive"),
        ("2026-03-05T05:00:00Z", "Active"),
        ("2026-03-07T04:59:59Z", "Active"),
        ("2026-03-07T05:00:00Z", "Expired"),
        ("2026-03-06T12:00:00Z", "Active"),  # the clock may be set back, too
    ):
        at(admin.emulator, moment)
        assert statuses(admin, number) == [word] * 4, moment


def test_a_turn_of_the_day_is_nobodys_write(shop: Shop, admin: Caller) -> None:
    body = {"url": "http://127.0.0.1:9/x?recordId=", "objectId": 1, "type": "agreement", "level": "owner"}
    shop.made("/system/callbacks", **body)
    number = shop.agreement(startDate="2026-03-05T00:00:00Z")["id"]
    path, control = f"{AGREEMENTS}/{number}", Control(admin.emulator)
    before, sent = admin.get(path).json(), len(control.get("/deliveries"))
    trail = f"/system/audittrail?type=Agreement&id={number}"
    lines = admin.get(trail).json()
    at(admin.emulator, "2026-03-06T12:00:00Z")
    after = admin.get(path).json()
    assert (before["agreementStatus"], after["agreementStatus"]) == ("Inactive", "Active")
    assert after == {**before, "agreementStatus": "Active"}, "lastUpdated stays"
    assert admin.get(trail).json() == lines != []
    assert len(control.get("/deliveries")) == sent


def test_records_of_the_day_come_back_with_a_reset(emulator: Emulator, admin: Caller) -> None:
    at(emulator, EVENING)
    first = [one["agreementStatus"] for one in admin.get(AGREEMENTS, pageSize=1000).json()]
    at(emulator, "1999-01-01T00:00:00Z")
    before_all = {one["agreementStatus"] for one in admin.get(AGREEMENTS, pageSize=1000).json()}
    assert "Active" not in before_all, "nothing had begun by then"
    emulator.reset()
    at(emulator, EVENING)
    assert [one["agreementStatus"] for one in admin.get(AGREEMENTS, pageSize=1000).json()] == first


def test_a_file_that_was_closed_before_midnight_is_right_the_day_after(tmp_path: Any) -> None:
    path = tmp_path / "day.db"
    with closing(Emulator("empty", db=path)) as emulator:
        emulator.world.clock.set(from_text(EVENING), frozen=True)
        number = Shop(Caller(emulator)).agreement(startDate="2026-03-05T00:00:00Z")["id"]
    with closing(Emulator("empty", db=path)) as emulator:
        emulator.world.clock.set(from_text("2026-03-06T12:00:00Z"), frozen=True)
        assert Caller(emulator).get(f"{AGREEMENTS}/{number}").json()["agreementStatus"] == "Active"


def test_a_rule_that_is_left_out_does_not_come_back_at_midnight() -> None:
    with Emulator("empty", settings={"rules_off": "agreement.status"}) as emulator:
        at(emulator, EVENING)
        shop = Shop(Caller(emulator))
        number = shop.agreement(startDate="2026-03-05T00:00:00Z")["id"]
        at(emulator, "2026-03-06T12:00:00Z")
        assert "agreementStatus" not in shop.read(f"{AGREEMENTS}/{number}")
