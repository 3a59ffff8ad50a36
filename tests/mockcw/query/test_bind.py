"""Names, literals and limits of conditions on the published models, and the captured texts of their refusals."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockcw.catalogue import Catalogue, load
from mockcw.errors import ApiFindCondition
from mockcw.query import (
    Always,
    And,
    Compare,
    InList,
    Kind,
    Not,
    Or,
    QuerySettings,
    Some,
    child_conditions,
    compile,
    conditions,
    custom_field_conditions,
    order_by,
)
from tests.campaign import examples

CATALOGUE = load()
ADVICE = (
    "String values should be enclosed with double or single quotes; DateTime values should be enclosed in square "
    "brackets; numbers should consist of only digits, and optionally a decimal point and a negation sign; boolean "
    "values should be indicated with the keywords true or false; null values should be indicated by the keyword null."
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return CATALOGUE


def bound(text: str, model: str = "Company", choices: QuerySettings | None = None):
    return conditions(text, CATALOGUE.model(model), CATALOGUE, choices or QuerySettings())


def refusal(text: str, model: str = "Company", choices: QuerySettings | None = None) -> str:
    with pytest.raises(ApiFindCondition) as refused:
        bound(text, model, choices)
    assert (refused.value.status, refused.value.code) == (400, "ApiFindCondition")
    return refused.value.message


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("Ticket", "resources/identifier"),
        ("Ticket", "member/identifier"),
        ("Ticket", "assignedTo/id"),
        ("Ticket", "Member/ID"),
        ("Company", "typeids"),
        ("Company", "types"),
        ("Company", "types/name"),
        ("Company", "customFields"),
        ("Company", "customFields/value"),
        ("Company", "_info"),
        ("Company", "_info/secret"),
        ("Company", "status/_info/lastUpdated"),
        ("Company", "status/name/id"),
        ("Company", "status/lastUpdated"),
        ("Company", "status/"),
        ("Company", "/status"),
        ("Company", "status//name"),
        ("Company", "name'); DROP TABLE companies;--".partition("'")[0] + "$.x"),
    ],
)
def test_an_unknown_name_is_refused_as_the_client_wrote_it(model, name):
    assert refusal(f"{name} = 1", model) == f"{name} is not a recognized name."


def test_a_number_where_a_boolean_belongs_gets_the_captured_sentence():
    assert refusal("deletedFlag = 1") == f"Expected a boolean value, not a numeric. {ADVICE}"


@pytest.mark.parametrize(
    ("text", "expected", "given_"),
    [
        ("name = 5", "string", "numeric"),
        ("id = '5'", "numeric", "string"),
        ("id = true", "numeric", "boolean"),
        ("lastUpdated > '2025-01-01'", "datetime", "string"),
        ("deletedFlag = [2025-01-01]", "boolean", "datetime"),
        ("id in (1, 'a')", "numeric", "string"),
        ("id like '1%'", "numeric", "string"),
        ("deletedFlag contains 't'", "boolean", "string"),
        ("name contains 5", "string", "numeric"),
        ("lastUpdated like [2025-01-01]", "string", "datetime"),
    ],
)
def test_a_literal_of_another_type_is_refused_in_the_same_form(text, expected, given_):
    assert refusal(text) == f"Expected a {expected} value, not a {given_}. {ADVICE}"


def test_an_enumeration_takes_its_values_in_any_case_and_refuses_others():
    assert bound("gender = 'female'", "Contact") == Compare(("gender",), "=", "female", Kind.TEXT)
    assert refusal("gender = 'Other'", "Contact") == "Enum value supplied was invalid"
    assert refusal("gender in ('Male', 'x')", "Contact") == "Enum value supplied was invalid"
    assert bound("gender like 'fem%'", "Contact") == Compare(("gender",), "like", "fem%", Kind.TEXT)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("LastUpdated > [2025-01-01]", ("_info", "lastUpdated")),
        ("_INFO/dateentered > [2025-01-01]", ("_info", "dateEntered")),
        ("DateEntered > [2025-01-01]", ("_info", "dateEntered")),
        ("DATEACQUIRED > [2025-01-01]", ("dateAcquired",)),
    ],
)
def test_names_are_found_in_any_letter_case(text, path):
    assert bound(text) == Compare(path, ">", "2025-01-01T00:00:00Z", Kind.DATE)


def test_a_model_with_a_date_entered_of_its_own_is_asked_for_that_one():
    found = bound("dateEntered > [2025-01-01]", "TimeEntry")
    assert found == Compare(("dateEntered",), ">", "2025-01-01T00:00:00Z", Kind.DATE)


def test_references_are_followed_by_slashes():
    assert bound("Status/Name = 'Active'") == Compare(("status", "name"), "=", "Active", Kind.TEXT)


def test_a_reference_itself_compares_with_null_only():
    assert bound("parentCompany = null") == Compare(("parentCompany",), "=", None, Kind.REFERENCE)
    assert bound("parentCompany != NULL") == Compare(("parentCompany",), "!=", None, Kind.REFERENCE)
    assert refusal("ParentCompany = 5") == "ParentCompany is not a recognized name."


@pytest.mark.parametrize(
    ("written", "second"),
    [
        ("2016-08-20T18:04:26Z", "2016-08-20T18:04:26Z"),
        ("2025-01-01", "2025-01-01T00:00:00Z"),
        ("2023-08-08T16:36:11.000000", "2023-08-08T16:36:11Z"),
        ("2020-01-01 00:00:00+00:00", "2020-01-01T00:00:00Z"),
        ("2020-01-01 00:00:00-0500", "2020-01-01T05:00:00Z"),
        ("2020-01-01T00:30:00+01:00", "2019-12-31T23:30:00Z"),
        (" 2020-01-01T00:30Z ", "2020-01-01T00:30:00Z"),
        ("0999-01-01", "0999-01-01T00:00:00Z"),
    ],
)
def test_every_form_of_date_becomes_the_stored_form(written, second):
    assert bound(f"lastUpdated >= [{written}]") == Compare(("_info", "lastUpdated"), ">=", second, Kind.DATE)


@pytest.mark.parametrize(("op", "compiled"), [("<", "<="), ("<=", "<="), (">", ">"), (">=", ">")])
def test_a_part_of_a_second_moves_the_bound_not_the_answer(op, compiled):
    found = bound(f"lastUpdated {op} [2025-01-01T00:00:01.25Z]")
    assert found == Compare(("_info", "lastUpdated"), compiled, "2025-01-01T00:00:01Z", Kind.DATE)


@pytest.mark.parametrize(
    "written",
    ["", "now", "2025", "2025-13-01", "2025-02-30", "2025-01-01T25:00:00Z", "2025-01-01T00:00:00+15:00",
     "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2025-01-01T00:00:00 00:00", "٢٠٢٥-01-01"],
)  # fmt: skip
def test_what_is_no_date_is_refused(written):
    assert "conditions could not be understood" in refusal(f"lastUpdated > [{written}]")


def test_offsets_are_refused_where_the_setting_says_so():
    strict = QuerySettings(date_offsets=False)
    assert "offset" in refusal("lastUpdated > [2020-01-01T00:00:00+00:00]", choices=strict)
    assert bound("lastUpdated > [2020-01-01T00:00:00Z]", choices=strict)


def test_a_date_published_as_plain_text_takes_date_literals():
    assert bound("closedDate > [2025-01-01]", "Ticket") == Compare(
        ("closedDate",), ">", "2025-01-01T00:00:00Z", Kind.DATE
    )
    assert "Expected a string value" in refusal(
        "closedDate > [2025-01-01]", "Ticket", QuerySettings(textual_dates=False)
    )


@pytest.mark.parametrize(
    "written", [str(2**63), str(-(2**63) - 1), "9" * 5_000, "9" * 30 + ".5", "1." + "0" * 100, "-"]
)
def test_numbers_beyond_64_bits_are_refused(written):
    assert "conditions could not be understood" in refusal(f"id = {written}")


@pytest.mark.parametrize("written", [str(2**63 - 1), str(-(2**63)), "-0", "007", "5.", ".5", "-1.25"])
def test_numbers_of_64_bits_are_understood(written):
    assert isinstance(bound(f"annualRevenue = {written}"), Compare)


def test_a_like_without_wildcard_is_an_equality():
    assert bound("name like 'Acme'") == Compare(("name",), "=", "Acme", Kind.TEXT)
    assert bound("name not like 'Acme'") == Compare(("name",), "!=", "Acme", Kind.TEXT)


def test_both_wildcards_count_and_other_pattern_characters_are_plain():
    assert bound("name like '%a*_\\\\[[]b'") == Compare(("name",), "like", "%a%\\_\\\\[b", Kind.TEXT)


def test_wildcards_are_what_the_settings_say():
    choices = QuerySettings(like_wildcards="*", like_single_wildcards="_")
    assert bound("name like '*50%_'", choices=choices) == Compare(("name",), "like", "%50\\%_", Kind.TEXT)


def test_null_in_a_list_stands_for_absent():
    absent = Compare(("status", "id"), "=", None, Kind.NUMBER)
    one = InList(("status", "id"), (1,), Kind.NUMBER)
    assert bound("status/id in (1, null, 1)") == Or((one, absent))
    assert bound("status/id not in (1, null)") == Not(one)


@pytest.mark.parametrize("text", ["name < null", "name >= null", "name contains null", "name like null"])
def test_null_knows_no_order_and_no_parts(text):
    assert "null can only be compared with = and !=" in refusal(text)


def test_an_empty_text_is_every_record():
    assert bound("") == bound("  ") == Always()


@pytest.mark.parametrize("letters", ["in", "IN", "not in"])
def test_child_and_custom_field_conditions_have_no_in(letters, catalogue):
    for refused in (
        lambda: child_conditions(f"types/id {letters} (1,2)", catalogue.model("Company"), catalogue),
        lambda: custom_field_conditions(f"id {letters} (1,2)"),
    ):
        with pytest.raises(ApiFindCondition, match="The in operator is not supported in"):
            refused()


def test_child_conditions_gather_what_is_said_of_one_array(catalogue):
    text = 'communicationItems/value like "john@%" AND CommunicationItems/communicationType="Email"'
    assert child_conditions(text, catalogue.model("Contact"), catalogue) == Some(
        ("communicationItems",),
        And(
            (
                Compare(("value",), "like", "john@%", Kind.TEXT),
                Compare(("communicationType",), "=", "Email", Kind.TEXT),
            )
        ),
    )


@pytest.mark.parametrize("name", ["name", "status/name", "types", "types/nothing", "nothing/name", "types/name/x", "/"])
def test_child_conditions_name_members_of_arrays_only(name, catalogue):
    with pytest.raises(ApiFindCondition) as refused:
        child_conditions(f"{name} = 'x'", catalogue.model("Company"), catalogue)
    assert refused.value.message == f"{name} is not a recognized name."


def test_custom_fields_are_named_by_their_own_members():
    assert custom_field_conditions('caption="TomNumber" AND VALUE != null') == Some(
        ("customFields",),
        And(
            (
                Compare(("caption",), "=", "TomNumber", Kind.TEXT),
                Compare(("value",), "!=", None, Kind.FREE),
            )
        ),
    )
    with pytest.raises(ApiFindCondition, match="^name is not a recognized name.$"):
        custom_field_conditions("name = 'x'")


def test_a_text_of_a_hundred_kilobytes_is_refused():
    assert "too long" in refusal("id in (" + "1," * 50_000 + "1)")


@pytest.mark.parametrize("character", ["\x00", chr(0xD800), chr(0xDFFF)])
def test_characters_that_no_answer_can_carry_are_refused(character, catalogue):
    assert "a character that no text may hold" in refusal(f"name = 'a{character}'")
    with pytest.raises(ApiFindCondition, match="a character that no text may hold"):
        order_by(f"na{character}me", catalogue.model("Company"), catalogue)


def test_the_syntax_text_is_the_setting():
    choices = QuerySettings(syntax_text="bad {parameter}")
    assert refusal("(name = '{reason}'", choices=choices) == "bad conditions"


SOUP = st.lists(
    st.sampled_from(
        ["name", "id", "status/name", "types/name", "lastUpdated", "deletedFlag", "caption", "value", "and", "or",
         "not", "in", "like", "contains", "(", ")", ",", "=", "!=", "<", ">=", "'a%'", '"', "'", "5", "-1.5", "true",
         "null", "[2025-01-01]", "[", "%", "\\", "\x00", "é", "$.", "--", ";"]
    ),
    max_size=14,
).map(" ".join)  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(SOUP | st.text(max_size=30))
@example("not (id in (1,null)) and name like '%\\%'")
def test_any_text_is_understood_or_refused_with_a_400(text):
    company = CATALOGUE.model("Company")
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, parent INTEGER, doc TEXT)")
    for reader in (
        lambda: conditions(text, company, CATALOGUE),
        lambda: child_conditions(text, company, CATALOGUE),
        lambda: custom_field_conditions(text),
    ):
        try:
            where = compile(reader())
        except ApiFindCondition:
            continue
        connection.execute(f"SELECT id FROM t WHERE {where.sql}", where.params).fetchall()
    connection.close()
