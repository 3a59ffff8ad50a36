"""`mockcw fix`: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockcw.advice.commands import fix
from mockcw.catalogue import load
from mockcw.cli import main
from mockcw.permissions.rolefile import read_role
from mockcw.permissions.roles import Levels

HEAD = "Module,Area,Add,Edit,Delete,Inquire\n"
HARMONY = (
    f"{HEAD}Companies,Company Maintenance,None,None,None,All\nFinance,Agreements,All,None,None,All\n"
    "Procurement,Product Catalog,All,None,None,All\n"
)


def run(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(fix, list(words), input=given, env={"COLUMNS": "200"})


def test_nothing_to_change_is_said_and_ends_with_0() -> None:
    result = run("--profile", "channel-program")
    assert result.exit_code == 0
    assert result.stdout == "Nothing to change: the flows of Channel Program pass.\n"


def test_a_missing_row_is_proposed_as_a_table_and_ends_with_1(tmp_path: Path) -> None:
    file = tmp_path / "role.csv"
    file.write_text(HARMONY)
    result = run("--profile", "harmony-sase", "--role", str(file))
    assert result.exit_code == 1
    assert "cells to raise: 1" in result.stdout
    assert "Table Setup" in result.stdout
    assert "The product catalog is not synchronized" in result.stdout
    assert "The guide asks" in result.stdout
    assert "all 12 steps pass" in result.stdout


def test_the_same_for_machines_out_of_standard_input() -> None:
    result = run("--profile", "harmony-sase", "--role", "-", "--inactive", "--json", given=HARMONY)
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (told["passes_before"], told["passes_after"], told["verified_by"]) == (False, True, "trials")
    assert told["change"]["rows"] == [
        {"moduleName": "System", "moduleFunctionName": "Table Setup", "inquireLevel": "All"}
    ]
    assert told["change"]["member"] == {"active": True}
    assert {one["seen"] for one in told["steps_before"]} == {"401", "not-reached"}
    assert {one["seen"] for one in told["steps_after"]} == {"passed"}


@pytest.mark.parametrize("form", ["csv", "json", "md", "tsv", "markdown"])
def test_the_smallest_role_is_printed_as_a_role_file(form: str) -> None:
    result = run(
        "--operation", "GET /company/companies", "--operation", "POST /service/tickets", "--minimal", "--to", form
    )
    assert result.exit_code == 0
    found = read_role(result.stdout.encode(), load().areas)
    assert {name: levels for name, levels in found.rows.items() if levels != Levels()} == {
        ("Companies", "Company Maintenance"): Levels("None", "None", "None", "All"),
        ("Service Desk", "Service Tickets"): Levels("My", "None", "None", "None"),
    }


def test_operations_are_answered_by_their_gates(tmp_path: Path) -> None:
    result = run("--operation", "GET /service/boards*", "--role", "No Access")
    assert result.exit_code == 1
    assert "Table Setup" in result.stdout
    assert "By the gates of the operations" in result.stdout


def test_a_recording_is_taken_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "traffic.har"
    request = {"method": "GET", "url": "https://x.example/v4_6_release/apis/3.0/system/members"}
    other = {"method": "GET", "url": "https://x.example/favicon.ico"}
    entries = [{"request": one, "response": {"status": 403}} for one in (request, other)]
    file.write_text(json.dumps({"log": {"entries": entries}}))
    result = run("--har", str(file), "--role", "No Access")
    assert result.exit_code == 1
    assert "Member Maintenance" in result.stdout
    assert "entries that are no request of the API: 1" in result.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "one of --profile, --operation and --har"),
        (["--profile", "it-glue", "--operation", "GET /system/info"], "one of --profile, --operation and --har"),
        (["--profile", "datto"], "no profile 'datto': there are channel-program"),
        (["--operation", "GET /no/such", "--minimal"], "no operation"),
        (["--operation", "GET /system/info"], "say which role"),
        (["--operation", "GET /system/info", "--role", "no-such-file"], "no file and no demo role"),
        (["--profile", "harmony-sase", "--structure-level", "Planet"], "there are: Corporate"),
        (
            ["--profile", "harmony-sase", "--structure-level", "Location", "--location", "Moon"],
            "there are: Main Office",
        ),
        (["--profile", "harmony-sase", "--location", "Moon"], "there are: Main Office"),
        (["--profile", "harmony-sase", "--minimal", "--location", "Moon"], "there are: Main Office"),
        (["--operation", "GET /system/info", "--role", "Admin", "--location", "Moon"], "there are: Main Office"),
        (["--profile", "harmony-sase", "--exclude-board", "999"], "no board 999"),
        (["--operation", "GET /system/info", "--role", "Admin", "--exclude-board", "999"], "no board 999"),
        (["--operation", "GET /system/info", "--role", "Admin", "--disallow", "Tables=x"], "no Customize identifier"),
        (["--profile", "harmony-sase", "--disallow", "SystemTableSetup"], "write LIST=ITEM"),
        (["--profile", "harmony-sase", "--disallow", "SystemTableSetup=Nonsense"], "no item of SystemTableSetup"),
        (["--profile", "harmony-sase", "--setting", "permissions=maybe"], "setting permissions must be one of"),
    ],
)
def test_wrong_use_is_one_line_and_ends_with_2(words: list[str], says: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.startswith("mockcw fix: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("number", ["99999999999999999999999", "0", "-1", "x"])
def test_a_board_that_cannot_be_a_number_of_one_is_wrong_use(number: str) -> None:
    result = run("--profile", "harmony-sase", "--exclude-board", number)
    assert result.exit_code == 2
    assert "Invalid value for '--exclude-board'" in result.stderr


def test_a_broken_role_file_is_reported_and_nothing_is_tried(tmp_path: Path) -> None:
    file = tmp_path / "role.csv"
    file.write_text(f"{HEAD}Finance,Agrements,All,All,All,All\n")
    result = run("--profile", "harmony-sase", "--role", str(file))
    assert result.exit_code == 2
    assert "did you mean Finance > Agreements?" in result.stderr


def test_it_is_a_command_of_mockcw() -> None:
    result = CliRunner().invoke(main, ["fix", "--operation", "GET /system/info", "--role", "No Access"])
    assert (result.exit_code, result.stdout) == (0, "Nothing to change: the operations asked for (1) pass.\n")
