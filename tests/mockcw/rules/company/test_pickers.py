"""Picked companies are cleared, survey answers counted."""

from __future__ import annotations

import pytest

from tests.mockcw.caller import Caller, items

PICKED = "/company/companyPickerItems"


@pytest.fixture
def picked(admin: Caller) -> list[int]:
    other = admin.get("/system/members", conditions='identifier != "Admin"').json()[0]["id"]
    bodies = [
        {"company": {"id": 1}},
        {"company": {"id": 2}, "vendorPickerFlag": True},
        {"company": {"id": 3}, "member": {"id": other}},
    ]
    answers = [admin.post(PICKED, body) for body in bodies]
    assert [one.status_code for one in answers] == [201] * 3
    return [one.json()["id"] for one in answers]


def left(admin: Caller) -> list[int]:
    return [one["id"] for one in admin.get(PICKED).json()]


@pytest.mark.rule("picker.member")
def test_a_pick_is_the_callers_and_so_is_what_is_cleared(admin: Caller, picked: list[int]) -> None:
    assert admin.get(f"{PICKED}/{picked[0]}").json()["member"]["identifier"] == "Admin"
    answer = admin.http.post(f"{PICKED}/clear")
    assert answer.status_code == 200
    assert not {picked[0], picked[1]} & set(left(admin))
    assert picked[2] in left(admin)


def test_a_kind_or_a_member_narrows_what_is_cleared(admin: Caller, picked: list[int]) -> None:
    assert admin.post(f"{PICKED}/clear", {"type": "Vendor"}).json()["type"] == "Vendor"
    assert picked[1] not in left(admin)
    assert picked[0] in left(admin)
    other = admin.get(f"{PICKED}/{picked[2]}").json()["member"]["id"]
    admin.post(f"{PICKED}/clear", {"member": {"id": other}})
    assert picked[2] not in left(admin)
    assert picked[0] in left(admin)


def test_a_clear_that_cannot_be_understood_clears_nothing(admin: Caller, picked: list[int]) -> None:
    assert admin.post(f"{PICKED}/clear", {"type": "Ticket"}).status_code == 400
    gone = admin.post(f"{PICKED}/clear", {"member": {"identifier": "nobody"}})
    assert items(gone) == [("NotFound", "Member nobody not found", "member/identifier")]
    for raw in (b"{", b"[]", b'{"kind":"Vendor"}'):
        assert admin.send("POST", f"{PICKED}/clear", raw).status_code == 400
    assert set(picked) <= set(left(admin))


def test_the_survey_answers_of_a_company_are_counted(admin: Caller) -> None:
    path = "/company/companies/1/surveys/count"
    before = admin.get(path).json()["count"]
    survey = admin.post("/service/surveys", {"name": "How was it?"}).json()["id"]
    body = {"ticketId": 1, "company": {"id": 1}}
    answer = admin.post(f"/service/surveys/{survey}/results", body)
    assert answer.status_code == 201, answer.text
    assert admin.get(path).json() == {"count": before + 1}
    assert admin.get("/company/companies/999999/surveys/count").status_code == 404
