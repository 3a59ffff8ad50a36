"""What the tests of `integration` share: a local authority, a small API over TLS that can misbehave, a still clock."""

from __future__ import annotations

import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from integration.assemble import Access, Integration, profile_named
from integration.clock import SystemClock
from integration.connect.address import Server
from integration.connect.credentials import Credentials
from integration.settings import Settings


class FakeClock(SystemClock):
    """A clock that stands still, moves when told to, and writes down every wait."""

    def __init__(self) -> None:
        self.moment = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
        self.waits: list[float] = []

    def now(self) -> datetime.datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def fraction(self) -> float:
        return 1.0


class Authority:
    """A certificate authority that lives as long as the tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
        certificate = self._build(self._name, self._key, None, days=2)
        self.pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
        self.file = folder / "ca.pem"
        self.file.write_text(self.pem)

    def _build(self, name: x509.Name, key: Any, host: str | None, days: int) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=5))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host is not None:
            try:
                subject: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
            except ValueError:
                subject = x509.DNSName(host)
            builder = builder.add_extension(x509.SubjectAlternativeName([subject]), critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def issue(self, host: str, days: int = 1) -> Path:
        """Write a certificate for `host` with its key; with a negative number of days it has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        certificate = self._build(name, key, host, days)
        plain = serialization.NoEncryption()
        file = self._folder / f"{host}{days}.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        )
        return file


@dataclass
class Seen:
    """A request as the server saw it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Api:
    """A small API of one company: keeps records, filters by the few conditions a sync asks, and can misbehave.

    `answers` maps the number of a request (from 1) to the (status, headers, body) given instead of the honest answer.
    """

    companies: dict[int, dict[str, Any]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    answers: dict[int, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    before: Callable[[Seen], None] = lambda seen: None
    company_info: Any = field(
        default_factory=lambda: {"CompanyName": "Training", "Codebase": "v2025_1/", "VersionCode": "v2025.1"}
    )
    port: int = 0

    def add(
        self, key: int, name: str, *, status: str = "Active", types: tuple[str, ...] = ("Client",), **more: Any
    ) -> None:
        self.companies[key] = {
            "id": key,
            "identifier": f"C{key}",
            "name": name,
            "status": {"id": 1, "name": status},
            "types": [{"id": n, "name": kind} for n, kind in enumerate(types, start=1)],
            "deletedFlag": False,
            "_info": {"lastUpdated": "2026-02-01T00:00:00Z"},
            **more,
        }

    def touch(self, key: int, moment: str, **more: Any) -> None:
        self.companies[key] |= {"_info": {"lastUpdated": moment}, **more}

    def listed(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """Filter as the few conditions of a sync ask."""
        found = [self.companies[key] for key in sorted(self.companies)]
        for condition in query.get("conditions", "").split(" and "):
            if condition.startswith("lastUpdated>"):
                since = condition[len("lastUpdated>[") : -1]
                found = [one for one in found if one["_info"]["lastUpdated"] > since]
            elif condition == "deletedFlag=false":
                found = [one for one in found if not one["deletedFlag"]]
            elif condition.startswith("status/name!="):
                unwanted = condition.partition("=")[2].strip('"')
                found = [one for one in found if one["status"]["name"] != unwanted]
            else:
                assert not condition, f"the fake does not know {condition}"
        wanted = [part.partition("=")[2].strip('"') for part in query.get("childConditions", "").split(" or ") if part]
        return [one for one in found if not wanted or any(kind["name"] in wanted for kind in one["types"])]

    def answer(self, seen: Seen) -> tuple[int, dict[str, str], bytes]:
        self.seen.append(seen)
        self.before(seen)
        prepared = self.answers.get(len(self.seen))
        if prepared is not None:
            return prepared
        if seen.path.startswith("/login/companyinfo/"):
            return 200, {}, json.dumps(self.company_info).encode()
        if seen.path.endswith("/system/info"):
            return 200, {}, b'{"version":"v2025.1.77"}'
        if seen.path.endswith("/count"):
            return 200, {}, json.dumps({"count": len(self.listed(seen.query))}).encode()
        size = int(seen.query.get("pageSize", "25"))
        after = int(seen.query.get("pageId", "0"))
        found = [one for one in self.listed(seen.query) if one["id"] > after]
        more = len(found) > size
        page = found[:size]
        link = (
            f'<https://elsewhere.test{seen.path}/?pageSize={size}&pageId={page[-1]["id"]}>; rel="next"' if more else ""
        )
        return 200, {"Link": link}, json.dumps(page).encode()

    def pages(self) -> list[str]:
        """The page marks that were asked for, in order; empty for a first page."""
        return [one.query.get("pageId", "") for one in self.seen if one.path.endswith("/company/companies")]


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def serve(authority: Authority) -> Iterator[Callable[..., Api]]:
    """Start APIs over TLS; each is stopped at the end of the test."""
    running: list[ThreadingHTTPServer] = []

    def start(api: Api | None = None, certificate: Path | None = None) -> Api:
        api = api or Api()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                where = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(where.query).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, more, body = api.answer(Seen(self.command, where.path, query, headers))
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **more}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                pass

        class QuietServer(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass

        server = QuietServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate or authority.issue("127.0.0.1"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        api.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        running.append(server)
        return api

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


KEYS = ("publickey123", "privatekey456", "clientid-789")


@pytest.fixture
def access(authority: Authority) -> Callable[[Api], Access]:
    """The access to a served API, with its one address allowed."""

    def given(api: Api) -> Access:
        server = Server("127.0.0.1", api.port)
        return Access(server, Credentials.of("training", *KEYS), server.exact, authority.pem)

    return given


@pytest.fixture
def connected(
    serve: Callable[..., Api], access: Callable[[Api], Access], tmp_path: Path
) -> Iterator[Callable[..., tuple[Integration, Api]]]:
    """Connect a new state to a served API; takes fields of Settings."""
    opened: list[Integration] = []

    def connect(api: Api | None = None, **settings: Any) -> tuple[Integration, Api]:
        api = serve(api)
        state = tmp_path / f"state{len(opened)}"
        integration = Integration(str(state), actor="tester", settings=Settings(**settings), environment={})
        opened.append(integration)
        integration.connect("sonicsaas", profile_named("sonicsaas"), access(api))
        api.seen.clear()
        return integration, api

    yield connect
    for integration in opened:
        integration.close()
