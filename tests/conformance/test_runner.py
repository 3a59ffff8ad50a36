"""A run gives every planned requirement one verdict, writes it all down, and repeats under one seed."""

from __future__ import annotations

import itertools
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from conformance import requirements, runner
from conformance.checks import Check
from conformance.errors import CannotTell, NotRunnable, Unmet, Unsupported
from conformance.events import EventLog, read, stable
from conformance.history import History, Redactor
from conformance.target import Target, WsgiAdapter, of_emulator, open_target
from conformance.verdicts import Outcome, Verdict
from conformance.wire import Wire
from mockcw import Emulator
from tests.conformance.subjects import MirrorSession, SubjectOf

FEW = ("companyinfo", "credentials.private-key", "paging.count", "patch.last-updated", "emulator.journal")


def plan(*names: str, **more: object) -> runner.Plan:
    rows = requirements.select(requirements.load(), names)
    return runner.Plan(requirements=rows, **more)  # type: ignore[arg-type]


def judged(out: Path, asked: runner.Plan) -> tuple[Outcome, ...]:
    with open_target("emulator", seed=asked.seed) as target, EventLog(out) as log:
        return runner.run(asked, target, log)


def test_every_planned_requirement_gets_one_verdict_in_order(tmp_path: Path) -> None:
    asked = plan(*FEW, "sync")
    outcomes = judged(tmp_path / "log", asked)
    assert [one.requirement for one in outcomes] == [row.id for row in asked.rows]
    told = [event["requirement"] for event in read(tmp_path / "log") if event["event"] == "verdict"]
    assert told == [row.id for row in asked.rows]
    assert {one.verdict for one in outcomes if one.requirement.startswith("sync.")} == {Verdict.NOT_RUN}
    assert all(one.reason for one in outcomes if one.verdict is Verdict.NOT_RUN)


def test_two_runs_with_one_seed_write_the_same_log_apart_from_what_is_declared_volatile(tmp_path: Path) -> None:
    for name in ("first", "second"):
        judged(tmp_path / name, plan(*FEW))
    first, second = (read(tmp_path / name) for name in ("first", "second"))
    assert first != second
    assert stable(first) == stable(second)


def test_no_secret_reaches_the_log(tmp_path: Path) -> None:
    with open_target("emulator", seed=1) as target, EventLog(tmp_path / "log") as log:
        runner.run(plan("credentials", "members.no-secrets"), target, log)
        text = (tmp_path / "log").read_text()
        for secret in target.secrets:
            assert secret not in text
            assert json.dumps(secret)[1:-1] not in text


def test_shards_share_the_plan_out() -> None:
    whole = plan("query").rows
    parts = [plan("query", shard=(number, 3)).rows for number in (1, 2, 3)]
    assert sorted(row.id for part in parts for row in part) == sorted(row.id for row in whole)


@pytest.mark.parametrize(
    ("raised", "verdict"),
    [
        (Unmet("no"), Verdict.FAIL),
        (CannotTell("no"), Verdict.UNKNOWN),
        (Unsupported("no"), Verdict.UNSUPPORTED),
        (NotRunnable("no"), Verdict.NOT_RUN),
        (ZeroDivisionError("no"), Verdict.UNKNOWN),
    ],
)
def test_what_a_check_raises_becomes_its_verdict(raised: Exception, verdict: Verdict) -> None:
    def run(wire: Wire) -> None:
        raise raised

    with Emulator(demo="empty") as emulator:
        outcome = runner.judge(Check("a.one", run), on(emulator))
    assert outcome.verdict is verdict
    assert outcome.fault is isinstance(raised, ZeroDivisionError)


def test_what_a_check_makes_is_removed_when_it_is_over() -> None:
    def run(wire: Wire) -> None:
        wire.create("/company/companies/types", {"name": "Passing"})
        raise Unmet("whatever")

    with Emulator(demo="empty") as emulator:
        wire = on(emulator)
        before = wire.get("/company/companies/types/count").json()
        runner.judge(Check("a.one", run), wire)
        assert wire.get("/company/companies/types/count").json() == before


def test_on_a_real_server_an_assumption_that_does_not_hold_is_unknown_and_not_a_failure() -> None:
    row = next(row for row in requirements.load() if row.source == "assumed")
    failed = Outcome(row.id, Verdict.FAIL)
    sandbox = Target(kind="url", site_url="https://x", company_id="c", members={})
    assert runner.soften(row, failed, sandbox).verdict is Verdict.UNKNOWN
    captured = next(row for row in requirements.load() if row.source == "captured")
    assert runner.soften(captured, failed, sandbox).verdict is Verdict.FAIL


def test_without_a_control_api_what_needs_one_is_not_run() -> None:
    with Emulator(demo="empty") as emulator, EventLog() as log:
        target = of_emulator(emulator)
        bare = Target(
            kind="url",
            site_url=target.site_url,
            company_id=target.company_id,
            members={"admin": target.members["admin"]},
            application=target.application,
        )
        outcomes = runner.run(plan("emulator", "permissions.refused", "info.version"), bare, log)
    found = {one.requirement: one.verdict for one in outcomes}
    assert found.pop("info.version") is Verdict.PASS
    assert set(found.values()) == {Verdict.NOT_RUN}


def on(emulator: Emulator) -> Wire:
    return Wire(of_emulator(emulator), History(EventLog(), Redactor()), "a.one")


def test_an_interrupt_leaves_the_rest_unknown_and_the_log_whole(tmp_path: Path) -> None:
    asked = plan("paging.count", "query.equals", "query.in")

    def interrupt(row: requirements.Requirement, outcome: Outcome) -> None:
        seen.append(outcome.verdict)

    seen: list[Verdict] = []
    with Emulator(demo="empty") as emulator, EventLog(tmp_path / "log") as log:
        target = of_emulator(emulator, interrupted(emulator.wsgi_app, after=3))
        outcomes = runner.run(asked, target, log, progress=interrupt)
    assert outcomes[-1].verdict is Verdict.UNKNOWN
    assert seen == [one.verdict for one in outcomes]
    assert read(tmp_path / "log")[-1]["event"] == "run-finished"
    assert read(tmp_path / "log")[-1]["exit_code"] == 2


def interrupted(application: Any, after: int) -> Any:
    """The application, until somebody presses the keys."""
    counter = itertools.count()

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        if next(counter) >= after:
            raise KeyboardInterrupt
        return application(environ, start_response)

    return answer


def test_after_a_hang_in_process_no_other_machine_is_asked(tmp_path: Path) -> None:
    release = threading.Event()

    class Hanging(MirrorSession):
        def sync(self) -> dict[str, str]:
            release.wait(60)
            return {"outcome": "done"}

    asked = plan("sync", examples=2, steps=3, subject_timeout_s=0.3)
    with open_target("emulator", seed=1) as target, EventLog(tmp_path / "log") as log:
        subject = SubjectOf(Hanging, WsgiAdapter(target.application))
        outcomes = runner.run(asked, target, log, subject=subject)
    release.set()
    assert [one.verdict for one in outcomes] == [Verdict.FAIL, *[Verdict.UNKNOWN] * (len(outcomes) - 1)]
