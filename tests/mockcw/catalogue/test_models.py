"""Field notation, captions and resource names."""

from __future__ import annotations

import pytest

from mockcw.catalogue import Catalogue, Field
from mockcw.catalogue.load import read_lines
from mockcw.catalogue.models import caption_of, parse_model, resource_of


def test_every_mark_of_the_notation_is_read() -> None:
    model = parse_model(
        "Thing\tid:i name:s<50! kind:s(A|B)?~ when:d owner:@MemberReference tags:[s all:[@Tag _info:{s rows:[[o any:[* "
        "columns:[{@Column price:n? on:b more:{o own:s?- once:[i^> size:i?=1 kinds:[@Kind=[] tone:s(A|B)<9!=A",
        {},
    )
    assert list(model.fields.values()) == [
        Field("id", "integer"),
        Field("name", "string", required=True, max_length=50),
        Field("kind", "string", nullable=True, required_on_update=True, enum=("A", "B")),
        Field("when", "string", format="date-time"),
        Field("owner", "ref", ref="MemberReference"),
        Field("tags", "array", items="string"),
        Field("all", "array", items="ref", ref="Tag"),
        Field("_info", "object", additional="string"),
        Field("rows", "array", items="array"),
        Field("any", "array", items="any"),
        Field("columns", "array", items="object", additional="ref", ref="Column"),
        Field("price", "number", nullable=True),
        Field("on", "boolean"),
        Field("more", "object", additional="object"),
        Field("own", "string", nullable=True, read_only=True),
        Field("once", "array", items="integer", create_only=True, answered=False),
        Field("size", "integer", nullable=True, default="1"),
        Field("kinds", "array", items="ref", ref="Kind", default="[]"),
        Field("tone", "string", enum=("A", "B"), max_length=9, required=True, default="A"),
    ]


def test_a_company_has_the_published_limits(catalogue: Catalogue) -> None:
    company = catalogue.model("Company")
    assert company.fields["identifier"] == Field("identifier", "string", required=True, max_length=30)
    assert company.fields["types"] == Field("types", "array", ref="CompanyTypeReference", items="ref")
    assert list(company.fields)[:3] == ["id", "identifier", "name"]


def test_fields_are_found_in_any_letter_case(catalogue: Catalogue) -> None:
    company = catalogue.model("Company")
    assert company.find("IDENTIFIER") is company.fields["identifier"]
    assert company.find("_INFO") is company.fields["_info"]
    assert company.find("nothing") is None


def test_an_unknown_model_is_a_key_error(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError):
        catalogue.model("Nothing")


@pytest.mark.parametrize(
    ("model", "caption", "resource"),
    [
        ("Contact", "Contact", "contact"),
        ("Ticket", "Ticket", "ticket"),
        ("Company", "Company", "company"),
        ("ServiceStatusReference", "Service Status", "serviceStatus"),
        ("CallbackEntry", "Callback Entry", "callbackEntry"),
        ("CatalogItem", "Catalog Item", "catalogItem"),
        ("ServiceNote", "Service Note", "serviceNote"),
        ("SLA", "SLA", "sla"),
        ("SLAPriority", "SLA Priority", "slaPriority"),
        ("KBCategoryReference", "KB Category", "kbCategory"),
        ("M365ContactSync", "M365 Contact Sync", "m365ContactSync"),
        ("Other1RevenueReference", "Other1 Revenue", "other1Revenue"),
    ],
)
def test_names_in_error_texts_follow_from_the_model(model: str, caption: str, resource: str) -> None:
    assert (caption_of(model), resource_of(model)) == (caption, resource)


def test_exceptions_to_the_naming_rule_are_applied(catalogue: Catalogue) -> None:
    assert catalogue.model("CompanyConfiguration").resource == "configuration"
    assert catalogue.model("ScheduleEntry").resource == "schedule"
    assert catalogue.model("BoardStatus").caption == "Service Status"
    assert catalogue.model("Board").caption == "Service Board"


def test_every_exception_names_a_model_and_differs_from_the_rule(catalogue: Catalogue) -> None:
    known = set(catalogue.model_names())
    for line in read_lines("names.tsv"):
        model, caption, resource, mark, evidence = line.split("\t")
        assert model in known
        assert (caption, resource) != (caption_of(model), resource_of(model))
        assert mark in ("captured", "documented", "assumed")
        assert evidence


def test_no_caption_loses_a_letter_of_its_model(catalogue: Catalogue) -> None:
    for name in catalogue.model_names():
        assert caption_of(name).replace(" ", "") == (name.removesuffix("Reference") or name)
        assert resource_of(name)[0].islower()
