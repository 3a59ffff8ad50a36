"""The commands over role files: what they print, what they write, and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from mockcw import Emulator, Live
from mockcw.control import NotApplied
from mockcw.permissions import Levels
from mockcw.permissions.rolefile.commands import roles
from mockcw.permissions.rolefile.control import RoleControl

FIXTURES = Path(__file__).resolve().parents[4] / "fixtures" / "roles"
SONIC, GLUE = str(FIXTURES / "sonicsaas.csv"), str(FIXTURES / "it-glue-legacy-article.csv")
BAD = "Module,Area,Add,Edit,Delete,Inquire\nCompanies,Contacs,None,None,None,All\nSystem,Table Setup,,,,All\n"
API = "/v4_6_release/apis/3.0"


def run(*arguments: str, given: bytes | str | None = None, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(roles, arguments, input=given, env=env)


@pytest.fixture
def bad(tmp_path: Path) -> str:
    path = tmp_path / "bad.csv"
    path.write_text(BAD, "utf-8")
    return str(path)


def test_show_prints_the_rows_that_give_something() -> None:
    answer = run("show", SONIC)
    assert answer.exit_code == 0
    assert answer.stdout.count("│") == 7 * 13
    assert "Time Entry" in answer.stdout
    assert "Marketing" not in answer.stdout
    assert "Marketing" in run("show", SONIC, "--all").stdout


def test_output_in_a_pipe_has_no_colours() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    command = [sys.executable, "-m", "mockcw.permissions.rolefile", "show", "-", "--lenient"]
    answer = subprocess.run(command, input=BAD, capture_output=True, text=True, env=environment, timeout=60)
    assert answer.returncode == 1
    assert "\x1b" not in answer.stdout + answer.stderr
    assert "did you mean Companies > Contacts?" in answer.stdout


def test_a_file_with_errors_ends_with_1_and_shows_no_role(bad: str) -> None:
    answer = run("show", bad)
    assert answer.exit_code == 1
    assert "line 2: no row 'Companies > Contacs'; did you mean Companies > Contacts?" in answer.stdout
    assert "refused, the file gives no role; errors: 1" in answer.stdout
    assert "Table Setup" not in answer.stdout


def test_a_lenient_reading_counts_what_fails_closed(bad: str) -> None:
    answer = run("show", bad, "--lenient")
    assert answer.exit_code == 1
    assert "Table Setup" in answer.stdout
    assert "failed closed: 1" in answer.stdout
    said = json.loads(run("show", bad, "--lenient", "--json").stdout)
    assert said["failed_closed"] == 1
    assert len(said["rows"]) == 86
    assert said["problems"][0] == {
        "kind": "unknown-row",
        "refuses": True,
        "at": "line 2",
        "text": "no row 'Companies > Contacs'",
        "nearest": ["Companies", "Contacts"],
    }


@pytest.mark.parametrize("form", ["json", "csv", "md", "tsv"])
def test_convert_writes_what_can_be_shown_again(form: str, tmp_path: Path) -> None:
    out = tmp_path / f"role.{form}"
    assert run("convert", SONIC, "--to", form, "--out", str(out)).exit_code == 0
    rows = [json.loads(run("show", path, "--json").stdout)["rows"] for path in (SONIC, str(out))]
    assert rows[0] == rows[1]
    assert run("convert", "-", "--to", form, given=Path(SONIC).read_bytes()).stdout == out.read_text("utf-8")


def test_convert_writes_nothing_for_a_file_with_errors(bad: str, tmp_path: Path) -> None:
    out = tmp_path / "role.json"
    out.write_text("before", "utf-8")
    answer = run("convert", bad, "--to", "json", "--out", str(out))
    assert answer.exit_code == 1
    assert out.read_text("utf-8") == "before"
    assert set(tmp_path.iterdir()) == {Path(bad), out}, "no half-written file stays"
    said = json.loads(run("convert", bad, "--to", "json", "--json").stdout)
    assert (said["text"], said["refused"]) == (None, True)


def test_diff_shows_the_cells_that_differ_and_a_role_is_no_different_from_itself(tmp_path: Path) -> None:
    text = (
        Path(SONIC).read_text("utf-8").replace("Finance,Agreements,All,All,All,All", "Finance,Agreements,All,My,,All")
    )
    other = tmp_path / "other.csv"
    other.write_text(text, "utf-8")
    answer = run("diff", SONIC, str(other))
    assert answer.exit_code == 0
    assert "rows that differ: 1" in answer.stdout
    assert "All -> My" in answer.stdout
    assert "All -> None" in answer.stdout
    assert json.loads(run("diff", SONIC, str(other), "--json").stdout)["differences"] == [
        {
            "module": "Finance",
            "area": "Agreements",
            "left": {"add": "All", "edit": "All", "delete": "All", "inquire": "All"},
            "right": {"add": "All", "edit": "My", "delete": "None", "inquire": "All"},
        }
    ]
    assert json.loads(run("diff", SONIC, SONIC, "--json").stdout)["differences"] == []


def test_diff_compares_nothing_where_a_file_is_refused(bad: str) -> None:
    answer = run("diff", SONIC, bad, "--json")
    assert answer.exit_code == 2
    said = json.loads(answer.stdout)
    assert said["differences"] is None
    assert (said["left"]["refused"], said["right"]["refused"]) == (False, True)
    assert run("diff", SONIC, bad, "--lenient").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "no-such-file.csv"),
        ("show",),
        ("convert", SONIC, "--to", "xlsx"),
        ("apply", SONIC, "--role", "1"),
        ("apply", SONIC, "--role", "1", "--url", "http://127.0.0.1:9"),
        ("apply", SONIC, "--role", "1", "--url", "no address"),
        ("apply", SONIC, "--role", "1", "--ready-file", SONIC),
        ("apply", SONIC, "--role", "1", "--ready-file", SONIC, "--url", "http://127.0.0.1:9"),
    ],
)
def test_wrong_use_ends_with_2_and_says_why(arguments: tuple[str, ...]) -> None:
    answer = run(*arguments)
    assert answer.exit_code == 2, answer.output
    assert answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Emulator() as emulator, emulator.serve() as running:
        yield running


@pytest.fixture
def ready(live: Live, tmp_path: Path) -> Iterator[str]:
    """The ready file of a running emulator, which is back in its seeded state afterwards."""
    path = tmp_path / "ready.json"
    path.write_text(json.dumps(live.ready()), "utf-8")
    yield str(path)
    live.emulator.reset()


def ask(live: Live, member: str, path: str) -> httpx.Response:
    auth, client_id = live.emulator.auth(member), live.emulator.client_id(member)
    return httpx.get(f"{live.url}{API}{path}", auth=auth, headers={"clientId": client_id})


def number_of(live: Live, role: str) -> str:
    found: list[dict[str, Any]] = ask(live, "admin", f'/system/securityroles?conditions=name="{role}"').json()
    return str(found[0]["id"])


def test_apply_gives_a_role_the_levels_of_a_file_and_the_emulator_decides_by_them(live: Live, ready: str) -> None:
    assert ask(live, "no-access", "/company/companies").status_code == 403
    answer = run("apply", GLUE, "--role", "No Access", "--ready-file", ready)
    assert answer.exit_code == 0, answer.output
    assert "cells changed: 15" in answer.stdout
    assert ask(live, "no-access", "/company/companies").status_code == 200
    again = run("apply", GLUE, "--role", "no access", "--ready-file", ready, "--json")
    assert json.loads(again.stdout)["changed"] == 0


def test_apply_takes_away_what_the_file_does_not_give(live: Live, ready: str) -> None:
    number = number_of(live, "SonicSaaS Integration")
    assert run("apply", GLUE, "--role", number, "--url", live.control_url).exit_code == 0
    settings = ask(live, "admin", f"/system/securityroles/{number}/settings?pageSize=1000").json()
    shown = json.loads(run("show", "-", "--json", given=json.dumps(settings)).stdout)["rows"]
    assert shown == json.loads(run("show", GLUE, "--json").stdout)["rows"]
    assert ask(live, "sonicsaas", "/time/entries").status_code == 403


def test_apply_changes_nothing_for_a_file_with_errors(live: Live, ready: str, bad: str) -> None:
    number = number_of(live, "SonicSaaS Integration")
    before = ask(live, "admin", f"/system/securityroles/{number}/settings?pageSize=1000").json()
    answer = run("apply", bad, "--role", number, "--url", live.control_url, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["applied"] is False
    assert ask(live, "admin", f"/system/securityroles/{number}/settings?pageSize=1000").json() == before


@pytest.mark.parametrize("role", ["No Such Role", '"', "999", "0"])
def test_apply_to_a_role_that_is_not_there_is_wrong_use(live: Live, ready: str, role: str) -> None:
    answer = run("apply", SONIC, "--role", role, "--ready-file", ready)
    assert answer.exit_code == 2
    assert "mockcw roles:" in answer.stderr


class Listing(httpx.BaseTransport):
    """The real control API, with a list of roles of this test's making or without one."""

    def __init__(self, emulator: Emulator, roles: bytes | None) -> None:
        self._real, self._roles = emulator.transport(), roles

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/_mockcw/roles":
            return httpx.Response(404) if self._roles is None else httpx.Response(200, content=self._roles)
        return self._real.handle_request(request)


