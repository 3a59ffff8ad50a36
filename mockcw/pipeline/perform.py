"""Steps 6 and 7: query and body are parsed, the verb of the operation does its work within the decision's scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from mockcw.catalogue import Model, Operation
from mockcw.engine.change import Call as ActionCall
from mockcw.engine.verbs import Engine
from mockcw.engine.writer import Author
from mockcw.errors import NotFound, NotYetHonest, SecurityRefusal, WrongMediaType
from mockcw.permissions import Actor, Decision
from mockcw.pipeline.negotiate import ROUTER_CODEBASE
from mockcw.pipeline.parse import listed
from mockcw.pipeline.request import Reply, Request
from mockcw.pipeline.world import Tenant, World
from mockcw.query import Selection, fields, link
from mockcw.store import EVERYTHING, Where, both

JSON_TYPES = ("application/json", "text/json", "application/vnd.connectwise.com+json", "application/json-patch+json")


@dataclass(slots=True)
class Call:
    """Everything a verb needs, in one value."""

    world: World
    engine: Engine
    request: Request
    operation: Operation
    parents: tuple[int, ...]
    record_id: int | str | None
    decision: Decision
    author: Author
    role_id: int
    ids: tuple[int | str, ...]

    @property
    def scope(self) -> Where:
        """The records a listing may show."""
        return both(self.decision.scope or EVERYTHING, self.decision.own)

    def root(self, doc: bytes) -> bytes:
        """A JSON text with the requested host in its hrefs."""
        slash = "/" if self.world.settings.href_double_slash else ""
        base = f"{self.request.site}/{ROUTER_CODEBASE}/apis/3.0{slash}"
        return doc.replace(self.engine.store.root.encode(), base.encode())


def perform(
    world: World,
    tenant: Tenant,
    actor: Actor,
    request: Request,
    decision: Decision,
    operation: Operation,
    ids: tuple[int | str, ...],
) -> Reply:
    """Do the operation and answer its reply. Raises ApiError."""
    depth = len(operation.parents)
    call = Call(
        world=world,
        engine=tenant.engine,
        request=request,
        operation=operation,
        parents=tuple(one for one in ids[:depth] if isinstance(one, int)),
        record_id=ids[depth] if len(ids) > depth else None,
        decision=decision,
        author=Author(actor.identifier, actor.location_id),
        role_id=actor.role.id,
        ids=ids,
    )
    action = world.rulebook.action(operation.name)
    if action is not None:
        return Reply(200, call.root(shaped(call, orjson.dumps(action.answer(action_call(call))))))
    missing = served(world, operation)
    if missing is not None:
        raise NotYetHonest(
            f"{operation.name} is published, but this version of mockcw does not answer it: {missing}. "
            "`mockcw coverage` lists what it answers."
        )
    try:
        if depth:
            call.engine.require_parents(operation.collection, call.parents, decision.parent_scope)
        return VERBS[operation.verb](call)
    except NotFound:
        if world.settings.hidden_record_status == 403 and hidden(call):
            raise SecurityRefusal(world.settings.security_message, reason=decision.narrowed) from None
        raise


def hidden(call: Call) -> bool:
    """Whether the outermost record of the path exists, and the structure level hides it."""
    operation, outermost = call.operation, call.ids[0] if call.ids else None
    if call.decision.narrowed is None or not isinstance(outermost, int):
        return False
    collection = operation.parents[0] if operation.parents else operation.collection
    scope = call.decision.parent_scope or call.decision.scope
    store = call.engine.store
    return store.get(collection, outermost) is not None and store.get(collection, outermost, None, scope) is None


def served(world: World, operation: Operation) -> str | None:
    """None when the operation is answered, else why a generic answer would be a lie; worked out once an operation."""
    if operation.name not in world.served:
        world.served[operation.name] = why_not(world, operation)
    return world.served[operation.name]


def why_not(world: World, operation: Operation) -> str | None:
    """The reason an operation is not answered, if it is not."""
    if world.rulebook.action(operation.name) is not None:
        return None
    if operation.verb not in VERBS:
        return "it needs code of its own, which is not there yet"
    unserved = world.rulebook.unserved.get(operation.collection)
    if unserved is not None:
        return unserved
    collection = world.catalogue.row(operation.collection)
    if collection.view_of is not None:
        return "its records are worked out from others, which is not there yet"
    if operation.verb.startswith("info") and collection.info_model is None:
        return "its lighter twin has no model"
    return None


def action_call(call: Call) -> ActionCall:
    """What an action may see of a call."""
    facts = {name: getattr(call.world.settings, name) for name in call.world.settings.__slots__}
    return ActionCall(call.ids, call.role_id, call.engine.look, facts)


# -- reading ---------------------------------------------------------------------------------------------------------


def list_records(call: Call) -> Reply:
    """GET on a collection."""
    return _listing(call, None)


def list_info(call: Call) -> Reply:
    """GET on the info twin of a collection: the same records, cut to the twin's fields."""
    return _listing(call, _info_model(call))


