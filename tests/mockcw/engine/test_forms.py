"""What a reference shows of its target where the target calls it otherwise, and how it is found by that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.catalogue import Catalogue, Field, load
from mockcw.catalogue.load import read_lines
from mockcw.engine.forms import Forms, fitting, taken
from tests.mockcw.caller import Caller, items

CONTACTS, CONFIGURATIONS = "/company/contacts", "/company/configurations"
STATUSES, TYPES = "/company/configurations/statuses", "/company/configurations/types"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


def test_every_source_is_a_field_of_the_record_and_every_name_one_of_the_reference(catalogue: Catalogue) -> None:
    for line in read_lines("references.tsv"):
        reference = line.split("\t")[0]
        key = catalogue.collection_of_reference(reference)
        for name, source in catalogue.sources_of_reference(reference).items():
            assert key is not None
            assert name in catalogue.model(reference).fields
            fields = catalogue.model(catalogue.row(key).model).fields
            assert all(part in fields for part in source.replace("~", "+").split("+"))


@pytest.mark.parametrize(
    ("source", "target", "value"),
    [
        ("name", {"name": "x"}, "x"),
        ("name", {}, None),
        ("firstName+lastName", {"firstName": "Ann", "lastName": "Field"}, "Ann Field"),
        ("firstName+lastName", {"firstName": "Ann"}, "Ann"),
        ("firstName+lastName", {}, None),
        (
            "dateStart~dateEnd",
            {"dateStart": "2005-05-14T00:00:00Z", "dateEnd": "2005-05-20"},
            "2005-05-14 to 2005-05-20",
        ),
        ("dateStart~dateEnd", {"dateStart": "2005-05-14"}, None),
    ],
)
def test_sources_are_fields_joined_texts_and_spans(source: str, target: dict[str, str], value: str | None) -> None:
    assert taken(source, target) == value


@pytest.mark.parametrize(
    ("value", "shown"), [("x", "x"), (5, "5"), (True, "true"), ({"id": 1, "name": "Support"}, "Support"), ({}, None)]
)
def test_a_text_shows_numbers_flags_and_names(value: object, shown: str | None) -> None:
    assert fitting(Field("type", "string"), value) == shown
    assert fitting(Field("sort", "integer"), 5) == 5


@given(st.dictionaries(st.sampled_from(["name", "identifier", "firstName", "lastName"]), st.text(max_size=5)))
def test_a_form_holds_nothing_but_the_fields_of_its_model(catalogue: Catalogue, target: dict[str, str]) -> None:
    form = Forms(catalogue).shown("MemberReference", {**target, "id": 3, "_info": {}, "password": "x"})
    assert set(form) <= {"identifier", "name"}


# -- over the API ------------------------------------------------------------------------------------------------------


def configuration(admin: Caller, **more: object) -> dict[str, object]:
    kind = admin.post(TYPES, {"name": "Server"}).json()["id"]
    body = {"name": "db1", "type": {"id": kind}, "company": {"id": 1}, **more}
    made = admin.post(CONFIGURATIONS, body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def test_a_configuration_status_is_called_by_its_description(admin: Caller) -> None:
    status = admin.post(STATUSES, {"description": "Mothballed"}).json()["id"]
    by_id = configuration(admin, status={"id": status})
    assert {**by_id["status"], "_info": None} == {"id": status, "name": "Mothballed", "_info": None}
    assert configuration(admin, status={"name": "mothballed"})["status"] == by_id["status"]
    assert admin.patch(f"{STATUSES}/{status}", ("replace", "description", "Gone")).status_code == 200
    assert admin.get(f"{CONFIGURATIONS}/{by_id['id']}").json()["status"]["name"] == "Gone"


def test_a_contact_is_called_by_both_names(admin: Caller) -> None:
    contact = admin.post(CONTACTS, {"firstName": "Ann", "lastName": "Field", "company": {"id": 1}}).json()["id"]
    shown = configuration(admin, contact={"name": "ann field"})["contact"]
    assert (shown["id"], shown["name"]) == (contact, "Ann Field")
    answer = admin.post(
        CONFIGURATIONS, {"name": "x", "type": {"name": "Server"}, "company": {"id": 1}, "contact": {"name": "Ann"}}
    )
    assert items(answer) == [("NotFound", "Contact Ann not found", "contact/name")]


def test_a_reference_inside_an_element_is_expanded_and_renamed(admin: Caller) -> None:
    kind = admin.post("/company/communicationTypes", {"description": "Hotline", "phoneFlag": True}).json()["id"]
    item = {"type": {"id": kind}, "value": "555", "communicationType": "Phone"}
    made = admin.post(CONTACTS, {"firstName": "Ann", "communicationItems": [item]})
    assert made.status_code == 201, made.text
    path = f"{CONTACTS}/{made.json()['id']}"
    assert made.json()["communicationItems"][0]["type"]["name"] == "Hotline"
    assert admin.patch(f"/company/communicationTypes/{kind}", ("replace", "description", "Desk")).status_code == 200
    assert admin.get(path).json()["communicationItems"][0]["type"]["name"] == "Desk"


@pytest.mark.parametrize(
    ("site", "text", "field"),
    [
        ({"name": "No Such"}, "Company Site not found for Company 1", "site/name"),
        ({"id": 987654}, "Company Site 987654 not found for Company 1", "site/id"),
    ],
)
def test_what_is_missing_under_a_known_record_says_so_in_the_captured_words(
    admin: Caller, site: dict[str, object], text: str, field: str
) -> None:
    answer = admin.post(CONTACTS, {"firstName": "Ann", "site": site, "company": {"id": 1}})
    assert items(answer) == [("NotFound", text, field)]
