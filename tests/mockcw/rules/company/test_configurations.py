"""Configurations: questions of their type, another type, a copy of a type, what hangs on them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller, items

CONFIGURATIONS = "/company/configurations"
TYPES = "/company/configurations/types"


def made(admin: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = admin.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def kind(admin: Caller, name: str, *questions: str) -> int:
    number = int(made(admin, TYPES, {"name": name})["id"])
    for at, text in enumerate(questions):
        body = {"fieldType": "Text", "entryType": "EntryField", "sequenceNumber": len(questions) - at, "question": text}
        made(admin, f"{TYPES}/{number}/questions", body)
    return number


def asked(record: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(one["question"], one.get("answer")) for one in record["questions"]]


@pytest.fixture
def server(admin: Caller) -> int:
    return kind(admin, "Rack server", "Second?", "First?")


@pytest.fixture
def configuration(admin: Caller, server: int) -> int:
    body = {"name": "SRV1", "type": {"id": server}, "company": {"id": 1}}
    return int(made(admin, CONFIGURATIONS, body)["id"])


@pytest.mark.rule("configuration.questions")
def test_a_configuration_carries_the_questions_of_its_type_in_order(admin: Caller, configuration: int) -> None:
    record = admin.get(f"{CONFIGURATIONS}/{configuration}").json()
    assert asked(record) == [("First?", None), ("Second?", None)]
    assert record["questions"][0]["fieldType"] == "Text"


def test_an_answer_given_on_create_stays(admin: Caller, server: int) -> None:
    question = admin.get(f"{TYPES}/{server}/questions", conditions='question = "First?"').json()[0]["id"]
    body = {"name": "SRV2", "type": {"id": server}, "company": {"id": 1}}
    record = made(admin, CONFIGURATIONS, {**body, "questions": [{"questionId": question, "answer": "yes"}]})
    assert asked(record) == [("First?", "yes"), ("Second?", None)]


@pytest.mark.rule("configuration.type")
def test_another_type_asks_its_own_questions(admin: Caller, configuration: int) -> None:
    other = kind(admin, "Printer", "Colour?")
    path = f"{CONFIGURATIONS}/{configuration}"
    changed = admin.patch(f"{path}/changeType", ("replace", "type", {"id": other}))
    assert changed.status_code == 200, changed.text
    record = admin.get(path).json()
    assert (record["type"]["name"], asked(record)) == ("Printer", [("Colour?", None)])


def test_a_type_that_is_not_there_changes_nothing(admin: Caller, configuration: int) -> None:
    path = f"{CONFIGURATIONS}/{configuration}"
    before = admin.get(path).json()
    assert admin.patch(f"{path}/changeType", ("replace", "type", {"id": 999999})).status_code == 400
    assert admin.patch(f"{CONFIGURATIONS}/999999/changeType", ("replace", "type", {"id": 1})).status_code == 404
    assert admin.get(path).json() == before


def test_a_copied_type_has_the_questions_and_values_of_the_other(admin: Caller) -> None:
    source = kind(admin, "Rack server", "Vendor?")
    question = admin.get(f"{TYPES}/{source}/questions").json()[0]["id"]
    made(admin, f"{TYPES}/{source}/questions/{question}/values", {"value": "Acme"})
    answer = admin.post(f"{TYPES}/copy", {"id": source, "name": "Blade server"})
    assert answer.status_code == 201, answer.text
    copy = answer.json()["id"]
    assert admin.get(f"{TYPES}/{copy}").json()["name"] == "Blade server"
    (asks,) = admin.get(f"{TYPES}/{copy}/questions").json()
    assert (asks["question"], asks["configurationType"]["id"]) == ("Vendor?", copy)
    values = admin.get(f"{TYPES}/{copy}/questions/{asks['id']}/values").json()
    assert [one["value"] for one in values] == ["Acme"]
    assert len(admin.get(f"{TYPES}/{source}/questions").json()) == 1


def test_a_copy_of_no_type_makes_none(admin: Caller, server: int) -> None:
    before = admin.get(f"{TYPES}/count").json()
    gone = admin.post(f"{TYPES}/copy", {"id": 999999, "name": "x"})
    assert items(gone) == [("NotFound", "Configuration Type 999999 not found", "id")]
    assert admin.post(f"{TYPES}/copy", {"id": server, "name": "x" * 51}).status_code == 400
    assert admin.get(f"{TYPES}/count").json() == before


def test_what_hangs_on_a_configuration_is_counted(admin: Caller, configuration: int) -> None:
    path = f"{CONFIGURATIONS}/{configuration}/quickAccess/count"
    assert admin.get(path).json() == {"tickets": 0, "agreements": 0, "documents": 0, "configurations": 0}
    server = admin.get(f"{CONFIGURATIONS}/{configuration}").json()["type"]
    body = {"name": "Disk", "type": {"id": server["id"]}, "company": {"id": 1}}
    made(admin, CONFIGURATIONS, {**body, "parentConfigurationId": configuration})
    assert admin.get(path).json()["configurations"] == 1
    assert admin.get(f"{CONFIGURATIONS}/999999/quickAccess/count").status_code == 404
