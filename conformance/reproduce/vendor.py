"""The vendor's side of a connection: the address and the login the customer typed, and every request sent with them.

Knows the rule by which a vendor refuses an address before anything is sent, and keeps what was on the wire. Knows no
step and no control API. The emulator answers in the place of whatever server the customer named.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from conformance.errors import CannotTell, ConformanceError
from conformance.target import Credentials
from conformance.wire import Wire

REGION = "https://na.myconnectwise.net"
CODEBASE = "v4_6_release"
PAGE = 100
PRIVATE_NAMES = (".local", ".localhost", ".internal", ".intranet", ".lan", ".corp", ".private", ".home.arpa")
REFUSED_WRITE = "E_ACCESS"


@dataclass(frozen=True, slots=True)
class Server:
    """The server as the customer typed it into the vendor's form.

    `resolves_to` is the address its name has in the customer's network, where somebody looked it up; `allow_private`
    is set for an integration that runs inside that network and has no rule against it.
    """

    url: str = REGION
    codebase: str = CODEBASE
    resolves_to: str | None = None
    allow_private: bool = False

    @property
    def host(self) -> str:
        """The host of the URL in lower letters; a bare host name is taken as one."""
        return (urlsplit(self.url if "//" in self.url else f"https://{self.url}").hostname or "").rstrip(".")

    def refusal(self) -> str | None:
        """Why the vendor does not even try this address; None when it does.

        The rule is documented (SonicSaaS guide, Security, items 3 and 4): HTTPS only, no private or internal host.
        """
        scheme = urlsplit(self.url).scheme if "//" in self.url else "https"
        if scheme != "https":
            return f"{self.url} is not HTTPS, and keys are never sent in the clear"
        if self.allow_private:
            return None
        host = self.host
        if _is_address(host):
            return None if _is_public(host) else f"{host} is a private or internal address"
        if "." not in host or host.endswith(PRIVATE_NAMES):
            return f"{host or 'the URL'} is no public host name: nobody outside the customer's network can reach it"
        if self.resolves_to and not _is_public(self.resolves_to):
            return f"{host} resolves to {self.resolves_to}, a private or internal address"
        return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(address: str) -> bool:
    return _is_address(address) and ipaddress.ip_address(address).is_global


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it was on the wire, and its answer.

    `asked` is the query before it was encoded; `request_id` finds the exchange in the emulator's journal.
    """

    method: str
    path: str
    asked: Mapping[str, Any]
    request_body: str | None
    status: int
    body: str
    request_id: str

    @property
    def line(self) -> str:
        """Method and path, as support staff write them."""
        return f"{self.method} {self.path}"

    @property
    def query(self) -> str:
        """The query as people write it."""
        return "&".join(f"{name}={value}" for name, value in self.asked.items())

    @property
    def full(self) -> str:
        """Method, path and query."""
        return f"{self.line}?{self.query}" if self.asked else self.line

    @property
    def label(self) -> str:
        """The vendor's own word for this answer: E_ACCESS where the body carries it, else the status."""
        return REFUSED_WRITE if self.status == 403 and f'"{REFUSED_WRITE}"' in self.body else str(self.status)


class Refused(ConformanceError):
    """A request that a step cannot do without was answered with an error; `seen` is the exchange."""

    def __init__(self, seen: Seen):
        super().__init__(f"{seen.line} answered {seen.status}")
        self.seen = seen


class Empty(ConformanceError):
    """A list that a step needs a record of came back empty; `seen` is the exchange."""

    def __init__(self, seen: Seen):
        super().__init__(f"{seen.line} answered an empty list")
        self.seen = seen


class HostRefused(ConformanceError):
    """The vendor does not send to this address; the text says why."""


class Vendor:
    """What a step holds in its hand: requests with the customer's login.

    Args:
        wire: where requests go.
        login: what the customer pasted.
        server: what the customer typed.
        today: the date of the vendor's day, `YYYY-MM-DD`.
        profile: the vendor's name.
    """

    def __init__(self, wire: Wire, login: Credentials, server: Server, *, today: str, profile: str):
        self.today = today
        self.profile = profile
        self._wire = wire
        self._login = login
        self._server = server
        self._root = f"{wire.target.site_url}/{server.codebase}/apis/3.0"

    def send(self, method: str, path: str, query: Mapping[str, Any] | None = None, body: Any = None) -> Seen:
        """Send a request and answer what came back, whatever it is.

        Raises:
            HostRefused: the vendor's rule forbids the address.
            CannotTell: there was no answer, or none that can be found in the journal.
        """
        problem = self._server.refusal()
        if problem:
            raise HostRefused(problem)
        reply = self._wire.request(method, f"{self._root}{path}", query=query, body=body, keys=self._login, member=None)
        sent = None if body is None else json.dumps(body, ensure_ascii=False)
        return Seen(method, path, query or {}, sent, reply.status, reply.text, reply.headers.get("x-cw-request-id", ""))

    def need(self, method: str, path: str, query: Mapping[str, Any] | None = None, body: Any = None) -> Any:
        """The JSON data of an answer that the step cannot do without (None for an empty one); raises Refused."""
        seen = self.send(method, path, query, body)
        if seen.status >= 400:
            raise Refused(seen)
        return data_of(seen)

    def rows(self, path: str, query: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Every record of a list, page after page; raises Refused."""
        return [row for _, page in self.pages(path, query) for row in page]

    def first(self, path: str, query: Mapping[str, Any]) -> dict[str, Any]:
        """The first record of a list; raises Refused, and Empty where it has none."""
        seen, page = next(self.pages(path, query))
        if not page:
            raise Empty(seen)
        return page[0]

    def pages(self, path: str, query: Mapping[str, Any] | None = None) -> Iterator[tuple[Seen, list[dict[str, Any]]]]:
        """Each page of a list with its exchange; raises Refused."""
        number = 1
        while True:
            seen = self.send("GET", path, {**(query or {}), "page": number, "pageSize": PAGE})
            if seen.status >= 400:
                raise Refused(seen)
            page = data_of(seen)
            if not isinstance(page, list):
                raise CannotTell(f"{seen.line} answered no list: {seen.body[:120]!r}")
            yield seen, page
            if len(page) < PAGE:
                return
            number += 1


def data_of(seen: Seen) -> Any:
    """The JSON data of an answer, None for an empty one; raises CannotTell."""
    if not seen.body:
        return None
    try:
        return json.loads(seen.body)
    except ValueError:
        raise CannotTell(f"{seen.line} answered {seen.status} with no JSON: {seen.body[:120]!r}") from None
