"""What was written, bound to a model: names become paths, literals become values, `not` sinks to the comparisons.

Knows the catalogue; knows no SQL. The three condition parameters of the API differ only in where their names lead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, cast

from mockcw.catalogue import Catalogue, Model
from mockcw.errors import ApiFindCondition
from mockcw.query import literals, names
from mockcw.query.names import Target
from mockcw.query.settings import DEFAULTS, QuerySettings
from mockcw.query.syntax import AllOf, Comparison, ConditionSyntax, Literal, Opposite, Syntax, parse
from mockcw.query.tree import Always, And, Compare, InList, Kind, Never, Node, Not, Operator, Or, Path, Some

Finder: TypeAlias = Callable[[str], Target]

UNUSABLE = re.compile("[\x00\ud800-\udfff]")
"""Characters that no comparison and no answer can carry."""
REVERSED: dict[str, Operator] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
CUT: dict[str, Operator] = {"<": "<=", "<=": "<=", ">": ">", ">=": ">"}
"""How a whole second compares with a moment after it, given how it compares with the moment itself."""


def conditions(text: str, model: Model, catalogue: Catalogue, settings: QuerySettings = DEFAULTS) -> Node:
    """Bind the `conditions` of a list of `model`; an empty text is every record.

    Raises:
        ApiFindCondition: the text cannot be parsed, or names or literals do not fit the model.
    """

    def find(name: str) -> Target:
        return names.field(name, model, catalogue, settings.path_limit)

    def idle(name: str) -> bool:
        return settings.many_valued == "nothing" and names.many_valued(name, model, catalogue, settings.path_limit)

    return _Binder("conditions", find, settings, idle=idle).bind(text)


def child_conditions(text: str, model: Model, catalogue: Catalogue, settings: QuerySettings = DEFAULTS) -> Node:
    """Bind `childConditions`: one and the same element must meet all that is said of its array; no `in` (documented).

    Raises:
        ApiFindCondition: as for `conditions`; names must lead into an array.
    """

    def find(name: str) -> Target:
        return names.child(name, model, catalogue, settings.path_limit)

    return _Binder("childConditions", find, settings, in_allowed=False).bind(text)


def custom_field_conditions(text: str, settings: QuerySettings = DEFAULTS) -> Node:
    """Bind `customFieldConditions`: one and the same custom field must meet all of it; no `in` (documented).

    Raises:
        ApiFindCondition: as for `conditions`; the names are those of a custom field.
    """
    return _Binder("customFieldConditions", names.custom_field, settings, in_allowed=False).bind(text)


@dataclass(frozen=True, slots=True)
class _Binder:
    parameter: str
    find: Finder
    settings: QuerySettings
    in_allowed: bool = True
    idle: Callable[[str], bool] = lambda _name: False

    def bind(self, text: str) -> Node:
        if not text.strip():
            return Always()
        check_text(text, self.parameter, self.settings)
        try:
            return _gathered(self.node(self.parsed(text), negated=False))
        except ConditionSyntax as problem:
            raise syntax_refusal(self.parameter, self.settings, problem) from problem

    def parsed(self, text: str) -> Syntax:
        return parse(text, self.settings.nesting_limit, self.settings.comparisons_limit)

    def node(self, syntax: Syntax, *, negated: bool) -> Node:
        if isinstance(syntax, Opposite):
            return self.node(syntax.operand, negated=not negated)
        if isinstance(syntax, Comparison):
            return self.comparison(syntax, negated != syntax.negated)
        operands = [self.node(each, negated=negated) for each in syntax.operands]
        return all_of(operands) if isinstance(syntax, AllOf) != negated else any_of(operands)

    def comparison(self, written: Comparison, negated: bool) -> Node:
        if written.op == "in" and not self.in_allowed:
            raise ApiFindCondition(self.settings.in_refused_text.format(parameter=self.parameter))
        if self.idle(written.name):
            return Never()
        target = self.find(written.name)
        if target.kind is Kind.REFERENCE and any(each.kind != "null" for each in written.literals):
            raise names.unrecognized(written.name)
        node = self.compared(written, target, negated)
        if self.settings.absent_differs and _excludes(written, negated):
            node = any_of([node, Compare(target.path, "=", None, target.kind)])
        return node if target.array is None else Some(target.array, node)

    def compared(self, written: Comparison, target: Target, negated: bool) -> Node:
        if written.op == "in":
            return self.listed(written.literals, target, negated)
        literal = written.literals[0]
        if written.op in ("contains", "like"):
            return self.matched(written.op, literal, target, negated)
        op = REVERSED[written.op] if negated else cast("Operator", written.op)
        if literal.kind == "null":
            if op not in ("=", "!="):
                raise ConditionSyntax("null can only be compared with = and !=", literal.position)
            return Compare(target.path, op, None, target.kind)
        value, kind = literals.value(literal, target, self.settings)
        if not isinstance(value, literals.Moment):
            return Compare(target.path, op, value, kind)
        if not value.cut:
            return Compare(target.path, op, value.second, kind)
        if op == "=":
            return Never()
        return (
            Compare(target.path, "!=", None, kind) if op == "!=" else Compare(target.path, CUT[op], value.second, kind)
        )

    def listed(self, written: Iterable[Literal], target: Target, negated: bool) -> Node:
        """`in`: null in the list stands for "absent", like `= null` (assumed)."""
        values: dict[str | int | Decimal | bool, None] = {}
        kinds: set[Kind] = set()
        absent = False
        for literal in written:
            if literal.kind == "null":
                absent = True
                continue
            value, kind = literals.value(literal, target, self.settings)
            kinds.add(kind)
            if not isinstance(value, literals.Moment):
                values[value] = None
            elif not value.cut:
                values[value.second] = None
        kind = kinds.pop() if len(kinds) == 1 else target.kind
        member: Node = InList(target.path, tuple(values), kind) if values else Never()
        if not negated:
            return any_of([member, Compare(target.path, "=", None, kind)]) if absent else member
        return Not(member) if values else Compare(target.path, "!=", None, kind)

    def matched(self, op: str, literal: Literal, target: Target, negated: bool) -> Node:
        """`contains` and `like`; a `like` without wildcards is an equality (captured)."""
        if literal.kind == "null":
            raise ConditionSyntax("null can only be compared with = and !=", literal.position)
        _, kind = literals.value(literal, target, self.settings, whole=False)
        if literal.kind != "string":
            raise literals.wrong_type(Kind.TEXT, literals.LITERAL_KINDS[literal.kind])
        text = literals.part(literal, self.settings)
        if op == "like":
            pattern = literals.pattern(literal, self.settings)
            if pattern is None:
                return Compare(target.path, "!=" if negated else "=", text, kind)
            text = pattern
        node = Compare(target.path, cast("Operator", op), text, kind)
        return Not(node) if negated else node


def syntax_refusal(parameter: str, settings: QuerySettings, problem: ConditionSyntax) -> ApiFindCondition:
    """The answer to a text that cannot be parsed (text assumed, code by analogy)."""
    return ApiFindCondition(
        settings.syntax_text.format(parameter=parameter, reason=problem.reason, position=problem.position)
    )


def check_text(text: str, parameter: str, settings: QuerySettings) -> None:
    """Refuse a parameter that is too long to read, or holds what cannot be answered or compared.

    Raises:
        ApiFindCondition: longer than `conditions_limit`, a null character or half a surrogate pair.
    """
    if len(text) > settings.conditions_limit:
        raise syntax_refusal(parameter, settings, ConditionSyntax("a text that is too long", 1))
    if unusable := UNUSABLE.search(text):
        problem = ConditionSyntax("a character that no text may hold", unusable.start() + 1)
        raise syntax_refusal(parameter, settings, problem)


def _excludes(written: Comparison, negated: bool) -> bool:
    """Whether an absent field would pass if a comparison with it were simply false, and its opposite true."""
    return (written.op == "!=") != negated and all(each.kind != "null" for each in written.literals)


def all_of(operands: Iterable[Node]) -> Node:
    """`And` with nested ones laid flat and what decides nothing left out."""
    flat: list[Node] = []
    for each in operands:
        if isinstance(each, Never):
            return each
        if not isinstance(each, Always):
            flat.extend(each.operands if isinstance(each, And) else (each,))
    return And(tuple(flat)) if len(flat) > 1 else flat[0] if flat else Always()


def any_of(operands: Iterable[Node]) -> Node:
    """`Or` with nested ones laid flat and what decides nothing left out."""
    flat: list[Node] = []
    for each in operands:
        if isinstance(each, Always):
            return each
        if not isinstance(each, Never):
            flat.extend(each.operands if isinstance(each, Or) else (each,))
    return Or(tuple(flat)) if len(flat) > 1 else flat[0] if flat else Never()


def _gathered(node: Node) -> Node:
    """Let all that is said of one array, joined by `and` or `or`, be said of one and the same element of it."""
    if not isinstance(node, And | Or):
        return node
    by_array: dict[Path, list[Node]] = {}
    others: list[Node] = []
    for operand in map(_gathered, node.operands):
        if isinstance(operand, Some):
            by_array.setdefault(operand.array, []).append(operand.where)
        else:
            others.append(operand)
    join = all_of if isinstance(node, And) else any_of
    return join([*others, *(Some(array, join(parts)) for array, parts in by_array.items())])
