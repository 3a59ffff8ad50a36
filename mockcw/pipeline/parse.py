"""Step 6: the query string of a list -> what the store needs, remembered for the next request that asks the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mockcw.catalogue import Model
from mockcw.pipeline.request import Request
from mockcw.pipeline.world import World
from mockcw.query import Page, Selection, compile, compile_order, list_query
from mockcw.query.tree import Always
from mockcw.store import EVERYTHING, Where

KEPT = 2048
LONGEST_KEPT = 2048
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as asked for: compiled condition and order, chosen fields, page, and the query's pairs in their order."""

    where: Where
    order: str
    selection: Selection | None
    page: Page
    pairs: list[tuple[str, str]]


def listed(world: World, request: Request, model: Model, given: Mapping[str, str] = NOTHING) -> Listed:
    """Read the query string against a model; `given` replaces its parameters (a search's body).

    Raises ApiFindCondition.
    """
    forward_only = request.headers.get("pagination-type", "").lower() == "forward-only"
    key = (model.name, request.raw_query, forward_only)
    known = world.listed.get(key) if not given else None
    if isinstance(known, Listed):
        return known
    pairs = request.pairs()
    query = list_query(
        {name.lower(): value for name, value in pairs} | dict(given),
        model,
        world.catalogue,
        forward_only=forward_only,
        settings=world.query_settings,
    )
    where = EVERYTHING if isinstance(query.where, Always) else compile(query.where)
    found = Listed(where, compile_order(query.order), query.selection, query.page, pairs)
    if not given and len(request.raw_query) <= LONGEST_KEPT:
        if len(world.listed) >= KEPT:
            world.listed.clear()
        world.listed[key] = found
    return found
