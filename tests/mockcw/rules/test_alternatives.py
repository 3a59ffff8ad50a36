"""Choices about weakly known rules, the other way than they are made; the usual way is where each rule's tests are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockcw import Emulator
from mockcw.clock import from_text
from mockcw.engine.writer import Author
from tests.mockcw.caller import Caller, items
from tests.mockcw.rules.desk import NOW, Desk
from tests.mockcw.rules.finance.shop import Shop

OTHERWISE = {
    "reopened": "keep",
    "scheduled_ticket_delete": "stay",
    "bundled_ticket_delete": "refuse",
    "unassociated_item": "allow",
    "demanded_of_time": "any",
    "work_role_places": "any",
    "product_extended_by": "quantity",
    "account_twins": "allow",
    "association_twins": "allow",
    "cancelled_agreement_day": "as-sent",
    "default_rows": "many",
    "documents_of_deleted": "stay",
    "custom_field_locations": "require",
    "handed_in_expenses": "allow",
    "email_connector_limits": "any",
    "in_use_code": "RecordInUse",
    "too_long_code": "InvalidField",
}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An emulator with all of these choices made otherwise."""
    with Emulator("empty", settings=OTHERWISE) as emulator:
        emulator.world.clock.set(from_text(NOW), frozen=True)
        yield emulator


@pytest.fixture(scope="module")
def desk(emulator: Emulator) -> Desk:
    """A desk there."""
    return Desk(emulator)


@pytest.fixture(scope="module")
def shop(emulator: Emulator) -> Shop:
    """A shop there."""
    return Shop(Caller(emulator))


@pytest.mark.rule("ticket.closing", "opportunity.closing")
def test_who_closed_it_stays_after_it_was_opened_again(desk: Desk) -> None:
    done, new = ({"name": name} for name in ("Done", "New"))
    path = f"/service/tickets/{desk.ticket(status=done)['id']}"
    opened = desk.admin.patch(path, ("replace", "status", new)).json()
    assert (opened["closedFlag"], opened["closedBy"], opened["closedDate"]) == (False, "Admin", NOW)
    statuses = "/sales/opportunities/statuses"
    closed, still = (desk.make(statuses, name=f"S{flag}", closedFlag=flag)["id"] for flag in (True, False))
    contact = desk.make("/company/contacts", firstName="A", company={"id": desk.company})["id"]
    deal = {"name": "Deal", "primarySalesRep": {"id": desk.member}, "company": {"id": desk.company}}
    made = desk.make("/sales/opportunities", **deal, contact={"id": contact}, status={"id": closed})
    again = desk.admin.patch(f"/sales/opportunities/{made['id']}", ("replace", "status", {"id": still})).json()
    assert (again["closedDate"], again["closedBy"]["identifier"]) == (NOW, "Admin")


def test_plans_stay_and_a_bundle_keeps_its_parent(desk: Desk) -> None:
    parent, child = desk.ticket()["id"], desk.ticket()["id"]
    plan = desk.make("/schedule/entries", type={"identifier": "S"}, objectId=child, dateStart=NOW, hours=1)["id"]
    desk.do(f"/service/tickets/{parent}/attachChildren", {"childTicketIds": [child]})
    answer = desk.admin.delete(f"/service/tickets/{parent}")
    body = {"code": "RecordInUse", "message": f"Ticket {parent} is in use."}
    assert (answer.status_code, answer.json()) == (409, body)
    assert desk.admin.delete(f"/service/tickets/{child}").status_code == 204
    assert desk.read(f"/schedule/entries/{plan}")["objectId"] == child


def test_plans_may_keep_a_ticket() -> None:
    with Emulator("empty", settings={"scheduled_ticket_delete": "refuse"}) as emulator:
        other = Desk(emulator)
        ticket = other.ticket()["id"]
        other.make("/schedule/entries", type={"identifier": "S"}, objectId=ticket, dateStart=NOW, hours=1)
        answer = other.admin.delete(f"/service/tickets/{ticket}")
        assert (answer.status_code, answer.json()["code"]) == (409, "ObjectInUse")


def test_time_may_lack_what_a_flag_wants(desk: Desk) -> None:
    engine = desk.emulator.world.tenants["training"].engine
    flag = {"requireStartAndEndTimeOnTimeEntryFlag": True}
    engine.set("/system/members", desk.member, flag, Author("Admin", None))
    assert desk.time(timeEnd=None, actualHours=1)["actualHours"] == 1


