"""The same values next door: what a mask hides in one model is not shown by its neighbours (assumed, as the masks)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from mockcw.catalogue import load
from mockcw.permissions import rights
from tests.mockcw.permissions.kinds import managed_project, opportunity, time_entry
from tests.mockcw.permissions.stage import TIME, Stage, ids, staged

CATALOGUE = load()
LEVELS = pytest.mark.parametrize("level", ["None", "My", "All"])
PHASES, SALES, LOG = "Project > Project Phase", "Sales > Opportunity", "/time/changelogs"


@dataclass(frozen=True, slots=True)
class Beside:
    """A neighbour of a masked model: the row of its records, and how to make one; the path to read it comes back."""

    right: str
    area: str | None
    make: Callable[[Stage], str]

    def __str__(self) -> str:
        return self.right


def filled(stage: Stage, right: str, collection: str, record_id: int) -> None:
    """Give the record a value in every field that a mask is about."""
    values: dict[str, Any] = {}
    model = CATALOGUE.model(rights()[right].on)
    for field in rights()[right].fields:
        plain: Any = {"integer": 7, "number": 7.5, "boolean": True, "ref": {"id": 1}}
        values[field] = plain.get(model.fields[field].type, "2026-03-04")
    stage.store_fields(collection, record_id, **values)


def log_row(stage: Stage) -> str:
    time_entry(stage, "Mate")
    [row] = stage.read(LOG)
    filled(stage, "time-log-billing", LOG, row["id"])
    return LOG


def phase(stage: Stage) -> str:
    project = managed_project(stage, "Mate")
    number = stage.phase(project)
    filled(stage, "phase-finance", "/project/projects/{parentId}/phases", number)
    return f"/project/projects/{project}/phases/{number}"


def template(stage: Stage) -> str:
    path = "/system/membertemplates"
    number = stage.make(path, identifier="Temp")["id"]
    filled(stage, "template-finance", path, number)
    return f"{path}/{number}"


def forecast(stage: Stage) -> tuple[str, int]:
    """The path of a forecast, and the id of its one item."""
    path = f"/sales/opportunities/{opportunity('primarySalesRep')(stage, 'Mate')}/forecast"
    status = stage.read("/sales/opportunities/statuses")[0]["id"]
    money = {"revenue": 900, "cost": 400, "recurringRevenue": 30, "recurringCost": 20, "recurringFlag": True}
    given = {"forecastType": "Product", "forecastDescription": "Box", "status": {"id": status}, **money}
    of = {"opportunity": {"id": int(path.split("/")[3])}}
    [made] = stage.make(path, forecastItems=[{**given, **of}])["forecastItems"]
    return path, int(made["id"])


def forecast_item(stage: Stage) -> str:
    path, number = forecast(stage)
    return f"{path}/{number}"


def oneself(stage: Stage) -> str:
    filled(stage, "my-member-finance", "/system/members", stage.number("Tech"))
    return "/system/myMembers"


BESIDE = (
    Beside("time-log-billing", TIME, log_row),
    Beside("phase-finance", PHASES, phase),
    Beside("template-finance", "System > Member Maintenance", template),
    Beside("forecast-item-finance", SALES, forecast_item),
    Beside("my-member-finance", None, oneself),
)
EACH = pytest.mark.parametrize("beside", BESIDE, ids=str)


def ready(stage: Stage, beside: Beside, level: str) -> str:
    """Make the record, and give the role its row and the level of the mask's."""
    path, row = beside.make(stage), rights()[beside.right].row
    if beside.area:
        stage.let(beside.area, "All")
    stage.let(f"{row.module} > {row.area}", inquire=level)
    return path


def one(answer: Any) -> dict[str, Any]:
    """The record of an answer that has one."""
    return dict(answer[0] if isinstance(answer, list) else answer)


