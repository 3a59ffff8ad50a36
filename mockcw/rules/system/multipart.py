"""Bodies of multipart/form-data, read as tolerantly as real clients need and byte for byte.

Two shapes in the wild break the letter of the format (both captured): header values whose closing quote is missing, and
lines that end with LF only. The line end of a part's own header tells which one belongs to the boundary, so a file that
ends with CR keeps it. Knows no documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import unquote

BOUNDARY = re.compile(r";\s*boundary\s*=\s*(?:\"([^\"]+)\"?|([^\s;,]+))", re.IGNORECASE)
PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"((?:\\.|[^\"\\])*)\"?|([^;]*))")
ESCAPED = re.compile(r"\\([\"\\])")
HEADER_END = re.compile(rb"\r?\n[ \t]*\r?\n|\A\r?\n")
LINE_END = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
LF = 0x0A
MOST_PARTS = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its field name in small letters, the file name if it has one, its media type and its bytes."""

    name: str
    filename: str | None
    content_type: str
    content: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The bytes as text without blanks around it; bytes that are no UTF-8 are read as Latin-1."""
        try:
            return self.content.decode("utf-8").strip()
        except UnicodeDecodeError:
            return self.content.decode("latin-1").strip()


def boundary_of(content_type: str) -> bytes | None:
    """The boundary of a multipart/form-data header, quoted or not; None for another type or none."""
    if content_type.split(";", 1)[0].strip().lower() != "multipart/form-data":
        return None
    found = BOUNDARY.search(content_type)
    return (found[1] or found[2]).encode("latin-1", "replace") if found else None


def parts(boundary: bytes, body: bytes) -> Iterator[Part]:
    """The parts of a body, at most a thousand; what has no field name is passed over."""
    start: int | None = None
    for begin, end, last in islice(lines(boundary, body), MOST_PARTS):
        part = None if start is None else read(body[start:begin])
        if part is not None:
            yield part
        if last:
            return
        start = end
    part = None if start is None else read(body[start:])  # the closing line never came
    if part is not None:
        yield part


def lines(boundary: bytes, body: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each boundary line begins and ends, and whether it is the closing one."""
    mark = b"--" + boundary
    at = body.find(mark)
    while at >= 0:
        rest = LINE_END.match(body, at + len(mark)) if at == 0 or body[at - 1] == LF else None
        if rest is not None:
            yield at, rest.end(), rest[1] is not None
        at = body.find(mark, at + len(mark))


def read(raw: bytes) -> Part | None:
    """One part from its header on, the line end before the next boundary included."""
    end = HEADER_END.search(raw)
    if end is None:
        return None
    head, content = raw[: end.start()].decode("utf-8", "replace"), raw[end.end() :]
    ending = b"\r\n" if b"\r\n" in end[0] else b"\n"
    headers = dict(header.partition(":")[::2] for header in head.splitlines())
    named = {name.strip().lower(): value.strip() for name, value in headers.items()}
    given = parameters(named.get("content-disposition", ""))
    if not given.get("name"):
        return None
    filename = given.get("filename*", given.get("filename"))
    return Part(
        name=given["name"].lower(),
        filename=None if filename is None else re.split(r"[\\/]", filename)[-1],
        content_type=named.get("content-type", ""),
        content=content.removesuffix(ending),
    )


def parameters(disposition: str) -> dict[str, str]:
    """The parameters of a Content-Disposition, names in small letters; a missing closing quote is forgiven."""
    given = {}
    for name, quoted, plain in PARAMETER.findall(disposition):
        value = ESCAPED.sub(r"\1", quoted) if quoted else plain.strip()
        if name.endswith("*"):
            value = unquote(value.rsplit("'", 1)[-1])
        given[name.lower()] = value
    return given
