"""Dates as clients write them: of some kinds of records one form only is taken, of others many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.engine.values import strictly_written
from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Shop

TOLERATED = {
    "2026-03-04": "2026-03-04T00:00:00Z",
    "2026-03-04T08:00:00": "2026-03-04T08:00:00Z",
    "2026-03-04T08:00:00.123Z": "2026-03-04T08:00:00Z",
    "2026-03-04T08:00:00+02:00": "2026-03-04T06:00:00Z",
}
NEVER = ("soon", "2026-02-30T08:00:00Z", "2026-03-04T25:00:00Z")
GOOD = "2026-03-04T08:00:00Z"


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """A shop with what the strict kinds need."""
    with Emulator("small") as emulator:
        yield Shop(Caller(emulator))


def bodies(shop: Shop) -> dict[str, tuple[str, dict[str, Any]]]:
    """A body of each strict kind without its date, and the date's name."""
    ticket, member = shop.read("/service/tickets?pageSize=1")[0]["id"], {"identifier": "Admin"}
    kind = {"identifier": "S"}
    return {
        "/time/entries": ("timeStart", {"chargeToId": ticket, "chargeToType": "ServiceTicket", "actualHours": 1}),
        "/sales/activities": ("dateStart", {"name": "Call", "assignTo": member}),
        "/schedule/entries": ("dateStart", {"type": kind, "objectId": ticket, "member": member}),
    }


def unsupported(field: str) -> dict[str, str]:
    return {"code": "UnsupportedFormat", "message": f"Unsupported format applied to {field}"}


@pytest.mark.parametrize("collection", ["/time/entries", "/sales/activities", "/schedule/entries"])
def test_time_activities_and_schedule_take_one_form(shop: Shop, collection: str) -> None:
    field, body = bodies(shop)[collection]
    for text in (*TOLERATED, *NEVER, "2026-03-04t08:00:00z", "2026-03-04 08:00:00Z", 5):
        answer = shop.caller.post(collection, {**body, field: text})
        assert (answer.status_code, answer.json()) == (400, unsupported(field)), text
    made = shop.made(collection, **body, **{field: GOOD})
    path = f"{collection}/{made['id']}"
    assert made[field] == GOOD
    for text in (*TOLERATED, *NEVER):
        answer = shop.caller.patch(path, ("replace", field, text))
        assert (answer.status_code, answer.json()) == (400, unsupported(field)), text
        assert shop.read(path)[field] == GOOD
    replaced = shop.caller.put(path, {**made, field: "2026-03-04"})
    assert (replaced.status_code, replaced.json()) == (400, unsupported(field))
    later = shop.caller.patch(path, ("replace", f"/{field}", "2026-03-04T09:00:00Z"))
    assert (later.status_code, later.json()[field]) == (200, "2026-03-04T09:00:00Z")
    cleared = shop.caller.patch(path, ("replace", "dateEnd" if field == "dateStart" else "timeEnd", ""))
    assert cleared.status_code == 200, "an empty text clears a date and is no form of one"


@pytest.mark.parametrize(("text", "kept"), TOLERATED.items())
def test_finance_and_sales_take_other_forms(shop: Shop, text: str, kept: str) -> None:
    agreement = shop.agreement(startDate=text)
    assert agreement["startDate"] == kept
    path = f"/finance/agreements/{agreement['id']}"
    assert shop.caller.patch(path, ("replace", "startDate", text)).json()["startDate"] == kept


def test_which_kinds_are_strict_is_a_setting() -> None:
    with Emulator("small", settings={"strict_dates": "agreements"}) as emulator:
        shop = Shop(Caller(emulator))
        field, body = bodies(shop)["/sales/activities"]
        assert shop.made("/sales/activities", **body, **{field: "2026-03-04"})[field] == "2026-03-04T00:00:00Z"
        path = f"/finance/agreements/{shop.read('/finance/agreements?pageSize=1')[0]['id']}"
        answer = shop.caller.patch(path, ("replace", "startDate", "2026-03-04"))
        assert (answer.status_code, answer.json()) == (400, unsupported("startDate"))


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from(("Z", "", "z", "+00:00", ".5Z", " Z", "Z ")))
def test_the_one_form_is_utc_with_whole_seconds(moment: datetime, end: str) -> None:
    assert strictly_written(f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}{end}") is (end == "Z")
