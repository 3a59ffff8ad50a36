"""Fixtures for people who test against the emulator: `cw` in process, `cw_server` on a port.

    def test_sync(cw):
        http = httpx.Client(transport=cw.transport(), base_url=cw.api_url, auth=cw.auth("sonicsaas"),
                            headers={"clientId": cw.client_id("sonicsaas")})

`--mockcw-unread=warn` tells at the end of a run what of the tests' requests the emulator did not read, `fail` also lets
each such test fail. The emulator is imported when a fixture is first used, so that installing mockcw costs other test
suites nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockcw.emulator import Emulator, Live

OFF, WARN, FAIL = "off", "warn", "fail"
UNREAD = "mockcw_unread"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the plugin's settings."""
    parser.addini("mockcw_demo", "demo data of the cw fixtures: empty, small, msp, large, or a number", default="small")
    parser.getgroup("mockcw").addoption(
        "--mockcw-unread",
        choices=(OFF, WARN, FAIL),
        default=OFF,
        help="fields, query parameters and condition terms that the cw fixtures' emulators did not read: tell, or fail",
    )
    parser.addini("mockcw_seed", "seed of the demo data and keys of the cw fixtures", default="1")


@pytest.fixture
def cw(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Iterator[Emulator]:
    """A fresh emulator in process."""
    with build(pytestconfig) as emulator:
        yield emulator
        look(request, emulator)


@pytest.fixture
def cw_server(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Iterator[Live]:
    """A fresh emulator on a port, with TLS."""
    with build(pytestconfig) as emulator, emulator.serve(tls=True) as live:
        yield live
        look(request, emulator)


def look(request: pytest.FixtureRequest, emulator: Emulator) -> None:
    """Note with the test what nobody read of its requests; fail where that is asked for."""
    how = request.config.getoption("mockcw_unread")
    found = [] if how == OFF else [said(one) for one in emulator.unread()]
    if found:
        request.node.user_properties.append((UNREAD, found))  # travels with the report, from other processes too
    if found and how == FAIL:
        pytest.fail("the emulator did not read: " + "; ".join(found), pytrace=False)


def said(one: dict[str, Any]) -> str:
    """A line of what nobody read."""
    return f"{one['method']} {one['path']}: {one['kind']} {one['name']} ({one['why']}), requests: {one['requests']}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell at the end of a run what nobody read, test by test."""
    reports = (one for found in terminalreporter.stats.values() for one in found)
    lines = [
        f"{one.nodeid}: {line}"
        for one in reports
        if getattr(one, "when", None) == "teardown"
        for name, found in one.user_properties
        if name == UNREAD
        for line in found
    ]
    if lines:
        terminalreporter.section("requests that mockcw did not read whole")
        for line in lines:
            terminalreporter.write_line(line)


def build(config: pytest.Config) -> Emulator:
    """An emulator as the ini file asks for."""
    from mockcw.emulator import Emulator

    demo = str(config.getini("mockcw_demo"))
    return Emulator(int(demo) if demo.isdigit() else demo, int(str(config.getini("mockcw_seed"))))
