"""Configurations keep their type but by changeType, and their questions through every write."""

from __future__ import annotations

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, items
from tests.mockcw.rules.company.test_configurations import CONFIGURATIONS, asked, kind, made

TEXT = "The type of a configuration is changed by changeType."


@pytest.mark.rule("configuration.type-stays", "configuration.type")
def test_the_type_changes_by_changetype_alone(admin: Caller) -> None:
    first, other = kind(admin, "Rack server", "First?"), kind(admin, "Plotter", "Colour?")
    record = made(admin, CONFIGURATIONS, {"name": "SRV1", "type": {"id": first}, "company": {"id": 1}})
    path, change = f"{CONFIGURATIONS}/{record['id']}", ("replace", "type", {"id": other})
    assert admin.patch(path, change, ("replace", "notes", "x")).json()["type"]["id"] == first
    body = {name: value for name, value in record.items() if name != "_info"}
    put = admin.put(path, {**body, "type": {"id": other}})
    assert (put.status_code, put.json()["type"]["id"]) == (200, first)
    bulk = admin.put(f"{CONFIGURATIONS}/bulk", [{**body, "type": {"id": other}}]).json()["payload"][0]
    assert bulk["data"]["type"]["id"] == first
    assert admin.patch(path, ("replace", "type", {"id": 999999})).status_code == 400
    changed = admin.patch(f"{path}/changeType", change).json()
    assert (changed["type"]["id"], asked(changed)) == (other, [("Colour?", None)])


@pytest.mark.rule("configuration.questions")
def test_questions_stay_through_every_write(admin: Caller) -> None:
    server = kind(admin, "Rack server", "Second?", "First?")
    record = made(admin, CONFIGURATIONS, {"name": "SRV1", "type": {"id": server}, "company": {"id": 1}})
    path = f"{CONFIGURATIONS}/{record['id']}"
    answered = admin.patch(path, ("replace", "questions/0/answer", "yes")).json()
    assert asked(answered) == [("First?", "yes"), ("Second?", None)]
    plain = {"name": "SRV2", "type": {"id": server}, "company": {"id": 1}}
    assert asked(admin.put(path, plain).json()) == [("First?", "yes"), ("Second?", None)]
    strange = [{"questionId": 999999, "question": "Whose?", "answer": "mine"}]
    assert asked(admin.patch(path, ("replace", "questions", strange)).json()) == [("First?", None), ("Second?", None)]


@pytest.mark.parametrize("choice", ["refuse", "change"])
def test_the_other_choices(choice: str) -> None:
    settings = {"configuration_type": choice, "closed_configuration": "as-sent"}
    with Emulator("empty", settings=settings) as emulator:
        caller = Caller(emulator)
        first, other = kind(caller, "Rack server"), kind(caller, "Plotter")
        company = made(caller, "/company/companies", {"identifier": "A", "name": "A", "site": {"name": "Main"}})["id"]
        body = {"name": "SRV1", "type": {"id": first}, "company": {"id": company}}
        path = f"{CONFIGURATIONS}/{made(caller, CONFIGURATIONS, body)['id']}"
        answer = caller.patch(path, ("replace", "type", {"id": other}))
        if choice == "refuse":
            assert (answer.status_code, items(answer)) == (400, [("InvalidField", TEXT, "type")])
        else:
            assert answer.json()["type"]["id"] == other
        assert caller.patch(f"{path}/changeType", ("replace", "type", {"id": other})).json()["type"]["id"] == other
        closed = made(caller, f"{CONFIGURATIONS}/statuses", {"description": "Scrapped", "closedFlag": True})["id"]
        assert caller.patch(path, ("replace", "status", {"id": closed})).json()["activeFlag"] is True
