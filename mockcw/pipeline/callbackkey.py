"""GET /{codebase}//system/callbackkey/index.rails?companyName=&id=: the key that signs a callback's deliveries.

Answered to everybody who has the address, as one of two clients asks without credentials (captured: the address, and
the object with `signing_key`). What a wrong id gets is assumed: the web server's page.
"""

from __future__ import annotations

import orjson

from mockcw.delivery.envelope import KEY_PATH
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.negotiate import ROUTER_CODEBASE
from mockcw.pipeline.render import no_file
from mockcw.pipeline.request import Reply, Request
from mockcw.pipeline.strike import strike
from mockcw.pipeline.world import World


def is_key(world: World, request: Request) -> bool:
    """Whether a request outside the API asks for a signing key."""
    _, codebase, path = (*request.path.lower().split("/", 2), "", "")[:3]
    known = (ROUTER_CODEBASE, world.settings.codebase.lower())
    return request.method in ("GET", "HEAD") and codebase in known and f"/{path.lstrip('/')}" == KEY_PATH


def answer(world: World, exchange: Exchange, request: Request) -> Reply:
    """Answer the key; it never enters the journal."""
    struck = strike(world, exchange, request.path, None)
    if struck is not None:
        return struck
    asked = {name.lower(): value for name, value in request.pairs()}
    tenant = world.tenants.get(asked.get("companyname", ""))
    key = tenant.engine.outbox.signing_key(asked.get("id", "")) if tenant else None
    if key is None:
        exchange.reason = "no callback has this key"
        return no_file()
    return Reply(200, orjson.dumps({"signing_key": key}), secret=True)
