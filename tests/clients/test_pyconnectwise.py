"""A client nobody here wrote: pyconnectwise from the package index, unmodified, over HTTPS."""

from __future__ import annotations

import pytest
from pyconnectwise import ConnectWiseManageAPIClient
from pyconnectwise.exceptions import (
    AuthenticationFailedException,
    ConflictException,
    MalformedRequestException,
    MethodNotAllowedException,
    NotFoundException,
    ObjectExistsError,
    PermissionsFailedException,
)

from mockcw import Live
from mockcw.demo import Credentials
from mockcw.demo.members import DEMO_MEMBERS

# Its models are written for pydantic 1: they warn when they are imported, and only that is let pass.
pytestmark = pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20")


def connected(live: Live, member: str = "admin", given: Credentials | None = None) -> ConnectWiseManageAPIClient:
    who = given or live.members[member]
    return ConnectWiseManageAPIClient(
        live.company_id, f"127.0.0.1:{live.port}", who.client_id, who.public_key, who.private_key
    )


def test_it_finds_the_code_base_by_itself(secure: Live) -> None:
    assert connected(secure).codebase == "v2025_1/"


def test_its_connection_test_works(secure: Live) -> None:
    info = connected(secure).system.info.get()
    assert info.version == "v2025.1.111111"


@pytest.mark.parametrize("page_size", [7, 1000])
def test_its_paginator_reads_all_companies_once(secure: Live, page_size: int) -> None:
    companies = connected(secure).company.companies.paginated(1, page_size)
    read = [company.id for company in companies.all()]
    assert read == list(range(1, 41))


def test_its_paginator_can_be_turned_page_by_page(secure: Live) -> None:
    pages = connected(secure).company.companies.paginated(1, 25)
    assert len(pages.data) == 25
    assert pages.has_next_page
    pages.get_next_page()
    assert [company.id for company in pages.data] == list(range(26, 41))
    assert not pages.has_next_page


def test_its_models_read_what_the_emulator_answers(secure: Live) -> None:
    company = connected(secure).company.companies.id(1).get()
    assert (company.identifier, company.status.name, company.types[0].name) == ("CarrollInc1", "Active", "Client")
    assert company.site.name == "Main"


def test_it_filters_and_counts(secure: Live) -> None:
    client = connected(secure)
    found = client.company.companies.get(params={"conditions": 'identifier = "MeyerGroup3"'})
    assert [one.id for one in found] == [3]
    assert client.company.companies.count.get().count == 40


def test_it_creates_patches_and_deletes_a_company(secure: Live) -> None:
    companies = connected(secure).company.companies
    made = companies.post(data={"identifier": "Fresh", "name": "Fresh Ltd", "site": {"name": "Main"}})
    assert (made.id, made.name, made.status.name) == (41, "Fresh Ltd", "Active")
    changed = companies.id(made.id).patch(data=[{"op": "replace", "path": "name", "value": "Fresher Ltd"}])
    assert changed.name == "Fresher Ltd"
    companies.id(made.id).delete()
    assert companies.id(made.id).get().deleted_flag is True


def test_it_reads_members_statuses_and_sites(secure: Live) -> None:
    client = connected(secure)
    assert [one.name for one in client.company.companies.statuses.get()][:2] == ["Active", "Inactive"]
    assert [one.name for one in client.company.companies.id(1).sites.get()] == ["Main"]
    assert {one.identifier for one in client.system.members.get()} >= {one.identifier for one in DEMO_MEMBERS}


def test_wrong_keys_and_an_inactive_member_are_its_401(secure: Live) -> None:
    admin = secure.members["admin"]
    wrong = Credentials("x", "x", "x", admin.public_key, "wrong", admin.client_id)
    for client in (connected(secure, given=wrong), connected(secure, "inactive")):
        with pytest.raises(AuthenticationFailedException):
            client.company.companies.get()


def test_a_short_role_is_its_403(secure: Live) -> None:
    with pytest.raises(PermissionsFailedException) as refusal:
        connected(secure, "no-access").company.companies.get()
    assert refusal.value.response.json()["message"] == "You do not have security permission to perform this action."


def test_a_missing_record_is_its_404(secure: Live) -> None:
    with pytest.raises(NotFoundException):
        connected(secure).company.companies.id(9999).get()


def test_a_taken_identifier_is_its_object_exists(secure: Live) -> None:
    with pytest.raises(ObjectExistsError) as refusal:
        connected(secure).company.companies.post(
            data={"identifier": "CarrollInc1", "name": "x", "site": {"name": "Main"}}
        )
    assert "Company ID already in use." in str(refusal.value)


def test_other_refusals_are_its_400_405_and_409(secure: Live) -> None:
    client = connected(secure)
    with pytest.raises(MalformedRequestException):
        client.company.companies.get(params={"conditions": "nonsense = 1"})
    with pytest.raises(ConflictException):
        client.company.companies.statuses.id(1).delete()
    with pytest.raises(MethodNotAllowedException):
        client.company.companies._make_request("DELETE")


def test_a_narrow_level_reads_nothing_and_gets_no_error(secure: Live) -> None:
    assert list(connected(secure, "narrow-level").company.companies.paginated(1, 25).all()) == []
