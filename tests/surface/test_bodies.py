"""What every collection says of a body: one property a kind of mistake, over all collections that can be created.

Texts and byte forms are the captured ones; the bodies are minimal valid ones with one thing wrong.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mockcw.catalogue import Field
from tests.surface.door import Answered
from tests.surface.ground import CATALOGUE, CREATABLE, Ground
from tests.surface.minimal import NOT_SENT, fill

NOWHERE = 987_654
CHECK = "Check your accept header to make sure you are using the correct version."
OWN_RULES = frozenset(
    {
        "/finance/agreements/{parentId}/configurations",
        "/project/tickets/{parentId}/configurations",
        "/service/tickets/{parentId}/configurations",
        "/system/documents",
    }
)
"""What is created there by another body than the record's."""
PLAIN = [key for key in CREATABLE if key not in OWN_RULES]


def fields_of(key: str) -> dict[str, Field]:
    return dict(CATALOGUE.model(CATALOGUE.row(key).model).fields)


def having(mark: str, *types: str) -> st.SearchStrategy[tuple[str, Field]]:
    """A collection with one of its fields that has something: a maximum length, an enumeration ..."""
    found = [
        (key, one)
        for key in PLAIN
        for one in fields_of(key).values()
        if getattr(one, mark) and one.name not in NOT_SENT and not one.read_only and (not types or one.type in types)
    ]
    return st.sampled_from(found)


def typed(*types: str) -> st.SearchStrategy[tuple[str, Field]]:
    return having("type", *types)


def sent(ground: Ground, key: str, change: dict[str, Any], drop: str = "") -> tuple[Answered, str]:
    """POST a minimal body with something changed; the answer and the text that was sent."""
    line = ground.maker.line(key)
    body = {**ground.maker.body(key, line), **change}
    body.pop(drop, None)
    path = fill(key, line)
    before = ground.http.get(f"{path}/count").text
    answer = ground.http.post(path, body)
    assert ground.http.get(f"{path}/count").text == before or answer.status_code == 201
    return answer, json.dumps(body)


def resource(key: str) -> str:
    return CATALOGUE.model(CATALOGUE.row(key).model).resource


def lists(answer: Answered, key: str, code: str, message: str, field: str) -> None:
    """The answer is the captured refusal of an object, byte for byte, and this is one of its items."""
    assert answer.status_code == 400, answer.text
    told = answer.json()
    item = {"code": code, "message": message, "resource": resource(key), "field": field}
    assert item in told["errors"]
    assert list(told) == ["code", "message", "errors"]
    assert (told["code"], told["message"]) == ("InvalidObject", f"{resource(key)} object is invalid")
    pretty = json.dumps(told, indent=2, ensure_ascii=False).replace("\n", "\r\n")
    assert answer.text == pretty
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@given(key=st.sampled_from(PLAIN))
def test_an_unknown_member_is_located_in_the_text(ground: Ground, key: str) -> None:
    answer, text = sent(ground, key, {"noSuchMember": 1})
    place = text.index('"noSuchMember":') + len('"noSuchMember":')
    model = CATALOGUE.row(key).model
    message = (
        f"Could not find member 'noSuchMember' on object of type '{model}'. Path 'noSuchMember', line 1, "
        f"position {place}.{CHECK}"
    )
    assert answer.status_code == 400
    assert answer.text == f'{{\r\n  "code": "ConnectWiseApi",\r\n  "message": "{message}"\r\n}}'


@given(chosen=having("required"))
def test_a_required_field_is_missed_by_name(ground: Ground, chosen: tuple[str, Field]) -> None:
    key, field = chosen
    answer, _ = sent(ground, key, {}, drop=field.name)
    assume(answer.status_code != 201)  # a rule knows what it must be: the enclosing record, a default
    called = f"{field.name}/id" if field.type == "ref" else field.name
    lists(answer, key, "MissingRequiredField", f"The {called} field is required.", field.name)


@given(chosen=having("max_length", "string"))
def test_a_text_over_its_length_is_refused(ground: Ground, chosen: tuple[str, Field]) -> None:
    key, field = chosen
    length = field.max_length or 0
    answer, _ = sent(ground, key, {field.name: "x" * (length + 1)})
    message = f"The field {field.name} must be a string with a maximum length of {length}."
    lists(answer, key, "MaxLengthField", message, field.name)


@given(chosen=having("enum", "string"))
def test_a_value_outside_an_enumeration_is_refused(ground: Ground, chosen: tuple[str, Field]) -> None:
    key, field = chosen
    answer, _ = sent(ground, key, {field.name: "NoSuchValue"})
    lists(answer, key, "InvalidField", f"The {field.name} field is invalid.", field.name)


WRONG = {
    "string": ({"a": 1}, "Error converting value {\\\"a\\\":1} to type 'System.String'."),
    "integer": ("many", "Error converting value \\\"many\\\" to type 'System.Nullable`1[System.Int32]'."),
    "number": ("much", "Error converting value \\\"much\\\" to type 'System.Nullable`1[System.Decimal]'."),
    "boolean": ("maybe", "String was not recognized as a valid Boolean."),
    "ref": (5, "Error converting value 5 to type 'ConnectWise.Apis.v3_0."),
    "array": (5, "Error converting value 5 to type '"),
}


@given(chosen=typed(*WRONG))
def test_a_value_of_the_wrong_type_is_the_captured_fault(ground: Ground, chosen: tuple[str, Field]) -> None:
    key, field = chosen
    wrong, text = WRONG[field.type]
    if field.format:
        wrong, text = "soon", "String was not recognized as a valid DateTime."
    answer, _ = sent(ground, key, {field.name: wrong})
    assert answer.status_code == 500
    assert answer.text.startswith(f'{{\r\n  "code": "ConnectWiseApi",\r\n  "message": "{text}')


