"""Companies: every rule of the file, seen through the API."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control, items

COMPANIES = "/company/companies"
ASSOCIATIONS = "typeAssociations"


def company(admin: Caller, **fields: Any) -> dict[str, Any]:
    made = admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}, **fields})
    assert made.status_code == 201, made.text
    return dict(made.json())


def read(admin: Caller, number: int) -> dict[str, Any]:
    return dict(admin.get(f"{COMPANIES}/{number}").json())


# -- identifier --------------------------------------------------------------------------------------------------------

TAKEN = [("ObjectExists", "Company ID already in use.", "identifier")]


@pytest.mark.rule("company.identifier-unique")
@pytest.mark.parametrize("identifier", ["CarrollInc1", "CARROLLINC1", "carrollinc1"])
def test_an_identifier_is_used_once_in_any_letter_case(admin: Caller, identifier: str) -> None:
    assert items(admin.post(COMPANIES, {"identifier": identifier, "name": "x", "site": {"name": "Main"}})) == TAKEN
    assert items(admin.patch(f"{COMPANIES}/2", ("replace", "identifier", identifier))) == TAKEN
    assert items(admin.put(f"{COMPANIES}/2", {"identifier": identifier, "name": "x"})) == TAKEN


def test_a_deleted_company_still_has_its_identifier(admin: Caller) -> None:
    admin.delete(f"{COMPANIES}/1")
    assert items(admin.post(COMPANIES, {"identifier": "CarrollInc1", "name": "x", "site": {"name": "Main"}})) == TAKEN


def test_a_company_may_keep_or_respell_its_own_identifier(admin: Caller) -> None:
    assert admin.patch(f"{COMPANIES}/1", ("replace", "identifier", "CarrollInc1")).status_code == 200
    assert admin.patch(f"{COMPANIES}/1", ("replace", "identifier", "CARROLLINC1")).status_code == 200


@pytest.mark.rule("company.twins")
def test_names_may_repeat(admin: Caller) -> None:
    assert company(admin, name="Carroll Inc")["id"] != 1


# -- site --------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("company.site")
def test_a_company_comes_with_a_site_that_carries_its_address(admin: Caller) -> None:
    made = company(admin, site={"name": "Head Office"}, addressLine1="1 Main St", city="Adamsbury", zip="1")
    assert made["site"]["name"] == "Head Office"
    [site] = admin.get(f"{COMPANIES}/{made['id']}/sites").json()
    assert site["id"] == made["site"]["id"]
    assert site["company"]["id"] == made["id"]
    assert (site["addressLine1"], site["city"], site["zip"]) == ("1 Main St", "Adamsbury", "1")
    flags = ("primaryAddressFlag", "defaultShippingFlag", "defaultBillingFlag", "defaultMailingFlag")
    assert all(site[flag] for flag in flags)
    assert admin.get(made["site"]["_info"]["site_href"]).json() == site


@pytest.mark.rule("company.site")
def test_a_company_without_a_site_is_refused_or_gets_one_as_the_setting_says(admin: Caller) -> None:
    bare: dict[str, Any] = {"identifier": "X1", "name": "x"}
    due = [("MissingRequiredField", "Company Site name is required.", "site")]
    for body in (bare, {**bare, "site": None}, {**bare, "site": {}}, {**bare, "site": {"name": ""}}):
        assert items(admin.post(COMPANIES, body)) == due
    with Emulator("empty", settings={"company_site": "default"}) as lenient:
        assert Caller(lenient).post(COMPANIES, bare).json()["site"]["name"] == "Main"


# -- defaults ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("company.defaults")
def test_the_server_fills_in_what_it_can(admin: Caller, control: Control) -> None:
    control.put("/clock", {"now": "2026-01-02T03:04:05Z", "frozen": True})
    made = company(admin)
    assert (made["status"]["name"], [one["name"] for one in made["types"]]) == ("Active", ["Client"])
    assert made["dateAcquired"] == "2026-01-02T03:04:05Z"
    assert made["territory"]["name"] == "Main Office"
    assert made["billToCompany"]["id"] == made["id"]
    assert made["billToCompany"]["identifier"] == "X1"
    assert (made["leadFlag"], made["unsubscribeFlag"], made["deletedFlag"]) == (False, False, False)
    assert made["mobileGuid"] != company(admin, identifier="X2")["mobileGuid"]


def test_what_is_given_is_not_filled_in(admin: Caller) -> None:
    made = company(
        admin,
        status={"id": 3},
        types=[{"id": 4}],
        dateAcquired="2020-01-01T00:00:00Z",
        territory={"id": 2},
        billToCompany={"id": 1},
        leadFlag=True,
    )
    assert (made["status"]["id"], [one["id"] for one in made["types"]], made["territory"]["id"]) == (3, [4], 2)
    assert (made["billToCompany"]["id"], made["leadFlag"]) == (1, True)
    assert made["dateAcquired"] == "2020-01-01T00:00:00Z"


@pytest.mark.rule("company-status.one-default")
def test_the_default_follows_the_setup_table(admin: Caller) -> None:
    admin.patch("/company/companies/statuses/3", ("replace", "defaultFlag", True))
    assert company(admin)["status"]["id"] == 3


@pytest.mark.rule("company.server-fields")
@pytest.mark.parametrize("field", ["deletedFlag", "mobileGuid", "isVendorFlag", "dateDeleted", "deletedBy"])
def test_what_the_server_owns_is_not_writable(admin: Caller, field: str) -> None:
    before = read(admin, 1).get(field)
    value: object = {"deletedFlag": True, "isVendorFlag": True, "dateDeleted": "2025-01-01T00:00:00Z"}.get(field, "x")
    assert admin.patch(f"{COMPANIES}/1", ("replace", field, value)).status_code == 200
    assert read(admin, 1).get(field) == before
    assert company(admin, **{field: value}).get(field) != value


# -- types -------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("company.types")
def test_types_given_on_create_become_associations(admin: Caller) -> None:
    made = company(admin, types=[{"id": 1}, {"id": 3}])
    listed = admin.get(f"{COMPANIES}/{made['id']}/{ASSOCIATIONS}").json()
    assert [one["type"]["id"] for one in listed] == [1, 3]
    assert {one["company"]["id"] for one in listed} == {made["id"]}
    assert made["isVendorFlag"] is True
    assert company(admin, identifier="X2", types=[{"id": 1}])["isVendorFlag"] is False


def test_the_default_type_becomes_an_association_too(admin: Caller) -> None:
    listed = admin.get(f"{COMPANIES}/{company(admin)['id']}/{ASSOCIATIONS}").json()
    assert [one["type"]["id"] for one in listed] == [1]


LATER = [("InvalidField", "typeIds can only be used when creating a new company.", "typeIds")]


@pytest.mark.rule("company.types-later")
def test_types_are_refused_after_the_create(admin: Caller) -> None:
    body = read(admin, 1)
    assert items(admin.put(f"{COMPANIES}/1", body)) == LATER
    assert items(admin.patch(f"{COMPANIES}/1", ("replace", "types", [{"id": 2}]))) == LATER
    assert items(admin.patch(f"{COMPANIES}/1", ("add", "types/0", {"id": 2}))) == LATER
    del body["types"]
    assert admin.put(f"{COMPANIES}/1", body).status_code == 200
    assert [one["id"] for one in read(admin, 1)["types"]] == [1]


def test_types_after_the_create_are_ignored_where_the_setting_says_so() -> None:
    with Emulator(1, settings={"company_types_on_replace": "ignore"}) as lenient:
        admin = Caller(lenient)
        answer = admin.patch(f"{COMPANIES}/1", ("replace", "types", [{"id": 2}]), ("replace", "name", "New"))
        assert answer.status_code == 200
        assert ([one["id"] for one in answer.json()["types"]], answer.json()["name"]) == ([1], "New")


# -- years -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["yearEstablished", "revenueYear"])
@pytest.mark.parametrize(("year", "fits"), [(1899, False), (1900, True), (9999, True), (10000, False), (-1, False)])
def test_years_lie_between_1900_and_9999(admin: Caller, field: str, year: int, fits: bool) -> None:
    answer = admin.patch(f"{COMPANIES}/1", ("replace", field, year))
    text = f"The field {field} must be between 1900 and 9999."
    assert items(answer) == ([] if fits else [("OutOfRange", text, field)])
    assert answer.status_code == (200 if fits else 400)


@pytest.mark.rule("company.years")
def test_a_stored_value_that_breaks_a_rule_fails_every_patch(admin: Caller, emulator: Emulator) -> None:
    """The captured surprise: an untouched legacy value makes the patch of another field fail."""
    tenant = emulator.world.tenants["training"]
    doc = tenant.store.get(COMPANIES, 1) or b""
    tenant.store.update(COMPANIES, 1, doc.replace(b'{"', b'{"yearEstablished":12,"', 1))
    answer = admin.patch(f"{COMPANIES}/1", ("replace", "phoneNumber", "5"))
    assert [code for code, _, _ in items(answer)] == ["OutOfRange"]


# -- address -----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("company.address")
def test_a_changed_address_goes_to_the_primary_site_only(admin: Caller) -> None:
    other = admin.post(f"{COMPANIES}/1/sites", {"name": "Depot", "city": "Elsewhere"}).json()["id"]
    primary = read(admin, 1)["site"]["id"]
    admin.patch(f"{COMPANIES}/1", ("replace", "city", "Newtown"))
    assert admin.get(f"{COMPANIES}/1/sites/{primary}").json()["city"] == "Newtown"
    assert admin.get(f"{COMPANIES}/1/sites/{other}").json()["city"] == "Elsewhere"


# -- delete ------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("company.recycle-bin")
def test_a_delete_is_soft_and_the_company_is_still_listed(admin: Caller, control: Control) -> None:
    control.put("/clock", {"now": "2026-01-02T03:04:05Z", "frozen": True})
    count = admin.get(f"{COMPANIES}/count").json()
    assert admin.delete(f"{COMPANIES}/1").status_code == 204
    gone = read(admin, 1)
    assert (gone["deletedFlag"], gone["dateDeleted"], gone["deletedBy"]) == (True, "2026-01-02T03:04:05Z", "Admin")
    assert gone["_info"]["lastUpdated"] == "2026-01-02T03:04:05Z"
    assert admin.get(f"{COMPANIES}/count").json() == count
    living = admin.get(COMPANIES, conditions="deletedFlag = False", pageSize=1000).json()
    assert 1 not in [one["id"] for one in living]
    assert admin.get(f"{COMPANIES}/1/sites").json()


@pytest.mark.rule("company.server-fields")
def test_a_company_keeps_its_site_when_a_write_leaves_it_out(admin: Caller) -> None:
    made = company(admin)
    path = f"{COMPANIES}/{made['id']}"
    body = {name: value for name, value in made.items() if name not in ("site", "types", "_info")}
    for answer in (admin.patch(path, ("remove", "site", None)), admin.put(path, body)):
        assert (answer.status_code, answer.json()["site"]["id"]) == (200, made["site"]["id"])
