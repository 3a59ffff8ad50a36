"""The server on a port: TLS with its own authority, faults over the wire, ports, stopping."""

from __future__ import annotations

import http.client
import socket
import ssl
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockcw import Emulator, Live, MockcwError
from tests.mockcw.web.wire import Answer, Wire

COMPANIES = "/company/companies"


@pytest.fixture(scope="module")
def secure() -> Iterator[Live]:
    with Emulator("empty") as emulator, emulator.serve(tls=True) as running:
        yield running


def trusting(live: Live) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=live.ca_file)


def test_tls_is_trusted_with_the_file_of_the_authority(secure: Live) -> None:
    for host in ("127.0.0.1", "localhost"):
        url = f"https://{host}:{secure.port}/login/companyinfo/training"
        with httpx.Client(verify=trusting(secure)) as client:
            assert client.get(url).json()["CompanyID"] == "training"
    assert secure.url.startswith("https://127.0.0.1:")


def test_tls_is_refused_without_the_authority(secure: Live) -> None:
    with httpx.Client() as client, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        client.get(f"{secure.url}/login/companyinfo/training")


def test_plain_http_on_the_tls_port_gets_no_answer(secure: Live) -> None:
    with httpx.Client() as client, pytest.raises(httpx.TransportError):
        client.get(secure.url.replace("https", "http"))


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken(secure: Live, version: ssl.TLSVersion) -> None:
    context = trusting(secure)
    context.minimum_version = context.maximum_version = version
    line = socket.create_connection(("127.0.0.1", secure.port))
    with context.wrap_socket(line, server_hostname="127.0.0.1") as spoken:
        assert spoken.version() == version.name.replace("_", ".")


def test_hrefs_and_links_are_https_under_tls(secure: Live) -> None:
    admin = secure.emulator.member("admin")
    with httpx.Client(verify=trusting(secure), auth=secure.emulator.auth("admin")) as client:
        answer = client.get(
            f"{secure.api_url}/company/companies/statuses?pageSize=2", headers={"clientId": admin.client_id}
        )
    assert answer.headers["Link"].startswith(f"<{secure.url}/v4_6_release/apis/3.0/company/companies/statuses/?")


def test_the_files_of_the_authority_are_private_and_go_with_the_server() -> None:
    with Emulator("empty") as emulator:
        with emulator.serve(tls=True) as live:
            folder = Path(str(live.ca_file)).parent
            for file in folder.iterdir():
                assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert b"PRIVATE KEY" not in Path(str(live.ca_file)).read_bytes()
        assert not folder.exists()


