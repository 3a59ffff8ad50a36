"""The whole of the published surface survives the trip into the data files."""

from __future__ import annotations

from collections import Counter

import pytest

from mockcw.catalogue import LIST_QUERY, Catalogue, load
from mockcw.catalogue.load import read_lines
from mockcw.catalogue.operations import VERBS

# Types of the published list that are no models.
BARE = {
    "map[string]interface{}",
    "map[string]ReportColumnDefinition",
    "map[string]map[string]interface{}",
    "os.File",
    "int32",
}


def test_every_published_operation_is_there_once(catalogue: Catalogue) -> None:
    assert len(catalogue.operations) == 3053
    assert len({(one.method, one.path) for one in catalogue.operations}) == 3053
    assert len({one.name for one in catalogue.operations}) == 3053
    methods = Counter(one.method for one in catalogue.operations)
    assert methods == {"GET": 1712, "POST": 386, "PATCH": 325, "PUT": 323, "DELETE": 307}


def test_slices_and_negative_places_of_operations_work_like_a_list(catalogue: Catalogue) -> None:
    assert catalogue.operations[-1] is catalogue.operations[3052]
    assert [one.path for one in catalogue.operations[:2]] == ["/company/addressFormats", "/company/addressFormats"]
    with pytest.raises(IndexError):
        catalogue.operations[3053]


def test_fields_and_enumerations_add_up_to_the_published_totals(catalogue: Catalogue) -> None:
    models = [catalogue.model(name) for name in catalogue.model_names()]
    fields = [field for model in models for field in model.fields.values()]
    assert len(models) == 825
    assert len(fields) == 8361 + 6  # the errata add what answers carry and the list lacks
    assert sum(field.enum is not None for field in fields) == 335
    assert sum(len(field.enum or ()) for field in fields) == 1692
    assert sum(field.required for field in fields) == 586
    assert sum(field.required_on_update for field in fields) == 29
    assert sum(field.nullable for field in fields) == 2922 + 3
    assert sum(field.max_length is not None for field in fields) == 783
    assert sum(field.ref is not None for field in fields) == 1462
    assert sum(field.format == "date-time" for field in fields) == 123


def test_every_character_of_a_model_line_is_understood(catalogue: Catalogue) -> None:
    for line in read_lines("models.tsv"):
        name, _, text = line.partition("\t")
        assert list(catalogue.model(name).fields) == [word.partition(":")[0] for word in text.split()]


def test_every_reference_of_a_field_points_at_a_model(catalogue: Catalogue) -> None:
    known = set(catalogue.model_names())
    for name in known:
        for field in catalogue.model(name).fields.values():
            assert field.ref is None or field.ref in known


def test_every_body_and_reply_is_a_model_or_a_bare_type(catalogue: Catalogue) -> None:
    known = set(catalogue.model_names())
    for one in catalogue.operations:
        assert one.body is None or one.body in known
        assert one.returns is None or one.returns in known | BARE


def test_a_word_of_each_operation_is_one_of_the_known_verbs(catalogue: Catalogue) -> None:
    verbs = Counter(one.verb for one in catalogue.operations)
    assert set(verbs) == VERBS
    assert verbs["action"] < 180


def test_regular_verbs_address_a_collection_of_the_model_they_carry(catalogue: Catalogue) -> None:
    carried = {"create", "replace", "get", "list", "default"}
    for one in catalogue.operations:
        if one.verb == "action":
            assert one.collection == "" or catalogue.collection(one.collection)
            continue
        collection = catalogue.collection(one.collection)
        twice = one.path.endswith("{memberIdentifier}")  # the same record under another key
        assert twice or collection.operations[one.verb] is one
        assert one.parents == collection.parents
        if one.verb in carried:
            assert one.returns == collection.model
            assert one.returns_list == (one.verb == "list")


def test_parents_are_collections_one_for_each_id_in_the_key(catalogue: Catalogue) -> None:
    keys = set(catalogue.collection_keys())
    for collection in catalogue.collections():
        assert len(collection.parents) == collection.key.count("{")
        assert set(collection.parents) <= keys
        assert collection.view_of in keys | {None, "-"}


def test_a_path_has_as_many_ids_as_its_verb_needs(catalogue: Catalogue) -> None:
    one_record = {"get", "replace", "patch", "delete", "info_get", "usages", "usages_list"}
    for one in catalogue.operations:
        if one.verb != "action":
            assert one.path.count("{") == len(one.parents) + (one.verb in one_record)


def test_the_settings_of_a_role_belong_to_the_role(catalogue: Catalogue) -> None:
    found = catalogue.match("GET", "/system/securityRoles/3/settings")
    assert found.operation.parents == ("/system/securityroles",)
    assert found.operation.collection == "/system/securityroles/{parentId}/settings"


def test_info_twins_mirror_their_collection(catalogue: Catalogue) -> None:
    for path, key in (
        ("/system/info/members", "/system/members"),
        ("/company/companies/info", "/company/companies"),
        ("/company/contacts/types/count/info", "/company/contacts/types"),
        ("/sales/schedule/holidaylists/info/count", "/schedule/holidayLists"),
        ("/configurations/types/2/questions/3/values/info", None),
    ):
        operation = catalogue.match("GET", path).operation
        assert operation.verb.startswith("info_")
        assert operation.collection == (
            key or "/company/configurations/types/{grandparentId}/questions/{parentId}/values"
        )
    assert catalogue.collection("/company/companies").info_model == "CompanyInfo"


def test_a_company_collection_says_what_the_engine_needs(catalogue: Catalogue) -> None:
    companies = catalogue.collection("/company/companies")
    assert companies.model == "Company"
    assert companies.caption == "Company"
    assert companies.view_of is None
    assert {"list", "count", "get", "create", "replace", "patch", "delete"} <= set(companies.operations)
    assert "postCompanyCompaniesByIdMerge" in {one.name for one in companies.actions}
    sites = catalogue.collection("/company/companies/{parentId}/sites")
    assert sites.parents == ("/company/companies",)


def test_query_names_and_form_names_survive(catalogue: Catalogue) -> None:
    assert catalogue.match("GET", "/company/companies").operation.query == LIST_QUERY
    assert catalogue.match("POST", "/company/companies").operation.query == ()
    assert catalogue.match("POST", "/company/configurations").operation.query == ("managedInformation",)
    assert set(catalogue.match("GET", "/company/configurations").operation.query) == {*LIST_QUERY, "managedIdentifier"}
    upload = catalogue.match("POST", "/system/documents").operation
    assert upload.form == ("recordId", "recordType", "title", "url", "privateFlag", "readOnlyFlay", "isAvatar")
    assert upload.body is None


def test_the_catalogue_is_read_once_a_process() -> None:
    assert load() is load()
