"""On stage: the state is made, others act when their time has come, and what the client does is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockcw import Emulator
from mockcw.errors import MockcwError
from mockcw.scenario import Stage, find, put_on
from tests.mockcw.caller import Caller, Control

Play = Callable[..., Stage]
MADE = """
[given]
company = "{company}"
all = "{all}"
[[state]]
request = "POST /company/companies"
body = { identifier = "Staged", name = "Staged", site = { name = "Main" }, city = "Fairview" }
keep = { company = "id" }
[[state]]
record = "/company/companies/{company}"
set = { yearEstablished = 12 }
[[state]]
advance = "PT1H"
[[state]]
request = "GET /company/companies"
query = { conditions = 'identifier="Staged"' }
keep = { all = "*.id" }
"""


def test_the_state_is_made_as_others_would_make_it_and_the_client_begins_afterwards(play: Play, admin: Caller) -> None:
    stage = play(MADE)
    company = stage.given["company"]
    assert stage.given == {"company": company, "all": [company]}
    record = admin.get(f"/company/companies/{company}").json()
    assert (record["yearEstablished"], record["_info"]["updatedBy"]) == (12, "Scenario")
    control = Control(admin.emulator)
    assert control.get("/clock") == {"now": "2026-03-02T15:00:00Z", "frozen": True}
    assert [one["path"].rpartition("3.0")[2] for one in control.get("/requests")] == [f"/company/companies/{company}"]


def test_a_step_that_does_not_work_says_which(play: Play) -> None:
    step = '[[state]]\nrequest = "{}"\n'
    with pytest.raises(
        MockcwError, match=r"^a-story: state 1: GET /company/companies/9999 by Admin was answered 404: C"
    ):
        play(step.format("GET /company/companies/9999"))
    with pytest.raises(MockcwError, match="state 1: by: there is no member 'Nobody'"):
        play(step.format("GET /system/info") + 'by = "Nobody"\n')
    with pytest.raises(MockcwError, match=r"state 1: keep.it: the answer of GET /system/info has nothing at no\.such"):
        play(step.format("GET /system/info") + 'keep = { it = "no.such" }\n')
    with pytest.raises(MockcwError, match="state 1: /company/companies/9999: Company 9999 not found"):
        play('[[state]]\nrecord = "/company/companies/9999"\nset = { city = "x" }\n')


def test_a_check_that_cannot_be_measured_is_refused_before_the_client_begins(play: Play) -> None:
    with pytest.raises(MockcwError, match="cannot be measured"):
        play('[[trap]]\nsays = "x"\nrecords = "/company/companies"\nquery = { conditions = "no" }\nequals = 1\n')
    with pytest.raises(MockcwError, match="holds nothing of its own"):
        play('[[trap]]\nsays = "x"\nrecords = "/service/tickets/1/allNotes"\nequals = 1\n')


def test_others_act_after_the_nth_request_like_it_and_once(play: Play, admin: Caller) -> None:
    stage = play(
        """
[[later]]
after = "GET /company/companies/*"
nth = 2
request = "PATCH /company/companies/1"
by = "SonicSaaS"
body = [{ op = "replace", path = "city", value = "Elsewhere" }]
"""
    )
    seen = [admin.get(f"/company/companies/{one}").json() for one in (1, 2, 1, 1)]
    assert [seen[0]["city"] == "Elsewhere", seen[2]["city"] == "Elsewhere"] == [False, True]
    assert seen[2]["_info"]["updatedBy"] == "SonicSaaS"
    assert stage.verdict().happened == ("SonicSaaS: PATCH /company/companies/1",)


def test_others_act_when_the_clock_has_come_there_before_the_next_request(play: Play, admin: Caller) -> None:
    play('[[later]]\nat = 2026-03-02T14:30:00Z\nrecord = "/company/companies/1"\nset = { city = "Elsewhere" }\n')
    assert admin.get("/company/companies/1").json()["city"] != "Elsewhere"
    Control(admin.emulator).put("/clock", {"advance": "PT30M"})
    assert admin.get("/company/companies/1").json()["city"] == "Elsewhere"


def test_time_passes_the_cloud_moves_and_faults_end_on_the_way(play: Play, admin: Caller) -> None:
    stage = play(
        """
