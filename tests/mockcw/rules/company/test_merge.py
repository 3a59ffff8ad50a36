"""Merging companies: what goes over, what stays, what becomes of the one that is merged."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller, items

COMPANIES = "/company/companies"
CONTACTS = "/company/contacts"
ALL = ("notes", "sites", "activities", "opportunities", "services", "projects", "contacts", "documents")


def made(admin: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = admin.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def read(admin: Caller, company: int) -> dict[str, Any]:
    return dict(admin.get(f"{COMPANIES}/{company}").json())


@pytest.fixture
def source(admin: Caller) -> int:
    body = {"identifier": "Old", "name": "Old Ltd", "city": "Oldtown", "phoneNumber": "1", "types": [{"id": 3}]}
    return int(made(admin, COMPANIES, {**body, "site": {"name": "Main"}})["id"])


@pytest.fixture
def target(admin: Caller) -> int:
    body = {"identifier": "New", "name": "New Ltd", "city": "Newtown", "phoneNumber": "2", "types": [{"id": 1}]}
    return int(made(admin, COMPANIES, {**body, "site": {"name": "Main"}})["id"])


def merge(admin: Caller, source: int, target: int, **choices: str) -> None:
    answer = admin.post(f"{COMPANIES}/{source}/merge", {"toCompanyId": target, **choices})
    assert answer.status_code == 200, answer.text
    text = f"Company {source} was merged into company {target}."
    assert answer.json() == {"success": True, "message": text}


@pytest.mark.rule("company.merge")
def test_the_merged_company_goes_to_the_recycle_bin_and_the_other_keeps_its_fields(
    admin: Caller, source: int, target: int
) -> None:
    before = read(admin, target)
    merge(admin, source, target)
    assert read(admin, source)["deletedFlag"] is True
    after = read(admin, target)
    for one in (before, after):
        one.pop("_info")
    assert after == before


def test_fields_go_over_where_the_body_says_from(admin: Caller, source: int, target: int) -> None:
    merge(admin, source, target, name="From", primaryAddress="From", phone="To", identifier="From", type="From")
    company = read(admin, target)
    assert (company["name"], company["city"], company["phoneNumber"]) == ("Old Ltd", "Oldtown", "2")
    assert company["identifier"] == "Old"
    assert read(admin, source)["identifier"] == "New"
    assert [one["id"] for one in company["types"]] == [3]
    assert company["isVendorFlag"] is True
    site = admin.get(f"{COMPANIES}/{target}/sites/{company['site']['id']}").json()
    assert site["city"] == "Oldtown"


def test_contacts_sites_and_notes_go_over_on_merge(admin: Caller, source: int, target: int) -> None:
    branch = made(admin, f"{COMPANIES}/{source}/sites", {"name": "Branch"})["id"]
    body = {"firstName": "Ann", "company": {"id": source}, "site": {"id": branch}, "defaultFlag": True}
    contact = made(admin, CONTACTS, body)["id"]
    made(admin, f"{COMPANIES}/{source}/notes", {"text": "remember"})
    merge(admin, source, target, **dict.fromkeys(ALL, "Merge"))
    moved = admin.get(f"{CONTACTS}/{contact}").json()
    sites = admin.get(f"{COMPANIES}/{target}/sites").json()
    assert moved["company"]["id"] == target
    assert [one["name"] for one in sites] == ["Main", "Branch"]
    assert moved["site"]["id"] == sites[1]["id"]
    assert sites[1]["primaryAddressFlag"] is False
    assert moved["defaultFlag"] is False
    assert "defaultContact" not in read(admin, target)
    assert [one["text"] for one in admin.get(f"{COMPANIES}/{target}/notes").json()] == ["remember"]
    assert admin.get(f"{COMPANIES}/{source}/notes").json() == []
    assert [one["name"] for one in admin.get(f"{COMPANIES}/{source}/sites").json()] == ["Main"]
    old = read(admin, source)
    assert old["site"]["id"] == admin.get(f"{COMPANIES}/{source}/sites").json()[0]["id"]


def test_the_primary_contact_may_be_that_of_the_merged_company(admin: Caller, source: int, target: int) -> None:
    first, second = (
        made(admin, CONTACTS, {"firstName": "Ann", "company": {"id": one}, "defaultFlag": True})["id"]
        for one in (source, target)
    )
    merge(admin, source, target, primaryContact="From", contacts="Merge")
    assert read(admin, target)["defaultContact"]["id"] == first
    flags = {one: admin.get(f"{CONTACTS}/{one}").json()["defaultFlag"] for one in (first, second)}
    assert flags == {first: True, second: False}


def test_what_is_discarded_stays_with_the_merged_company(admin: Caller, source: int, target: int) -> None:
    contact = made(admin, CONTACTS, {"firstName": "Ann", "company": {"id": source}})
    made(admin, f"{COMPANIES}/{source}/notes", {"text": "remember"})
    merge(admin, source, target, contacts="Discard", notes="Discard", sites="Discard")
    left = admin.get(f"{CONTACTS}/{contact['id']}").json()
    assert (left["company"]["id"], left["site"]["id"]) == (source, contact["site"]["id"])
    assert len(admin.get(f"{COMPANIES}/{source}/notes").json()) == 1
    assert admin.get(f"{COMPANIES}/{target}/notes").json() == []


def test_what_the_body_gives_no_choice_about_goes_over(admin: Caller, source: int, target: int) -> None:
    kind = made(admin, "/company/configurations/types", {"name": "Server"})["id"]
    body = {"name": "SRV", "type": {"id": kind}, "company": {"id": source}}
    configuration = made(admin, "/company/configurations", body)["id"]
    daughter = made(
        admin, COMPANIES, {"identifier": "D", "name": "D", "site": {"name": "Main"}, "parentCompany": {"id": source}}
    )["id"]
    merge(admin, source, target)
    assert admin.get(f"/company/configurations/{configuration}").json()["company"]["identifier"] == "New"
    assert read(admin, daughter)["parentCompany"]["id"] == target


def test_a_daughter_that_takes_its_parent_in_has_no_parent(admin: Caller, source: int, target: int) -> None:
    admin.patch(f"{COMPANIES}/{target}", ("replace", "parentCompany", {"id": source}))
    merge(admin, source, target)
    assert "parentCompany" not in read(admin, target)


def test_a_merge_into_nothing_or_itself_changes_nothing(admin: Caller, source: int, target: int) -> None:
    before = read(admin, source)
    nowhere = admin.post(f"{COMPANIES}/{source}/merge", {"toCompanyId": 999999, "contacts": "Merge"})
    assert items(nowhere) == [("NotFound", "Company 999999 not found", "toCompanyId")]
    text = "A company cannot be merged into itself or into a deleted company."
    itself = admin.post(f"{COMPANIES}/{source}/merge", {"toCompanyId": source})
    assert items(itself) == [("InvalidField", text, "toCompanyId")]
    admin.delete(f"{COMPANIES}/{target}")
    deleted = admin.post(f"{COMPANIES}/{source}/merge", {"toCompanyId": target})
    assert items(deleted) == [("InvalidField", text, "toCompanyId")]
    assert admin.post(f"{COMPANIES}/{source}/merge", {}).status_code == 400
    assert admin.post(f"{COMPANIES}/999999/merge", {"toCompanyId": target}).status_code == 404
    assert read(admin, source) == before


def test_a_merge_that_fails_on_the_way_is_undone(admin: Caller, source: int, target: int) -> None:
    """A legacy year refuses the last write: by then contacts have moved, and must come back."""
    contact = made(admin, CONTACTS, {"firstName": "Ann", "company": {"id": source}})["id"]
    tenant = admin.emulator.world.tenants["training"]
    doc = tenant.store.get(COMPANIES, target) or b""
    tenant.store.update(COMPANIES, target, doc.replace(b'{"', b'{"yearEstablished":12,"', 1))
    answer = admin.post(f"{COMPANIES}/{source}/merge", {"toCompanyId": target, "name": "From", "contacts": "Merge"})
    assert [code for code, _, _ in items(answer)] == ["OutOfRange"]
    assert admin.get(f"{CONTACTS}/{contact}").json()["company"]["id"] == source
    assert read(admin, source)["deletedFlag"] is False


@pytest.mark.parametrize(("choice", "holder"), [("Merge", "target"), ("Discard", "source")])
def test_documents_go_over_on_merge(
    admin: Caller, source: int, target: int, choice: str, holder: str, request: pytest.FixtureRequest
) -> None:
    form = {"recordType": "Company", "recordId": str(source), "title": "Contract"}
    sent = admin.http.post("/system/documents", data=form, files={"file": ("contract.txt", b"signed")})
    assert sent.is_success, sent.text
    merge(admin, source, target, documents=choice)
    found = admin.get("/system/documents", recordType="Company", recordId=request.getfixturevalue(holder)).json()
    assert [one["id"] for one in found] == [sent.json()["id"]]
