"""Which cells of role matrices requests have asked, at which level and with what outcome.

Kept for the matrix of `mockcw coverage --permissions`, and only where somebody asks for it: MOCKCW_SEEN names the
folder to write to. What a setting or the admin flag lets pass says nothing of a cell and is not counted.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple, Self

from mockcw.permissions import Decision
from mockcw.pipeline.journal import Exchange

VARIABLE = "MOCKCW_SEEN"


class Seen(NamedTuple):
    """One cell at one level, and whether it was allowed."""

    module: str
    area: str
    action: str
    level: str
    allowed: bool

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """What a decision shows of its cell."""
        row = decision.row
        return cls(str(row.module), row.area, decision.needed, decision.has, decision.allowed)


class Watch:
    """Collects what one emulator's requests show."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cells: set[Seen] = set()

    @classmethod
    def asked_for(cls) -> Self | None:
        """A watch, where the environment names a folder for what it sees."""
        folder = os.environ.get(VARIABLE)
        return cls(Path(folder)) if folder else None

    def note(self, exchange: Exchange) -> None:
        """Keep what an exchange shows."""
        actor, decision = exchange.actor, exchange.decision
        if actor is None or decision is None or actor.role.admin:
            return
        for one in (decision, *exchange.asked):
            if one.row.module is not None and not one.logged and one.allowed is (one.has != "None"):
                self._cells.add(Seen.of(one))

    def write(self) -> None:
        """Add what was seen to the folder, in a file of this process."""
        if self._cells:
            self._folder.mkdir(parents=True, exist_ok=True)
            lines = ("\t".join((*cell[:4], "allowed" if cell.allowed else "denied")) for cell in sorted(self._cells))
            with (self._folder / f"{os.getpid()}.tsv").open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines)
            self._cells.clear()


def read_seen(folder: Path) -> set[Seen]:
    """What all processes wrote into a folder. Raises OSError, ValueError for a file that is none of these."""
    found = set()
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            module, area, action, level, outcome = line.split("\t")
            found.add(Seen(module, area, action, level, outcome == "allowed"))
    return found