@pytest.mark.rule("product.extended")
def test_what_is_cancelled_counts(shop: Shop) -> None:
    made = shop.product(shop.item(price=10), quantity=3, quantityCancelled=1)
    assert made["extPrice"] == 30


def test_two_logins_may_have_one_name(desk: Desk) -> None:
    body = {"username": "twin", "password": "Secret-1234"}
    first, second = (desk.make("/system/integratorlogins", **body)["id"] for _ in range(2))
    assert first != second
    mail = desk.read(f"/system/members/{desk.member}")
    fields = ("identifier", "licenseClass", "firstName", "lastName", "hireDate", "defaultEmail", "defaultPhone")
    member = {name: mail.get(name) for name in fields} | {"hireDate": NOW, "licenseClass": "F", "lastName": "Twin"}
    member |= {"defaultEmail": "Office", "defaultPhone": "Office", "securityRole": {"id": 1}}
    for name in ("officeEmail",):
        member[name] = "a@b.example"
    answer = desk.admin.post("/system/members", member)
    assert ("ObjectExists", "identifier") not in {(one[0], one[2]) for one in items(answer)}, answer.text


def test_a_type_may_be_given_twice(desk: Desk) -> None:
    kind = desk.make("/company/companies/types", name="Twice")["id"]
    path = f"/company/companies/{desk.company}/typeAssociations"
    assert [desk.make(path, type={"id": kind})["type"]["id"] for _ in range(2)] == [kind, kind]
    contact = desk.make("/company/contacts", firstName="A")["id"]
    kind = desk.make("/company/contacts/types", description="Twice")["id"]
    path = f"/company/contacts/{contact}/typeAssociations"
    assert [desk.make(path, type={"id": kind})["type"]["id"] for _ in range(2)] == [kind, kind]


@pytest.mark.rule("agreement.status")
def test_an_agreement_may_be_cancelled_without_a_day(shop: Shop) -> None:
    made = shop.agreement(cancelledFlag=True)
    assert (made["agreementStatus"], "dateCancelled" in made) == ("Cancelled", False)


@pytest.mark.parametrize("table", ["statuses", "types"])
def test_several_rows_may_be_the_default(desk: Desk, table: str) -> None:
    made = [desk.make(f"/company/companies/{table}", name=f"D{at}", defaultFlag=True)["id"] for at in range(2)]
    rows = desk.read(f"/company/companies/{table}", conditions="defaultFlag=true")
    assert set(made) <= {one["id"] for one in rows}


@pytest.mark.rule("custom-field.locations")
def test_a_custom_field_may_have_to_name_a_location(desk: Desk) -> None:
    body = {"podId": 1, "caption": "Tier", "sequenceNumber": 1, "fieldTypeIdentifier": "Text"}
    answer = desk.admin.post("/system/userDefinedFields", body)
    assert items(answer) == [("MissingRequiredField", "At least one location is required.", "locationIds")]
    assert desk.make("/system/userDefinedFields", **body, locationIds=[1])["id"]
    assert desk.make("/system/userDefinedFields", **{**body, "caption": "T2"}, addAllLocations=True)["id"]


def test_documents_may_outlive_their_record(desk: Desk) -> None:
    ticket = desk.ticket()["id"]
    form = {"recordType": "Ticket", "recordId": str(ticket), "title": "x"}
    sent = desk.admin.http.post("/system/documents", files={"file": ("a.txt", b"x")}, data=form).json()["id"]
    assert desk.admin.delete(f"/service/tickets/{ticket}").status_code == 204
    assert desk.read(f"/system/documents/{sent}")["title"] == "x"


def test_expenses_on_a_report_handed_in_may_change(shop: Shop) -> None:
    entry = shop.expense()
    assert shop.caller.http.post(f"/expense/reports/{entry['expenseReport']['id']}/submit").is_success
    changed = shop.caller.patch(f"/expense/entries/{entry['id']}", ("replace", "amount", 7))
    assert changed.json()["amount"] == 7


def test_a_limit_may_stand_without_its_flags(desk: Desk) -> None:
    path = f"/service/boards/{desk.board}"
    limit = "emailConnectorReopenDaysLimit"
    assert desk.admin.patch(path, ("replace", limit, 5)).json()[limit] == 5


def test_codes_that_nobody_has_shown_can_be_others(desk: Desk) -> None:
    answer = desk.admin.patch(f"/service/tickets/{desk.ticket()['id']}", ("replace", "summary", "x" * 101))
    text = "The field summary must be a string with a maximum length of 100."
    assert items(answer) == [("InvalidField", text, "summary")]
