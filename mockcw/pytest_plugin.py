"""Fixtures for people who test against the emulator: `cw` in process, `cw_server` on a port.

    def test_sync(cw):
        http = httpx.Client(transport=cw.transport(), base_url=cw.api_url, auth=cw.auth("sonicsaas"),
                            headers={"clientId": cw.client_id("sonicsaas")})

The emulator is imported when a fixture is first used, so that installing mockcw costs other test suites nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mockcw.emulator import Emulator, Live


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the plugin's settings."""
    parser.addini("mockcw_demo", "demo data of the cw fixtures: empty, small, msp, large, or a number", default="small")
    parser.addini("mockcw_seed", "seed of the demo data and keys of the cw fixtures", default="1")


@pytest.fixture
def cw(pytestconfig: pytest.Config) -> Iterator[Emulator]:
    """A fresh emulator in process."""
    with build(pytestconfig) as emulator:
        yield emulator


@pytest.fixture
def cw_server(pytestconfig: pytest.Config) -> Iterator[Live]:
    """A fresh emulator on a port, with TLS."""
    with build(pytestconfig) as emulator, emulator.serve(tls=True) as live:
        yield live


def build(config: pytest.Config) -> Emulator:
    """An emulator as the ini file asks for."""
    from mockcw.emulator import Emulator

    demo = str(config.getini("mockcw_demo"))
    return Emulator(int(demo) if demo.isdigit() else demo, int(str(config.getini("mockcw_seed"))))
