"""Lines and their cells: CSV, Markdown tables, tab-separated text, and lines that have no separator.

Knows how cells are set apart, and takes a spelling book only to tell which separator a file uses; looks up no row.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mockcw.permissions.rolefile.result import Kind, Place, Problem, quoted
from mockcw.permissions.rolefile.spelling import ACTIONS, Spellings

SEPARATORS = {"\t": "tsv", "|": "md", ";": "csv", ",": "csv"}
LONGEST_QUOTED_CELL = 8  # lines; a quotation mark that is not closed by then was none
SAMPLE = 1000  # lines that are looked at to tell a separator
LONGEST_LINE = 4000  # characters, a column of reasons among them
RULE_LINE = re.compile(r"[\s|:+=_-]*")
PIPE = re.compile(r"(?<!\\)\|")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
TAG = re.compile(r"<[^<>]*>")
ADORNMENT = re.compile(r"[*`~]+|(?<!\w)_+|_+(?!\w)")
DRESSED = re.compile(r"[*`~_<&\[\\]|\s\s")


class Line(NamedTuple):
    """A line of the file; `cells` is None where nothing sets cells apart."""

    place: Place
    text: str
    cells: Sequence[str] | None


def separator(lines: Sequence[str], spellings: Spellings) -> str | None:
    """The character that sets cells apart in most lines that speak of levels; None where no line has one.

    A comma or semicolon counts only where half of all lines have two of them, since prose has commas too.
    """
    filled = [line for line in lines if len(line) <= LONGEST_LINE and line.strip()]
    best, most = None, 0
    for mark, form in SEPARATORS.items():
        divided = [line for line in filled if line.count(mark) >= 2]
        if form == "csv" and 2 * len(divided) < len(filled):
            continue
        every = len(divided) // SAMPLE + 1
        count = sum(speaks(line.split(mark), spellings) for line in divided[::every])
        if count > most:
            best, most = mark, count
    return best


def speaks(cells: Sequence[str], spellings: Spellings) -> bool:
    """Whether a line has the heading of an action or a level in one of its cells."""
    plain = (undressed(cell.strip(' "')) for cell in cells)
    return any(cell and (spellings.level(cell) or spellings.column(cell) in ACTIONS) for cell in plain)


def undressed(text: str) -> str:
    """A cell without the marks of Markdown and HTML and without doubled blanks."""
    if not DRESSED.search(text):
        return text.strip()
    plain = TAG.sub(" ", LINK.sub(r"\1", text.replace("\\|", "|")))
    plain = ADORNMENT.sub("", html.unescape(plain))
    return " ".join(plain.split())


class Undressed(dict[str, str]):
    """Cells as they came and as they are without their dress: files repeat the same few."""

    def __missing__(self, text: str) -> str:
        self[text] = plain = undressed(text)
        return plain


def split(text: str, mark: str | None, problems: list[Problem]) -> Iterator[Line]:
    """The lines with their cells; what cannot be taken apart goes to `problems`. Blank lines and rules are left out."""
    lines, plain = text.split("\n"), Undressed()
    form = SEPARATORS[mark] if mark else None
    at = 0
    while at < len(lines):
        line, place = lines[at], Place(at + 1)
        at += 1
        if len(line) > LONGEST_LINE:
            problems.append(Problem(Kind.UNREADABLE, f"longer than any row: {len(line)} characters", place))
            continue
        if RULE_LINE.fullmatch(line) and (mark != "\t" or "\t" not in line):
            continue
        opens = line.startswith('"') and form == "csv"  # a first cell of several lines
        if mark is None or (mark not in line and not opens):
            yield Line(place, line, None)
        elif mark == "|":
            yield Line(place, line, piped(line, plain))
        elif '"' not in line:
            yield Line(place, line, [plain[cell] for cell in line.split(mark)])
        else:
            cells, more = quoted_cells(lines, at - 1, mark)
            at += more
            if cells is not None:
                yield Line(place, line, [plain[cell] for cell in cells])
            elif mark == "\t":
                yield Line(place, line, [plain[cell] for cell in line.split(mark)])
            else:
                problems.append(Problem(Kind.UNREADABLE, f"its quotation marks do not pair: {quoted(line)}", place))


def piped(line: str, plain: Undressed) -> list[str]:
    """The cells of a line of a Markdown table."""
    cells = [plain[cell] for cell in (PIPE.split(line) if "\\" in line else line.split("|"))]
    first = 1 if not cells[0] and line.lstrip().startswith("|") else 0
    last = len(cells) - 1 if not cells[-1] and len(cells) > 1 else len(cells)
    return cells[first:last]


def quoted_cells(lines: Sequence[str], at: int, mark: str) -> tuple[list[str] | None, int]:
    """The cells of a record with quotation marks, and how many more lines it takes; None if the marks do not pair."""
    for more in range(min(LONGEST_QUOTED_CELL, len(lines) - at)):
        try:
            rows = list(csv.reader(["\n".join(lines[at : at + more + 1])], delimiter=mark, strict=True))
        except csv.Error:
            continue
        return rows[0] if rows else [], more
    return None, 0
