"""Shapes that actions of all families share: a copy of a record with what it encloses, the plain word of success.

Knows no family and no collection by name; which fields a copy leaves out is for the caller to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record

SERVER_OWNED = frozenset({"id", "_info"})
CHILD = "_href"
NUMBER = re.compile(r"(?<=/)\d+(?=/)")
Inner = Callable[[str, Record], Record | None]  # what a copy of an enclosed record changes; None: it is not copied
PARAMETERS = ("{grandparentId}", "{parentId}")  # how collections name their enclosing ids, innermost last


def copied(act: Act, collection: str, changes: Mapping[str, Any], inner: Inner | None = None) -> Record:
    """Add a copy of the addressed record to a collection, with `changes` applied (None leaves a field out).

    What the record encloses is copied, too, as far as the new record encloses collections of the same name: so a copy
    into a sister collection takes along what fits. The rules of creating apply to the copy and to all that it encloses.
    The new record comes back. Raises InvalidObject.
    """
    parents = tuple(int(one) for one in act.ids[: collection.count("{")])
    return copy_of(act, act.here, collection, parents, changes, inner or all_the_same)


def all_the_same(_collection: str, _record: Record) -> Record | None:
    """What a copy takes along without a change."""
    return {}


def copy_of(
    act: Act,
    record: Record,
    collection: str,
    parents: tuple[int, ...],
    changes: Mapping[str, Any],
    inner: Inner = all_the_same,
) -> Record:
    """Add a copy of any record, as `copied` does for the addressed one."""
    fields = {name: value for name, value in record.items() if name not in SERVER_OWNED}
    made = act.hands.create(collection, parents, {**fields, **changes})
    into = enclosed(made)
    for name, source in enclosed(record).items():
        for child in act.look.find(source, parent=record["id"]) if name in into else ():
            changed = inner(into[name], child)
            if changed is not None:
                copy_of(act, child, into[name], (*parents, made["id"]), changed, inner)
    return made


def enclosed(record: Record) -> dict[str, str]:
    """The collections that a record encloses, by the name that its `_info` gives them."""
    found = {}
    for name, href in (record.get("_info") or {}).items():
        if name.endswith(CHILD):
            path = "/" + href.split("/", 1)[1]
            for parameter in PARAMETERS[-len(NUMBER.findall(path)) :]:
                path = NUMBER.sub(parameter, path, count=1)
            found[name] = path
    return found


@dataclass(frozen=True, slots=True)
class Copying:
    """A published operation that copies the record it addresses.

    `names` are the texts that must not occur twice, with their maximum length: the copy gets new ones. `changes` are
    the fields that a copy does not take over, `dated` those that show the day of the copy instead; `inner` says so of
    the records it encloses. `then` has the last word over the copy.
    """

    operation: str
    collection: str
    says: str
    names: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    dated: tuple[str, ...] = ()
    then: Callable[[Act, Record], Record] = lambda _, made: made
    inner: Inner | None = None

    def action(self) -> Action:
        """The action that does it: 201 and the copy (assumed: no capture shows one)."""
        return Action(self.operation, self._copy, "assumed", self.says, status=201)

    def _copy(self, act: Act) -> Record:
        texts = {name: fresh_text(act, self.collection, name, limit) for name, limit in self.names.items()}
        dates = dict.fromkeys(self.dated, act.today)
        return self.then(act, copied(act, self.collection, {**self.changes, **dates, **texts}, self.inner))


def fresh_text(act: Act, collection: str, name: str, limit: int) -> str:
    """The addressed record's text with a number that no other record of the collection has."""
    base = str(act.here.get(name) or "")
    for number in count():
        tail = f"{act.choices.copy_suffix}{number}"
        text = (base[: max(0, limit - len(tail))] + tail)[-limit:]
        equal: dict[str, Any] = {name: text}
        if not act.look.find(collection, **equal):
            break
    return text


def midnight(moment: str) -> str:
    """The day of a moment, as records write dates without a time."""
    return f"{moment[:10]}T00:00:00Z"


def success(message: str = "") -> Record:
    """The answer of operations that only say whether they worked."""
    return {"success": True, "message": message}
