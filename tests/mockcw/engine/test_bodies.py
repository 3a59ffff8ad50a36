"""JSON bodies against their models: positions, types, lengths, required fields, enumerations."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.catalogue import Catalogue, load
from mockcw.engine.bodies import BodyReader
from mockcw.errors import ApiError, BadRequest, MalformedRequest, ServerFault
from mockcw.settings import Settings
from tests.mockcw.caller import Caller, items, message

COMPANIES = "/company/companies"
CHECK = "Check your accept header to make sure you are using the correct version."


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


def reader(catalogue: Catalogue, **settings: Any) -> BodyReader:
    return BodyReader(catalogue, Settings(**settings))


def read(catalogue: Catalogue, body: object, model: str = "Company", **settings: Any) -> dict[str, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return reader(catalogue, **settings).record(catalogue.model(model), raw)


def refused(catalogue: Catalogue, body: object, model: str = "Company", **settings: Any) -> ApiError:
    with pytest.raises(ApiError) as refusal:
        read(catalogue, body, model, **settings)
    return refusal.value


def read_or_refused(catalogue: Catalogue, body: object) -> dict[str, Any] | ApiError:
    try:
        return read(catalogue, body)
    except ApiError as refusal:
        return refusal


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["b\\u006fgus", "a.b", "a[0]", "é", ""])
def test_any_unknown_name_is_located(catalogue: Catalogue, name: str) -> None:
    raw = f'{{"name": "x", "{name}": 1}}'
    assert f"line 1, position {raw.rindex(':') + 1}." in refused(catalogue, raw.encode()).message


def test_an_unknown_member_is_refused_with_the_captured_text(catalogue: Catalogue) -> None:
    error = refused(catalogue, b'{"firstName":"a", "type":1}', "Contact")
    assert isinstance(error, MalformedRequest)
    assert (error.status, error.code) == (400, "ConnectWiseApi")
    assert error.message == (
        f"Could not find member 'type' on object of type 'Contact'. Path 'type', line 1, position 25.{CHECK}"
    )


def test_an_unknown_member_can_be_ignored_by_a_setting(catalogue: Catalogue) -> None:
    assert read(catalogue, {"name": "x", "bogus": 1}, unknown_member="ignore") == {"name": "x"}


def test_names_are_taken_in_any_letter_case_and_kept_in_the_published_one(catalogue: Catalogue) -> None:
    assert read(catalogue, {"NAME": "x", "phonenumber": "1"}) == {"name": "x", "phoneNumber": "1"}


def test_what_the_server_owns_is_taken_and_dropped(catalogue: Catalogue) -> None:
    assert read(catalogue, {"id": 7, "_info": {"lastUpdated": "x"}, "name": "x"}) == {"name": "x"}


def test_a_byte_order_mark_is_no_hindrance(catalogue: Catalogue) -> None:
    assert read(catalogue, b'\xef\xbb\xbf{"name": "x"}') == {"name": "x"}


@pytest.mark.parametrize("raw", [b"", b"{", b"nonsense", b'{"name": "x",}', b"\xff\xfe", b'{"name": "\\ud800"}'])
def test_a_body_that_is_no_json_is_refused_with_the_named_default(catalogue: Catalogue, raw: bytes) -> None:
    error = refused(catalogue, raw)
    assert (error.status, error.message) == (400, Settings().malformed_json_message)


@pytest.mark.parametrize("raw", [b"[]", b"3", b"null", b'"text"', b"true"])
def test_json_of_another_shape_is_a_400(catalogue: Catalogue, raw: bytes) -> None:
    assert refused(catalogue, raw).status == 400


# -- types -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "given_value", "kept"),
    [
        ("name", 5, "5"),
        ("name", True, "true"),
        ("name", 1.5, "1.5"),
        ("leadFlag", True, True),
        ("leadFlag", "True", True),
        ("leadFlag", " false ", False),
        ("numberOfEmployees", "13", 13),
        ("numberOfEmployees", " 13 ", 13),
        ("numberOfEmployees", 13.0, 13),
        ("numberOfEmployees", "-1", -1),
        ("numberOfEmployees", "", None),
        ("numberOfEmployees", 2**31 - 1, 2**31 - 1),
        ("annualRevenue", "13.25", 13.25),
        ("annualRevenue", 13, 13),
        ("dateAcquired", "2025-02-03T04:05:06Z", "2025-02-03T04:05:06Z"),
        ("dateAcquired", "2025-02-03", "2025-02-03T00:00:00Z"),
        ("dateAcquired", "2025-02-03T04:05:06.789+02:00", "2025-02-03T02:05:06Z"),
        ("dateAcquired", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("dateAcquired", "", None),
        ("status", {"id": "2"}, {"id": 2}),
        ("status", {"id": 2, "name": "x", "_info": {"status_href": "y"}}, {"id": 2, "name": "x"}),
        ("status", {"ID": 2, "somethingElse": 3}, {"id": 2}),
        ("name", None, None),
        ("types", [{"id": "1"}, {"name": "x"}], [{"id": 1}, {"name": "x"}]),
    ],
)
def test_values_are_coerced_as_clients_rely_on(
    catalogue: Catalogue, field: str, given_value: object, kept: object
) -> None:
    assert read(catalogue, {field: given_value}) == {field: kept}


@pytest.mark.parametrize(
    ("field", "wrong", "text"),
    [
        (
            "name",
            {"a": 1},
            "Error converting value {\"a\":1} to type 'System.String'. Path 'name', line 1, position 8.",
        ),
        ("leadFlag", "maybe", "String was not recognized as a valid Boolean."),
        ("dateAcquired", "soon", "String was not recognized as a valid DateTime."),
        ("dateAcquired", "0001-01-01T00:00:00+14:00", "String was not recognized as a valid DateTime."),
        (
            "numberOfEmployees",
            "many",
            "Error converting value \"many\" to type 'System.Nullable`1[System.Int32]'. Path 'numberOfEmployees', "
            "line 1, position 21.",
        ),
        (
            "status",
            5,
            "Error converting value 5 to type 'ConnectWise.Apis.v3_0.CompanyStatusReference'. Path 'status', "
            "line 1, position 10.",
        ),
    ],
)
def test_a_value_of_the_wrong_type_is_the_captured_500(
    catalogue: Catalogue, field: str, wrong: object, text: str
) -> None:
    error = refused(catalogue, {field: wrong})
    assert isinstance(error, ServerFault)
    assert error.message == text
    softer = refused(catalogue, {field: wrong}, wrong_type_status=400)
    assert isinstance(softer, BadRequest)
    assert softer.message == text


@pytest.mark.parametrize("wrong", [2**31, -(2**31) - 1, 1.5, True, [], "9" * 5000, "1" * 400 + ".0", "1e5", 1e300])
def test_a_number_that_fits_no_int32_is_refused(catalogue: Catalogue, wrong: object) -> None:
    error = refused(catalogue, {"numberOfEmployees": wrong})
    assert isinstance(error, ServerFault)
    assert error.message.startswith("Error converting value")


@pytest.mark.parametrize("wrong", [2**31, -(2**31) - 1, True, "1", 1.5])
def test_a_number_in_a_list_must_fit_an_int32_too(catalogue: Catalogue, wrong: object) -> None:
    assert isinstance(refused(catalogue, {"typeIds": [wrong]}, "Contact"), ServerFault)
    assert read(catalogue, {"typeIds": [2**31 - 1]}, "Contact") == {"typeIds": [2**31 - 1]}


@pytest.mark.parametrize("wrong", ["9" * 5000, "1" * 400 + ".0"])
def test_a_decimal_that_fits_no_double_is_refused_and_not_lost(catalogue: Catalogue, wrong: str) -> None:
    assert isinstance(refused(catalogue, {"annualRevenue": wrong}), ServerFault)


def nested(depth: int) -> bytes:
    return b'{"name": ' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize("depth", [1, 250, 300, 1000, 5000])
def test_deep_nesting_is_an_error_and_not_a_crash(catalogue: Catalogue, depth: int) -> None:
    assert refused(catalogue, nested(depth)).status in (400, 500)


JSON_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**80), 2**80),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=30),
        st.sampled_from(["0001-01-01T00:00:00Z", "9" * 5000, "1" * 400 + ".0", "-", "1e9", "²", "٣"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["id", "name", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.fixture(scope="session")
def fields(catalogue: Catalogue) -> list[str]:
    return list(catalogue.model("Company").fields)


@given(data=st.data())
def test_any_json_value_in_any_field_is_taken_or_refused_in_order(
    catalogue: Catalogue, fields: list[str], data: st.DataObject
) -> None:
    body = data.draw(st.dictionaries(st.sampled_from(fields), JSON_VALUES, max_size=3))
    record = read_or_refused(catalogue, body)
    if isinstance(record, ApiError):
        assert record.status in (400, 500)
        assert record.message
    else:
        assert json.loads(json.dumps(record, allow_nan=False)) == record
        assert set(record) <= set(fields)


# -- rules of the model ------------------------------------------------------------------------------------------------


def test_missing_required_fields_are_listed_together_with_the_captured_text(admin: Caller) -> None:
    answer = admin.post(COMPANIES, {"identifier": "X1", "site": {"name": "Main"}})
    assert answer.status_code == 400
    assert answer.json() == {
        "code": "InvalidObject",
        "message": "company object is invalid",
        "errors": [
            {
                "code": "MissingRequiredField",
                "message": "The name field is required.",
                "resource": "company",
                "field": "name",
            }
        ],
    }
    assert items(admin.post(COMPANIES, {"site": {"name": "Main"}})) == [
        ("MissingRequiredField", "The identifier field is required.", "identifier"),
        ("MissingRequiredField", "The name field is required.", "name"),
    ]


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_value_does_not_fill_a_required_field(admin: Caller, empty: object) -> None:
    answer = admin.post(COMPANIES, {"identifier": "X1", "name": empty, "site": {"name": "Main"}})
    assert items(answer) == [("MissingRequiredField", "The name field is required.", "name")]


@given(st.integers(0, 60))
def test_text_is_refused_exactly_above_its_published_length(catalogue: Catalogue, length: int) -> None:
    model = catalogue.model("Company")
    record = {"identifier": "X1", "name": "é" * length}
    texts = [one.message for one in reader(catalogue).problems(model, record, updating=False)]
    too_long = "The field name must be a string with a maximum length of 50."
    required = "The name field is required."
    assert texts == ([required] if length == 0 else [too_long] if length > 50 else [])


def test_an_enumeration_takes_any_letter_case_and_answers_the_published_spelling(admin: Caller) -> None:
    role = admin.get("/system/securityroles").json()[0]
    body = {
        "identifier": "e1",
        "licenseClass": "f",
        "firstName": "a",
        "lastName": "b",
        "hireDate": "2025-01-01T00:00:00Z",
        "defaultEmail": "office",
        "defaultPhone": "OFFICE",
        "securityRole": {"id": role["id"]},
    }
    made = admin.post("/system/members", body)
    assert made.status_code == 201, made.text
    assert (made.json()["licenseClass"], made.json()["defaultEmail"]) == ("F", "Office")
    wrong = admin.post("/system/members", {**body, "identifier": "e2", "licenseClass": "Q"})
    assert items(wrong) == [("InvalidField", "The licenseClass field is invalid.", "licenseClass")]


def test_a_wrong_type_answers_over_the_api_as_captured(admin: Caller) -> None:
    answer = admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}, "leadFlag": "maybe"})
    assert (answer.status_code, message(answer)) == (500, "String was not recognized as a valid Boolean.")


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"id": 1}, "Unexpected character encountered while parsing value: {."),
        ([1], "Unexpected character encountered while parsing value: [."),
        ("one", "Error converting value \"one\" to type 'System.Int32'."),
        (None, "Error converting value {null} to type 'System.Int32'."),
    ],
)
def test_a_list_of_numbers_holds_numbers(catalogue: Catalogue, item: object, text: str) -> None:
    with pytest.raises(ServerFault) as caught:
        read(catalogue, {"typeIds": [1, item]}, "Contact")
    assert caught.value.message.startswith(text)
