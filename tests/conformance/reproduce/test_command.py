"""`cw-conformance reproduce` as a command: in a process of its own, on a running emulator, and its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.cli import invoke
from mockcw import Emulator

ROOT = Path(__file__).parents[3]
CASE = Path("fixtures") / "cases" / "sonicsaas" / "trouble-6-blank-assignee.toml"
STEP = '[[step]]\nrun = "connection-test"\n'


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    whole = [sys.executable, "-m", "conformance", "reproduce", *arguments]
    return subprocess.run(whole, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_the_command_tells_the_failure_in_words_and_ends_with_1() -> None:
    ended = command(str(CASE))
    assert ended.returncode == 1
    assert ended.stderr == ""
    assert "\x1b" not in ended.stdout
    for part in (
        "Customer sees     Ticket",
        "its assignee is empty",
        "On the wire       GET /system/members",
        "-> 403 ",
        "Why               System > Member Maintenance needs Inquire; role Case has None",
        "role: System > Member Maintenance: Inquire None -> ",
        "Run again with --fix",
    ):
        assert part in ended.stdout


def test_the_command_proves_the_change_and_ends_with_0() -> None:
    ended = command(str(CASE), "--fix")
    assert ended.returncode == 0
    assert "Run 1, as the customer has it" in ended.stdout
    assert "Run 2, after the change" in ended.stdout
    assert ended.stdout.strip().endswith("with the changes above every step passes.")


def test_a_running_emulator_is_used_and_its_own_roles_stay_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready = tmp_path / "ready.json"
    with Emulator(demo="small", seed=1).serve(tls=True) as live:
        ready.write_text(json.dumps(live.ready()))
        before = matrices(live)
        for _ in range(2):
            assert invoke(["reproduce", str(ROOT / CASE), "--fix", "--json", "--ready-file", str(ready)]) == 0
            assert json.loads(capsys.readouterr().out)["target"] == "served"
        after = matrices(live)
    assert before == {name: after[name] for name in before}
    assert len(after) == len(before) + 2


def matrices(live: object) -> dict[str, object]:
    import requests

    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(live.ca_file)  # type: ignore[attr-defined]
        url = str(live.control_url)  # type: ignore[attr-defined]
        roles = session.get(f"{url}/roles", timeout=10).json()
        return {one["name"]: session.get(f"{url}/roles/{one['id']}/settings", timeout=10).json() for one in roles}


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-file.toml"],
        [],
        ["case.toml", "--target", "https://api.example"],
        ["case.toml", "--ready-file", "no-such-file"],
        ["case.toml", "--target", "emulator", "--repair"],
    ],
)
def test_wrong_use_is_one_line_and_64(
    arguments: list[str],
    case_of: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(case_of(STEP).parent)
    assert invoke(["reproduce", *arguments]) == 64
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1


def test_an_emulator_that_is_gone_cannot_be_told(
    case_of: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready = tmp_path / "ready.json"
    with Emulator(demo="empty", seed=1).serve() as live:
        ready.write_text(json.dumps(live.ready()))
    assert invoke(["reproduce", str(case_of(STEP)), "--ready-file", str(ready)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
