"""Everything a verb needs, in one value, and the shaping of what it answers."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from mockcw.catalogue import Model, Operation
from mockcw.engine.act import Asking
from mockcw.engine.verbs import Engine
from mockcw.engine.writer import Author
from mockcw.errors import NotFound, SecurityRefusal, WrongMediaType
from mockcw.permissions import Actor, Decision
from mockcw.pipeline.negotiate import ROUTER_CODEBASE
from mockcw.pipeline.request import Request
from mockcw.pipeline.world import Tenant, World
from mockcw.query import Selection, fields
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
    actor: Actor
    ids: tuple[int | str, ...]

    @property
    def scope(self) -> Where:
        """The records a listing may show."""
        return both(self.decision.scope or EVERYTHING, self.decision.own)

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
        return self.operation.collection if view is None else self.engine.worked_out(view, self.asking())

    def asking(self) -> Asking:
        """Who asks for a view, and for which part."""
        own = [(name.lower(), value) for name, value in self.request.pairs()]
        wanted = {name.lower() for name in self.operation.query} - LIST_NAMES
        query = tuple((name, value) for name, value in own if name in wanted)
        actor, choices = self.actor, self.world.settings
        return Asking(self.parents, query, actor.identifier, actor.member_id, actor.role.id, choices)

    def addressed(self) -> bytes:
        """The addressed record; one that the structure hides is missing, one that My refuses is refused."""
        collection, decision, table = self.operation.collection, self.decision, self.table()
        assert self.record_id is not None
        doc = self.engine.get(collection, self.parents, self.record_id, decision.scope, table)
        if decision.own is not None:
            try:
                self.engine.get(collection, self.parents, self.record_id, self.scope, table)
            except NotFound:
                text = self.world.settings.security_message
                raise SecurityRefusal(text, reason="level My, and the record is somebody else's") from None
        return doc

    def require_own(self) -> None:
        """At level My, refuse somebody else's record for an action that does not read it through its collection."""
        collection, record_id, own = self.operation.collection, self.record_id, self.decision.own
        if own is None or not isinstance(record_id, int) or not collection:
            return
        store = self.engine.store
        if store.get(collection, record_id) is not None and store.get(collection, record_id, None, own) is None:
            text = self.world.settings.security_message
            raise SecurityRefusal(text, reason="level My, and the record is somebody else's")

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

    def answer(self, doc: bytes, cut: Model | None = None) -> bytes:
        """One record as it is sent: cut to the twin's fields and to `fields=`, where there are such."""
        selection = None
        if self.request.raw_query:
            text = next((value for name, value in self.request.pairs() if name.lower() == "fields"), "")
            selection = fields(text) if text else None
        return self.root(doc if cut is None and selection is None else shaped(doc, cut, selection))


LIST_NAMES = frozenset(
    {"conditions", "childconditions", "customfieldconditions", "orderby", "fields", "page", "pagesize", "pageid"}
)


def shaped(doc: bytes, cut: Model | None, selection: Selection | None) -> bytes:
    """A record cut to the twin's fields and to the chosen ones."""
    record = orjson.loads(doc)
    if cut is not None:
        record = {name: value for name, value in record.items() if name in cut.fields}
    if selection is not None:
        record = selection.apply(record)
    return orjson.dumps(record)
