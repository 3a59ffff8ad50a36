"""Steps 6 and 7: query and body are parsed, the verb of the operation does its work within the decision's scope."""

from __future__ import annotations

from collections.abc import Callable

from mockcw.catalogue import Operation
from mockcw.engine.writer import Author
from mockcw.errors import NotFound, SecurityRefusal
from mockcw.permissions import Decision
from mockcw.pipeline import reading, writing
from mockcw.pipeline.acting import carry_out
from mockcw.pipeline.bundle import BUNDLES, bundled
from mockcw.pipeline.call import Call
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.request import Reply, Request
from mockcw.pipeline.rights import Asker, Keeper
from mockcw.pipeline.world import Tenant, World

BOARDS = ("/service/boards", "/project/boards")


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
            actor.identifier, actor.location_id, Asker(world.settings, exchange), Keeper(world.settings, exchange)
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
        if missing.cause is None and hidden(call):
            missing.reason, missing.cause = decision.narrowed, "hidden"
            if world.settings.hidden_record_status == 403 or below_a_board(operation):
                raise SecurityRefusal(
                    world.settings.security_message, reason=decision.narrowed, cause="hidden"
                ) from None
        raise


def below_a_board(operation: Operation) -> bool:
    """Whether the operation is about what lies under a board: clients meet 403 there (documented)."""
    return bool(operation.parents) and operation.parents[0] in BOARDS


def hidden(call: Call) -> bool:
    """Whether the outermost record of the path exists, and the structure level hides it."""
    operation, outermost = call.operation, call.ids[0] if call.ids else None
    if call.decision.narrowed is None or not isinstance(outermost, int):
        return False
    collection = operation.parents[0] if operation.parents else operation.collection
    scope = call.decision.parent_scope or call.decision.scope
    store = call.engine.store
    return store.get(collection, outermost) is not None and store.get(collection, outermost, None, scope) is None


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
