"""Companies where the sources disagree or are silent: each choice of a setting, either way."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, items
from tests.mockcw.rules.finance.shop import Shop

COMPANIES = "/company/companies"


def spoil(caller: Caller, company: int, **fields: Any) -> None:
    """Put what no request could into a stored company, as an older release may have left it."""
    engine = caller.emulator.world.tenants[caller.emulator.company_id].engine
    doc = engine.store.get(COMPANIES, company)
    assert doc is not None
    for name, value in fields.items():
        engine.store.update(COMPANIES, company, doc[:-1] + f',"{name}":{value}'.encode() + doc[-1:])


@pytest.mark.rule("company.years")
def test_a_year_left_behind_by_an_older_release_fails_every_patch(admin: Caller) -> None:
    company = Shop(admin).company()["id"]
    spoil(admin, company, yearEstablished=0)
    answer = admin.patch(f"{COMPANIES}/{company}", ("replace", "phoneNumber", "555"))
    text = "The field yearEstablished must be between 1900 and 9999."
    assert (answer.status_code, items(answer)) == (400, [("OutOfRange", text, "yearEstablished")])


@pytest.mark.rule("company.days")
def test_a_date_that_is_none_fails_every_patch(admin: Caller) -> None:
    company = Shop(admin).company()["id"]
    engine = admin.emulator.world.tenants[admin.emulator.company_id].engine
    doc = engine.store.get(COMPANIES, company)
    assert doc is not None
    date = admin.get(f"{COMPANIES}/{company}").json()["dateAcquired"]
    engine.store.update(COMPANIES, company, doc.replace(date.encode(), b"long ago"))
    answer = admin.patch(f"{COMPANIES}/{company}", ("replace", "phoneNumber", "555"))
    body = {"code": "ConnectWiseApi", "message": "String was not recognized as a valid DateTime."}
    assert (answer.status_code, answer.json()) == (500, body)


@pytest.mark.rule("company.used-stays", "company.address-given")
def test_the_other_choices() -> None:
    choices = {"company_revalidation": "touched", "recycled_identifiers": "free", "used_company_delete": "refuse"}
    with Emulator("empty", settings={**choices, "company_address": "require"}) as emulator:
        caller = Caller(emulator)
        shop = Shop(caller)
        answer = caller.post(COMPANIES, {"identifier": "Nowhere", "name": "Nowhere", "site": {"name": "Main"}})
        text = "At least one address field is required."
        assert items(answer) == [("MissingRequiredField", text, "addressLine1")]
        company = shop.made(COMPANIES, identifier="Here", name="Here", site={"name": "Main"}, city="Tampa")["id"]
        spoil(caller, company, yearEstablished=0)
        path = f"{COMPANIES}/{company}"
        assert caller.patch(path, ("replace", "phoneNumber", "555")).status_code == 200
        assert caller.patch(path, ("replace", "yearEstablished", 1)).status_code == 400
        contact = shop.made("/company/contacts", firstName="Ann", company={"id": company})["id"]
        kept = caller.delete(path)
        assert (kept.status_code, kept.json()["message"]) == (409, f"Company {company} is in use.")
        assert caller.delete(f"/company/contacts/{contact}").status_code == 204
        assert caller.delete(path).status_code == 204
        assert (
            shop.made(COMPANIES, identifier="here", name="Again", site={"name": "Main"}, city="Tampa")["id"] != company
        )


@pytest.mark.rule("company.identifier-unique")
def test_a_company_in_the_recycle_bin_keeps_its_identifier(admin: Caller) -> None:
    shop = Shop(admin)
    company = shop.company()
    assert admin.delete(f"{COMPANIES}/{company['id']}").status_code == 204
    answer = admin.post(
        COMPANIES, {"identifier": company["identifier"].lower(), "name": "Again", "site": {"name": "Main"}}
    )
    assert items(answer) == [("ObjectExists", "Company ID already in use.", "identifier")]


@pytest.mark.rule("contact.once")
def test_a_contact_with_the_same_name_and_mail_is_refused_unless_twins_are_wanted(admin: Caller) -> None:
    shop = Shop(admin)
    kind = shop.ref(shop.made("/company/communicationTypes", description="Mail", emailFlag=True))
    mail = {"type": kind, "value": "ann@example.com", "communicationType": "Email"}
    company = shop.ref(shop.company())
    body = {"firstName": "Ann", "lastName": "Lee", "company": company, "communicationItems": [mail]}
    shop.made("/company/contacts", **body)
    before = shop.count("/company/contacts")
    answer = admin.post("/company/contacts", {**body, "communicationItems": [{**mail, "value": "ANN@example.com"}]})
    told = {"code": "ContactApi", "message": "A contact with the same name and email already exists."}
    assert (answer.status_code, answer.json()) == (400, told)
    assert shop.count("/company/contacts") == before
    shop.made("/company/contacts", **body, ignoreDuplicates=True)
    shop.made("/company/contacts", **{**body, "lastName": "Lea"})
    shop.made("/company/contacts", **{**body, "company": shop.ref(shop.company())})
    shop.made("/company/contacts", **{**body, "communicationItems": []})


@pytest.mark.rule("configuration.start", "configuration.closing")
def test_a_configuration_starts_active_and_a_closed_status_makes_it_inactive(admin: Caller) -> None:
    shop = Shop(admin)
    company, statuses = shop.company(), "/company/configurations/statuses"
    usual = shop.made(statuses, description="In use", defaultFlag=True)
    gone = shop.made(statuses, description="Scrapped", closedFlag=True)
    kind = shop.ref(shop.made("/company/configurations/types", name=shop.name("Kind")))
    made = shop.made("/company/configurations", name="PC", type=kind, company=shop.ref(company))
    assert (made["status"]["id"], made["activeFlag"], made["billFlag"]) == (usual["id"], True, False)
    assert made["site"]["id"] == company["site"]["id"]
    path = f"/company/configurations/{made['id']}"
    assert admin.patch(path, ("replace", "status", shop.ref(gone))).json()["activeFlag"] is False
    assert admin.patch(path, ("replace", "status", shop.ref(usual))).json()["activeFlag"] is True


@pytest.mark.rule("configuration.answers")
def test_a_question_that_wants_an_answer_gets_one(admin: Caller) -> None:
    shop = Shop(admin)
    kind = shop.made("/company/configurations/types", name=shop.name("Kind"))
    question = {"fieldType": "Text", "entryType": "EntryField", "sequenceNumber": 1, "question": "Rack"}
    asked = shop.made(f"/company/configurations/types/{kind['id']}/questions", **question, requiredFlag=True)
    body = {"name": "PC", "type": shop.ref(kind), "company": shop.ref(shop.company())}
    answer = admin.post("/company/configurations", body)
    assert items(answer) == [("MissingRequiredField", "The Rack field is required.", "questions")]
    made = shop.made("/company/configurations", **body, questions=[{"questionId": asked["id"], "answer": "B7"}])
    assert made["questions"][0]["answer"] == "B7"
    assert admin.patch(f"/company/configurations/{made['id']}", ("replace", "name", "PC2")).status_code == 200
