"""What opportunities and orders become, and what they take along."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller, items

OPPORTUNITIES = "/sales/opportunities"
ORDERS = "/sales/orders"
PRODUCTS = "/procurement/products"


def made(admin: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = admin.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def row(admin: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """A record of a setup table: the one there is, or a new one."""
    return {"id": (admin.get(path).json() or [made(admin, path, body)])[0]["id"]}


@pytest.fixture
def opportunity(admin: Caller) -> int:
    contact = made(admin, "/company/contacts", {"firstName": "Ann", "company": {"id": 1}})["id"]
    body = {
        "name": "Big deal",
        "company": {"id": 1},
        "contact": {"id": contact},
        "primarySalesRep": {"identifier": "Admin"},
        "customerPO": "PO 7",
    }
    return int(made(admin, OPPORTUNITIES, body)["id"])


@pytest.fixture
def board(admin: Caller) -> int:
    """A board with a status, for tickets and projects."""
    department = row(admin, "/system/departments", {"identifier": "Dep", "name": "Department"})
    location = {"id": admin.get("/system/locations").json()[0]["id"]}
    body = {"name": "Conversions", "location": location, "department": department, "projectFlag": True}
    number = int(made(admin, "/service/boards", body)["id"])
    made(admin, f"/service/boards/{number}/statuses", {"name": "Fresh", "defaultFlag": True})
    return number


@pytest.fixture
def order_status(admin: Caller) -> dict[str, Any]:
    return row(admin, f"{ORDERS}/statuses", {"name": "Taken", "defaultFlag": True})


@pytest.fixture
def agreement_type(admin: Caller) -> dict[str, Any]:
    body = {"name": "Managed", "employeeCompRate": "Actual", "employeeCompNotExceed": "Billing"}
    bill = dict.fromkeys(("billTime", "billExpenses", "billProducts"), "Billable")
    return row(admin, "/finance/agreements/types", {**body, "invoicingCycle": "CalendarYear", **bill})


def product(admin: Caller, **fields: Any) -> int:
    """A line of the product list, on what the fields say."""
    catalog = admin.get("/procurement/catalog").json()
    if not catalog:
        category = row(admin, "/procurement/categories", {"name": "Hardware"})
        sub = row(admin, "/procurement/subcategories", {"name": "Disks", "category": category})
        kind = row(admin, "/procurement/types", {"name": "Thing"})
        body = {"identifier": "DISK", "description": "Disk", "customerDescription": "Disk"}
        catalog = [made(admin, "/procurement/catalog", {**body, "subcategory": sub, "type": kind})]
    body = {"catalogItem": {"id": catalog[0]["id"]}, "billableOption": "Billable", "description": "Disk"}
    return int(made(admin, PRODUCTS, {**body, "quantity": 2, "price": 50, "cost": 30, **fields})["id"])


def conversions(admin: Caller, collection: str, number: int) -> list[tuple[str, int, str]]:
    rows = admin.get(f"{collection}/conversions/{number}").json()
    return [(one["parentType"], one["convertedTo"]["id"], one["convertedTo"]["name"]) for one in rows]


# -- an order ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("opportunity.to-order")
@pytest.mark.usefixtures("order_status")
def test_an_opportunity_becomes_an_order_with_products_and_notes(admin: Caller, opportunity: int) -> None:
    line = product(admin, opportunity={"id": opportunity})
    made(admin, f"{OPPORTUNITIES}/{opportunity}/notes", {"text": "before noon"})
    body = {"includeAllProductsFlag": True, "includeAllNotesFlag": True}
    order = made(admin, f"{OPPORTUNITIES}/{opportunity}/convertToSalesOrder", body)
    seen = admin.get(f"{ORDERS}/{order['id']}").json()
    assert (seen["company"]["id"], seen["opportunity"]["id"], seen["poNumber"]) == (1, opportunity, "PO 7")
    assert (seen["description"], seen["notes"], seen["productIds"]) == ("Big deal", "before noon", [line])
    assert admin.get(f"{PRODUCTS}/{line}").json()["salesOrder"]["id"] == order["id"]
    assert conversions(admin, OPPORTUNITIES, opportunity) == [("Opportunity", order["id"], "Sales Order")]


@pytest.mark.usefixtures("order_status")
def test_what_the_body_does_not_name_is_not_taken_along(admin: Caller, opportunity: int) -> None:
    first, second = (product(admin, opportunity={"id": opportunity}) for _ in range(2))
    note = made(admin, f"{OPPORTUNITIES}/{opportunity}/notes", {"text": "one"})["id"]
    made(admin, f"{OPPORTUNITIES}/{opportunity}/notes", {"text": "two"})
    body = {"includeProductIds": [second], "includeNoteIds": [note], "name": "Named"}
    order = made(admin, f"{OPPORTUNITIES}/{opportunity}/convertToSalesOrder", body)
    assert (order["description"], order["notes"], order["productIds"]) == ("Named", "one", [second])
    assert "salesOrder" not in admin.get(f"{PRODUCTS}/{first}").json()


@pytest.mark.usefixtures("order_status")
def test_an_id_that_is_not_the_opportunitys_makes_no_order(admin: Caller, opportunity: int) -> None:
    before = admin.get(f"{ORDERS}/count").json()
    for name, kind in (("includeProductIds", "Product"), ("includeNoteIds", "Note")):
        refused = admin.post(f"{OPPORTUNITIES}/{opportunity}/convertToSalesOrder", {name: [999999]})
        assert items(refused) == [("NotFound", f"{kind} 999999 not found", name)]
    gone = admin.post(f"{OPPORTUNITIES}/{opportunity}/convertToSalesOrder", {"salesOrderId": 999999})
    assert items(gone) == [("NotFound", "Sales Order 999999 not found", "salesOrderId")]
    assert admin.post(f"{OPPORTUNITIES}/999999/convertToSalesOrder", {}).status_code == 404
    assert admin.get(f"{ORDERS}/count").json() == before
    assert conversions(admin, OPPORTUNITIES, opportunity) == []


def test_an_opportunity_goes_into_an_order_there_is(
    admin: Caller, opportunity: int, order_status: dict[str, Any]
) -> None:
    body = {"company": {"id": 1}, "status": order_status, "salesRep": {"identifier": "Admin"}}
    order = made(admin, ORDERS, body)["id"]
    before = admin.get(f"{ORDERS}/count").json()
    made(admin, f"{OPPORTUNITIES}/{opportunity}/convertToSalesOrder", {"salesOrderId": order})
    assert admin.get(f"{ORDERS}/{order}").json()["opportunity"]["id"] == opportunity
    assert admin.get(f"{ORDERS}/count").json() == before


# -- agreement, project, ticket ----------------------------------------------------------------------------------------


@pytest.mark.rule("opportunity.to-agreement")
def test_an_opportunity_becomes_an_agreement_with_additions(
    admin: Caller, opportunity: int, agreement_type: dict[str, Any]
) -> None:
    product(admin, opportunity={"id": opportunity})
    path = f"{OPPORTUNITIES}/{opportunity}/convertToAgreement"
    body = {"type": agreement_type, "startDate": "2031-02-03", "includeAllProductsFlag": True}
    agreement = made(admin, path, body)
    seen = admin.get(f"/finance/agreements/{agreement['id']}").json()
    assert (seen["name"], seen["startDate"]) == ("Big deal", "2031-02-03T00:00:00Z")
    assert (seen["noEndingDateFlag"], seen["opportunity"]["id"]) == (True, opportunity)
    (addition,) = admin.get(f"/finance/agreements/{agreement['id']}/additions").json()
    assert (addition["quantity"], addition["unitPrice"], addition["billCustomer"]) == (2, 50, "Billable")
    assert conversions(admin, OPPORTUNITIES, opportunity) == [("Opportunity", agreement["id"], "Agreement")]
    assert [field for _, _, field in items(admin.post(path, {}))] == ["type"]
    wrong = admin.post(path, {"type": agreement_type, "startDate": "soon"})
    assert wrong.json() == {"code": "UnsupportedFormat", "message": "Unsupported format applied to startDate"}


@pytest.mark.rule("opportunity.to-project")
def test_an_opportunity_becomes_a_project_on_a_board(admin: Caller, opportunity: int, board: int) -> None:
    path = f"{OPPORTUNITIES}/{opportunity}/convertToProject"
    made(admin, f"{OPPORTUNITIES}/{opportunity}/notes", {"text": "before noon"})
    body = {"board": {"id": board}, "estimatedStart": "2031-01-01", "estimatedEnd": "2031-02-01T00:00:00Z"}
    project = made(admin, path, {**body, "includeAllNotesFlag": True})
    seen = admin.get(f"/project/projects/{project['id']}").json()
    assert (seen["name"], seen["board"]["id"], seen["opportunity"]["id"]) == ("Big deal", board, opportunity)
    assert seen["estimatedEnd"] == "2031-02-01T00:00:00Z"
    notes = admin.get(f"/project/projects/{project['id']}/notes").json()
    assert [one["text"] for one in notes] == ["before noon"]
    for name in ("board", "estimatedStart", "estimatedEnd"):
        refused = admin.post(path, {key: value for key, value in body.items() if key != name})
        assert [field for _, _, field in items(refused)] == [name]


@pytest.mark.rule("opportunity.to-ticket")
@pytest.mark.usefixtures("board")
def test_an_opportunity_becomes_a_ticket(admin: Caller, opportunity: int) -> None:
    line = product(admin, opportunity={"id": opportunity})
    made(admin, f"{OPPORTUNITIES}/{opportunity}/notes", {"text": "before noon"})
    body = {"summary": "Do it", "includeAllNotesFlag": True, "includeAllProductsFlag": True}
    ticket = made(admin, f"{OPPORTUNITIES}/{opportunity}/convertToServiceTicket", body)
    seen = admin.get(f"/service/tickets/{ticket['id']}").json()
    assert (seen["summary"], seen["opportunity"]["id"]) == ("Do it", opportunity)
    notes = admin.get(f"/service/tickets/{ticket['id']}/notes").json()
    assert [(one["text"], one["detailDescriptionFlag"]) for one in notes] == [("before noon", True)]
    assert admin.get(f"{PRODUCTS}/{line}").json()["ticket"]["id"] == ticket["id"]


def test_documents_are_copied_to_the_new_record(admin: Caller, opportunity: int, order_status: dict[str, Any]) -> None:
    form = {"recordType": "Opportunity", "recordId": str(opportunity), "title": "Quote"}
    sent = admin.http.post("/system/documents", data=form, files={"file": ("quote.txt", b"ten pieces")})
    assert sent.status_code in (200, 201), sent.text
    body = {"includeAllDocumentsFlag": True}
    order = made(admin, f"{OPPORTUNITIES}/{opportunity}/convertToSalesOrder", body)["id"]
    (copy,) = admin.get("/system/documents", recordType="SalesOrder", recordId=order).json()
    assert (copy["title"], copy["id"] != sent.json()["id"]) == ("Quote", True)
    assert admin.get(f"/system/documents/{copy['id']}/download").content == b"ten pieces"
    assert len(admin.get("/system/documents", recordType="Opportunity", recordId=opportunity).json()) == 1


# -- orders ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def order(admin: Caller, order_status: dict[str, Any]) -> int:
    body = {"company": {"id": 1}, "status": order_status, "salesRep": {"identifier": "Admin"}}
    return int(made(admin, ORDERS, {**body, "description": "Five disks"})["id"])


@pytest.mark.usefixtures("board")
def test_an_order_becomes_a_ticket(admin: Caller, order: int) -> None:
    line = product(admin, salesOrder={"id": order})
    answer = admin.http.post(f"{ORDERS}/{order}/convertToServiceTicket")
    assert answer.status_code == 201, answer.text
    ticket = answer.json()["id"]
    assert admin.get(f"/service/tickets/{ticket}").json()["summary"] == "Five disks"
    assert admin.get(f"{PRODUCTS}/{line}").json()["ticket"]["id"] == ticket
    assert conversions(admin, ORDERS, order) == [("SalesOrder", ticket, "Service Ticket")]
    assert admin.http.post(f"{ORDERS}/999999/convertToServiceTicket").status_code == 404
    assert admin.get(f"{ORDERS}/conversions/999999").status_code == 404


@pytest.mark.usefixtures("board")
def test_a_record_that_is_gone_is_no_conversion_any_more(admin: Caller, order: int) -> None:
    ticket = admin.http.post(f"{ORDERS}/{order}/convertToServiceTicket").json()["id"]
    assert admin.delete(f"/service/tickets/{ticket}").status_code == 204
    assert conversions(admin, ORDERS, order) == []


def test_the_recap_of_an_order_adds_up_its_products(admin: Caller, order: int) -> None:
    path = f"{ORDERS}/{order}/financialrecap"
    (empty,) = admin.get(path).json()
    assert empty == {"id": order, "billableAmount": 0, "cost": 0, "margin": 0, "percent": 0}
    product(admin, salesOrder={"id": order})
    product(admin, salesOrder={"id": order}, billableOption="NoCharge", price=5, cost=10)
    (recap,) = admin.get(path).json()
    assert recap == {"id": order, "billableAmount": 100, "cost": 80, "margin": 20, "percent": 20}
    assert admin.get(path, conditions="margin > 20").json() == []
    assert admin.get(f"{ORDERS}/999999/financialrecap").status_code == 404
