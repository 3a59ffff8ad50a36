"""Where the records live that a reference points at."""

from __future__ import annotations

import pytest

from mockcw.catalogue import Catalogue
from mockcw.catalogue.load import read_lines


def test_every_reference_model_has_a_row_and_every_row_a_collection(catalogue: Catalogue) -> None:
    references = [name for name in catalogue.model_names() if name.endswith("Reference")]
    keys = set(catalogue.collection_keys())
    assert len(references) == 198
    assert [catalogue.collection_of_reference(name) in keys | {None} for name in references] == [True] * 198
    assert {line.split("\t")[0] for line in read_lines("references.tsv")} == set(references)
    assert {line.split("\t")[2] for line in read_lines("references.tsv")} == {"documented", "assumed"}


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("CompanyReference", "/company/companies"),
        ("CompanyStatusReference", "/company/companies/statuses"),
        ("CompanyTypeReference", "/company/companies/types"),
        ("SystemLocationReference", "/system/locations"),
        ("BoardReference", "/service/boards"),
        ("SecurityRoleReference", "/system/securityroles"),
        ("MemberReference", "/system/members"),
        ("TicketReference", "/service/tickets"),
        ("SiteReference", "/company/companies/{parentId}/sites"),
        ("ServiceStatusReference", "/service/boards/{parentId}/statuses"),
        ("OpenRevenueReference", None),
    ],
)
def test_known_references_point_where_they_should(catalogue: Catalogue, reference: str, key: str | None) -> None:
    assert catalogue.collection_of_reference(reference) == key


def test_a_name_that_is_no_reference_is_a_key_error(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError):
        catalogue.collection_of_reference("Company")
