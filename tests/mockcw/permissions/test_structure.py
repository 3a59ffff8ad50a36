"""Structure level: what lies outside is silently missing everywhere, and as missing by id (effect documented)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mockcw.permissions.deeds import item
from tests.mockcw.permissions.stage import COMPANIES, STAGED, TICKETS, Stage, ids, staged
from tests.mockcw.permissions.ways import agree, bundled, page_by_page

BRANCH = 2
AREAS = (
    COMPANIES,
    "Companies > Company/Contact Group Maintenance",
    "Companies > Contacts",
    "Companies > Configurations",
    "Companies > CRM/Sales Activities",
    "Companies > Manage Attachments",
    "Companies > Notes",
    "Finance > Agreements",
    "Finance > Invoicing",
    "Project > Project Headers",
    "Project > Project Tickets",
    "Project > Project Phase",
    "Sales > Opportunity",
    "Sales > Sales Orders",
    "Service Desk > Service Tickets",
    "Service Desk > Resource Scheduling",
    "System > Member Maintenance",
    "System > API Reports",
    "System > Table Setup",
    "Time & Expense > Time Entry",
    "Procurement > Products",
)


@dataclass(frozen=True, slots=True)
class Hung:
    """A kind of record that hangs on a company; `make` creates one on a company."""

    path: str
    resource: str
    make: Callable[[Stage, int], int]
    change: str
    info: bool = False
    search: bool = False
    report: str | None = None

    def __str__(self) -> str:
        return self.path


def of(company: int) -> dict[str, dict[str, int]]:
    """A reference to a company."""
    return {"company": {"id": company}}


def contact(stage: Stage, company: int) -> int:
    return int(stage.make("/company/contacts", firstName="Ada", **of(company))["id"])


def configuration(stage: Stage, company: int) -> int:
    kind = stage.read("/company/configurations/types")[0]["id"]
    return int(stage.make("/company/configurations", name="PC", type={"id": kind}, **of(company))["id"])


def agreement(stage: Stage, company: int) -> int:
    kinds = stage.read("/finance/agreements/types")
    kind = kinds[0] if kinds else stage.make("/finance/agreements/types", name="Care", agreementTypeFlag=True)
    person = {"id": contact(stage, company)}
    given = {"name": "Care", "type": {"id": kind["id"]}, "contact": person, "startDate": "2026-01-01T00:00:00Z"}
    return int(stage.make("/finance/agreements", **given, **of(company))["id"])


def invoice(stage: Stage, company: int) -> int:
    return int(stage.make("/finance/invoices", type="Miscellaneous", **of(company))["id"])


def opportunity(stage: Stage, company: int) -> int:
    people = {"primarySalesRep": {"identifier": "Admin"}, "contact": {"id": contact(stage, company)}}
    return int(stage.make("/sales/opportunities", name="Deal", **people, **of(company))["id"])


def activity(stage: Stage, company: int) -> int:
    return int(stage.make("/sales/activities", name="Call", assignTo={"identifier": "Admin"}, **of(company))["id"])


def order(stage: Stage, company: int) -> int:
    status = stage.read("/sales/orders/statuses")[0]["id"]
    person = {"identifier": "Admin"}
    return int(stage.make("/sales/orders", status={"id": status}, salesRep=person, **of(company))["id"])


def ticket(stage: Stage, company: int) -> int:
    return int(stage.ticket(**of(company))["id"])


def project(stage: Stage, company: int) -> int:
    dates = {"estimatedStart": "2026-03-01T00:00:00Z", "estimatedEnd": "2026-06-01T00:00:00Z"}
    given = {"name": "Move", "billingMethod": "ActualRates", "board": {"id": stage.project_board}}
    made = stage.make("/project/projects", **given, **dates, **of(company))
    stage.make(f"/project/projects/{made['id']}/phases", description="Plan", wbsCode="1", budgetHours=4)
    return int(made["id"])


def project_ticket(stage: Stage, company: int) -> int:
    return int(stage.project_ticket(project(stage, company))["id"])


def time_entry(stage: Stage, company: int) -> int:
    return int(stage.time(chargeToId=ticket(stage, company), chargeToType="ServiceTicket")["id"])


def product(stage: Stage, company: int) -> int:
    what = {"catalogItem": {"id": item(stage)}, "quantity": 1, "billableOption": "Billable"}
    return int(stage.make("/procurement/products", ticket={"id": ticket(stage, company)}, **what)["id"])


HUNG = (
    Hung("/company/contacts", "contact", contact, "firstName", info=True, report="Contact"),
    Hung("/company/configurations", "configuration", configuration, "name", report="Configuration"),
    Hung("/finance/agreements", "agreement", agreement, "name", report="Agreement"),
    Hung("/finance/invoices", "invoice", invoice, "reference", report="Invoice"),
    Hung("/sales/opportunities", "opportunity", opportunity, "name", report="Opportunity"),
    Hung("/sales/activities", "activity", activity, "name", report="Activity"),
    Hung("/sales/orders", "order", order, "poNumber"),
    Hung("/service/tickets", "ticket", ticket, "summary", info=True, search=True, report="Service"),
    Hung("/project/projects", "project", project, "description", report="Project"),
    Hung("/project/tickets", "projectTicket", project_ticket, "summary", search=True, report="ProjectTicket"),
    Hung("/procurement/products", "productItem", product, "description", report="Product"),
    Hung("/time/entries", "timeEntry", time_entry, "notes", report="Time"),
)


@pytest.fixture(scope="module")
def built_places(built_stage: Stage) -> tuple[Stage, int, int]:
    """Tech sees what belongs to Branch only; `near` and `far` are companies inside and outside."""
    store = built_stage.emulator.world.tenants["training"].store
    store.restore(STAGED)
    for area in AREAS:
        built_stage.let(area, "All")
    near = new_company(built_stage, "Near", BRANCH)
    far = new_company(built_stage, "Far", built_stage.branch)
    built_stage.narrow("Tech", "Branch")
    store.snapshot("places")
    return built_stage, near, far


@pytest.fixture
def places(built_places: tuple[Stage, int, int]) -> tuple[Stage, int, int]:
    """The same, as it was built."""
    built_places[0].emulator.world.tenants["training"].store.restore("places")
    return built_places


def new_company(stage: Stage, name: str, location: int | None) -> int:
    where = {} if location is None else {"territory": {"id": location}}
    return int(stage.make("/company/companies", identifier=name, name=name, site={"name": "Main"}, **where)["id"])


def test_companies_outside_are_missing_in_every_way_of_listing(places: tuple[Stage, int, int]) -> None:
    stage, near, far = places
    agree(stage.tech, "/company/companies", "company", [near], info=True)
    assert far in page_by_page(stage.mate, "/company/companies", 50)
    rows = stage.fine(stage.tech.get("/system/reports/Company"))["row_values"]
    assert [row[0] for row in rows] == [near]
    assert stage.fine(stage.tech.get("/system/reports/Company/count"))["count"] == 1


@pytest.mark.parametrize("kind", HUNG, ids=str)
def test_what_hangs_on_a_company_outside_is_missing_in_every_way_of_listing(
    places: tuple[Stage, int, int], kind: Hung
) -> None:
    stage, near, far = places
    seen = [kind.make(stage, one) for one in (near, far, near, far, near)][::2]
    agree(stage.tech, kind.path, kind.resource, seen, info=kind.info, search=kind.search)
    everything = page_by_page(stage.admin, kind.path, 100)
    agree(stage.mate, kind.path, kind.resource, everything, size=100, info=kind.info, search=kind.search)
    if kind.report:
        rows = stage.fine(stage.tech.get(f"/system/reports/{kind.report}"))["row_values"]
        assert [row[0] for row in rows] == seen
        assert stage.fine(stage.tech.get(f"/system/reports/{kind.report}/count"))["count"] == len(seen)


@pytest.mark.parametrize("kind", HUNG, ids=str)
def test_a_record_outside_is_missing_by_id_and_cannot_be_written(places: tuple[Stage, int, int], kind: Hung) -> None:
    stage, near, far = places
    own, outside = kind.make(stage, near), kind.make(stage, far)
    before = stage.read(f"{kind.path}/{outside}")
    absent = stage.tech.get(f"{kind.path}/999999")
    assert (absent.status_code, stage.cause(absent)) == (404, None)
    for answer in (
        stage.tech.get(f"{kind.path}/{outside}"),
        stage.tech.patch(f"{kind.path}/{outside}", ("replace", kind.change, "x")),
        stage.tech.put(f"{kind.path}/{outside}", before),
        stage.tech.delete(f"{kind.path}/{outside}"),
        *([stage.tech.get(f"{kind.path}/{outside}/info")] if kind.info else []),
    ):
        assert answer.status_code == 404, answer.text
        assert answer.text == absent.text.replace("999999", str(outside))
        entry = stage.entry(answer)
        assert (entry["cause"], entry["decision"]["allowed"]) == ("hidden", True)
        assert "Location / Branch" in entry["reason"]
    line = bundled(stage.tech, kind.resource, id=outside)
    assert (line["statusCode"], line["entities"]) == (404, [])
    assert stage.read(f"{kind.path}/{outside}") == before
    stage.fine(stage.tech.get(f"{kind.path}/{own}"))
    stage.fine(stage.tech.patch(f"{kind.path}/{own}", ("replace", kind.change, "x")))


def test_what_lies_under_a_hidden_record_is_missing_with_it(places: tuple[Stage, int, int]) -> None:
    stage, near, far = places
    seen, hidden = ticket(stage, near), ticket(stage, far)
    deals = [agreement(stage, one) for one in (near, far)]
    note = {"text": "n", "detailDescriptionFlag": True}
    notes = [stage.make(f"/service/tickets/{one}/notes", **note)["id"] for one in (seen, hidden)]
    for path in (
        f"/company/companies/{far}/sites",
        f"/company/companies/{far}/sites/count",
        f"/service/tickets/{hidden}/notes",
        f"/service/tickets/{hidden}/notes/{notes[1]}",
        f"/service/tickets/{hidden}/tasks/count",
        f"/service/tickets/{hidden}/timeentries",
        f"/finance/agreements/{deals[1]}/additions",
        f"/finance/agreements/{deals[1]}/additions/count",
    ):
        answer = stage.tech.get(path)
        assert (answer.status_code, stage.cause(answer)) == (404, "hidden"), path
    assert stage.tech.post(f"/service/tickets/{hidden}/notes", note).status_code == 404
    assert stage.tech.delete(f"/service/tickets/{hidden}/notes/{notes[1]}").status_code == 404
    assert ids(stage.admin.get(f"/service/tickets/{hidden}/notes")) == [notes[1]]
    assert ids(stage.tech.get(f"/service/tickets/{seen}/notes")) == [notes[0]]
    assert ids(stage.tech.get(f"/finance/agreements/{deals[0]}/additions")) == []


def test_views_show_nothing_of_what_is_hidden(places: tuple[Stage, int, int]) -> None:
    stage, near, far = places
    seen, hidden = ticket(stage, near), ticket(stage, far)
    for path in ("/service/tickets/calculateSla", "/service/tickets/changelogs"):
        key = "ticketNumber" if path.endswith("changelogs") else "id"
        assert {one[key] for one in stage.fine(stage.tech.get(path))} == {seen}, path
        assert {seen, hidden} <= {one[key] for one in stage.fine(stage.mate.get(path))}, path


def test_actions_cannot_reach_a_hidden_record(places: tuple[Stage, int, int]) -> None:
    stage, near, far = places
    stage.let("Service Desk > Merge Tickets", "All")
    seen, hidden = ticket(stage, near), ticket(stage, far)
    before = stage.read(f"/service/tickets/{hidden}")
    tech = stage.tech
    for answer in (
        tech.post(f"/service/tickets/{hidden}/attachChildren", {"childTicketIds": [seen]}),
        tech.post(f"/service/tickets/{seen}/attachChildren", {"childTicketIds": [hidden]}),
        tech.post(f"/service/tickets/{hidden}/merge", {"childTicketIds": [seen]}),
        tech.post(f"/service/tickets/{seen}/merge", {"childTicketIds": [hidden]}),
        tech.post(f"/service/tickets/{hidden}/convert", {}),
        tech.http.post(f"/service/tickets/{hidden}/copy", json={}),
    ):
        assert answer.status_code in (400, 404), answer.text
    assert stage.read(f"/service/tickets/{hidden}") == before


def test_documents_of_a_hidden_record_are_hidden_too(places: tuple[Stage, int, int]) -> None:
    stage, near, far = places
    made = {}
    for one in (ticket(stage, near), ticket(stage, far)):
        form = {"recordType": "Ticket", "recordId": str(one), "title": "t"}
        answer = stage.admin.http.post("/system/documents", data=form, files={"file": ("a.txt", b"bytes")})
        made[one] = stage.fine(answer)["id"]
    (seen, shown), (hidden, secret) = made.items()
    assert ids(stage.tech.get("/system/documents", recordType="Ticket", recordId=seen)) == [shown]
    assert ids(stage.tech.get("/system/documents", recordType="Ticket", recordId=hidden)) == []
    assert stage.tech.get("/system/documents/count", recordType="Ticket", recordId=hidden).json() == {"count": 0}
    assert stage.tech.get(f"/system/documents/{shown}/download").content == b"bytes"
    for answer in (
        stage.tech.get(f"/system/documents/{secret}"),
        stage.tech.get(f"/system/documents/{secret}/download"),
        stage.tech.delete(f"/system/documents/{secret}"),
    ):
        assert answer.status_code == 404
    assert ids(stage.mate.get("/system/documents", recordType="Ticket", recordId=hidden)) == [secret]
    stage.fine(stage.admin.patch(f"/company/companies/{far}", ("replace", "territory", {"id": BRANCH})))
    assert ids(stage.tech.get("/system/documents", recordType="Ticket", recordId=hidden)) == [secret]
    assert stage.tech.get(f"/system/documents/{secret}").status_code == 200


def test_an_hour_for_a_hidden_ticket_is_hidden_too(places: tuple[Stage, int, int]) -> None:
    stage, near, far = places
    made = {}
    for one in (ticket(stage, near), ticket(stage, far)):
        kind, person = {"identifier": "S"}, {"identifier": "Tech"}
        made[one] = stage.make("/schedule/entries", objectId=one, type=kind, member=person)["id"]
    seen, hidden = made.values()
    agree(stage.tech, "/schedule/entries", "schedule", [seen])
    answer = stage.tech.get(f"/schedule/entries/{hidden}")
    assert (answer.status_code, stage.cause(answer)) == (404, "hidden")
    stage.fine(stage.admin.patch(f"/company/companies/{far}", ("replace", "territory", {"id": BRANCH})))
    agree(stage.tech, "/schedule/entries", "schedule", [seen, hidden])


def test_records_without_a_company_stay(places: tuple[Stage, int, int]) -> None:
    stage, near, far = places
    loose = stage.make("/company/contacts", firstName="Nobody's")["id"]
    call = stage.make("/sales/activities", name="Call", assignTo={"identifier": "Admin"})["id"]
    contact(stage, far)
    agree(stage.tech, "/company/contacts", "contact", [loose], info=True)
    agree(stage.tech, "/sales/activities", "activity", [call])
    stage.fine(stage.tech.get(f"/company/contacts/{loose}"))


def test_a_company_without_a_territory_is_outside(places: tuple[Stage, int, int]) -> None:
    stage, near, _ = places
    made = new_company(stage, "Loose", None)
    stage.store_fields("/company/companies", made, territory=None)
    agree(stage.tech, "/company/companies", "company", [near], info=True)


def test_members_of_other_locations_are_missing_but_never_oneself(places: tuple[Stage, int, int]) -> None:
    """Documented: members are restricted too."""
    stage = places[0]
    stage.control.patch("/members/Mate", {"location": "Far Branch"})
    wanted = page_by_page(stage.admin, "/system/members", 50, conditions="defaultLocation/id = 2")
    tech, mate = stage.number("Tech"), stage.number("Mate")
    assert tech in wanted
    assert mate not in wanted
    agree(stage.tech, "/system/members", "member", wanted)
    assert stage.tech.get(f"/system/members/{mate}").status_code == 404
    assert stage.tech.get("/system/members/Mate").status_code == 404
    stage.admin.patch(f"/system/members/{tech}", ("replace", "defaultLocation", {"id": stage.branch}))
    assert tech in page_by_page(stage.tech, "/system/members", 50)


# -- changes count at once ---------------------------------------------------------------------------------------------


def test_moving_a_company_moves_everything_that_hangs_on_it_at_once(places: tuple[Stage, int, int]) -> None:
    stage, near, far = places
    one, other = ticket(stage, near), ticket(stage, far)
    path = "/service/tickets"
    agree(stage.tech, path, "ticket", [one], info=True, search=True)
    assert ids(stage.tech.get(f"{path}/calculateSla")) == [one]
    assert stage.tech.get(f"{path}/{other}").status_code == 404
    stage.fine(stage.admin.patch(f"/company/companies/{far}", ("replace", "territory", {"id": BRANCH})))
    agree(stage.tech, path, "ticket", [one, other], info=True, search=True)
    assert ids(stage.tech.get(f"{path}/calculateSla")) == [one, other]
    assert stage.tech.get(f"{path}/{other}").status_code == 200
    stage.fine(stage.admin.patch(f"/company/companies/{near}", ("replace", "territory", {"id": stage.branch})))
    agree(stage.tech, path, "ticket", [other], info=True, search=True)
    assert ids(stage.tech.get(f"{path}/calculateSla")) == [other]
    assert stage.tech.get(f"{path}/{one}").status_code == 404


def test_a_location_below_the_members_counts_as_deep_as_it_lies(places: tuple[Stage, int, int]) -> None:
    stage, near, far = places
    cellar = stage.make("/system/locations", name="Cellar", structureLevel={"id": 2})["id"]
    deep = new_company(stage, "Deep", cellar)
    reports = {far: (stage.branch, BRANCH), deep: (cellar, stage.branch)}
    agree(stage.tech, "/company/companies", "company", [near], info=True)
    for location, above in reports.values():
        stage.fine(stage.admin.patch(f"/system/locations/{location}", ("replace", "reportsTo", {"id": above})))
    agree(stage.tech, "/company/companies", "company", [near, far, deep], info=True)
    stage.fine(stage.admin.patch(f"/system/locations/{BRANCH}", ("replace", "reportsTo", {"id": cellar})))
    agree(stage.tech, "/company/companies", "company", [near, far, deep], info=True)


@pytest.mark.parametrize("level", ["Location", "Business Unit"])
def test_every_level_below_corporate_narrows_and_corporate_does_not(places: tuple[Stage, int, int], level: str) -> None:
    stage, near, far = places
    stage.narrow("Tech", "Branch", "Corporate")
    assert {near, far} <= set(page_by_page(stage.tech, "/company/companies", 50))
    stage.narrow("Tech", "Branch", level)
    agree(stage.tech, "/company/companies", "company", [near], info=True)
    stage.narrow("Tech", "Far Branch", level)
    agree(stage.tech, "/company/companies", "company", [far], info=True)


PLACE = st.sampled_from(["near", "far", "loose"])


@given(st.lists(PLACE, max_size=6), st.lists(st.tuples(st.integers(0, 5), PLACE), max_size=4), st.integers(1, 3))
def test_whatever_moves_the_list_is_what_is_inside(
    built_places: tuple[Stage, int, int], start: list[str], moves: list[tuple[int, str]], size: int
) -> None:
    stage, near, far = built_places
    stage.emulator.world.tenants["training"].store.restore("places")
    where: dict[str, Any] = {"near": {"id": near}, "far": {"id": far}, "loose": None}
    held = {}
    for place in start:
        given = {} if where[place] is None else {"company": where[place]}
        held[stage.make("/company/contacts", firstName="C", **given)["id"]] = place
    for at, place in moves:
        if at < len(held):
            number = list(held)[at]
            stage.fine(stage.admin.patch(f"/company/contacts/{number}", ("replace", "company", where[place])))
            held[number] = place
    wanted = [number for number, place in held.items() if place != "far"]
    agree(stage.tech, "/company/contacts", "contact", wanted, size=size, info=True)


# -- settings, journal, My beside it -----------------------------------------------------------------------------------


def test_a_hidden_record_may_be_a_403_by_setting() -> None:
    with staged(hidden_record_status=403) as stage:
        stage.let(TICKETS, "All")
        stage.narrow("Tech", "Far Branch")
        hidden = stage.ticket()["id"]
        for path in (f"/service/tickets/{hidden}", f"/service/tickets/{hidden}/notes"):
            stage.denied(stage.tech.get(path), "hidden")
        assert stage.tech.get("/service/tickets/9999").status_code == 404
        assert ids(stage.tech.get("/service/tickets")) == []


def test_permissions_off_hides_nothing() -> None:
    with staged(permissions="off") as stage:
        stage.narrow("Tech", "Far Branch")
        number = stage.ticket()["id"]
        assert ids(stage.tech.get("/service/tickets")) == [number]
        assert ids(stage.tech.get("/service/tickets/calculateSla")) == [number]


def test_the_journal_says_which_level_may_have_shortened_a_list(places: tuple[Stage, int, int]) -> None:
    stage, near, far = places
    ticket(stage, far)
    for path in ("/service/tickets", "/service/tickets/count", "/service/tickets/info", "/company/companies"):
        entry = stage.entry(stage.tech.get(path))
        assert (entry["status"], entry["cause"]) == (200, "narrowed"), path
        assert "structure level Location / Branch" in entry["decision"]["narrowed"]
    assert stage.cause(stage.mate.get("/service/tickets")) is None
    assert stage.cause(stage.tech.get("/service/priorities")) is None
    bundle = stage.tech.post("/system/bundles", {"requests": [{"resourceType": "ticket", "apiRequest": {}}]})
    assert stage.cause(bundle) == "narrowed"


def test_a_hidden_record_stays_hidden_although_it_is_ones_own(places: tuple[Stage, int, int]) -> None:
    stage, near, far = places
    tech = {"identifier": "Tech"}
    seen, hidden = (stage.ticket(owner=tech, company={"id": one})["id"] for one in (near, far))
    ticket(stage, near)
    stage.let(TICKETS, "My")
    agree(stage.tech, "/service/tickets", "ticket", [seen], info=True, search=True)
    answer = stage.tech.get(f"/service/tickets/{hidden}")
    assert (answer.status_code, stage.cause(answer)) == (404, "hidden")
