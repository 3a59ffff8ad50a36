"""What a record has that nobody gave, and what survives a PUT."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockcw.catalogue import Model, load
from mockcw.engine.defaults import complete, default_of, keep_server_fields
from tests.mockcw.caller import Caller

CATALOGUE = load()
KINDS = {"integer": int, "number": (int, float), "boolean": bool, "array": list}
MODELS = st.sampled_from([CATALOGUE.model(name) for name in CATALOGUE.model_names()])


@given(model=MODELS, data=st.data())
def test_only_what_is_missing_is_filled_in(model: Model, data: st.DataObject) -> None:
    given_names = data.draw(st.sets(st.sampled_from(sorted(model.fields)), max_size=5))
    record = dict.fromkeys(given_names, "given")
    complete(model, record)
    assert {name: record[name] for name in given_names} == dict.fromkeys(given_names, "given")
    for name in set(record) - given_names:
        assert record[name] == default_of(model.fields[name])
        assert record[name] is not None
        assert model.fields[name].answered
    flags = {name for name, one in model.fields.items() if one.type == "boolean" and one.answered}
    assert flags <= set(record)
    again = dict(record)
    complete(model, again)
    assert again == record


def test_a_default_is_of_the_type_of_its_field() -> None:
    for name in CATALOGUE.model_names():
        for field in CATALOGUE.model(name).fields.values():
            if field.default is not None:
                value = default_of(field)
                assert isinstance(value, KINDS.get(field.type, str))
                assert field.enum is None or value in field.enum


def test_a_contact_with_names_only_has_the_captured_defaults(admin: Caller) -> None:
    made = admin.post("/company/contacts", {"firstName": "Estella", "lastName": "Mcdowell"}).json()
    captured = {
        "firstName": "Estella",
        "lastName": "Mcdowell",
        "inactiveFlag": False,
        "marriedFlag": False,
        "childrenFlag": False,
        "portalSecurityLevel": 1,
        "disablePortalLoginFlag": True,
        "unsubscribeFlag": False,
        "defaultBillingFlag": False,
        "defaultFlag": False,
        "types": [],
        "ignoreDuplicates": False,
    }
    assert {name: made.get(name) for name in captured} == captured
    assert list(made)[:3] == ["id", "firstName", "lastName"]


def test_what_the_server_keeps_survives_a_replace() -> None:
    model = CATALOGUE.model("TimeEntry")
    before = {"status": "Billed", "notes": "old", "timeSheet": {"id": 3}}
    record = {"notes": "new"}
    keep_server_fields(model, before, record)
    assert record == {"notes": "new", "status": "Billed", "timeSheet": {"id": 3}}


def test_a_flag_taken_away_by_a_patch_is_false_again(admin: Caller) -> None:
    path = "/company/companies/types"
    kind = admin.post(path, {"name": "Fleeting", "vendorFlag": True}).json()
    assert kind["vendorFlag"] is True
    assert admin.patch(f"{path}/{kind['id']}", ("remove", "vendorFlag", None)).json()["vendorFlag"] is False
