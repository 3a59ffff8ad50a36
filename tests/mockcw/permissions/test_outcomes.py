"""Four outcomes kept apart for one and the same record: 401, 403, a 404 that masks, a row or field left out.

And what every answer says of the mode; what each letter of confidence means.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockcw.demo import Credentials
from tests.mockcw.caller import Caller
from tests.mockcw.permissions.kinds import owned_ticket, time_entry
from tests.mockcw.permissions.stage import REFUSAL, TABLES, TICKETS, TIME, Stage, ids, staged

PATH = "/time/entries"
UNAUTHORIZED = {"code": "Unauthorized", "message": "Unauthorized"}
MODE = "x-mockcw-permissions"
INFERRED = "/service/tickets/info"  # a twin whose row is only inferred
UNSOURCED = "/system/callbacks"  # no guide names a row


def stranger(stage: Stage) -> Caller:
    """Tech's public key with a wrong private key."""
    key = stage.control.post("/members/Tech/keys", {})
    given = Credentials("x", "Tech", "", key["public_key"], "wrong", "stage")
    return Caller(stage.emulator, given=given)


def told(stage: Stage, answer: httpx.Response) -> dict[str, Any]:
    """What tells one outcome from another: status, body without the record, and three things of the journal."""
    entry = stage.entry(answer)
    body = answer.json()
    return {
        "status": answer.status_code,
        "code": body.get("code") if isinstance(body, dict) else None,
        "cause": entry["cause"],
        "allowed": (entry["decision"] or {}).get("allowed"),
        "masked": [one["right"] for one in entry["asked"] if not one["allowed"]],
    }


def test_one_record_has_four_outcomes_that_cannot_be_taken_for_one_another(stage: Stage) -> None:
    number = time_entry(stage, "Tech")
    one, listed = f"{PATH}/{number}", PATH
    outcomes = {"401": told(stage, stranger(stage).get(one)), "403": told(stage, stage.tech.get(one))}
    stage.let(TIME, inquire="All")
    omitted = stage.tech.get(one)
    outcomes["field left out"] = told(stage, omitted)
    assert "hourlyRate" not in omitted.json()
    stage.let("Finance > Billing View Time", inquire="All")
    outcomes["everything"] = told(stage, stage.tech.get(one))
    stage.narrow("Tech", "Far Branch")
    masked = stage.tech.get(one)
    outcomes["masked 404"] = told(stage, masked)
    assert ids(stage.tech.get(listed)) == []
    outcomes["row left out"] = told(stage, stage.tech.get(listed))
    outcomes["really missing"] = told(stage, stage.tech.get(f"{PATH}/99999"))
    assert outcomes == {
        "401": {"status": 401, "code": "Unauthorized", "cause": "wrong-private-key", "allowed": None, "masked": []},
        "403": {"status": 403, "code": "Security", "cause": "role-row", "allowed": False, "masked": []},
        "field left out": {
            "status": 200,
            "code": None,
            "cause": None,
            "allowed": True,
            "masked": ["billing-view-time"],
        },
        "everything": {"status": 200, "code": None, "cause": None, "allowed": True, "masked": []},
        "masked 404": {"status": 404, "code": "NotFound", "cause": "hidden", "allowed": True, "masked": []},
        "row left out": {"status": 200, "code": None, "cause": "narrowed", "allowed": True, "masked": []},
        "really missing": {"status": 404, "code": "NotFound", "cause": None, "allowed": True, "masked": []},
    }


def test_the_masked_404_says_no_more_than_the_real_one(stage: Stage) -> None:
    number = owned_ticket(stage, "Mate")
    stage.let(TICKETS, "All")
    stage.narrow("Tech", "Far Branch")
    hidden, missing = (stage.tech.get(f"/service/tickets/{one}") for one in (number, number + 1))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace(str(number), "N") == missing.text.replace(str(number + 1), "N")
    assert set(hidden.headers) == set(missing.headers)


def test_the_403_is_the_same_whether_or_not_the_record_exists(stage: Stage) -> None:
    number = owned_ticket(stage, "Mate")
    for one in (number, 99999):
        answer = stage.tech.get(f"/service/tickets/{one}")
        assert (answer.status_code, answer.json()) == (403, REFUSAL)


