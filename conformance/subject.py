"""What is judged beside the wire: an integration, loaded by a dotted name or spoken to as a command.

Knows the face of a subject and nothing of how one works. A subject in any other language is a command that reads one
JSON object a line and answers each with one: `{"do": "start", "target": {...}, "options": {...}}`, `{"do": "configure",
"types": [...], "excluded_statuses": [...]}`, `{"do": "sync"}`, `{"do": "state"}`, `{"do": "crash", "after_pages": 1}`,
`{"do": "close"}`; the answer is `{"ok": true, "result": ...}` or `{"ok": false, "error": {"kind": "...", "message":
"..."}}`. The result of a sync may be an object whose `outcome` is `done`, `refused` or `died`; others count as done.
"""

from __future__ import annotations

import importlib
import json
import queue
import shlex
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, runtime_checkable

from conformance.errors import SubjectCrash, SubjectError, SubjectHang, WrongUse

LIMIT_S = 180.0
"""Seconds after which an operation of a subject is given up."""


@dataclass(frozen=True, slots=True)
class SubjectTarget:
    """What a subject is told of its server, with the credentials of one member."""

    url: str
    company_id: str
    public_key: str = field(repr=False)
    private_key: str = field(repr=False)
    client_id: str | None = field(repr=False)
    ca_file: str | None


@runtime_checkable
class Session(Protocol):
    """One connection of a subject to one server. Other operations are offered by sessions that support them."""

    def configure(self, types: Sequence[str] | None = None, excluded_statuses: Sequence[str] | None = None) -> Any:
        """Set the filters, by name: companies of these types (all, when empty), none of these statuses."""

    def sync(self) -> Any:
        """Bring the mirror up to date; raise, or answer the outcome `refused`, on failure."""

    def state(self) -> Mapping[str, Any]:
        """What the mirror holds, as JSON data: `companies` by id, or as a list of records with `id` and `name`."""

    def close(self) -> None:
        """Let go of everything."""


class Subject(Protocol):
    """Something that can be judged."""

    name: str
    profile: str | None

    def start(self, target: SubjectTarget, options: Mapping[str, Any] | None = None) -> Session:
        """Connect to a server, with an empty mirror; `options` are the subject's own, handed through."""


def load(dotted: str) -> Subject:
    """The subject at `MODULE:ATTR`.

    Raises:
        WrongUse: there is no such thing, or it cannot be started.
    """
    module_name, _, attribute = dotted.partition(":")
    if not module_name or not attribute:
        raise WrongUse(f"--subject takes MODULE:ATTR, for instance integration.subject:SUBJECT, not {dotted!r}")
    try:
        found = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError) as problem:
        raise WrongUse(f"the subject {dotted} cannot be loaded: {problem}") from problem
    if not callable(getattr(found, "start", None)):
        raise WrongUse(f"{dotted} is no subject: it has no start(target)")
    subject: Subject = found
    return subject


class Worker:
    """A thread in which every operation of one session runs, so that one that never comes back stops nothing else."""

    def __init__(self, limit_s: float = LIMIT_S):
        self.lost = False
        self._limit_s = limit_s
        self._asked: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._told: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="subject", daemon=True).start()

    def _work(self) -> None:
        while act := self._asked.get():
            try:
                self._told.put((act(), None))
            except BaseException as problem:  # carried to the thread that asked, whatever it is
                self._told.put((None, problem))

    def run(self, act: Callable[[], Any]) -> Any:
        """The result of `act`, or what it raises.

        Raises:
            SubjectHang: it did not come back in time.
        """
        self._asked.put(act)
        try:
            result, problem = self._told.get(timeout=self._limit_s)
        except queue.Empty:
            self.lost = True
            raise SubjectHang(f"the subject gave no answer within {self._limit_s:g} s") from None
        if problem is not None:
            raise problem
        return result

    def end(self) -> None:
        """Let the thread end when it has nothing left to do."""
        self._asked.put(None)


class CommandSubject:
    """A subject that is a command speaking JSON lines.

    Args:
        command: as in a shell; it is started anew for every session, without a shell.
    """

    profile: str | None = None

    def __init__(self, command: str):
        self.name = command
        self._words = shlex.split(command)
        if not self._words:
            raise WrongUse("--subject-command is empty")

    def start(self, target: SubjectTarget, options: Mapping[str, Any] | None = None) -> CommandSession:
        """Start the command and tell it of the server; raises SubjectCrash when it cannot be started."""
        try:
            process = subprocess.Popen(self._words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        except OSError as problem:
            raise SubjectCrash(f"{self._words[0]} cannot be started: {problem}") from problem
        session = CommandSession(process)
        try:
            session.ask("start", target=asdict(target), options=dict(options or {}))
        except SubjectError:
            session.close()
            raise
        return session


class CommandSession:
    """A conversation with one process."""

    def __init__(self, process: subprocess.Popen[str]):
        self._process = process

    def ask(self, operation: str, **more: Any) -> Any:
        """Ask for one operation and answer its result.

        Raises:
            SubjectError: the command reports that it did not succeed.
            SubjectCrash: the command ended, or answered something else than a JSON object.
        """
        if self._process.stdin is None or self._process.stdout is None:
            raise SubjectCrash("the command has no standard input and output")
        try:
            self._process.stdin.write(json.dumps({"do": operation, **more}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
            told = json.loads(line)
        except (OSError, ValueError) as problem:
            raise SubjectCrash(f"the command gave no answer to {operation}: {problem}") from problem
        if not isinstance(told, dict):
            raise SubjectCrash(f"the command answered {operation} with {line[:120]!r}")
        if not told.get("ok"):
            error = told.get("error")
            said = error if isinstance(error, Mapping) else {"message": error}
            raise SubjectError(str(said.get("message") or "no reason given"), str(said.get("kind", "error")))
        return told.get("result")

    def configure(self, types: Sequence[str] | None = None, excluded_statuses: Sequence[str] | None = None) -> Any:
        """Set the filters."""
        return self.ask("configure", types=types, excluded_statuses=excluded_statuses)

    def sync(self) -> Any:
        """Bring the mirror up to date."""
        return self.ask("sync")

    def state(self) -> Mapping[str, Any]:
        """What the mirror holds."""
        told = self.ask("state")
        if not isinstance(told, Mapping):
            raise SubjectCrash("the command answered state with something else than an object")
        return told

    def crash(self, after_pages: int | None = None) -> None:
        """Have the subject die, now or in its next sync after so many pages."""
        self.ask("crash", after_pages=after_pages)

    def kill(self) -> None:
        """End the process without asking it; for one that does not answer any more."""
        self._process.kill()

    def close(self) -> None:
        """Ask the command to end, and end it when it does not."""
        try:
            self.ask("close")
        except SubjectError:
            pass
        finally:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    with suppress(OSError):  # what was not read any more cannot be flushed
                        pipe.close()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