[[fault]]
match = { path = "/service/*" }
do = { status = 503 }
[[later]]
after = "GET /service/boards"
advance = "PT48H"
[[later]]
after = "GET /service/boards"
codebase = "v2026_1"
[[later]]
after = "GET /service/boards"
nth = 2
lift_faults = true
"""
    )
    assert [admin.get("/service/boards").status_code for _ in range(3)] == [503, 503, 200]
    told = ("the clock went to 2026-03-04T14:00:00Z", "the cloud moved to v2026_1", "the faults were lifted")
    assert stage.verdict().happened == told
    assert Control(admin.emulator).get("/codebase")["codebase"] == "v2026_1"


@pytest.mark.parametrize(
    "step",
    [
        'request = "GET /company/companies/{odd}"',
        'record = "/company/companies/{odd}"\nset = { city = "x" }',
        'advance = "P9999999D"',
    ],
)
def test_a_step_of_others_that_makes_no_sense_does_not_hurt_the_client_either(
    play: Play, admin: Caller, step: str
) -> None:
    keep = '[[state]]\nrequest = "GET /system/info"\nkeep = { odd = "serverTimeZone" }\n'
    stage = play(f'{keep}[[later]]\nafter = "GET /system/info"\n{step}\n')
    assert admin.get("/system/info").status_code == 200
    assert (len(stage.verdict().troubles), stage.verdict().happened) == (1, ())


def test_what_can_be_done_without_is_left_out(play: Play) -> None:
    body = (
        'body = { identifier = "Left", name = "Left", site = { name = "Main" }, city = "x", phoneNumber = "{phone?}" }'
    )
    query = 'query = { conditions = "{which?}" }'
    posted = f'[[state]]\nrequest = "POST /company/companies"\n{body}\nkeep = {{ it = "id" }}\n'
    stage = play(f'[given]\na = "{{phone?}}"\n{posted}[[state]]\nrequest = "GET /company/companies"\n{query}\n')
    assert stage.given == {}


def test_a_step_of_others_that_is_refused_is_told_and_does_not_hurt_the_client(play: Play, admin: Caller) -> None:
    stage = play('[[later]]\nafter = "GET /system/info"\nrequest = "DELETE /company/companies/9999"\n')
    assert admin.get("/system/info").status_code == 200
    assert stage.verdict().happened == ()
    (trouble,) = stage.verdict().troubles
    assert trouble.startswith("DELETE /company/companies/9999 by Admin was answered 404: Company 9999 not found")


def test_what_others_do_is_in_the_journal_and_secrets_are_not(play: Play, admin: Caller) -> None:
    play(
        """
[[later]]
after = "GET /system/info"
request = "POST /system/integratorlogins"
body = { username = "vendor", password = "correct horse" }
"""
    )
    admin.get("/system/info")
    control = Control(admin.emulator)
    _, theirs = sorted(control.get("/requests"), key=lambda one: str(one["method"]))
    whole = control.get(f"/requests/{theirs['id']}")
    assert (whole["member"], whole["status"]) == ("Admin", 201)
    assert "correct horse" not in str(whole)


def test_a_step_may_keep_what_the_checks_ask_for(play: Play, admin: Caller) -> None:
    stage = play(
        """
[[later]]
after = "GET /system/info"
request = "POST /service/tickets"
body = { summary = "Of others", company = { id = 1 }, board = { name = "Alerts" } }
keep = { other = "id" }
[[duty]]
says = "The ticket of the others was not closed."
record = "/service/tickets/{other}"
field = "closedFlag"
equals = true
when = { requests = "GET /system/info", at_least = 1 }
"""
    )
    assert [(one.holds, one.found) for one in stage.verdict().duties] == [(True, None)]
    admin.get("/system/info")
    assert not stage.verdict().done


def test_what_others_do_may_wait_for_what_others_did(play: Play, admin: Caller) -> None:
    stage = play(
        """
[[later]]
after = "GET /system/info"
request = "POST /service/tickets"
body = { summary = "Of others", company = { id = 1 }, board = { name = "Alerts" } }
keep = { other = "id" }
[[later]]
after = "GET /service/tickets/{other}"
request = "DELETE /service/tickets/{other}"
"""
    )
    admin.get("/service/tickets/201")
    admin.get("/system/info")
    (made,) = admin.get("/service/tickets", conditions='summary="Of others"').json()
    answers = [admin.get(f"/service/tickets/{made['id']}").status_code for _ in range(2)]
    assert (answers, stage.verdict().troubles) == ([200, 404], ())


ANSWERED = """
[[trap]]
says = "Too few."
answer = "ids"
at_least = 2
[[duty]]
says = "Not these."
answer = "ids"
equals = [1, 2]
"""


@pytest.mark.parametrize(
    ("said", "word"), [(None, "undone"), ([], "trapped"), ([2, "1"], "clean"), ([1, 2, 3], "undone"), (2, "undone")]
)
def test_what_the_client_says_of_itself(play: Play, said: Any, word: str) -> None:
    stage = play(ANSWERED)
    if said is not None:
        stage.say({"ids": said})
    assert stage.verdict().word == word


def test_only_the_client_s_requests_count_and_by_their_status(play: Play, admin: Caller) -> None:
    stage = play(
        """
