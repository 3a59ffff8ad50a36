"""The text of a file, whatever its encoding: UTF-8 and UTF-16 with or without a mark, Windows-1252, or a mixture.

Knows nothing of roles.
"""

from __future__ import annotations

import codecs
import unicodedata

from mockcw.permissions.rolefile.result import Kind, Place, Problem

LARGEST = 8 * 1024 * 1024  # bytes; 10,000 rows take about one
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
OTHER_FILES = (
    (b"PK\x03\x04", "an Excel or Word file: save the sheet as CSV, or copy the table and save it as text"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file: save the sheet as CSV, or copy the table and save it as text"),
    (b"%PDF", "a PDF: copy the table out of it and save it as text"),
)
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff"))
AS_TYPED = DASHES | BLANKS | INVISIBLE


class NoText(ValueError):
    """The file is no text; the message says what it is and what to do."""


def decode(data: bytes) -> tuple[str, list[Problem]]:
    """The text with plain dashes, blanks and line ends, and what is worth saying about its encoding. Raises NoText."""
    if len(data) > LARGEST:
        raise NoText(f"the file has {len(data)} bytes and no role has more than {LARGEST}")
    for start, what in OTHER_FILES:
        if data.startswith(start):
            raise NoText(f"this is {what}")
    text, problems = letters(data)
    if "\0" in text:
        raise NoText("the file holds zero bytes: it is no text")
    text = unicodedata.normalize("NFKC", text).translate(AS_TYPED)
    return text.replace("\r\n", "\n").replace("\r", "\n"), problems


def letters(data: bytes) -> tuple[str, list[Problem]]:
    """The characters of the bytes."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return wide(data[len(mark) :], encoding) if "16" in encoding else narrow(data[len(mark) :])
    zeros = (data[0:512:2].count(0), data[1:512:2].count(0))
    if max(zeros) > len(data[:512]) // 5:
        return wide(data, "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le")
    return narrow(data)


def wide(data: bytes, encoding: str) -> tuple[str, list[Problem]]:
    """Text of two bytes a character."""
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as error:
        raise NoText(f"the file starts as {encoding.upper()} and is broken at byte {error.start}") from None


def narrow(data: bytes) -> tuple[str, list[Problem]]:
    """UTF-8, or line by line what each line is where not all of it is UTF-8."""
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    lines, other, problems = [], [], []
    raw = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for number, line in enumerate(raw, 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            try:
                lines.append(line.decode("cp1252"))
                other.append(number)
            except UnicodeDecodeError:
                lines.append("")
                problems.append(Problem(Kind.UNREADABLE, "the line is neither UTF-8 nor Windows-1252", Place(number)))
    if other:
        text = f"not UTF-8 and read as Windows-1252; lines like this: {len(other)}"
        problems.append(Problem(Kind.ENCODING, text, Place(other[0])))
    return "\n".join(lines), problems
