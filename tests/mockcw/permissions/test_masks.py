"""Fields that a role is not shown: the same in every answer, and no way round (what is hidden is partly assumed)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockcw.catalogue import load
from mockcw.permissions import Right, rights
from tests.mockcw.caller import Caller
from tests.mockcw.permissions.kinds import managed_project, opportunity, order, owned_ticket, time_entry
from tests.mockcw.permissions.stage import CONFIGURATIONS, TICKETS, TIME, Stage, ids, staged
from tests.mockcw.permissions.test_masks_beside import BESIDE
from tests.mockcw.permissions.ways import bundled

CATALOGUE = load()
PASSWORDS = "Companies > Configuration - Display Passwords"
CONFIGURATION_PATH = "/company/configurations"
SECRET = "hunter2secret"


def member(stage: Stage, name: str) -> int:
    """A member."""
    return stage.number(name)


MASKED: dict[str, tuple[str, str, str, Callable[[Stage, str], int], str]] = {
    "billing-view-time": ("/time/entries", "timeEntry", TIME, time_entry, "notes"),
    "ticket-finance": ("/service/tickets", "ticket", TICKETS, owned_ticket, "summary"),
    "project-finance": ("/project/projects", "project", "Project > Project Headers", managed_project, "description"),
    "opportunity-finance": (
        "/sales/opportunities",
        "opportunity",
        "Sales > Opportunity",
        opportunity("primarySalesRep"),
        "name",
    ),
    "order-finance": ("/sales/orders", "order", "Sales > Sales Orders", order, "poNumber"),
    "member-finance": ("/system/members", "member", "System > Member Maintenance", member, "title"),
}
"""The plain masks: path, resource, the row of the records, how one is made, and a field to change."""
NEEDED_AGAIN: dict[str, dict[str, Any]] = {"opportunity-finance": {"expectedCloseDate": "2026-03-01T00:00:00Z"}}
"""What a PUT must say that a GET does not show."""
DERIVED = ("hoursBilled", "invoiceHours", "extendedInvoiceAmount")  # the server works them out at each write
EACH = pytest.mark.parametrize("name", MASKED)


def filled(stage: Stage, name: str) -> tuple[str, int, Right]:
    """A record with a value in every field that a mask is about."""
    right, (path, _, area, make, _) = rights()[name], MASKED[name]
    number = make(stage, "Mate")
    model = CATALOGUE.model(right.on)
    values: dict[str, Any] = {}
    for field in right.fields:
        shape = model.fields[field]
        plain: Any = {"integer": 7, "number": 7.5, "boolean": True, "ref": {"id": 1}}.get(shape.type, "2026-03-04")
        values[field] = shape.enum[0] if shape.enum else plain
    stage.store_fields(path, number, **values)
    stage.let(area, "All")
    return path, number, right


def let_see(stage: Stage, right: Right, level: str = "All") -> None:
    """Give the role the row of a mask."""
    stage.let(f"{right.row.module} > {right.row.area}", inquire=level)


def answers(caller: Caller, path: str, resource: str, number: int) -> dict[str, Any]:
    """One record as every way of reading it gives it."""
    one = f"id = {number}"
    found = {
        "get": caller.get(f"{path}/{number}").json(),
        "list": caller.get(path, conditions=one).json()[0],
        "forward": caller.get(path, headers={"pagination-type": "forward-only"}, conditions=one).json()[0],
        "bundle": bundled(caller, resource, id=number)["entities"][0],
        "bundled list": bundled(caller, resource, filters={"conditions": one})["entities"][0],
    }
    if path in ("/service/tickets",):
        found["search"] = caller.post(f"{path}/search", {"conditions": one}).json()[0]
        found["sla"] = caller.get(f"{path}/calculateSla", conditions=one).json()[0]
    return found


@EACH
def test_without_the_row_the_fields_are_left_out_of_every_answer_and_no_others(stage: Stage, name: str) -> None:
    path, number, right = filled(stage, name)
    resource, change = MASKED[name][1], MASKED[name][4]
    whole = stage.read(f"{path}/{number}")
    assert set(right.fields) <= set(whole)
    shown = {field: value for field, value in whole.items() if field not in right.fields}
    for way, record in answers(stage.tech, path, resource, number).items():
        assert not set(right.fields) & set(record), way
        if way != "sla":
            assert record == shown, way
    chosen = stage.tech.get(f"{path}/{number}", fields=f"id,{','.join(right.fields)}")
    assert chosen.json() == {"id": number}
    assert stage.tech.get(path, conditions=f"id={number}", fields=f"id,{right.fields[0]}").json() == [{"id": number}]
    written = stage.fine(stage.tech.patch(f"{path}/{number}", ("replace", change, "x")))
    assert not set(right.fields) & set(written)
    assert written[change] == "x"
    after = stage.read(f"{path}/{number}")
    assert {field: after.get(field) for field in right.fields} == {field: whole[field] for field in right.fields}


@EACH
@pytest.mark.parametrize("level", ["My", "All"])
def test_with_the_row_everything_is_shown(stage: Stage, name: str, level: str) -> None:
    path, number, right = filled(stage, name)
    let_see(stage, right, level)
    whole = stage.read(f"{path}/{number}")
    assert set(right.fields) <= set(whole)
    for way, record in answers(stage.tech, path, MASKED[name][1], number).items():
        assert set(right.fields) <= set(record), way
        if way != "sla":
            assert record == whole, way


@EACH
def test_the_journal_names_the_right_and_who_lacks_it(stage: Stage, name: str) -> None:
    path, number, right = filled(stage, name)
    answer = stage.tech.get(f"{path}/{number}")
    entry = stage.entry(answer)
    [asked] = [one for one in entry["asked"] if one["right"] == name]
    assert (entry["status"], entry["cause"], asked["allowed"], asked["has"]) == (200, None, False, "None")
    assert (asked["module"], asked["area"], asked["needed"]) == (right.row.module, right.row.area, "Inquire")
    let_see(stage, right)
    [asked] = [one for one in stage.entry(stage.tech.get(f"{path}/{number}"))["asked"] if one["right"] == name]
    assert (asked["allowed"], asked["has"]) == (True, "All")


@EACH
def test_what_is_not_shown_cannot_be_found_out_by_asking(stage: Stage, name: str) -> None:
    """A condition or an order on a hidden field would give its value away piece by piece."""
    path, number, right = filled(stage, name)
    model = CATALOGUE.model(right.on)
    field = next((one for one in right.fields if model.fields[one].type in ("number", "integer", "boolean")), None)
    assert field is not None
    value = {"number": "7.5", "integer": "7", "boolean": "true"}[model.fields[field].type]
    told = f"id={number} and {field}={value}"
    assert ids(stage.admin.get(path, conditions=told)) == [number]
    assert ids(stage.tech.get(path, conditions=told)) == []
    assert stage.tech.get(f"{path}/count", conditions=told).json() == {"count": 0}
    assert bundled(stage.tech, MASKED[name][1], filters={"conditions": told})["entities"] == []
    let_see(stage, right)
    assert ids(stage.tech.get(path, conditions=told)) == [number]


def test_an_order_by_a_hidden_field_is_no_order(stage: Stage) -> None:
    numbers = [owned_ticket(stage, "Mate") for _ in range(3)]
    for number, rate in zip(numbers, (3, 1, 2), strict=True):
        stage.store_fields("/service/tickets", number, hourlyRate=rate)
    stage.let(TICKETS, inquire="All")
    by_rate = [numbers[1], numbers[2], numbers[0]]
    assert ids(stage.admin.get("/service/tickets", orderBy="hourlyRate")) == by_rate
    assert ids(stage.tech.get("/service/tickets", orderBy="hourlyRate")) == numbers
    assert ids(stage.tech.get("/service/tickets", orderBy="hourlyRate desc")) == numbers


# -- modes -------------------------------------------------------------------------------------------------------------


def test_inferred_masks_hide_nothing_when_inferred_rows_are_only_logged_and_sourced_ones_still_do() -> None:
    with staged(permissions_inferred="log") as stage:
        for name in MASKED:
            path, number, right = filled(stage, name)
            answer = stage.tech.get(f"{path}/{number}")
            inferred = right.row.confidence == "C"
            assert (set(right.fields) <= set(answer.json())) is inferred, name
            [asked] = [one for one in stage.entry(answer)["asked"] if one["right"] == name]
            assert (asked["allowed"], asked["logged"]) == (inferred, inferred)


@pytest.mark.parametrize("mode", ["log", "off"])
def test_nothing_is_hidden_when_permissions_do_not_enforce(mode: str) -> None:
    with staged(permissions=mode) as stage:
        for name in MASKED:
            path, number, right = filled(stage, name)
            assert set(right.fields) <= set(stage.fine(stage.tech.get(f"{path}/{number}"))), name


# -- forecasts ---------------------------------------------------------------------------------------------------------


def test_the_amounts_of_a_forecast_need_opportunity_finance(stage: Stage) -> None:
    number = opportunity("primarySalesRep")(stage, "Mate")
    path = f"/sales/opportunities/{number}/forecast"
    right = rights()["forecast-finance"]
    stage.let("Sales > Opportunity", "All")
    whole = stage.read(path)
    records = whole if isinstance(whole, list) else [whole]
    assert set(right.fields) & set(records[0])
    shown = stage.fine(stage.tech.get(path))
    for record in shown if isinstance(shown, list) else [shown]:
        assert not set(right.fields) & set(record)
    let_see(stage, right)
    assert stage.fine(stage.tech.get(path)) == whole


# -- passwords of configurations ---------------------------------------------------------------------------------------


@pytest.fixture
def vault(stage: Stage) -> Stage:
    """Tech may everything with configurations but see passwords."""
    stage.let(CONFIGURATIONS, "All")
    return stage


def locked(stage: Stage, kind: int | None = None) -> tuple[int, int]:
    """A configuration with a password and a plain answer; its type comes back too."""
    if kind is None:
        kind = stage.make(f"{CONFIGURATION_PATH}/types", name="Safe")["id"]
        for at, (field, text) in enumerate((("Password", "Root password"), ("Text", "Shelf"))):
            path = f"{CONFIGURATION_PATH}/types/{kind}/questions"
            stage.make(path, question=text, fieldType=field, entryType="EntryField", sequenceNumber=at)
    made = stage.make(CONFIGURATION_PATH, name="Safe", type={"id": kind}, company={"id": stage.company})
    answered = [{**one, "answer": SECRET if one["fieldType"] == "Password" else "left"} for one in made["questions"]]
    path = f"{CONFIGURATION_PATH}/{made['id']}"
    stage.fine(stage.admin.patch(path, ("replace", "questions", answered)))
    return int(made["id"]), int(kind)


def test_a_password_is_masked_in_every_answer_and_plain_answers_are_not(vault: Stage) -> None:
    number, kind = locked(vault)
    path = f"{CONFIGURATION_PATH}/{number}"
    whole = vault.read(path)
    assert [one["answer"] for one in whole["questions"]] == [SECRET, "left"]
    masked = [{**whole["questions"][0], "answer": "********"}, whole["questions"][1]]
    found = answers(vault.tech, CONFIGURATION_PATH, "configuration", number)
    for way, record in found.items():
        assert record == {**whole, "questions": masked}, way
    assert vault.tech.get(path, fields="questions").json() == {"questions": masked}
    assert SECRET not in vault.tech.get(CONFIGURATION_PATH, fields="id,questions/answer").text
    changed = vault.tech.patch(path, ("replace", "name", "x"))
    assert vault.fine(changed)["questions"] == masked
    body = {**whole, "name": "again"}
    assert SECRET not in vault.tech.put(path, body).text
    assert SECRET not in vault.tech.put(f"{CONFIGURATION_PATH}/bulk", [body]).text
    assert SECRET not in vault.tech.get(path, childConditions="questions/answer='left'").text
    let_see(vault, rights()["display-passwords"])
    assert vault.fine(vault.tech.get(path))["questions"][0]["answer"] == SECRET
    assert vault.tech.put(f"{CONFIGURATION_PATH}/bulk", [body]).text.count(SECRET) == 1


@pytest.mark.parametrize("mask", ["********", ""])
def test_what_one_read_and_sends_back_loses_no_password(mask: str) -> None:
    with staged(password_mask=mask) as stage:
        stage.let(CONFIGURATIONS, "All")
        number, _ = locked(stage)
        path = f"{CONFIGURATION_PATH}/{number}"
        read = stage.fine(stage.tech.get(path))
        assert SECRET not in str(read)
        stage.fine(stage.tech.put(path, read))
        assert stage.read(path)["questions"][0]["answer"] == SECRET
        stage.fine(stage.tech.patch(path, ("replace", "questions", read["questions"])))
        assert stage.read(path)["questions"][0]["answer"] == SECRET
        given = [{**read["questions"][0], "answer": "new"}, *read["questions"][1:]]
        stage.fine(stage.tech.put(path, {**read, "questions": given}))
        assert stage.read(path)["questions"][0]["answer"] == "new"


@EACH
def test_what_one_read_and_sends_back_loses_no_money(stage: Stage, name: str) -> None:
    path, number, right = filled(stage, name)
    stage.store_fields(path, number, **({"invoice": None} if "invoice" in right.fields else {}))  # it never existed
    whole = stage.read(f"{path}/{number}")
    body = stage.fine(stage.tech.get(f"{path}/{number}"))
    answer = stage.tech.put(f"{path}/{number}", {**body, **NEEDED_AGAIN.get(name, {})})
    stage.fine(answer)
    after = stage.read(f"{path}/{number}")
    kept = [field for field in right.fields if field not in DERIVED]
    assert {field: after.get(field) for field in kept} == {field: whole.get(field) for field in kept}


def test_a_password_cannot_be_found_out_by_child_conditions(vault: Stage) -> None:
    """Answers are of any type, and conditions know no such field, whoever asks."""
    locked(vault)
    for caller in (vault.admin, vault.tech):
        assert caller.get(CONFIGURATION_PATH, childConditions="questions/answer like 'h%'").status_code == 400


def test_changing_the_type_does_not_show_a_password(vault: Stage) -> None:
    number, kind = locked(vault)
    other = vault.make(f"{CONFIGURATION_PATH}/types", name="Other")["id"]
    body = [{"op": "replace", "path": "type", "value": {"id": other}}]
    answer = vault.tech.http.patch(f"{CONFIGURATION_PATH}/{number}/changeType", json=body)
    assert SECRET not in answer.text


def test_the_audit_trail_does_not_show_a_password(vault: Stage) -> None:
    number, _ = locked(vault)
    answer = vault.admin.get("/system/audittrail", type="Configuration", id=number)
    vault.fine(answer)
    for area in ("System > Security Roles", "System > My Company", "System > Table Setup"):
        vault.let(area, "All")
    assert SECRET not in vault.tech.get("/system/audittrail", type="Configuration", id=number).text


def test_the_mask_may_be_another_or_no_answer_at_all() -> None:
    with staged(password_mask="") as stage:
        stage.let(CONFIGURATIONS, "All")
        number, _ = locked(stage)
        first, second = stage.fine(stage.tech.get(f"{CONFIGURATION_PATH}/{number}"))["questions"]
        assert "answer" not in first
        assert second["answer"] == "left"
    with staged(password_mask="(hidden)") as stage:
        stage.let(CONFIGURATIONS, "All")
        number, _ = locked(stage)
        assert stage.tech.get(f"{CONFIGURATION_PATH}/{number}").json()["questions"][0]["answer"] == "(hidden)"


def test_an_empty_password_looks_empty(vault: Stage) -> None:
    number, _ = locked(vault)
    path = f"{CONFIGURATION_PATH}/{number}"
    questions = [{**one, "answer": ""} for one in vault.read(path)["questions"]]
    vault.fine(vault.admin.patch(path, ("replace", "questions", questions)))
    for one in vault.fine(vault.tech.get(path))["questions"]:
        assert not one.get("answer")


def test_every_mask_has_a_test() -> None:
    known = {one.id for one in rights().values() if one.kind == "mask"}
    assert known == {*MASKED, "display-passwords", "forecast-finance", *(one.right for one in BESIDE)}