def test_credentials_come_before_rights_and_rights_before_everything_else(stage: Stage) -> None:
    unknown = stranger(stage)
    for path in ("/service/tickets", "/no/such/path", "/service/tickets?conditions=nonsense"):
        answer = unknown.get(path)
        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    stage.denied(stage.tech.get("/service/tickets", conditions="nonsense"))
    stage.denied(stage.tech.send("POST", "/service/tickets", b"nonsense"))
    assert stage.tech.get("/no/such/path").status_code == 404


def test_the_log_in_test_is_open_to_any_valid_key(stage: Stage) -> None:
    answer = stage.tech.get("/system/info")
    assert answer.status_code == 200
    assert "no role row gates it" in stage.entry(answer)["decision"]["reason"]


# -- what the letters mean ---------------------------------------------------------------------------------------------


def test_a_sourced_row_refuses_in_both_modes_and_an_inferred_one_in_one() -> None:
    for mode in ("enforce", "log"):
        with staged(permissions_inferred=mode) as stage:
            stage.denied(stage.tech.get("/service/tickets"))
            answer = stage.tech.get(INFERRED)
            entry = stage.entry(answer)
            assert entry["decision"]["confidence"] == "C"
            assert "only inferred (C)" in entry["reason"]
            assert (answer.status_code, entry["decision"]["allowed"], entry["decision"]["logged"]) == (
                (403, False, False) if mode == "enforce" else (200, True, True)
            )
            assert "needs Inquire; role Tested has None" in entry["decision"]["reason"]


def test_an_inferred_row_that_the_role_has_is_neither_logged_nor_explained_away(stage: Stage) -> None:
    stage.let(TICKETS, inquire="All")
    entry = stage.entry(stage.tech.get(INFERRED))
    assert (entry["decision"]["allowed"], entry["decision"]["logged"]) == (True, False)
    assert "inferred" not in entry["decision"]["reason"]


def test_what_no_source_gates_is_allowed_and_says_so(stage: Stage) -> None:
    answer = stage.tech.get(UNSOURCED)
    entry = stage.entry(answer)
    assert (answer.status_code, entry["decision"]["confidence"]) == (200, "U")
    assert "no role row gates it" in entry["decision"]["reason"]


@pytest.mark.parametrize(
    ("mode", "logged", "words"),
    [("log", True, "allowed, since permissions are only logged"), ("off", False, "permissions are off")],
)
def test_permissions_only_logged_or_off_let_everything_pass_and_say_so(mode: str, logged: bool, words: str) -> None:
    with staged(permissions=mode) as stage:
        made = owned_ticket(stage, "Mate")
        for answer in (
            stage.tech.get("/service/tickets"),
            stage.tech.patch(f"/service/tickets/{made}", ("replace", "summary", "x")),
            stage.tech.get("/service/boards"),
        ):
            stage.fine(answer)
            decision = stage.entry(answer)["decision"]
            assert (decision["allowed"], decision["logged"]) == (True, logged)
            assert words in decision["reason"]


def test_only_what_would_have_been_refused_is_logged() -> None:
    with staged(permissions="log") as stage:
        stage.let(TABLES, inquire="All")
        stage.fine(stage.tech.get("/service/boards"))
        assert stage.entry(stage.tech.get("/service/boards"))["decision"]["logged"] is False


# -- every answer tells the mode ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["enforce", "log", "off"])
def test_every_answer_tells_the_mode(mode: str) -> None:
    with staged(permissions=mode) as stage:
        site = httpx.Client(transport=stage.emulator.transport(), base_url=stage.emulator.site_url)
        answers = {
            "fine": stage.admin.get("/system/info"),
            "refused": stage.tech.get("/service/tickets"),
            "unknown": stranger(stage).get("/service/tickets"),
            "nobody": site.get("/v4_6_release/apis/3.0/system/info"),
            "missing": stage.admin.get("/service/tickets/9999"),
            "no route": stage.admin.get("/no/such"),
            "no method": stage.admin.delete("/service/tickets"),
            "bad": stage.admin.get("/service/tickets", conditions="nonsense"),
            "gateway": site.get("/favicon.ico"),
            "codebase": site.get("/v1/apis/3.0/system/info"),
            "company": site.get("/login/companyinfo/training"),
            "stranger": site.get("/login/companyinfo/nobody"),
        }
        assert {name: answer.headers.get(MODE) for name, answer in answers.items()} == dict.fromkeys(answers, mode)
        statuses = {answer.status_code for answer in answers.values()}
        assert {200, 400, 401, 404} <= statuses
