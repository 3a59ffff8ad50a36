"""A sync of 100,000 companies against the time of fetching the same pages with no processing, and its memory.

Knows the wire of forward-only paging and the public commands of `integration`; does not know how a sync is made. The pages
come from a static server in a process of its own, for it is faster than any emulator and so the harder measure. Fetching
and syncing each run in a fresh process, by turns, with the same client.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import re
import ssl
import subprocess
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

COMPANIES = 100_000
PAGE = 1000
ROUNDS = 3
RATIO_BAR = 2.0
MEMORY_BAR_MB = 200.0


def run(companies: int = COMPANIES, rounds: int = ROUNDS) -> dict[str, float | int | bool]:
    """Measure; returns seconds (the best of `rounds`), their ratio, peak memory in megabytes, and whether the bars are met."""
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.sync", "serve", folder, str(companies)],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            fetched = [_measured("fetch", folder, port, str(number)) for number in range(rounds)]
            synced = [_measured("sync", folder, port, str(number)) for number in range(rounds)]
        finally:
            server.terminate()
            server.wait()
    fetch = min(one["seconds"] for one in fetched)
    sync = min(one["seconds"] for one in synced)
    memory = max(one["memory_mb"] for one in synced)
    return {
        "companies": companies,
        "fetch_seconds": fetch,
        "sync_seconds": sync,
        "ratio": round(sync / fetch, 2),
        "ratio_bar": RATIO_BAR,
        "memory_mb": memory,
        "fetch_memory_mb": max(one["memory_mb"] for one in fetched),
        "memory_bar_mb": MEMORY_BAR_MB,
        "met": sync / fetch <= RATIO_BAR and memory < MEMORY_BAR_MB,
    }


def _measured(what: str, folder: str, port: int, number: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.sync", what, folder, str(port), number]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _peak_megabytes() -> float:
    """Read this process's own peak; getrusage would count what it inherited from the process that started it."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        found = None
    if found is not None:
        return round(int(found[1]) / 1024, 1)
    import resource

    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)


def _fetch(folder: str, port: int) -> dict[str, float]:
    from integration.clock import SystemClock
    from integration.connect.address import AddressGuard, Server
    from integration.connect.client import Client
    from integration.connect.credentials import Credentials
    from integration.connect.paging import FORWARD_ONLY, mark_parameters, next_mark
    from integration.connect.transport import CheckedTransport, ReadOnlyTransport, trusted_certificates
    from integration.settings import Settings

    began = time.perf_counter()
    server = Server("127.0.0.1", port)
    certificates = trusted_certificates(Path(folder, "ca.pem").read_text())
    transport = ReadOnlyTransport(CheckedTransport(AddressGuard([server.exact]), certificates))
    credentials = Credentials.of("training", "public", "private", "client")
    with Client(server, credentials, transport, SystemClock(), Settings()) as client:
        mark: str | None = ""
        while mark is not None:
            parameters = {"pageSize": str(PAGE), **mark_parameters(mark)}
            reply = client.get("/company/companies", parameters, FORWARD_ONLY)
            mark = next_mark(reply, PAGE, PAGE, mark)
    return {"seconds": round(time.perf_counter() - began, 3), "memory_mb": _peak_megabytes()}


def _sync(folder: str, port: int, number: str) -> dict[str, float]:
    from integration.assemble import Access, Integration, profile_named
    from integration.connect.address import Server
    from integration.connect.credentials import Credentials
    from integration.store.connections import Organization
    from integration.sync.names import folded

    integration = Integration(str(Path(folder, f"state-{number}")), environment={})
    server = Server("127.0.0.1", port)
    credentials = Credentials.of("training", "public", "private", "client")
    access = Access(server, credentials, server.exact, Path(folder, "ca.pem").read_text())
    integration.connect("bench", profile_named("sonicsaas"), access)
    names = [f"Company {n} Ltd" for n in range(1, 2001)]
    rows = [Organization(str(n), name, folded(name)) for n, name in enumerate(names)]
    integration.configure(None, organizations=rows)
    began = time.perf_counter()
    report = integration.sync()
    seconds = round(time.perf_counter() - began, 3)
    assert report["companies"] == report["received"] > 0
    assert report["matched"] == min(2000, report["companies"])
    return {"seconds": seconds, "memory_mb": _peak_megabytes()}


def _company(key: int) -> dict[str, object]:
    """Make a company as the API lists it when these fields are asked for, with the usual links."""
    root = "https://127.0.0.1/v4_6_release/apis/3.0//company/companies/"
    links = ("contacts", "agreements", "tickets", "opportunities", "activities", "projects", "configurations", "orders")
    return {
        "id": key,
        "identifier": f"Company{key}",
        "name": f"Company {key} Ltd",
        "status": {"id": 1, "name": "Active", "_info": {"status_href": f"{root}statuses/1"}},
        "deletedFlag": False,
        "types": [{"id": 1, "name": "Client", "_info": {"type_href": f"{root}types/1"}}],
        "_info": {
            "lastUpdated": f"2026-01-{key % 28 + 1:02d}T{key % 24:02d}:00:00Z",
            "updatedBy": "Admin",
            **{f"{link}_href": f"{root}{key}/{link}?conditions=company/id={key}" for link in links},
        },
    }


def _serve(folder: str, companies: int) -> None:
    pages = {
        first: json.dumps([_company(key) for key in range(first + 1, min(first + PAGE, companies) + 1)]).encode()
        for first in range(0, companies, PAGE)
    }

    class Pages(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            where = urlsplit(self.path)
            link = None
            if where.path.startswith("/login/"):
                body = b'{"CompanyName":"Bench","Codebase":"v2025_1/","VersionCode":"v2025.1","IsCloud":true}'
            elif where.path.endswith("/system/info"):
                body = b'{"version":"v2025.1.1"}'
            else:
                first = int(parse_qs(where.query).get("pageId", ["0"])[0])
                body, last = pages[first], first + PAGE
                link = (
                    f'<https://127.0.0.1{where.path}/?pageSize={PAGE}&pageId={last}>; rel="next"'
                    if last in pages
                    else ""
                )
            self.send_response(200)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if link is not None:
                self.send_header("Link", link)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(Path(folder)))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def _certificate(folder: Path) -> Path:
    """Write a certificate for 127.0.0.1 that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "benchmark")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(pem)
    both = folder / "server.pem"
    both.write_bytes(pem + private)
    return both


def _main(what: str, folder: str, number: str, state: str = "") -> None:
    if what == "serve":
        _serve(folder, int(number))
    elif what == "fetch":
        print(json.dumps(_fetch(folder, int(number))))
    else:
        print(json.dumps(_sync(folder, int(number), state)))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _main(*sys.argv[1:])
    else:
        print(json.dumps(run(), indent=2))
