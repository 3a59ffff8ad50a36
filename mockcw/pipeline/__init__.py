"""One request, read as a line: negotiate, authenticate, resolve, throttle, decide, perform, render, journal.

Knows no HTTP framework and calls no rule by name.
"""

from __future__ import annotations

from mockcw.catalogue import Operation
from mockcw.errors import ApiError, TooLarge
from mockcw.permissions import Actor, also_needed, decide
from mockcw.permissions.explain import LISTS
from mockcw.pipeline.authenticate import authenticate, check_client_id
from mockcw.pipeline.companyinfo import company_info
from mockcw.pipeline.gateway import require_room, require_settled
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.negotiate import OtherCodebase, api_path, negotiate
from mockcw.pipeline.perform import perform
from mockcw.pipeline.render import error_reply, finish, plain_reply
from mockcw.pipeline.request import Reply, Request
from mockcw.pipeline.resolve import resolve
from mockcw.pipeline.riding import ride_along
from mockcw.pipeline.rights import ask, refusal
from mockcw.pipeline.strike import strike
from mockcw.pipeline.throttle import alter
from mockcw.pipeline.world import Tenant, World

__all__ = ["Reply", "Request", "World", "decided", "handle"]


def handle(world: World, request: Request) -> Reply:
    """Answer one request of the emulated API, and keep it in the journal."""
    if world.stage is not None:
        world.stage.arriving()
    exchange = Exchange(world.ids.guid(), world.clock.text(), request, world.clock.monotonic())
    try:
        if request.oversized:
            raise TooLarge(world.settings.too_large_message)
        path = api_path(world, request.path)
        reply = company_info(world, exchange, request) if path is None else answer(world, exchange, request, path)
    except OtherCodebase:
        reply = plain_reply(400, world.settings.cannot_route_message)
        exchange.reason = "the code base in the path is not this server's"
        exchange.cause = "wrong-codebase"
    except ApiError as error:
        reply = error_reply(error)
        exchange.reason, exchange.cause = error.reason, error.cause
    if exchange.fault is not None:
        alter(exchange.fault, reply)
    finish(world.settings, world.clock, exchange, reply, "x-mockcw-explain" in request.headers)
    world.journal.end(exchange, reply, world.clock.monotonic())
    if world.seen is not None:
        world.seen.note(exchange)
    if world.stage is not None:
        world.stage.note(exchange)
    return reply


def answer(world: World, exchange: Exchange, request: Request, path: str) -> Reply:
    """The steps of the API itself; each leaves in `exchange` what it found out. Raises ApiError."""
    settings = world.settings
    exchange.version = negotiate(request)
    require_room(world, request)
    tenant, actor = authenticate(world, request)
    exchange.tenant, exchange.actor = tenant.company_id, actor
    tenant.engine.new_day()
    check_client_id(settings, actor, request)
    operation, ids = resolve(world.catalogue, settings, request.method, path)
    exchange.operation = operation
    tenant.rate.check(settings, world.clock.now())
    require_settled(world, operation, ids)
    struck = strike(world, exchange, path, actor.identifier)
    if struck is not None:
        return struck
    exchange.shadow = ride_along(world, tenant, exchange, operation, ids, decided)
    return decided(world, exchange, tenant, actor, request, operation, ids)


def decided(
    world: World,
    exchange: Exchange,
    tenant: Tenant,
    actor: Actor,
    request: Request,
    operation: Operation,
    ids: tuple[int | str, ...],
) -> Reply:
    """From the decision on: refused, or carried out within what it allows. Raises ApiError."""
    settings = world.settings
    decision = decide(actor, operation, settings)
    exchange.decision = decision
    if not decision.allowed:
        raise refusal(settings, decision, operation.collection)
    for right in also_needed(operation):
        ask(settings, exchange, right)
    if operation.verb in LISTS and (decision.narrowed or decision.own or decision.parent_own):
        exchange.cause, exchange.reason = "narrowed", decision.narrowed or f"{decision.reason}: only the member's own"
    return perform(world, tenant, exchange, request, decision, operation, ids)
