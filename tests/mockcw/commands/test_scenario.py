"""`mockcw scenario`: the list, one story, a story served and judged, a running emulator prepared and asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockcw import Emulator
from mockcw.cli import main
from mockcw.scenario import names
from mockcw.serving import write_ready
from tests.mockcw.scenario.conftest import DONE, HEAD, NEVER


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["scenario", *words])


def test_the_list_names_them_all() -> None:
    shown = run("list")
    assert shown.exit_code == 0
    told = json.loads(run("list", "--json").output)
    assert [one["id"] for one in told] == list(names())
    for one in told:
        assert one["id"] in shown.output
        assert set(one) == {"id", "title", "evidence", "source", "member", "asks"}


def test_one_story_is_told() -> None:
    shown = run("show", "4")
    assert shown.exit_code == 0
    for part in ("Duplicate tickets after a timeout", "tier2tickets/feedback, issue 66 (M)", "as the member sonicsaas"):
        assert part in shown.output
    assert "  - There is more than one ticket for the same alert.\n" in shown.output
    assert json.loads(run("show", "04", "--json").output)["fault"][0]["do"] == {"drop": "after"}


def test_a_story_is_served_prepared_and_judged(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    shown = run("run", "04", "--port", "0", "--check-after", "0", "--ready-file", str(ready))
    assert shown.exit_code == 1
    told = json.loads(ready.read_text("utf-8"))
    assert told["scenario"]["scenario"] == "04-duplicate-tickets-after-timeout"
    keys = told["members"]["sonicsaas"]
    for part in (keys["public_key"], "ALERT-4711", "stayed out of the trap, but the duty is not done", told["url"]):
        assert part in shown.output


def test_a_story_whose_duty_is_done_ends_well_and_machines_can_read_it(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    duty = '[[duty]]\nsays = "Nothing to do."\nrequests = "GET /*"\nat_most = 0\n'
    own.write_text(HEAD + NEVER + duty, "utf-8")
    shown = run("run", str(own), "--port", "0", "--check-after", "0", "--json")
    assert shown.exit_code == 0
    assert json.loads(shown.output)["verdict"] == "clean"


def test_a_running_emulator_is_prepared_and_asked(tmp_path: Path) -> None:
    own, ready = tmp_path / "own.toml", tmp_path / "ready.json"
    own.write_text(HEAD + NEVER + DONE, "utf-8")
    with Emulator() as emulator, emulator.serve() as live:
        write_ready(ready, live.ready())
        there = ("--ready-file", str(ready))
        nothing = run("check", *there)
        assert (nothing.exit_code, nothing.stderr) == (2, "mockcw: no scenario is on stage: PUT one\n")
        assert run("prepare", str(own), *there).output.startswith("a-story is on stage: A story\nDo it.")
        assert run("check", "--url", live.control_url).exit_code == 1
        told = json.loads(run("prepare", "10", *there, "--json").output)
        assert told["scenario"] == "10-customers-from-the-recycle-bin"
        judged = run("check", "10", *there)
        assert (judged.exit_code, "NO" in judged.output) == (1, True)
        other = run("check", "11", *there)
        assert other.exit_code == 2
        assert "10-customers-from-the-recycle-bin is on stage there, not 11-serials" in other.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "99"), "no scenario '99': there are 01-"),
        (("run", "no.toml"), "no.toml cannot be read: No such file or directory"),
        (("check",), "say which emulator: --url with its control API, or --ready-file"),
        (("prepare", "99", "--url", "http://127.0.0.1:9"), "no scenario '99'"),
    ],
)
def test_wrong_use_is_one_line(words: tuple[str, ...], said: str) -> None:
    answer = run(*words)
    assert answer.exit_code == 2
    assert answer.stderr.startswith(f"mockcw: {said}")
    assert answer.stderr.count("\n") == 1
