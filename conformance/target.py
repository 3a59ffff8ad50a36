"""What is judged: an emulator in process, an emulator this room serves over a port, or a server at a URL.

Knows how to reach a target and with which credentials; knows no requirement and keeps no history. A target in process
is spoken to with the same `requests` session as one over a port, through a small transport adapter over WSGI.
"""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import WSGIApplication

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from conformance.clock import fresh_token
from conformance.errors import WrongUse

LEGACY_ROOT = "v4_6_release/apis/3.0"
ENVIRONMENT = ("CWC_COMPANY_ID", "CWC_PUBLIC_KEY", "CWC_PRIVATE_KEY", "CWC_CLIENT_ID", "CWC_CA_FILE")
FROZEN_AT = "2026-03-02T12:00:00Z"
"""Where the clock of an emulator that this room starts stands, so that two runs with one seed see the same dates."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The key pair and client ID of one API member."""

    company_id: str
    public_key: str = field(repr=False)
    private_key: str = field(repr=False)
    client_id: str | None = field(repr=False, default=None)

    @property
    def basic(self) -> str:
        """The value of the Authorization header."""
        login = f"{self.company_id}+{self.public_key}:{self.private_key}"
        return f"Basic {base64.b64encode(login.encode()).decode()}"


@dataclass(frozen=True, slots=True)
class Target:
    """Something that speaks the API.

    `members` maps the names of the demo members to their credentials; a real server has `admin` only. `control_url`
    is None where there is no control API. `token` makes the names of what checks create unique on a target that
    outlives the run; `frozen_at` is where its clock stands, if this room stopped it.
    """

    kind: str
    site_url: str
    company_id: str
    members: Mapping[str, Credentials]
    control_url: str | None = None
    control_token: str | None = field(repr=False, default=None)
    ca_file: str | None = None
    token: str = ""
    frozen_at: str | None = None
    application: WSGIApplication | None = field(repr=False, default=None)

    @property
    def api_url(self) -> str:
        """The root under which every resource lies; no slash at the end."""
        return f"{self.site_url}/{LEGACY_ROOT}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every literal that must never be kept or shown."""
        known = [self.control_token or ""]
        for member in self.members.values():
            known += [member.public_key, member.private_key, member.client_id or ""]
            known.append(f"{member.company_id}+{member.public_key}:{member.private_key}")
        return tuple(secret for secret in known if secret)

    def session(self) -> requests.Session:
        """A session that ignores the environment's proxies and netrc, and checks certificates."""
        session = requests.Session()
        session.trust_env = False
        session.verify = self.ca_file or True
        session.headers.clear()
        session.headers["User-Agent"] = "cw-conformance"
        if self.application:
            session.mount(self.site_url, WsgiAdapter(self.application))
        return session