[[state]]
request = "GET /service/tickets"
[[trap]]
says = "Asked for what is not there."
requests = "get /service/tickets/*"
status = 404
at_most = 1
[[duty]]
says = "Not asked at all."
requests = "GET /service/tickets*"
equals = 3
"""
    )
    assert [one.found for one in (*stage.verdict().traps, *stage.verdict().duties)] == [0, 0]
    for path in ("/service/tickets", "/service/tickets/1", "/service/tickets/9999"):
        admin.get(path)
    assert [one.found for one in (*stage.verdict().traps, *stage.verdict().duties)] == [1, 3]
    assert stage.verdict().word == "clean"
    admin.get("/service/tickets/9998")
    assert stage.verdict().word == "trapped"


def test_measuring_sees_what_searches_do_not_show_yet() -> None:
    with Emulator(scenario="01") as cw:
        told = cw.stage.given
        body = {"name": told["name"], "type": {"name": told["type"]}, "company": {"id": told["company"]}}
        caller = Caller(cw, "sonicsaas")
        assert caller.post("/finance/agreements", {**body, "contact": {"id": told["contact"]}}).status_code == 201
        assert caller.get("/finance/agreements", conditions=f"company/id={told['company']}").json() == []
        assert cw.stage.verdict().word == "clean"


def test_a_reset_begins_the_story_again(play: Play, admin: Caller, emulator: Emulator) -> None:
    stage = play(MADE + ANSWERED + '[[later]]\nafter = "GET /system/info"\nadvance = "PT1H"\n')
    before, given = stage.verdict(), stage.given
    admin.get("/system/info")
    stage.say({"ids": []})
    admin.delete(f"/company/companies/{given['company']}")
    assert stage.verdict() != before
    emulator.reset()
    assert (stage.verdict(), stage.given) == (before, given)
    admin.get("/system/info")
    assert len(stage.verdict().happened) == 1, "what others do happens again"


def test_the_prepared_state_is_kept_and_going_back_to_it_begins_the_story_again(
    play: Play, admin: Caller, emulator: Emulator
) -> None:
    fault = '[[fault]]\nmatch = { path = "/system/info", times = 1 }\ndo = { status = 503 }\n'
    stage = play(MADE + ANSWERED + fault + '[[later]]\nafter = "GET /system/info"\nadvance = "PT1H"\n')
    before = stage.verdict()
    for _ in range(2):
        assert [admin.get("/system/info").status_code for _ in range(2)] == [503, 200]
        stage.say({"ids": []})
        admin.delete(f"/company/companies/{stage.given['company']}")
        assert stage.verdict().happened == ("the clock went to 2026-03-02T16:00:00Z",)
        emulator.restore("scenario")
        assert stage.verdict() == before


def test_disorder_of_callbacks_is_part_of_a_story(play: Play, emulator: Emulator) -> None:
    play("[disorder]\ntwice = 1.0\nlate = 0.5\n")
    assert Control(emulator).get("/deliveries/disorder") == {"twice": 1.0, "late": 0.5, "late_seconds": 2, "never": 0.0}


def test_a_story_with_settings_needs_an_emulator_that_runs_with_them(emulator: Emulator) -> None:
    with pytest.raises(MockcwError, match="01-three-identical-agreements needs an emulator with --set search_lag="):
        put_on(emulator.world, find("01"))
    assert emulator.world.stage is None
    with pytest.raises(MockcwError, match="no scenario is on stage"):
        _ = emulator.stage


def test_a_story_for_a_member_that_is_not_there_is_refused(emulator: Emulator) -> None:
    with pytest.raises(MockcwError, match="there is no demo member 'nobody'"):
        put_on(emulator.world, find("04").model_copy(update={"member": "nobody"}))


def test_settings_given_by_name_come_after_those_of_the_story() -> None:
    with pytest.raises(MockcwError, match="needs an emulator with --set search_lag=agreements=180"):
        Emulator(scenario="01", settings={"search_lag": ""})
