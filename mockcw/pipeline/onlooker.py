"""What the member of a callback is told of a record: what the member could read of it with a GET, and nothing else.

No source says how the real API narrows callbacks; without this they would be a way around roles (assumed, a setting).
"""

from __future__ import annotations

import orjson

from mockcw.engine.change import Record
from mockcw.permissions import Actor, Decision, decide, masks_of
from mockcw.permissions.records import MEMBERS
from mockcw.pipeline.authenticate import stamp
from mockcw.pipeline.login.who import member_actor
from mockcw.pipeline.rights import Cover, worked_out
from mockcw.pipeline.world import Tenant
from mockcw.settings import Settings
from mockcw.store import EVERYTHING, both


class Onlooker:
    """Shows records as members may read them; who they are is remembered while nothing about anybody changes."""

    def __init__(self, tenant: Tenant, settings: Settings) -> None:
        self._tenant = tenant
        self._settings = settings
        self._stamp: tuple[int, ...] = ()
        self._actors: dict[int, Actor | None] = {}

    def __call__(self, member_id: int, collection: str, line: tuple[int, ...], doc: bytes) -> bytes | None:
        """A record's text as a member may read it; None for a record that is not there for the member.

        A callback that names no member, as those of integrator logins, is told of every record, less what any role may
        be refused.
        """
        actor = self._actor(member_id)
        if (
            actor is not None
            and self._settings.callback_records == "visible"
            and not self._sees(actor, collection, line)
        ):
            return None
        catalogue = self._tenant.engine.catalogue
        cover = self._cover(actor, catalogue.row(collection).model)
        return doc if cover is None else orjson.dumps(cover.over(orjson.loads(doc)))

    def _actor(self, member_id: int) -> Actor | None:
        now = stamp(self._tenant)
        if now != self._stamp:
            self._actors, self._stamp = {}, now
        if member_id not in self._actors:
            member: Record | None = self._tenant.engine.look.get(MEMBERS, member_id)
            self._actors[member_id] = None if member is None else member_actor(self._tenant, member)
        return self._actors[member_id]

    def _sees(self, actor: Actor, collection: str, line: tuple[int, ...]) -> bool:
        operation = self._tenant.engine.catalogue.collection(collection).operations.get("get")
        if operation is None:
            return True
        said: Decision = decide(actor, operation, self._settings)
        if not said.allowed:
            return False
        store = self._tenant.store
        own = both(said.scope or EVERYTHING, said.own)
        if own is not EVERYTHING and store.get(collection, line[-1], None, own) is None:
            return False
        above = both(said.parent_scope or EVERYTHING, said.parent_own)
        return above is EVERYTHING or store.get(operation.parents[0], line[0], None, above) is not None

    def _cover(self, actor: Actor | None, model: str) -> Cover | None:
        masks = masks_of(model)
        if actor is not None:
            return worked_out(self._settings, actor, masks).cover if masks else None
        fields = frozenset(name for one in masks for name in one.fields)
        return Cover(fields, "questions.answer" in fields, self._settings.password_mask) if fields else None
