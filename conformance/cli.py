"""The command `cw-conformance`: list, run, replay, reproduce, report.

Knows options, exit codes and the terminal; judges nothing itself.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from conformance import cases, events, reports, requirements, runner
from conformance.checks import all_checks
from conformance.clock import Clock
from conformance.errors import (
    CannotTell,
    ConformanceError,
    SubjectError,
    SubjectHang,
    Unmet,
    Unsupported,
    WrongUse,
)
from conformance.events import EventLog
from conformance.history import History, Redactor
from conformance.machines.sync import MEMBERS, replay
from conformance.machines.world import MEMBER, World
from conformance.reports.terminal import show
from conformance.reproduce import as_json as case_as_json
from conformance.reproduce import read_case, reproduce, tell
from conformance.requirements import Requirement
from conformance.subject import LIMIT_S, CommandSubject, Subject, load
from conformance.target import open_target
from conformance.verdicts import Exit, Outcome, Verdict
from conformance.wire import Wire

Function = Callable[..., Any]

TARGET_OPTIONS: tuple[Callable[[Function], Function], ...] = (
    click.option("--target", default="emulator", show_default=True, help="`emulator`, or the URL of a site."),
    click.option("--ready-file", type=click.Path(path_type=Path), help="What `mockcw serve` wrote."),
)
SUBJECT_OPTIONS: tuple[Callable[[Function], Function], ...] = (
    click.option("--subject", metavar="MODULE:ATTR", help="The integration to judge, in Python."),
    click.option("--subject-command", metavar="COMMAND", help="The integration to judge, speaking JSON lines."),
    click.option("--subject-options", metavar="JSON", default="{}", help="Handed through to the subject."),
)


def options(*declared: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Several options as one decorator."""

    def decorate(function: Function) -> Function:
        for option in reversed(declared):
            function = option(function)
        return function

    return decorate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(runner.VERSION, prog_name="cw-conformance")
def cli() -> None:
    """Judge a server that speaks the ConnectWise PSA API, and integrations with it.

    Exit codes: 0 conforms, 1 does not, 2 could not tell, 3 stale baseline, 64 wrong use, 70 the harness itself failed.
    """


@cli.command("list")
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_requirements(names: tuple[str, ...], as_json: bool) -> None:
    """Print the requirements; NAMES are ids, families or tags."""
    rows = requirements.select(requirements.load(), names)
    if as_json:
        told = [{**{n: getattr(row, n) for n in requirements.COLUMNS}, "tags": sorted(row.tags)} for row in rows]
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    console = Console(soft_wrap=True, highlight=False)
    for row in rows:
        console.print(f"[bold]{row.id}[/]  {row.level} [dim]({row.source})[/]  {row.sentence}", markup=True)
    console.print(f"{len(rows)} requirements")


