"""A record that is there, yet not for the member: what its absence is called, in the answer and in the journal.

Knows how a call's records are narrowed; narrows nothing itself.
"""

from __future__ import annotations

from mockcw.catalogue import Operation
from mockcw.errors import ApiError, NotFound, SecurityRefusal
from mockcw.pipeline.call import Call
from mockcw.store import Where

BOARDS = "/service/boards"  # of both kinds: project boards have no address of their own


def as_hidden(call: Call, record_id: object, missing: NotFound) -> ApiError:
    """The answer for a missing record, which says why where it is only hidden; `record_id` is of the call's collection.

    404 or 403, as the setting says; below a board always 403, which clients met (documented).
    """
    if missing.cause is not None or not hidden(call, record_id):
        return missing
    said = call.decision.narrowed
    if call.world.settings.hidden_record_status == 403 or below_a_board(call.operation):
        return SecurityRefusal(call.world.settings.security_message, reason=said, cause="hidden")
    missing.reason, missing.cause = said, "hidden"
    return missing


def below_a_board(operation: Operation) -> bool:
    """Whether the operation is about what lies under a board."""
    return bool(operation.parents) and operation.parents[0] == BOARDS


def hidden(call: Call, record_id: object) -> bool:
    """Whether the record, or the outermost one that encloses it, is there and not for the member."""
    operation, decision = call.operation, call.decision
    if decision.narrowed is None:
        return False
    if operation.parents and call.ids and kept_out(call, operation.parents[0], call.ids[0], decision.parent_scope):
        return True
    view = call.world.rulebook.view(operation.collection)
    table = operation.collection if view is None or view.rows is not None else view.sources[0]
    return bool(table) and kept_out(call, table, record_id, decision.scope)


def kept_out(call: Call, table: str, record_id: object, scope: Where | None) -> bool:
    """Whether a record is stored, and outside a scope."""
    store = call.engine.store
    if scope is None or not isinstance(record_id, int) or store.get(table, record_id) is None:
        return False
    return store.get(table, record_id, None, scope) is None
