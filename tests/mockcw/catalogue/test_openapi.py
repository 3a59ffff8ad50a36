"""The emitted OpenAPI document: valid, whole, and saying what the catalogue says."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from mockcw import Emulator
from mockcw.catalogue import Catalogue
from mockcw.catalogue.openapi import document
from mockcw.web.control import control_app

Node = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def surface(catalogue: Catalogue) -> Node:
    return document(catalogue, "2025.1", {"postSystemMembersByMemberIdentifierTokens": 200})


def operations(surface: Node) -> dict[tuple[str, str], Node]:
    return {(method, path): one for path, item in surface["paths"].items() for method, one in item.items()}


def schema_of(reply: Node) -> Node:
    [media] = reply["content"].values()
    schema: Node = media["schema"]
    return schema


def without_repeated_refusals(surface: Node) -> Node:
    """The same document with the refusals, which are one set of references in all operations, kept once a tag."""
    lighter = copy.deepcopy(surface)
    seen: set[str] = set()
    for one in operations(lighter).values():
        if one["tags"][0] in seen:
            one["responses"] = {status: reply for status, reply in one["responses"].items() if "$ref" not in reply}
        seen.add(one["tags"][0])
    return lighter


def test_the_document_is_valid_openapi(surface: Node) -> None:
    sets = [
        {status: reply for status, reply in one["responses"].items() if "$ref" in reply}
        for one in operations(surface).values()
    ]
    assert all(one == sets[0] for one in sets)
    faults = [
        f"{'/'.join(map(str, one.path))}: {one.message}"
        for one in OpenAPIV30SpecValidator(without_repeated_refusals(surface)).iter_errors()
    ]
    assert faults == []


def test_every_published_operation_is_there_under_its_published_path(surface: Node, catalogue: Catalogue) -> None:
    found = operations(surface)
    assert len(found) == 3053
    assert set(found) == {(one.method.lower(), one.path) for one in catalogue.operations}
    assert {one["operationId"] for one in found.values()} == {one.name for one in catalogue.operations}
    assert {method for method, _ in found} == set(METHODS)


def test_every_model_is_a_component_with_the_limits_of_its_fields(surface: Node, catalogue: Catalogue) -> None:
    schemas = surface["components"]["schemas"]
    assert set(catalogue.model_names()) <= set(schemas)
    company = schemas["Company"]
    assert company["additionalProperties"] is False
    assert {"identifier", "name"} <= set(company["required"])
    properties = company["properties"]
    assert properties["identifier"] == {"type": "string", "maxLength": 30}
    assert properties["id"] == {"type": "integer", "format": "int32", "readOnly": True}
    assert properties["status"] == {"$ref": "#/components/schemas/CompanyStatusReference"}
    assert properties["types"] == {"type": "array", "items": {"$ref": "#/components/schemas/CompanyTypeReference"}}
    assert properties["dateAcquired"] == {"type": "string", "format": "date-time"}
    assert properties["leadFlag"]["nullable"] is True
    assert properties["_info"]["additionalProperties"] == {"type": "string"}
    assert properties["_info"]["readOnly"] is True
    assert "TextArea" in schemas["CustomFieldValue"]["properties"]["type"]["enum"]
    assert schemas["CustomFieldValue"]["properties"]["value"] == {}
    assert schemas["ReportDataResponse"]["properties"]["column_definitions"]["items"]["additionalProperties"] == {
        "$ref": "#/components/schemas/ReportColumnDefinition"
    }


def test_required_fields_lengths_and_enumerations_are_all_carried_over(surface: Node, catalogue: Catalogue) -> None:
    for name in catalogue.model_names():
        schema = surface["components"]["schemas"][name]
        fields = catalogue.model(name).fields
        assert schema.get("required", []) == [one.name for one in fields.values() if one.required], name
        for one in fields.values():
            node = schema["properties"][one.name]
            assert node.get("maxLength") == one.max_length, f"{name}.{one.name}"
            assert node.get("enum") == (list(one.enum) if one.enum else None), f"{name}.{one.name}"


def test_nothing_is_required_of_what_a_new_record_starts_with(surface: Node) -> None:
    start = schema_of(surface["paths"]["/company/companies/default"]["get"]["responses"]["200"])["$ref"].rsplit("/", 1)[
        1
    ]
    schemas = surface["components"]["schemas"]
    assert "required" not in schemas[start]
    assert schemas[start]["properties"] == schemas["Company"]["properties"]


def test_what_is_never_answered_is_written_only(surface: Node, catalogue: Catalogue) -> None:
    hidden = [
        surface["components"]["schemas"][name]["properties"][one.name]
        for name in catalogue.model_names()
        for one in catalogue.model(name).fields.values()
        if not one.answered
    ]
    assert hidden
    assert all(node["writeOnly"] is True for node in hidden)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/company/companies", "200"),
        ("post", "/company/companies", "201"),
        ("put", "/company/companies/{id}", "200"),
        ("patch", "/company/companies/{id}", "200"),
        ("delete", "/company/companies/{id}", "204"),
        ("delete", "/company/managedDevicesIntegrations/{parentId}/logins/{id}", "200"),
        ("post", "/service/tickets/search", "200"),
        ("post", "/system/members/{memberIdentifier}/tokens", "200"),
        ("post", "/company/configurations/bulk", "207"),
        ("put", "/procurement/purchaseorders/{parentId}/lineitems/bulk", "207"),
        ("delete", "/company/configurations/bulk", "207"),
    ],
)
def test_each_verb_has_its_status_of_success(surface: Node, method: str, path: str, status: str) -> None:
    replies = surface["paths"][path][method]["responses"]
    assert [one for one in replies if one < "300"] == [status]
    for refusal in ("400", "401", "403", "404", "409"):
        assert refusal in replies


def test_a_list_takes_the_list_parameters_and_answers_an_array(surface: Node) -> None:
    listing = surface["paths"]["/company/companies/{parentId}/sites"]["get"]
    place, *query = listing["parameters"]
    assert place == {
        "name": "parentId",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "format": "int32", "minimum": 1},
    }
    named = {one["$ref"].rsplit("/", 1)[1] for one in query if "$ref" in one}
    assert named == {
        "conditions", "childConditions", "customFieldConditions", "orderBy", "fields", "page", "pageSize", "pageId"
    }  # fmt: skip
    assert schema_of(listing["responses"]["200"])["items"] == {"$ref": "#/components/schemas/CompanySite"}
    assert "Link" in listing["responses"]["200"]["headers"]


def test_every_parameter_of_a_path_is_declared_and_words_are_texts(surface: Node) -> None:
    for (_, path), one in operations(surface).items():
        declared = [parameter["name"] for parameter in one["parameters"] if parameter.get("in") == "path"]
        assert declared == re.findall(r"\{(\w+)\}", path)
    [place] = surface["paths"]["/system/members/{memberIdentifier}/tokens"]["post"]["parameters"]
    assert place["schema"]["type"] == "string"


def test_a_document_is_uploaded_as_a_form_and_downloaded_as_bytes(surface: Node) -> None:
    form = surface["paths"]["/system/documents"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["properties"]["file"] == {"type": "string", "format": "binary"}
    assert {"recordId", "recordType", "title", "privateFlag"} <= set(form["properties"])
    download = surface["paths"]["/system/documents/{id}/download"]["get"]["responses"]["200"]
    assert schema_of(download) == {"type": "string", "format": "binary"}


def test_the_reply_of_a_create_leads_to_the_record(surface: Node) -> None:
    links = surface["paths"]["/company/companies/{parentId}/sites"]["post"]["responses"]["201"]["links"]
    assert set(links) == {"get", "patch", "replace", "delete"}
    assert links["get"] == {
        "operationId": "getCompanyCompaniesByParentIdSitesById",
        "parameters": {"parentId": "$request.path.parentId", "id": "$response.body#/id"},
    }


def test_errors_have_the_captured_shape(surface: Node) -> None:
    components = surface["components"]
    assert schema_of(components["responses"]["E400"]) == {"$ref": "#/components/schemas/ErrorResponseMessage"}
    assert set(components["schemas"]["ThrottledMessage"]["required"]) == {"error", "message"}
    assert components["responses"]["E429"]["headers"].keys() == {"Retry-After"}


def test_requests_are_authorised_by_basic_and_a_client_id(surface: Node) -> None:
    assert surface["security"] == [{"basic": [], "clientId": []}]
    assert surface["components"]["securitySchemes"]["clientId"]["name"] == "clientId"


def test_the_control_api_serves_it_with_the_statuses_of_the_actions() -> None:
    with Emulator("empty") as emulator:
        client = control_app(emulator.world).test_client()
        answer = client.get("/_mockcw/psa-openapi.json")
        actions = {action.operation: action.status for action in emulator.world.rulebook.actions}
        again = client.get("/_mockcw/psa-openapi.json")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert again.data == answer.data
    surface = answer.get_json()
    assert surface["info"]["version"] == "2025.1"
    assert len(operations(surface)) == 3053
    for one in operations(surface).values():
        if actions.get(one["operationId"], 200) == 201:
            assert "201" in one["responses"], one["operationId"]
