"""Requests of other members than the client: decided, carried out and kept in the journal like any, but not struck.

Knows the pipeline from its decision on; knows no story.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from mockcw.errors import ApiError, MockcwError
from mockcw.permissions.records import MEMBERS
from mockcw.pipeline import Reply, Request, World, decided, states
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.login.who import member_actor
from mockcw.pipeline.negotiate import ROUTER_CODEBASE
from mockcw.pipeline.render import error_reply, finish

SITE = "http://mockcw.test"  # only links in the answer carry it, and nobody follows them
HEADERS = {"content-type": "application/json"}


def act_as(world: World, identifier: str, method: str, path: str, query: Mapping[str, Any], body: Any) -> Reply:
    """The answer to a request of a member, by identifier; `path` is under the API root. Raises MockcwError."""
    tenant = states.only(world)
    members = tenant.engine.look.find(MEMBERS, identifier=identifier)
    if not members:
        raise MockcwError(f"by: there is no member {identifier!r}")
    tenant.engine.new_day()
    actor = member_actor(tenant, members[0])
    raw = b"" if body is None else orjson.dumps(body)
    request = Request(method, f"/{ROUTER_CODEBASE}/apis/3.0{path}", urlencode(query), HEADERS, raw, SITE)
    exchange = Exchange(world.ids.guid(), world.clock.text(), request, world.clock.monotonic())
    operation, ids = world.catalogue.match(method, path)
    exchange.tenant, exchange.actor, exchange.operation = tenant.company_id, actor, operation
    try:
        reply = decided(world, exchange, tenant, actor, request, operation, ids)
    except ApiError as error:
        reply = error_reply(error)
        exchange.reason, exchange.cause = error.reason, error.cause
    finish(world.settings, world.clock, exchange, reply, False)
    world.journal.end(exchange, reply, world.clock.monotonic())
    return reply
