"""`mockcw unread`: what it prints, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from mockcw import Emulator, Live
from mockcw.cli import main
from tests.mockcw.caller import Caller


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Emulator(1) as emulator, emulator.serve() as running:
        yield running


@pytest.fixture
def caller(live: Live) -> Caller:
    live.emulator.reset()
    return Caller(live.emulator)


def run(live: Live, *words: str) -> Result:
    return CliRunner().invoke(main, ["unread", "--url", live.control_url, *words], env={"COLUMNS": "200"})


def test_what_was_read_whole_is_said_to_be_so(live: Live, caller: Caller) -> None:
    caller.get("/company/companies", pageSize=1)
    result = run(live, "--strict")
    assert (result.exit_code, result.stdout) == (0, "Everything that the journal keeps was read.\n")


def test_what_was_not_read_is_a_table_and_with_strict_ends_with_1(live: Live, caller: Caller) -> None:
    caller.get("/company/companies", zip=1)
    result = run(live)
    assert result.exit_code == 0
    assert "What nobody read: 1" in result.stdout
    assert "GET /company/companies" in result.stdout
    assert "unknown" in result.stdout
    assert run(live, "--strict").exit_code == 1


def test_reasons_may_be_left_out_and_machines_get_json(live: Live, caller: Caller) -> None:
    caller.get("/company/companies", zip=1, pageSize=2000)
    result = run(live, "--json", "--strict", "--without", "capped")
    assert [(one["name"], one["requests"]) for one in json.loads(result.stdout)] == [("zip", 1)]
    assert result.exit_code == 1
    assert run(live, "--strict", "--without", "capped", "--without", "unknown").exit_code == 0


def test_wrong_use_is_one_line_and_ends_with_2() -> None:
    result = CliRunner().invoke(main, ["unread"])
    assert result.exit_code == 2
    assert result.stderr.startswith("mockcw unread: say which emulator")
    assert result.stderr.count("\n") == 1