def target(field: Field) -> str | None:
    known = field.ref is not None and field.ref.endswith("Reference")
    return CATALOGUE.collection_of_reference(field.ref or "") if known else None


REFERENCES = [
    (key, one)
    for key in PLAIN
    for one in fields_of(key).values()
    if one.type == "ref" and target(one) and not one.read_only
]


@given(chosen=st.sampled_from(REFERENCES))
def test_a_reference_to_nothing_names_what_is_not_there(ground: Ground, chosen: tuple[str, Field]) -> None:
    key, field = chosen
    answer, _ = sent(ground, key, {field.name: {"id": NOWHERE}})
    assume(answer.status_code != 201)  # the reference to the enclosing record follows the path, whatever is said
    caption = CATALOGUE.collection(target(field) or "").caption
    found = [one for one in answer.json()["errors"] if one["field"] == f"{field.name}/id"]
    assert found, answer.text
    assert found[0]["message"].startswith(f"{caption} {NOWHERE} not found")
    lists(answer, key, "NotFound", found[0]["message"], f"{field.name}/id")


CALLED = [
    (key, one, called)
    for key, one in REFERENCES
    for called in ("identifier", "name")
    if one.required and called in CATALOGUE.model(one.ref or "").fields
]


@given(chosen=st.sampled_from(CALLED), upper=st.booleans())
def test_a_reference_is_found_by_what_it_is_called(ground: Ground, chosen: tuple[str, Field, str], upper: bool) -> None:
    key, field, name = chosen
    made, _ = sent(ground, key, {})
    assume(made.status_code == 201)  # a few rows may be there once only
    called = made.json()[field.name].get(name)
    assume(isinstance(called, str) and called.isascii())
    again, _ = sent(ground, key, {field.name: {name: called.upper() if upper else called}})
    assume('"ObjectExists"' not in again.text)  # the same pair once more: an association
    assert again.status_code == 201, again.text
    assert again.json()[field.name][name] == called


BY_NAME = [(key, one) for key, one in REFERENCES if "name" in CATALOGUE.model(one.ref or "").fields]


@given(chosen=st.sampled_from(BY_NAME))
def test_a_reference_by_text_to_nothing_names_the_text(ground: Ground, chosen: tuple[str, Field]) -> None:
    key, field = chosen
    answer, _ = sent(ground, key, {field.name: {"name": "No Such Thing"}})
    assume(answer.status_code != 201)
    codes = [(one["code"], one["field"]) for one in answer.json()["errors"]]
    assert ("NotFound", f"{field.name}/name") in codes, answer.text


READ_ONLY = [(key, one) for key in PLAIN for one in fields_of(key).values() if one.read_only]


@pytest.mark.parametrize(("key", "field"), READ_ONLY, ids=lambda one: one if isinstance(one, str) else one.name)
def test_what_the_server_keeps_is_not_heard(ground: Ground, key: str, field: Field) -> None:
    value = ground.maker.value(field)
    plain, _ = sent(ground, key, {})
    told, _ = sent(ground, key, {field.name: value})
    assert (plain.status_code, told.status_code) == (201, 201), told.text
    record = told.json()
    assert record.get(field.name) != value or record.get(field.name) == plain.json().get(field.name)
    path = f"{fill(key, ground.maker.line(key))}/{record['id']}"
    if "patch" in CATALOGUE.collection(key).operations:
        patched = ground.http.patch(path, ("replace", field.name, value))
        assert patched.status_code == 200, patched.text
        assert patched.json().get(field.name) == record.get(field.name)


UNANSWERED = sorted({(key, one.name) for key in PLAIN for one in fields_of(key).values() if not one.answered})


@pytest.mark.parametrize(("key", "name"), UNANSWERED)
def test_what_is_only_taken_is_never_shown(ground: Ground, key: str, name: str) -> None:
    field = fields_of(key)[name]
    given_value = True if field.type == "boolean" else [] if field.type == "array" else "Sweep secret"
    answer, _ = sent(ground, key, {name: given_value})
    assert answer.status_code == 201, answer.text
    record = answer.json()
    assert name not in record
    path = f"{fill(key, ground.maker.line(key))}"
    assert "Sweep secret" not in ground.http.get(path, conditions=f"id = {record['id']}").text


@given(key=st.sampled_from(PLAIN))
def test_what_is_null_is_as_good_as_left_out(ground: Ground, key: str) -> None:
    sent_by_itself = set(ground.maker.body(key, ground.maker.line(key)))
    nulls = {
        name: None
        for name, one in fields_of(key).items()
        if not one.required and name not in NOT_SENT and name not in sent_by_itself and not one.create_only
    }
    plain, _ = sent(ground, key, {})
    answer, _ = sent(ground, key, nulls)
    assert (plain.status_code, answer.status_code) == (201, 201), answer.text
    assert None not in answer.json().values()
    assert set(answer.json()) == set(plain.json())


def test_types_of_a_contact_are_given_on_create_only(ground: Ground) -> None:
    contact = ground.maker.make("/company/contacts")
    kind = ground.maker.row("/company/contacts/types").line[-1]
    for answer in (
        ground.http.put(contact.path, {"firstName": "Ann", "typeIds": [kind]}),
        ground.http.patch(contact.path, ("replace", "typeIds", [kind])),
    ):
        message = "typeIds can only be used when creating a new contact."
        lists(answer, "/company/contacts", "InvalidField", message, "typeIds")
