"""What is answered outside the API: GET /login/companyinfo/{companyId}, where a company lives, without credentials
(captured); the log-in for programs; the keys of callbacks; the web server's page for all else.
"""

from __future__ import annotations

import orjson

from mockcw.pipeline import callbackkey
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.login import page
from mockcw.pipeline.render import no_file
from mockcw.pipeline.request import Reply, Request
from mockcw.pipeline.strike import strike
from mockcw.pipeline.world import World

PREFIX = "/login/companyinfo/"


def company_info(world: World, exchange: Exchange, request: Request) -> Reply:
    """Answer the company look-up or a log-in, or the web server's page for a path outside the API (captured)."""
    path = request.path
    if page.is_page(world, request):
        return page.log_in(world, exchange, request)
    if callbackkey.is_key(world, request):
        return callbackkey.answer(world, exchange, request)
    if not path.lower().startswith(PREFIX) or request.method not in ("GET", "HEAD"):
        exchange.reason = "the path is outside the API"
        reply = no_file()
        reply.secret = path.lower().endswith(page.PAGE)
        return reply
    struck = strike(world, exchange, path, None)
    if struck is not None:
        return struck
    return Reply(200, orjson.dumps(facts(world, path[len(PREFIX) :].strip("/"))))


def facts(world: World, company_id: str) -> dict[str, object] | None:
    """What is published about a company; None, and so the JSON null, for an unknown one (captured)."""
    tenant = world.tenants.get(company_id)
    if tenant is None:
        return None
    settings = world.settings
    return {
        "CompanyName": settings.company_name,
        "Codebase": f"{settings.codebase}/",
        "VersionCode": settings.codebase.replace("_", "."),
        "VersionNumber": settings.version,
        "CompanyID": tenant.company_id,
        "IsCloud": True,
    }