def test_a_name_alone_needs_a_list_of_roles(emulator: Emulator) -> None:
    client = httpx.Client(transport=Listing(emulator, None), base_url=emulator.control_url)
    with RoleControl(client, {}) as control, pytest.raises(NotApplied, match="give --ready-file"):
        control.apply("No Access", {})


def test_a_control_api_that_lists_its_roles_is_asked_by_name(emulator: Emulator) -> None:
    with httpx.Client(transport=emulator.transport(), auth=emulator.auth("admin")) as http:
        http.headers["clientId"] = emulator.client_id("admin")
        there = http.get(f"{emulator.api_url}/system/securityroles").content
    levels = {("System", "Table Setup"): Levels(inquire="All")}
    with RoleControl(httpx.Client(transport=Listing(emulator, there), base_url=emulator.control_url), {}) as control:
        assert control.apply("No Access", levels) == 1
        assert control.apply("No Access", levels) == 0
        with pytest.raises(NotApplied, match="0 roles are named"):
            control.apply("No", levels)


def test_a_row_the_role_lacks_is_refused_before_anything_changes(emulator: Emulator) -> None:
    with RoleControl(httpx.Client(transport=emulator.transport(), base_url=emulator.control_url), {}) as control:
        rows = {("System", "Table Setup"): Levels(inquire="All"), ("System", "No Such Row"): Levels(add="All")}
        with pytest.raises(NotApplied, match="has no row System > No Such Row"):
            control.apply("1", rows)
        settings = httpx.Client(transport=emulator.transport()).get(f"{emulator.control_url}/roles/1/settings").json()
        assert "No Such Row" not in {row["moduleFunctionName"] for row in settings}
        assert control.apply("1", {("System", "Table Setup"): Levels(add="My")}) > 0


def test_apply_shows_no_secret(live: Live, ready: str) -> None:
    secrets = {one["private_key"] for one in live.ready()["members"].values()}
    answers = [
        run("apply", SONIC, "--role", role, "--ready-file", ready, *more)
        for role, more in (("No Access", ()), ("No Access", ("--json",)), ("Nobody", ()))
    ]
    assert not any(secret in answer.output for secret in secrets for answer in answers)
