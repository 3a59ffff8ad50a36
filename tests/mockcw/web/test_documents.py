"""Uploads over a socket, with the exact bytes of clients in the wild."""

from __future__ import annotations

import pytest

from mockcw import Live
from tests.mockcw.web.wire import Answer, Wire

DOCUMENTS = "/system/documents"
BOUNDARY = "0f9bd2d5-9c83-4a4b-8e3f-1c0b6f1a7b11"
CONTENT = bytes(range(256)) * 3 + b"\r\n--almost\r\n\x00\r"


def powershell(ending: bytes, content: bytes | None, url: str = "") -> bytes:
    """The form as the PowerShell module writes it: `Out-String` ends the lines, one header lacks its closing quote."""
    fields = [
        ('name="recordType"', "Company"),
        ('name="recordId"', "1"),
        ('name="Title"', "From PowerShell"),
        ('name="PrivateFlag', "True"),
        ('name="ReadOnlyFlag"', "False"),
        ('name="isAvatar"', "False"),
    ]
    lines: list[bytes] = []
    for name, value in fields:
        lines += [f"--{BOUNDARY}".encode(), f"Content-Disposition: form-data; {name}".encode(), b"", value.encode()]
    lines.append(f"--{BOUNDARY}".encode())
    if content is None:
        lines += [b'Content-Disposition: form-data; name="url"', b"", url.encode()]
    else:
        lines.append(b'Content-Disposition: form-data; name="file"; filename="report.bin"')
        lines += [b"Content-Type: application/octet-stream", b"", content]
    lines.append(f"--{BOUNDARY}--".encode())
    return b"".join(line + ending for line in lines)


def post(wire: Wire, body: bytes) -> Answer:
    return wire.post(DOCUMENTS, body, f'multipart/form-data; boundary="{BOUNDARY}"')


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["Linux", "Windows"])
def test_the_powershell_module_uploads_a_file(wire: Wire, ending: bytes) -> None:
    made = post(wire, powershell(ending, CONTENT))
    assert made.status == 201, made.body
    record = made.json()
    assert (record["title"], record["fileName"], record["size"]) == ("From PowerShell", "report.bin", len(CONTENT))
    assert (record["publicFlag"], record["readOnlyFlag"]) == (False, False)
    fetched = wire.get(f"{DOCUMENTS}/{record['id']}/download")
    assert fetched.body == CONTENT
    assert fetched.headers["content-disposition"] == 'attachment; filename="report.bin"'
    assert [one["id"] for one in wire.get(f"{DOCUMENTS}?recordType=Company&recordId=1").json()] == [record["id"]]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["Linux", "Windows"])
def test_the_powershell_module_links_a_url(wire: Wire, ending: bytes) -> None:
    made = post(wire, powershell(ending, None, "https://wiki.test/a?b=c&d=é")).json()
    assert (made["urlFlag"], made["fileName"]) == (True, "https://wiki.test/a?b=c&d=é")


def test_a_large_file_passes_whole(wire: Wire) -> None:
    content = b"\r\n--x".join([CONTENT] * 5000)
    made = post(wire, powershell(b"\r\n", content)).json()
    assert made["size"] == len(content)
    assert wire.get(f"{DOCUMENTS}/{made['id']}/download").body == content


def test_a_form_over_the_limit_is_413(wire: Wire, live: Live) -> None:
    large = b"x" * (live.emulator.settings.largest_body + 1)
    assert post(wire, powershell(b"\n", large)).status == 413


@pytest.mark.parametrize("cut", [1, 60, 200, 500])
def test_a_form_that_breaks_off_is_a_refusal_and_no_fault(wire: Wire, cut: int) -> None:
    assert post(wire, powershell(b"\n", CONTENT)[:cut]).status == 400
