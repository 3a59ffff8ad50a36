"""One POST to a receiver: whether it may be sent at all, and what came of it.

Without a setting nothing leaves this machine: whoever may register a callback could otherwise have the emulator call
any address that it can reach. Proxies of the environment are not used and redirects are not followed.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit

from mockcw.clock import Clock
from mockcw.settings import Settings

if TYPE_CHECKING:
    import httpx

RETRIED = (404, 409, 419, 429)  # documented
PORTS = {"http": 80, "https": 443}


class Outcome(NamedTuple):
    """What came of a try: the receiver's status, or a word on why there is none."""

    result: Literal["taken", "again", "failed", "blocked"]
    status: int | None = None
    error: str | None = None


class Carrier:
    """Sends deliveries, each over a connection of its own: one kept open may have died since."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = threading.Lock()
        self._client: httpx.Client | None = None

    def send(
        self, url: str, body: bytes, headers: Mapping[str, str], site: str, transport: httpx.BaseTransport | None
    ) -> Outcome:
        """Try once; `site` is where the emulator itself listens.

        A `transport` takes the place of the network, and then every host may be called.
        """
        import httpx  # a quarter of a second, and only senders need it

        try:
            target = httpx.URL(url)
            kept_back = transport is None and self.barred(target.scheme, target.host, target.port, site)
        except (httpx.InvalidURL, ValueError) as error:
            return Outcome("blocked", error=f"the url cannot be called: {error}")
        if kept_back:
            return Outcome("blocked", error=kept_back)
        limit, started = float(self._settings.callback_seconds), Clock.monotonic()
        try:
            client = self._opened() if transport is None else httpx.Client(transport=transport)
            with client.stream("POST", target, content=body, headers=dict(headers), timeout=limit) as response:
                status = response.status_code
        except (httpx.HTTPError, OSError) as error:
            return Outcome("failed", error=type(error).__name__)
        if Clock.monotonic() - started > limit:
            return Outcome("failed", status, f"no answer within {limit:g} seconds")
        return Outcome("taken" if 200 <= status < 300 else "again" if status in RETRIED else "failed", status)

    def _opened(self) -> httpx.Client:
        import httpx

        with self._opening:
            if self._client is None:
                self._client = httpx.Client(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
            return self._client

    def close(self) -> None:
        """Let go of what sending needed."""
        with self._opening:
            if self._client is not None:
                self._client.close()
            self._client = None

    def barred(self, scheme: str, host: str, port: int | None, site: str) -> str | None:
        """Why a host is not called; None when it may be."""
        own = urlsplit(site)
        if is_loopback(host):
            if is_everywhere(own.hostname or "") and (port or PORTS.get(scheme)) == (own.port or PORTS.get(own.scheme)):
                return "the emulator does not call itself"
            return None
        named = {one.strip().lower() for one in self._settings.callback_hosts.split(",")} - {""}
        if "*" in named or host.lower() in named:
            return None
        return f"host {host} is not this machine; the setting callback_hosts lets it be called"


def is_everywhere(host: str) -> bool:
    """Whether who listens under this address is reached on loopback: that is one of it, or stands for all there are."""
    return is_loopback(host) or host in ("0.0.0.0", "::")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its address or as localhost; other names are not looked up."""
    from ipaddress import ip_address  # only senders need it

    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
