"""The members of a request's body that nobody read: unknown, the server's own, or written where nothing changes.

What the answer shows with the very value that was sent counts as read. Knows models and the kept exchange, no store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from mockcw.catalogue import Catalogue, Field, Model, Operation
from mockcw.engine.bodies import SERVER_OWNED
from mockcw.engine.patch import IGNORED, counts
from mockcw.engine.values import Wrong, coerce
from mockcw.pipeline.journal import Exchange
from mockcw.settings import Settings

Json = dict[str, Any]
KEEPING = frozenset({"create", "replace"})
MESSAGES = {"search": "FilterValues", "bulk_delete": "IdCollection"}
PATCHES = "PatchOperation"
OPERATION = frozenset({"op", "path", "value"})
WITHHELD = b"(withheld"  # how the journal begins what it does not keep
UNSHOWN: Mapping[str, Any] = {}


class Note(NamedTuple):
    """Something that nobody read: its name, and why in one word."""

    name: str
    why: str


class Found(NamedTuple):
    """What was not read of a body, and whether the body was kept whole, so that this is all."""

    notes: list[Note]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Fields:
    """Reads the body of one exchange again, against the model it was for."""

    catalogue: Catalogue
    settings: Settings
    exchange: Exchange

    def notes(self, operation: Operation) -> Found:
        """The members that nobody read."""
        raw = self.exchange.request.body
        if not raw or "json" not in self.exchange.request.headers.get("content-type", "json"):
            return Found([])
        body = json_of(raw)
        if body is None:
            return Found([], len(raw) < self.settings.journal_body and not raw.startswith(WITHHELD))
        return Found(list(self._of_body(operation, body)), self._refused or self._answer is not None)

    @property
    def _refused(self) -> bool:
        return self.exchange.reply is not None and self.exchange.reply.status >= 400

    @property
    def _answer(self) -> Any:
        """The value that was answered; None where its text was not kept whole. What has no body answers nothing."""
        body = b"" if self.exchange.reply is None else self.exchange.reply.body
        return json_of(body) if body else UNSHOWN

    def _of_body(self, operation: Operation, body: Any) -> Iterator[Note]:
        catalogue, verb = self.catalogue, operation.verb
        named = MESSAGES.get(verb) or (operation.body if verb == "action" else None)
        if operation.body == PATCHES and operation.collection:
            yield from self._of_patch(catalogue.model(catalogue.row(operation.collection).model), body)
        elif verb in KEEPING:
            yield from self._of_record(self._model(operation), body, self._shown())
        elif verb in ("bulk_create", "bulk_replace") and isinstance(body, list):
            lines = self._shown().get("payload") or []
            for at, one in enumerate(body):
                shown = (lines[at].get("data") or UNSHOWN) if at < len(lines) else UNSHOWN
                yield from self._of_record(self._model(operation), one, shown)
        elif named is not None:
            if catalogue.has_model(named):
                for one in body if isinstance(body, list) else [body]:
                    yield from self._of_message(catalogue.model(named), one)
        elif isinstance(body, dict):
            yield from (Note(name, "no-effect") for name in body)
        else:
            yield Note("(body)", "no-effect")

    def _model(self, operation: Operation) -> Model:
        return self.catalogue.model(self.catalogue.row(operation.collection).model)

    def _shown(self) -> Mapping[str, Any]:
        """The record that was answered; empty where none was, or its text was not kept whole."""
        found = None if self._refused else self._answer
        return found if isinstance(found, dict) else UNSHOWN

    # -- whole records -----------------------------------------------------------------------------------------

    def _of_record(self, model: Model, body: Any, shown: Mapping[str, Any]) -> Iterator[Note]:
        for name, item in body.items() if isinstance(body, dict) else ():
            field = model.fields.get(name) or model.find(name)
            if field is None:
                if self.settings.unknown_member == "ignore":
                    yield Note(name, "unknown")
            elif field.name in SERVER_OWNED or field.read_only:
                yield from self._kept_by_server(name, item, shown.get(field.name))
            else:
                yield from self._of_value(field, item, name, shown)

    def _kept_by_server(self, name: str, sent: Any, shown: Any) -> Iterator[Note]:
        """A field that is the server's own; nothing is said where the request was refused or the answer not kept."""
        if not self._refused and self._answer is not None and not same(sent, shown):
            yield Note(name, "read-only")

    def _of_message(self, model: Model, body: Any) -> Iterator[Note]:
        """The body of an action: an id in it is the client's to give, and no record of its model is answered."""
        for name, item in body.items() if isinstance(body, dict) else ():
            field = model.fields.get(name) or model.find(name)
            if field is None:
                if self.settings.unknown_member == "ignore":
                    yield Note(name, "unknown")
            elif field.name == "_info" or field.read_only and field.name != "id":
                yield Note(name, "read-only")
            else:
                yield from self._inside(field, item, name, None)

    def _of_value(self, field: Field, item: Any, name: str, shown: Mapping[str, Any]) -> Iterator[Note]:
        """A field that may be written: what is inside of it, and whether the answer shows another value than was sent.

        A null or an empty text asks for nothing in particular.
        """
        answered = shown.get(field.name)
        if isinstance(item, dict | list):
            yield from self._inside(field, item, name, answered)
        elif item not in (None, "") and answered is not None and not same(taken(field, item), answered):
            yield Note(name, "overruled")

    def _inside(self, field: Field, item: Any, path: str, shown: Any) -> Iterator[Note]:
        """The members of what is inside a record; those of a reference the record it leads to may contradict."""
        if field.ref is None:
            return
        if isinstance(item, list):
            for one in item:
                yield from self._inside(field, one, path, None)
        elif isinstance(item, dict):
            model, refers = self.catalogue.model(field.ref), field.ref.endswith("Reference")
            for name, value in item.items():
                inner, here = model.find(name), f"{path}/{name}"
                if inner is None:
                    if name != "_info":
                        yield Note(here, "unknown")
                elif isinstance(value, dict | list):
                    yield from self._inside(inner, value, here, None)
                elif refers and value not in (None, "", 0) and differs(value, shown, inner.name):
                    yield Note(here, "contradicted")

    # -- PATCH -------------------------------------------------------------------------------------------------

    def _of_patch(self, model: Model, body: Any) -> Iterator[Note]:
        """The operations that changed nothing; of several on one path the last one counts."""
        if not isinstance(body, list) or not all(isinstance(one, dict) for one in body):
            return
        shown, last = self._shown(), {}
        for one in body:
            item = {str(key).lower(): value for key, value in one.items()}
            yield from (Note(name, "unknown") for name in one if name.lower() not in OPERATION)
            last[str(item.get("path") or "").strip("/")] = item
        for path, item in last.items():
            yield from self._of_operation(model, path, item, shown)

    def _of_operation(self, model: Model, path: str, item: Json, shown: Mapping[str, Any]) -> Iterator[Note]:
        name, *rest = path.split("/")
        field, value = model.fields.get(name), item.get("value")
        if name in IGNORED or (field is not None and field.read_only):
            yield from self._kept_by_server(path, value, at(shown, path))
        elif field is None:
            return  # refused, and the refusal names it
        elif not rest:
            if str(item.get("op")).lower() != "remove":
                yield from self._of_value(field, value, path, shown)
        elif field.type == "ref":
            if not counts(self.settings, name, rest) and not same(value, at(shown, path)):
                yield Note(path, "no-effect")
        elif field.ref is not None and len(rest) > 1:
            if self.catalogue.model(field.ref).find(rest[1]) is None:
                yield Note(path, "unknown")
        elif isinstance(value, dict):
            yield from self._inside(field, value, path, None)


def json_of(raw: bytes) -> Any:
    """A JSON text's value; None for a text that is no JSON."""
    try:
        return orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None


def at(shown: Mapping[str, Any], path: str) -> Any:
    """What a record shows at a path; None where there is nothing."""
    here: Any = shown
    for name in path.split("/"):
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def taken(field: Field, item: Any) -> Any:
    """A value as its field takes it; as it is where the field does not take it."""
    try:
        return coerce(field, item)
    except Wrong:
        return item


def differs(sent: Any, shown: Any, name: str) -> bool:
    """Whether a record is shown, with another value of this name than was sent."""
    return isinstance(shown, dict) and name in shown and not same(sent, shown[name])


def same(sent: Any, shown: Any) -> bool:
    """Whether what was sent is what is shown; of a record, as far as it was sent, and links aside."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        return all(same(value, shown.get(name)) for name, value in sent.items() if name != "_info")
    if isinstance(sent, list) and isinstance(shown, list):
        return len(sent) == len(shown) and all(map(same, sent, shown))
    if isinstance(sent, str) and isinstance(shown, str):
        return sent.lower() == shown.lower()
    return bool(sent == shown)
