"""Reads a role file: recognises its form and hands its statements on. Opens no file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mockcw.catalogue.areas import Area
from mockcw.permissions.rolefile.assemble import Assembly
from mockcw.permissions.rolefile.lines import SEPARATORS, separator, split
from mockcw.permissions.rolefile.records import read_records
from mockcw.permissions.rolefile.result import Kind, Problem, RoleFile
from mockcw.permissions.rolefile.sheet import Sheet
from mockcw.permissions.rolefile.spelling import Spellings
from mockcw.permissions.rolefile.statement import Statement
from mockcw.permissions.rolefile.text import NoText, decode

JSON = re.compile(r"\s*(?:\{|\[\s*(?:[{\]]|$))")
WORDS = "text"


def read_role(data: bytes, areas: Sequence[Area], *, lenient: bool = False) -> RoleFile:
    """The role that a file states, with what is wrong with it; nothing is raised for a bad file.

    A file with errors gives no rows unless the reading is lenient; each error then fails closed (None, or the lower of
    two levels). A file in which nothing reads as a role never gives rows.
    """
    try:
        text, problems = decode(data)
    except NoText as error:
        return RoleFile("none", {}, (Problem(Kind.NO_ROLE, str(error)),))
    spellings = Spellings(areas)
    if JSON.match(text):
        form, (statements, more) = "json", read_records(text)
    else:
        form, statements, more = read_text(text, spellings)
    assembly = Assembly(areas, spellings, [*problems, *more])
    assembly.take(statements)
    return assembly.result(form, lenient=lenient)


def read_text(text: str, spellings: Spellings) -> tuple[str, list[Statement], list[Problem]]:
    """The form of a text that is not JSON, its statements, and what could not be read."""
    mark = separator(text.split("\n"), spellings)
    form = SEPARATORS[mark] if mark else WORDS
    sheet = Sheet(spellings, tolerant=form != "csv")
    problems: list[Problem] = []
    for line in split(text, mark, problems):
        sheet.read(line)
    problems += sheet.problems
    if sheet.passed_over:
        text = f"no part of a matrix and passed over; lines like this: {len(sheet.passed_over)}"
        problems.append(Problem(Kind.NOT_READ, text, sheet.passed_over[0]))
    if not sheet.statements and not problems and sheet.headed:
        problems.append(Problem(Kind.NO_LEVEL, "the table has a heading and no rows: every level is None"))
    elif not sheet.statements and not any(one.refuses for one in problems):
        problems.append(Problem(Kind.NO_ROLE, "nothing in the file reads as a row of a role"))
    return form, sheet.statements, problems
