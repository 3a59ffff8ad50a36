"""Tries a request as somebody with another role, without a trace: so rides the shadow role along, so is a fix found.

A trial runs the very steps that follow the log-in, so it cannot disagree with them; what it writes is rolled back.
Knows the steps' values; does not know where the journal keeps what is found here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mockcw.catalogue import Operation
from mockcw.errors import ApiError
from mockcw.permissions import Actor, Decision, Role, decide, rights
from mockcw.permissions.explain import LISTS
from mockcw.pipeline.bundle import BUNDLES
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.render import error_reply
from mockcw.pipeline.request import Reply, Request
from mockcw.pipeline.shadow import Ridden
from mockcw.pipeline.world import Tenant, World

Ids = tuple[int | str, ...]
Decided = Callable[[World, Exchange, Tenant, Actor, Request, Operation, Ids], Reply]


class Undone(Exception):
    """Ends the transaction of a trial."""


def ride_along(
    world: World, tenant: Tenant, exchange: Exchange, operation: Operation, ids: Ids, decided: Decided
) -> Ridden | None:
    """What the world's shadow role gets for a request; None where none rides along.

    Tried before the request is carried out, while the records are as the request finds them.
    """
    read, member, actor = world.shadow.read, world.shadow.member, exchange.actor
    if read is None or actor is None or (member is not None and member.lower() != actor.identifier.lower()):
        return None
    found = tried(world, tenant, exchange, as_with(actor, read(tenant)), operation, ids, decided)
    assert found.decision is not None
    refused = refusing(found) or found.decision
    return Ridden(found.decision, refused.has, found.reason or found.decision.reason, found.cause)


def as_with(actor: Actor, role: Role) -> Actor:
    """The member with another role, and nothing remembered."""
    return replace(actor, role=role, decisions={}, sights={})


def tried(
    world: World,
    tenant: Tenant,
    exchange: Exchange,
    actor: Actor,
    operation: Operation,
    ids: Ids,
    decided: Decided,
) -> Exchange:
    """What the request of an exchange would be answered if `actor` sent it now; nothing of it stays."""
    found = Exchange(exchange.id, exchange.at, exchange.request, exchange.started)
    found.tenant, found.actor, found.operation = exchange.tenant, actor, operation
    chance = world.ids.mark()

    def answered() -> Reply:
        try:
            return decided(world, found, tenant, actor, exchange.request, operation, ids)
        except ApiError as error:
            found.reason, found.cause = error.reason, error.cause
            return error_reply(error)

    try:
        harmless = reads(operation) and world.rulebook.action(operation.name) is None
        if harmless or not decide(actor, operation, world.settings).allowed:
            found.reply = answered()
            return found
        with tenant.store.transaction():
            found.reply = answered()
            raise Undone
    except Undone:
        return found
    finally:
        world.ids.back_to(chance)


def reads(operation: Operation) -> bool:
    """Whether an operation is there to read."""
    return operation.method == "GET" or operation.verb == "search" or operation.name in BUNDLES


def refusing(found: Exchange) -> Decision | None:
    """The decision that refused a request or made its list shorter; None where none did."""
    main, operation = found.decision, found.operation
    if main is None or operation is None:
        return None
    if operation.name in BUNDLES:
        parts = [one for one in found.asked if not masking(one)]
        return next((one for one in parts if not one.allowed or cut_short(one)), None)
    if not main.allowed:
        return main
    if found.cause == "not-own":
        return next((one for one in (main, *reversed(found.asked)) if cut_short(one)), main)
    if found.cause in ("role-row", "table-not-allowed"):
        return next((one for one in reversed(found.asked) if not one.allowed and not masking(one)), None)
    return main if operation.verb in LISTS and cut_short(main) else None


def cut_short(decision: Decision) -> bool:
    """Whether level My leaves only the member's own records."""
    return decision.own is not None or decision.parent_own is not None


def masking(decision: Decision) -> bool:
    """Whether a decision only leaves out fields."""
    right = rights().get(decision.right or "")
    return right is not None and right.kind == "mask"
