"""What the tables of fixtures/guides say: read by hand-written readers, so that a wrong line is seen as such."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mockcw.advice.situation import Situation, offered_levels
from mockcw.catalogue import load
from mockcw.permissions.remedy import Cell
from mockcw.permissions.roles import Levels

ROOT = Path(__file__).resolve().parents[3]
GUIDES = ROOT / "fixtures" / "guides"
MATRICES = ROOT / "mockcw" / "demo" / "data" / "roles.tsv"
READS = Levels("None", "None", "None", "All")
NO_MATRIX = {  # the guide that asks for Admin: the smallest role its flows pass with
    "channel-program": {
        ("Companies", "Company Maintenance"): READS,
        ("Companies", "Contacts"): READS,
        ("Finance", "Agreements"): READS,
    }
}


@dataclass(frozen=True)
class Need:
    """One line of a guide's table."""

    step: str
    operation: str
    row: Cell | None
    beside: str | None
    citation: str


@dataclass(frozen=True)
class Expectation:
    """One line of the table of expectations."""

    profile: str
    cell: Cell
    to: str
    failures: frozenset[tuple[str, str]]
    not_reached: int
    why: str

    @property
    def name(self) -> str:
        return f"{self.profile}: {self.cell} -> {self.to}"


def lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]


@cache
def needs(profile: str) -> list[Need]:
    found = []
    for step, operation, module, area, action, beside, citation in lines(GUIDES / f"{profile}.tsv"):
        row = None if module == "-" else Cell(module, area, action)
        found.append(Need(step, operation, row, None if beside == "-" else beside, citation))
    return found


@cache
def expectations() -> list[Expectation]:
    found = []
    for profile, module, area, action, to, failures, stops, why in lines(GUIDES / "expectations.tsv"):
        parted = [] if failures == "-" else [one.split(" = ") for one in failures.split("; ")]
        kinds = frozenset((step, kind) for step, kind in parted)
        found.append(Expectation(profile, Cell(module, area, action), to, kinds, int(stops), why))
    return found


@cache
def offered() -> dict[Cell, tuple[str, ...]]:
    return offered_levels(load().areas)


def matrix(role: str) -> dict[tuple[str, str], Levels]:
    """A guide's matrix as the demo has it."""
    rows = (line for line in lines(MATRICES) if line[0] == role)
    return {(module, area): Levels(*levels) for _, module, area, *levels in rows}


def situation(profile: str, role: str) -> Situation:
    """A member with the role of the guide."""
    return Situation(NO_MATRIX.get(profile) or matrix(role))
