"""Opportunities: what a new one starts with, moving to another stage, being closed and opened again."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw.clock import from_text
from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Shop

OPPORTUNITIES = "/sales/opportunities"
NOW, LATER = "2026-03-04T10:00:00Z", "2026-03-05T11:00:00Z"


@pytest.fixture
def shop(admin: Caller) -> Shop:
    admin.emulator.world.clock.set(from_text(NOW), frozen=True)
    return Shop(admin)


def opportunity(shop: Shop, **more: Any) -> dict[str, Any]:
    company = shop.company()
    contact = shop.made("/company/contacts", firstName="Ann", company=shop.ref(company))
    who = {"company": shop.ref(company), "contact": shop.ref(contact), "primarySalesRep": {"identifier": "Admin"}}
    return shop.made(OPPORTUNITIES, name="Big deal", **{**who, **more})


def status(shop: Shop, **flags: bool) -> dict[str, Any]:
    return shop.ref(shop.made(f"{OPPORTUNITIES}/statuses", name=shop.name("Status")[:30], **flags))


@pytest.mark.rule("opportunity.start")
def test_a_new_opportunity_is_open_in_the_first_stage_at_its_companys_site(shop: Shop) -> None:
    made = opportunity(shop)
    [first] = [one for one in shop.read(f"{OPPORTUNITIES}/statuses") if one["defaultFlag"]]
    stages = sorted(shop.read("/sales/stages"), key=lambda one: (one["sequenceNumber"], one["id"]))
    site = shop.read(f"/company/companies/{made['company']['id']}")["site"]
    assert (made["status"]["id"], made["stage"]["id"], made["site"]["id"]) == (first["id"], stages[0]["id"], site["id"])
    assert (made["dateBecameLead"], made["expectedCloseDate"]) == ("2026-03-04T00:00:00Z",) * 2
    assert (made["pipelineChangeDate"], "closedDate" in made) == (NOW, False)
    said = opportunity(shop, stage={"id": stages[-1]["id"]}, expectedCloseDate="2026-09-01T00:00:00Z")
    assert (said["stage"]["id"], said["expectedCloseDate"]) == (stages[-1]["id"], "2026-09-01T00:00:00Z")


@pytest.mark.rule("opportunity.stage")
def test_another_stage_changes_the_pipeline(shop: Shop, admin: Caller) -> None:
    made = opportunity(shop)
    admin.emulator.world.clock.set(from_text(LATER), frozen=True)
    path = f"{OPPORTUNITIES}/{made['id']}"
    assert admin.patch(path, ("replace", "name", "Bigger deal")).json()["pipelineChangeDate"] == NOW
    stage = shop.ref(shop.made("/sales/stages", name=shop.name("Stage")))
    assert admin.patch(path, ("replace", "stage", stage)).json()["pipelineChangeDate"] == LATER


@pytest.mark.rule("opportunity.closing")
def test_a_closed_status_closes_it_and_another_one_opens_it(shop: Shop, admin: Caller) -> None:
    path = f"{OPPORTUNITIES}/{opportunity(shop)['id']}"
    closed = admin.patch(path, ("replace", "status", status(shop, closedFlag=True, wonFlag=True))).json()
    assert (closed["closedDate"], closed["closedBy"]["identifier"]) == (NOW, "Admin")
    opened = admin.patch(path, ("replace", "status", status(shop))).json()
    assert not {"closedDate", "closedBy"} & set(opened)
    when = ("replace", "closedDate", "2026-03-01T00:00:00Z")
    said = admin.patch(path, ("replace", "status", status(shop, closedFlag=True)), when).json()
    assert said["closedDate"] == "2026-03-01T00:00:00Z"
    assert opportunity(shop, status=status(shop, closedFlag=True))["closedDate"] == NOW
