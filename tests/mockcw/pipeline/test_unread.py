"""What nobody read of a request: parameters that the operation does not look at, terms that match nothing, the sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control

COMPANIES = "/company/companies"


def of(control: Control, response: httpx.Response, kind: str = "parameters") -> list[tuple[str, str]]:
    """What the journal says was not read of an answered request."""
    entry = control.get(f"/requests/{response.headers['x-cw-request-id']}")
    return [(one["name"], one["why"]) for one in entry["unread"][kind]]


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        (COMPANIES, {"conditions": "id<9", "PAGESIZE": "3", "orderBy": "id", "fields": "id,status/name,_info"}, []),
        (COMPANIES, {"filter": "id<9", "": ""}, [("filter", "unknown")]),
        (COMPANIES, {"pageSize": "5000"}, [("pageSize", "capped")]),
        (COMPANIES, {"pageId": "3"}, [("pageId", "not-forward-only")]),
        (
            COMPANIES,
            {"fields": "id,identifer,status/nme"},
            [("fields=identifer", "unknown"), ("fields=status/nme", "unknown")],
        ),
        (COMPANIES, {"columns": "id"}, [("columns", "no-effect")]),
        (f"{COMPANIES}/count", {"conditions": "id<9", "page": "1"}, [("page", "no-effect")]),
        (f"{COMPANIES}/1", {"conditions": "id<9", "fields": "id"}, [("conditions", "no-effect")]),
        (f"{COMPANIES}/1/usages", {"pageSize": "3"}, []),
        ("/company/contacts/1/image", {"useDefaultFlag": "true", "size": "1"}, [("size", "unknown")]),
        ("/system/documents", {"recordType": "Ticket", "recordId": "1"}, []),
        (f"{COMPANIES}/99999", {"zip": "1"}, []),
        ("/no/such", {"zip": "1"}, []),
    ],
)
def test_parameters_that_an_operation_does_not_look_at(
    admin: Caller, control: Control, path: str, query: dict[str, str], found: list[tuple[str, str]]
) -> None:
    assert of(control, admin.http.get(path, params=query)) == found


def test_a_parameter_given_twice_counts_once(admin: Caller, control: Control) -> None:
    assert of(control, admin.http.get(f"{COMPANIES}?page=1&page=2&fields=id")) == [("page", "repeated")]


def test_forward_only_paging_looks_at_neither_page_nor_order(admin: Caller, control: Control) -> None:
    response = admin.get(COMPANIES, headers={"pagination-type": "forward-only"}, page=2, orderBy="name", pageId=3)
    assert of(control, response) == [("page", "forward-only"), ("orderBy", "forward-only")]


def test_the_body_of_a_search_goes_before_its_query(admin: Caller, control: Control) -> None:
    response = admin.post("/service/tickets/search", {"conditions": "id < 5"}, conditions="id = 1", pageSize="2")
    assert response.status_code == 200
    assert of(control, response) == [("conditions", "body-decides")]


def test_a_delete_reads_no_parameters(admin: Caller, control: Control) -> None:
    note = admin.post(f"{COMPANIES}/1/notes", {"text": "x"}).json()
    assert of(control, admin.http.delete(f"{COMPANIES}/1/notes/{note['id']}?force=1&fields=id")) == [
        ("force", "unknown"),
        ("fields", "no-effect"),
    ]


def test_terms_are_held_against_the_records_there_are(admin: Caller, control: Control) -> None:
    text = 'company/identifier like "A*" and company/name = "x" and board/name like "x"'
    assert of(control, admin.get("/service/tickets/count", conditions=text), "terms") == [
        ('board/name like "x"', "no-wildcard")
    ]
    response = admin.get(COMPANIES, customFieldConditions='caption = "No such field"')
    assert of(control, response, "terms") == [('caption = "No such field"', "no-such-caption")]
    response = admin.post("/service/tickets/search", {"conditions": "id = 1 and id = 2"})
    assert of(control, response, "terms") == [("id = 1 and id = 2", "never-true")]


def test_a_member_of_a_reference_that_no_record_shows_is_told(admin: Caller, control: Control) -> None:
    text = 'agreement/name = "x" and agreement/chargeFirmFlag = true'
    found = of(control, admin.get("/service/tickets", conditions=text), "terms")
    assert found == [("agreement/chargeFirmFlag = true", "on-no-record")]


def test_a_reference_that_no_record_has_proves_nothing_about_its_members(admin: Caller, control: Control) -> None:
    assert admin.get("/service/tickets/count", conditions="mergedParentTicket != null").json() == {"count": 0}
    response = admin.get("/service/tickets", conditions='mergedParentTicket/summary = "x"')
    assert (response.status_code, of(control, response, "terms")) == (200, [])


def test_the_requests_of_a_bundle_are_looked_at_each(admin: Caller, control: Control) -> None:
    filters = {"conditions": 'name like "plain"'}
    asked = {"resourceType": "company", "apiRequest": {"filters": filters, "page": {"pageSize": 2000}}}
    response = admin.post("/system/bundles", {"requests": [{**asked, "sequenceNumber": 1}]})
    assert response.status_code == 200
    assert of(control, response, "terms") == [('name like "plain"', "no-wildcard")]
    assert of(control, response) == [("pageSize", "capped")]


def test_what_was_turned_away_was_not_left_unread(emulator: Emulator, control: Control) -> None:
    response = Caller(emulator, "no-access").get(COMPANIES, zip=1)
    assert (response.status_code, of(control, response)) == (403, [])


@pytest.fixture
def small() -> Iterator[Emulator]:
    with Emulator(2, settings={"many_valued_conditions": "nothing"}) as one:
        yield one


def test_a_many_valued_name_matches_nothing_where_that_is_chosen(small: Emulator) -> None:
    admin, control = Caller(small), Control(small)
    response = admin.get(COMPANIES, conditions="types/id > 0")
    assert (response.status_code, response.json()) == (200, [])
    assert of(control, response, "terms") == [("types/id > 0", "many-valued")]
    refused = {"conditions": "types/nosuch = 1"}
    assert admin.get(COMPANIES, **refused).status_code == 400


def test_the_summary_counts_requests_by_operation_and_thing(small: Emulator) -> None:
    admin = Caller(small)
    for number in (1, 2):
        admin.get(f"{COMPANIES}/{number}", zip=number)
    last = admin.get(COMPANIES, zip=1, conditions="id = 1 and id = 2")
    found: list[dict[str, Any]] = small.unread()
    assert [(one["operation"], one["kind"], one["name"], one["why"], one["requests"]) for one in found] == [
        ("getCompanyCompanies", "parameter", "zip", "unknown", 1),
        ("getCompanyCompanies", "term", "id = 1 and id = 2", "never-true", 1),
        ("getCompanyCompaniesById", "parameter", "zip", "unknown", 2),
    ]
    assert found[0]["example"] == last.headers["x-cw-request-id"]
    assert Control(small).get("/unread") == found
