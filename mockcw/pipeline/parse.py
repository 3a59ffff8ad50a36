"""Step 6: the query string of a list -> what the store needs, remembered for the next request that asks the same."""

from __future__ import annotations

from dataclasses import dataclass

from mockcw.pipeline.request import Request
from mockcw.pipeline.world import World
from mockcw.query import Page, Selection, compile, compile_order, list_query
from mockcw.query.tree import Always
from mockcw.store import EVERYTHING, Where

KEPT = 2048
LONGEST_KEPT = 2048


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as asked for: compiled condition and order, chosen fields, page, and the query's pairs in their order."""

    where: Where
    order: str
    selection: Selection | None
    page: Page
    pairs: list[tuple[str, str]]


def listed(world: World, request: Request, collection: str) -> Listed:
    """Read the query string against the collection's model. Raises ApiFindCondition."""
    forward_only = request.headers.get("pagination-type", "").lower() == "forward-only"
    key = (collection, request.raw_query, forward_only)
    known = world.listed.get(key)
    if isinstance(known, Listed):
        return known
    pairs = request.pairs()
    query = list_query(
        {name.lower(): value for name, value in pairs},
        world.catalogue.model(world.catalogue.row(collection).model),
        world.catalogue,
        forward_only=forward_only,
        settings=world.query_settings,
    )
    where = EVERYTHING if isinstance(query.where, Always) else compile(query.where)
    found = Listed(where, compile_order(query.order), query.selection, query.page, pairs)
    if len(request.raw_query) <= LONGEST_KEPT:
        if len(world.listed) >= KEPT:
            world.listed.clear()
        world.listed[key] = found
    return found
