"""The part of the control API about kept states: keep one, go back to it, see what two futures of it differ in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from flask import Response, request

from mockcw.errors import NotFound
from mockcw.pipeline import World, states
from mockcw.pipeline.journal import SECRET_NAME
from mockcw.store import Difference, DocumentChange, named
from mockcw.web.answers import answer

Route = Callable[..., Callable[[Callable[..., Response]], None]]
MOST = 1000  # records that differ in one answer, unless asked otherwise
PUBLISHED = "/"  # how the names of the API's own collections begin; the others are the emulator's
SHOWN = (PUBLISHED, "~outbox")
WITHHELD = "(withheld)"
OWN = ("id", "_info")  # fields that say nothing of what a record is


def snapshots(world: World, route: Route) -> None:
    """Kept states."""

    @route("/snapshots", "GET")
    def list_snapshots() -> Response:
        return answer(states.known(world))

    @route("/snapshots/<name>", "PUT")
    def keep_snapshot(name: str) -> Response:
        existed = name in states.only(world).store.states
        return answer(states.keep(world, named(name)), 200 if existed else 201)

    @route("/snapshots/<name>", "DELETE")
    def drop_snapshot(name: str) -> Response:
        present(world, name)
        states.only(world).store.drop(name)
        return answer({"dropped": name})

    @route("/snapshots/<name>/restore", "POST")
    def restore_snapshot(name: str) -> Response:
        present(world, name)
        states.bring_back(world, name)
        return answer(states.described(states.only(world), name))

    @route("/snapshots/<name>/differences", "GET")
    def differences(name: str) -> Response:
        to, limit = request.args.get("to"), request.args.get("limit", str(MOST))
        if not limit.isdecimal() or int(limit) < 1:
            raise ValueError(f"limit is a whole number from 1, not {limit!r}")
        for one in (name, *([to] if to else [])):
            present(world, one)
        return answer(as_json(states.differences(world, name, to or None), int(limit)))


def present(world: World, name: str) -> None:
    """Raises NotFound, with the names there are, where no state is kept under a name."""
    there = states.only(world).store.states.names()
    if name not in there:
        raise NotFound(f"no snapshot {name!r} is kept; there are: {', '.join(there) or 'none yet'}")


def as_json(found: Difference, limit: int = MOST) -> dict[str, Any]:
    """A difference as data: each record that differs with the fields that do, before and after.

    The emulator's own tables (keys, passwords, sessions) are only counted, but for the callbacks that wait.
    """
    shown = [one for one in found.changes if one.collection.startswith(SHOWN)]
    own = Counter(one.collection for one in found.changes if not one.collection.startswith(SHOWN))
    return {
        "same": not found.total and not found.next_ids,
        "total": found.total,
        "records": [record_as_json(one) for one in shown[:limit]],
        "own": own,
        "next_ids": {name: list(pair) for name, pair in found.next_ids.items() if name.startswith(PUBLISHED)},
    }


def record_as_json(change: DocumentChange) -> dict[str, Any]:
    """A record that differs."""
    before, after = (orjson.loads(doc) if doc else None for doc in (change.before, change.after))
    did = "removed" if after is None else "added" if before is None else "changed"
    told: dict[str, Any] = {"collection": change.collection, "id": change.id, "did": did}
    if before is None or after is None:
        whole = before or after or {}
        return {**told, "record": {name: safe(name, value) for name, value in whole.items() if name not in OWN}}
    return {**told, "fields": {path: list(pair) for path, pair in fields_changed(before, after)}}


def fields_changed(before: Mapping[str, Any], after: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, Any]]:
    """The paths of the fields that differ, with both values; of lists the whole list."""
    for name in sorted({*before, *after}):
        was, becomes = before.get(name), after.get(name)
        if was == becomes:
            continue
        if isinstance(was, Mapping) and isinstance(becomes, Mapping):
            yield from fields_changed(was, becomes, f"{at}{name}/")
        else:
            yield f"{at}{name}", (safe(name, was), safe(name, becomes))


def safe(name: str, value: Any) -> Any:
    """A field's value, unless its name says that it is a secret."""
    if isinstance(value, Mapping):
        return {inner: safe(inner, held) for inner, held in value.items()}
    if isinstance(value, list):
        return [safe(name, one) for one in value]
    return WITHHELD if value is not None and SECRET_NAME.search(name.encode()) else value
