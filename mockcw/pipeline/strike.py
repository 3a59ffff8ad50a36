"""Lets an injected fault strike a request before its operation runs."""

from __future__ import annotations

from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.request import Reply
from mockcw.pipeline.throttle import faulty_reply
from mockcw.pipeline.world import World


def strike(world: World, exchange: Exchange, path: str, member: str | None) -> Reply | None:
    """The reply of the fault that hits this request, if one does and leaves the operation no say."""
    sent = exchange.request
    effect = world.faults.hit(sent.method, path, member, sent.raw_query) if world.faults else None
    if effect is None:
        return None
    exchange.fault = effect
    world.pause(effect.latency_ms / 1000)
    return faulty_reply(effect)
