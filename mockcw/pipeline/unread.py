"""What of a request nobody read: fields of its body, parameters of its query, terms of its conditions.

Worked out of the kept exchange when somebody asks, so that answering a request costs nothing. Tells names, never the
values of fields. Knows which verbs read what; knows no control call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from mockcw.catalogue import Model, Operation
from mockcw.errors import ApiError
from mockcw.pipeline.bundle import BUNDLES, parts
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.request import Request
from mockcw.pipeline.rights import cover
from mockcw.pipeline.unreadfields import Fields, Note, json_of
from mockcw.pipeline.world import Tenant, World
from mockcw.query import Ground, fields, idle_terms
from mockcw.query.paging import WHOLE
from mockcw.query.selection import known
from mockcw.query.tree import Path
from mockcw.store import EVERYTHING, Where

CUSTOM_FIELDS = "/system/userDefinedFields"
NOT_READ = frozenset({401, 403, 404, 405, 413, 415, 429})  # refused before anything of the request was looked at
CONDITIONS = ("conditions", "childconditions", "customfieldconditions")
PAGED = frozenset({*CONDITIONS, "orderby", "fields", "page", "pagesize", "pageid"})
ANSWERING = frozenset({"fields"})
NOTHING: frozenset[str] = frozenset()
READS = {
    **dict.fromkeys(("list", "info_list", "search", "usages", "usages_list"), PAGED),
    **dict.fromkeys(("count", "info_count"), frozenset(CONDITIONS)),
    **dict.fromkeys(("get", "info_get", "default", "create", "replace", "patch"), ANSWERING),
    **dict.fromkeys(("bulk_create", "bulk_replace", "bulk_delete"), NOTHING),
}
KNOWN = PAGED | {"columns"}
FORWARD_ONLY = frozenset({"page", "orderby"})  # what forward-only paging does not look at (documented)


@dataclass(frozen=True, slots=True)
class Unread:
    """What of one request nobody read; `whole` is false where fields may lack, as body or answer were cut."""

    fields: tuple[Note, ...] = ()
    parameters: tuple[Note, ...] = ()
    terms: tuple[Note, ...] = ()
    whole: bool = True

    @property
    def count(self) -> int:
        """How many things were not read."""
        return len(self.fields) + len(self.parameters) + len(self.terms)

    def kinds(self) -> Iterator[tuple[str, Note]]:
        """Everything that was not read, each with what kind of thing it is."""
        for kind, notes in (("field", self.fields), ("parameter", self.parameters), ("term", self.terms)):
            yield from ((kind, note) for note in notes)

    def as_json(self) -> dict[str, Any]:
        """As the journal tells it."""
        return {
            "fields": [one._asdict() for one in self.fields],
            "parameters": [one._asdict() for one in self.parameters],
            "terms": [one._asdict() for one in self.terms],
            "whole": self.whole,
        }


@dataclass(slots=True)
class Reader:
    """Tells of kept exchanges what nobody read; what it looked up it remembers, so make one for each asking."""

    world: World
    _held: dict[tuple[str, Path], bool] = field(default_factory=dict)
    _captions: dict[str, frozenset[str]] = field(default_factory=dict)

    def unread(self, exchange: Exchange) -> Unread:
        """What of an exchange nobody read; nothing where it was turned away before anybody could."""
        operation, reply, decision = exchange.operation, exchange.reply, exchange.decision
        if operation is None or reply is None or decision is None or reply.status in NOT_READ:
            return Unread()
        found = Fields(self.world.catalogue, self.world.settings, exchange).notes(operation)
        parameters, terms = [*self._parameters(exchange, operation)], [*self._terms(exchange, operation)]
        for inner, request in self._parts(exchange, operation):
            part = replace(exchange, operation=inner, request=request)
            parameters += self._parameters(part, inner)
            terms += self._terms(part, inner)
        once = [tuple(dict.fromkeys(notes)) for notes in (found.notes, parameters, terms)]
        return Unread(once[0], once[1], once[2], found.whole)

    def _parts(self, exchange: Exchange, operation: Operation) -> Iterator[tuple[Operation, Request]]:
        """The requests of a bundle, as if each were sent alone."""
        tenant = self.world.tenants.get(exchange.tenant or "")
        if operation.name not in BUNDLES or operation.body is None or tenant is None:
            return
        try:
            bundle = tenant.engine.read_body(operation.body, exchange.request.body or b"{}", listed=False)
        except ApiError:  # it was refused, or not kept whole
            return
        yield from parts(self.world.catalogue, bundle, operation.name, exchange.request)

    # -- parameters --------------------------------------------------------------------------------------------

    def _parameters(self, exchange: Exchange, operation: Operation) -> Iterator[Note]:
        request = exchange.request
        pairs = [(name, value) for name, value in request.pairs() if name.strip()]
        reads = self._reads(exchange, operation)
        if not pairs or reads is None:
            return
        ignored = self._ignored(request, operation)
        last = {name.lower(): at for at, (name, _) in enumerate(pairs)}
        published = KNOWN | {one.lower() for one in operation.query}
        for at, (name, value) in enumerate(pairs):
            lowered = name.lower()
            if lowered not in reads:
                yield Note(name, "no-effect" if lowered in published else "unknown")
            elif last[lowered] != at:
                yield Note(name, "repeated")
            elif lowered in ignored:
                yield Note(name, ignored[lowered])
            elif lowered == "pagesize" and self._capped(value):
                yield Note(name, "capped")
            elif lowered == "fields":
                yield from (Note(f"{name}={one}", "unknown") for one in self._strangers(value, operation))

    def _reads(self, exchange: Exchange, operation: Operation) -> frozenset[str] | None:
        """The parameters that an operation looks at, in small letters; None where nobody can tell."""
        world, reply = self.world, exchange.reply
        assert reply is not None
        if world.rulebook.action(operation.name) is not None:
            single = reply.body.lstrip().startswith(b"{")
            return exchange.consulted | (ANSWERING if single else NOTHING) if reply.status < 400 else None
        if operation.name in BUNDLES:
            return NOTHING
        reads = READS.get(operation.verb)
        if operation.verb == "delete":
            reads = ANSWERING if operation.returns is not None else NOTHING
        if reads is not None and world.rulebook.view(operation.collection) is not None:
            reads |= {one.lower() for one in operation.query} - PAGED
        return reads

    def _ignored(self, request: Request, operation: Operation) -> dict[str, str]:
        """Parameters that are looked at in general and not this time, with why."""
        if "pageid" not in READS.get(operation.verb, NOTHING):
            return {}
        if request.headers.get("pagination-type", "").lower() != "forward-only":
            found = {"pageid": "not-forward-only"}
        else:
            found = dict.fromkeys(FORWARD_ONLY, "forward-only")
        if operation.verb == "search":
            found |= dict.fromkeys(filters_of(request), "body-decides")
        return found

    def _capped(self, size: str) -> bool:
        text = size.strip()
        return bool(WHOLE.fullmatch(text)) and int(text) > self.world.query_settings.page_size_limit

    def _strangers(self, text: str, operation: Operation) -> Iterator[str]:
        """The names of a `fields` list that the answer's model does not have."""
        model = self._answered(operation)
        if model is None or fields(text) is None:
            return
        for name in filter(None, map(str.strip, text.split(","))):
            parts = name.lower().split("/")
            if len(parts) > self.world.query_settings.path_limit or not known(parts, model, self.world.catalogue):
                yield name

    def _answered(self, operation: Operation) -> Model | None:
        """The model of the records that an operation answers."""
        catalogue = self.world.catalogue
        if operation.verb in ("usages", "usages_list"):
            return catalogue.model("Usage")
        if operation.verb == "action" or not operation.collection:
            returns = operation.returns
            return catalogue.model(returns) if returns is not None and catalogue.has_model(returns) else None
        row = catalogue.row(operation.collection)
        info = operation.verb in ("info_list", "info_get")
        return catalogue.model((row.info_model if info else None) or row.model)

    # -- terms -------------------------------------------------------------------------------------------------

    def _terms(self, exchange: Exchange, operation: Operation) -> Iterator[Note]:
        action = self.world.rulebook.action(operation.name)
        tenant = self.world.tenants.get(exchange.tenant or "")
        if action is not None or tenant is None or "conditions" not in READS.get(operation.verb, NOTHING):
            return
        params = {name.lower(): value for name, value in exchange.request.pairs()}
        if operation.verb == "search":
            params |= filters_of(exchange.request)
        if any(params.get(name) for name in CONDITIONS):
            yield from (Note(*one) for one in idle_terms(params, self._ground(exchange, tenant, operation)))

    def _ground(self, exchange: Exchange, tenant: Tenant, operation: Operation) -> Ground:
        catalogue, collection = self.world.catalogue, operation.collection
        usages = operation.verb in ("usages", "usages_list")
        model = catalogue.model("Usage" if usages else catalogue.row(collection).model)
        stored = not usages and self.world.rulebook.view(collection) is None
        hidden = cover(self.world.settings, replace(exchange, asked=[]), model.name)
        return Ground(
            model,
            catalogue,
            self.world.query_settings,
            lambda path: not stored or self._is_held(tenant, collection, path),
            lambda text: text.lower() in self._captions_of(tenant),
            NOTHING if hidden is None else hidden.fields,
        )

    def _is_held(self, tenant: Tenant, collection: str, path: Path) -> bool:
        """Whether some record has anything at a path; also where none has the reference, which then proves nothing."""
        return self._some(tenant, collection, path) or not self._some(tenant, collection, path[:-1])

    def _some(self, tenant: Tenant, collection: str, path: Path) -> bool:
        key = (collection, path)
        if key not in self._held:
            where = Where("json_extract(doc, ?) IS NOT NULL", (f"$.{'.'.join(path)}",))
            self._held[key] = bool(tenant.store.rows(collection, where, limit=1))
        return self._held[key]

    def _captions_of(self, tenant: Tenant) -> frozenset[str]:
        """The captions of all custom fields, in small letters."""
        known_ones = self._captions.get(tenant.company_id)
        if known_ones is None:
            docs = (orjson.loads(doc) for _, doc in tenant.store.rows(CUSTOM_FIELDS, EVERYTHING))
            known_ones = frozenset(str(one.get("caption", "")).lower() for one in docs)
            self._captions[tenant.company_id] = known_ones
        return known_ones


def filters_of(request: Request) -> dict[str, str]:
    """The conditions and the order in the body of a search, names in small letters."""
    body = json_of(request.body)
    given: Mapping[str, Any] = body if isinstance(body, dict) else {}
    return {name.lower(): text for name, text in given.items() if isinstance(text, str) and text}


def summary(world: World, entries: Iterable[Exchange]) -> list[dict[str, Any]]:
    """What nobody read in all these exchanges: a line an operation and thing, with how often and the last example."""
    reader = Reader(world)
    lines: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for entry in entries:
        for kind, note in reader.unread(entry).kinds():
            assert entry.operation is not None
            operation = entry.operation
            line = lines.setdefault(
                (operation.name, kind, *note),
                {
                    "operation": operation.name,
                    "method": operation.method,
                    "path": operation.path,
                    "kind": kind,
                    "name": note.name,
                    "why": note.why,
                    "requests": 0,
                },
            )
            line["requests"] += 1
            line["example"] = entry.id
    return sorted(lines.values(), key=lambda one: (one["path"], one["method"], one["kind"], one["name"], one["why"]))
