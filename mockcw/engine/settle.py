"""What rules decide about one write, settled with references and checks, and carried out.

Knows rules, models and references; does not know which verb of which request led to the write.
"""

from __future__ import annotations

import orjson

from mockcw.catalogue import Catalogue, Model
from mockcw.engine.bodies import BodyReader
from mockcw.engine.change import Add, Change, Effect, Lodge, Needs, Put, Record, Refuse, Remove, Rule, Write
from mockcw.engine.customfields import CustomFields
from mockcw.engine.defaults import complete
from mockcw.engine.references import References
from mockcw.engine.rulebook import Rulebook
from mockcw.engine.writer import Address, Author, Writer
from mockcw.errors import ApiError, BadRequest, FieldError, InvalidObject
from mockcw.store import Store


class Settler:
    """Settles the writes of one tenant."""

    def __init__(
        self,
        catalogue: Catalogue,
        store: Store,
        rulebook: Rulebook,
        reader: BodyReader,
        references: References,
        custom_fields: CustomFields,
        writer: Writer,
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._rulebook = rulebook
        self._reader = reader
        self._references = references
        self._custom_fields = custom_fields
        self._writer = writer

    def settle(self, model: Model, change: Change, given: frozenset[str], author: Author) -> list[Effect]:
        """References, rules and checks, in that order; effects on other records come back for later.

        Raises InvalidObject, and SecurityRefusal for what the author has no right to.
        """
        problems: list[FieldError] = []
        later: list[Effect] = []
        rules = self._rulebook.of(change.collection, change.verb)
        for rule in rules:
            if rule.early:
                self._decide(rule, model, change, problems, later, author)
        if change.verb != "delete":
            self._references.expand(model, change.after, given, problems)
        nowhere = bool(problems)
        for rule in rules:
            if not rule.early:
                try:
                    self._decide(rule, model, change, problems, later, author)
                except BadRequest:
                    if not nowhere:
                        raise
                    break  # references that lead nowhere are told first (assumed): the rule saw only what was left
        if change.verb != "delete":
            complete(model, change.after)
            problems += self._custom_fields.settle(
                change.collection, model, change.before, change.after, change.key, change.now
            )
            touched = change.given if change.verb == "patch" else None
            problems[:0] = self._reader.problems(
                model, change.after, updating=change.verb != "create", touched=touched, beside=problems
            )
        if problems:
            raise InvalidObject.of(model.resource, *problems)
        return later

    def _decide(
        self,
        rule: Rule,
        model: Model,
        change: Change,
        problems: list[FieldError],
        later: list[Effect],
        author: Author,
    ) -> None:
        try:
            for effect in rule.decide(change):
                author.heard(rule.id)
                if isinstance(effect, Put):
                    change.after.update(effect.values)
                    self._references.expand(model, change.after, effect.values, problems)
                elif isinstance(effect, Refuse):
                    problems.append(effect.error)
                elif isinstance(effect, Needs):
                    author.ask(effect.right, effect.item)
                else:
                    later.append(effect)
        except ApiError:  # a rule may also refuse at once, or ask for a right that is not there
            author.heard(rule.id)
            raise

    def carry_out(self, effects: list[Effect], change: Change, author: Author) -> dict[Address, Record]:
        """Add and remove what the rules decided; what they set comes back by record, the record in hand's is set."""
        own = (change.collection, change.record_id)
        pending = {own: change.after}
        writes: dict[Address, Record] = {}
        for effect in effects:
            if isinstance(effect, Write):
                writes.setdefault((effect.collection, effect.record_id), {}).update(effect.values)
            elif isinstance(effect, Add):
                added = self._writer.add_plain(effect, author, pending)
                if effect.refer:
                    writes.setdefault(own, {})[effect.refer] = {"id": added}
            elif isinstance(effect, Remove):
                self._writer.erase(effect.collection, effect.record_id, author)
            elif isinstance(effect, Lodge):
                self._writer.lodge(effect.table, change.record_id, effect.record)
        values = writes.pop(own, None)
        if values:
            change.after.update(values)
            self._references.expand(self._model(change.collection), change.after, values, [], pending)
        return writes

    def write_others(self, writes: dict[Address, Record], author: Author) -> None:
        """Set what the rules decided on other records."""
        for (collection, record_id), values in writes.items():
            found = self._store.get(collection, record_id)
            if found:
                before = orjson.loads(found)
                after = {**before, **values}
                self._references.expand(self._model(collection), after, values, [])
                self._writer.overwrite(collection, record_id, before, after, author)

    def _model(self, collection: str) -> Model:
        return self._catalogue.model(self._catalogue.row(collection).model)
