"""Lets the shadow role ride along with a request: asked before it is carried out, never changing an answer.

Knows how a decision is taken and whose a record is; does not know where the journal keeps what is found here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mockcw.catalogue import Operation
from mockcw.permissions import Actor, Decision, decide
from mockcw.pipeline.shadow import Ridden
from mockcw.pipeline.world import Tenant, World
from mockcw.store import Where

NOT_OWN = "level My, and the record is somebody else's"


def ride_along(world: World, tenant: Tenant, actor: Actor, operation: Operation, ids: Sequence[Any]) -> Ridden | None:
    """What the world's shadow role gets for a request; None where none rides along.

    Asked before the request is carried out, so that at level My the addressed record can be looked at as it is.
    """
    read, member = world.shadow.read, world.shadow.member
    if read is None or (member is not None and member.lower() != actor.identifier.lower()):
        return None
    second = replace(actor, role=read(tenant), decisions={}, sights={})
    decision = decide(second, operation, world.settings)
    if decision.allowed and someone_elses(tenant, operation, ids, decision):
        decision = replace(decision, allowed=False, reason=NOT_OWN, cause="not-own")
    return Ridden(second, decision, world.settings)


def someone_elses(tenant: Tenant, operation: Operation, ids: Sequence[Any], decision: Decision) -> bool:
    """Whether level My of a decision refuses the record that a path addresses, or the outermost one it lies under."""
    depth = len(operation.parents)
    if decision.parent_own is not None and depth and ids:
        return not_among(tenant, operation.parents[0], ids[0], decision.parent_own)
    if decision.own is not None and operation.collection and len(ids) > depth:
        return not_among(tenant, operation.collection, ids[depth], decision.own)
    return False


def not_among(tenant: Tenant, collection: str, record_id: object, own: Where) -> bool:
    """Whether a record is there and not among one's own."""
    if not isinstance(record_id, int) or tenant.store.get(collection, record_id) is None:
        return False
    return tenant.store.get(collection, record_id, None, own) is None
