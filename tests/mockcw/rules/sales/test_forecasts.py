"""The forecast of an opportunity: its items, and the sums over them."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw.engine.writer import Author
from tests.mockcw.caller import Caller, Control, items

OPPORTUNITIES = "/sales/opportunities"
STATUSES = f"{OPPORTUNITIES}/statuses"


def made(admin: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = admin.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture
def opportunity(admin: Caller) -> int:
    contact = made(admin, "/company/contacts", {"firstName": "Ann", "company": {"id": 1}})["id"]
    chance = made(admin, "/sales/probabilities", {"probability": 40})["id"]
    body = {
        "name": "Deal",
        "company": {"id": 1},
        "contact": {"id": contact},
        "primarySalesRep": {"identifier": "Admin"},
        "probability": {"id": chance},
    }
    return int(made(admin, OPPORTUNITIES, body)["id"])


@pytest.fixture
def path(opportunity: int) -> str:
    return f"{OPPORTUNITIES}/{opportunity}/forecast"


@pytest.fixture
def won(admin: Caller) -> int:
    return int(made(admin, STATUSES, {"name": "Won deal", "wonFlag": True})["id"])


@pytest.fixture
def still_open(admin: Caller) -> int:
    return int(made(admin, STATUSES, {"name": "Still open"})["id"])


def item(opportunity: int, status: int, kind: str = "Product", **fields: Any) -> dict[str, Any]:
    return {"opportunity": {"id": opportunity}, "status": {"id": status}, "forecastType": kind, **fields}


def forecast(admin: Caller, path: str) -> dict[str, Any]:
    (only,) = admin.get(path).json()
    return dict(only)


# -- the forecast ------------------------------------------------------------------------------------------------------


@pytest.mark.rule("opportunity.forecast")
def test_an_opportunity_has_an_empty_forecast_from_the_start(admin: Caller, path: str) -> None:
    empty = forecast(admin, path)
    assert empty["forecastItems"] == []
    assert empty["forecastRevenueTotals"] == {"revenue": 0, "cost": 0, "margin": 0, "percentage": 0}
    assert empty["expectedProbability"] == 40
    assert admin.get(f"{path}/count").json() == {"count": 1}


@pytest.mark.rule("opportunity.forecast-follows")
def test_the_forecast_follows_the_opportunitys_probability(admin: Caller, path: str, opportunity: int) -> None:
    chance = made(admin, "/sales/probabilities", {"probability": 90})["id"]
    admin.patch(f"{OPPORTUNITIES}/{opportunity}", ("replace", "probability", {"id": chance}))
    assert forecast(admin, path)["expectedProbability"] == 90


@pytest.mark.rule("forecast.sums")
def test_sums_are_by_kind_status_and_inclusion(
    admin: Caller, path: str, opportunity: int, won: int, still_open: int
) -> None:
    rows = [
        item(opportunity, won, "Product", revenue=100, cost=60, includeFlag=True),
        item(opportunity, still_open, "Service", revenue=50.5, cost=0),
        item(opportunity, still_open, "Other1", recurringFlag=True, recurringRevenue=10, cycles=12),
    ]
    made(admin, path, {"forecastItems": rows})
    sums = forecast(admin, path)
    assert sums["productRevenue"] == {"revenue": 100, "cost": 60, "margin": 40, "percentage": 40}
    assert sums["serviceRevenue"]["revenue"] == 50.5
    assert sums["forecastRevenueTotals"]["revenue"] == sums["forecastTotalWithTaxes"] == 150.5
    assert sums["inclusiveRevenueTotals"]["revenue"] == 100
    assert sums["wonRevenue"]["revenue"] == 100
    assert sums["openRevenue"]["revenue"] == 50.5
    assert sums["lostRevenue"]["revenue"] == 0
    assert sums["recurringTotal"] == 120
    assert admin.get(path, conditions="recurringTotal > 100").json()[0]["id"] == sums["id"]
    assert admin.get(path, conditions="recurringTotal > 120").json() == []


def test_items_are_shown_whole(admin: Caller, path: str, opportunity: int, won: int) -> None:
    made(admin, path, {"forecastItems": [item(opportunity, won, revenue=5, cost=2)]})
    (one,) = forecast(admin, path)["forecastItems"]
    assert one["status"]["name"] == "Won deal"
    assert admin.http.get(one["status"]["_info"]["status_href"]).json()["id"] == won
    assert (one["opportunity"]["name"], one["margin"], one["includeFlag"]) == ("Deal", 3, False)
    assert admin.get(f"{path}/{one['id']}").json() == one


def test_an_item_gets_an_id_that_no_forecast_has(admin: Caller, path: str, opportunity: int, won: int) -> None:
    """Also beside items that nobody posted: demo data bring their own ids."""
    tenant = admin.emulator.world.tenants["training"]
    record = {"forecastItems": [item(opportunity, won, id=4711)]}
    other = {"name": "Other", "company": {"id": 1}, "contact": {"id": 1}, "primarySalesRep": {"id": 1}}
    elsewhere = made(admin, OPPORTUNITIES, other)["id"]
    number = tenant.engine.look.find(f"{OPPORTUNITIES}/{{parentId}}/forecast", parent=elsewhere)[0]["id"]
    tenant.engine.set(f"{OPPORTUNITIES}/{{parentId}}/forecast", number, record, Author("System", None))
    made(admin, path, {"forecastItems": [item(opportunity, won), item(opportunity, won)]})
    assert [one["id"] for one in forecast(admin, path)["forecastItems"]] == [4712, 4713]


def test_a_post_adds_a_put_replaces_a_delete_empties(admin: Caller, path: str, opportunity: int, won: int) -> None:
    made(admin, path, {"forecastItems": [item(opportunity, won, revenue=1)]})
    made(admin, path, {"forecastItems": [item(opportunity, won, revenue=2)]})
    first, second = forecast(admin, path)["forecastItems"]
    assert (first["revenue"], second["revenue"]) == (1, 2)
    body = {"forecastItems": [item(opportunity, won, revenue=3), item(opportunity, won, id=first["id"], revenue=4)]}
    replaced = admin.put(path, body)
    assert replaced.status_code == 200, replaced.text
    fresh, kept = forecast(admin, path)["forecastItems"]
    assert (fresh["revenue"], kept["revenue"], kept["id"]) == (3, 4, first["id"])
    assert fresh["id"] > second["id"]
    twice = [item(opportunity, won, id=first["id"], revenue=one) for one in (5, 6)]
    assert admin.put(path, {"forecastItems": twice}).status_code == 200
    kept, fresh = forecast(admin, path)["forecastItems"]
    assert (kept["id"] == first["id"], fresh["id"] > first["id"]) == (True, True)
    assert admin.delete(path).status_code == 204
    assert forecast(admin, path)["forecastItems"] == []
    assert forecast(admin, path)["forecastRevenueTotals"]["revenue"] == 0


def test_index_paths_of_a_patch_reach_the_items(admin: Caller, path: str, opportunity: int, won: int) -> None:
    made(admin, path, {"forecastItems": [item(opportunity, won, revenue=1), item(opportunity, won, revenue=2)]})
    before = forecast(admin, path)["forecastItems"]
    patched = admin.patch(path, ("replace", "/forecastItems/1/revenue", 20), ("remove", "/forecastItems/0", None))
    assert patched.status_code == 200, patched.text
    after = forecast(admin, path)
    assert [(one["id"], one["revenue"]) for one in after["forecastItems"]] == [(before[1]["id"], 20)]
    assert after["forecastItems"][0]["status"]["name"] == "Won deal"
    assert after["forecastRevenueTotals"]["revenue"] == 20


# -- one item ----------------------------------------------------------------------------------------------------------


def test_an_item_is_added_changed_copied_and_removed(admin: Caller, path: str, opportunity: int, won: int) -> None:
    number = forecast(admin, path)["id"]
    one = made(admin, f"{path}/{number}", item(opportunity, won, revenue=1, forecastDescription="first"))
    assert admin.patch(f"{path}/{one['id']}", ("replace", "/revenue", 7)).json()["revenue"] == 7
    assert admin.get(f"{path}/{one['id']}").json()["forecastDescription"] == "first"
    put = admin.put(f"{path}/{one['id']}", item(opportunity, won, "Service", revenue=8))
    assert (put.status_code, put.json()["id"]) == (200, one["id"])
    assert "forecastDescription" not in admin.get(f"{path}/{one['id']}").json()
    copied = admin.http.post(f"{path}/copy/{one['id']}")
    assert (copied.status_code, copied.json()["success"]) == (200, True)
    rows = forecast(admin, path)["forecastItems"]
    assert [row["revenue"] for row in rows] == [8, 8]
    assert rows[1]["id"] > one["id"]
    assert admin.delete(f"{path}/{one['id']}").status_code == 204
    assert admin.get(f"{path}/{one['id']}").status_code == 404
    assert forecast(admin, path)["serviceRevenue"]["revenue"] == 8


def test_a_patch_inside_a_reference_of_an_item_moves_it(
    admin: Caller, path: str, opportunity: int, won: int, still_open: int
) -> None:
    one = made(admin, f"{path}/{forecast(admin, path)['id']}", item(opportunity, still_open, revenue=9))
    moved = admin.patch(f"{path}/{one['id']}", ("replace", "status/id", won))
    assert moved.json()["status"]["name"] == "Won deal"
    assert forecast(admin, path)["wonRevenue"]["revenue"] == 9


def test_what_is_wrong_with_an_item_is_said_and_changes_nothing(
    admin: Caller, control: Control, path: str, opportunity: int, won: int
) -> None:
    number = forecast(admin, path)["id"]
    one = made(admin, f"{path}/{number}", item(opportunity, won, revenue=1))
    before = forecast(admin, path)
    control.put("/clock", {"now": "2031-01-02T03:04:05Z", "frozen": True})
    nowhere = admin.post(f"{path}/{number}", item(opportunity, 999999))
    assert items(nowhere) == [("NotFound", "Opportunity Status 999999 not found", "status/id")]
    assert admin.post(f"{path}/{number}", {"forecastType": "Product"}).status_code == 400
    assert admin.post(path, {"forecastItems": [{"revenue": 1}]}).status_code == 400
    made(admin, path, {"forecastItems": [None]})
    for raw in (b"{}", b"[1]", b'[{"op":"replace"}]', b"["):
        assert admin.send("PATCH", f"{path}/{one['id']}", raw).status_code == 400
    missing = admin.get(f"{path}/999999")
    assert (missing.status_code, missing.json()["message"]) == (404, "Forecast Item 999999 not found")
    for answer in (
        admin.post(f"{path}/999999", item(opportunity, won)),
        admin.put(f"{path}/999999", item(opportunity, won)),
        admin.patch(f"{path}/999999", ("replace", "revenue", 1)),
        admin.delete(f"{path}/999999"),
        admin.http.post(f"{path}/copy/999999"),
        admin.get(f"{OPPORTUNITIES}/999999/forecast/{one['id']}"),
        admin.delete(f"{OPPORTUNITIES}/999999/forecast"),
    ):
        assert answer.status_code == 404
    after = forecast(admin, path)
    assert after["forecastItems"] == before["forecastItems"]
