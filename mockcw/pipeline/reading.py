"""The verbs that read: list, count, get, their info twins, default, search, usages."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from mockcw.catalogue import Model
from mockcw.pipeline.call import Call, shaped
from mockcw.pipeline.negotiate import ROUTER_CODEBASE
from mockcw.pipeline.parse import NONE, NOTHING, Listed, listed
from mockcw.pipeline.request import Reply
from mockcw.pipeline.rights import Cover
from mockcw.query import link

FILTERS = {"conditions": "conditions", "orderBy": "orderby"}  # other names of FilterValues are in small letters


def list_records(call: Call) -> Reply:
    """GET on a collection."""
    return page_of(call, None)


def list_info(call: Call) -> Reply:
    """GET on the info twin of a collection: the same records, cut to the twin's fields."""
    return page_of(call, call.info_model)


def search(call: Call) -> Reply:
    """POST on .../search: conditions and order come in the body, page and fields in the query (captured)."""
    call.expect_json()
    body: Mapping[str, str | None] = call.engine.read_body("FilterValues", call.request.body or b"{}", listed=False)
    given = {FILTERS.get(name, name): text for name, text in body.items() if text}
    return page_of(call, None, given)


def page_of(call: Call, cut: Model | None, given: Mapping[str, str] = NOTHING) -> Reply:
    """One page of the addressed collection."""
    hidden = call.cover(call.model.name)
    asked = listed(call.world, call.request, call.model, given, fields_of(hidden))
    table = call.table()
    found = call.engine.listing(table, call.parents, call.listed(table, asked.where), asked.order, asked.page)
    docs = found.docs
    if cut is not None or asked.selection is not None:
        docs = [shaped(doc, cut, asked.selection, hidden) for doc in docs]
    elif hidden is not None:
        docs = [hidden.over_text(doc) for doc in docs]
    return paged(call, asked, docs, found.total, found.last_id)


def fields_of(hidden: Cover | None) -> frozenset[str]:
    """The fields that conditions and order may not use."""
    return NONE if hidden is None else hidden.fields


def paged(call: Call, asked: Listed, docs: list[bytes], total: int | None, last_id: int | None) -> Reply:
    """Records as a JSON array, with the Link header that leads on."""
    url = f"{call.request.site}/{ROUTER_CODEBASE}/apis/3.0{api_tail(call.request.path)}"
    header = link(url, asked.pairs, asked.page, total, last_id, len(docs))
    headers = [] if header is None else [("Link", header)]
    return Reply(200, call.root(b"[" + b",".join(docs) + b"]"), headers)


def count_records(call: Call) -> Reply:
    """GET .../count."""
    asked = listed(call.world, call.request, call.model, hidden=fields_of(call.cover(call.model.name)))
    table = call.table()
    total = call.engine.count(table, call.parents, call.listed(table, asked.where))
    return Reply(200, b'{"count":%d}' % total)


def get_record(call: Call) -> Reply:
    """GET by id."""
    return Reply(200, call.answer(call.addressed()))


def get_info(call: Call) -> Reply:
    """GET of the info twin by id."""
    return Reply(200, call.answer(call.addressed(), call.info_model))


def get_default(call: Call) -> Reply:
    """GET .../default: what a new record would start with."""
    return Reply(200, call.answer(orjson.dumps(call.engine.default(call.operation.collection, call.author))))


def usages(call: Call) -> Reply:
    """GET .../usages: a line a kind of record that refers to this one."""
    return _usages(call, each=False)


def usages_list(call: Call) -> Reply:
    """GET .../usages/list: a line a record that refers to this one."""
    return _usages(call, each=True)


def _usages(call: Call, *, each: bool) -> Reply:
    record_id = orjson.loads(call.addressed())["id"]
    asked = listed(call.world, call.request, call.world.catalogue.model("Usage"))
    table = call.engine.usages(call.operation.collection, record_id, call.look, call.reaching.may_see, each=each)
    found = call.engine.listing(table, (), asked.where, asked.order, asked.page)
    docs = [shaped(doc, None, asked.selection) for doc in found.docs] if asked.selection else found.docs
    return paged(call, asked, docs, found.total, found.last_id)


def api_tail(path: str) -> str:
    """The path under the API root as the client wrote it."""
    return "/" + path.split("/", 4)[4]
