"""The key URL: to everybody who has it, to nobody else, and never into the journal."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control

BODY = {"objectId": 1, "type": "company", "level": "owner"}


class Post(httpx.BaseTransport):
    """Keeps what is sent to it."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200)


@pytest.fixture
def key_url(emulator: Emulator, admin: Caller) -> str:
    """The key URL of a callback, as a receiver reads it."""
    admin.post("/system/callbacks", {**BODY, "url": "https://hooks.test/?id="})
    admin.patch("/company/companies/2", ("replace", "phoneNumber", "1"))
    post = Post()
    emulator.deliver(post)
    url: str = httpx.Response(200, content=post.requests[0].content).json()["Metadata"]["key_url"]
    return url


@pytest.fixture
def anybody(emulator: Emulator) -> httpx.Client:
    """Somebody without credentials."""
    return httpx.Client(transport=emulator.transport())


def test_the_key_is_an_object_for_everybody(key_url: str, anybody: httpx.Client) -> None:
    answer = anybody.get(key_url)
    assert (answer.status_code, list(answer.json())) == (200, ["signing_key"])
    assert len(answer.json()["signing_key"]) == 32
    assert "//system/callbackkey/index.rails?" in key_url
    assert anybody.get(key_url.replace("v2025_1//", "V4_6_RELEASE/")).json() == answer.json()


def test_each_callback_has_its_own_key_for_as_long_as_it_is_there(
    key_url: str, anybody: httpx.Client, admin: Caller, emulator: Emulator
) -> None:
    other = admin.post("/system/callbacks", {**BODY, "url": "https://other.test/?id="}).json()["id"]
    outbox = emulator.world.tenants[emulator.company_id].engine.outbox
    assert outbox.standing(other, "")["signingKey"] != anybody.get(key_url).json()["signing_key"]
    for one in admin.get("/system/callbacks").json():
        admin.delete(f"/system/callbacks/{one['id']}")
    assert anybody.get(key_url).status_code == 404


@pytest.mark.parametrize("change", ["id=0", "companyName=other", "", "id=' OR 1=1 --"])
def test_others_find_no_page(key_url: str, anybody: httpx.Client, change: str) -> None:
    name = change.partition("=")[0]
    kept = {one: values[0] for one, values in parse_qs(urlsplit(key_url).query).items() if one != name and change}
    answer = anybody.get(key_url.split("?")[0], params={**kept, **({name: change.partition("=")[2]} if name else {})})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html")


def test_only_a_read_of_that_very_path_is_one(key_url: str, anybody: httpx.Client) -> None:
    assert anybody.post(key_url).status_code == 404
    assert anybody.get(key_url.replace("/v2025_1/", "/v2024_1/")).status_code == 404
    assert anybody.get(key_url.replace("index.rails", "index.rails/x")).status_code == 404


def test_the_key_enters_neither_journal_nor_deliveries(key_url: str, anybody: httpx.Client, control: Control) -> None:
    key = anybody.get(key_url).json()["signing_key"]
    kept = "".join(str(control.get(f"/requests/{one['id']}")) for one in control.get("/requests"))
    kept += (
        str(control.get("/requests?format=har")) + str(control.get("/deliveries")) + str(control.get("/deliveries/1"))
    )
    assert "callbackkey" in kept
    assert key not in kept


def test_no_key_shows_in_the_names_of_things(emulator: Emulator, key_url: str, anybody: httpx.Client) -> None:
    key = anybody.get(key_url).json()["signing_key"]
    tenant = emulator.world.tenants[emulator.company_id]
    assert key not in repr(tenant) + repr(tenant.postman) + repr(tenant.engine.outbox) + repr(emulator.world)


def test_keys_follow_from_the_seed_unless_keys_are_secret() -> None:
    def key(secret: bool) -> str:
        with Emulator("empty", secret_keys=secret) as emulator:
            outbox = emulator.world.tenants[emulator.company_id].engine.outbox
            return str(outbox.standing(1, "the same")["signingKey"])

    assert key(False) == key(False)
    assert len({key(True), key(True), key(False)}) == 3


def test_faults_strike_the_key_url(key_url: str, anybody: httpx.Client, control: Control) -> None:
    control.post("/faults", {"match": {"path": "*callbackkey*"}, "do": {"status": 503}})
    assert anybody.get(key_url).status_code == 503
