"""Terms of a condition that no record can meet, whatever is stored, or that none of the stored ones can.

Knows the catalogue and what was written; what is stored it asks of a `Ground`. Says nothing of a text that cannot be
bound: the refusal of that says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mockcw.catalogue import Catalogue, Model
from mockcw.errors import ApiFindCondition
from mockcw.query import literals, names
from mockcw.query.bind import child_conditions, conditions, custom_field_conditions
from mockcw.query.covered import hides
from mockcw.query.literals import Moment
from mockcw.query.names import Target
from mockcw.query.settings import QuerySettings
from mockcw.query.syntax import AllOf, AnyOf, Comparison, Opposite, Syntax, parse
from mockcw.query.tree import Path

SHOWN = 60  # characters of a literal that are told
LISTED = 5  # values of an `in` that are told


class Idle(NamedTuple):
    """A term that can match nothing: as it was written, and why in one word."""

    term: str
    why: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What terms are held against: a model, and what is stored of it.

    `held` says whether some stored record has anything at a path into a reference; `caption` whether a custom field of
    that caption is defined; `hidden` are the fields that the member who asks is not shown, and so may not search by.
    """

    model: Model
    catalogue: Catalogue
    settings: QuerySettings
    held: Callable[[Path], bool]
    caption: Callable[[str], bool]
    hidden: frozenset[str] = frozenset()

    def plain(self, name: str) -> Target:
        """The field that a name means in `conditions`."""
        return names.field(name, self.model, self.catalogue, self.settings.path_limit)

    def child(self, name: str) -> Target:
        """The field that a name means in `childConditions`."""
        return names.child(name, self.model, self.catalogue, self.settings.path_limit)


def idle_terms(params: Mapping[str, str], ground: Ground) -> list[Idle]:
    """The idle terms of all three sorts of conditions; names in `params` are in small letters."""
    model, catalogue, settings = ground.model, ground.catalogue, ground.settings
    found: dict[Idle, None] = {}
    try:
        if text := params.get("conditions", "").strip():
            conditions(text, model, catalogue, settings)
            found |= dict.fromkeys(of_text(text, ground.plain, ground))
        if text := params.get("childconditions", "").strip():
            child_conditions(text, model, catalogue, settings)
            found |= dict.fromkeys(of_text(text, ground.child, ground))
        if text := params.get("customfieldconditions", "").strip():
            custom_field_conditions(text, settings)
            found |= dict.fromkeys(of_text(text, names.custom_field, ground))
    except ApiFindCondition:
        return []
    return list(found)


def of_text(text: str, find: Callable[[str], Target], ground: Ground) -> Iterator[Idle]:
    """The idle terms of one condition that can be bound."""
    settings = ground.settings
    syntax = parse(text, settings.nesting_limit, settings.comparisons_limit)
    for one in comparisons(syntax):
        target = meant(find, one.name)
        why = "many-valued" if target is None else reason(one, target, ground)
        if why is not None:
            yield Idle(written(one), why)
    yield from contradictions(syntax, find, ground)


def meant(find: Callable[[str], Target], name: str) -> Target | None:
    """What a name means; None for the one sort of name that can be bound and means nothing: one that leads to many."""
    try:
        return find(name)
    except ApiFindCondition:
        return None


def comparisons(syntax: Syntax, negated: bool = False) -> Iterator[Comparison]:
    """The comparisons of a text that say what a record must have; what is negated excludes, and is left out."""
    if isinstance(syntax, Comparison):
        if syntax.negated == negated and syntax.op != "!=":
            yield syntax
    elif isinstance(syntax, Opposite):
        yield from comparisons(syntax.operand, not negated)
    else:
        for one in syntax.operands:
            yield from comparisons(one, negated)


def reason(one: Comparison, target: Target, ground: Ground) -> str | None:
    """Why a comparison can match nothing, in one word; None where it can, and for one with null."""
    given = [each for each in one.literals if each.kind != "null"]
    path = (*(target.array or ()), *target.path)
    if not given:
        return None
    if hides(ground.hidden, path):
        return "hidden"
    if one.op == "=" and given[0].kind == "datetime":
        moment, _ = literals.value(given[0], target, ground.settings)
        return "never-true" if isinstance(moment, Moment) and moment.cut else None
    if one.op == "like" and literals.pattern(given[0], ground.settings) is None:
        return "no-wildcard"
    if one.op in ("=", "in") and all(too_long(each.text, path, ground) for each in given):
        return "too-long"
    if target.array == ("customFields",) and target.path == ("caption",) and one.op in ("=", "in"):
        return None if any(ground.caption(each.text) for each in given) else "no-such-caption"
    field = ground.model.fields.get(path[0])
    if field is not None and not field.answered:
        return "never-kept"
    into_reference = target.array is None and len(path) > 1 and path[0] != "_info"
    return "on-no-record" if into_reference and not ground.held(path) else None


def too_long(text: str, path: Path, ground: Ground) -> bool:
    """Whether the field at a path cannot hold so long a text."""
    here: Model | None = ground.model
    field = None
    for name in path:
        field = here.fields.get(name) if here else None
        here = ground.catalogue.model(field.ref) if field and field.ref else None
    return field is not None and field.max_length is not None and len(text) > field.max_length


def contradictions(syntax: Syntax, find: Callable[[str], Target], ground: Ground) -> Iterator[Idle]:
    """Two different values that one field must have at the same time."""
    if isinstance(syntax, AllOf):
        wanted: dict[object, tuple[Comparison, object]] = {}
        for one in joined(syntax):
            if isinstance(one, Comparison):
                target = meant(find, one.name)
                if target and one.op == "=" and not one.negated and one.literals[0].kind != "null":
                    value = folded(one, target, ground)
                    first, other = wanted.setdefault((target.array, target.path), (one, value))
                    if other != value:
                        yield Idle(f"{written(first)} and {written(one)}", "never-true")
            else:
                yield from contradictions(one, find, ground)
    elif isinstance(syntax, AnyOf):
        for one in syntax.operands:
            yield from contradictions(one, find, ground)


def joined(syntax: AllOf) -> Iterator[Syntax]:
    """What is joined by `and`, whatever the parentheses."""
    for one in syntax.operands:
        yield from joined(one) if isinstance(one, AllOf) else (one,)


def folded(one: Comparison, target: Target, ground: Ground) -> object:
    """The value of a comparison as it is compared: texts in any letter case."""
    value, _ = literals.value(one.literals[0], target, ground.settings)
    return value.lower() if isinstance(value, str) else value


def written(one: Comparison) -> str:
    """A comparison as it was written, long literals cut."""
    texts = [f'"{each.text[:SHOWN]}"' if each.kind == "string" else each.text[:SHOWN] for each in one.literals]
    negation = "not " if one.negated else ""
    return f"{one.name} {negation}{one.op} " + (f"({', '.join(texts[:LISTED])})" if one.op == "in" else texts[0])
