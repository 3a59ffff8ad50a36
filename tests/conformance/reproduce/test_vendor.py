"""The vendor's own rule about addresses: HTTPS only, and nothing private or internal."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.reproduce.vendor import Server


@pytest.mark.parametrize(
    "url",
    [
        "https://na.myconnectwise.net",
        "na.myconnectwise.net",
        "https://EU.myconnectwise.net:443/",
        "https://psa.some-provider.com",
        "https://8.8.8.8",
        "https://[2606:4700::1111]",
    ],
)
def test_a_public_address_is_let_through(url: str) -> None:
    assert Server(url).refusal() is None


@pytest.mark.parametrize(
    "url",
    [
        "http://na.myconnectwise.net",
        "ftp://na.myconnectwise.net",
        "https://localhost",
        "https://cw",
        "https://cw.",
        "https://cw.office.local",
        "https://cw.corp",
        "https://cw.internal.",
        "https://127.0.0.1",
        "https://169.254.169.254/latest",
        "https://user@10.1.2.3:8443",
        "https://[::1]",
        "https://[fd00::1]",
        "https://[::ffff:10.0.0.1]",
        "https://",
        "",
    ],
)
def test_a_private_or_unsafe_address_is_refused_with_a_reason(url: str) -> None:
    assert Server(url).refusal()


@given(st.ip_addresses())
def test_an_address_is_refused_exactly_when_it_is_not_global(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    host = f"[{address}]" if address.version == 6 else str(address)
    assert (Server(f"https://{host}").refusal() is None) is address.is_global


def test_a_public_name_that_resolves_inside_is_refused() -> None:
    assert Server("https://cw.msp.com", resolves_to="192.168.1.9").refusal()
    assert Server("https://cw.msp.com", resolves_to="not an address").refusal()
    assert Server("https://cw.msp.com", resolves_to="8.8.8.8").refusal() is None


def test_an_integration_inside_the_network_may_use_its_private_hosts_but_never_plain_http() -> None:
    assert Server("https://cw.office.local", allow_private=True).refusal() is None
    assert Server("http://cw.office.local", allow_private=True).refusal()
