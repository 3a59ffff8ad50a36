"""Demo data: the same seed the same bytes, the promised members, names as Faker gives them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from mockcw import Emulator, MockcwError
from mockcw.clock import Ids
from mockcw.demo import SIZES
from mockcw.demo.members import DEMO_MEMBERS, issue_key
from mockcw.demo.names import KEPT, KEPT_PEOPLE, company_names, generate, generate_people, people
from mockcw.store import EVERYTHING
from tests.mockcw.caller import Caller, Control

COMPANIES = "/company/companies"
PROMISED = {
    "admin": "Admin",
    "sonicsaas": "SonicSaaS Integration",
    "harmony-sase": "Harmony SASE",
    "channel-program": "Admin",
    "it-glue": "IT Glue",
    "managed-backup": "Managed Backup",
    "inactive": "SonicSaaS Integration",
    "no-access": "No Access",
    "narrow-level": "SonicSaaS Integration",
    "restricted-client": "SonicSaaS Integration",
}
TIMES = re.compile(rb'"(lastUpdated|dateEntered|dateAcquired|dateDeleted|hireDate)":"[^"]*"')


def contents(emulator: Emulator) -> dict[str, list[bytes]]:
    """All records without the moments they were written at and without the store's own token."""
    store = emulator.world.tenants["training"].store
    return {
        name: [TIMES.sub(b"", doc.replace(store.root.encode(), b"ROOT")) for _, doc in store.rows(name, EVERYTHING)]
        for name in store.collections()
    }


def test_the_same_seed_gives_the_same_bytes(built: Emulator) -> None:
    built.reset()
    with Emulator() as twin:
        assert contents(twin) == contents(built)
        assert twin.members == built.members
        assert {n: c.private_key for n, c in twin.members.items()} == {
            n: c.private_key for n, c in built.members.items()
        }


def test_another_seed_gives_other_keys_and_other_names(built: Emulator) -> None:
    with Emulator(seed=2) as other:
        for name in PROMISED:
            mine, theirs = built.member(name), other.member(name)
            assert mine.public_key != theirs.public_key
            assert mine.private_key != theirs.private_key
        assert Caller(other).get(f"{COMPANIES}/1").json()["name"] != Caller(built).get(f"{COMPANIES}/1").json()["name"]


def test_another_company_gives_other_keys() -> None:
    keys = {issue_key(Ids(1), 1, company, DEMO_MEMBERS[0], None).private_key for company in ("training", "other")}
    assert len(keys) == 2


def test_the_kept_names_are_fakers() -> None:
    kept = orjson.loads(KEPT.read_bytes())
    assert len(kept) >= SIZES["small"].companies
    assert kept == list(generate(len(kept), 1))
    assert company_names(5, 1) == kept[:5]
    assert company_names(5, 2) == list(generate(5, 2))
    staff = orjson.loads(KEPT_PEOPLE.read_bytes())
    assert len(staff) >= SIZES["small"].contacts + SIZES["small"].technicians
    assert staff == list(generate_people(len(staff), 1))
    assert people(5, 1) == staff[:5]
    assert people(5, 2) == list(generate_people(5, 2))


def test_more_people_than_names_are_all_different() -> None:
    pairs = {(one["first"], one["last"], one["phone"]) for one in people(1000, 3)}
    assert len(pairs) > 990


@pytest.mark.parametrize("size", ["empty", "small", 7])
def test_a_size_has_as_many_companies_as_it_says(size: str | int) -> None:
    with Emulator(size) as emulator:
        expected = SIZES[size].companies if isinstance(size, str) else size
        assert Caller(emulator).get(f"{COMPANIES}/count").json() == {"count": expected}


