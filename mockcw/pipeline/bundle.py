"""POST /system/bundles: several reads in one request (documented), each through the same door as if sent alone.

A request names its resource as error bodies do (`ticket`, `company`); which names the real service knows is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import orjson

from mockcw.catalogue import Catalogue, Operation
from mockcw.engine.change import Record
from mockcw.errors import ApiError, NotFound
from mockcw.permissions import Decision, also_needed, decide
from mockcw.pipeline.call import Call
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.render import error_body
from mockcw.pipeline.request import Reply, Request
from mockcw.pipeline.rights import ask, refusal
from mockcw.pipeline.world import Tenant, World

BUNDLES = {"postSystemBundles": "list", "postSystemBundlesCount": "count"}
FILTERS = ("conditions", "orderBy", "childconditions", "customfieldconditions")
PAGES = ("page", "pageSize", "pageId")

Perform = Callable[[World, Tenant, Exchange, Request, Decision, Operation, tuple[int | str, ...]], Reply]


def bundled(call: Call, perform: Perform) -> Reply:
    """Answer every request of the bundle in its order; one that fails does not keep the others from being answered."""
    call.expect_json()
    body = call.engine.read_body(call.operation.body or "", call.request.body or b"{}", listed=False)
    verb = BUNDLES[call.operation.name]
    results = [_result(call, one or {}, verb, perform) for one in body["requests"]]
    return Reply(200, orjson.dumps({"results": results, "_info": {}}))


def parts(catalogue: Catalogue, bundle: Record, name: str, request: Request) -> Iterator[tuple[Operation, Request]]:
    """The requests of a bundle as if each were sent alone, with their operations; what means none is left out.

    `bundle` is the body as its model reads it, `name` that of the bundle's own operation.
    """
    for one in bundle["requests"]:
        asked: Record = (one or {}).get("apiRequest") or {}
        with suppress(NotFound):
            operation = _operation(catalogue, str((one or {}).get("resourceType") or ""), asked, BUNDLES[name])
            yield operation, _request(request, asked, operation, _ids(asked, operation))


def _result(call: Call, one: Record, verb: str, perform: Perform) -> Record:
    line: Record = {name: one[name] for name in ("sequenceNumber", "resourceType", "version") if one.get(name)}
    asked: Record = one.get("apiRequest") or {}
    try:
        operation = _operation(call.world.catalogue, str(one.get("resourceType") or ""), asked, verb)
        ids = _ids(asked, operation)
        decision = decide(call.actor, operation, call.world.settings)
        call.exchange.asked.append(decision)
        if not decision.allowed:
            raise refusal(call.world.settings, decision, operation.collection)
        for right in also_needed(operation):
            ask(call.world.settings, call.exchange, right)
        if call.exchange.cause is None and (decision.narrowed is not None or decision.own is not None):
            call.exchange.cause, call.exchange.reason = "narrowed", decision.narrowed or decision.reason
        inner = _request(call.request, asked, operation, ids)
        reply = perform(call.world, call.tenant, call.exchange, inner, decision, operation, ids)
        found: Any = orjson.loads(reply.body)
        entities = [] if verb == "count" else found if isinstance(found, list) else [found]
        count = found["count"] if verb == "count" else len(entities)
        return line | {"entities": entities, "count": count, "success": True, "statusCode": reply.status}
    except ApiError as error:
        if call.exchange.cause in (None, "narrowed"):
            call.exchange.cause, call.exchange.reason = error.cause, error.reason
        failed = {"entities": [], "count": 0, "success": False, "statusCode": error.status}
        return line | failed | {"error": error_body(error)}


def _operation(catalogue: Catalogue, resource: str, asked: Record, verb: str) -> Operation:
    """The read that a resource name means: by id where one is given; nested collections want their parents' ids."""
    depth = sum(1 for name in ("grandParentId", "parentId") if asked.get(name))
    for row in catalogue.rows():
        model = catalogue.model(row.model)
        if model.resource.lower() == resource.lower() and len(row.parents) == depth:
            found = catalogue.collection(row.key).operations.get("get" if asked.get("id") and verb == "list" else verb)
            if found is not None:
                return found
    raise NotFound(f"ResourceType {resource} not found")


def _ids(asked: Record, operation: Operation) -> tuple[int, ...]:
    names = ("grandParentId", "parentId", "id")
    ids = tuple(int(asked[name]) for name in names if asked.get(name))
    return ids if operation.verb == "get" else ids[: len(operation.parents)]


def _request(request: Request, asked: Record, operation: Operation, ids: tuple[int, ...]) -> Request:
    filters, page = asked.get("filters") or {}, asked.get("page") or {}
    query = {name: filters[name] for name in FILTERS if filters.get(name)}
    query |= {name: page[name] for name in PAGES if page.get(name)}
    if asked.get("fields"):
        query["fields"] = asked["fields"]
    parts = iter(ids)
    path = "/".join(str(next(parts)) if part.startswith("{") else part for part in operation.path.split("/"))
    head = "/".join(request.path.split("/", 4)[:4])
    return replace(request, method="GET", path=head + path, raw_query=urlencode(query), body=b"")
