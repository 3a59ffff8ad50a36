"""GET /login/companyinfo: captured keys, no credentials, JSON null for a stranger."""

from __future__ import annotations

import httpx
import pytest

from mockcw import Emulator


@pytest.fixture
def stranger(built: Emulator) -> httpx.Client:
    return httpx.Client(transport=built.transport(), base_url=built.site_url)


@pytest.mark.parametrize(
    "path", ["/login/companyinfo/training", "/login/companyInfo/training/", "/LOGIN/CompanyInfo/training"]
)
def test_a_known_company_is_described_without_credentials(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json() == {
        "CompanyName": "Training MSP",
        "Codebase": "v2025_1/",
        "VersionCode": "v2025.1",
        "VersionNumber": "v2025.1.111111",
        "CompanyID": "training",
        "IsCloud": True,
    }


@pytest.mark.parametrize("company", ["nobody", "Training", "training/x", ""])
def test_an_unknown_company_is_the_json_null(stranger: httpx.Client, company: str) -> None:
    answer = stranger.get(f"/login/companyinfo/{company}")
    assert (answer.status_code, answer.text) == (200, "null")


def test_the_code_base_leads_to_the_api(stranger: httpx.Client) -> None:
    base = stranger.get("/login/companyinfo/training").json()["Codebase"]
    assert stranger.get(f"/{base}apis/3.0/system/info").status_code == 401


def test_only_reading_is_offered(stranger: httpx.Client) -> None:
    assert stranger.post("/login/companyinfo/training").status_code == 404
