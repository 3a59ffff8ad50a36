"""Forms as clients send them, for the tests of this folder."""

from __future__ import annotations

from typing import Any

import httpx

from tests.mockcw.caller import Caller

DOCUMENTS = "/system/documents"
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def send(caller: Caller, path: str, data: dict[str, str], file: tuple[str, bytes] | None = None) -> httpx.Response:
    """POST a form with an optional file."""
    files: Any = {"file": file} if file else {"": (None, b"")}
    return caller.http.post(path, data=data, files=files)


def upload(caller: Caller, kind: str, number: int, name: str = "a.txt", content: bytes = b"hello", **data: str) -> Any:
    """A new document on a record."""
    made = send(caller, DOCUMENTS, {"recordType": kind, "recordId": str(number), **data}, (name, content))
    assert made.status_code == 201, made.text
    return made.json()
