"""Targets are opened from an emulator, a ready file or the environment; the adapter speaks WSGI faithfully."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import requests

from conformance.errors import WrongUse
from conformance.target import WsgiAdapter, of_environment, of_ready_file, open_target

READY = {
    "url": "http://127.0.0.1:1",
    "ca_file": None,
    "company_id": "training",
    "control_url": "http://127.0.0.1:1/_mockcw",
    "control_token": None,
    "members": {"admin": {"public_key": "pub-key", "private_key": "priv-key", "client_id": "client"}},
}


def session(application: Any) -> requests.Session:
    http = requests.Session()
    http.trust_env = False
    http.mount("http://there", WsgiAdapter(application))
    return http


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("207 Odd", [("Content-Type", "text/plain"), ("Link", "")])
    told = {name: environ.get(name) for name in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE")}
    told["body"] = environ["wsgi.input"].read().decode()
    told["header"] = environ.get("HTTP_CLIENTID")
    yield json.dumps(told).encode()


def test_the_adapter_hands_over_method_path_query_headers_and_body() -> None:
    reply = session(echo).request(
        "PATCH", "http://there/a%20b//c?x=%2B+y&z", data=b"{}", headers={"clientId": "me", "Content-Type": "text/odd"}
    )
    assert reply.status_code == 207
    assert reply.reason == "Odd"
    assert reply.headers["Link"] == ""
    assert reply.json() == {
        "REQUEST_METHOD": "PATCH",
        "PATH_INFO": "/a b//c",
        "QUERY_STRING": "x=%2B+y&z",
        "CONTENT_TYPE": "text/odd",
        "body": "{}",
        "header": "me",
    }


def test_a_connection_the_application_drops_is_no_reply() -> None:
    def dropping(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise ConnectionAbortedError("cut")

    with pytest.raises(requests.ConnectionError):
        session(dropping).get("http://there/")


def test_a_ready_file_gives_members_control_and_a_name_of_its_own_for_records(tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    file.write_text(json.dumps(READY))
    with open_target("emulator", seed=1, ready_file=file) as target:
        assert target.api_url == "http://127.0.0.1:1/v4_6_release/apis/3.0"
        assert target.members["admin"].public_key == "pub-key"
        assert target.control_url == "http://127.0.0.1:1/_mockcw"
        assert target.token


@pytest.mark.parametrize("broken", ["", "[]", "{}", json.dumps({**READY, "members": None})])
def test_a_broken_ready_file_is_wrong_use(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "ready.json"
    file.write_text(broken)
    with pytest.raises(WrongUse), open_target("emulator", seed=1, ready_file=file):
        pass


def test_credentials_for_a_url_come_from_the_environment() -> None:
    keys = {"CWC_COMPANY_ID": "acme", "CWC_PUBLIC_KEY": "public", "CWC_PRIVATE_KEY": "private"}
    target = of_environment("https://api.example/", keys)
    assert target.site_url == "https://api.example"
    assert target.control_url is None
    assert target.members["admin"].company_id == "acme"
    with pytest.raises(WrongUse, match="CWC_PRIVATE_KEY"):
        of_environment("https://api.example", {**keys, "CWC_PRIVATE_KEY": ""})


def test_secrets_show_in_no_repr() -> None:
    shown = repr(of_ready_file(READY))
    assert "priv-key" not in shown
    assert "pub-key" not in shown


def test_something_that_is_no_url_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match="URL"), open_target("somewhere", seed=1):
        pass
