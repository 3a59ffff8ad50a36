"""Which hosts may be called: the server's name as a person gives it, and the guard over what it resolves to.

Knows names and addresses; opens no connection. The guard is the whole of the house's defence against being sent into
somebody's private network: it answers with the very addresses that it checked, and `transport` connects to those only.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from integration.errors import HostRefused, Unreachable, WrongUse

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Iterable[str]]

HTTPS_PORT: Final = 443
_NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*\Z")
_SIX_TO_FOUR: Final = ipaddress.IPv6Network("2002::/16")
_NAT64: Final = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")
_SITE_LOCAL: Final = ipaddress.IPv6Network("fec0::/10")
_RELAY: Final = ipaddress.IPv4Network("192.88.99.0/24")


@dataclass(frozen=True, slots=True)
class Server:
    """A host and a port to be called over HTTPS."""

    host: str
    port: int = HTTPS_PORT

    @property
    def exact(self) -> str:
        """The `host:port` form, the only one that an exception is granted for."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """The form for a URL: the port is left out when it is the one of HTTPS."""
        return self.exact.rsplit(":", 1)[0] if self.port == HTTPS_PORT else self.exact

    @classmethod
    def parse(cls, text: str) -> Server:
        """Read what a person typed: `na.myconnectwise.net`, `https://host:8443/`.

        Raises WrongUse when it is no HTTPS server: another scheme, a path, a user name, a bad port.
        """
        typed = text.strip()
        shown = typed if len(typed) <= 80 else typed[:77] + "..."
        # Before the URL is taken apart: the parser of the standard library drops line ends and tabs silently.
        if any(character.isspace() or not character.isprintable() for character in typed):
            raise WrongUse("the server's name holds white space or control characters; copy it again")
        if "://" in typed and not typed.lower().startswith("https://"):
            raise WrongUse(f"{shown}: only HTTPS is spoken; give the server as https://host or as its name alone")
        bare = typed if "://" in typed else "https://" + typed
        try:
            parts = urlsplit(bare)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise WrongUse(f"{shown} is no server; give a name such as na.myconnectwise.net") from None
        if parts.username is not None or parts.password is not None:
            raise WrongUse("the server's address must not hold a user name or password; give the name alone")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise WrongUse(f"{shown}: give the server's name alone, without a path")
        if not host or port == 0:
            raise WrongUse(f"{shown or 'an empty text'} is no server; give a name such as na.myconnectwise.net")
        return cls(_plain(host, shown), port or HTTPS_PORT)


def _plain(host: str, shown: str) -> str:
    """Bring a host to one spelling: lower case, ASCII, no dot at the end."""
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise WrongUse(f"{shown} is no server; its IPv6 address cannot be read") from None
    try:
        plain = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise WrongUse(f"{shown} is no server; its name cannot be written in ASCII") from None
    if not _NAME.match(plain):
        raise WrongUse(f"{shown} is no server; give a name such as na.myconnectwise.net")
    return plain


def resolve(host: str, port: int) -> Iterable[str]:
    """Ask the machine for the addresses of `host`.

    Raises Unreachable when it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(
            f"the name {host} cannot be resolved", "check the server's name, and that this machine reaches the internet"
        ) from None
    return dict.fromkeys(str(entry[4][0]) for entry in found)


def is_public(address: Address) -> bool:
    """Tell whether `address` belongs to the public internet, also when it wraps another address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _wrapped(address)
        if inner is not None:
            return is_public(inner)
        if address in _SITE_LOCAL or address.scope_id is not None:
            return False
    elif address in _RELAY:
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_private
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )


def _wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Find the IPv4 address that an IPv6 address would be carried to."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _SIX_TO_FOUR:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64) or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


class AddressGuard:
    """Decides whether a server may be called, and at which addresses."""

    def __init__(self, allowed: Iterable[str] = (), resolver: Resolver = resolve) -> None:
        """Take the exact `host:port` exceptions; raises WrongUse for one that is not exact."""
        self._allowed = frozenset(exact_exception(text) for text in allowed)
        self._resolver = resolver

    def addresses(self, server: Server) -> tuple[str, ...]:
        """Resolve `server` and return the addresses that were checked.

        Raises HostRefused when any of them is not public and `server` is no exception; Unreachable when it has none.
        """
        found = tuple(self._resolver(server.host, server.port))
        if not found:
            raise Unreachable(f"the name {server.host} has no address", "check the server's name")
        if server.exact in self._allowed:
            return found
        for text in found:
            try:
                public = is_public(ipaddress.ip_address(text))
            except ValueError:
                public = False
            if not public:
                raise HostRefused(
                    f"host not allowed: {server.host} leads to the private or internal address {text}",
                    "use the public region URL (na, eu or au) or the published custom domain of the provider; for "
                    f"development alone, allow this one server by name: --allow-host {server.exact}",
                )
        return found


def exact_exception(text: str) -> str:
    """Read one `host:port` exception.

    Raises WrongUse unless it names one host and one port.
    """
    server = Server.parse(text)
    if "://" in text or not re.search(r":\d+\Z", text.strip()) or "*" in text:
        raise WrongUse(f"{text.strip()}: an exception names one exact host:port, for example 127.0.0.1:8443")
    return server.exact
