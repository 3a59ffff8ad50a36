"""POST /v4_6_release/login/login.aspx?response=json: a member's name and password for a member hash.

Path, form fields, `Success` and `Hash` are documented by three clients; that a failure is a 200 without a hash is
assumed. The page that people see there, without response=json, is no part of the emulator.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import unquote_plus

import orjson

from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.login import sessions
from mockcw.pipeline.login.given import NoEntry
from mockcw.pipeline.login.who import find_tenant, member_actor
from mockcw.pipeline.negotiate import ROUTER_CODEBASE
from mockcw.pipeline.request import Reply, Request
from mockcw.pipeline.strike import strike
from mockcw.pipeline.world import World

PAGE = "/login/login.aspx"
FIELDS = ("companyname", "username", "password")
MOST_FIELDS = 100


def is_page(world: World, request: Request) -> bool:
    """Whether a request outside the API is a log-in for programs."""
    path = request.path.lower()
    roots = (f"/{ROUTER_CODEBASE}", f"/{world.settings.codebase.lower()}")
    wanted = any(name.lower() == "response" and value.lower() == "json" for name, value in request.pairs())
    return wanted and request.method == "POST" and path in [f"{root}{PAGE}" for root in roots]


def log_in(world: World, exchange: Exchange, request: Request) -> Reply:
    """Answer a log-in; neither the form nor the hash enters the journal."""
    struck = strike(world, exchange, request.path, None)
    if struck is not None:
        struck.secret = True
        return struck
    try:
        form = form_of(request)
        missing = next((name for name in FIELDS if not form.get(name)), None)
        if missing is not None:
            raise NoEntry("no-credentials", f"the log-in form has no {missing}")
        company, user, password = (form[name] for name in FIELDS)
        tenant = find_tenant(world.tenants, company)
        exchange.tenant = tenant.company_id
        member = sessions.with_password(tenant.engine.look, user, password)
    except NoEntry as no:
        exchange.reason, exchange.cause = no.reason, no.cause
        return Reply(200, orjson.dumps({"Success": False, "Hash": None}), secret=True)
    exchange.actor = member_actor(tenant, member, kind="cookie")
    member_hash = sessions.opened(tenant, member, world.settings)
    return Reply(200, orjson.dumps({"Success": True, "Hash": member_hash}), secret=True)


def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, urlencoded or multipart; names in small letters, the first of a name counts."""
    kind = request.headers.get("content-type", "")
    multipart = kind.split(";", 1)[0].strip().lower() == "multipart/form-data"
    found: dict[str, str] = {}
    for name, value in parts_of(kind, request.body) if multipart else pairs_of(request.body):
        found.setdefault(name.lower(), value)
    return found


def pairs_of(body: bytes) -> Iterator[tuple[str, str]]:
    """The pairs of an urlencoded body."""
    for pair in body.decode("utf-8", "replace").split("&", MOST_FIELDS)[:MOST_FIELDS]:
        name, _, value = pair.partition("=")
        yield unquote_plus(name).strip(), unquote_plus(value)


def parts_of(kind: str, body: bytes) -> Iterator[tuple[str, str]]:
    """The parts of a multipart body."""
    head = f"Content-Type: {kind}\r\n\r\n".encode("utf-8", "replace")
    whole: Message = BytesParser(policy=HTTP).parsebytes(head + body)
    for part in list(whole.walk())[1 : MOST_FIELDS + 1]:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            yield name.strip(), content.decode("utf-8", "replace")