class WsgiAdapter(BaseAdapter):
    """A `requests` transport that calls a WSGI application in this process.

    Args:
        application: what answers.
    """

    def __init__(self, application: WSGIApplication):
        super().__init__()
        self._application = application

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Answer `request`; raises requests.ConnectionError when the application gives no reply."""
        started: dict[str, Any] = {}

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            started["status"], started["headers"] = status, headers
            return lambda data: None

        try:
            parts: Iterable[bytes] = self._application(_environ(request), start_response)
            try:
                body = b"".join(parts)
            finally:
                getattr(parts, "close", lambda: None)()
        except ConnectionError as dropped:
            raise requests.ConnectionError(str(dropped) or "the connection was closed", request=request) from dropped
        return _response(self, request, started["status"], started["headers"], body)

    def close(self) -> None:
        """Nothing is held open."""


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    url = urlsplit(request.url or "")
    body = request.body or b""
    data = body.encode() if isinstance(body, str) else bytes(body)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path).decode("latin-1"),
        "RAW_URI": url.path + (f"?{url.query}" if url.query else ""),
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": str(url.port or (443 if url.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": url.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(data),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = text
    return environ


def _response(
    adapter: WsgiAdapter, request: requests.PreparedRequest, status: str, headers: list[tuple[str, str]], body: bytes
) -> requests.Response:
    code, _, reason = status.partition(" ")
    raw = HTTPResponse(
        body=io.BytesIO(body),
        headers=HTTPHeaderDict(headers),
        status=int(code),
        reason=reason,
        preload_content=False,
        request_method=request.method,
    )
    response = requests.Response()
    response.status_code = int(code)
    response.reason = reason
    response.headers = requests.structures.CaseInsensitiveDict(raw.headers)
    response.raw = raw
    response.request = request
    response.url = request.url or ""
    response.encoding = "utf-8"
    response.connection = adapter  # type: ignore[assignment]  # the stub names one adapter only
    return response


def of_emulator(emulator: Any, application: WSGIApplication | None = None) -> Target:
    """The target that an emulator in this process is.

    Args:
        emulator: a `mockcw.Emulator`.
        application: answers instead of the emulator's own; a mutant of it, for instance.
    """
    names = ("admin", "sonicsaas", "harmony-sase", "channel-program", "it-glue", "managed-backup")
    special = ("inactive", "no-access", "narrow-level", "restricted-client")
    return Target(
        kind="emulator",
        site_url=str(emulator.site_url).rstrip("/"),
        company_id=emulator.company_id,
        members={name: _of_member(emulator.company_id, emulator.member(name)) for name in names + special},
        control_url=str(emulator.control_url).rstrip("/"),
        application=application or emulator.wsgi_app,
    )


def _of_member(company_id: str, member: Any) -> Credentials:
    if isinstance(member, Mapping):
        return Credentials(company_id, member["public_key"], member["private_key"], member.get("client_id"))
    return Credentials(company_id, member.public_key, member.private_key, member.client_id)


def of_ready_file(facts: Mapping[str, Any], token: str | None = None) -> Target:
    """The target that a ready file of `mockcw serve` describes.

    Raises:
        WrongUse: the file lacks what a target needs.
    """
    try:
        company_id = facts["company_id"]
        return Target(
            kind="served",
            site_url=str(facts["url"]).rstrip("/"),
            company_id=company_id,
            members={name: _of_member(company_id, member) for name, member in facts["members"].items()},
            control_url=str(facts["control_url"]).rstrip("/"),
            control_token=facts.get("control_token"),
            ca_file=facts.get("ca_file"),
            token=fresh_token() if token is None else token,
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise WrongUse(f"the ready file has no usable {problem}") from problem


def of_environment(url: str, environment: Mapping[str, str] | None = None) -> Target:
    """The target at `url`, with credentials from the environment.

    Raises:
        WrongUse: a variable is missing.
    """
    given = os.environ if environment is None else environment
    missing = [name for name in ENVIRONMENT[:3] if not given.get(name)]
    if missing:
        raise WrongUse(f"set {', '.join(missing)} for --target {url}, or name a --ready-file of mockcw serve")
    company_id = given["CWC_COMPANY_ID"]
    keys = Credentials(company_id, given["CWC_PUBLIC_KEY"], given["CWC_PRIVATE_KEY"], given.get("CWC_CLIENT_ID"))
    return Target(
        kind="url",
        site_url=url.rstrip("/"),
        company_id=company_id,
        members={"admin": keys},
        ca_file=given.get("CWC_CA_FILE"),
        token=fresh_token(),
    )


def stop_clock(target: Target) -> Target:
    """Stop the clock of an emulator, so that two runs with one seed see the same dates.

    Raises:
        WrongUse: the emulator does not do it.
    """
    with target.session() as session:
        told = {"now": FROZEN_AT, "frozen": True}
        headers = {"Authorization": f"Bearer {target.control_token}"} if target.control_token else {}
        reply = session.put(f"{target.control_url}/clock", json=told, headers=headers, timeout=10)
    if reply.status_code >= 400:
        raise WrongUse(f"the emulator's clock cannot be stopped: {reply.status_code} {reply.text[:120]}")
    return dataclasses.replace(target, frozen_at=FROZEN_AT)


@contextmanager
def open_target(where: str, *, seed: int, ready_file: Path | None = None, served: bool = False) -> Iterator[Target]:
    """The target that the command line names, for as long as the block lasts.

    Args:
        where: `emulator`, or the URL of a site.
        seed: of the emulator's demo data.
        ready_file: what `mockcw serve` wrote; then `where` is not asked.
        served: serve the emulator over TLS on a free port, for subjects that are given a URL.

    Raises:
        WrongUse: the URL, the environment or the file cannot be used.
    """
    if ready_file:
        yield of_ready_file(_read_json(ready_file))
    elif where != "emulator":
        if urlsplit(where).scheme not in ("http", "https") or not urlsplit(where).netloc:
            raise WrongUse(f"--target takes `emulator` or a URL such as https://host, not {where!r}")
        yield of_environment(where)
    elif served:
        from mockcw import Emulator  # judging a server at a URL needs no emulator

        with Emulator(demo="small", seed=seed).serve(tls=True) as live:
            yield stop_clock(of_ready_file(_facts(live), token=""))
    else:
        from mockcw import Emulator

        with Emulator(demo="small", seed=seed) as emulator:
            yield stop_clock(of_emulator(emulator))


def _facts(live: Any) -> dict[str, Any]:
    names = ("url", "control_url", "ca_file", "company_id", "members")
    return {name: getattr(live, name) for name in names} | {"control_token": getattr(live, "control_token", None)}


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise WrongUse(f"{path} cannot be read as a ready file: {problem}") from problem
    if not isinstance(facts, Mapping):
        raise WrongUse(f"{path} is no ready file of mockcw serve")
    return facts
