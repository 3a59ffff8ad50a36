"""All that is irregular, found by the name of a collection or operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule, WriteVerb
from mockcw.errors import MockcwError


@dataclass(slots=True)
class Rulebook:
    """Rules by collection and verb in the order they were listed, actions by operation, views by collection."""

    rules: tuple[Rule, ...]
    actions: tuple[Action, ...] = ()
    views: tuple[View, ...] = ()
    _index: dict[tuple[str, str], tuple[Rule, ...]] = field(default_factory=dict)
    _actions: dict[str, Action] = field(default_factory=dict)
    _views: dict[str, View] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._actions = {action.operation: action for action in self.actions}
        self._views = {view.collection: view for view in self.views}
        for rule in self.rules:
            for verb in rule.verbs:
                self._index[rule.collection, verb] = (*self._index.get((rule.collection, verb), ()), rule)

    def without(self, ids: Iterable[str]) -> Rulebook:
        """The same rulebook with the rules of these ids left out. Raises MockcwError for an id that no rule has."""
        left_out = set(ids)
        unknown = left_out - {rule.id for rule in self.rules}
        if unknown:
            raise MockcwError(f"rules_off names no rule: {', '.join(sorted(unknown))}")
        return Rulebook(tuple(rule for rule in self.rules if rule.id not in left_out), self.actions, self.views)

    def action(self, operation: str) -> Action | None:
        """The action that answers an operation, if it is not a generic verb's."""
        return self._actions.get(operation)

    def view(self, collection: str) -> View | None:
        """How a collection is worked out, if it holds nothing of its own."""
        return self._views.get(collection)

    def daily(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules that decide again when the server's day turns, by collection."""
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            if rule.daily:
                found[rule.collection] = (*found.get(rule.collection, ()), rule)
        return found

    def of(self, collection: str, verb: WriteVerb) -> tuple[Rule, ...]:
        """The rules of one collection for one verb."""
        return self._index.get((collection, verb), ())
