"""The control API about the story on stage: put on, asked how it stands, told what the client holds, taken off."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from mockcw import Emulator
from mockcw.scenario import names
from tests.mockcw.caller import Caller
from tests.mockcw.scenario.conftest import DONE, HEAD, NEVER


@pytest.fixture
def http(emulator: Emulator) -> Iterator[httpx.Client]:
    """The control API."""
    with httpx.Client(transport=emulator.transport(), base_url=emulator.control_url) as client:
        yield client


def test_without_a_story_there_is_nothing_to_tell(http: httpx.Client) -> None:
    for answer in (http.get("/scenario"), http.put("/scenario/answers", json={})):
        assert (answer.status_code, answer.json()) == (404, {"error": "no scenario is on stage: PUT one"})


def test_a_story_is_put_on_by_name_and_judged_as_things_stand(http: httpx.Client, emulator: Emulator) -> None:
    told = http.put("/scenario", json={"name": "10"}).json()
    assert (told["scenario"], told["verdict"]) == ("10-customers-from-the-recycle-bin", "undone")
    assert told["asks"].startswith("Open a ticket")
    assert (told["member"], told["given"]["name"]) == ("admin", "Harbor Dental")
    admin = Caller(emulator)
    first = admin.get("/company/companies", conditions='name="Harbor Dental"').json()[0]
    ticket = {"summary": told["given"]["summary"], "company": {"id": first["id"]}}
    assert admin.post("/service/tickets", ticket).status_code == 201
    now = http.get("/scenario").json()
    assert (now["verdict"], now["words"]) == ("trapped", "fell into the trap")
    says = "Work was entered for a company in the recycle bin."
    assert now["traps"][0] == {"holds": False, "says": says, "found": 1, "expected": {"at_most": 0}}
    assert http.post("/reset").json() == {"reset": True}
    assert http.get("/scenario").json() == told


def test_a_story_of_one_s_own_is_put_on_by_its_text(http: httpx.Client) -> None:
    trap = '[[trap]]\nsays = "Too few."\nanswer = "seen"\nat_least = 2\n'
    assert http.put("/scenario", json={"text": HEAD + trap + NEVER + DONE}).json()["scenario"] == "a-story"
    told = http.put("/scenario/answers", json={"seen": [1]}).json()
    assert (told["verdict"], told["traps"][0]["found"]) == ("trapped", [1])
    assert http.put("/scenario/answers", json={"seen": [1, 2]}).json()["verdict"] == "undone"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"name": "99"}, "no scenario '99': there are 01-"),
        ({"text": "id = "}, "the story is no TOML"),
        ({"text": "a = " + "[" * 5000}, "the story is nested too deep"),
        (
            {"text": HEAD + DONE + '[[trap]]\nsays = "t"\nrecords = "/service/tickets"\nsum = "summary"\nequals = 1\n'},
            "sum: summary holds no numbers",
        ),
        ({"name": "01"}, "01-three-identical-agreements needs an emulator with --set search_lag=agreements=180"),
    ],
)
def test_what_cannot_be_put_on_is_told_in_a_sentence(http: httpx.Client, body: dict[str, str], said: str) -> None:
    answer = http.put("/scenario", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(said)
    assert http.get("/scenario").status_code == 404


@pytest.mark.parametrize("body", [{}, {"name": "10", "text": "x"}, {"nam": "10"}, {"name": "/etc/own.toml"}])
def test_a_body_of_another_shape_is_refused(http: httpx.Client, body: dict[str, str]) -> None:
    answer = http.put("/scenario", json=body)
    assert answer.status_code == 400
    assert answer.json()["problems"]


def test_the_stories_there_are(http: httpx.Client) -> None:
    told = http.get("/scenarios").json()
    assert [one["id"] for one in told] == list(names())
    assert set(told[0]) == {"id", "title", "evidence", "source", "member", "asks"}


def test_a_story_is_taken_off_again(http: httpx.Client) -> None:
    http.put("/scenario", json={"name": "10"})
    assert http.delete("/scenario").json() == {"cleared": True}
    assert http.get("/scenario").status_code == 404
    http.post("/reset")
    assert http.get("/health").status_code == 200
