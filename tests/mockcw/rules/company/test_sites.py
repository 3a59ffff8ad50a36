"""Sites: one of each kind a company, and the primary one is the company's address."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcw import Emulator
from tests.mockcw.caller import Caller, message

SITES = "/company/companies/1/sites"
FLAGS = ("primaryAddressFlag", "defaultShippingFlag", "defaultBillingFlag", "defaultMailingFlag")


def sites(admin: Caller) -> list[dict[str, Any]]:
    return list(admin.get(SITES).json())


@pytest.mark.rule("site.one-of-each")
def test_a_new_site_takes_a_flag_from_the_one_that_had_it(admin: Caller) -> None:
    made = admin.post(SITES, {"name": "Depot", "defaultShippingFlag": True}).json()
    old, new = sites(admin)
    assert new["id"] == made["id"]
    assert (old["defaultShippingFlag"], new["defaultShippingFlag"]) == (False, True)
    assert (old["primaryAddressFlag"], new["primaryAddressFlag"]) == (True, False)


def test_the_last_holder_of_a_flag_cannot_lose_it(admin: Caller) -> None:
    first = sites(admin)[0]["id"]
    answer = admin.patch(f"{SITES}/{first}", ("replace", "primaryAddressFlag", False))
    assert answer.json()["primaryAddressFlag"] is True


WRITES = st.lists(
    st.tuples(st.sampled_from(["add", "patch", "put", "delete"]), st.integers(0, 3), st.sets(st.sampled_from(FLAGS))),
    max_size=8,
)


@given(WRITES)
@example([("add", 0, {"defaultShippingFlag"}), ("delete", 1, set())])
def test_whatever_is_written_a_company_has_exactly_one_site_of_each_kind(
    built: Emulator, writes: list[tuple[str, int, set[str]]]
) -> None:
    built.reset()
    admin = Caller(built)
    for verb, which, flags in writes:
        there = [one["id"] for one in sites(admin)]
        path = f"{SITES}/{there[which % len(there)]}"
        if verb == "add":
            assert admin.post(SITES, {"name": "S", **dict.fromkeys(flags, True)}).status_code == 201
        elif verb == "patch":
            changes = [("replace", flag, flag in flags) for flag in FLAGS]
            assert admin.patch(path, *changes).status_code == 200
        elif verb == "put":
            assert admin.put(path, {"name": "S", **dict.fromkeys(flags, True)}).status_code == 200
        else:
            admin.delete(path)
        now = sites(admin)
        primary = [one["id"] for one in now if one["primaryAddressFlag"]]
        for flag in FLAGS:
            assert len([one for one in now if one[flag]]) == 1, (flag, now)
        assert admin.get("/company/companies/1").json()["site"]["id"] == primary[0]


@pytest.mark.rule("site.address")
def test_the_primary_sites_address_is_the_companys(admin: Caller) -> None:
    first = sites(admin)[0]["id"]
    admin.patch(f"{SITES}/{first}", ("replace", "city", "Newtown"), ("replace", "zip", "99"))
    company = admin.get("/company/companies/1").json()
    assert (company["city"], company["zip"]) == ("Newtown", "99")
    made = admin.post(SITES, {"name": "New Head", "city": "Capital", "primaryAddressFlag": True}).json()
    company = admin.get("/company/companies/1").json()
    assert (company["city"], company["site"]["id"]) == ("Capital", made["id"])
    assert "zip" not in company


def test_another_sites_address_is_its_own_affair(admin: Caller) -> None:
    before = admin.get("/company/companies/1").json()
    admin.post(SITES, {"name": "Depot", "city": "Elsewhere"})
    assert admin.get("/company/companies/1").json()["city"] == before["city"]


@pytest.mark.rule("site.primary-stays")
def test_the_primary_site_cannot_be_deleted_and_another_can(admin: Caller) -> None:
    first = sites(admin)[0]["id"]
    answer = admin.delete(f"{SITES}/{first}")
    assert (answer.status_code, answer.json()["code"]) == (409, "ObjectInUse")
    assert message(answer) == f"Company Site {first} is in use."
    other = admin.post(SITES, {"name": "Depot"}).json()["id"]
    assert admin.delete(f"{SITES}/{other}").status_code == 204
    assert [one["id"] for one in sites(admin)] == [first]


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_of_a_deleted_site_does_not_get_lost(admin: Caller, flag: str) -> None:
    other = admin.post(SITES, {"name": "Depot", flag: True}).json()["id"]
    admin.delete(f"{SITES}/{other}")
    assert len([one for one in sites(admin) if one[flag]]) == 1
