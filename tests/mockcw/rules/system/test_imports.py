"""Imports: definitions become records; the recycle bin is emptied."""

from __future__ import annotations

from tests.mockcw.caller import Caller, message

IMPORT = "/system/marketplaceimport/import"
PURGE = "/system/importMassMaintenance"


def test_a_definition_becomes_records_and_can_be_read(admin: Caller) -> None:
    body = {"marketplaceImportType": "CRMSurveys", "marketplaceObject": [{"name": "One"}, {"name": "Two"}]}
    answer = admin.post(IMPORT, body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["requiredFields"] == []
    assert [one["name"] for one in admin.get("/system/surveys", orderBy="id desc", pageSize=2).json()] == ["Two", "One"]
    kept = admin.get(f"/system/marketplaceimport/getdefinition/{answer.json()['id']}").json()
    assert kept["marketplaceObject"] == body["marketplaceObject"]


def test_what_a_definition_lacks_is_named_and_nothing_is_made(admin: Caller) -> None:
    before = admin.get("/system/surveys/count").json()
    body = {"marketplaceImportType": "CRMSurveys", "marketplaceObject": [{"name": "One"}, {"instructions": "x"}]}
    answer = admin.post(IMPORT, body).json()
    assert answer["requiredFields"] == ["name"]
    assert "id" not in answer
    assert admin.get("/system/surveys/count").json() == before


def test_a_definition_of_nonsense_is_refused(admin: Caller) -> None:
    before = admin.get("/system/surveys/count").json()
    for nonsense in ([1], [{"planet": 1}], ["x"]):
        body = {"marketplaceImportType": "CRMSurveys", "marketplaceObject": [{"name": "One"}, *nonsense]}
        assert admin.post(IMPORT, body).status_code == 400
    assert admin.get("/system/surveys/count").json() == before
    assert admin.get("/system/marketplaceimport/getdefinition/999999").status_code == 404


def test_a_recycled_company_is_purged_with_its_contacts(admin: Caller) -> None:
    company = admin.post("/company/companies", {"identifier": "Gone", "name": "Gone", "site": {"name": "Main"}}).json()[
        "id"
    ]
    contact = admin.post("/company/contacts", {"firstName": "Ada", "company": {"id": company}}).json()["id"]
    answer = admin.http.post(f"{PURGE}/{company}").json()
    assert (answer["success"], answer["deletedCompanyCount"]) == (False, 0)
    assert message(admin.http.post(f"{PURGE}/{company}")) == f"Company {company} is not in the recycle bin."
    admin.delete(f"/company/companies/{company}")
    answer = admin.http.post(f"{PURGE}/{company}").json()
    assert answer["success"] is True
    assert (answer["deletedCompanyCount"], answer["deletedContactCount"]) == (1, 1)
    assert admin.get(f"/company/companies/{company}").status_code == 404
    assert admin.get(f"/company/contacts/{contact}").status_code == 404
