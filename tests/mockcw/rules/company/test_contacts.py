"""Contacts: defaults, types, communication items, a delete that hands references over."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller, items

COMPANIES = "/company/companies"
CONTACTS = "/company/contacts"
KINDS = "/company/communicationTypes"


def made(admin: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = admin.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def read(admin: Caller, contact: int) -> dict[str, Any]:
    return dict(admin.get(f"{CONTACTS}/{contact}").json())


@pytest.fixture
def email(admin: Caller) -> int:
    return int(made(admin, KINDS, {"description": "Work mail", "emailFlag": True})["id"])


@pytest.fixture
def phone(admin: Caller) -> int:
    return int(made(admin, KINDS, {"description": "Desk", "phoneFlag": True})["id"])


@pytest.fixture
def company(admin: Caller) -> int:
    return int(made(admin, COMPANIES, {"identifier": "Homes", "name": "Homes", "site": {"name": "Main"}})["id"])


# -- defaults ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("contact.defaults")
def test_a_contact_needs_a_first_name_only_and_sits_at_its_companys_primary_site(admin: Caller, company: int) -> None:
    contact = made(admin, CONTACTS, {"firstName": "Ann", "company": {"id": company}})
    assert contact["site"]["id"] == admin.get(f"{COMPANIES}/{company}").json()["site"]["id"]
    assert len(contact["mobileGuid"]) == 36
    assert contact["types"] == []
    assert "site" not in made(admin, CONTACTS, {"firstName": "Bob"})


@pytest.mark.rule("contact.one-default")
def test_a_new_default_contact_takes_the_mark_from_the_old(admin: Caller, company: int) -> None:
    first, second = (
        made(admin, CONTACTS, {"firstName": name, "company": {"id": company}, "defaultFlag": True})["id"]
        for name in ("Ann", "Bob")
    )
    assert read(admin, first)["defaultFlag"] is False
    assert admin.get(f"{COMPANIES}/{company}").json()["defaultContact"]["id"] == second
    admin.patch(f"{CONTACTS}/{first}", ("replace", "defaultFlag", True))
    assert read(admin, second)["defaultFlag"] is False
    assert admin.get(f"{COMPANIES}/{company}").json()["defaultContact"]["id"] == first


@pytest.mark.rule("contact.types")
def test_type_ids_given_on_create_become_associations(admin: Caller) -> None:
    kinds = [made(admin, f"{CONTACTS}/types", {"description": name})["id"] for name in ("Buyer", "Boss")]
    contact = made(admin, CONTACTS, {"firstName": "Ann", "typeIds": kinds})
    assert [one["id"] for one in contact["types"]] == kinds
    assert "typeIds" not in contact
    found = admin.get(f"{CONTACTS}/{contact['id']}/typeAssociations").json()
    assert [one["type"]["id"] for one in found] == kinds
    for unknown in (0, 999999):
        refused = admin.post(CONTACTS, {"firstName": "Bob", "typeIds": [unknown]})
        assert refused.status_code == 400
    assert items(refused)[0][2] == "typeIds"


@pytest.mark.rule("contact.types-later")
def test_types_change_through_their_associations_only(admin: Caller) -> None:
    kind = made(admin, f"{CONTACTS}/types", {"description": "Buyer"})["id"]
    contact = made(admin, CONTACTS, {"firstName": "Ann", "types": [{"id": kind}]})["id"]
    admin.put(f"{CONTACTS}/{contact}", {"firstName": "Ann"})
    admin.patch(f"{CONTACTS}/{contact}", ("replace", "types", []))
    assert [one["id"] for one in read(admin, contact)["types"]] == [kind]


@pytest.mark.rule("contact-type-association.once", "contact-type-association.removed")
def test_a_contact_has_a_type_once_and_loses_it_with_its_association(admin: Caller) -> None:
    kind = made(admin, f"{CONTACTS}/types", {"description": "Buyer"})["id"]
    contact = made(admin, CONTACTS, {"firstName": "Ann", "types": [{"id": kind}]})["id"]
    path = f"{CONTACTS}/{contact}/typeAssociations"
    again = admin.post(path, {"type": {"id": kind}})
    assert items(again) == [("ObjectExists", "A matching type association already exists", "type")]
    [association] = admin.get(path).json()
    assert admin.delete(f"{path}/{association['id']}").status_code == 204
    assert read(admin, contact)["types"] == []


# -- communication items -----------------------------------------------------------------------------------------------


def mail(kind: int, value: str = "ann@homes.test", **fields: Any) -> dict[str, Any]:
    return {"type": {"id": kind}, "value": value, **fields}


@pytest.mark.rule("communication.completed")
def test_items_get_ids_their_type_and_a_domain(admin: Caller, email: int, phone: int) -> None:
    contact = made(
        admin,
        CONTACTS,
        {
            "firstName": "Ann",
            "communicationItems": [
                mail(email, defaultFlag=True),
                {"type": {"name": "Desk"}, "value": "555 1234", "extension": "9", "defaultFlag": True},
            ],
        },
    )
    first, second = contact["communicationItems"]
    assert (first["type"]["id"], first["type"]["name"]) == (email, "Work mail")
    assert (first["domain"], first["communicationType"], first["defaultFlag"]) == ("@homes.test", "Email", True)
    assert (second["type"]["id"], second["communicationType"]) == (phone, "Phone")
    assert "domain" not in second
    assert (contact["defaultPhoneType"], contact["defaultPhoneNbr"]) == ("Desk", "555 1234")
    assert contact["defaultPhoneExtension"] == "9"
    records = admin.get(f"{CONTACTS}/{contact['id']}/communications").json()
    assert [one["id"] for one in records] == [first["id"], second["id"]]
    assert [one["contactId"] for one in records] == [contact["id"]] * 2
    found = admin.get(CONTACTS, childConditions='communicationItems/value = "ann@homes.test"').json()
    assert [one["id"] for one in found] == [contact["id"]]


@pytest.mark.rule("communication.gone")
def test_a_record_of_its_own_shows_in_the_contacts_items(admin: Caller, email: int) -> None:
    contact = made(admin, CONTACTS, {"firstName": "Ann"})["id"]
    records = f"{CONTACTS}/{contact}/communications"
    one = made(admin, records, mail(email))
    assert [item["id"] for item in read(admin, contact)["communicationItems"]] == [one["id"]]
    admin.patch(f"{records}/{one['id']}", ("replace", "value", "new@other.test"))
    assert read(admin, contact)["communicationItems"][0]["domain"] == "@other.test"
    assert admin.delete(f"{records}/{one['id']}").status_code == 204
    assert read(admin, contact)["communicationItems"] == []


@pytest.mark.rule("communication.followed")
def test_a_new_default_of_a_kind_takes_the_mark_from_the_old(admin: Caller, email: int, phone: int) -> None:
    contact = made(
        admin,
        CONTACTS,
        {
            "firstName": "Ann",
            "communicationItems": [mail(email, defaultFlag=True), mail(phone, "5", defaultFlag=True)],
        },
    )["id"]
    made(admin, f"{CONTACTS}/{contact}/communications", mail(email, "b@homes.test", defaultFlag=True))
    assert [one["defaultFlag"] for one in read(admin, contact)["communicationItems"]] == [False, True, True]
    records = admin.get(f"{CONTACTS}/{contact}/communications").json()
    assert [one["defaultFlag"] for one in records] == [False, True, True]


@pytest.mark.rule("contact.items-patch")
def test_index_paths_change_add_and_remove_items(admin: Caller, email: int, phone: int) -> None:
    contact = made(admin, CONTACTS, {"firstName": "Ann", "communicationItems": [mail(email), mail(phone, "555")]})
    path, (first, second) = f"{CONTACTS}/{contact['id']}", contact["communicationItems"]
    changed = admin.patch(path, ("replace", "/communicationItems/1/value", "777"))
    assert changed.status_code == 200, changed.text
    assert changed.json()["communicationItems"][1] == {**second, "value": "777"}
    added = admin.patch(path, ("add", "/communicationItems/2", mail(email, "x@y.test"))).json()["communicationItems"]
    assert [one["value"] for one in added] == ["ann@homes.test", "777", "x@y.test"]
    assert added[2]["domain"] == "@y.test"
    left = admin.patch(path, ("remove", "/communicationItems/0", None)).json()["communicationItems"]
    assert [one["value"] for one in left] == ["777", "x@y.test"]
    records = admin.get(f"{path}/communications").json()
    assert [one["id"] for one in records] == [second["id"], added[2]["id"]]
    assert first["id"] not in [one["id"] for one in records]


@pytest.mark.rule("contact.items-put")
def test_a_put_without_items_keeps_them_and_one_with_items_replaces_them(admin: Caller, email: int) -> None:
    contact = made(admin, CONTACTS, {"firstName": "Ann", "communicationItems": [mail(email)]})
    path = f"{CONTACTS}/{contact['id']}"
    assert admin.put(path, {"firstName": "Anna"}).json()["communicationItems"] == contact["communicationItems"]
    body = {"firstName": "Anna", "communicationItems": [mail(email, "z@z.test")]}
    assert [one["value"] for one in admin.put(path, body).json()["communicationItems"]] == ["z@z.test"]
    assert len(admin.get(f"{path}/communications").json()) == 1


def test_an_item_that_is_refused_leaves_no_contact_behind(admin: Caller) -> None:
    before = admin.get(f"{CONTACTS}/count").json()
    answer = admin.post(CONTACTS, {"firstName": "Ann", "communicationItems": [mail(999999)]})
    assert answer.status_code == 400
    assert "NotFound" in [code for code, _, _ in items(answer)]
    assert admin.get(f"{CONTACTS}/count").json() == before


def test_an_item_that_is_null_is_none_and_an_empty_one_is_refused(admin: Caller, email: int) -> None:
    contact = made(admin, CONTACTS, {"firstName": "Ann", "communicationItems": [None, mail(email)]})
    assert len(contact["communicationItems"]) == 1
    assert admin.post(CONTACTS, {"firstName": "Ann", "communicationItems": [{}]}).status_code == 400


# -- delete ------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("contact.transfer")
def test_a_contact_in_use_goes_when_another_takes_over(admin: Caller, company: int) -> None:
    old, new = (made(admin, CONTACTS, {"firstName": name, "company": {"id": company}})["id"] for name in "ab")
    admin.patch(f"{COMPANIES}/{company}", ("replace", "defaultContact", {"id": old}))
    assert admin.delete(f"{CONTACTS}/{old}").status_code == 409
    for nobody in (999999, old, "x"):
        refused = admin.delete(f"{CONTACTS}/{old}?transferContactId={nobody}")
        assert items(refused) == [("NotFound", f"Contact {nobody} not found", "transferContactId")]
    assert admin.get(f"{COMPANIES}/{company}").json()["defaultContact"]["id"] == old
    assert admin.delete(f"{CONTACTS}/{old}?transferContactId={new}").status_code == 204
    assert admin.get(f"{CONTACTS}/{old}").status_code == 404
    assert admin.get(f"{COMPANIES}/{company}").json()["defaultContact"]["id"] == new


def test_a_contact_nobody_refers_to_goes_with_its_communication_records(admin: Caller, email: int) -> None:
    contact = made(admin, CONTACTS, {"firstName": "Ann", "communicationItems": [mail(email)]})["id"]
    assert admin.delete(f"{CONTACTS}/{contact}").status_code == 204
    assert admin.get(f"{CONTACTS}/{contact}/communications").status_code == 404
