"""The verbs that write: create, replace, patch, delete, and many of them at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from mockcw.engine.change import Record
from mockcw.errors import ApiError, MalformedRequest, NotFound
from mockcw.pipeline.call import Call
from mockcw.pipeline.hiding import as_hidden
from mockcw.pipeline.render import error_body
from mockcw.pipeline.request import Reply

MULTI_STATUS = 207


def create_record(call: Call) -> Reply:
    """POST on a collection."""
    call.expect_json()
    doc = call.engine.create(call.operation.collection, call.parents, call.request.body, call.author)
    return Reply(201, call.answer(doc))


def replace_record(call: Call) -> Reply:
    """PUT by id."""
    call.expect_json()
    doc = call.engine.replace(
        call.operation.collection,
        call.parents,
        call.addressed_id(),
        call.request.body,
        call.author,
        call.decision.scope,
    )
    return Reply(200, call.answer(doc))


def patch_record(call: Call) -> Reply:
    """PATCH by id."""
    call.expect_json()
    doc = call.engine.patch(
        call.operation.collection,
        call.parents,
        call.addressed_id(),
        call.request.body,
        call.author,
        call.decision.scope,
    )
    return Reply(200, call.answer(doc))


def delete_record(call: Call) -> Reply:
    """DELETE by id: 204 and no body (captured), or the record where the published list says so (documented)."""
    record_id = call.addressed_id()
    answered = call.operation.returns is not None
    doc = call.addressed() if answered else b""
    call.engine.delete(call.operation.collection, call.parents, record_id, call.author, call.decision.scope)
    return Reply(200, call.answer(doc)) if answered else Reply(204)


# -- many at once: 207 with a line an item, each carried out or refused on its own (shape documented) ------------------


def bulk_create(call: Call) -> Reply:
    """POST .../bulk."""
    call.expect_json()

    def create(item: Record) -> tuple[int, Record | None]:
        doc = call.engine.create(call.operation.collection, call.parents, orjson.dumps(item), call.author)
        return 201, orjson.loads(doc)

    return _each(call, _items(call), create)


def bulk_replace(call: Call) -> Reply:
    """PUT .../bulk: each item names its record by id."""
    call.expect_json()

    def replace(item: Record) -> tuple[int, Record | None]:
        call.permitted(_number(item))
        doc = call.engine.replace(
            call.operation.collection,
            call.parents,
            _number(item),
            orjson.dumps(item),
            call.author,
            call.decision.scope,
        )
        return 200, orjson.loads(doc)

    return _each(call, _items(call), replace)


def bulk_delete(call: Call) -> Reply:
    """DELETE .../bulk with the ids in the body."""
    call.expect_json()

    def delete(item: Record) -> tuple[int, Record | None]:
        call.permitted(_number(item))
        call.engine.delete(call.operation.collection, call.parents, _number(item), call.author, call.decision.scope)
        return 204, None

    ids = call.engine.read_body("IdCollection", call.request.body or b"{}", listed=False).get("ids") or []
    return _each(call, [{"id": one} for one in ids], delete)


def _items(call: Call) -> list[Any]:
    try:
        items = orjson.loads(call.request.body)
    except orjson.JSONDecodeError:
        raise MalformedRequest(call.world.settings.malformed_json_message) from None
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise MalformedRequest(call.world.settings.body_list_message)
    return items


def _number(item: Record) -> int:
    number = item.get("id")
    return number if isinstance(number, int) else 0


def _each(call: Call, items: list[Any], do: Callable[[Record], tuple[int, Record | None]]) -> Reply:
    lines, hidden = [], call.cover(call.model.name)
    for at, item in enumerate(items):
        line: Record = {"success": True, "originalIndex": at}
        try:
            status, record = do(item)
            line["statusCode"] = status
            if record is not None:
                line["data"] = record if hidden is None else hidden.over(record)
        except ApiError as refused:
            error = as_hidden(call, item.get("id"), refused) if isinstance(refused, NotFound) else refused
            if call.exchange.cause in (None, "narrowed"):
                call.exchange.cause, call.exchange.reason = error.cause, error.reason
            line |= {"success": False, "statusCode": error.status, "error": error_body(error)}
        lines.append(line)
    return Reply(MULTI_STATUS, call.root(orjson.dumps({"payload": lines, "_info": {}})))
