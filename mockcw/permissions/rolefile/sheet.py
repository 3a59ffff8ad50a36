"""The statements of a text file: tables with a module column or under a module's heading, words copied out of a PDF,
and paths such as `Finance > Agreements > Add Level=All`.

Knows how guides lay out a matrix; what a statement means for a role is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mockcw.permissions.rolefile.lines import Line, undressed
from mockcw.permissions.rolefile.result import Kind, Place, Problem, quoted
from mockcw.permissions.rolefile.spelling import ACTIONS, Spellings
from mockcw.permissions.rolefile.statement import Statement

BULLET = re.compile(r"^\s*(?:[#>]+\s+|[-*\u2022\u00b7\u25cf\u25aa]\s+|\d{1,2}[.)]\s+)+")
ARROW = re.compile(r"\s*(?:>|\u2192|\u00bb|->)\s*")
STATED = re.compile(r"\b(add|edit|delete|inquire)(?:\s+level)?\s*[=:>]?\s*(all|my|mine|none|n/a)\b", re.IGNORECASE)
BETWEEN = re.compile(r"(?:[\s,;/&.]|\band\b)*", re.IGNORECASE)
HEADINGS = re.compile(r"\b(add|edit|delete|inquire)\b(?:\s+levels?\b)?", re.IGNORECASE)
MODULE_WORD = re.compile(r"\s*\bmodule\b\s*", re.IGNORECASE)


class Columns(NamedTuple):
    """Which cell holds what; `actions` are the places of Add, Edit, Delete and Inquire, None for one not there."""

    actions: tuple[int | None, ...]
    area: int
    module: int | None

    @property
    def width(self) -> int:
        """How many cells a row must have."""
        return 1 + max(at for at in (*self.actions, self.area, self.module) if at is not None)


class Sheet:
    """Reads line after line and remembers the module and the columns that are in force."""

    def __init__(self, spellings: Spellings, *, tolerant: bool) -> None:
        self.statements: list[Statement] = []
        self.problems: list[Problem] = []
        self.passed_over: list[Place] = []
        self._spellings = spellings
        self._tolerant = tolerant
        self._module: str | None = None
        self._above: str | None = None
        self._columns: Columns | None = None
        self._order: tuple[str, ...] = ()
        self._last = 0
        self.headed = False

    def read(self, line: Line) -> None:
        """Take one line."""
        if line.cells is None:
            self._loose(line.place, undressed(BULLET.sub("", line.text)).rstrip(":"), line.text.lstrip())
        else:
            if self._tolerant and self._columns and line.place.number > self._last + 2:
                self._columns = None  # another table: what its columns are is for its own heading to say
            self._last = line.place.number
            self._row(line)

    def _refuse(self, place: Place, text: str) -> None:
        self.problems.append(Problem(Kind.UNREADABLE, text, place))

    # -- rows of a table -----------------------------------------------------------------------------------------

    def _row(self, line: Line) -> None:
        cells = line.cells or ()
        filled = [cell for cell in cells if cell]
        if not filled or self._heading(cells):
            return
        if len(filled) == 1 and self._section(filled[0]):
            return
        columns = self._columns or self._by_position(cells)
        if columns is None or len(cells) < columns.width:
            self._not_a_row(line, f"{len(cells)} cells where {columns.width if columns else 6} are wanted")
            return
        module = (cells[columns.module] or self._above) if columns.module is not None else self._module
        self._above = module
        area = cells[columns.area]
        stated = [cells[at] or None if at is not None else None for at in columns.actions]
        if not area:
            self._not_a_row(line, "no row is named")
            return
        if columns.module is None:
            module, area = self._named(area)
        if self._tolerant and not any(stated) and self._spellings.rows(self._section_of(module), area) is None:
            self.passed_over.append(line.place)
            return
        add, edit, delete, inquire = stated
        self.statements.append(Statement(line.place, module, area, (add, edit, delete, inquire)))

    def _section_of(self, module: str | None) -> str | None:
        return self._spellings.module(module) if module else None

    def _not_a_row(self, line: Line, why: str) -> None:
        """Refuse a line of cells that speaks of levels; pass over any other where text may surround the table."""
        cells = line.cells or ()
        speaks = any(cell and self._spellings.level(cell) for cell in cells)
        if not speaks and (self._tolerant or self._columns is None):
            self.passed_over.append(line.place)
        else:
            self._refuse(line.place, f"{why}: {quoted(line.text)}")

    def _heading(self, cells: Sequence[str]) -> bool:
        """Take the line as a table's heading if it is one."""
        meanings = [self._spellings.column(cell) if cell else None for cell in cells]
        actions = tuple(meanings.index(action) if action in meanings else None for action in ACTIONS)
        if sum(at is not None for at in actions) < 2:
            return False
        module = meanings.index("module") if "module" in meanings else None
        named = next((at for at, cell in enumerate(cells) if cell and self._spellings.module(cell)), None)
        area = meanings.index("area") if "area" in meanings else None
        if area is None:
            first = min(at for at in actions if at is not None)
            free = [at for at in range(first) if at != module]
            area = free[0] if free else None
        if area is None:
            area, module = (module if module is not None else 0), None
        if module is None and named is not None:
            self._module = self._spellings.module(cells[named])
        self._columns, self._above, self.headed = Columns(actions, area, module), None, True
        return True

    def _by_position(self, cells: Sequence[str]) -> Columns | None:
        """The columns of a table without a heading: module, row and four levels, or row and four levels."""
        width = 6 if len(cells) >= 6 else 5
        levels = cells[width - 4 : width]
        if len(cells) < 5 or not all(not cell or self._spellings.level(cell) for cell in levels) or not any(levels):
            return None
        self._columns = Columns(tuple(range(width - 4, width)), width - 5, width - 6 if width == 6 else None)
        return self._columns

    def _section(self, text: str) -> bool:
        """Take a module's name that stands alone as the heading of what follows."""
        module = self._spellings.module(text) or self._spellings.module(MODULE_WORD.sub("", text))
        if module is None or (self._module and self._spellings.rows(self._module, text)):
            return False
        self._module = self._above = module
        return True

    # -- lines without cells -------------------------------------------------------------------------------------

    def _loose(self, place: Place, text: str, raw: str) -> None:
        if not text or self._section(text):
            return
        if self._path(place, text) or self._words_heading(text) or self._words(place, text):
            return
        if self._tolerant or raw.startswith("#"):
            self.passed_over.append(place)
        else:
            self._refuse(place, f"no row of a role: {quoted(text)}")

    def _path(self, place: Place, text: str) -> bool:
        """`Module > Row > Inquire Level=All`, one level or several."""
        parts = [part for part in ARROW.split(text) if part]
        if len(parts) < 2:
            return False
        stated = list(STATED.finditer(text))
        head = text[: stated[0].start()] if stated else text
        parts = [part.strip(" :,-") for part in ARROW.split(head)]
        names = [part for part in parts if part and not HEADINGS.match(part)]
        module = self._spellings.module(names[-2]) if len(names) > 1 else None
        if module is None:
            return False
        area = names[-1]
        if not stated or self._leftover(text, stated):
            known = self._spellings.rows(module, area)
            if known:
                self._refuse(place, f"its levels cannot be read: {quoted(text)}")
            return known is not None
        for one in stated:
            cells: list[str | None] = [None] * 4
            cells[ACTIONS.index(one[1].lower())] = one[2]
            add, edit, delete, inquire = cells
            statement = Statement(place, module, area, (add, edit, delete, inquire), partial=True)
            self.statements.append(statement)
        return True

    @staticmethod
    def _leftover(text: str, stated: Sequence[re.Match[str]]) -> bool:
        """Whether a path says more than the levels that were understood."""
        ends = [one.end() for one in stated]
        starts = [one.start() for one in stated[1:]] + [len(text)]
        return not all(BETWEEN.fullmatch(text, end, start) for end, start in zip(ends, starts, strict=True))

    def _words_heading(self, text: str) -> bool:
        """A heading whose cells are only words: `Companies Add Level Edit Level Delete Level Inquire Level`."""
        found = list(HEADINGS.finditer(text))
        order = tuple(one[1].lower() for one in found)
        if len(order) < 2 or len(set(order)) < len(order):
            return False
        if "".join(HEADINGS.sub("", text[found[0].start() :]).split()):
            return False
        module = self._spellings.module(text[: found[0].start()])
        self._module = module or self._module
        self._order, self.headed = order, True
        return True

    def _words(self, place: Place, text: str) -> bool:
        """A row whose cells are only words: its name, then as many levels as the heading has columns."""
        words = text.split()
        order = self._order or ACTIONS
        levels = 0
        while levels < min(len(order), len(words) - 1) and self._spellings.level(words[-1 - levels]):
            levels += 1
        if not levels:
            return False
        module, area = self._named(" ".join(words[: len(words) - levels]))
        if levels < len(order):
            known = self._spellings.rows(module, area)
            if known:
                self._refuse(place, f"{levels} levels where {len(order)} are wanted: {quoted(text)}")
            return known is not None
        if module is None and not self._order and self._spellings.rows(None, area) is None:
            return False
        cells = dict(zip(order, words[len(words) - levels :], strict=True))
        add, edit, delete, inquire = (cells.get(action) for action in ACTIONS)
        self.statements.append(Statement(place, module, area, (add, edit, delete, inquire)))
        return True

    def _named(self, text: str) -> tuple[str | None, str]:
        """Module and row of a name that may carry its module: `Companies > Contacts`, `Companies Contacts`."""
        parts = [part for part in ARROW.split(text) if part]
        if len(parts) == 2 and self._spellings.module(parts[0]):
            return parts[0], parts[1]
        if self._module is None or self._spellings.rows(self._module, text) is None:
            apart = self._spellings.split(text)
            if apart:
                return apart
        return self._module, text
