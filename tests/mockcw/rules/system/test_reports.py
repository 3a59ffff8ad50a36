"""Reports: columns and rows out of the store, under conditions, order and page."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw.catalogue import load
from mockcw.rules.system.report_tables import tables
from tests.mockcw.caller import Caller, message

REPORTS = "/system/reports"


@pytest.fixture
def acme(admin: Caller) -> int:
    """Three companies whose names begin with Rep."""
    main = {"site": {"name": "Main"}}
    numbers = [
        admin.post(
            "/company/companies", {"identifier": f"Rep{name}", "name": f"Rep {name}", "city": city, **main}
        ).json()["id"]
        for name, city in (("A", "Rome"), ("B", "Oslo"), ("C", "Rome"))
    ]
    return int(numbers[0])


def rows(admin: Caller, name: str, **query: Any) -> list[list[Any]]:
    answer = admin.get(f"{REPORTS}/{name}", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["row_values"])


def test_reports_are_listed_by_the_names_clients_use(admin: Caller) -> None:
    names = {one["name"] for one in admin.get(REPORTS, pageSize=1000).json()}
    assert names >= {"Company", "Contact", "Service", "Time", "Agreement", "Invoice", "Member"}
    assert names >= {"ConnectWiseHostedApiScreen", "InvoiceTemplate"}
    assert [one["name"] for one in admin.get(REPORTS, conditions='name="Service"').json()] == ["Service"]


def test_a_report_shows_its_columns_and_a_row_a_record(admin: Caller, acme: int) -> None:
    answer = admin.get(f"{REPORTS}/Company", columns="Company_RecID, company_name", conditions=f"Company_RecID={acme}")
    assert answer.json() == {
        "column_definitions": [
            {"Company_RecID": {"type": "Numeric", "isNullable": False, "identityColumn": True}},
            {"Company_Name": {"type": "Text", "isNullable": True, "identityColumn": False}},
        ],
        "row_values": [[acme, "Rep A"]],
    }


def test_conditions_order_and_page_name_columns(admin: Caller, acme: int) -> None:
    asked = {"columns": "Company_ID", "conditions": 'Company_Name like "Rep *"', "orderBy": "Company_Name desc"}
    assert rows(admin, "company", **asked) == [["RepC"], ["RepB"], ["RepA"]]
    assert rows(admin, "Company", **asked, pageSize=1, page=2) == [["RepB"]]
    both = '(Company_Name like "Rep *" and City="Rome") and not Company_ID in ("RepA")'
    assert rows(admin, "Company", columns="Company_ID", conditions=both) == [["RepC"]]
    assert admin.get(f"{REPORTS}/Company/count", conditions=both).json() == {"count": 1}
    either = 'Company_ID="RepA" or Company_ID="RepB"'
    assert rows(admin, "Company", columns="Company_ID", conditions=either) == [["RepA"], ["RepB"]]


def test_a_page_has_25_rows_like_any_list(admin: Caller) -> None:
    total = admin.get(f"{REPORTS}/Company/count").json()["count"]
    assert len(rows(admin, "Company")) == min(total, 25)


def test_values_inside_references_are_reached_and_missing_ones_are_null(admin: Caller, acme: int) -> None:
    asked = {"columns": "Status,Website,Deleted_Flag", "conditions": f'Status="Active" and Company_RecID={acme}'}
    assert rows(admin, "Company", **asked) == [["Active", None, False]]


def test_a_report_follows_every_write(admin: Caller, acme: int) -> None:
    admin.patch(f"/company/companies/{acme}", ("replace", "city", "Bern"))
    assert rows(admin, "Company", columns="City", conditions=f"Company_RecID={acme}") == [["Bern"]]


def test_columns_are_told_apart_from_rows(admin: Caller) -> None:
    columns = admin.get(f"{REPORTS}/Member/columns").json()
    assert {"Member_ID": {"type": "Text", "isNullable": True, "identityColumn": False}} in columns
    assert admin.get(f"{REPORTS}/Member/count", conditions='Member_ID="Admin"').json() == {"count": 1}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"columns": "Planet"}, "Planet is not a recognized name."),
        ({"conditions": "Planet=1"}, "Planet is not a recognized name."),
        ({"conditions": "name='x'"}, "name is not a recognized name."),
        ({"orderBy": "Planet"}, "Planet is not a recognized name."),
    ],
)
def test_an_unknown_column_is_refused(admin: Caller, query: dict[str, str], text: str) -> None:
    answer = admin.get(f"{REPORTS}/Company", **query)
    assert (answer.status_code, message(answer)) == (400, text)


@pytest.mark.parametrize("tail", ["", "/columns", "/count"])
def test_an_unknown_report_is_missing(admin: Caller, tail: str) -> None:
    answer = admin.get(f"{REPORTS}/Planet{tail}")
    assert (answer.status_code, message(answer)) == (404, "Report Planet not found")


def test_every_report_can_be_read(admin: Caller) -> None:
    for one in admin.get(REPORTS, pageSize=1000).json():
        answer = admin.get(f"{REPORTS}/{one['name']}").json()
        assert all(len(row) == len(answer["column_definitions"]) for row in answer["row_values"])


def test_every_column_lies_in_the_model_of_its_records() -> None:
    catalogue = load()
    for report in tables().values():
        for column in report.columns:
            model = catalogue.model(catalogue.row(report.collection).model)
            for name in column.path:
                if name == "_info":
                    break
                assert name in model.fields, f"{report.name}.{column.name}"
                model = catalogue.model(model.fields[name].ref or model.name)
