"""Everything a verb needs, in one value, and the shaping of what it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import orjson

from mockcw.catalogue import Model, Operation
from mockcw.engine.act import Asking
from mockcw.engine.look import SeenLook, StoreLook
from mockcw.engine.verbs import Engine, innermost
from mockcw.engine.writer import Author
from mockcw.errors import ApiError, NotFound, WrongMediaType
from mockcw.permissions import Actor, Decision, visible
from mockcw.pipeline import lag
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.negotiate import ROUTER_CODEBASE
from mockcw.pipeline.reach import Reaching
from mockcw.pipeline.request import Request
from mockcw.pipeline.rights import Cover, cover, refusal
from mockcw.pipeline.world import Tenant, World
from mockcw.query import Never, Selection, compile, fields
from mockcw.store import EVERYTHING, Where, both

JSON_TYPES = ("application/json", "text/json", "application/vnd.connectwise.com+json", "application/json-patch+json")


@dataclass(slots=True)
class Call:
    """One decided request, as its verb sees it."""

    world: World
    tenant: Tenant
    engine: Engine
    request: Request
    operation: Operation
    parents: tuple[int, ...]
    record_id: int | str | None
    decision: Decision
    author: Author
    exchange: Exchange
    ids: tuple[int | str, ...]

    @property
    def actor(self) -> Actor:
        """The member who asks."""
        assert self.exchange.actor is not None
        return self.exchange.actor

    @property
    def scope(self) -> Where:
        """The records a listing may show."""
        return both(self.decision.scope or EVERYTHING, self.decision.own)

    def searched(self, collection: str, where: Where, parent: int | None) -> Where:
        """What a search with a condition finds of a collection: all that is not too new for it."""
        found = self.world.lag.of(collection)
        if found is None:
            return where
        held = self.engine.store.count(collection, both(where, found.later), parent=parent)
        if held:
            lag.tell(self.exchange, held)
        return both(where, found.now)

    def listed(self, table: str, asked: Where) -> Where:
        """What a listing of the addressed collection finds, given where its records are."""
        return self.searched(table, both(asked, self.scope), innermost(self.operation.collection, self.parents))

    @property
    def model(self) -> Model:
        """The model of the addressed collection."""
        catalogue = self.world.catalogue
        return catalogue.model(catalogue.row(self.operation.collection).model)

    @property
    def info_model(self) -> Model:
        """The model of the collection's lighter twin."""
        catalogue = self.world.catalogue
        return catalogue.model(catalogue.row(self.operation.collection).info_model or "")

    def table(self) -> str:
        """Where the addressed collection's records are; those of a view are worked out first."""
        view = self.world.rulebook.view(self.operation.collection)
        return self.operation.collection if view is None else self.engine.worked_out(view, self.asking(), self.look)

    def asking(self) -> Asking:
        """Who asks for a view, and for which part."""
        own = [(name.lower(), value) for name, value in self.request.pairs()]
        wanted = {name.lower() for name in self.operation.query} - LIST_NAMES
        query = tuple((name, value) for name, value in own if name in wanted)
        actor, choices = self.actor, self.world.settings
        ways = (self.reaching.reach, self.reaching.hidden)
        return Asking(self.parents, query, actor.identifier, actor.member_id, actor.role.id, choices, *ways)

    @property
    def reaching(self) -> Reaching:
        """The way to records that the operation does not address."""
        return Reaching(self.world, self.engine, self.exchange)

    @property
    def look(self) -> StoreLook:
        """What an action or a view may read of the other records: what is there for the member.

        At level My, of the operation's own collection only what is theirs.
        """
        actor, own = self.actor, self.decision.own
        if (not actor.narrowed and own is None) or self.world.settings.permissions == "off":
            return self.engine.look
        sight = (actor.structure, actor.excluded_boards, *sorted(actor.role.refused.items()), own)
        return SeenLook(self.engine.store, self.there, self.engine.outermost, sight)

    def there(self, collection: str) -> Where | None:
        """The records of a collection that are there for the member, and where level My counts, theirs."""
        seen = visible(self.actor, collection)
        own = self.decision.own if collection == self.operation.collection else None
        return own if seen is None else both(seen, own)

    def addressed(self) -> bytes:
        """The addressed record; see `permitted`."""
        assert self.record_id is not None
        return self.permitted(self.record_id)

    def permitted(self, record_id: int | str) -> bytes:
        """A record of the addressed collection; one that is hidden is missing, one that My refuses is refused."""
        collection, decision, table = self.operation.collection, self.decision, self.table()
        doc = self.engine.get(collection, self.parents, record_id, decision.scope, table)
        if decision.own is not None:
            try:
                self.engine.get(collection, self.parents, record_id, self.scope, table)
            except NotFound as missing:
                raise self.not_own(missing) from None
        return doc

    def require_own(self) -> None:
        """What `permitted` refuses, for an action that does not read its record through its collection."""
        collection, record_id, decision = self.operation.collection, self.record_id, self.decision
        if record_id is None or not collection or (decision.own is None and decision.scope is None):
            return
        if isinstance(record_id, str):  # a name: what belongs to nobody, a report, is refused whatever it is
            if decision.own == NOBODYS:
                raise self.not_own(NotFound(f"{self.model.caption} {record_id} not found"))
            return
        store = self.engine.store
        if store.get(collection, record_id) is not None:
            missing = NotFound(f"{self.model.caption} {record_id} not found")
            if store.get(collection, record_id, None, decision.scope) is None:
                raise missing
            if store.get(collection, record_id, None, decision.own) is None:
                raise self.not_own(missing)

    def require_own_parent(self) -> None:
        """At level My, what lies under somebody else's record is refused as that record is."""
        own, parents = self.decision.parent_own, self.operation.parents
        if own is not None and self.engine.store.get(parents[0], self.parents[0], None, own) is None:
            raise self.not_own(NotFound(f"{self.model.caption} {self.parents[0]} not found"))

    def not_own(self, missing: NotFound) -> ApiError:
        """The answer about somebody else's record: a write is refused, a read as the setting says."""
        settings, decision = self.world.settings, self.decision
        said = f"level My ({decision.row.module} > {decision.row.area}, {decision.needed}), and the record is another's"
        if decision.needed == "Inquire" and settings.others_record_status == 404:
            return NotFound(missing.message, reason=said, cause="not-own")
        refused = replace(decision, allowed=False, reason=said, cause="not-own")
        return refusal(settings, refused, self.operation.collection)

    def addressed_id(self) -> int:
        """The number of the record a write addresses."""
        if self.decision.own is not None:
            self.addressed()
        assert isinstance(self.record_id, int)
        return self.record_id

    def expect_json(self) -> None:
        """Refuse a body of another media type."""
        kind = self.request.headers.get("content-type", "").split(";", 1)[0].strip().lower()
        if kind and kind not in JSON_TYPES:
            raise WrongMediaType(self.world.settings.media_type_message, reason=f"content type {kind}")

    def root(self, doc: bytes) -> bytes:
        """A JSON text with the requested host in its hrefs."""
        slash = "/" if self.world.settings.href_double_slash else ""
        base = f"{self.request.site}/{ROUTER_CODEBASE}/apis/3.0{slash}"
        return doc.replace(self.engine.store.root.encode(), base.encode())

    def answer(self, doc: bytes, cut: Model | None = None, of: str | None = None) -> bytes:
        """One record as it is sent: cut to the twin's fields and to `fields=`, where there are such.

        `of` is its model, where that is not the addressed collection's.
        """
        selection = None
        if self.request.raw_query:
            text = next((value for name, value in self.request.pairs() if name.lower() == "fields"), "")
            selection = fields(text) if text else None
        hidden = self.cover(of or self.model.name)
        if cut is None and selection is None:
            return self.root(doc if hidden is None else hidden.over_text(doc))
        return self.root(shaped(doc, cut, selection, hidden))

    def cover(self, model: str) -> Cover | None:
        """What the member is not shown of a model's records."""
        return cover(self.world.settings, self.exchange, model)


NOBODYS = compile(Never())
LIST_NAMES = frozenset(
    {"conditions", "childconditions", "customfieldconditions", "orderby", "fields", "page", "pagesize", "pageid"}
)


def shaped(doc: bytes, cut: Model | None, selection: Selection | None, hidden: Cover | None = None) -> bytes:
    """A record without what the member is not shown, cut to the twin's fields and to the chosen ones."""
    record = orjson.loads(doc)
    if hidden is not None:
        record = hidden.over(record)
    if cut is not None:
        record = {name: value for name, value in record.items() if name in cut.fields}
    if selection is not None:
        record = selection.apply(record)
    return orjson.dumps(record)
