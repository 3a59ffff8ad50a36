"""The file of a story: every mistake is told in one line by its key, and a story is found by id, number or path."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockcw.errors import MockcwError
from mockcw.scenario import find, names, read
from tests.mockcw.scenario.conftest import DONE, HEAD, NEVER

WHOLE = HEAD + NEVER + DONE
BAD = {
    "story": (HEAD, "the story: trap: Field required"),
    "toml": ("id = ", "the story is no TOML: "),
    "key": (WHOLE.replace("title", "titel"), "the story: title: Field required"),
    "extra": (WHOLE + "\n[weather]\nwind = 3\n", "the story: weather: Extra inputs are not permitted"),
    "id": (WHOLE.replace('"a-story"', '"A story"'), "the story: id: String should match"),
    "evidence": (WHOLE.replace('"L"', '"X"'), "the story: evidence: Input should be 'H', 'M' or 'L'"),
    "clock": (WHOLE.replace("14:00:00Z", "14:00:00"), "the story: clock.now: Input should have timezone info"),
    "setting": (WHOLE + "[settings]\nserch_lag = 3\n", "the story: settings: no such setting: "),
    "value": (WHOLE + '[settings]\npermissions = "maybe"\n', "the story: settings: setting permissions must be one of"),
    "request": (
        WHOLE + '[[state]]\nrequest = "GET /no/such"\n',
        "the story: state.1.request: GET /no/such is no published operation: write METHOD /path",
    ),
    "nothing": (WHOLE + "[[state]]\n", "the story: state.1: say one of request, record with set, advance, codebase"),
    "two": (
        WHOLE + '[[state]]\nrequest = "GET /system/info"\nadvance = "PT1H"\n',
        "the story: state.1: say one of request, record with set, advance, codebase",
    ),
    "half": (WHOLE + "[[state]]\nset = { a = 1 }\n", "the story: state.1: record and set belong together"),
    "codebase": (WHOLE + '[[state]]\ncodebase = "2026"\n', "the story: state.1.codebase: String should match"),
    "when": (WHOLE + '[[later]]\nadvance = "PT1H"\n', "the story: later.1: say either after (a request) or at (a mom"),
    "after": (
        WHOLE + '[[later]]\nafter = "GET"\nadvance = "PT1H"\n',
        "the story: later.1: after must look like METHOD",
    ),
    "fault": (
        WHOLE + '[[fault]]\nmatch = { metod = "GET" }\ndo = {}\n',
        "the story: fault.1.match.metod: Extra inputs",
    ),
    "unkept": (
        WHOLE + '[[state]]\nrequest = "GET /company/companies/{it}"\n',
        "the story: state 1 uses {it}, which no step before it keeps",
    ),
    "given": (WHOLE + '[given]\na = "{it}"\n', "the story: given uses a value that no step of the state keeps"),
    "measures": (
        WHOLE + '[[trap]]\nsays = "x"\nrecords = "/company/companies"\nanswer = "a"\nequals = 1\n',
        "the story: trap.2: say one of records, record, requests, answer",
    ),
    "bounds": (
        WHOLE + '[[trap]]\nsays = "x"\nanswer = "a"\n',
        "the story: trap.2: say what it must be: equals, differs, at_most, at_least, absent",
    ),
    "field": (
        WHOLE + '[[duty]]\nsays = "x"\nrecord = "/company/companies/1"\nequals = 1\n',
        "the story: duty.2: record and field belong together",
    ),
    "collection": (
        WHOLE + '[[duty]]\nsays = "x"\nrecords = "/company/companies/1"\nequals = 1\n',
        "the story: duty.2: /company/companies/1 is no collection",
    ),
    "record": (
        WHOLE + '[[duty]]\nsays = "x"\nrecord = "/company/companies"\nfield = "a"\nequals = 1\n',
        "the story: duty.2: /company/companies is no record",
    ),
    "says": (WHOLE + '[[duty]]\nanswer = "a"\nequals = 1\n', "the story: duty.2.says: Field required"),
}


@pytest.mark.parametrize(("text", "told"), BAD.values(), ids=BAD)
def test_a_mistake_is_one_line_that_names_the_key(text: str, told: str) -> None:
    with pytest.raises(MockcwError) as refused:
        read(text)
    assert str(refused.value).startswith(told), str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_story_is_found_by_id_number_and_path(tmp_path: Path) -> None:
    fourth = find("04-duplicate-tickets-after-timeout")
    assert find("04") == find("4") == fourth
    own = tmp_path / "own.toml"
    own.write_text(WHOLE, "utf-8")
    assert find(own).id == find(str(own)).id == "a-story"


def test_an_unknown_name_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(MockcwError, match=r"no scenario '99': there are 01-three-identical-agreements, 02-"):
        find("99")
    with pytest.raises(MockcwError, match=r"absent\.toml cannot be read: No such file"):
        find(tmp_path / "absent.toml")
    (tmp_path / "own.toml").write_bytes(b"\xff")
    with pytest.raises(MockcwError, match=r"own\.toml cannot be read: no UTF-8"):
        find(tmp_path / "own.toml")


@pytest.mark.parametrize("name", names())
def test_a_story_is_called_like_its_file_and_says_where_it_was_told(name: str) -> None:
    story = find(name)
    assert story.id == name
    for one in (*story.trap, *story.duty):
        assert one.says.endswith("."), "a check says in a sentence what happened"
    assert story.story.endswith(".")
    assert story.asks.endswith(".")