def test_many_companies_are_as_whole_as_few() -> None:
    with Emulator(1200) as many, Emulator(3) as some:
        admin, few = Caller(many), Caller(some)
        assert admin.get(f"{COMPANIES}/count").json() == {"count": 1200}
        company = admin.get(f"{COMPANIES}/1099").json()
        assert set(company) == set(few.get(f"{COMPANIES}/1").json())
        assert company["billToCompany"]["id"] == 1099
        assert company["billToCompany"]["name"] == company["name"]
        [site] = admin.get(f"{COMPANIES}/1099/sites").json()
        assert site["id"] == company["site"]["id"]
        assert (site["company"]["id"], site["company"]["name"]) == (1099, company["name"])
        kinds = admin.get(f"{COMPANIES}/1099/typeAssociations").json()
        assert [one["type"]["id"] for one in kinds] == [one["id"] for one in company["types"]]
        assert {one["company"]["name"] for one in kinds} == {company["name"]}
        text = admin.get(f"{COMPANIES}/1099").text + orjson.dumps([site, kinds]).decode()
        hrefs = re.findall(r"/company/companies/(\d+)", text)
        assert set(hrefs) == {"1099"}
        assert admin.get(site["company"]["_info"]["company_href"]).json() == company
        identifiers = {one["identifier"] for one in walk(admin)}
        assert len(identifiers) == 1200
        assert admin.patch(f"{COMPANIES}/1099", ("replace", "name", "New")).json()["billToCompany"]["name"] == "New"
        assert admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}}).json()["id"] == 1201


def walk(admin: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while page := admin.get(COMPANIES, pageSize=1000, page=1 + len(found) // 1000, fields="id,identifier").json():
        found += page
    return found


@pytest.mark.parametrize("size", ["huge", "", "-1", -5])
def test_a_size_that_is_none_is_refused(size: Any) -> None:
    with pytest.raises(MockcwError):
        Emulator(size)


# -- members -----------------------------------------------------------------------------------------------------------


def test_the_promised_members_are_there_with_their_roles(built: Emulator) -> None:
    assert {name: one.role for name, one in built.members.items()} == PROMISED
    listed = {one["identifier"]: one for one in Caller(built).get("/system/members").json()}
    for one in built.members.values():
        assert len(one.identifier) <= 15
        assert listed[one.identifier]["securityRole"]["name"] == one.role


def test_each_member_gets_what_its_name_says(emulator: Emulator) -> None:
    statuses = {name: Caller(emulator, name).get(COMPANIES).status_code for name in PROMISED}
    expected = dict.fromkeys(PROMISED, 200) | {
        "inactive": 401,
        "no-access": 403,
        "managed-backup": statuses["managed-backup"],
    }
    assert statuses == expected
    assert Caller(emulator, "narrow-level").get(COMPANIES).json() == []


def test_the_role_of_a_guide_has_the_rows_of_the_guide(built: Emulator) -> None:
    rows = Control(built).get("/roles/3/settings")
    levels = ("addLevel", "editLevel", "deleteLevel", "inquireLevel")
    cells = {row["moduleFunctionName"]: tuple(row[one] for one in levels) for row in rows if row["moduleName"] != "X"}
    assert cells["Agreements"] == ("All", "All", "All", "All")
    assert cells["Company Maintenance"] == ("None", "All", "None", "All")
    assert cells["Time Entry"] == ("All", "All", "All", "All")
    assert cells["Marketing Groups"] == ("None", "None", "None", "None")


def test_a_private_key_is_kept_as_a_hash_only(tmp_path: Path) -> None:
    with Emulator("empty", db=tmp_path / "state.db") as emulator:
        secrets = [one.private_key.encode() for one in emulator.members.values()]
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [one for one in secrets if one in raw]
    assert all(one.private_key not in repr(one) for one in emulator.members.values())


def test_demo_companies_have_every_status_and_some_are_deleted(built: Emulator) -> None:
    companies = Caller(built).get(COMPANIES, pageSize=1000).json()
    assert {one["status"]["name"] for one in companies} >= {"Active", "Inactive", "Prospect"}
    assert 0 < len([one for one in companies if one["deletedFlag"]]) < len(companies) / 4
    assert all(one["site"]["name"] == "Main" for one in companies)
