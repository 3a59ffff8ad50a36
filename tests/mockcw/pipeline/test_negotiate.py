"""Where a request points: code base, slashes, letter case, and the version it asks for."""

from __future__ import annotations

import pytest

from mockcw import Emulator
from mockcw.pipeline.negotiate import negotiate
from mockcw.pipeline.request import Request
from tests.mockcw.caller import Caller


@pytest.mark.parametrize("base", ["v4_6_release", "v2025_1", "V4_6_Release", "V2025_1"])
def test_the_release_and_the_router_code_base_lead_to_the_api(admin: Caller, base: str) -> None:
    assert admin.get(f"{admin.emulator.site_url}/{base}/apis/3.0/system/info").status_code == 200


@pytest.mark.parametrize("base", ["v2024_1", "v3", "x"])
def test_another_code_base_is_the_gateways_plain_text(admin: Caller, base: str) -> None:
    answer = admin.get(f"{admin.emulator.site_url}/{base}/apis/3.0/system/info")
    assert (answer.status_code, answer.text) == (400, "Cannot route. Codebase/company is invalid")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("path", ["//company//companies/1", "/company/companies/1/", "/Company/COMPANIES/1"])
def test_doubled_and_trailing_slashes_and_letter_case_do_not_matter(admin: Caller, path: str) -> None:
    assert admin.get(f"{admin.emulator.api_url}{path}").json()["id"] == 1


@pytest.mark.parametrize("path", ["/", "/badpath", "/v4_6_release/apis/4.0/system/info", "/favicon.ico"])
def test_a_path_outside_the_api_is_the_web_servers_page(built: Emulator, path: str) -> None:
    answer = Caller(built).get(f"{built.site_url}{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "404 - File or directory not found." in answer.text


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/company/companies/x", "/company/companies/1/2/3", "/company"])
def test_an_unknown_endpoint_is_the_captured_404(admin: Caller, path: str) -> None:
    answer = admin.get(f"{admin.emulator.api_url}{path}")
    assert answer.status_code == 404
    assert answer.json() == {"code": "ConnectWiseApi", "message": "The endpoint does not exist."}


def test_an_unsupported_method_names_the_ones_there_are(admin: Caller) -> None:
    answer = admin.send("DELETE", "/company/companies", b"")
    assert (answer.status_code, answer.json()["code"]) == (405, "ConnectWiseApi")
    assert answer.headers["Allow"] == "GET, POST"
    assert admin.send("OPTIONS", "/company/companies", b"").status_code == 405


@pytest.mark.parametrize(
    ("accept", "version"),
    [
        (None, None),
        ("*/*", None),
        ("application/json", None),
        ("application/vnd.connectwise.com+json; version=2020.4", "2020.4"),
        ("application/vnd.connectwise.com+json; version=2021.1, application/json", "2021.1"),
        ("application/vnd.connectwise.com+json;version=v2015_3;q=1", "v2015_3"),
        ("application/vnd.connectwise.com+json; version=", None),
    ],
)
def test_the_version_is_read_from_accept(accept: str | None, version: str | None) -> None:
    headers = {} if accept is None else {"accept": accept}
    assert negotiate(Request("GET", "/", "", headers, b"", "http://x")) == version


@pytest.mark.parametrize(
    "accept", ["*/*", "application/vnd.connectwise.com+json; version=2021.1, application/json", ""]
)
def test_every_accept_is_answered_with_the_same_content_type(admin: Caller, accept: str) -> None:
    answer = admin.get("/system/info", headers={"Accept": accept})
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["api-current-version"] == "2025.1"
