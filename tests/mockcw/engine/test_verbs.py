"""The generic verbs against a plain dictionary, and what every stored record carries."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.store import EVERYTHING
from tests.mockcw.caller import Caller, Control, items, message

MARKETS = "/company/marketDescriptions"  # a setup table without rules of its own
COMPANIES = "/company/companies"
SITES = "/company/companies/{parentId}/sites"
TEXT = st.text(string.ascii_letters + "éß '\"%_\\", min_size=1, max_size=12).filter(lambda one: one.strip())

STEPS = st.one_of(
    st.tuples(st.just("create"), TEXT),
    st.tuples(st.just("replace"), st.tuples(st.integers(0, 5), TEXT)),
    st.tuples(st.just("patch"), st.tuples(st.integers(0, 5), TEXT)),
    st.tuples(st.just("delete"), st.integers(0, 5)),
    st.tuples(st.just("refused"), st.integers(0, 5)),
)


def plain(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "_info"}


@given(st.lists(STEPS, max_size=20))
def test_random_writes_equal_a_plain_dictionary(built: Emulator, steps: list[tuple[str, Any]]) -> None:
    built.reset()
    admin = Caller(built)
    there = admin.get(MARKETS, pageSize=1000).json()
    oracle: dict[int, dict[str, Any]] = {}
    for step, detail in steps:
        pick = sorted(oracle)[detail if isinstance(detail, int) else detail[0] if isinstance(detail, tuple) else 0 :][
            :1
        ]
        number = pick[0] if pick else 999
        path, missing = f"{MARKETS}/{number}", f"Market Description {number} not found"
        if step == "create":
            answer = admin.post(MARKETS, {"name": detail})
            assert answer.status_code == 201
            assert answer.json()["id"] not in {*oracle, *(one["id"] for one in there)}
            oracle[answer.json()["id"]] = plain(answer.json())
            assert plain(answer.json()) == {"id": answer.json()["id"], "name": detail}
        elif step == "refused":
            assert admin.send("PATCH", path, b"nonsense").status_code == 400
        else:
            if step == "replace":
                answer = admin.put(path, {"name": detail[1]})
            elif step == "patch":
                answer = admin.patch(path, ("replace", "name", detail[1]))
            else:
                answer = admin.delete(path)
            if number not in oracle:
                assert (answer.status_code, message(answer)) == (404, missing)
            elif step == "delete":
                assert (answer.status_code, answer.content) == (204, b"")
                del oracle[number]
            else:
                assert answer.status_code == 200
                oracle[number]["name"] = detail[1]
                assert plain(answer.json()) == oracle[number]
        rows = admin.get(MARKETS, pageSize=1000).json()
        assert rows[: len(there)] == there
        assert [plain(one) for one in rows[len(there) :]] == [oracle[number] for number in sorted(oracle)]
    assert admin.get(f"{MARKETS}/count").json() == {"count": len(there) + len(oracle)}


def test_a_missing_record_is_named_in_the_captured_form(admin: Caller) -> None:
    for answer in (admin.get(f"{COMPANIES}/9999"), admin.put(f"{COMPANIES}/9999", {"identifier": "x", "name": "y"})):
        assert answer.status_code == 404
        assert answer.json() == {"code": "NotFound", "message": "Company 9999 not found"}
    assert message(admin.get(f"{COMPANIES}/9999/sites")) == "Company 9999 not found"
    assert message(admin.get(f"{COMPANIES}/1/sites/9999")) == "Company Site 9999 not found"
    assert message(admin.get(f"{COMPANIES}/{10**17}")) == f"Company {10**17} not found"


def test_a_record_of_one_parent_is_not_found_under_another(admin: Caller) -> None:
    site = admin.get(f"{COMPANIES}/1/sites").json()[0]["id"]
    for answer in (
        admin.get(f"{COMPANIES}/2/sites/{site}"),
        admin.patch(f"{COMPANIES}/2/sites/{site}", ("replace", "name", "Taken")),
        admin.delete(f"{COMPANIES}/2/sites/{site}"),
    ):
        assert answer.status_code == 404
    assert admin.get(f"{COMPANIES}/1/sites/{site}").json()["name"] == "Main"


def test_deleting_a_record_deletes_what_it_encloses(admin: Caller) -> None:
    group = admin.post("/marketing/groups", {"name": "G"}).json()["id"]
    inner = admin.post(f"/marketing/groups/{group}/companies", {"id": 1})
    assert admin.delete(f"/marketing/groups/{group}").status_code == 204
    assert inner.status_code == 201
    assert admin.get(f"/marketing/groups/{group}/companies").status_code == 404


def test_who_and_when_are_kept_with_every_record(admin: Caller, sonic: Caller, control: Control) -> None:
    control.put("/clock", {"now": "2026-01-02T03:04:05Z", "frozen": True})
    made = admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}}).json()
    assert (
        made["_info"]
        | {
            "dateEntered": "2026-01-02T03:04:05Z",
            "enteredBy": "Admin",
            "lastUpdated": "2026-01-02T03:04:05Z",
            "updatedBy": "Admin",
        }
        == made["_info"]
    )
    control.put("/clock", {"advance": "PT1H"})
    later = sonic.patch(f"{COMPANIES}/{made['id']}", ("replace", "name", "y")).json()
    assert later["_info"] == made["_info"] | {"lastUpdated": "2026-01-02T04:04:05Z", "updatedBy": "SonicSaaS"}


def test_what_a_replace_leaves_out_returns_to_nothing(admin: Caller) -> None:
    before = admin.get(f"{COMPANIES}/1").json()
    assert before["phoneNumber"]
    after = admin.put(f"{COMPANIES}/1", {"identifier": before["identifier"], "name": "Short"}).json()
    assert after["name"] == "Short"
    assert "phoneNumber" not in after
    assert after["id"] == 1
    assert after["_info"]["dateEntered"] == before["_info"]["dateEntered"]


def test_nulls_are_left_out_and_empty_lists_and_flags_stay(admin: Caller) -> None:
    made = admin.post(
        COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}, "phoneNumber": None}
    ).json()
    assert "phoneNumber" not in made
    assert None not in made.values()
    assert made["leadFlag"] is False


def test_a_refused_create_takes_no_id_and_leaves_no_trace(admin: Caller) -> None:
    first = admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}}).json()["id"]
    store = admin.emulator.world.tenants["training"].store
    before = store.count(SITES, EVERYTHING)
    assert (
        admin.post(
            COMPANIES, {"identifier": "X2", "name": "x", "site": {"name": "Main"}, "status": {"id": 99}}
        ).status_code
        == 400
    )
    assert store.count(SITES, EVERYTHING) == before
    assert admin.post(COMPANIES, {"identifier": "X2", "name": "x", "site": {"name": "Main"}}).json()["id"] == first + 1


def test_several_problems_are_answered_together(admin: Caller) -> None:
    wrong = {"identifier": "CarrollInc1", "name": "n" * 51, "status": {"id": 99}, "yearEstablished": 1}
    answer = admin.post(COMPANIES, {**wrong, "site": {"name": "Main"}})
    assert {code for code, _, _ in items(answer)} == {"MaxLengthField", "NotFound", "ObjectExists", "OutOfRange"}


@pytest.mark.parametrize("field", ["password", "Password"])
def test_a_password_is_never_answered(admin: Caller, field: str) -> None:
    logins = "/system/integratorlogins"
    made = admin.post(logins, {"username": "u", field: "hunter2secret"})
    assert made.status_code == 201, made.text
    one = f"{logins}/{made.json()['id']}"
    changed = admin.patch(one, ("replace", "password", "hunter3secret"))
    for answer in (made, changed, admin.get(logins), admin.get(one), admin.get(one, fields="password")):
        assert answer.is_success, answer.text
        assert "secret" not in answer.text


def test_fields_cuts_single_records_and_answers_to_writes(admin: Caller) -> None:
    assert admin.get(f"{COMPANIES}/1", fields="id,status/name").json() == {"id": 1, "status": {"name": "Active"}}
    made = admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}}, fields="identifier")
    assert made.json() == {"identifier": "X1"}


def test_the_lighter_twin_shows_the_same_records_with_fewer_fields(admin: Caller) -> None:
    twins = admin.get("/company/companies/info/types").json()
    whole = admin.get("/company/companies/types").json()
    assert [one["id"] for one in twins] == [one["id"] for one in whole]
    assert set(twins[0]) < set(whole[0])
