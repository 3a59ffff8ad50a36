"""Steps 6 and 7: query and body are parsed, the verb of the operation does its work within the decision's scope."""

from __future__ import annotations

from collections.abc import Callable

from mockcw.catalogue import Operation
from mockcw.engine.writer import Author
from mockcw.errors import NotFound
from mockcw.permissions import Decision
from mockcw.pipeline import reading, writing
from mockcw.pipeline.acting import carry_out
from mockcw.pipeline.bundle import BUNDLES, bundled
from mockcw.pipeline.call import Call
from mockcw.pipeline.hiding import as_hidden
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.request import Reply, Request
from mockcw.pipeline.rights import Asker, Keeper
from mockcw.pipeline.world import Tenant, World


def perform(
    world: World,
    tenant: Tenant,
    exchange: Exchange,
    request: Request,
    decision: Decision,
    operation: Operation,
    ids: tuple[int | str, ...],
) -> Reply:
    """Do the operation and answer its reply. Raises ApiError."""
    depth, actor = len(operation.parents), exchange.actor
    assert actor is not None
    call = Call(
        world=world,
        tenant=tenant,
        engine=tenant.engine,
        request=request,
        operation=operation,
        parents=tuple(one for one in ids[:depth] if isinstance(one, int)),
        record_id=ids[depth] if len(ids) > depth else None,
        decision=decision,
        author=Author(
            actor.identifier,
            actor.location_id,
            Asker(world.settings, exchange),
            Keeper(world.settings, exchange),
            exchange.id,
            exchange.rules.add,
            operation.name,
        ),
        exchange=exchange,
        ids=ids,
    )
    if operation.name in BUNDLES:
        return bundled(call, perform)
    try:
        if depth and len(call.parents) == depth:
            call.engine.require_parents(
                operation.collection, call.parents, decision.parent_scope, call.asking, call.look
            )
            call.require_own_parent()
        action = world.rulebook.action(operation.name)
        return VERBS[operation.verb](call) if action is None else carry_out(call, action)
    except NotFound as missing:
        raise as_hidden(call, call.record_id, missing) from None


VERBS: dict[str, Callable[[Call], Reply]] = {
    "list": reading.list_records,
    "count": reading.count_records,
    "get": reading.get_record,
    "default": reading.get_default,
    "search": reading.search,
    "usages": reading.usages,
    "usages_list": reading.usages_list,
    "info_list": reading.list_info,
    "info_count": reading.count_records,
    "info_get": reading.get_info,
    "create": writing.create_record,
    "replace": writing.replace_record,
    "patch": writing.patch_record,
    "delete": writing.delete_record,
    "bulk_create": writing.bulk_create,
    "bulk_replace": writing.bulk_replace,
    "bulk_delete": writing.bulk_delete,
}
