"""The command line: lists, runs, replays, reports, and ends with the promised exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from conformance.cli import invoke
from mockcw import Emulator

RUN = ("run", "--wire-only", "--only", "paging.count")


def test_list_prints_every_requirement(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["list"]) == 0
    assert "paging.default-size" in capsys.readouterr().out


def test_list_as_json_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["list", "forward", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["id"].split(".")[0] for row in rows} == {"forward"}
    assert set(rows[0]) == {"id", "level", "sentence", "source", "tags"}


def test_a_run_writes_all_its_files_and_ends_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke([*RUN, "--out", str(tmp_path)]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"events.ndjson", "report.json", "junit.xml", "report.html", "exchanges.har", "permissions.sarif"}
    told = capsys.readouterr().out
    assert "conforms" in told
    assert "\x1b" not in told


def test_a_run_as_json_prints_the_report_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke([*RUN, "--out", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tally"]["pass"] == 1


def test_report_derives_again_and_ends_as_the_run_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke([*RUN, "--out", str(tmp_path)])
    (tmp_path / "report.json").unlink()
    assert invoke(["report", str(tmp_path)]) == 0
    assert (tmp_path / "report.json").exists()


def test_a_baseline_that_passes_is_stale(tmp_path: Path) -> None:
    baseline = tmp_path / "baseline"
    baseline.write_text("# known\npaging.count\n")
    assert invoke([*RUN, "--out", str(tmp_path / "out"), "--baseline", str(baseline)]) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["dance"],
        ["run"],
        ["run", "--wire-only", "--seed", "x"],
        ["run", "--wire-only", "--subject", "a:b"],
        ["run", "--subject", "nowhere"],
        ["run", "--subject", "conformance.nothing:HERE"],
        ["run", "--subject", "conformance.clock:Clock"],
        ["run", "--wire-only", "--only", "no.such"],
        ["run", "--wire-only", "--only", "sync"],
        ["run", "--wire-only", "--shard", "3/2"],
        ["run", "--wire-only", "--target", "nowhere"],
        ["run", "--wire-only", "--ready-file", "no-such-file"],
        ["run", "--wire-only", "--baseline", "no-such-file"],
        ["replay", "no-such-file"],
        ["report", "no-such-folder"],
        ["list", "no.such"],
    ],
)
def test_wrong_use_is_one_line_and_exit_code_64(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(arguments) == 64
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1


def test_a_target_without_credentials_is_wrong_use(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CWC_COMPANY_ID", raising=False)
    assert invoke([*RUN, "--target", "https://api.example", "--out", str(tmp_path)]) == 64
    assert "CWC_COMPANY_ID" in capsys.readouterr().err


BROKEN = ("run", "--subject", "tests.conformance.subjects:BROKEN", "--only", "sync.mirror", "--examples", "5")


def test_a_failing_subject_leaves_a_case_that_replays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke([*BROKEN, "--out", str(tmp_path)]) == 1
    case = tmp_path / "cases" / "sync.mirror.json"
    program = json.loads(case.read_text())["program"]
    assert program
    assert "Mirror" not in capsys.readouterr().err
    assert invoke(["replay", str(case)]) == 1
    assert "still fails" in capsys.readouterr().out
    assert invoke(["replay", str(case), "--subject", "tests.conformance.subjects:HONEST"]) == 0
    assert "passes now" in capsys.readouterr().out


def test_a_command_is_judged_as_python_is(tmp_path: Path) -> None:
    command = f"{sys.executable} -m tests.conformance.mirror_command"
    arguments = ("run", "--subject-command", command, "--only", "sync.read-only", "--out", str(tmp_path))
    assert invoke(arguments) == 0


def test_a_command_that_speaks_no_json_fails_and_breaks_nothing(tmp_path: Path) -> None:
    command = f"{sys.executable} -c print('hello')"
    arguments = ("run", "--subject-command", command, "--only", "sync.read-only", "--out", str(tmp_path))
    assert invoke(arguments) == 1


def test_a_case_of_a_wire_check_replays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps({"kind": "check", "requirement": "paging.count", "seed": 1, "findings": []}))
    assert invoke(["replay", str(case)]) == 0
    assert "passes now" in capsys.readouterr().out


def test_the_same_checks_pass_over_a_port_with_tls(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    with Emulator(demo="small", seed=1).serve(tls=True) as live:
        ready.write_text(json.dumps(live.ready()))
        only = [part for name in ("companyinfo", "credentials", "forward", "emulator") for part in ("--only", name)]
        rough = ["--only", "input.header-bomb", "--only", "input.unknown-verb"]
        arguments = ["run", "--wire-only", "--ready-file", str(ready), *only, *rough, "--out", str(tmp_path / "out")]
        assert invoke(arguments) == 0
    told = json.loads((tmp_path / "out" / "report.json").read_text())
    assert told["target"]["target_url"].startswith("https://")
    assert told["tally"]["pass"] == len(told["results"]) > 30
