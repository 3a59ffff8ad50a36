"""Step 6: the query string of a list -> what the store needs, remembered for the next request that asks the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mockcw.catalogue import Model
from mockcw.pipeline.request import Request
from mockcw.pipeline.world import World
from mockcw.query import Page, Selection, compile, compile_order, covered, covered_order, list_query
from mockcw.query.tree import Always
from mockcw.store import EVERYTHING, Where

KEPT = 2048
LONGEST_KEPT = 2048
NOTHING: Mapping[str, str] = {}
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as asked for: compiled condition and order, chosen fields, page, and the query's pairs in their order."""

    where: Where
    order: str
    selection: Selection | None
    page: Page
    pairs: list[tuple[str, str]]


def listed(
    world: World,
    request: Request,
    model: Model,
    given: Mapping[str, str] = NOTHING,
    hidden: frozenset[str] = NONE,
) -> Listed:
    """Read the query string against a model; `given` replaces its parameters (a search's body).

    Conditions and order take `hidden` fields for absent.

    Raises ApiFindCondition.
    """
    forward_only = request.headers.get("pagination-type", "").lower() == "forward-only"
    key = (model.name, request.raw_query, forward_only, hidden)
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
    asked = covered(query.where, hidden) if hidden else query.where
    where = EVERYTHING if isinstance(asked, Always) else compile(asked)
    order = covered_order(query.order, hidden) if hidden else query.order
    found = Listed(where, compile_order(order), query.selection, query.page, pairs)
    if not given and len(request.raw_query) <= LONGEST_KEPT:
        if len(world.listed) >= KEPT:
            world.listed.clear()
        world.listed[key] = found
    return found