def _listing(call: Call, cut: Model | None) -> Reply:
    request, collection = call.request, call.operation.collection
    asked = listed(call.world, request, collection)
    found = call.engine.listing(collection, call.parents, both(asked.where, call.scope), asked.order, asked.page)
    docs = found.docs
    if cut is not None or asked.selection is not None:
        docs = [_shaped(doc, cut, asked.selection) for doc in docs]
    url = f"{request.site}/{ROUTER_CODEBASE}/apis/3.0{api_tail(request.path)}"
    header = link(url, asked.pairs, asked.page, found.total, found.last_id, len(docs))
    headers = [] if header is None else [("Link", header)]
    return Reply(200, call.root(b"[" + b",".join(docs) + b"]"), headers)


def count_records(call: Call) -> Reply:
    """GET .../count."""
    asked = listed(call.world, call.request, call.operation.collection)
    total = call.engine.count(call.operation.collection, call.parents, both(asked.where, call.scope))
    return Reply(200, b'{"count":%d}' % total)


def get_record(call: Call) -> Reply:
    """GET by id."""
    return Reply(200, _answer(call, _own_or_refuse(call), None))


def get_info(call: Call) -> Reply:
    """GET of the info twin by id."""
    return Reply(200, _answer(call, _own_or_refuse(call), _info_model(call)))


def _info_model(call: Call) -> Model:
    catalogue = call.world.catalogue
    return catalogue.model(catalogue.row(call.operation.collection).info_model or "")


def _own_or_refuse(call: Call) -> bytes:
    """The addressed record; one that the structure hides is missing, one that My refuses is refused."""
    collection, parents, decision = call.operation.collection, call.parents, call.decision
    assert call.record_id is not None
    doc = call.engine.get(collection, parents, call.record_id, decision.scope)
    if decision.own is not None:
        try:
            call.engine.get(collection, parents, call.record_id, call.scope)
        except NotFound:
            text = call.world.settings.security_message
            raise SecurityRefusal(text, reason="level My, and the record is somebody else's") from None
    return doc


# -- writing ---------------------------------------------------------------------------------------------------------


def create_record(call: Call) -> Reply:
    """POST on a collection."""
    _expect_json(call)
    doc = call.engine.create(call.operation.collection, call.parents, call.request.body, call.author)
    return Reply(201, _answer(call, doc, None))


def replace_record(call: Call) -> Reply:
    """PUT by id."""
    _expect_json(call)
    doc = call.engine.replace(
        call.operation.collection, call.parents, _addressed(call), call.request.body, call.author, call.decision.scope
    )
    return Reply(200, _answer(call, doc, None))


def patch_record(call: Call) -> Reply:
    """PATCH by id."""
    _expect_json(call)
    doc = call.engine.patch(
        call.operation.collection, call.parents, _addressed(call), call.request.body, call.author, call.decision.scope
    )
    return Reply(200, _answer(call, doc, None))


def delete_record(call: Call) -> Reply:
    """DELETE by id: 204 and no body (captured)."""
    call.engine.delete(call.operation.collection, call.parents, _addressed(call), call.author, call.decision.scope)
    return Reply(204)


def _addressed(call: Call) -> int:
    if call.decision.own is not None:
        _own_or_refuse(call)
    assert isinstance(call.record_id, int)
    return call.record_id


def _expect_json(call: Call) -> None:
    kind = call.request.headers.get("content-type", "").split(";", 1)[0].strip().lower()
    if kind and kind not in JSON_TYPES:
        raise WrongMediaType(call.world.settings.media_type_message, reason=f"content type {kind}")


# -- shaping ---------------------------------------------------------------------------------------------------------


def _answer(call: Call, doc: bytes, cut: Model | None) -> bytes:
    return call.root(shaped(call, doc, cut))


def shaped(call: Call, doc: bytes, cut: Model | None = None) -> bytes:
    """One record cut to the twin's fields and to `fields=`, where there are such."""
    selection = None
    if call.request.raw_query:
        text = next((value for name, value in call.request.pairs() if name.lower() == "fields"), "")
        selection = fields(text) if text else None
    return doc if cut is None and selection is None else _shaped(doc, cut, selection)


def _shaped(doc: bytes, cut: Model | None, selection: Selection | None) -> bytes:
    record = orjson.loads(doc)
    if cut is not None:
        record = {name: value for name, value in record.items() if name in cut.fields}
    if selection is not None:
        record = selection.apply(record)
    return orjson.dumps(record)


def api_tail(path: str) -> str:
    """The path under the API root as the client wrote it."""
    return "/" + path.split("/", 4)[4]


VERBS: dict[str, Callable[[Call], Reply]] = {
    "list": list_records,
    "count": count_records,
    "get": get_record,
    "create": create_record,
    "replace": replace_record,
    "patch": patch_record,
    "delete": delete_record,
    "info_list": list_info,
    "info_count": count_records,
    "info_get": get_info,
}
