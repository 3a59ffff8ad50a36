"""All demo records: of their models, whole in their references, and in step with one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
import pytest

from mockcw import Emulator
from mockcw.clock import Clock
from mockcw.delivery import Outbox
from mockcw.demo import SIZES
from mockcw.engine.references import References
from mockcw.engine.writer import Author, Writer
from mockcw.store import EVERYTHING, Store
from tests.mockcw.demo.shape import Judge

Record = dict[str, Any]
EMPTY = {  # read-only collections without a row, and why
    "/company/m365contact": "filled by a sync with a Microsoft tenant, and a new instance is connected to none",
    "/system/documents": "a document needs contents: it comes by upload only",
}
MADE = "2026-01-05T08:00:00Z"
MOMENTS = ("lastUpdated", "updatedBy", "dateEntered", "enteredBy")


@pytest.fixture(scope="module")
def small() -> Iterator[Emulator]:
    with Emulator("small") as emulator:
        yield emulator


def store_of(emulator: Emulator) -> Store:
    return emulator.world.tenants["training"].store


def records(emulator: Emulator, collection: str) -> list[Record]:
    return [orjson.loads(doc) for _, doc in store_of(emulator).rows(collection, EVERYTHING)]


# -- form --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["small", "msp"])
def test_every_record_is_valid_and_every_reference_resolves(size: str) -> None:
    with Emulator(size) as emulator:
        judge = Judge(emulator.world.catalogue, store_of(emulator))
        assert list(judge.complaints()) == []
        assert judge.looked_at > (4000 if size == "small" else 50_000)


def test_the_judge_sees_what_is_wrong() -> None:
    with Emulator(3) as emulator:
        store, company = store_of(emulator), records(emulator, "/company/companies")[0]
        wrong: Record = {
            **company, "nonsense": 1, "leadFlag": "yes", "phoneNumber": "1" * 31, "dateAcquired": "today",
            "status": {"id": 99, "name": "Active"}, "territory": {"id": 1, "name": "Elsewhere"}, "name": "",
        }  # fmt: skip
        store.update("/company/companies", 1, orjson.dumps(wrong))
        found = " ".join(Judge(emulator.world.catalogue, store).complaints())
    for text in (
        "nonsense is no field",
        "leadFlag is 'yes'",
        "longer than 30",
        "no moment",
        "leads nowhere",
        "name is req",
    ):
        assert text in found
    assert "territory is" in found


def test_records_written_in_bulk_are_as_the_engine_would_have_stored_them(small: Emulator) -> None:
    world, store, scratch = small.world, store_of(small), Store()
    scratch.root = store.root
    outbox = Outbox(scratch, Clock(), world.ids, world.settings)
    writer = Writer(world.catalogue, scratch, References(world.catalogue, store), Clock(), outbox)
    looked_at = 0
    for collection in [name for name in store.collections() if name.startswith("/")]:
        row = world.catalogue.row(collection)
        for number, doc in store.rows(collection, EVERYTHING):
            record = orjson.loads(doc)
            info = record.pop("_info")
            parents = tuple(line_of(small, collection, number))
            plain = {name: value for name, value in record.items() if name != "id"}
            made = orjson.loads(
                writer.insert(world.catalogue.model(row.model), collection, parents, number, plain, Author("x", None))
            )
            for name in MOMENTS:
                made["_info"].pop(name)
                info.pop(name)
            assert list(made["_info"].items()) == list(info.items()), collection
            assert list({**made, "_info": 0}) == list(orjson.loads(doc)), collection
            looked_at += 1
    assert looked_at > 4000


def line_of(emulator: Emulator, collection: str, number: int) -> list[int]:
    """The ids of the records that enclose one, outermost first."""
    line: list[int] = []
    for outer in reversed(emulator.world.catalogue.row(collection).parents):
        number = store_of(emulator).parent_of(collection, number) or 0
        line.insert(0, number)
        collection = outer
    return line


def test_what_is_nested_has_a_parent(small: Emulator) -> None:
    store, catalogue = store_of(small), small.world.catalogue
    for collection in [name for name in store.collections() if "{" in name]:
        outer = catalogue.row(collection).parents[-1]
        for number, _ in store.rows(collection, EVERYTHING):
            assert store.get(outer, store.parent_of(collection, number) or 0), (collection, number)


# -- extent ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["small", "msp"])
def test_a_size_holds_what_its_plan_says(size: str) -> None:
    plan = SIZES[size]
    expected = {
        "/company/companies": plan.companies,
        "/company/contacts": plan.contacts,
        "/company/configurations": plan.configurations,
        "/service/tickets": plan.tickets,
        "/finance/agreements": plan.agreements,
        "/sales/opportunities": plan.opportunities,
        "/sales/activities": plan.activities,
        "/project/projects": plan.projects,
        "/finance/invoices": plan.invoices,
        "/procurement/products": plan.products,
        "/sales/orders": plan.orders,
        "/procurement/purchaseorders": plan.purchase_orders,
        "/expense/entries": plan.expenses,
        "/system/members": 10 + plan.technicians,
    }
    with Emulator(size) as emulator:
        store = store_of(emulator)
        assert {name: store.count(name, EVERYTHING) for name in expected} == expected
        assert store.count("/finance/agreements/{parentId}/additions", EVERYTHING) >= plan.agreements


def test_a_read_only_collection_has_a_row_or_a_reason(small: Emulator) -> None:
    catalogue, store = small.world.catalogue, store_of(small)
    own = [row.key for row in catalogue.rows() if row.view_of is None]
    closed = [key for key in own if "create" not in catalogue.collection(key).operations]
    assert {key for key in closed if not store.count(key, EVERYTHING)} == set(EMPTY)
    filled = [key for key in own if store.count(key, EVERYTHING)]
    assert len(filled) > len(own) * 0.95


def test_a_new_instance_has_its_setup_tables_and_no_business() -> None:
    with Emulator("empty") as emulator:
        store = store_of(emulator)
        for name in ("/company/countries", "/service/boards", "/time/workTypes", "/finance/billingTerms"):
            assert store.count(name, EVERYTHING), name
        for name in ("/company/companies", "/company/contacts", "/service/tickets", "/finance/agreements"):
            assert not store.count(name, EVERYTHING), name
        wrong = list(Judge(emulator.world.catalogue, store).complaints())
        assert wrong == ["/system/myCompany/timeExpense 1: internalCompany is required"]  # there is no company yet


def test_a_number_of_tickets_replaces_that_of_the_size() -> None:
    with Emulator("small", tickets=7) as emulator:
        assert store_of(emulator).count("/service/tickets", EVERYTHING) == 7
        assert list(Judge(emulator.world.catalogue, store_of(emulator)).complaints()) == []


# -- business ----------------------------------------------------------------------------------------------------------


def test_tickets_agree_with_their_board_company_and_time(small: Emulator) -> None:
    store, spent = store_of(small), defaultdict[int, float](float)
    for entry in records(small, "/time/entries"):
        if entry["chargeToType"] == "ServiceTicket":
            spent[entry["chargeToId"]] += entry["actualHours"]
            assert entry["ticket"]["id"] == entry["chargeToId"]
    contacts = {one["id"]: one for one in records(small, "/company/contacts")}
    statuses = {one["id"]: one for one in records(small, "/service/boards/{parentId}/statuses")}
    closed = 0
    for ticket in records(small, "/service/tickets"):
        board = ticket["board"]["id"]
        for name, inner in (("status", "statuses"), ("type", "types"), ("subType", "subtypes"), ("team", "teams")):
            assert store.parent_of(f"/service/boards/{{parentId}}/{inner}", ticket[name]["id"]) == board
        assert contacts[ticket["contact"]["id"]]["company"]["id"] == ticket["company"]["id"]
        assert statuses[ticket["status"]["id"]]["closedStatus"] is ticket["closedFlag"] is ("closedDate" in ticket)
        assert ticket["actualHours"] == spent[ticket["id"]]
        info = ticket["_info"]
        assert "2025-10-01" < info["dateEntered"] <= info["lastUpdated"] <= MADE
        closed += ticket["closedFlag"]
    assert 0.5 < closed / SIZES["small"].tickets < 0.95


def test_time_entries_are_on_their_members_sheet_of_the_week(small: Emulator) -> None:
    sheets, hours = {one["id"]: one for one in records(small, "/time/sheets")}, defaultdict[int, float](float)
    for entry in records(small, "/time/entries"):
        sheet = sheets[entry["timeSheet"]["id"]]
        assert sheet["member"] == entry["member"]
        assert sheet["dateStart"][:10] <= entry["timeStart"][:10] <= sheet["dateEnd"][:10]
        assert entry["timeEnd"] <= MADE
        hours[sheet["id"]] += entry["actualHours"]
    assert {number: sheet["hours"] for number, sheet in sheets.items()} == hours
    owners = [(sheet["member"]["id"], sheet["dateStart"]) for sheet in sheets.values()]
    assert len(owners) == len(set(owners))
    spans = {(one["startDate"], one["endDate"]) for one in records(small, "/time/timePeriodSetups/{parentId}/periods")}
    assert {(sheet["dateStart"], sheet["dateEnd"]) for sheet in sheets.values()} <= spans


def test_agreements_have_a_contact_of_their_company_and_additions_that_add_up(small: Emulator) -> None:
    contacts = {one["id"]: one["company"]["id"] for one in records(small, "/company/contacts")}
    for agreement in records(small, "/finance/agreements"):
        assert contacts[agreement["contact"]["id"]] == agreement["company"]["id"]
    for addition in records(small, "/finance/agreements/{parentId}/additions"):
        assert addition["billedQuantity"] == addition["quantity"] - addition["lessIncluded"]
        assert round(addition["billedQuantity"] * addition["unitPrice"] - addition["extPrice"], 4) == 0


def test_invoices_add_up_and_paid_ones_have_a_payment(small: Emulator) -> None:
    payments = {one["invoice"]["id"]: one["amount"] for one in records(small, "/finance/invoices/{parentId}/payments")}
    for invoice in records(small, "/finance/invoices"):
        assert round(invoice["subtotal"] + invoice["salesTax"] - invoice["total"], 4) == 0
        assert round(invoice["total"] - invoice["payments"] - invoice["balance"], 4) == 0
        assert payments.get(invoice["id"], 0) == invoice["payments"]


def test_the_batch_holds_its_invoices_to_the_cent(small: Emulator) -> None:
    posted = {one["id"]: one["total"] for one in records(small, "/finance/invoices") if "glBatch" in one}
    debits, credits = defaultdict[int, float](float), defaultdict[int, float](float)
    for entry in records(small, "/finance/accounting/batches/{parentId}/entries"):
        debits[entry["invoice"]["id"]] += entry["debit"]
        credits[entry["invoice"]["id"]] += entry["credit"]
    assert posted
    assert dict(debits) == posted
    assert {number: round(amount, 2) for number, amount in credits.items()} == posted


def test_a_contact_shows_the_communications_it_has(small: Emulator) -> None:
    inside: dict[int, list[Record]] = defaultdict(list)
    for item in records(small, "/company/contacts/{parentId}/communications"):
        inside[item["contactId"]].append(item)
    for contact in records(small, "/company/contacts"):
        shown = contact["communicationItems"]
        assert [one["id"] for one in shown] == [one["id"] for one in inside[contact["id"]]]
        for one, own in zip(shown, inside[contact["id"]], strict=True):
            assert one == {name: own[name] for name in own if name not in ("contactId", "mobileGuid", "_info")}


@cache
def firsts() -> tuple[int, ...]:
    """Live companies of the small set."""
    with Emulator("small") as emulator:
        return tuple(one["id"] for one in records(emulator, "/company/companies") if not one["deletedFlag"])


def test_each_live_company_has_one_default_contact_of_its_own(small: Emulator) -> None:
    contacts = records(small, "/company/contacts")
    defaults = {one["company"]["id"]: one["id"] for one in contacts if one["defaultFlag"]}
    companies = {one["id"]: one for one in records(small, "/company/companies")}
    assert len(firsts()) == 38
    assert {number: companies[number]["defaultContact"]["id"] for number in firsts()} == defaults
