"""Reaches a record that the operation itself does not address, as if the member had asked for it: the same decision.

For actions and views that show or change a record of another collection by its number. Knows the pipeline's values and
no call.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from mockcw.engine.change import Record
from mockcw.engine.verbs import Engine
from mockcw.errors import NotFound, SecurityRefusal
from mockcw.permissions import Decision, decide
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.rights import cover, refusal
from mockcw.pipeline.world import World


@dataclass(frozen=True, slots=True)
class Reaching:
    """What one exchange's member may reach of one tenant's records."""

    world: World
    engine: Engine
    exchange: Exchange

    def reach(self, collection: str, record_id: int, verb: str = "get") -> Record | None:
        """A record as the member may have it by `verb`, without what they are not shown; None where there is none.

        Raises SecurityRefusal for what a row or level My refuses, NotFound for what is hidden from the member.
        """
        decision = self._decision(collection, verb)
        self.exchange.asked.append(decision)
        if not decision.allowed:
            raise refusal(self.world.settings, decision, collection)
        doc = self.engine.store.get(collection, record_id)
        if doc is None:
            return None
        self._check(decision, collection, record_id)
        hidden = cover(self.world.settings, self.exchange, self._model(collection))
        record: Record = orjson.loads(doc)
        return record if hidden is None else hidden.over(record)

    def may_see(self, collection: str, record_id: int) -> bool:
        """Whether the member could read a record; the question leaves no trace."""
        decision = self._decision(collection, "get")
        if not decision.allowed:
            return False
        try:
            self._check(decision, collection, record_id)
        except (NotFound, SecurityRefusal):
            return False
        return True

    def hidden(self, collection: str) -> frozenset[str]:
        """The fields of a collection's records that the member is not shown."""
        found = cover(self.world.settings, self.exchange, self._model(collection))
        return frozenset() if found is None else found.fields

    def _decision(self, collection: str, verb: str) -> Decision:
        """The decision on a collection's operation of a verb, or on the one nearest to it."""
        known = self.world.catalogue.collection(collection).operations
        operation = next(known[name] for name in (verb, "get", "list") if name in known)
        assert self.exchange.actor is not None
        return decide(self.exchange.actor, operation, self.world.settings)

    def _check(self, decision: Decision, collection: str, record_id: int) -> None:
        """The record is there for the member, and at level My theirs."""
        store, outer = self.engine.store, self.engine.outermost(collection, record_id)
        here = (collection, record_id)
        for place, where in ((here, decision.scope), (outer, decision.parent_scope)):
            if where is not None and store.get(*place, None, where) is None:
                caption = self.world.catalogue.model(self._model(collection)).caption
                raise NotFound(f"{caption} {record_id} not found", reason=decision.narrowed, cause="hidden")
        for place, where in ((here, decision.own), (outer, decision.parent_own)):
            if where is not None and store.get(*place, None, where) is None:
                reason = f"level My ({decision.row.module} > {decision.row.area}), and the record is another's"
                raise SecurityRefusal(self.world.settings.security_message, reason=reason, cause="not-own")

    def _model(self, collection: str) -> str:
        return self.world.catalogue.row(collection).model