@EACH
@LEVELS
def test_the_fields_are_shown_with_the_row_only(stage: Stage, beside: Beside, level: str) -> None:
    path, fields = ready(stage, beside, level), set(rights()[beside.right].fields)
    answer = stage.tech.get(path)
    shown = set(one(stage.fine(answer)))
    assert fields & shown == (set() if level == "None" else fields)
    [asked] = [it for it in stage.entry(answer)["asked"] if it["right"] == beside.right]
    assert (asked["allowed"], asked["has"]) == (level != "None", level)


@EACH
def test_only_these_fields_are_left_out(stage: Stage, beside: Beside) -> None:
    path, fields = ready(stage, beside, "All"), rights()[beside.right].fields
    whole = one(stage.fine(stage.tech.get(path)))
    stage.let(f"{rights()[beside.right].row.module} > {rights()[beside.right].row.area}", inquire="None")
    bare = one(stage.fine(stage.tech.get(path)))
    assert bare == {name: value for name, value in whole.items() if name not in fields}


@LEVELS
def test_the_items_inside_a_forecast_show_money_with_the_row_only(stage: Stage, level: str) -> None:
    path, number = forecast(stage)
    stage.let(SALES, "All")
    stage.let("Sales > Opportunity Finance", inquire=level)
    money = {"revenue", "cost", "margin", "recurringRevenue", "recurringCost"}
    for answer in (stage.tech.get(path), stage.tech.get(path, fields="forecastItems")):
        [item] = one(stage.fine(answer))["forecastItems"]
        assert (item["id"], item["forecastDescription"]) == (number, "Box")
        assert money & set(item) == (set() if level == "None" else money)


def test_money_of_items_cannot_be_found_out_by_conditions(stage: Stage) -> None:
    path, _ = forecast(stage)
    stage.let(SALES, "All")
    told = "forecastItems/revenue > 800"
    assert len(ids(stage.admin.get(path, childConditions=told))) == 1
    assert ids(stage.tech.get(path, childConditions=told)) == []
    assert len(ids(stage.tech.get(path, childConditions="forecastItems/forecastDescription='Box'"))) == 1


def test_an_item_changed_by_one_who_is_not_shown_its_money_keeps_it(stage: Stage) -> None:
    path, number = forecast(stage)
    stage.let(SALES, "All")
    answer = stage.tech.patch(f"{path}/{number}", ("replace", "forecastDescription", "Crate"))
    assert "revenue" not in stage.fine(answer)
    item = stage.read(f"{path}/{number}")
    assert (item["forecastDescription"], item["revenue"], item["cost"], item["margin"]) == ("Crate", 900, 400, 500)
    [seen] = stage.fine(stage.tech.get(path))[0]["forecastItems"]
    stage.fine(stage.tech.patch(path, ("replace", "forecastItems", [{**seen, "forecastDescription": "Chest"}])))
    item = stage.read(f"{path}/{number}")
    assert (item["forecastDescription"], item["revenue"], item["recurringCost"]) == ("Chest", 900, 20)


def test_the_cost_of_an_hour_is_not_shown_by_the_entry(stage: Stage) -> None:
    number = time_entry(stage, "Mate")
    stage.store_fields("/time/entries", number, hourlyCost="55")
    stage.let(TIME, "All")
    assert "hourlyCost" not in stage.fine(stage.tech.get(f"/time/entries/{number}"))
    stage.let("Finance > Billing View Time", inquire="My")
    assert stage.fine(stage.tech.get(f"/time/entries/{number}"))["hourlyCost"] == "55"


def test_inferred_masks_next_door_are_only_logged_by_setting() -> None:
    with staged(permissions_inferred="log") as stage:
        for beside in BESIDE:
            fields, inferred = set(rights()[beside.right].fields), rights()[beside.right].row.confidence == "C"
            answer = stage.tech.get(ready(stage, beside, "None"))
            assert (fields <= set(one(stage.fine(answer)))) is inferred, beside
