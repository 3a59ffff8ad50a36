"""Case files: what a failure leaves behind so that anybody can see it again.

Knows the two kinds of case, a failed wire check and a failed program; knows no target. A case is JSON: `kind`
(`check` or `program`), `requirement`, `seed`, `findings`, and for a program its steps, the subject and its options.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.errors import WrongUse

KINDS = ("check", "program")


@dataclass(frozen=True, slots=True)
class Case:
    """One failure, ready to be seen again."""

    kind: str
    requirement: str
    seed: int
    findings: tuple[str, ...]
    program: tuple[dict[str, Any], ...] = ()
    subject: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The case as it stands in its file."""
        told: dict[str, Any] = {
            "kind": self.kind,
            "requirement": self.requirement,
            "seed": self.seed,
            "findings": list(self.findings),
        }
        if self.kind == "program":
            told |= {"subject": self.subject, "options": self.options, "program": list(self.program)}
        return told


def write(folder: Path, told: dict[str, Any]) -> Path:
    """Write a case into `folder`; answers its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{told['requirement']}.json"
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> Case:
    """The case in a file.

    Raises:
        WrongUse: the file cannot be read or is no case.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        case = Case(
            kind=told["kind"],
            requirement=told["requirement"],
            seed=int(told["seed"]),
            findings=tuple(told.get("findings", ())),
            program=tuple(told.get("program", ())),
            subject=told.get("subject"),
            options=dict(told.get("options") or {}),
        )
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise WrongUse(f"{path} cannot be read as a case: {type(problem).__name__}: {problem}") from problem
    if case.kind not in KINDS or (case.kind == "program" and not case.program):
        raise WrongUse(f"{path} is no case: kind {case.kind!r} without what belongs to it")
    return case
