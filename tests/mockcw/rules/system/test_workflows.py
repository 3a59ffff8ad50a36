"""Workflows: what lies in them read flat, copied, tested; values that their actions set."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, items
from tests.mockcw.rules.system.planting import plant

WORKFLOWS = "/system/workflows"
VALUES = f"{WORKFLOWS}/userdefinedfields"
TYPES = f"{WORKFLOWS}/tableTypes"


@pytest.fixture
def workflow(emulator: Emulator, admin: Caller) -> int:
    kind = plant(emulator, TYPES, {"identifier": "Company", "name": "Company"})
    made = admin.post(WORKFLOWS, {"name": "Greet", "tableType": {"id": kind}})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


@pytest.fixture
def event(admin: Caller, workflow: int) -> int:
    body = {"name": "Rome", "eventCondition": 'City="Rome of flows"'}
    made = admin.post(f"{WORKFLOWS}/{workflow}/events", body)
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


@pytest.fixture
def action(emulator: Emulator, admin: Caller, workflow: int, event: int) -> int:
    notify = plant(emulator, f"{WORKFLOWS}/{{parentId}}/notifyTypes", {"name": "Email", "identifier": "E"}, workflow)
    path = f"{WORKFLOWS}/{workflow}/events/{event}/actions"
    made = admin.post(path, {"notifyType": {"id": notify}, "subject": "Hi"})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def added(admin: Caller, path: str, name: str, since: int) -> list[str]:
    """The last values of a flat list."""
    return [one[name] for one in admin.get(path, pageSize=1000).json()][since:]


def test_flat_lists_show_what_lies_in_all_workflows(
    emulator: Emulator, admin: Caller, workflow: int, event: int, action: int
) -> None:
    other = admin.post(WORKFLOWS, {"name": "Other", "tableType": {"name": "Company"}}).json()["id"]
    admin.post(f"{WORKFLOWS}/{other}/events", {"name": "Oslo", "eventCondition": "x"})
    assert added(admin, f"{WORKFLOWS}/events", "name", -2) == ["Rome", "Oslo"]
    assert admin.get(f"{WORKFLOWS}/events/{event}").json()["name"] == "Rome"
    assert added(admin, f"{WORKFLOWS}/events/actions", "subject", -1) == ["Hi"]
    assert admin.get(f"{WORKFLOWS}/events/actions/{action}").json()["subject"] == "Hi"
    assert [one["name"] for one in admin.get(f"{WORKFLOWS}/events", conditions='name="Oslo"').json()] == ["Oslo"]
    assert added(admin, f"{WORKFLOWS}/notifyTypes", "name", -1) == ["Email"]
    parameters = f"/system/workflowActions/{action}/automateParameters"
    made = admin.post(parameters, {"name": "p", "value": "1"})
    assert made.status_code == 201, made.text
    shown = admin.get("/system/workflowActions/automateParameters", pageSize=1000).json()[-1]
    assert admin.get(f"/system/workflowActions/automateParameters/{shown['id']}").json() == shown


def test_single_attachments_and_notify_types_come_in_a_list(emulator: Emulator, admin: Caller, workflow: int) -> None:
    for name in ("attachments", "notifyTypes"):
        number = plant(emulator, f"{WORKFLOWS}/{{parentId}}/{name}", {"name": "N"}, workflow)
        answer = admin.get(f"{WORKFLOWS}/{name}/{number}")
        assert [one["id"] for one in answer.json()] == [number]
        assert admin.get(f"{WORKFLOWS}/{name}/999999").status_code == 404


def test_triggers_and_their_options_are_listed(emulator: Emulator, admin: Caller, workflow: int) -> None:
    triggers = f"{WORKFLOWS}/{{parentId}}/triggers"
    trigger = plant(emulator, triggers, {"name": "City", "hasOptionsFlag": True}, workflow)
    for value in ("a", "b"):
        options = f"{WORKFLOWS}/{{grandparentId}}/triggers/{{parentId}}/options"
        plant(emulator, options, {"name": value, "value": value}, workflow, trigger)
    assert added(admin, f"{WORKFLOWS}/triggers", "name", -1) == ["City"]
    assert added(admin, f"{WORKFLOWS}/triggers/options", "value", -2) == ["a", "b"]


def test_a_copy_has_its_own_events_and_actions(admin: Caller, workflow: int, event: int, action: int) -> None:
    copy = admin.http.post(f"{WORKFLOWS}/{workflow}/copy")
    assert copy.status_code == 201, copy.text
    number = copy.json()["id"]
    assert number != workflow
    assert copy.json()["name"] != "Greet"
    [made] = admin.get(f"{WORKFLOWS}/{number}/events").json()
    assert (made["name"], made["id"] != event) == ("Rome", True)
    [copied] = admin.get(f"{WORKFLOWS}/{number}/events/{made['id']}/actions").json()
    assert (copied["subject"], copied["id"] != action) == ("Hi", True)


def test_an_event_is_copied_with_its_actions(admin: Caller, workflow: int, event: int, action: int) -> None:
    copy = admin.http.post(f"{WORKFLOWS}/{workflow}/events/{event}/copy")
    assert copy.status_code == 201, copy.text
    assert admin.get(f"{WORKFLOWS}/{workflow}/events/count").json() == {"count": 2}
    path = f"{WORKFLOWS}/{workflow}/events/{copy.json()['id']}/actions"
    assert [one["subject"] for one in admin.get(path).json()] == ["Hi"]
    assert admin.http.post(f"{WORKFLOWS}/{workflow}/events/999999/copy").status_code == 404


def test_a_test_finds_the_records_and_keeps_how_many(admin: Caller, workflow: int, event: int) -> None:
    path = f"{WORKFLOWS}/{workflow}/events/{event}"
    assert admin.get(f"{path}/test").json() == []
    admin.post(
        "/company/companies", {"identifier": "Flow", "name": "Flow", "site": {"name": "Main"}, "city": "Rome of flows"}
    )
    [found] = admin.get(f"{path}/test").json()
    assert found["Company_ID"] == {"value": "Flow"}
    assert admin.get(path).json()["testRecordsMatched"] == 1
    admin.patch(path, ("replace", "eventCondition", "no condition at all"))
    assert admin.get(f"{path}/test").json() == []


def test_a_survey_is_copied_with_its_questions(admin: Caller) -> None:
    survey = admin.post("/system/surveys", {"name": "How was it"}).json()["id"]
    question = {"fieldType": "Text", "entryType": "List", "sequenceNumber": 1, "question": "Well?"}
    path = f"/system/surveys/{survey}/questions"
    number = admin.post(path, question).json()["id"]
    admin.post(f"{path}/{number}/values", {"value": "Yes"})
    copy = admin.http.post(f"/system/surveys/{survey}/copy")
    assert copy.status_code == 201, copy.text
    new = f"/system/surveys/{copy.json()['id']}/questions"
    [copied] = admin.get(new).json()
    assert copied["question"] == "Well?"
    assert [one["value"] for one in admin.get(f"{new}/{copied['id']}/values").json()] == ["Yes"]


# -- values that actions set -------------------------------------------------------------------------------------------


def value(admin: Caller, event: int, action: int, **fields: Any) -> dict[str, Any]:
    made = admin.post(f"{VALUES}/events/{event}", {"actionId": action, "value": "x", **fields})
    assert made.status_code == 201, made.text
    return dict(made.json())


def test_a_value_is_listed_with_its_action(admin: Caller, event: int, action: int) -> None:
    made = value(admin, event, action, overwriteFlag=True)
    assert (made["eventId"], made["actionId"], made["value"]) == (event, action, "x")
    assert admin.get(f"{VALUES}/events/{event}/actions/{action}").json() == [made]
    assert admin.get(f"{VALUES}/events/{event}/actions/{action + 1}").json() == []
    assert admin.get(f"{VALUES}/events/actions").json() == [made]


def test_a_value_is_changed_and_cleared(admin: Caller, event: int, action: int) -> None:
    made = value(admin, event, action, overwriteFlag=True)
    path = f"{VALUES}/{made['id']}"
    patched = admin.patch(path, ("replace", "value", "y"), ("remove", "overwriteFlag", None)).json()
    assert (patched["value"], patched.get("overwriteFlag")) == ("y", None)
    assert admin.patch(path, ("replace", "planet", 1)).status_code == 400
    assert admin.send("PATCH", path, b"{}").status_code == 400
    put = admin.put(path, {"value": "z"}).json()
    assert (put["value"], put["actionId"], put["id"]) == ("z", action, made["id"])
    assert admin.get(f"{VALUES}/events/actions").json() == [put]
    assert admin.delete(f"{VALUES}/actions/{action}").status_code == 204
    assert admin.get(f"{VALUES}/events/actions").json() == []
    assert admin.put(path, {"value": "z"}).status_code == 404


def test_a_value_belongs_to_an_event_and_a_field_there_are(admin: Caller, event: int, action: int) -> None:
    assert admin.post(f"{VALUES}/events/999999", {"value": "x"}).status_code == 404
    unknown = admin.post(f"{VALUES}/events/{event}", {"actionId": 999_999})
    assert items(unknown) == [("NotFound", "Workflow Action 999999 not found", "actionId")]
    nowhere = admin.post(f"{VALUES}/events/{event}", {"actionId": action, "userDefinedFieldId": 999_999})
    assert items(nowhere)[0][2] == "userDefinedFieldId"
    assert admin.get(f"{VALUES}/events/actions").json() == []
    assert admin.delete(f"{VALUES}/actions/999999").status_code == 404
