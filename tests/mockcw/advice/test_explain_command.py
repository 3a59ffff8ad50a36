"""`mockcw explain`: tables and data for operations, flows and requests, how it ends, and wrong use."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from mockcw import Emulator, Live
from mockcw.advice.explain_command import demo_roles, explain_command
from mockcw.advice.flow import profile_names, profile_of
from tests.mockcw.caller import Caller, Control

ROOT = Path(__file__).resolve().parents[3]
SONIC = str(ROOT / "fixtures" / "roles" / "sonicsaas.csv")
HEAD = "Module,Area,Add,Edit,Delete,Inquire\n"


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(explain_command, arguments, input=given)


# -- operations --------------------------------------------------------------------------------------------------------


def test_everything_allowed_ends_with_0() -> None:
    answer = run("--role", SONIC, "--operation", "POST /service/tickets", "--operation", "PATCH /company/companies/1")
    assert answer.exit_code == 0, answer.output
    assert "Role sonicsaas.csv: operations refused: 0" in answer.stdout
    assert "Service Desk > Service Tickets, Add: All" in answer.stdout


def test_something_refused_ends_with_1_and_says_why() -> None:
    answer = run("--role", SONIC, "--operation", "POST /company/companies")
    assert answer.exit_code == 1
    assert "403 Forbidden" in answer.stdout
    assert "Companies > Company Maintenance needs Add; role sonicsaas.csv has None" in answer.stdout


def test_the_verdicts_are_data_too() -> None:
    told = json.loads(run("--role", SONIC, "--operation", "* /finance/agreements/1/additions*", "--json").stdout)
    assert (told["role"], told["refused"]) == ("sonicsaas.csv", 0)
    assert {one["method"] for one in told["verdicts"]} == {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert told["verdicts"][0]["decision"]["confidence"] == "A"


def test_a_setting_changes_the_verdict() -> None:
    asked = ("--role", "No Access", "--operation", "GET /company/addressFormats")
    assert run(*asked).exit_code == 1
    answer = run(*asked, "--setting", "permissions.inferred=log")
    assert answer.exit_code == 0
    assert "works; would be 403 if it were enforced" in " ".join(answer.stdout.replace("│", " ").split())


def test_a_role_may_come_from_standard_input_or_be_a_demo_role() -> None:
    text = f"{HEAD}Service Desk,Service Tickets,My,,,\n"
    assert run("--role", "-", "--operation", "POST /service/tickets", given=text).exit_code == 0
    assert run("--role", "admin", "--operation", "DELETE /company/companies/1").exit_code == 0
    assert run("--role", "no access", "--operation", "GET /company/companies").exit_code == 1
    with Emulator() as emulator:
        assert {one["name"] for one in Control(emulator).get("/roles")} == set(demo_roles())


# -- flows -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", profile_names())
def test_the_role_of_a_guide_passes_its_own_flows(profile: str) -> None:
    told = json.loads(run("--profile", profile, "--json").stdout)
    steps = profile_of(profile).steps
    assert [one["step"] for one in told["verdicts"]] == [step.name for step in steps]
    assert told["refused"] == 0, [one for one in told["verdicts"] if one["refused"]]
    assert all(one["user_sees"] is None for one in told["verdicts"])


def test_a_step_that_is_refused_is_told_in_the_words_of_its_user() -> None:
    told = json.loads(run("--profile", "sonicsaas", "--role", "No Access", "--json").stdout)
    steps = {step.key: step for step in profile_of("sonicsaas").steps}
    refused = [one for one in told["verdicts"] if one["refused"]]
    assert len(refused) > 20
    for one in refused:
        step = steps[f"{one['flow']}: {one['step']}"]
        assert (one["user_sees"], one["citation"]) == (step.words, step.citation)
    table = run("--profile", "sonicsaas", "--role", "No Access")
    assert table.exit_code == 1
    assert f"steps refused: {len(refused)}" in table.stdout


def test_level_my_of_a_step_is_told_to_its_user(tmp_path: Path) -> None:
    text = Path(SONIC).read_text("utf-8").replace("Service Tickets,All,All,None,All", "Service Tickets,All,All,None,My")
    assert "My" in text
    role = tmp_path / "my.csv"
    role.write_text(text, "utf-8")
    told = json.loads(run("--profile", "sonicsaas", "--role", str(role), "--json").stdout)
    mine = [one for one in told["verdicts"] if one["decision"]["has"] == "My"]
    assert mine
    assert all("level My" in one["sees"] and one["user_sees"] for one in mine)
    assert told["refused"] == 0


# -- one request -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Emulator() as emulator, emulator.serve() as running:
        yield running


def test_a_request_of_a_running_emulator_is_told_with_its_fix(live: Live) -> None:
    refused = Caller(live.emulator, "no-access").get("/service/boards")
    answer = run("--request", refused.headers["x-cw-request-id"], "--url", live.control_url)
    assert answer.exit_code == 1, answer.output
    lines = dict(line.split(maxsplit=1) for line in answer.stdout.splitlines())
    assert lines["request"].startswith("GET /v4_6_release/apis/3.0/service/boards at ")
    assert lines["member"] == "NoAccess, role No Access, level Corporate"
    assert lines["reason"] == "System > Table Setup needs Inquire; role No Access has None"
    assert lines["cause"] == "role-row"
    assert lines["fix"].startswith("Raise System > Table Setup, Inquire from None to ")


def test_a_request_that_passed_ends_with_0_and_is_data_too(live: Live, tmp_path: Path) -> None:
    passed = Caller(live.emulator, "sonicsaas").get("/service/boards")
    ready = tmp_path / "ready.json"
    ready.write_text(json.dumps(live.ready()), "utf-8")
    answer = run("--request", passed.headers["x-cw-request-id"], "--ready-file", str(ready), "--json")
    assert (answer.exit_code, json.loads(answer.stdout)["status"]) == (0, 200)


def test_the_shadow_of_a_request_is_told(live: Live) -> None:
    httpx.put(f"{live.control_url}/shadow", json={"role": "No Access"}).raise_for_status()
    passed = Caller(live.emulator, "sonicsaas").get("/service/boards")
    httpx.delete(f"{live.control_url}/shadow").raise_for_status()
    told = run("--request", passed.headers["x-cw-request-id"], "--url", live.control_url).stdout
    assert "shadow    with role No Access it would be refused: System > Table Setup needs Inquire" in told


# -- wrong use ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say what to explain"),
        (("--operation", "GET /system/info"), "say which role"),
        (("--role", SONIC), "say what to explain"),
        (("--role", "Nonsense", "--operation", "GET /system/info"), "no file and no demo role 'Nonsense'"),
        (("--role", SONIC, "--operation", "GET /nope/nope"), "no operation 'GET /nope/nope'"),
        (("--role", SONIC, "--profile", "nonsense"), "no profile 'nonsense': there are channel-program"),
        (("--role", SONIC, "--profile", "it-glue", "--setting", "bogus=1"), "no such setting: bogus"),
        (
            ("--role", SONIC, "--profile", "it-glue", "--setting", "permissions=maybe"),
            "must be one of enforce, log, off",
        ),
        (("--role", SONIC, "--profile", "it-glue", "--setting", "permissions"), "write NAME=VALUE"),
        (("--role", SONIC, "--request", "1"), "--request stands alone"),
        (("--request", "1"), "say which emulator"),
        (("--request", "1", "--url", "http://127.0.0.1:9/_mockcw"), "was not reached"),
        (("--request", "1", "--url", "no url"), "."),
    ],
)
def test_wrong_use_is_one_line_and_ends_with_2(arguments: tuple[str, ...], said: str) -> None:
    answer = run(*arguments)
    assert (answer.exit_code, answer.stdout) == (2, ""), answer.output
    assert len(answer.stderr.splitlines()) == 1
    assert said in answer.stderr


def test_a_request_that_is_not_kept_is_wrong_use(live: Live) -> None:
    answer = run("--request", "none", "--url", live.control_url)
    assert answer.exit_code == 2
    assert answer.stderr == "mockcw explain: no exchange none in the journal; it keeps the last 2000\n"


def test_a_role_file_with_errors_is_reported_as_by_roles_show(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(f"{HEAD}Companies,Contacs,,,,All\nSystem,Table Setup,,,,All\n", "utf-8")
    asked = ("--role", str(bad), "--operation", "GET /service/boards")
    answer = run(*asked)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "line 2: no row 'Companies > Contacs'; did you mean Companies > Contacts?" in " ".join(answer.stderr.split())
    lenient = run(*asked, "--lenient")
    assert lenient.exit_code == 0
    assert "statements that failed closed: 1" in lenient.stderr


def test_it_is_a_command_of_mockcw() -> None:
    command = [sys.executable, "-m", "mockcw", "explain", "--role", SONIC, "--operation", "POST /company/companies"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 1
    assert "403 Forbidden" in answer.stdout
    assert "\x1b" not in answer.stdout
