"""The door: header names, hosts and bodies as the pipeline gets them, and two applications behind one address."""

from __future__ import annotations

import io
from typing import Any

import pytest
from werkzeug.test import Client

from mockcw import Emulator, Settings, create_app
from mockcw.web.app import HeaderNames, header_names, read_body, safe_host

SERVER = {"SERVER_NAME": "inside", "SERVER_PORT": "80"}


@pytest.mark.parametrize(
    ("host", "used"),
    [
        ("cw.example.com", "cw.example.com"),
        ("cw.example.com:8420", "cw.example.com:8420"),
        ("[::1]:8420", "[::1]:8420"),
        ("", "inside:80"),
        (None, "inside:80"),
        ('a"b', "inside:80"),
        ("a<b>", "inside:80"),
        ("a\\b", "inside:80"),
        ("a b", "inside:80"),
        ("a/b", "inside:80"),
        ("a@b", "inside:80"),
        ("\xe9", "inside:80"),
    ],
)
def test_only_a_host_that_can_stand_in_an_address_is_used(host: str | None, used: str) -> None:
    environ: dict[str, Any] = dict(SERVER)
    if host is not None:
        environ["HTTP_HOST"] = host
    assert safe_host(environ) == used


def test_headers_have_small_letters_and_dashes() -> None:
    environ = {"HTTP_CLIENTID": "x", "HTTP_X_MOCKCW_EXPLAIN": "1", "CONTENT_TYPE": "a/b", "PATH_INFO": "/"}
    assert header_names(environ, HeaderNames()) == {"clientid": "x", "x-mockcw-explain": "1", "content-type": "a/b"}


@pytest.mark.parametrize("length", ["5", "0", "10", ""])
def test_a_body_is_read_to_its_length(length: str) -> None:
    environ = {"CONTENT_LENGTH": length, "wsgi.input": io.BytesIO(b"0123456789")}
    assert read_body(environ, 10) == b"0123456789"[: int(length or 0)]


def test_a_chunked_body_is_read_to_its_end() -> None:
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(b"0123456789")}
    assert read_body(environ, 10) == b"0123456789"
    environ["wsgi.input"] = io.BytesIO(b"0123456789x")
    assert read_body(environ, 10) is None


def test_an_oversized_body_is_read_away_so_that_the_client_gets_its_answer() -> None:
    stream = io.BytesIO(b"x" * 200_000)
    assert read_body({"CONTENT_LENGTH": "200000", "wsgi.input": stream}, 10) is None
    assert stream.read() == b""


def test_the_application_is_plain_wsgi(built: Emulator) -> None:
    client = Client(create_app(built.world))
    assert client.get("/login/companyinfo/training").get_json()["CompanyID"] == Settings().company_id
    assert client.get("/_mockcw/health").get_json()["version"]
    assert client.get("/v4_6_release/apis/3.0/system/info").status_code == 401
