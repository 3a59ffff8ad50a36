"""What came of a campaign: the activities and opportunities that refer to it."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Asking, View
from mockcw.engine.change import Look, Record

SHOWN = {
    "/marketing/campaigns/{id}/activities": "/sales/activities",
    "/marketing/campaigns/{id}/opportunities": "/sales/opportunities",
}


def brought(collection: str, source: str) -> View:
    """The records of a source that refer to the campaign."""

    def rows(look: Look, asking: Asking) -> Iterator[Record]:
        for one in look.find(source, campaign__id=asking.parent):
            yield {"id": one["id"], "name": one.get("name"), "_info": one.get("_info") or {}}

    return View(collection, (source,), rows, "assumed", "The records that refer to the campaign.")


VIEWS = tuple(brought(collection, source) for collection, source in SHOWN.items())
