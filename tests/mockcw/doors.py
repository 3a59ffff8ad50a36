"""Other ways in than the demo members' keys: a person with keys, an integrator login, a log-in with cookies."""

from __future__ import annotations

from typing import Any

import httpx

from mockcw import Emulator
from mockcw.demo import Credentials
from tests.mockcw.caller import Caller, Control

CLIENT = "0b6c1e9e-3f5d-4f43-8f6e-5d7f1a2b3c4d"
PASSWORD = "correct horse battery"
LOGIN = "/v4_6_release/login/login.aspx"


def person(admin: Caller, identifier: str = "Ada", **given: Any) -> int:
    """A member with a full license and the role of an administrator; the number comes back."""
    body = {
        "identifier": identifier,
        "licenseClass": "F",
        "firstName": identifier,
        "lastName": "Lovelace",
        "hireDate": "2025-01-01T00:00:00Z",
        "defaultEmail": "Office",
        "defaultPhone": "Office",
        "securityRole": {"id": 1},
        "structureLevel": {"id": 1},
        "securityLocation": {"id": 1},
        "defaultLocation": {"id": 1},
        **given,
    }
    answer = admin.post("/system/members", body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def with_keys(emulator: Emulator, identifier: str, **wanted: Any) -> Caller:
    """A member with a fresh key pair, as made under My Account > API Keys."""
    made = Control(emulator).post(f"/members/{identifier}/keys", wanted)
    return by_basic(emulator, made["public_key"], made["private_key"])


def by_basic(emulator: Emulator, user: str, secret: str, **headers: str) -> Caller:
    """Whoever company+user:secret lets in."""
    caller = Caller(emulator, given=Credentials("given", "given", "given", user, secret, CLIENT))
    caller.http.headers.update(headers)
    return caller


def integrator(admin: Caller, username: str = "vendor", **flags: Any) -> Caller:
    """A new integrator login with these switches."""
    answer = admin.post("/system/integratorlogins", {"username": username, "password": PASSWORD, **flags})
    assert answer.status_code == 201, answer.text
    return by_basic(admin.emulator, username, PASSWORD, **{"x-cw-usertype": "integrator"})


def logged_in(emulator: Emulator, identifier: str, password: str = PASSWORD, **form: str) -> httpx.Response:
    """The answer to a log-in with the company, a member id and a password."""
    fields = {"CompanyName": emulator.company_id, "UserName": identifier, "Password": password, **form}
    with httpx.Client(transport=emulator.transport(), base_url=emulator.site_url) as http:
        return http.post(LOGIN, params={"response": "json"}, data=fields)


def by_cookies(emulator: Emulator, **cookies: str) -> Caller:
    """Whoever these cookies let in."""
    caller = Caller(emulator)
    caller.http.auth = httpx.Auth()
    caller.http.headers["clientId"] = CLIENT
    caller.http.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return caller
