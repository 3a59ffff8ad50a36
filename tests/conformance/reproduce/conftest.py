"""Runs case files through the command line in this process, and reads what it tells."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import invoke

CASES = Path(__file__).parents[3] / "fixtures" / "cases"


@dataclass(frozen=True)
class Told:
    """What the command told of a case."""

    code: int
    report: dict[str, Any]

    def step(self, round_number: int = 0, step_number: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = self.report["rounds"][round_number]["steps"][step_number]
        return found

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        return [(row["module"], row["area"], row["action"]) for row in self.report["change"]["rows"]]


Tell = Callable[..., Told]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Run a case, of the fixtures by its name or any by its path, and read the JSON it prints."""

    def told(case: str | Path, *flags: str) -> Told:
        path = case if isinstance(case, Path) else CASES / f"{case}.toml"
        code = invoke(["reproduce", str(path), "--json", *flags])
        captured = capsys.readouterr()
        assert captured.err == ""
        return Told(code, json.loads(captured.out))

    return told


@pytest.fixture
def case_of(tmp_path: Path) -> Callable[..., Path]:
    """Write a case file, and files beside it."""

    def write(text: str, **beside: str) -> Path:
        for name, content in beside.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        path = tmp_path / "case.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
