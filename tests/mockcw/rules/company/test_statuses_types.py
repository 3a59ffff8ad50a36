"""Company statuses, types and type associations."""

from __future__ import annotations

import pytest

from tests.mockcw.caller import Caller, items

COMPANIES = "/company/companies"
STATUSES = "/company/companies/statuses"
TYPES = "/company/companies/types"


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(STATUSES, marks=pytest.mark.rule("company-status.one-default")),
        pytest.param(TYPES, marks=pytest.mark.rule("company-type.one-default")),
    ],
)
def test_a_new_default_takes_the_mark_from_the_old(admin: Caller, table: str) -> None:
    made = admin.post(table, {"name": "New", "defaultFlag": True}).json()
    assert [one["id"] for one in admin.get(table, conditions="defaultFlag = True").json()] == [made["id"]]
    admin.patch(f"{table}/2", ("replace", "defaultFlag", True))
    assert [one["id"] for one in admin.get(table, conditions="defaultFlag = True").json()] == [2]


@pytest.mark.parametrize("table", [STATUSES, TYPES])
def test_flags_left_out_are_false(admin: Caller, table: str) -> None:
    made = admin.post(table, {"name": "New"}).json()
    assert made["defaultFlag"] is False


@pytest.mark.parametrize(
    ("table", "used", "caption"),
    [
        pytest.param(STATUSES, 1, "Company Status", marks=pytest.mark.rule("company-status.in-use")),
        pytest.param(TYPES, 1, "Company Type", marks=pytest.mark.rule("company-type.in-use")),
    ],
)
def test_a_row_in_use_stays_and_an_unused_one_goes(admin: Caller, table: str, used: int, caption: str) -> None:
    answer = admin.delete(f"{table}/{used}")
    assert answer.status_code == 409
    assert answer.json() == {"code": "ObjectInUse", "message": f"{caption} {used} is in use."}
    fresh = admin.post(table, {"name": "New"}).json()["id"]
    assert admin.delete(f"{table}/{fresh}").status_code == 204
    assert admin.get(f"{table}/{fresh}").status_code == 404


@pytest.mark.rule("company-status.in-use")
def test_a_status_is_free_again_when_the_last_company_leaves_it(admin: Caller) -> None:
    fresh = admin.post(STATUSES, {"name": "New"}).json()["id"]
    admin.patch(f"{COMPANIES}/1", ("replace", "status", {"id": fresh}))
    assert admin.delete(f"{STATUSES}/{fresh}").status_code == 409
    admin.patch(f"{COMPANIES}/1", ("replace", "status", {"id": 1}))
    assert admin.delete(f"{STATUSES}/{fresh}").status_code == 204


# -- associations ------------------------------------------------------------------------------------------------------

ASSOCIATIONS = f"{COMPANIES}/1/typeAssociations"


def types_of(admin: Caller) -> list[int]:
    return [one["id"] for one in admin.get(f"{COMPANIES}/1").json()["types"]]


def test_an_association_adds_a_type_and_a_vendor_type_makes_a_vendor(admin: Caller) -> None:
    made = admin.post(ASSOCIATIONS, {"type": {"id": 3}})
    assert made.status_code == 201, made.text
    assert made.json()["company"]["id"] == 1
    assert types_of(admin) == [1, 3]
    assert admin.get(f"{COMPANIES}/1").json()["isVendorFlag"] is True


@pytest.mark.rule("type-association.removed")
def test_a_removed_association_leaves_the_types(admin: Caller) -> None:
    made = admin.post(ASSOCIATIONS, {"type": {"id": 3}}).json()["id"]
    assert admin.delete(f"{ASSOCIATIONS}/{made}").status_code == 204
    assert types_of(admin) == [1]
    assert admin.get(f"{COMPANIES}/1").json()["isVendorFlag"] is False


@pytest.mark.rule("type-association.once")
def test_a_type_is_associated_once(admin: Caller) -> None:
    answer = admin.post(ASSOCIATIONS, {"type": {"id": 1}})
    assert answer.status_code == 400
    assert items(answer) == [("ObjectExists", "A matching type association already exists", "type")]
    assert types_of(admin) == [1]


def test_an_association_may_be_written_again_as_it_is(admin: Caller) -> None:
    own = admin.get(ASSOCIATIONS).json()[0]
    assert admin.put(f"{ASSOCIATIONS}/{own['id']}", {"type": {"id": 1}}).status_code == 200
    assert admin.put(f"{ASSOCIATIONS}/{own['id']}", {"type": {"id": 2}}).status_code == 200
    assert types_of(admin) == [2]


def test_an_association_without_a_type_is_refused(admin: Caller) -> None:
    assert admin.post(ASSOCIATIONS, {}).status_code == 400
    assert types_of(admin) == [1]
