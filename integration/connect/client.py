"""One call to the API, read as a line: send -> auth -> retry -> once.

Knows the address of the API, the headers of every call and the reaction to every status; does not know which records
there are, nor which role a call needs.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Final
from urllib.parse import quote

import httpx

from integration.clock import Clock
from integration.connect.address import Server
from integration.connect.ahead import Ahead
from integration.connect.credentials import Credentials
from integration.connect.reply import Reply, read_http_date
from integration.connect.retry import Patience
from integration.errors import CredentialsRefused, ProtocolFault, RecordMissing, RecordRefused, reaction_to
from integration.settings import Settings

_log = logging.getLogger(__name__)
_CODEBASE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}/?\Z")
_ACCEPT: Final = "application/vnd.connectwise.com+json, application/json"


@dataclass(frozen=True, slots=True)
class CompanyInfo:
    """What a server tells about a company before any log-in (*captured*)."""

    company_name: str
    codebase: str
    version: str
    is_cloud: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One request, before credentials."""

    method: str
    url: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    signed: bool


class Client:
    """Speaks with one company's API on one server."""

    def __init__(
        self, server: Server, credentials: Credentials, transport: httpx.BaseTransport, clock: Clock, settings: Settings
    ) -> None:
        self._server = server
        self._credentials = credentials
        self._clock = clock
        self._settings = settings
        self._patience = Patience(settings.attempts, settings.longest_wait, clock)
        self._info: CompanyInfo | None = None
        self._server_time: datetime | None = None
        self._ahead = Ahead(httpx.Response.close, settings.connect_timeout)
        self._http = httpx.Client(
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout),
            headers={"user-agent": "cw-integration", "accept": _ACCEPT},
        )

    def __repr__(self) -> str:
        return f"Client({self._server.exact}, {self._credentials.company_id})"

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._ahead.drop()
        self._http.close()

    @property
    def server_time(self) -> datetime | None:
        """The server's clock in its latest answer."""
        return self._server_time

    def discover(self) -> CompanyInfo:
        """Ask the server which codebase serves the company; every later call goes there.

        Asked anew for each run, for the codebase moves with every release. *Captured*: an unknown company is JSON
        `null` with status 200; one known client also allows for a 404. Raises CredentialsRefused for an unknown one.
        """
        company = self._credentials.company_id
        url = f"https://{self._server.authority}/login/companyinfo/{quote(company, safe='')}"
        unknown = CredentialsRefused(f"the server {self._server.host} does not know the company {company}")
        try:
            body = self._send(Call("GET", url, {}, {}, signed=False)).json()
        except RecordMissing:
            raise unknown from None
        if body is None:
            raise unknown
        if not isinstance(body, dict) or not _CODEBASE.match(str(body.get("Codebase", ""))):
            raise ProtocolFault("the server's company information names no codebase", "check the server's name")
        self._info = CompanyInfo(
            company_name=str(body.get("CompanyName") or company),
            codebase=str(body["Codebase"]).rstrip("/") + "/",
            version=str(body.get("VersionNumber") or body.get("VersionCode") or ""),
            is_cloud=str(body.get("IsCloud")).lower() == "true",
        )
        return self._info

    def get(
        self, path: str, parameters: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Read `path` below the API root, `/company/companies` for example.

        Raises the error that `errors.reaction_to` names for the status, or one of the transport.
        """
        return self._send(self._call(path, parameters, headers))

    def begin(
        self, path: str, parameters: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """Begin a `get` that will soon be asked for with the same arguments; its errors are raised there."""
        request = self._auth(self._call(path, parameters, headers))
        self._ahead.begin(str(request.url), lambda: self._http.send(request, stream=True))

    def _call(self, path: str, parameters: Mapping[str, str] | None, headers: Mapping[str, str] | None) -> Call:
        info = self._info or self.discover()
        url = f"https://{self._server.authority}/{info.codebase}apis/3.0{path}"
        return Call("GET", url, parameters or {}, headers or {}, signed=True)

    def _send(self, call: Call) -> Reply:
        request = self._auth(call)
        return self._patience.persist(lambda: self._once(request), repeatable=call.method == "GET")

    def _auth(self, call: Call) -> httpx.Request:
        signature = self._credentials.headers if call.signed else {}
        return self._http.build_request(
            call.method, call.url, params=dict(call.parameters) or None, headers={**call.headers, **signature}
        )

    def _once(self, request: httpx.Request) -> Reply:
        answer = self._ahead.take(str(request.url))
        if answer is None:
            answer = self._http.send(request, stream=True)
        try:
            reply = Reply(answer.status_code, dict(answer.headers.items()), self._body(answer))
        except httpx.DecodingError:
            raise ProtocolFault("the answer's compression is broken") from None
        finally:
            answer.close()
        self._server_time = reply.server_time or self._server_time
        _log.debug("%s %s -> %d, %d bytes", request.method, request.url.path, reply.status, len(reply.body))
        if reply.status == 200:
            return reply
        self._react(reply)
        return reply

    def _body(self, answer: httpx.Response) -> bytes:
        pieces: list[bytes] = []
        size = 0
        for piece in answer.iter_bytes():
            size += len(piece)
            if size > self._settings.max_reply_bytes:
                raise ProtocolFault(f"the answer is larger than {self._settings.max_reply_bytes} bytes")
            pieces.append(piece)
        return b"".join(pieces)

    def _react(self, reply: Reply) -> None:
        if 300 <= reply.status < 400:
            raise ProtocolFault(
                f"the server redirects ({reply.status}); redirects are not followed", "give the final server's name"
            )
        reaction = reaction_to(reply.status)
        if reaction is None:
            return
        complaint = self._credentials.redact(reply.complaint())
        if reaction is RecordRefused and "codebase/company is invalid" in complaint.lower():
            reaction = CredentialsRefused
        message = f"{self._server.host} answered {reply.status}" + (f": {complaint}" if complaint else "")
        raise reaction(message, retry_after=self._retry_after(reply))

    def _retry_after(self, reply: Reply) -> float | None:
        text = reply.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit() and len(text) <= 9:
            return float(text)
        moment = read_http_date(text) if text else None
        return None if moment is None else max(0.0, (moment - self._clock.now()).total_seconds())
