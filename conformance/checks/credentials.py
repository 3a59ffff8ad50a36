"""Checks of who may speak at all: the Basic header, the client ID, the Accept header.

Knows how credentials are sent and refused; roles are judged elsewhere.
"""

from __future__ import annotations

import base64
import dataclasses

from conformance.checks.check import check
from conformance.errors import NotRunnable
from conformance.wire import Wire

INFO = "/system/info"
FOREIGN_CLIENT = "00000000-1111-2222-3333-444444444444"


def basic(text: str) -> str:
    """A Basic header from the text before encoding."""
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@check("credentials.missing")
def missing(wire: Wire) -> None:
    """No Authorization header."""
    wire.expect_status(wire.get(INFO, headers={"Authorization": None}), 401)


@check("credentials.private-key")
def private_key(wire: Wire) -> None:
    """A wrong private key."""
    wire.expect_status(wire.get(INFO, keys=dataclasses.replace(wire.keys(), private_key="0123456789abcdef")), 401)


@check("credentials.public-key")
def public_key(wire: Wire) -> None:
    """A public key nobody has."""
    wire.expect_status(wire.get(INFO, keys=dataclasses.replace(wire.keys(), public_key="0123456789abcdef")), 401)


@check("credentials.company")
def company(wire: Wire) -> None:
    """The right keys with another company."""
    wire.expect_status(wire.get(INFO, keys=dataclasses.replace(wire.keys(), company_id="someoneelse")), 401)


@check("credentials.company-case")
def company_case(wire: Wire) -> None:
    """The company id is compared letter by letter."""
    swapped = wire.keys().company_id.swapcase()
    wire.expect_status(wire.get(INFO, keys=dataclasses.replace(wire.keys(), company_id=swapped)), 401)


@check("credentials.key-case")
def key_case(wire: Wire) -> None:
    """A private key is compared letter by letter."""
    swapped = wire.keys().private_key.swapcase()
    wire.expect_status(wire.get(INFO, keys=dataclasses.replace(wire.keys(), private_key=swapped)), 401)


@check("credentials.swapped-keys")
def swapped_keys(wire: Wire) -> None:
    """Keys of two members do not mix."""
    mixed = dataclasses.replace(wire.keys(), private_key=wire.keys("sonicsaas").private_key)
    wire.expect_status(wire.get(INFO, keys=mixed), 401)


@check("credentials.malformed")
def malformed(wire: Wire) -> None:
    """A header that is no Basic header of three parts is a 401, whatever it is."""
    keys = wire.keys()
    whole = f"{keys.company_id}+{keys.public_key}:{keys.private_key}"
    for header in (
        "Basic",
        "Basic ",
        "Basic !!!not-base64!!!",
        f"Basic {base64.b64encode(bytes([255, 254, 0, 128])).decode()}",
        basic(""),
        basic(":"),
        basic("+:"),
        basic(whole.replace("+", "")),
        basic(whole.replace(":", "")),
        f"Bearer {base64.b64encode(whole.encode()).decode()}",
        whole,
    ):
        wire.expect_status(wire.get(INFO, headers={"Authorization": header}), 401)


@check("credentials.inactive-member")
def inactive_member(wire: Wire) -> None:
    """Keys of an inactive member do not work."""
    wire.expect_status(wire.get(INFO, member="inactive"), 401)


@check("credentials.body")
def body(wire: Wire) -> None:
    """The 401 has the code Unauthorized and a text."""
    reply = wire.get(INFO, keys=dataclasses.replace(wire.keys(), private_key="0123456789abcdef"))
    if wire.expect_error(reply, 401, "Unauthorized"):
        wire.expect(reply.error().get("message"), "the 401 has no message")


@check("credentials.no-echo")
def no_echo(wire: Wire) -> None:
    """A refusal repeats nothing of what was sent."""
    sent = "fedcba9876543210"
    reply = wire.get(INFO, keys=dataclasses.replace(wire.keys(), private_key=sent))
    wire.expect_refused(reply)
    wire.expect(sent not in reply.text and wire.keys().public_key not in reply.text, "the refusal repeats a key")


@check("credentials.before-route")
def before_route(wire: Wire) -> None:
    """Without credentials nothing is told about records."""
    wire.expect_status(wire.get("/company/companies/999999999", headers={"Authorization": None}), 401)


@check("credentials.client-id")
def client_id(wire: Wire) -> None:
    """A request without a client ID is refused; which status is open."""
    wire.expect_refused(wire.get(INFO, headers={"clientId": None}))


@check("credentials.client-id-case")
def client_id_case(wire: Wire) -> None:
    """The name of the header in any letter case."""
    value = wire.keys().client_id
    if value is None:
        raise NotRunnable("no client ID was given for this target")
    for name in ("clientid", "ClientID", "CLIENTID"):
        wire.expect_status(wire.get(INFO, headers={"clientId": None, name: value}), 200)


@check("credentials.client-id-allow-list")
def client_id_allow_list(wire: Wire) -> None:
    """Keys with an allow-list take its client IDs and no other."""
    wire.expect_status(wire.get(INFO, member="restricted-client"), 200)
    wire.expect_refused(wire.get(INFO, member="restricted-client", headers={"clientId": FOREIGN_CLIENT}))


@check("credentials.accept")
def accept(wire: Wire) -> None:
    """Every Accept header of a real client gets JSON."""
    for header in (
        "*/*",
        "application/json",
        "application/vnd.connectwise.com+json",
        "application/vnd.connectwise.com+json; version=2020.4",
        "application/vnd.connectwise.com+json; version=2021.1, application/json",
        None,
    ):
        reply = wire.get("/company/companies", {"pageSize": 1}, headers={"Accept": header})
        wire.expect_status(reply, 200)
        kind = reply.headers.get("Content-Type", "")
        wire.expect(
            kind.lower().replace(" ", "") == "application/json;charset=utf-8",
            f"Accept {header!r} was answered with the content type {kind!r}",
        )


CHECKS = (
    missing,
    private_key,
    public_key,
    company,
    company_case,
    key_case,
    swapped_keys,
    malformed,
    inactive_member,
    body,
    no_echo,
    before_route,
    client_id,
    client_id_case,
    client_id_allow_list,
    accept,
)
