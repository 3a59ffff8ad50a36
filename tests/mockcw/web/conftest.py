"""An emulator on a port, and a wire to it that sends exactly the bytes it is given."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator

import pytest

from mockcw import Emulator, Live
from tests.mockcw.web.wire import Wire


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    """One server a process, for requests that leave its state alone or are bad."""
    with Emulator() as emulator, emulator.serve() as running:
        yield running


@pytest.fixture
def wire(live: Live) -> Iterator[Wire]:
    """A wire to the server; afterwards the server must still answer."""
    admin = live.emulator.member("admin")
    basic = base64.b64encode(f"training+{admin.public_key}:{admin.private_key}".encode()).decode()
    one = Wire(live.port, basic, admin.client_id)
    yield one
    live.emulator.reset()
    assert one.get("/system/info").status == 200, "the server must go on"


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """No socket of a test waits for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(20)
    yield
    socket.setdefaulttimeout(before)
