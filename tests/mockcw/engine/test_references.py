"""References: given by id, identifier or name, answered expanded, and never stale after a rename."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockcw import Emulator
from mockcw.engine.references import fill, singular
from tests.mockcw.caller import Caller, items

COMPANIES = "/company/companies"
CONTACTS = "/company/contacts"


def contact(admin: Caller, **fields: Any) -> dict[str, Any]:
    made = admin.post(CONTACTS, {"firstName": "Ann", **fields})
    assert made.status_code == 201, made.text
    return dict(made.json())


@pytest.mark.parametrize(
    "given", [{"id": 3}, {"id": "3"}, {"identifier": "MeyerGroup3"}, {"identifier": "meyergroup3"}]
)
def test_a_reference_is_taken_by_id_or_identifier_and_answered_expanded(admin: Caller, given: dict[str, Any]) -> None:
    made = contact(admin, company=given)
    assert made["company"] == {
        "id": 3,
        "identifier": "MeyerGroup3",
        "name": "Meyer Group",
        "_info": {"company_href": f"{admin.emulator.site_url}/v4_6_release/apis/3.0//company/companies/3"},
    }
    assert admin.get(f"{CONTACTS}/{made['id']}").json()["company"] == made["company"]


@pytest.mark.parametrize("given", [{"name": "Inactive"}, {"name": "INACTIVE"}])
def test_a_reference_is_taken_by_name(admin: Caller, given: dict[str, Any]) -> None:
    made = admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}, "status": given})
    assert made.json()["status"]["id"] == 2


def test_the_href_of_a_reference_leads_to_its_record(admin: Caller) -> None:
    status = admin.get(f"{COMPANIES}/1").json()["status"]
    assert admin.get(status["_info"]["status_href"]).json()["name"] == status["name"]


def test_an_id_wins_over_a_name_beside_it(admin: Caller) -> None:
    made = admin.post(
        COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}, "status": {"id": 2, "name": "Prospect"}}
    )
    assert made.json()["status"]["name"] == "Inactive"


@pytest.mark.parametrize("given", [{}, {"id": 0}, {"id": None}, {"name": ""}, {"id": 0, "name": ""}, None])
def test_an_empty_reference_is_no_reference(admin: Caller, given: Any) -> None:
    assert "market" not in contact(admin, company={"id": 1}, title="x", department=given)


@pytest.mark.parametrize(
    ("given", "text", "field"),
    [
        ({"id": 99}, "Company Status 99 not found", "status/id"),
        ({"id": -1}, "Company Status -1 not found", "status/id"),
        ({"name": "Nonsense"}, "Company Status Nonsense not found", "status/name"),
        ({"id": 99, "name": "Active"}, "Company Status 99 not found", "status/id"),
    ],
)
def test_a_reference_to_nothing_is_an_item_of_the_error_list(
    admin: Caller, given: dict[str, Any], text: str, field: str
) -> None:
    answer = admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}, "status": given})
    assert answer.status_code == 400
    assert items(answer) == [("NotFound", text, field)]
    assert admin.get(COMPANIES, conditions='identifier = "X1"').json() == []


def test_references_in_a_list_are_resolved_one_by_one(admin: Caller) -> None:
    made = admin.post(
        COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}, "types": [{"id": 2}, {"name": "vendor"}]}
    ).json()
    assert [(one["id"], one["name"]) for one in made["types"]] == [(2, "Prospect"), (3, "Vendor")]
    wrong = admin.post(
        COMPANIES, {"identifier": "X2", "name": "x", "site": {"name": "Main"}, "types": [{"id": 2}, {"id": 99}]}
    )
    assert items(wrong) == [("NotFound", "Company Type 99 not found", "types/id")]


# -- renames -----------------------------------------------------------------------------------------------------------


def names(admin: Caller, path: str, field: str) -> Iterator[str]:
    value = admin.get(path).json()[field]
    for one in value if isinstance(value, list) else [value]:
        yield one["name"]


def test_a_rename_reaches_every_holder(admin: Caller) -> None:
    first, second = contact(admin, company={"id": 1}), contact(admin, company={"id": 1})
    other = contact(admin, company={"id": 2})
    admin.patch(f"{COMPANIES}/1", ("replace", "name", "Renamed"), ("replace", "identifier", "New"))
    for one in (first, second):
        company = admin.get(f"{CONTACTS}/{one['id']}").json()["company"]
        assert (company["name"], company["identifier"]) == ("Renamed", "New")
    assert list(names(admin, f"{CONTACTS}/{other['id']}", "company")) == ["Rhodes Group"]
    site = admin.get(f"{COMPANIES}/1/sites").json()[0]
    assert site["company"]["name"] == "Renamed"
    holders = admin.get(f"{CONTACTS}/count", conditions="company/id = 1").json()
    assert admin.get(f"{CONTACTS}/count", conditions='company/name = "Renamed"').json() == holders


def test_a_rename_reaches_holders_in_lists(admin: Caller) -> None:
    made = admin.post(
        COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}, "types": [{"id": 2}, {"id": 3}]}
    ).json()
    admin.patch("/company/companies/types/3", ("replace", "name", "Supplier"))
    assert list(names(admin, f"{COMPANIES}/{made['id']}", "types")) == ["Prospect", "Supplier"]
    found = admin.get(COMPANIES, childConditions='types/name = "Supplier"').json()
    assert made["id"] in [one["id"] for one in found]


def test_a_rename_is_not_a_change_of_the_holder(admin: Caller, emulator: Emulator) -> None:
    before = admin.get(f"{COMPANIES}/1").json()["_info"]
    admin.patch("/company/companies/statuses/1", ("replace", "name", "Live"))
    after = admin.get(f"{COMPANIES}/1").json()
    assert after["status"]["name"] == "Live"
    assert after["_info"] == before


@pytest.mark.parametrize("verb", ["patch", "put"])
def test_the_answer_to_a_rename_shows_the_new_name_where_the_record_refers_to_itself(admin: Caller, verb: str) -> None:
    if verb == "patch":
        answer = admin.patch(f"{COMPANIES}/1", ("replace", "name", "Renamed"))
    else:
        body = {"identifier": "A", "name": "Renamed", "billToCompany": {"id": 1}, "status": {"id": 1}}
        answer = admin.put(f"{COMPANIES}/1", body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["billToCompany"]["name"] == "Renamed"
    assert admin.get(f"{COMPANIES}/1").json() == answer.json()


def test_a_person_is_shown_by_first_and_last_name(admin: Caller) -> None:
    made = contact(admin, lastName="Lee", company={"id": 1})
    answer = admin.patch(f"{COMPANIES}/1", ("replace", "defaultContact", {"id": made["id"]}))
    assert answer.json()["defaultContact"]["name"] == "Ann Lee"
    admin.patch(f"{CONTACTS}/{made['id']}", ("replace", "lastName", "Low"))
    assert admin.get(f"{COMPANIES}/1").json()["defaultContact"]["name"] == "Ann Low"


def test_a_nested_record_refers_to_the_record_it_lives_under_whatever_the_body_says(admin: Caller) -> None:
    made = admin.post(f"{COMPANIES}/2/sites", {"name": "Depot", "company": {"id": 5}}).json()
    assert made["company"]["id"] == 2
    assert admin.get(f"{COMPANIES}/5/sites/{made['id']}").status_code == 404


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("collection", "noun"),
    [
        ("/company/companies", "company"),
        ("/company/companies/statuses", "status"),
        ("/finance/taxCodes", "taxCode"),
        ("/finance/boxes", "box"),
        ("/system/classes", "class"),
        ("/system/access", "access"),
    ],
)
def test_the_noun_of_an_href(collection: str, noun: str) -> None:
    assert singular(collection) == noun


def test_a_path_is_filled_with_its_parents() -> None:
    assert fill("/a/{parentId}/b/{grandparentId}/c", (1, 2)) == "/a/1/b/2/c"
