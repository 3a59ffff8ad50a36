"""The flat collections of type associations show and write the nested records."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller, items

COMPANIES = "/company/companies"
CONTACTS = "/company/contacts"
FLAT = {"company": "/company/companyTypeAssociations", "contact": "/company/contactTypeAssociations"}
TYPES = {"company": "/company/companies/types", "contact": "/company/contacts/types"}
OWNERS = {"company": COMPANIES, "contact": CONTACTS}


def made(admin: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = admin.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture(params=["company", "contact"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def owner(admin: Caller, kind: str) -> int:
    if kind == "company":
        return int(made(admin, COMPANIES, {"identifier": "Assoc", "name": "Assoc", "site": {"name": "Main"}})["id"])
    return int(made(admin, CONTACTS, {"firstName": "Ann"})["id"])


def fresh_type(admin: Caller, kind: str, name: str = "Fresh") -> int:
    body = {"name": name} if kind == "company" else {"description": name}
    return int(made(admin, TYPES[kind], body)["id"])


def types_of(admin: Caller, kind: str, owner: int) -> list[int]:
    return [one["id"] for one in admin.get(f"{OWNERS[kind]}/{owner}").json()["types"]]


def nested(kind: str, owner: int) -> str:
    return f"{OWNERS[kind]}/{owner}/typeAssociations"


def test_a_flat_create_is_seen_under_the_record_and_in_its_types(admin: Caller, kind: str, owner: int) -> None:
    fresh = fresh_type(admin, kind)
    association = made(admin, FLAT[kind], {"type": {"id": fresh}, kind: {"id": owner}})
    assert association[kind]["id"] == owner
    assert admin.get(f"{nested(kind, owner)}/{association['id']}").json()["type"]["id"] == fresh
    assert fresh in types_of(admin, kind, owner)


def test_a_nested_create_is_seen_flat_counted_and_found_by_conditions(admin: Caller, kind: str, owner: int) -> None:
    fresh = fresh_type(admin, kind)
    before = admin.get(f"{FLAT[kind]}/count").json()["count"]
    association = made(admin, nested(kind, owner), {"type": {"id": fresh}})
    assert admin.get(f"{FLAT[kind]}/count").json()["count"] == before + 1
    found = admin.get(FLAT[kind], conditions=f"type/id = {fresh}").json()
    assert [(one["id"], one[kind]["id"]) for one in found] == [(association["id"], owner)]
    assert admin.get(f"{FLAT[kind]}/{association['id']}").json()["type"]["id"] == fresh
    assert admin.get(f"{FLAT[kind]}/999999").status_code == 404


def test_flat_writes_change_the_nested_record(admin: Caller, kind: str, owner: int) -> None:
    first, second, third = (fresh_type(admin, kind, name) for name in ("One", "Two", "Three"))
    association = made(admin, FLAT[kind], {"type": {"id": first}, kind: {"id": owner}})["id"]
    assert admin.patch(f"{FLAT[kind]}/{association}", ("replace", "type", {"id": second})).status_code == 200
    assert admin.get(f"{nested(kind, owner)}/{association}").json()["type"]["id"] == second
    body = {"type": {"id": third}, kind: {"id": owner}}
    assert admin.put(f"{FLAT[kind]}/{association}", body).json()["type"]["id"] == third
    assert third in types_of(admin, kind, owner)
    assert not {first, second} & set(types_of(admin, kind, owner))
    assert admin.delete(f"{FLAT[kind]}/{association}").status_code == 204
    assert admin.get(f"{nested(kind, owner)}/{association}").status_code == 404
    assert third not in types_of(admin, kind, owner)


def test_an_association_stays_with_its_record(admin: Caller, kind: str, owner: int) -> None:
    fresh = fresh_type(admin, kind)
    other = {"company": 1}.get(kind) or made(admin, CONTACTS, {"firstName": "Bob"})["id"]
    association = made(admin, FLAT[kind], {"type": {"id": fresh}, kind: {"id": owner}})["id"]
    text = f"A type association cannot be moved to another {kind}."
    for answer in (
        admin.put(f"{FLAT[kind]}/{association}", {"type": {"id": fresh}, kind: {"id": other}}),
        admin.patch(f"{FLAT[kind]}/{association}", ("replace", kind, {"id": other})),
    ):
        assert answer.status_code == 400
        assert items(answer) == [("InvalidField", text, kind)]
    assert admin.get(f"{FLAT[kind]}/{association}").json()[kind]["id"] == owner


def test_a_flat_create_needs_a_record_there_is_and_a_type_it_has_not(admin: Caller, kind: str, owner: int) -> None:
    fresh = fresh_type(admin, kind)
    body = {"type": {"id": fresh}, kind: {"id": owner}}
    gone = admin.post(FLAT[kind], {**body, kind: {"id": 999999}})
    assert items(gone) == [("NotFound", f"{kind.capitalize()} 999999 not found", f"{kind}/id")]
    made(admin, FLAT[kind], body)
    again = admin.post(FLAT[kind], body)
    assert items(again) == [("ObjectExists", "A matching type association already exists", "type")]
    assert [one for one in types_of(admin, kind, owner) if one == fresh] == [fresh]


def test_a_company_may_be_named_by_its_identifier(admin: Caller) -> None:
    made(admin, COMPANIES, {"identifier": "Assoc", "name": "Assoc", "site": {"name": "Main"}})
    fresh = fresh_type(admin, "company")
    association = made(admin, FLAT["company"], {"type": {"id": fresh}, "company": {"identifier": "assoc"}})
    assert association["company"]["identifier"] == "Assoc"