def test_every_server_has_an_authority_of_its_own(secure: Live) -> None:
    with (
        Emulator("empty") as emulator,
        emulator.serve(tls=True) as other,
        httpx.Client(verify=trusting(other)) as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.get(f"{secure.url}/login/companyinfo/training")


# -- faults over the wire ----------------------------------------------------------------------------------------------


def inject(live: Live, do: dict[str, Any], **match: Any) -> None:
    answer = httpx.post(f"{live.control_url}/faults", json={"match": match, "do": do})
    assert answer.status_code == 201, answer.text


def company(live: Live, wire: Wire) -> list[Any]:
    return list(wire.get(f"{COMPANIES}?conditions=identifier='X1'").json())


@pytest.mark.parametrize(("drop", "committed"), [("before", False), ("after", True)])
def test_a_dropped_request_gets_no_byte_of_an_answer(live: Live, wire: Wire, drop: str, committed: bool) -> None:
    inject(live, {"drop": drop}, method="POST", times=1)
    assert wire.post(COMPANIES, b'{"identifier":"X1","name":"x","site":{"name":"Main"}}') == Answer(0)
    assert bool(company(live, wire)) is committed


def test_a_truncated_reply_has_fewer_bytes_than_it_says(live: Live, wire: Wire) -> None:
    inject(live, {"truncate_bytes": 10}, times=1)
    admin = live.emulator.member("admin")
    line = http.client.HTTPConnection("127.0.0.1", live.port)
    auth = httpx.BasicAuth(f"training+{admin.public_key}", admin.private_key)
    signed = next(auth.auth_flow(httpx.Request("GET", live.url))).headers["authorization"]
    line.request("GET", "/v4_6_release/apis/3.0/system/info", headers={"Authorization": signed, "clientId": "x"})
    reply = line.getresponse()
    assert reply.status == 200
    with pytest.raises((http.client.IncompleteRead, ConnectionError)) as cut:
        reply.read()
    assert isinstance(cut.value, ConnectionError) or len(cut.value.partial) <= 10
    line.close()


def test_latency_holds_up_one_request_and_not_the_others(live: Live, wire: Wire) -> None:
    inject(live, {"latency_ms": 1500}, path="/system/info", times=1)
    slow = threading.Thread(target=wire.get, args=("/system/info",))
    started = time.perf_counter()
    slow.start()
    while not live.emulator.world.faults.rules[0].fired:
        time.sleep(0.01)
    assert wire.get(f"{COMPANIES}/1").status == 200
    assert time.perf_counter() - started < 1.4
    slow.join()
    assert time.perf_counter() - started >= 1.5


@pytest.mark.parametrize("status", [204, 304, 418, 500, 599])
def test_any_final_status_can_be_injected(live: Live, wire: Wire, status: int) -> None:
    inject(live, {"status": status, "body": {"a": 1}}, times=1)
    assert wire.get("/system/info").status == status


# -- ports and stopping ------------------------------------------------------------------------------------------------


def test_a_taken_port_is_refused_with_what_to_do(live: Live) -> None:
    with Emulator("empty") as emulator, pytest.raises(MockcwError, match=f"port {live.port} is taken.*--port 0"):
        emulator.serve(port=live.port)


def test_an_address_of_another_machine_is_refused() -> None:
    with Emulator("empty") as emulator, pytest.raises(MockcwError, match="cannot listen on 192.0.2.1:0"):
        emulator.serve(host="192.0.2.1")


def test_a_stopped_server_frees_its_port_and_the_emulator_can_serve_again() -> None:
    with Emulator("empty") as emulator:
        with emulator.serve() as first:
            port = first.port
            assert httpx.get(f"{first.control_url}/health").status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/_mockcw/health")
        with emulator.serve(port=port) as again:
            assert httpx.get(f"{again.control_url}/health").status_code == 200


def test_two_servers_do_not_see_each_other(live: Live, wire: Wire) -> None:
    with Emulator("empty", seed=2) as emulator, emulator.serve() as other:
        assert other.port != live.port
        assert emulator.member("admin").public_key != live.emulator.member("admin").public_key
        assert httpx.get(f"{other.api_url}/system/info", auth=live.emulator.auth("admin")).status_code == 401


# -- the server's own environment --------------------------------------------------------------------------------------


def test_variables_of_the_servers_environment_are_no_headers_of_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """A WSGI server may hand in its process's environment, where HTTP_PROXY holds a password more often than not."""
    with Emulator("empty") as emulator:
        admin = emulator.member("admin")
        auth = httpx.BasicAuth(f"training+{admin.public_key}", admin.private_key)
        signed = next(auth.auth_flow(httpx.Request("GET", emulator.site_url))).headers["authorization"]
        sent = {"clientId": "y"}
        monkeypatch.setenv("HTTP_PROXY_ADDRESS", "http://user:hunter2secret@proxy.example")
        monkeypatch.setenv("HTTP_AUTHORIZATION", signed)
        monkeypatch.setenv("HTTP_CLIENTID", "x")
        monkeypatch.setenv("HTTP_X_MOCKCW_EXPLAIN", "1")
        with emulator.serve() as live, httpx.Client(trust_env=False) as client:
            known = client.get(f"{live.api_url}/system/info", auth=emulator.auth("sonicsaas"), headers=sent)
            answer = client.get(f"{live.api_url}/system/info")
            entry = client.get(f"{live.control_url}/requests/{answer.headers['x-cw-request-id']}")
    assert known.status_code == 200
    assert answer.status_code == 401
    assert "x-mockcw-decision" not in answer.headers
    assert "hunter2secret" not in entry.text
