"""The client against a real TLS server: certificates, statuses, retries, what it refuses, what it never shows."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from integration import errors
from integration.connect.address import AddressGuard, Server
from integration.connect.client import Client
from integration.connect.credentials import Credentials
from integration.connect.transport import CheckedBackend, CheckedTransport, ReadOnlyTransport, trusted_certificates
from integration.settings import Settings

KEYS = ("publickey123", "privatekey456", "clientid-789")


@pytest.fixture
def client(clock: Any, authority: Any) -> Iterator[Callable[..., Client]]:
    """Build clients for served APIs; takes fields of Settings."""
    opened: list[Client] = []

    def build(api: Any, ca_pem: str | None = authority.pem, host: str = "127.0.0.1", **settings: Any) -> Client:
        server = Server(host, api.port)
        guard = AddressGuard([server.exact], resolver=lambda host, port: ["127.0.0.1"])
        transport = CheckedTransport(guard, trusted_certificates(ca_pem))
        opened.append(Client(server, Credentials.of("training", *KEYS), transport, clock, Settings(**settings)))
        return opened[-1]

    yield build
    for one in opened:
        one.close()


def test_discovery_leads_to_the_codebase_of_the_company(serve: Any, client: Any) -> None:
    api = serve()
    api.company_info = {"CompanyName": "Training", "Codebase": "v2024_1", "VersionCode": "v2024.1", "IsCloud": "True"}
    made = client(api)
    info = made.discover()
    assert (info.codebase, info.is_cloud, info.company_name) == ("v2024_1/", True, "Training")
    made.get("/company/companies")
    assert api.seen[-1].path == "/v2024_1/apis/3.0/company/companies"
    assert made.server_time is not None


def test_discovery_goes_without_credentials(serve: Any, client: Any) -> None:
    api = serve()
    client(api).discover()
    assert api.seen[0].path == "/login/companyinfo/training"
    assert not {"authorization", "clientid"} & set(api.seen[0].headers)


@pytest.mark.parametrize("answer", [(200, {}, b"null"), (404, {}, b'{"code":"NotFound","message":"x"}')])
def test_an_unknown_company_is_a_matter_of_credentials(serve: Any, client: Any, answer: Any) -> None:
    api = serve()
    api.answers[1] = answer
    with pytest.raises(errors.CredentialsRefused, match="does not know the company training"):
        client(api).discover()


@pytest.mark.parametrize(
    "info", [[], {}, {"Codebase": "../../x/"}, {"Codebase": "a b/"}, {"Codebase": "https://x/"}, 7]
)
def test_company_information_that_would_lead_astray_is_a_fault(serve: Any, client: Any, info: Any) -> None:
    api = serve()
    api.company_info = info
    with pytest.raises(errors.ProtocolFault):
        client(api).discover()


STATUSES = [
    (400, errors.RecordRefused, 1), (401, errors.CredentialsRefused, 3), (403, errors.PermissionRefused, 4),
    (404, errors.RecordMissing, 1), (405, errors.ProtocolFault, 5), (409, errors.RecordConflict, 1),
    (418, errors.ProtocolFault, 5), (429, errors.Throttled, 5), (500, errors.ServerFault, 5),
    (503, errors.ServerFault, 5),
    (301, errors.ProtocolFault, 5), (307, errors.ProtocolFault, 5),
]  # fmt: skip


@pytest.mark.parametrize(("status", "kind", "code"), STATUSES)
def test_every_status_has_its_reaction(serve: Any, client: Any, status: int, kind: type[Exception], code: int) -> None:
    api = serve()
    api.before = lambda seen: api.answers.update({len(api.seen): (status, {"Location": "/x"}, b"{}")})
    made = client(api, attempts=1)
    made._info = replace(client(serve()).discover())
    with pytest.raises(kind) as caught:
        made.get("/x")
    assert type(caught.value) is kind
    assert caught.value.exit_code == code
    assert len(api.seen) == 1


def test_a_redirect_is_not_followed(serve: Any, client: Any) -> None:
    api, other = serve(), serve()
    api.answers[1] = (302, {"Location": f"https://127.0.0.1:{other.port}/login/companyinfo/training"}, b"")
    with pytest.raises(errors.ProtocolFault, match="redirects"):
        client(api).discover()
    assert other.seen == []


def test_the_gateways_plain_text_for_a_wrong_company_is_understood(serve: Any, client: Any) -> None:
    api = serve()
    api.answers[2] = (400, {"Content-Type": "text/plain"}, b"Cannot route. Codebase/company is invalid")
    with pytest.raises(errors.CredentialsRefused):
        client(api).get("/system/info")


def test_a_throttled_get_waits_as_long_as_the_server_asks(serve: Any, client: Any, clock: Any) -> None:
    api = serve()
    body = b'{"error":"ConnectWiseAPI","message":"Too many requests. Please try again in 30 seconds."}'
    api.answers[2] = (429, {"Retry-After": "30"}, body)
    assert client(api).get("/system/info").json()["version"]
    assert clock.waits == [30.0]


def test_a_longer_wait_than_there_is_patience_for_ends_the_call(serve: Any, client: Any, clock: Any) -> None:
    api = serve()
    api.answers[2] = (429, {"Retry-After": "3600"}, b'{"message":"Too many requests."}')
    with pytest.raises(errors.Throttled, match="Too many requests") as caught:
        client(api).get("/system/info")
    assert caught.value.retry_after == 3600.0
    assert clock.waits == []


def test_a_failing_server_is_asked_again_with_growing_waits(serve: Any, client: Any, clock: Any) -> None:
    api = serve()
    api.answers |= {number: (500, {}, b"") for number in (2, 3, 4)}
    assert client(api, attempts=4).get("/system/info").status == 200
    assert clock.waits == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_no_other_refusal_is_asked_again(serve: Any, client: Any, clock: Any, status: int) -> None:
    api = serve()
    api.answers[2] = (status, {}, b"{}")
    with pytest.raises(errors.IntegrationError):
        client(api).get("/system/info")
    assert len(api.seen) == 2
    assert clock.waits == []


def test_a_web_page_instead_of_the_api_is_a_fault(serve: Any, client: Any) -> None:
    api = serve()
    api.answers[2] = (200, {"Content-Type": "text/html"}, b"<html>log in</html>")
    with pytest.raises(errors.ProtocolFault, match="not JSON"):
        client(api).get("/system/info").json()


def test_an_answer_without_end_does_not_fill_the_memory(serve: Any, client: Any) -> None:
    api = serve()
    api.answers[2] = (200, {}, b"[" + b" " * 5000)
    with pytest.raises(errors.ProtocolFault, match="larger than 4096"):
        client(api, max_reply_bytes=4096).get("/system/info")


def test_a_certificate_of_an_unknown_authority_is_refused(serve: Any, client: Any) -> None:
    with pytest.raises(errors.CertificateRefused, match="does not prove") as caught:
        client(serve(), ca_pem=None).discover()
    assert "--ca-file" in caught.value.advice


def test_a_certificate_of_another_host_is_refused(serve: Any, client: Any, authority: Any) -> None:
    with pytest.raises(errors.CertificateRefused):
        client(serve(certificate=authority.issue("other.test"))).discover()


def test_an_expired_certificate_is_refused(serve: Any, client: Any, authority: Any) -> None:
    with pytest.raises(errors.CertificateRefused, match="expired"):
        client(serve(certificate=authority.issue("127.0.0.1", days=-1))).discover()


def test_the_name_is_proven_although_the_checked_address_is_called(serve: Any, client: Any, authority: Any) -> None:
    api = serve(certificate=authority.issue("cw.test"))
    assert client(api, host="cw.test").discover().codebase == "v2025_1/"
    assert api.seen[0].headers["host"] == f"cw.test:{api.port}"


def test_a_name_that_changes_its_address_after_the_check_gains_nothing() -> None:
    answers = iter([["93.184.215.14"], ["192.0.2.1"]])
    called: list[str] = []

    class Sockets:
        def connect_tcp(self, host: str, *rest: Any) -> None:
            called.append(host)

    backend = CheckedBackend(AddressGuard([], resolver=lambda host, port: next(answers)))
    backend._sockets = Sockets()  # type: ignore[assignment]
    backend.connect_tcp("cw.test", 443)
    with pytest.raises(errors.HostRefused):
        backend.connect_tcp("cw.test", 443)
    assert called == ["93.184.215.14"]


def test_a_port_that_speaks_no_tls_is_named(client: Any) -> None:
    import socket
    import threading

    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        peer, _ = listener.accept()
        peer.recv(10)
        peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        peer.close()

    threading.Thread(target=answer, daemon=True).start()

    class Place:
        port = listener.getsockname()[1]

    with listener, pytest.raises(errors.CertificateRefused, match="does not speak TLS"):
        client(Place, attempts=1).discover()


def test_a_closed_port_is_unreachable_and_certainly_changed_nothing(client: Any, clock: Any) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]

    class Place:
        port = free

    with pytest.raises(errors.Unreachable) as caught:
        client(Place).discover()
    assert caught.value.definite
    assert len(clock.waits) == 3


def test_a_transport_that_only_reads_sends_no_write(serve: Any, authority: Any) -> None:
    api = serve()
    guard = AddressGuard([f"127.0.0.1:{api.port}"])
    inner = CheckedTransport(guard, trusted_certificates(authority.pem))
    with httpx.Client(transport=ReadOnlyTransport(inner), base_url=f"https://127.0.0.1:{api.port}") as http:
        assert http.get("/system/info").status_code == 200
        for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
            with pytest.raises(errors.WriteRefused):
                http.request(method, "/company/companies")
    assert [seen.method for seen in api.seen] == ["GET"]


def test_no_plain_http_leaves_the_transport(authority: Any) -> None:
    transport = CheckedTransport(AddressGuard(), trusted_certificates(authority.pem))
    with httpx.Client(transport=transport) as http, pytest.raises(errors.WrongUse, match="only HTTPS"):
        http.get("http://127.0.0.1/")


def test_proxies_of_the_environment_are_not_used(serve: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert client(serve()).discover().codebase == "v2025_1/"


def test_no_secret_is_in_a_log_an_error_or_a_traceback(serve: Any, client: Any, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    api = serve()
    echo = f'{{"code":"X","message":"bad key {KEYS[1]} of {KEYS[0]} and {KEYS[2]}"}}'.encode()
    api.answers |= {2: (401, {}, echo), 3: (500, {}, echo)}
    made = client(api, attempts=1)
    texts = [repr(made)]
    for _ in range(2):
        with pytest.raises(errors.IntegrationError) as caught:
            made.get("/system/info")
        texts += [*traceback.format_exception(caught.value), repr(caught.value), caught.value.advice]
    assert "[hidden]" in "".join(texts)
    for secret in (*KEYS, made._credentials.headers["authorization"]):
        assert secret not in "".join(texts)
        assert secret not in caplog.text


def test_a_file_without_a_certificate_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(errors.WrongUse, match="no certificate"):
        trusted_certificates("nothing here")
