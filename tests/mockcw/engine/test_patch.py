"""PATCH: operations, paths, references, arrays."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.catalogue import Catalogue, load
from mockcw.engine.bodies import BodyReader
from mockcw.engine.patch import Operation, Patcher, merged
from mockcw.errors import ApiError
from mockcw.settings import Settings
from tests.mockcw.caller import Caller, items, message

COMPANY = "/company/companies/1"
CONTACTS = "/company/contacts"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(scope="session")
def patcher(catalogue: Catalogue) -> Patcher:
    return Patcher(catalogue, BodyReader(catalogue, Settings()), Settings())


def applied(patcher: Patcher, catalogue: Catalogue, record: dict[str, Any], *operations: Operation) -> dict[str, Any]:
    changed = copy.deepcopy(record)
    patcher.apply(catalogue.model("Contact"), changed, list(operations))
    return changed


@pytest.mark.parametrize("op", ["replace", "REPLACE", "Replace", "add", "Add"])
@pytest.mark.parametrize("path", ["phoneNumber", "/phoneNumber", "/phoneNumber/"])
def test_ops_come_in_any_letter_case_and_paths_with_or_without_a_slash(admin: Caller, op: str, path: str) -> None:
    answer = admin.patch(COMPANY, (op, path, "555"))
    assert answer.status_code == 200
    assert answer.json()["phoneNumber"] == "555"
    assert admin.get(COMPANY).json() == answer.json()


def test_keys_of_an_operation_come_in_any_letter_case(admin: Caller) -> None:
    answer = admin.http.patch(COMPANY, json=[{"OP": "replace", "Path": "phoneNumber", "VALUE": "555"}])
    assert answer.json()["phoneNumber"] == "555"


@pytest.mark.parametrize("path", ["PhoneNumber", "phonenumber", "bogus", "name/x", "status/bogus", "types/x", "", "/"])
def test_a_path_that_does_not_exist_or_has_the_wrong_case_is_refused(admin: Caller, path: str) -> None:
    answer = admin.patch(COMPANY, ("replace", path, "555"))
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidPatch")
    assert message(answer) == f"path {path.strip('/') or path} is not valid"


@pytest.mark.parametrize("op", ["move", "copy", "test", "", "rep lace", None, 5])
def test_an_unknown_op_is_refused(admin: Caller, op: Any) -> None:
    answer = admin.patch(COMPANY, (op, "phoneNumber", "555"))
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidPatch")


@pytest.mark.parametrize("raw", [b"{}", b'"x"', b"5", b"null", b"[5]", b'["x"]', b"[[]]"])
def test_a_body_of_another_shape_is_refused(admin: Caller, raw: bytes) -> None:
    answer = admin.send("PATCH", COMPANY, raw)
    assert (answer.status_code, message(answer)) == (400, Settings().patch_body_message)


def test_no_operation_changes_nothing_but_the_time(admin: Caller) -> None:
    before = admin.get(COMPANY).json()
    after = admin.send("PATCH", COMPANY, b"[]").json()
    assert {**after, "_info": None} == {**before, "_info": None}


def test_a_refused_operation_takes_the_whole_body_with_it(admin: Caller) -> None:
    before = admin.get(COMPANY).content
    assert admin.patch(COMPANY, ("replace", "phoneNumber", "555"), ("replace", "bogus", 1)).status_code == 400
    assert admin.get(COMPANY).content == before


# -- values ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "kept"),
    [
        ("numberOfEmployees", "13", 13),
        ("leadFlag", "true", True),
        ("annualRevenue", "10.5", 10.5),
        ("dateAcquired", "2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        ("name", 5, "5"),
    ],
)
def test_values_are_coerced_as_clients_rely_on(admin: Caller, path: str, value: object, kept: object) -> None:
    assert admin.patch(COMPANY, ("replace", path, value)).json()[path] == kept


@pytest.mark.parametrize("value", ["", None])
@pytest.mark.parametrize("path", ["phoneNumber", "dateAcquired", "numberOfEmployees", "territory"])
def test_an_empty_value_clears_text_dates_numbers_and_references(admin: Caller, path: str, value: object) -> None:
    assert path in admin.get(COMPANY).json()
    assert path not in admin.patch(COMPANY, ("replace", path, value)).json()


def test_remove_clears_too(admin: Caller) -> None:
    assert "territory" not in admin.patch(COMPANY, ("Remove", "/territory", None)).json()
    assert "phoneNumber" not in admin.patch(COMPANY, ("remove", "phoneNumber", None)).json()


def test_a_required_field_cannot_be_cleared(admin: Caller) -> None:
    answer = admin.patch(COMPANY, ("replace", "name", ""))
    assert items(answer) == [("MissingRequiredField", "The name field is required.", "name")]


def test_a_value_of_the_wrong_type_is_the_captured_500(admin: Caller) -> None:
    answer = admin.patch(COMPANY, ("replace", "leadFlag", "maybe"))
    assert (answer.status_code, message(answer)) == (500, "String was not recognized as a valid Boolean.")


def test_a_text_where_a_list_belongs_is_the_captured_cast_error(admin: Caller) -> None:
    contact = admin.post(CONTACTS, {"firstName": "Ann", "company": {"id": 1}}).json()
    answer = admin.patch(f"{CONTACTS}/{contact['id']}", ("replace", "communicationItems", "x"))
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidPatch")
    assert message(answer).startswith("Could not cast or convert from System.String to ConnectWise.Apis.v3_0.")
    assert message(answer).endswith("ContactCommunicationItem[].")


@pytest.mark.parametrize("path", ["id", "_info", "/_info/lastUpdated"])
def test_what_the_server_owns_is_taken_and_not_changed(admin: Caller, path: str) -> None:
    answer = admin.patch(COMPANY, ("replace", path, 99))
    assert answer.status_code == 200
    assert answer.json()["id"] == 1
    assert answer.json()["_info"]["enteredBy"] == "System"


# -- references --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("status", {"id": 2}),
        ("status", {"id": "2"}),
        ("status", {"name": "Inactive"}),
        ("status", {"name": "inactive"}),
        ("status/id", 2),
        ("status/id", "2"),
        ("/status/id", 2),
        ("status/name", "Inactive"),
    ],
)
def test_a_reference_is_set_whole_or_by_its_parts(admin: Caller, path: str, value: object) -> None:
    answer = admin.patch(COMPANY, ("replace", path, value))
    assert answer.status_code == 200
    status = answer.json()["status"]
    assert (status["id"], status["name"]) == (2, "Inactive")
    assert status["_info"]["status_href"].endswith("/company/companies/statuses/2")


def test_deeper_or_other_parts_of_a_reference_answer_200_and_change_nothing(admin: Caller) -> None:
    before = admin.get(COMPANY).json()
    for path in ("status/_info", "status/_info/status_href", "status/name/x"):
        answer = admin.patch(COMPANY, ("replace", path, "anything"))
        assert answer.status_code == 200
        assert answer.json()["status"] == before["status"]


def test_a_reference_to_nothing_is_refused_with_the_field(admin: Caller) -> None:
    assert items(admin.patch(COMPANY, ("replace", "status", {"id": 99}))) == [
        ("NotFound", "Company Status 99 not found", "status/id")
    ]
    assert items(admin.patch(COMPANY, ("replace", "status/name", "Nonsense"))) == [
        ("NotFound", "Company Status Nonsense not found", "status/name")
    ]


# -- arrays ------------------------------------------------------------------------------------------------------------


def phone(admin: Caller, value: str) -> dict[str, Any]:
    """A communication item, of a type made for it."""
    kind = admin.post("/company/communicationTypes", {"description": f"Line {value}", "phoneFlag": True}).json()["id"]
    return {"type": {"id": kind}, "value": value, "communicationType": "Phone"}


@pytest.fixture
def contact(admin: Caller) -> str:
    phones = [phone(admin, str(n)) for n in range(3)]
    made = admin.post(CONTACTS, {"firstName": "Ann", "company": {"id": 1}, "communicationItems": phones})
    assert made.status_code == 201, made.text
    return f"{CONTACTS}/{made.json()['id']}"


def phones(answer: Any) -> list[Any]:
    return [one.get("value") for one in answer.json()["communicationItems"]]


def test_an_element_is_changed_by_its_index(admin: Caller, contact: str) -> None:
    assert phones(admin.patch(contact, ("replace", "/communicationItems/1/value", "x"))) == ["0", "x", "2"]
    whole = admin.patch(contact, ("replace", "communicationItems/0", phone(admin, "y")))
    assert sorted(phones(whole)) == ["2", "x", "y"]


def test_an_element_is_removed_by_its_index_and_shifts_the_later_ones(admin: Caller, contact: str) -> None:
    gone = ("remove", "/communicationItems/0", None)
    assert phones(admin.patch(contact, gone)) == ["1", "2"]
    assert phones(admin.patch(contact, gone, gone)) == []


def test_an_added_element_joins_at_the_end_even_at_index_0(admin: Caller, contact: str) -> None:
    x, y = phone(admin, "x"), phone(admin, "y")
    assert phones(admin.patch(contact, ("add", "/communicationItems/3", x))) == ["0", "1", "2", "x"]
    assert phones(admin.patch(contact, ("add", "/communicationItems/0", y))) == ["0", "1", "2", "x", "y"]


@pytest.mark.parametrize("index", ["4", "-1", "x", "²", "9" * 5000, "1.0", ""])
def test_an_index_outside_the_list_is_refused(admin: Caller, contact: str, index: str) -> None:
    answer = admin.patch(contact, ("replace", f"communicationItems/{index}/value", "x"))
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidPatch")


@pytest.mark.parametrize(
    ("path", "value"), [("types/0", "abc"), ("communicationItems/0", 5), ("customFields/0", "abc")]
)
def test_an_element_that_is_no_object_is_not_kept_where_objects_belong(
    admin: Caller, contact: str, path: str, value: object
) -> None:
    name = path.split("/")[0]
    answer = admin.patch(contact, ("add", path, value))
    assert answer.status_code in (400, 500)
    assert all(isinstance(one, dict) for one in admin.get(contact).json().get(name, []))


def test_an_id_in_an_element_is_coerced_and_must_exist(admin: Caller, contact: str) -> None:
    kind = phone(admin, "x")["type"]["id"]
    added = admin.patch(contact, ("add", "communicationItems/0", {"type": {"id": str(kind)}, "value": "x"}))
    assert added.status_code == 200, added.text
    assert added.json()["communicationItems"][-1]["type"]["id"] == kind
    for number in (987_654, 2**64 - 1):
        wrong = ("add", "communicationItems/0", {"type": {"id": number}, "value": "x"})
        assert admin.patch(contact, wrong).status_code in (400, 500)


CUSTOM = st.lists(
    st.fixed_dictionaries({"id": st.integers(1, 5), "value": st.one_of(st.none(), st.integers(), st.text())}),
    unique_by=lambda one: one["id"],
    max_size=5,
)


@given(CUSTOM, CUSTOM)
def test_custom_fields_left_out_keep_their_value(
    present: list[dict[str, Any]], given_items: list[dict[str, Any]]
) -> None:
    expected = {one["id"]: one["value"] for one in present} | {one["id"]: one["value"] for one in given_items}
    assert {one["id"]: one["value"] for one in merged(present, given_items)} == expected


# -- any operation -----------------------------------------------------------------------------------------------------

PATHS = st.one_of(
    st.sampled_from(
        ["firstName", "company", "company/id", "types/0", "types/1/id", "communicationItems/0/value", "customFields/²"]
    ),
    st.text("firstNamecopy/0129²-", max_size=20),
    st.text(max_size=8),
)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**64), 2**64 - 1), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["id", "name", "value"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(
    st.lists(
        st.builds(
            lambda op, path, value: (op, path, value), st.sampled_from(["add", "replace", "remove"]), PATHS, ANYTHING
        ),
        max_size=3,
    )
)
@example([("replace", "customFields/²", 1)])
@example([("add", "types/0", {"id": 2**64 - 1})])
@example([("replace", "communicationItems/" + "9" * 5000, 1)])
def test_any_operation_is_done_or_refused_in_order(built: Emulator, operations: list[tuple[str, str, Any]]) -> None:
    built.reset()
    admin = Caller(built)
    made = admin.post(CONTACTS, {"firstName": "Ann", "communicationItems": [phone(admin, "1")]}).json()["id"]
    answer = admin.patch(f"{CONTACTS}/{made}", *operations)
    if answer.status_code == 500:
        assert message(answer).startswith(("Error converting value", "String was not recognized"))
    else:
        assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 200:
        assert admin.get(f"{CONTACTS}/{made}").json() == answer.json()


def test_apply_leaves_the_record_of_the_caller_alone_when_it_is_copied(patcher: Patcher, catalogue: Catalogue) -> None:
    record = {"firstName": "Ann", "communicationItems": [{"value": "1"}]}
    kept = copy.deepcopy(record)
    patcher.apply(
        catalogue.model("Contact"), dict(record), [Operation("replace", ("communicationItems", "0", "value"), "2")]
    )
    assert record == kept
    with pytest.raises(ApiError):
        applied(patcher, catalogue, record, Operation("replace", ("bogus",), 1))


# -- what is not known is a setting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "path", "value", "status", "changes"),
    [
        ({}, "market/id", 2, 200, True),
        ({}, "status/name", "Inactive", 200, True),
        ({"nested_patch": "known"}, "market/id", 2, 200, False),
        ({"nested_patch": "known"}, "status/id", 2, 200, True),
        ({"nested_patch": "ignore"}, "status/id", 2, 200, False),
        ({}, "status/_info", "x", 200, False),
        ({"nested_patch_elsewhere": "refuse"}, "status/_info", "x", 400, False),
        ({}, "mobileGuid", "x", 200, False),
        ({"read_only_patch": "refuse"}, "mobileGuid", "x", 400, False),
    ],
)
def test_a_path_into_a_reference_or_to_a_server_field_counts_as_the_settings_say(
    settings: dict[str, str], path: str, value: object, status: int, changes: bool
) -> None:
    with Emulator("small", settings=settings) as emulator:
        caller = Caller(emulator)
        assert caller.patch(COMPANY, ("replace", "market", {"id": 1})).status_code == 200
        name = path.split("/")[0]
        before = caller.get(COMPANY).json()[name]
        answer = caller.patch(COMPANY, ("replace", path, value))
        assert answer.status_code == status, answer.text
        assert (caller.get(COMPANY).json()[name] != before) is changes
        if status == 400:
            body = {"code": "InvalidPatch", "message": f"path {path} is not valid"}
            assert answer.json() == body
