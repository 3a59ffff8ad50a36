"""A campaign shows the activities and opportunities that refer to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller

CAMPAIGNS = "/marketing/campaigns"


def made(admin: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = admin.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture
def campaign(admin: Caller) -> int:
    kind = made(admin, f"{CAMPAIGNS}/types", {"name": "Mailing"})["id"]
    sub = made(admin, f"{CAMPAIGNS}/subTypes", {"name": "Letter", "type": {"id": kind}})["id"]
    status = made(admin, f"{CAMPAIGNS}/statuses", {"name": "Running"})["id"]
    body = {"name": "Spring", "type": {"id": kind}, "subType": {"id": sub}, "status": {"id": status}}
    return int(made(admin, CAMPAIGNS, {**body, "startDate": "2031-01-01T00:00:00Z"})["id"])


def test_activities_of_a_campaign_are_listed_and_counted(admin: Caller, campaign: int) -> None:
    activity = {"name": "Call", "assignTo": {"identifier": "Admin"}}
    ours = made(admin, "/sales/activities", {**activity, "campaign": {"id": campaign}})["id"]
    made(admin, "/sales/activities", activity)
    path = f"{CAMPAIGNS}/{campaign}/activities"
    (row,) = admin.get(path).json()
    assert (row["id"], row["name"]) == (ours, "Call")
    assert set(row) <= {"id", "name", "_info"}
    assert admin.get(f"{path}/count").json() == {"count": 1}
    assert admin.get(path, conditions='name = "Visit"').json() == []
    assert admin.get(f"{CAMPAIGNS}/999999/activities").status_code == 404


def test_opportunities_of_a_campaign_are_listed_and_counted(admin: Caller, campaign: int) -> None:
    contact = made(admin, "/company/contacts", {"firstName": "Ann", "company": {"id": 1}})["id"]
    body = {
        "name": "Deal",
        "company": {"id": 1},
        "contact": {"id": contact},
        "primarySalesRep": {"identifier": "Admin"},
    }
    ours = made(admin, "/sales/opportunities", {**body, "campaign": {"id": campaign}})["id"]
    made(admin, "/sales/opportunities", body)
    path = f"{CAMPAIGNS}/{campaign}/opportunities"
    assert [one["id"] for one in admin.get(path).json()] == [ours]
    assert admin.get(f"{path}/count", conditions='name = "Deal"').json() == {"count": 1}
    admin.patch(f"/sales/opportunities/{ours}", ("remove", "campaign", None))
    assert admin.get(path).json() == []
