"""How people write the names of modules, rows, columns and levels, and which of the catalogue's each one means.

Knows the other spellings as data (`role-names.tsv`, each with a mark); does not know what a file looks like.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mockcw.catalogue.areas import Area
from mockcw.catalogue.load import read_lines

ACTIONS = ("add", "edit", "delete", "inquire")
EVERY_ROW = "*"
LIKENESS = 0.4  # a share of common letter triples below which a name is not worth proposing
SAME_MODULE = 0.15
LONGEST_NAME = 80  # characters; the longest there is has 34, and some carry a remark in brackets
LONGEST_MODULE = 3  # words, `and` among them
BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
WORDS = re.compile(r"[^\W_]+")
NAMED_LEVEL = re.compile(r"(?:(?:add|edit|delete|inquire)\s*)?(?:level\s*)?[=:]\s*", re.IGNORECASE)


class Spelling(NamedTuple):
    """One line of the data: what a spelling means and how well that is known."""

    kind: str
    module: str
    spelling: str
    meaning: str
    mark: str
    evidence: str


class Cell(NamedTuple):
    """What a cell says: None, My or All, and `tick` where the file ticked instead of naming a level."""

    level: str
    tick: str = ""


class Found(NamedTuple):
    """The rows a name means: one, or all of a module; `alias` is the line of data that says so, if one does."""

    areas: tuple[Area, ...]
    every: bool = False
    alias: Spelling | None = None


def key(text: str) -> str:
    """A name without case, blanks, dashes, `and` and plural endings, so that equal names compare equal."""
    words = WORDS.findall(unicodedata.normalize("NFKC", text).casefold())
    return "".join(singular(word) for word in words if word != "and")


def singular(word: str) -> str:
    """A word without its plural ending, well enough to compare by."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


class Spellings:
    """The names of the catalogue's role rows, and every other way of writing them that is known.

    Answers are remembered as long as the book lives, which is for one file: files say the same few words many times.
    """

    def __init__(self, areas: Sequence[Area]) -> None:
        known = [Spelling(*line.split("\t")) for line in read_lines("role-names.tsv")]
        self._modules = {key(area.module): area.module for area in areas}
        self._modules |= {key(one.spelling): one.meaning for one in known if one.kind == "module"}
        self._columns = {one.spelling: one.meaning for one in known if one.kind == "column"}
        self._levels = {one.spelling: Cell(one.meaning) for one in known if one.kind == "level"}
        self._levels |= {
            one.spelling: Cell(one.meaning, one.spelling) for one in known if one.kind in ("tick", "cross")
        }
        self.crosses = frozenset(one.spelling for one in known if one.kind == "cross")
        self._rows = self._plain(areas) | self._aliases(areas, [one for one in known if one.kind == "row"])
        self._by_row: dict[str, list[Area]] = {}
        for area in areas:
            self._by_row.setdefault(key(area.area), []).append(area)
        self._likeness = Likeness(areas)
        self._column_said: dict[str, str | None] = {}
        self._module_said: dict[str, str | None] = {}
        self._level_said: dict[str, Cell | None] = {}
        self._row_said: dict[tuple[str | None, str], Found | None] = {}

    @staticmethod
    def _plain(areas: Iterable[Area]) -> dict[tuple[str, str], Found]:
        names = {(area.module, key(area.area)): Found((area,)) for area in areas}
        return names | {("", key(area.key)): Found((area,)) for area in areas}

    @staticmethod
    def _aliases(areas: Sequence[Area], known: Iterable[Spelling]) -> dict[tuple[str, str], Found]:
        names = {}
        for one in known:
            for module in {area.module for area in areas if one.module in ("", area.module)}:
                every = one.meaning == EVERY_ROW
                meant = tuple(area for area in areas if area.module == module and (every or area.area == one.meaning))
                names[module, key(one.spelling)] = Found(meant, every, one)
        return names

    def module(self, text: str) -> str | None:
        """The catalogue's module of this name; None where it is none."""
        if len(text) > LONGEST_NAME:
            return None
        if text not in self._module_said:
            found = self._modules.get(key(text))
            if found is None and text.endswith((")", "]")):
                found = self._modules.get(key(BRACKETS.sub("", text)))
            self._module_said[text] = found
        return self._module_said[text]

    def column(self, text: str) -> str | None:
        """What a column headed so holds: module, area, add, edit, delete, inquire; None for any other."""
        if text not in self._column_said:
            words = " ".join(text[:LONGEST_NAME].casefold().split())
            self._column_said[text] = self._columns.get(words) or self._columns.get(words.removesuffix(" level"))
        return self._column_said[text]

    def level(self, text: str) -> Cell | None:
        """What a cell says; None where that is no level. A blank cell says nothing and is not asked for."""
        if text not in self._level_said:
            words = text.strip().casefold()
            found = self._levels.get(words)
            if found is None and len(text) <= LONGEST_NAME:
                plain = BRACKETS.sub("", words).strip()
                found = self._levels.get(plain) or self._levels.get(NAMED_LEVEL.sub("", plain, count=1).strip())
            self._level_said[text] = found
        return self._level_said[text]

    def rows(self, module: str | None, text: str) -> Found | None:
        """The rows that `text` means within a module, or anywhere if it is clear which; None where there are none."""
        if len(text) > LONGEST_NAME:
            return None
        if (module, text) not in self._row_said:
            found = self._rows_named(module, key(text))
            if found is None and (plain := BRACKETS.sub("", text)) != text:
                found = self._rows_named(module, key(plain))
            self._row_said[module, text] = found
        return self._row_said[module, text]

    def _rows_named(self, module: str | None, spelt: str) -> Found | None:
        found = self._rows.get((module or "", spelt)) if spelt else None
        if found is None and module is None and len(self._by_row.get(spelt, ())) == 1:
            found = Found((self._by_row[spelt][0],))
        return found

    def split(self, text: str) -> tuple[str, str] | None:
        """Module and row of a text that starts with the module's name; None where it does not."""
        words = text.split()
        for count in range(min(len(words) - 1, LONGEST_MODULE), 0, -1):
            module = self.module(" ".join(words[:count]))
            if module is not None and self.rows(module, " ".join(words[count:])):
                return module, " ".join(words[count:])
        return None

    def nearest(self, module: str | None, text: str) -> Area | None:
        """The row whose name is most like `text`, those of the module before others; None where none is like it."""
        return self._likeness.nearest(module, text)


class Likeness:
    """Finds names by the triples of letters they share: fast enough for thousands of unknown names."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._areas = areas
        self._sizes: list[int] = []
        self._holders: Mapping[str, list[int]] = {}
        holders: dict[str, list[int]] = {}
        for place, area in enumerate(areas):
            triples = self.triples(area.area)
            self._sizes.append(len(triples))
            for triple in triples:
                holders.setdefault(triple, []).append(place)
        self._holders = holders

    @staticmethod
    def triples(text: str) -> set[str]:
        """The runs of three letters of a name, its ends marked."""
        padded = f"^{key(text)[:80]}$"
        return {padded[at : at + 3] for at in range(len(padded) - 2)}

    def nearest(self, module: str | None, text: str) -> Area | None:
        """The area that shares most; None below `LIKENESS`."""
        triples = self.triples(BRACKETS.sub("", text))
        shared = Counter(place for triple in triples for place in self._holders.get(triple, ()))
        best, score = None, LIKENESS
        for place, count in shared.items():
            area = self._areas[place]
            likeness = 2 * count / (self._sizes[place] + len(triples))
            likeness += SAME_MODULE if area.module == module else 0
            if likeness > score:
                best, score = area, likeness
        return best
