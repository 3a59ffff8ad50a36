"""Custom fields: defined once, shown on every record of their pod, set by id, searched by caption and value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.engine.customfields import fitting
from tests.mockcw.caller import Caller, items, message

DEFINITIONS = "/system/userDefinedFields"
CONTACTS = "/company/contacts"
OVERVIEW, DETAILS, COMPANY = 4, 5, 1  # pods
KEYS = [
    "id",
    "caption",
    "type",
    "entryMethod",
    "numberOfDecimals",
    "value",
    "connectWiseId",
    "rowNum",
    "userDefinedFieldRecId",
    "podId",
]


def define(admin: Caller, caption: str, kind: str = "Text", *, pod: int = OVERVIEW, row: int = 1, **more: Any) -> int:
    body = {"podId": pod, "caption": caption, "sequenceNumber": row, "fieldTypeIdentifier": kind, **more}
    made = admin.post(DEFINITIONS, body)
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def listed(*choices: str, default: str = "") -> dict[str, Any]:
    options = [{"optionValue": one, "defaultFlag": one == default} for one in choices]
    return {"entryTypeIdentifier": "List", "options": options}


def contact(admin: Caller, **more: Any) -> dict[str, Any]:
    made = admin.post(CONTACTS, {"firstName": "Ann", "lastName": "Field", **more})
    assert made.status_code == 201, made.text
    return dict(made.json())


def values(record: Any) -> dict[str, Any]:
    return {one["caption"]: one["value"] for one in record["customFields"]}


# -- definitions -------------------------------------------------------------------------------------------------------


def test_a_definition_is_answered_in_the_captured_shape(admin: Caller) -> None:
    made = admin.post(
        DEFINITIONS,
        {"podId": 4, "caption": "hubspot_contact_id", "sequenceNumber": 1, "fieldTypeIdentifier": "Number"},
    ).json()
    assert [name for name in made if name not in ("requiredFlag", "_info")] == [
        "id",
        "podId",
        "podDescription",
        "caption",
        "sequenceNumber",
        "screenId",
        "screenDescription",
        "fieldTypeIdentifier",
        "numberDecimals",
        "entryTypeIdentifier",
        "displayOnScreenFlag",
        "readOnlyFlag",
        "listViewFlag",
        "businessUnitIds",
        "locationIds",
        "connectWiseID",
        "displayScreenInASIO",
        "dateCreated",
    ]
    assert (made["podDescription"], made["screenId"], made["screenDescription"]) == (
        "Contact Overview",
        "ct300",
        "Contact",
    )
    assert (made["entryTypeIdentifier"], made["numberDecimals"]) == ("EntryField", 0)


def test_the_choices_of_a_list_get_ids_and_flags(admin: Caller) -> None:
    first = admin.get(f"{DEFINITIONS}/{define(admin, 'Hobby', **listed('Skiing', 'Hiking'))}").json()
    second = admin.get(f"{DEFINITIONS}/{define(admin, 'Tone', **listed('High'))}").json()
    assert first["options"] == [
        {"id": 1, "optionValue": "Skiing", "defaultFlag": False, "inactiveFlag": False, "sortOrder": 0},
        {"id": 2, "optionValue": "Hiking", "defaultFlag": False, "inactiveFlag": False, "sortOrder": 1},
    ]
    assert [one["id"] for one in second["options"]] == [3]


@pytest.mark.parametrize(
    ("change", "code", "text", "field"),
    [
        ({"podId": 999}, "NotFound", "Pod 999 not found", "podId"),
        ({"sequenceNumber": 0}, "OutOfRange", "The field sequenceNumber must be between 1 and 500.", "sequenceNumber"),
        (
            {"numberDecimals": 6, "fieldTypeIdentifier": "Number"},
            "OutOfRange",
            "The field numberDecimals must be between 0 and 5.",
            "numberDecimals",
        ),
        ({"fieldTypeIdentifier": "Sound"}, "InvalidField", "The fieldTypeIdentifier field is invalid.", None),
        ({"caption": "x" * 26}, "MaxLengthField", None, "caption"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(
    admin: Caller, change: dict[str, Any], code: str, text: str | None, field: str | None
) -> None:
    body = {"podId": OVERVIEW, "caption": "x", "sequenceNumber": 1, "fieldTypeIdentifier": "Text", **change}
    [(found, told, where)] = items(admin.post(DEFINITIONS, body))
    assert found == code
    assert text is None or told == text
    assert field is None or where == field


# -- on records --------------------------------------------------------------------------------------------------------


def test_a_new_field_shows_on_every_record_of_its_pod_and_on_no_other(admin: Caller) -> None:
    before = contact(admin)
    assert "customFields" not in before
    number = define(admin, "Job Level", row=7)
    for record in (*admin.get(CONTACTS, pageSize=1000).json(), contact(admin)):
        [item] = record["customFields"]
        assert list(item) == KEYS
        assert item == {
            "id": number,
            "caption": "Job Level",
            "type": "Text",
            "entryMethod": "EntryField",
            "numberOfDecimals": 0,
            "value": None,
            "connectWiseId": admin.get(f"{DEFINITIONS}/{number}").json()["connectWiseID"],
            "rowNum": 7,
            "userDefinedFieldRecId": number,
            "podId": "contact_overview",
        }
    assert not any("customFields" in one for one in admin.get("/company/companies").json())


def test_fields_of_two_pods_of_a_screen_stand_together_by_id(admin: Caller) -> None:
    define(admin, "b", pod=DETAILS)
    define(admin, "a", pod=OVERVIEW)
    shown = contact(admin)["customFields"]
    assert [(one["caption"], one["podId"]) for one in shown] == [("b", "contact_detail"), ("a", "contact_overview")]


def test_the_default_of_a_list_is_given_to_new_records_only(admin: Caller) -> None:
    old = contact(admin)["id"]
    define(admin, "is_synced", **listed("true", "false", default="false"))
    assert values(contact(admin)) == {"is_synced": "false"}
    assert values(admin.get(f"{CONTACTS}/{old}").json()) == {"is_synced": None}


def test_values_are_set_by_id_on_every_write_and_others_stay(admin: Caller) -> None:
    one, two = define(admin, "one"), define(admin, "two", "Number")
    made = contact(admin, customFields=[{"id": two, "value": "13"}])
    path = f"{CONTACTS}/{made['id']}"
    assert values(made) == {"one": None, "two": 13}
    put = admin.put(path, {"firstName": "Ann", "customFields": [{"id": one, "value": "x"}]})
    assert values(put.json()) == {"one": "x", "two": 13}
    assert values(admin.put(path, {"firstName": "Ann"}).json()) == {"one": "x", "two": 13}
    for untouched in ([], [{"id": two}], [{"id": two, "caption": "renamed"}]):
        patched = admin.patch(path, ("replace", "/customFields", untouched))
        assert values(patched.json()) == {"one": "x", "two": 13}
    patched = admin.patch(path, ("replace", "customFields", [{"id": one, "value": None}, {"id": two, "value": 14}]))
    assert values(patched.json()) == {"one": None, "two": 14}
    assert values(admin.patch(path, ("replace", "customFields/0/value", "y")).json()) == {"one": "y", "two": 14}
    assert values(admin.patch(path, ("remove", "customFields", None)).json()) == {"one": "y", "two": 14}
    assert values(admin.patch(path, ("replace", "title", "Dr")).json()) == {"one": "y", "two": 14}


def test_a_whole_item_read_before_can_be_sent_back(admin: Caller) -> None:
    define(admin, "one")
    made = contact(admin)
    sent = [{**item, "value": "back"} for item in made["customFields"]]
    answer = admin.put(f"{CONTACTS}/{made['id']}", {"firstName": "Ann", "customFields": sent})
    assert answer.json()["customFields"] == sent


def test_a_value_may_be_set_by_caption(admin: Caller) -> None:
    define(admin, "Job Level")
    assert values(contact(admin, customFields=[{"caption": "job level", "value": "4"}])) == {"Job Level": "4"}


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [("Number", "many"), ("Number", True), ("Checkbox", "maybe"), ("Date", "soon"), ("Text", {"a": 1}), ("Text", [1])],
)
def test_a_value_of_the_wrong_type_is_refused(admin: Caller, kind: str, wrong: Any) -> None:
    number = define(admin, "strict", kind)
    answer = admin.post(CONTACTS, {"firstName": "A", "customFields": [{"id": number, "value": wrong}]})
    assert items(answer) == [("InvalidField", "The strict field is invalid.", "customFields")]


def test_a_list_takes_its_active_choices_only(admin: Caller) -> None:
    number = define(
        admin,
        "Hobby",
        entryTypeIdentifier="List",
        options=[{"optionValue": "Skiing"}, {"optionValue": "Chess", "inactiveFlag": True}],
    )
    assert values(contact(admin, customFields=[{"id": number, "value": "Skiing"}])) == {"Hobby": "Skiing"}
    for wrong in ("Chess", "Golf"):
        answer = admin.post(CONTACTS, {"firstName": "A", "customFields": [{"id": number, "value": wrong}]})
        assert items(answer) == [("InvalidField", "The Hobby field is invalid.", "customFields")]


def test_an_unknown_field_is_named(admin: Caller) -> None:
    define(admin, "one")
    answer = admin.post(CONTACTS, {"firstName": "A", "customFields": [{"id": 99, "value": 1}]})
    assert items(answer) == [("NotFound", "Custom Field 99 not found", "customFields")]
    assert admin.post(
        "/company/companies", {"identifier": "c1", "name": "c", "site": {"name": "Main"}, "customFields": [{"id": 1}]}
    ).is_error


def test_a_definition_that_changes_is_carried_into_the_records(admin: Caller) -> None:
    number = define(admin, "old name")
    path = f"{CONTACTS}/{contact(admin, customFields=[{'id': number, 'value': 'x'}])['id']}"
    assert admin.patch(f"{DEFINITIONS}/{number}", ("replace", "caption", "new name")).status_code == 200
    assert values(admin.get(path).json()) == {"new name": "x"}
    assert admin.patch(f"{DEFINITIONS}/{number}", ("replace", "podId", COMPANY)).status_code == 200
    assert "customFields" not in admin.get(path).json()
    company = admin.get("/company/companies/1").json()
    assert values(company) == {"new name": None}
    assert list(company)[-1] == "customFields", "members keep the model's order"
    assert admin.delete(f"{DEFINITIONS}/{number}").status_code == 204
    assert "customFields" not in admin.get("/company/companies/1").json()


def test_carrying_a_definition_into_a_record_is_no_update_of_the_record(admin: Caller) -> None:
    before = admin.get("/company/companies/1").json()["_info"]
    define(admin, "quiet", pod=COMPANY)
    assert admin.get("/company/companies/1").json()["_info"] == before


def test_conditions_reach_caption_and_value(admin: Caller) -> None:
    text, size = define(admin, "echo_username"), define(admin, "Seats", "Number")
    one = contact(admin, customFields=[{"id": text, "value": "ann"}, {"id": size, "value": 5}])["id"]
    two = contact(admin, customFields=[{"id": size, "value": 9}])["id"]

    def found(condition: str) -> list[int]:
        answer = admin.get(CONTACTS, customFieldConditions=condition, pageSize=1000)
        assert answer.status_code == 200, answer.text
        counted = admin.get(f"{CONTACTS}/count", customFieldConditions=condition).json()["count"]
        ids = [row["id"] for row in answer.json()]
        assert counted == len(ids)
        return ids

    assert found('caption="echo_username" AND value="ann"') == [one]
    assert found('caption="Seats" and value > 5') == [two]
    assert found('caption="Seats" and value != null') == [one, two]
    assert found(f'id = {size} and value = 5 and podId = "contact_overview"') == [one]
    assert found('caption="echo_username" and value="9"') == []


def test_a_required_field_is_demanded_where_the_setting_says_so() -> None:
    with Emulator(settings={"required_custom_fields": True}) as emulator:
        admin = Caller(emulator)
        number = define(admin, "Tier", requiredFlag=True)
        answer = admin.post(CONTACTS, {"firstName": "A"})
        assert items(answer) == [("MissingRequiredField", "The Tier field is required.", "customFields")]
        assert contact(admin, customFields=[{"id": number, "value": "gold"}])


@pytest.mark.rule("custom-fields.patch")
def test_a_patch_names_custom_fields_where_one_is_required_in_the_strict_profile() -> None:
    with Emulator(settings={"profile": "strict-udf"}) as emulator:
        admin = Caller(emulator)
        change = ("replace", "title", "Boss")
        path = f"{CONTACTS}/{contact(admin)['id']}"
        assert admin.patch(path, change).status_code == 200
        define(admin, "Tier", requiredFlag=True)
        answer = admin.patch(path, change)
        assert (answer.status_code, message(answer)) == (400, "contact object is invalid")
        text = "The customFields field is required."
        assert items(answer) == [("MissingRequiredField", text, "customFields")]
        assert admin.patch(path, change, ("replace", "/customFields", [])).json()["title"] == "Boss"


def test_nobody_demands_it_otherwise(admin: Caller) -> None:
    define(admin, "Tier", requiredFlag=True)
    assert values(contact(admin)) == {"Tier": None}


VALUE = st.one_of(st.none(), st.text(max_size=5), st.integers(-5, 5), st.booleans())


@given(st.lists(st.dictionaries(st.integers(0, 2), VALUE, max_size=3), max_size=6))
def test_writes_in_any_order_merge_like_a_dictionary(built: Emulator, writes: list[dict[int, Any]]) -> None:
    built.reset()
    admin = Caller(built)
    ids = [define(admin, f"f{at}") for at in range(3)]
    path = f"{CONTACTS}/{contact(admin)['id']}"
    oracle: dict[str, Any] = {"f0": None, "f1": None, "f2": None}
    for at, write in enumerate(writes):
        sent = [{"id": ids[one], "value": value} for one, value in write.items()]
        if at % 2:
            answer = admin.put(path, {"firstName": "Ann", "customFields": sent})
        else:
            answer = admin.patch(path, ("replace", "customFields", sent))
        assert answer.status_code == 200, message(answer)
        for one, value in write.items():
            kept = value if isinstance(value, str) or value is None else json.dumps(value)
            oracle[f"f{one}"] = kept or None
        assert values(answer.json()) == oracle


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9), st.integers(0, 5))
def test_numbers_keep_as_many_decimals_as_defined(number: float, decimals: int) -> None:
    definition = {"fieldTypeIdentifier": "Number", "entryTypeIdentifier": "EntryField", "numberDecimals": decimals}
    kept = fitting(definition, repr(number))
    assert kept == fitting(definition, number) == fitting(definition, kept)
    assert abs(kept - number) <= 0.5 * 10**-decimals + 1e-6
    assert isinstance(kept, int) or decimals
