"""The guard over addresses, and servers as people type them."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integration.connect.address import AddressGuard, Server, exact_exception, is_public
from integration.errors import HostRefused, Unreachable, WrongUse

REFUSED = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/29",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
    "::/128", "::1/128", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32", "100::/64",
)  # fmt: skip
NETWORKS = st.sampled_from([ipaddress.ip_network(text) for text in REFUSED])


@st.composite
def refused_addresses(draw: st.DrawFn) -> str:
    network = draw(NETWORKS)
    return str(network[draw(st.integers(0, network.num_addresses - 1))])


def guard(*addresses: str, allowed: tuple[str, ...] = ()) -> AddressGuard:
    return AddressGuard(allowed, resolver=lambda host, port: addresses)


@given(refused_addresses())
def test_no_address_of_a_private_or_reserved_range_is_called(address: str) -> None:
    with pytest.raises(HostRefused, match="host not allowed"):
        guard(address).addresses(Server("example.com"))


@given(st.ip_addresses(v=4).filter(lambda a: not is_public(a)))
@example(ipaddress.IPv4Address("127.0.0.1"))
@example(ipaddress.IPv4Address("169.254.169.254"))
def test_an_ipv6_address_that_wraps_a_refused_one_is_refused_too(inner: ipaddress.IPv4Address) -> None:
    number = int(inner)
    wrapped = (
        ipaddress.IPv6Address(0xFFFF << 32 | number),
        ipaddress.IPv6Address(number),
        ipaddress.IPv6Address(0x2002 << 112 | number << 80),
        ipaddress.IPv6Address((0x64FF9B << 96) | number),
    )
    assert not any(is_public(address) for address in wrapped)


@given(refused_addresses())
def test_a_name_with_one_refused_address_among_public_ones_is_refused_whole(address: str) -> None:
    with pytest.raises(HostRefused):
        guard("93.184.215.14", address).addresses(Server("example.com"))


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::6810:84e5", "::ffff:8.8.8.8"])
def test_public_addresses_are_given_as_they_were_checked(address: str) -> None:
    assert guard(address).addresses(Server("example.com")) == (address,)


def test_an_address_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(HostRefused):
        guard("fe80::1%eth0").addresses(Server("example.com"))


def test_a_name_without_an_address_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        guard().addresses(Server("example.com"))


def test_an_exception_holds_for_one_exact_host_and_port() -> None:
    allowed = guard("127.0.0.1", allowed=("127.0.0.1:8443",))
    assert allowed.addresses(Server("127.0.0.1", 8443)) == ("127.0.0.1",)
    for other in (Server("127.0.0.1", 8444), Server("127.0.0.1"), Server("localhost", 8443)):
        with pytest.raises(HostRefused, match="host not allowed"):
            allowed.addresses(other)


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "*:8443", "127.0.0.1:*", "10.0.0.0/8", "https://127.0.0.1:8443", ":8443", ""]
)
def test_an_exception_that_is_not_exact_is_wrong_use(text: str) -> None:
    with pytest.raises(WrongUse):
        exact_exception(text)


def test_the_advice_for_a_refused_host_says_what_to_do() -> None:
    with pytest.raises(HostRefused) as caught:
        guard("10.0.0.5").addresses(Server("cw.corp.example", 8443))
    assert "na, eu or au" in caught.value.advice
    assert "--allow-host cw.corp.example:8443" in caught.value.advice


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("na.myconnectwise.net", Server("na.myconnectwise.net")),
        ("  NA.MyConnectWise.net. ", Server("na.myconnectwise.net")),
        ("https://na.myconnectwise.net/", Server("na.myconnectwise.net")),
        ("127.0.0.1:8443", Server("127.0.0.1", 8443)),
        ("https://[::1]:8443", Server("::1", 8443)),
        ("bücher.example", Server("xn--bcher-kva.example")),
    ],
)
def test_a_server_is_read_as_people_type_it(text: str, server: Server) -> None:
    assert Server.parse(text) == server


@pytest.mark.parametrize(
    "text",
    [
        "http://na.myconnectwise.net", "ftp://x", "", "   ", "https://", "https://user@host", "https://user:pw@host",
        "host/path", "https://host/v4_6_release", "host?x=1", "host#x", "host:0", "host:99999", "host:abc", "a b", "-",
        "https://[::1", "x" * 300, "a..b", "host\nname", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_https_server_is_wrong_use(text: str) -> None:
    with pytest.raises(WrongUse):
        Server.parse(text)


def test_only_https_is_spoken() -> None:
    with pytest.raises(WrongUse, match="only HTTPS"):
        Server.parse("http://na.myconnectwise.net")


@given(st.text(max_size=60))
def test_any_text_is_a_server_or_wrong_use(text: str) -> None:
    try:
        server = Server.parse(text)
    except WrongUse:
        return
    assert Server.parse(f"https://{server.exact}") == server
