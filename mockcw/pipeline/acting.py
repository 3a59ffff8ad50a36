"""Carries out what no generic verb answers: an action of the rulebook, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from mockcw.catalogue import Model
from mockcw.clock import secret_token
from mockcw.engine.act import Act, Action, Content
from mockcw.engine.change import Record
from mockcw.engine.hands import EngineHands
from mockcw.engine.reports import Reports
from mockcw.pipeline.call import Call
from mockcw.pipeline.request import JSON, Reply


class Consulted(dict[str, str]):
    """The parameters of a query, and which of them anybody looked at."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self.consulted: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a parameter, or the default."""
        self.consulted.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> str:
        self.consulted.add(key)
        return super().__getitem__(key)


def carry_out(call: Call, action: Action) -> Reply:
    """Do the action and answer its reply. Raises ApiError, and then nothing was written."""
    if call.operation.method != "GET":
        call.exchange.rules.add(action.operation)
    with call.engine.store.transaction():
        act = act_of(call, action)
        result = action.answer(act)
    if isinstance(act.query, Consulted):
        call.exchange.consulted = frozenset(act.query.consulted)
    if isinstance(result, Content):
        return Reply(action.status, result.body, list(result.headers), result.content_type)
    if result is None:
        return Reply(204)
    catalogue, returns = call.world.catalogue, call.operation.returns
    shape = catalogue.model(returns) if returns is not None and catalogue.has_model(returns) else None
    if shape is not None and isinstance(result, dict):
        result = call.engine.expanded(shape, result)
    doc = orjson.dumps(cut(result, shape))
    if isinstance(result, dict):
        return Reply(action.status, call.answer(doc, of=returns or ""), [], JSON)
    hidden = call.cover(returns or "")
    return Reply(action.status, call.root(doc if hidden is None else hidden.over_list(doc)), [], JSON)


def act_of(call: Call, action: Action) -> Act:
    """What the action may see of the call."""
    operation, engine, request = call.operation, call.engine, call.request
    record: Record | None = None
    if action.addresses and call.record_id is not None and operation.collection:
        record = orjson.loads(call.addressed())
    else:
        call.require_own()
    body, resource, catalogue = None, "", call.world.catalogue
    if operation.body is not None and catalogue.has_model(operation.body) and operation.body != "PatchOperation":
        call.expect_json()
        resource = catalogue.model(operation.body).resource
        body = engine.read_body(operation.body, request.body or b"{}", listed=operation.body_list)
    elif operation.collection:
        resource = call.model.resource
    return Act(
        operation=operation.name,
        collection=operation.collection,
        ids=call.ids,
        record=record,
        body=body,
        raw=request.body,
        query=Consulted((name.lower(), value) for name, value in request.pairs()) if request.raw_query else {},
        headers=request.headers,
        resource=resource,
        actor=call.actor.identifier,
        actor_id=call.actor.member_id,
        role_id=call.actor.role.id,
        kind=call.actor.kind,
        now=engine.now(),
        today=engine.today(),
        look=call.look,
        hands=EngineHands(engine, call.author),
        choices=call.world.settings,
        key=call.world.ids.guid,
        secret=secret_token,
        href=engine.href,
        fields=lambda name: tuple(call.world.catalogue.model(name).fields),
        check=lambda name, raw: engine.read_body(name, raw, listed=False),
        reports=Reports(engine.store, call.world.catalogue, call.world.query_settings, call.look, call.searched),
        reach=call.reaching.reach,
    )


def cut(result: Any, model: Model | None) -> Any:
    """What an action answers, in the shape that its operation promises."""
    if model is None:
        return result
    if isinstance(result, list):
        return [cut(one, model) for one in result]
    return {name: result[name] for name in model.fields if result.get(name) is not None}
