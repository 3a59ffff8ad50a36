"""The control API describes itself: every route there is, in a valid document, with the bodies that it reads."""

from __future__ import annotations

import re
from typing import Any

import pytest
from openapi_spec_validator import validate

from mockcw import Emulator
from mockcw.web.control import control_app
from mockcw.web.described import CALLS, document
from tests.mockcw.caller import Control

PREFIX = "/_mockcw"
ANY_METHOD = {"HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return document("1")


def test_every_control_call_is_described_and_nothing_else(built: Emulator) -> None:
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule)).removeprefix(PREFIX))
        for rule in control_app(built.world).url_map.iter_rules()
        for method in (rule.methods or set()) - ANY_METHOD
    }
    assert routes == {(one.method, one.path) for one in CALLS}
    assert len(CALLS) == len(routes)


def test_the_document_is_valid_and_names_each_call_once(told: dict[str, Any]) -> None:
    validate(told)
    names = [one["operationId"] for path in told["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) == len(CALLS)


def test_bodies_are_those_that_the_calls_read(told: dict[str, Any]) -> None:
    fault = told["components"]["schemas"]["FaultBody"]
    assert fault["required"] == ["do"]
    levels = told["paths"]["/roles/{role_id}/settings"]["put"]["requestBody"]["content"]["application/json"]["schema"]
    assert levels == {"type": "array", "items": {"$ref": "#/components/schemas/LevelRow"}}
    assert "requestBody" not in told["paths"]["/reset"]["post"]


def test_it_is_served(control: Control) -> None:
    assert control.get("/openapi.json")["info"]["title"] == "mockcw control API"


def test_answers_are_of_the_sort_that_is_told(control: Control, told: dict[str, Any]) -> None:
    control.put("/scenario", {"name": "10"})
    plain = [one for one in CALLS if one.method == "GET" and "{" not in one.path]
    for one in plain:
        content = told["paths"][one.path]["get"]["responses"]["200"]["content"]
        assert content["application/json"]["schema"]["type"] == one.answers
        assert isinstance(control.get(one.path), list if one.answers == "array" else dict), one.path


def test_a_snapshot_that_is_made_and_one_that_is_replaced_answer_as_told(
    control: Control, told: dict[str, Any]
) -> None:
    statuses = {str(control.http.put("/snapshots/told-of").status_code) for _ in range(2)}
    assert {*told["paths"]["/snapshots/{name}"]["put"]["responses"]} == {*statuses, "default"}