@cli.command()
@options(*TARGET_OPTIONS, *SUBJECT_OPTIONS)
@click.option(
    "--subject-timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=LIMIT_S,
    show_default=True,
    help="Seconds after which an operation of the subject is given up.",
)
@click.option("--wire-only", is_flag=True, help="Judge the server only.")
@click.option("--only", multiple=True, metavar="NAME", help="Judge these ids, families or tags only; may be repeated.")
@click.option("--profile", help=f"The demo member whose credentials the subject gets. [default: {MEMBER}]")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="What is left to chance repeats.")
@click.option("--examples", type=click.IntRange(1), default=20, show_default=True, help="Programs a machine tries.")
@click.option(
    "--shard", default="1/1", show_default=True, metavar="I/N", help="Judge every Nth requirement from the Ith."
)
@click.option("--baseline", type=click.Path(path_type=Path), help="A file of ids that are known to fail, one a line.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/conformance"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print report.json and nothing else.")
def run(target: str, ready_file: Path | None, out: Path, as_json: bool, **asked: Any) -> int:
    """Judge a target, and an integration with it; write the log and the reports into --out."""
    subject = _subject(asked["subject"], asked["subject_command"])
    if (subject is None) is not bool(asked["wire_only"]):
        raise WrongUse("say what to judge: one of --subject, --subject-command and --wire-only")
    plan = _plan(asked, subject)
    served = subject is not None
    console = Console(stderr=True)
    with (
        open_target(target, seed=plan.seed, ready_file=ready_file, served=served) as opened,
        _log(out) as log,
        _progress(len(plan.rows), console, hidden=as_json) as advance,
    ):
        runner.run(plan, opened, log, subject=subject, progress=advance)
    report = reports.derive(out)
    if as_json:
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        plain = Console(soft_wrap=True)
        show(report, log.events, plain, out)
        names = "report.html, report.json, junit.xml, exchanges.har, permissions.sarif, events.ndjson"
        plain.print(f"[dim]reports: {out}/{names}[/]")
    code: int = report["exit_code"]
    return code


def _plan(asked: dict[str, Any], subject: Subject | None) -> runner.Plan:
    rows = requirements.select(requirements.load(), asked["only"])
    if asked["wire_only"]:
        rows = tuple(row for row in rows if "wire" in row.tags)
    if not rows:
        raise WrongUse("nothing is left to judge: --only and --wire-only exclude one another here")
    return runner.Plan(
        requirements=rows,
        seed=asked["seed"],
        examples=asked["examples"],
        shard=_shard(asked["shard"]),
        baseline=_baseline(asked["baseline"]),
        subject_name=asked["subject"] or asked["subject_command"],
        subject_options=_json_object(asked["subject_options"], "--subject-options"),
        subject_timeout_s=asked["subject_timeout"],
        profile=asked["profile"] or getattr(subject, "profile", None),
    )


def _subject(dotted: str | None, command: str | None) -> Subject | None:
    if dotted and command:
        raise WrongUse("--subject and --subject-command exclude one another")
    if dotted:
        return load(dotted)
    return CommandSubject(command) if command else None


def _shard(text: str) -> tuple[int, int]:
    number, _, of = text.partition("/")
    if not (number.isdigit() and of.isdigit() and 1 <= int(number) <= int(of)):
        raise WrongUse(f"--shard takes I/N with I from 1 to N, for instance 1/4, not {text!r}")
    return int(number), int(of)


def _baseline(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as problem:
        raise WrongUse(f"the baseline {path} cannot be read: {problem.strerror}") from problem
    named = frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    unknown = named - {row.id for row in requirements.load()}
    if unknown:
        raise WrongUse(f"the baseline {path} names no requirement: {', '.join(sorted(unknown))}")
    return named


def _json_object(text: str, option: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as problem:
        raise WrongUse(f"{option} is no JSON: {problem}") from problem
    if not isinstance(found, dict):
        raise WrongUse(f"{option} takes a JSON object")
    return found


def _log(out: Path) -> EventLog:
    try:
        out.mkdir(parents=True, exist_ok=True)
        return EventLog(out / reports.EVENTS, Clock())
    except OSError as problem:
        raise WrongUse(f"--out {out} cannot be written: {problem.strerror}") from problem


class _progress:
    """A bar of verdicts on a terminal, and nothing where there is none."""

    def __init__(self, total: int, console: Console, *, hidden: bool):
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=hidden or not console.is_terminal)
        self._task = self._bar.add_task("judging", total=total)

    def __enter__(self) -> runner.Progress:
        self._bar.start()
        return self._advance

    def _advance(self, row: Requirement, outcome: Outcome) -> None:
        self._bar.update(self._task, advance=1, description=row.id)
        if outcome.verdict is Verdict.FAIL and not self._bar.disable:
            self._bar.console.print(f"[red]fail[/] {row.id}")

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


@cli.command("replay")
@click.argument("case_file", type=click.Path(path_type=Path))
@options(*TARGET_OPTIONS, *SUBJECT_OPTIONS)
def replay_case(case_file: Path, target: str, ready_file: Path | None, **asked: Any) -> int:
    """See a failure again: exit 1 while CASE_FILE still fails, 0 when it passes."""
    case = cases.read(case_file)
    row = next((row for row in requirements.load() if row.id == case.requirement), None)
    if row is None:
        raise WrongUse(f"{case_file} is a case of {case.requirement!r}, which is no requirement")
    subject = _subject(asked["subject"], asked["subject_command"])
    if case.kind == "program" and subject is None:
        if not case.subject:
            raise WrongUse("the case names no subject: give --subject or --subject-command")
        subject = load(case.subject) if ":" in case.subject else CommandSubject(case.subject)
    chosen = _json_object(asked["subject_options"], "--subject-options") or case.options
    with open_target(target, seed=case.seed, ready_file=ready_file, served=subject is not None) as opened:
        history = History(EventLog(), Redactor(opened.secrets))
        wire = Wire(opened, history, case.requirement)
        found = _again(case, wire, subject, chosen)
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"{row.id}: {row.level} {row.sentence} ({row.source})", markup=False)
    for step in case.program:
        console.print(f"  {json.dumps(step, ensure_ascii=False)}", markup=False)
    for text in found:
        console.print(f"still fails: {text}", markup=False)
    if not found:
        console.print("passes now")
    return Exit.DOES_NOT if found else Exit.CONFORMS


def _again(case: cases.Case, wire: Wire, subject: Subject | None, chosen: dict[str, Any]) -> Sequence[str]:
    if case.kind == "check" or subject is None:
        outcome = runner.judge(all_checks()[case.requirement], wire)
        if outcome.verdict not in (Verdict.PASS, Verdict.FAIL):
            raise WrongUse(f"the case cannot be judged on this target: {outcome.reason}")
        return [finding.text for finding in outcome.findings]
    try:
        replay(
            list(case.program), World(wire, subject, chosen, MEMBERS.get(case.requirement, subject.profile or MEMBER))
        )
    except (Unmet, SubjectError, SubjectHang) as unmet:
        return [str(unmet)]
    return []


@cli.command("reproduce")
@click.argument("case_file", metavar="CASE.toml", type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Make the change that the failure calls for, and run again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options(*TARGET_OPTIONS)
def reproduce_case(case_file: Path, fix: bool, as_json: bool, target: str, ready_file: Path | None) -> int:
    """Set a customer's situation up on the emulator, run the vendor's steps in it, and say why they fail.

    Exit codes: 0 nothing fails (with --fix: nothing fails any more), 1 the failure is reproduced, 2 could not tell.
    """
    case = read_case(case_file)
    if target != "emulator" and not ready_file:
        raise WrongUse("a case is set up through the emulator's control API: name the --ready-file of mockcw serve")
    try:
        with open_target(target, seed=1, ready_file=ready_file) as opened:
            told = reproduce(case, opened, fix=fix)
    except (CannotTell, Unsupported) as problem:
        click.echo(f"cw-conformance: {problem}", err=True)
        return Exit.CANNOT_TELL
    if as_json:
        click.echo(case_as_json(told))
    else:
        tell(told, Console(soft_wrap=True, highlight=False))
    return told.exit_code


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print report.json and nothing else.")
def report(folder: Path, as_json: bool) -> int:
    """Derive the reports again from FOLDER/events.ndjson, and print the summary."""
    told = reports.derive(folder)
    if as_json:
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        show(told, events.read(folder / reports.EVENTS), Console(soft_wrap=True), folder)
    code: int = told["exit_code"]
    return code


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with the promised exit code."""
    sys.exit(invoke(arguments))


def invoke(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; answers the exit code."""
    try:
        result = cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        return Exit.CANNOT_TELL
    except click.ClickException as wrong:
        click.echo(f"cw-conformance: {wrong.format_message()}", err=True)
        return Exit.WRONG_USE
    except WrongUse as wrong:
        click.echo(f"cw-conformance: {wrong}", err=True)
        return Exit.WRONG_USE
    except ConformanceError as problem:
        click.echo(f"cw-conformance: {problem}", err=True)
        return Exit.HARNESS_FAULT
    except Exception:  # what is not foreseen here is the harness's own failure, and is told as that
        click.echo(traceback.format_exc(), err=True)
        return Exit.HARNESS_FAULT
    return result if isinstance(result, int) else Exit.CONFORMS
