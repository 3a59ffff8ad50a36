"""From statements to a role: names are looked up, levels checked against the cells a row has, repetitions compared.

Whatever cannot be taken as it stands is a problem; where the reading is lenient it fails closed, to None or to the
lower of two levels. Knows no format.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mockcw.catalogue.areas import Area
from mockcw.permissions.rolefile.result import Kind, Place, Problem, RoleFile, RowName, quoted
from mockcw.permissions.rolefile.spelling import ACTIONS, Found, Spellings
from mockcw.permissions.rolefile.statement import Statement
from mockcw.permissions.roles import LEVELS, Levels

PROPOSALS = 500  # unknown rows for which the nearest name is looked for; more of them have another cause than spelling


class Assembly:
    """The role as it comes together."""

    def __init__(self, areas: Sequence[Area], spellings: Spellings, problems: Iterable[Problem]) -> None:
        self._areas = areas
        self._spellings = spellings
        self._problems = list(problems)
        self._cells: dict[RowName, dict[str, tuple[str, Place]]] = {}
        self._first: dict[RowName, Place] = {}
        self._ticks: dict[str, list[Place]] = {}
        self._aliases: set[str] = set()
        self._unknown = 0
        self._whole: dict[tuple[Area, ...], Statement] = {}

    def note(self, kind: Kind, text: str, place: Place | None, nearest: RowName | None = None) -> None:
        """Keep a remark."""
        self._problems.append(Problem(kind, text, place, nearest))

    def take(self, statements: Sequence[Statement]) -> None:
        """Take all statements of a file; those about single rows go before those about whole modules."""
        self._ambiguous = self._ambiguous_ticks(statements)
        for statement in statements:
            self._take(statement)
        for areas, statement in self._whole.items():
            self._take_whole(statement, areas)
        for tick, places in self._ticks.items():
            level = self._spellings.level(tick)
            text = f"{tick} is read as {level.level if level else None}; cells that have it: {len(places)}"
            self.note(Kind.TICKS, text, places[0])

    def result(self, form: str, *, lenient: bool) -> RoleFile:
        """The role, or none where something refuses it and the reading is not lenient."""
        order = {"line": 0, "entry": 1}
        problems = sorted(
            self._problems, key=lambda one: (order[one.place.what], one.place.number) if one.place else (2, 0)
        )
        refused = any(one.refuses for one in problems) and not lenient
        if refused or any(one.kind is Kind.NO_ROLE for one in problems):
            return RoleFile(form, {}, tuple(problems))
        rows = {}
        for area in self._areas:
            cells = self._cells.get((area.module, area.area), {})
            rows[area.module, area.area] = Levels(*(cells[one][0] if one in cells else "None" for one in ACTIONS))
        return RoleFile(form, rows, tuple(problems))

    # -- one statement -------------------------------------------------------------------------------------------

    def _take(self, statement: Statement) -> None:
        found = self._find(statement)
        if found is None:
            return
        if found.alias is not None and not found.every and found.alias.spelling not in self._aliases:
            self._aliases.add(found.alias.spelling)
            meant = f"{quoted(statement.area)} is read as {found.areas[0].area} ({found.alias.mark})"
            self.note(Kind.ALIAS, meant, statement.place)
        if found.every:
            self._whole[found.areas] = self._whole_again(found.areas, statement)
            return
        area = found.areas[0]
        stated = self._levels(statement, area)
        if not any(statement.cells):
            self.note(Kind.NO_LEVEL, f"{area.module} > {area.area} is named without any level", statement.place)
        self._merge(statement, (area.module, area.area), stated)

    def _find(self, statement: Statement) -> Found | None:
        """The rows a statement is about; a row that is not known and asks for something refuses the file."""
        module = self._spellings.module(statement.module) if statement.module else None
        found = None
        if module is not None or not statement.module:
            found = self._spellings.rows(module, statement.area)
        if found is None and statement.identifier:
            found = self._spellings.rows(None, statement.identifier)
        if found is not None:
            return found
        name = f"{statement.module} > {statement.area}" if statement.module else statement.area
        asks = [cell for cell in statement.cells if cell and self._spellings.level(cell) != ("None", "")]
        self._unknown += 1
        nearest = self._spellings.nearest(module, statement.area) if self._unknown <= PROPOSALS else None
        self.note(
            Kind.UNKNOWN_ROW if asks else Kind.NOT_READ,
            f"no row {quoted(name)}" + ("" if asks else ", and nothing is asked of it"),
            statement.place,
            (nearest.module, nearest.area) if nearest else None,
        )
        return None

    def _levels(self, statement: Statement, area: Area) -> dict[str, str]:
        """The levels a statement gives to a row.

        A level the row's cell does not offer is refused where the cells are documented, and kept with a note where
        they are only assumed: then the file is the better evidence.
        """
        levels, kept = {}, []
        row = f"{area.module} > {area.area}"
        for action, text in zip(ACTIONS, statement.cells, strict=True):
            if text is None:
                continue
            level = self._level(statement.place, row, action, text)
            offered = getattr(area, action)
            if level != "None" and level not in offered:
                if area.levels_mark == "documented":
                    has = f"offers {', '.join(offered)}" if offered else "is none the row has"
                    self.note(
                        Kind.IMPOSSIBLE_LEVEL,
                        f"{row}: {action.capitalize()} cannot be {level}: the cell {has}",
                        statement.place,
                    )
                    level = "None"
                else:
                    kept.append(f"{action.capitalize()} {level}")
            levels[action] = level
        if kept:
            text = f"{row}: {', '.join(kept)} kept, though the row is assumed not to have it"
            self.note(Kind.CELL_NOT_KNOWN, text, statement.place)
        return levels

    def _level(self, place: Place, row: str, action: str, text: str) -> str:
        """The level that a cell's text means; None, and a problem, where it is no level."""
        known = self._spellings.level(text)
        if known is None or (known.tick and known.tick in self._ambiguous):
            why = "no level" if known is None else "not clear beside the other ticks of the file"
            self.note(Kind.UNKNOWN_LEVEL, f"{row}: {action.capitalize()} is {quoted(text)}: {why}", place)
            return "None"
        if known.tick:
            self._ticks.setdefault(known.tick, []).append(place)
        return known.level

    def _merge(self, statement: Statement, row: RowName, stated: dict[str, str]) -> None:
        """Add to a row what is new, and compare what is said again."""
        cells = self._cells.setdefault(row, {})
        first = self._first.setdefault(row, statement.place)
        name, differing = " > ".join(row), []
        again = [action for action in stated if action in cells]
        for action in again:
            level, place = cells[action]
            if level != stated[action]:
                differing.append(f"{action.capitalize()} is {level} in {place} and {stated[action]} here")
                cells[action] = (min(level, stated[action], key=LEVELS.index), place)
        if differing:
            self.note(Kind.CONFLICT, f"{name}: {', '.join(differing)}", statement.place)
        elif again or (first != statement.place and not statement.partial):
            how = "repeats" if len(again) == len(stated) else "adds to"
            self.note(Kind.DUPLICATE, f"{name}: {how} {first}", statement.place)
        cells |= {action: (level, statement.place) for action, level in stated.items() if action not in again}

    def _whole_again(self, areas: tuple[Area, ...], statement: Statement) -> Statement:
        """What is said of a whole module, together with what was said before; the lower level where they differ."""
        before = self._whole.get(areas)
        if before is None:
            return statement
        cells, differ = [], False
        for one, other in zip(before.cells, statement.cells, strict=True):
            known = [(text, self._spellings.level(text)) for text in (one, other) if text]
            differ |= len({cell for _, cell in known}) > 1
            known.sort(key=lambda said: LEVELS.index(said[1].level) if said[1] else -1)
            cells.append(known[0][0] if known else None)
        text = f"all rows of {areas[0].module}: {'not' if differ else 'beside'} what {before.place} says"
        self.note(Kind.CONFLICT if differ else Kind.DUPLICATE, text, statement.place)
        add, edit, delete, inquire = cells
        return before._replace(cells=(add, edit, delete, inquire))

    def _take_whole(self, statement: Statement, areas: Sequence[Area]) -> None:
        """Give the levels to every row of a module that has such cells and is not stated on its own."""
        own = [area for area in areas if (area.module, area.area) in self._cells]
        others = [area for area in areas if area not in own]
        without = 0
        for action, text in zip(ACTIONS, statement.cells, strict=True):
            if text is None:
                continue
            level = self._level(statement.place, f"{areas[0].module} > all rows", action, text)
            for area in others:
                offered = getattr(area, action)
                if level == "None" or level in offered:
                    cells = self._cells.setdefault((area.module, area.area), {})
                    cells[action] = (level, statement.place)
                else:
                    without += 1
        text = f"all rows of {areas[0].module}: {len(others)}"
        text += f", beside {len(own)} stated on their own" if own else ""
        text += f"; cells that do not have the level and stay None: {without}" if without else ""
        self.note(Kind.WHOLE_MODULE, text, statement.place)

    def _ambiguous_ticks(self, statements: Sequence[Statement]) -> frozenset[str]:
        """An x says yes or no: beside other ticks or crosses nobody can tell which."""
        known = (self._spellings.level(cell) for statement in statements for cell in statement.cells if cell)
        used = {one.tick for one in known if one and one.tick}
        return frozenset({"x"}) if "x" in used and len(used) > 1 else frozenset()
