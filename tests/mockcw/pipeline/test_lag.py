"""Search lag: a new record is there by id at once, and no search finds it before its time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockcw import Emulator, MockcwError
from tests.mockcw.caller import Caller, Control
from tests.mockcw.rules.finance.shop import Shop

AGREEMENTS, TICKETS = "/finance/agreements", "/service/tickets"
NOW = "2026-05-04T10:00:00Z"


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A shop in which searches lag, with its time frozen."""
    with Emulator("small", settings={"profile": "lag", "search_lag": "agreements=180, tickets=30"}) as emulator:
        Control(emulator).put("/clock", {"now": NOW, "frozen": True})
        yield Shop(Caller(emulator))


def passes(shop: Shop, seconds: int) -> None:
    Control(shop.caller.emulator).put("/clock", {"advance": f"PT{seconds}S"})


def last(shop: Shop) -> dict[str, Any]:
    return dict(Control(shop.caller.emulator).get("/requests")[-1])


def ways(shop: Shop, number: int) -> dict[str, bool]:
    """Which searches find a ticket."""
    word = f"id={number}"
    asked = {"resourceType": "ticket", "apiRequest": {"filters": {"conditions": word}}}
    bundle = shop.caller.post("/system/bundles", {"requests": [{"sequenceNumber": 1, **asked}]}).json()["results"][0]
    count = shop.caller.post("/system/bundles/count", {"requests": [{"sequenceNumber": 1, **asked}]}).json()
    report = shop.caller.get("/system/reports/Service", conditions=f"TicketNbr={number}").json()
    forward = shop.caller.get(TICKETS, conditions=word, headers={"pagination-type": "forward-only"})
    return {
        "list": bool(shop.caller.get(TICKETS, conditions=word).json()),
        "page": bool(shop.caller.get(TICKETS, orderBy="id desc", pageSize=1).json()[0]["id"] == number),
        "forward": bool(forward.json()),
        "info": bool(shop.caller.get(f"{TICKETS}/info", conditions=word).json()),
        "count": shop.caller.get(f"{TICKETS}/count", conditions=word).json()["count"] == 1,
        "search": bool(shop.caller.post(f"{TICKETS}/search", {"conditions": word}).json()),
        "bundle": bool(bundle["entities"]),
        "bundled count": count["results"][0]["count"] == 1,
        "report": bool(report.get("row_values")),
        "report count": shop.caller.get("/system/reports/Service/count", conditions=f"TicketNbr={number}").json()[
            "count"
        ]
        == 1,
    }


def test_no_way_of_searching_finds_a_record_before_its_time(shop: Shop) -> None:
    ticket = shop.made(TICKETS, summary="New", company={"id": 1})
    path = f"{TICKETS}/{ticket['id']}"
    assert set(ways(shop, ticket["id"]).values()) == {False}, ways(shop, ticket["id"])
    assert shop.read(path)["summary"] == "New"
    assert shop.caller.patch(path, ("replace", "summary", "Newer")).status_code == 200
    shop.made(f"{path}/notes", text="There", detailDescriptionFlag=True)
    assert len(shop.read(f"{path}/notes")) == 1
    passes(shop, 29)
    assert set(ways(shop, ticket["id"]).values()) == {False}
    passes(shop, 1)
    assert set(ways(shop, ticket["id"]).values()) == {True}, ways(shop, ticket["id"])


def test_looking_up_and_creating_in_turn_makes_three_agreements(shop: Shop) -> None:
    """Story 1: each look-up comes before the lag is over."""
    old = shop.read(f"{AGREEMENTS}?pageSize=1")[0]
    body = {name: old[name] for name in ("type", "company", "contact")} | {"name": "Managed"}
    made = []
    for _ in range(3):
        assert shop.caller.get(AGREEMENTS, conditions="name='Managed'").json() == []
        made.append(shop.made(AGREEMENTS, **body)["id"])
        passes(shop, 59)
    addition = {"product": shop.ref(shop.item()), "billCustomer": "Billable"}
    shop.made(f"{AGREEMENTS}/{made[-1]}/additions", **addition)
    assert len(shop.read(f"{AGREEMENTS}/{made[-1]}/additions")) == 1, "what lies under it is within reach"
    assert [shop.read(f"{AGREEMENTS}/{one}")["id"] for one in made] == made
    passes(shop, 180)
    assert [one["id"] for one in shop.caller.get(AGREEMENTS, conditions="name='Managed'").json()] == made


def test_the_journal_says_what_was_held_back(shop: Shop) -> None:
    shop.made(TICKETS, summary="New", company={"id": 1})
    shop.caller.get(TICKETS, conditions="summary='New'")
    entry = last(shop)
    assert (entry["cause"], entry["reason"]) == (
        "search-lag",
        "1 found too new for searches (setting search_lag): search-lag",
    )
    shop.caller.get(TICKETS, conditions="summary='Old'")
    assert last(shop)["cause"] is None, "nothing that was asked for was held back"
    told = Control(shop.caller.emulator).get(f"/requests/{entry['id']}")
    assert "read them by the id" in told["remedy"]["keys"]


def test_what_a_member_does_not_see_is_not_counted_as_held_back(shop: Shop) -> None:
    emulator = shop.caller.emulator
    control = Control(emulator)
    shop.made(TICKETS, summary="New", company={"id": 1})
    control.patch("/members/SonicSaaS", {"excluded_boards": [one["id"] for one in shop.read("/service/boards")]})
    Caller(emulator, "sonicsaas").get(TICKETS, conditions="summary='New'")
    assert "search-lag" not in str(last(shop)["reason"])


def test_a_record_of_the_future_was_always_there(shop: Shop) -> None:
    number = shop.made(TICKETS, summary="New", company={"id": 1})["id"]
    Control(shop.caller.emulator).put("/clock", {"now": "2026-05-01T10:00:00Z"})
    assert shop.caller.get(f"{TICKETS}/count", conditions=f"id={number}").json() == {"count": 1}


@pytest.mark.parametrize(
    "text", ["agreement=180", "agreements", "agreements=soon", "agreements=-1", "=5", "tickets=1.5"]
)
def test_a_lag_that_makes_no_sense_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(MockcwError, match="^setting search_lag "):
        Emulator("empty", settings={"search_lag": text})


def test_without_a_lag_a_new_record_is_found_at_once(admin: Caller) -> None:
    number = Shop(admin).made(TICKETS, summary="New", company={"id": 1})["id"]
    assert admin.get(f"{TICKETS}/count", conditions=f"id={number}").json() == {"count": 1}
