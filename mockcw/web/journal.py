"""The part of the control API about the exchanges kept: what was asked and answered, why, and what nobody read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from mockcw.pipeline import World
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.unread import Reader, summary
from mockcw.settings import VERSION
from mockcw.web.advice import explained, kept
from mockcw.web.answers import answer

Route = Callable[..., Callable[[Callable[..., Response]], None]]


def lines(world: World, entries: list[Exchange]) -> list[dict[str, Any]]:
    """Exchanges without bodies, each with how much of it nobody read, and the callbacks it caused."""
    reader, caused = Reader(world), caused_by_request(world)
    return [
        {
            **entry.as_json(bodies=False),
            "unread_count": reader.unread(entry).count,
            "callbacks": caused.get(entry.id, []),
        }
        for entry in entries
    ]


def whole(world: World, entry: Exchange) -> dict[str, Any]:
    """One exchange with all that is known of it."""
    return {
        **explained(world, entry),
        "unread": Reader(world).unread(entry).as_json(),
        "callbacks": caused_by_request(world).get(entry.id, []),
    }


def caused_by_request(world: World) -> dict[str, list[int]]:
    """The numbers of deliveries by the request that caused them."""
    return {name: numbers for one in world.tenants.values() for name, numbers in one.postman.caused().items()}


def journal(world: World, route: Route) -> None:
    """The exchanges kept."""

    @route("/requests", "GET")
    def list_requests() -> Response:
        entries = list(world.journal.entries)
        if request.args.get("format") == "har":
            log = {"version": "1.2", "creator": {"name": "mockcw", "version": VERSION}}
            return answer({"log": {**log, "entries": [entry.as_har() for entry in entries]}})
        return answer(lines(world, entries))

    @route("/requests/<request_id>", "GET")
    def one_request(request_id: str) -> Response:
        return answer(whole(world, kept(world, request_id)))

    @route("/requests", "DELETE")
    def clear_requests() -> Response:
        world.journal.entries.clear()
        return answer({"cleared": True})

    @route("/unread", "GET")
    def unread() -> Response:
        return answer(summary(world, list(world.journal.entries)))
