"""Every report is derived from the event log, agrees with it, and can be derived again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from rich.console import Console

from conformance import cases, events, reports
from conformance.errors import WrongUse
from conformance.events import EventLog
from conformance.reports.terminal import show

BEGUN: dict[str, Any] = {
    "run": "r",
    "version": "0.1.0",
    "seed": 1,
    "examples": 20,
    "shard": [1, 1],
    "subject": None,
    "profile": None,
    "target": {"kind": "emulator", "target_url": "http://there", "company_id": "training"},
    "planned": ["a.one", "a.two", "b.one", "b.two", "b.three"],
    "baseline": ["b.one"],
    "volatile": {"fields": [], "headers": []},
}
VERDICTS = {"a.one": "pass", "a.two": "fail", "b.one": "unknown", "b.two": "unsupported", "b.three": "not run"}
EVIL = "<script>alert('x')</script> & [bold]\x01"


def write_log(out: Path, *, finished: bool = True) -> None:
    with EventLog(out / reports.EVENTS) as log:
        log.write("run-started", **BEGUN)
        for identity, verdict in VERDICTS.items():
            log.write(
                "exchange",
                exchange=1,
                scope=identity,
                member="admin",
                request={"method": "GET", "url": "http://there/x?a=b&c=", "headers": [["Accept", "*/*"]], "body": None},
                reply={"status": 200, "headers": [["Content-Type", "application/json"]], "body": EVIL},
                error=None,
                elapsed_ms=1.5,
            )
            failed = verdict == "fail"
            if failed:
                told = {"kind": "check", "requirement": identity, "seed": 1, "findings": [EVIL]}
                log.write("case", requirement=identity, case=told)
            log.write(
                "verdict",
                requirement=identity,
                level="MUST",
                sentence="It holds.",
                source="captured",
                tags=["wire"],
                verdict=verdict,
                reason=None if failed else EVIL,
                fault=False,
                findings=[{"text": EVIL, "exchange": 1}] if failed else [],
            )
        if finished:
            log.write("run-finished", tally={}, exit_code=1, exchanges=5, elapsed_ms=10)


def test_the_report_obeys_its_schema_and_adds_up(tmp_path: Path) -> None:
    write_log(tmp_path)
    told = reports.derive(tmp_path)
    jsonschema.Draft202012Validator.check_schema(reports.schema())
    jsonschema.validate(told, reports.schema())
    assert told["tally"] == {"pass": 1, "fail": 1, "unknown": 1, "unsupported": 1, "not run": 1}
    assert sum(told["tally"].values()) == len(BEGUN["planned"])
    assert told["families"]["a"]["fail"] == 1
    assert json.loads((tmp_path / "report.json").read_text()) == told


def test_a_run_that_died_is_not_complete(tmp_path: Path) -> None:
    write_log(tmp_path, finished=False)
    told = reports.derive(tmp_path)
    jsonschema.validate(told, reports.schema())
    assert told["complete"] is False
    assert told["exit_code"] == 70


def test_junit_counts_what_the_report_counts(tmp_path: Path) -> None:
    write_log(tmp_path)
    reports.derive(tmp_path)
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert len(root.findall(".//testcase")) == 5
    assert len(root.findall(".//failure")) == 1
    assert len(root.findall(".//error")) == 1
    assert len(root.findall(".//skipped")) == 2
    assert root.get("tests") == "5"


def test_the_archive_holds_every_exchange(tmp_path: Path) -> None:
    write_log(tmp_path)
    reports.derive(tmp_path)
    log = json.loads((tmp_path / "exchanges.har").read_text())["log"]
    assert log["version"] == "1.2"
    assert [entry["_requirement"] for entry in log["entries"]] == list(VERDICTS)
    assert log["entries"][0]["request"]["queryString"] == [{"name": "a", "value": "b"}, {"name": "c", "value": ""}]


def test_the_page_escapes_what_came_from_outside(tmp_path: Path) -> None:
    write_log(tmp_path)
    reports.derive(tmp_path)
    text = (tmp_path / "report.html").read_text()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "does not conform" in text


def test_a_failure_leaves_a_case_file(tmp_path: Path) -> None:
    write_log(tmp_path)
    told = reports.derive(tmp_path)
    path = next(result["case"] for result in told["results"] if result["verdict"] == "fail")
    assert cases.read(tmp_path / path).requirement == "a.two"


def test_deriving_again_gives_the_same_files(tmp_path: Path) -> None:
    write_log(tmp_path)
    reports.derive(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    reports.derive(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_the_terminal_shows_sentence_source_evidence_and_no_colours_when_piped(tmp_path: Path) -> None:
    write_log(tmp_path)
    told = reports.derive(tmp_path)
    with (tmp_path / "piped").open("w+", encoding="utf-8") as piped:
        show(told, events.read(tmp_path / reports.EVENTS), Console(file=piped, soft_wrap=True), tmp_path)
        piped.seek(0)
        text = piped.read()
    assert "\x1b" not in text
    for part in (
        "a.two",
        "MUST It holds. (captured)",
        "GET http://there/x?a=b&c=",
        "does not conform",
        f"replay {tmp_path}/cases/a.two.json",
    ):
        assert part in text


@pytest.mark.parametrize("content", ["", "nonsense", '{"event": "verdict"}'])
def test_something_else_than_a_log_is_wrong_use(tmp_path: Path, content: str) -> None:
    (tmp_path / reports.EVENTS).write_text(content)
    with pytest.raises(WrongUse):
        reports.derive(tmp_path)
