"""Multipart bodies: whatever bytes a file has, they arrive; broken forms of real clients are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.rules.system.multipart import boundary_of, parts

BOUNDARY = b"6f0e2a4c-8d4e-4b58-9c0a-2b7c1c6f9a10"
ENDINGS = st.sampled_from([b"\n", b"\r\n"])


def body(ending: bytes, *fields: tuple[bytes, bytes]) -> bytes:
    """A body of fields, each a Content-Disposition tail and a content."""
    lines: list[bytes] = []
    for tail, content in fields:
        lines += [b"--" + BOUNDARY, b"Content-Disposition: form-data; " + tail, b"", content]
    return ending.join([*lines, b"--" + BOUNDARY + b"--", b""])


@given(content=st.binary(max_size=300), ending=ENDINGS)
def test_a_file_arrives_byte_for_byte(content: bytes, ending: bytes) -> None:
    raw = body(ending, (b'name="file"; filename="a.bin"', content), (b'name="title"', b"x"))
    found = list(parts(BOUNDARY, raw))
    assert [(part.name, part.content) for part in found] == [("file", content), ("title", b"x")]
    assert found[0].filename == "a.bin"


@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    list(parts(b"x", raw))
    list(parts(b"x", b"--x\r\n" + raw))
    list(parts(b"x", b"--x\r\nContent-Disposition: form-data; name=" + raw + b"\r\n\r\n\r\n--x--"))


@pytest.mark.parametrize(
    ("header", "boundary"),
    [
        ('multipart/form-data; boundary="a b"', b"a b"),
        ("multipart/form-data; boundary=ab", b"ab"),
        ("Multipart/Form-Data; charset=utf-8; BOUNDARY=ab; x=y", b"ab"),
        ('multipart/form-data; boundary="ab', b"ab"),
        ("multipart/form-data", None),
        ("application/json", None),
        ("", None),
    ],
)
def test_the_boundary_may_be_quoted_or_not(header: str, boundary: bytes | None) -> None:
    assert boundary_of(header) == boundary


@pytest.mark.parametrize(
    ("tail", "name", "filename"),
    [
        (b'name="PrivateFlag', "privateflag", None),
        (b"name=RecordId", "recordid", None),
        (b'name="file"; filename="C:\\dir\\a.txt"', "file", "a.txt"),
        (b'name="file"; filename="say \\"hi\\".txt"', "file", 'say "hi".txt'),
        (b'name="file"; filename="a.txt"; filename*=UTF-8\'\'%C3%A9.txt', "file", "é.txt"),
        (b'filename="a.txt"; name="file"', "file", "a.txt"),
    ],
)
def test_names_are_read_however_they_are_written(tail: bytes, name: str, filename: str | None) -> None:
    [part] = parts(BOUNDARY, body(b"\r\n", (tail, b"v")))
    assert (part.name, part.filename, part.text) == (name, filename, "v")


def test_a_body_that_was_cut_off_gives_what_arrived() -> None:
    whole = body(b"\r\n", (b'name="a"', b"1"), (b'name="b"', b"2"))
    assert [part.name for part in parts(BOUNDARY, whole[: whole.rindex(b"--" + BOUNDARY)])] == ["a", "b"]


def test_what_has_no_field_name_is_passed_over() -> None:
    raw = b"--x\r\n\r\nnameless\r\n--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"
    assert list(parts(b"x", raw)) == []
