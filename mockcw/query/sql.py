"""The tree as SQL for SQLite 3.40: expressions over the columns id and doc, values as parameters.

Knows neither models nor the text of a condition. No value and no text of a client ever becomes SQL: names come from the
catalogue and are checked once more here. One path always gives one and the same expression text, so that an index on
that text serves it. Texts compare without regard to the case of the letters A to Z (assumed, after SQL Server's usual
collation; SQLite folds no others).

SQLite's parser has room for a hundred open symbols and expressions a thousand deep; long chains are therefore cut
into groups, and the parser of conditions limits nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias

from mockcw.query.tree import (
    Always,
    And,
    Compare,
    Holds,
    InList,
    Kind,
    Never,
    Node,
    Not,
    Or,
    Order,
    Path,
    Related,
    Some,
    Value,
)
from mockcw.store.where import Where

Parameter: TypeAlias = str | int

MEMBER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FOLDED = frozenset({Kind.TEXT, Kind.FREE})
GROUP = 32
RECORD = "doc"
ELEMENT = "element.value"


def compile(node: Node) -> Where:
    """Compile a tree to the SQL of a WHERE clause, its parameters, and the expressions an index would serve.

    Raises:
        ValueError: a path holds what is no member name; the catalogue is wrong.
    """
    writer = _Writer()
    sql = writer.node(node, RECORD)
    whole = _Writer(gathers=True).node(node, RECORD) if writer.sources else None
    return Where(sql, tuple(writer.params), tuple(writer.paths), tuple(writer.sources), whole)


def compile_order(orders: Iterable[Order]) -> str:
    """Compile sort keys to the SQL of an ORDER BY clause; it always ends with `id`, so that order is total."""
    keys: list[str] = []
    for order in orders:
        keys.append(f"{column(order.path, order.kind)}{' DESC' if order.descending else ''}")
        if order.path == ("id",):
            return ", ".join(keys)
    return ", ".join([*keys, "id"])


def column(path: Path, kind: Kind) -> str:
    """The one expression text of a record's field, collation included: what to index.

    Raises:
        ValueError: the path holds what is no member name.
    """
    expression = _member(path, RECORD)
    return f"{expression} COLLATE NOCASE" if kind in FOLDED else expression


def _member(path: Path, source: str) -> str:
    if path == ("id",) and source.endswith(RECORD):
        return f"{source.removesuffix(RECORD)}id"
    return f"json_extract({source},{_json_path(path)})" if path else source


def _json_path(path: Path) -> str:
    for name in path:
        if not MEMBER.fullmatch(name):
            raise ValueError(f"not a member name: {name!r}")
    return f"'$.{'.'.join(path)}'"


def _text(path: Path, source: str) -> str:
    """A custom field's value as text: what `"5"`, `true` or a date is compared with."""
    return (
        f"CASE json_type({source},{_json_path(path)}) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' "
        f"ELSE CAST({_member(path, source)} AS TEXT) END"
    )


class _Writer:
    """Collects parameters and indexable expressions in the order in which it writes SQL."""

    def __init__(self, *, gathers: bool = False) -> None:
        self.gathers = gathers
        self.params: list[Parameter] = []
        self.paths: dict[str, None] = {}
        self.sources: dict[str, None] = {}
        self.elsewheres = 0

    def node(self, node: Node, source: str) -> str:
        match node:
            case Always():
                return "1"
            case Never():
                return "0"
            case And(operands):
                return self.joined(operands, " AND ", "1", source)
            case Or(operands):
                return self.joined(operands, " OR ", "0", source)
            case Not(operand):
                return f"NOT ({self.node(operand, source)})"
            case Some(array, where):
                inner = self.node(where, ELEMENT)
                return f"EXISTS (SELECT 1 FROM json_each({source},{_json_path(array)}) AS element WHERE {inner})"
            case Related(path, collection, where):
                return self.elsewhere("id", _member(path, source), collection, where)
            case Holds(collection, where):
                return self.elsewhere("parent", _member(("id",), source), collection, where)
            case InList():
                return self.in_list(node, source)
            case Compare():
                return self.compare(node, source)

    def elsewhere(self, key: str, meant: str, collection: str, where: Node) -> str:
        """Whether a record of another collection, whose `key` is what is meant, makes `where` true.

        As a look-up for each record in question, or as a set of all that would do (see `Where`). The other collection's
        columns get names of their own, so that what is meant can be said in the middle of them.
        """
        if '"' in collection:
            raise ValueError(f"not a collection: {collection!r}")
        self.sources[collection] = None
        self.elsewheres += 1
        own = f"r{self.elsewheres}"
        table = f'SELECT id AS {own}_id, parent AS {own}_parent, {RECORD} AS {own}_{RECORD} FROM "{collection}"'
        inner = self.node(where, f"{own}_{RECORD}")
        if self.gathers:
            return f"({meant} IS NOT NULL AND {meant} IN (SELECT {own}_{key} FROM ({table}) WHERE {inner}))"
        return f"EXISTS (SELECT 1 FROM ({table}) WHERE {own}_{key} = {meant} AND ({inner}))"

    def joined(self, operands: tuple[Node, ...], joiner: str, empty: str, source: str) -> str:
        parts = [self.operand(each, source) for each in operands]
        while len(parts) > GROUP:
            groups = (parts[start : start + GROUP] for start in range(0, len(parts), GROUP))
            parts = [f"({joiner.join(group)})" for group in groups]
        return joiner.join(parts) or empty

    def operand(self, node: Node, source: str) -> str:
        sql = self.node(node, source)
        return f"({sql})" if isinstance(node, And | Or) else sql

    def in_list(self, node: InList, source: str) -> str:
        left = self.indexed(node.path, node.kind, source)
        return f"{left} IN ({','.join(self.parameter(value) for value in node.values)})"

    def compare(self, node: Compare, source: str) -> str:
        if node.value is None:
            return f"{_member(node.path, source)} IS {'NOT ' if node.op == '!=' else ''}NULL"
        if node.kind is Kind.FREE:
            return self.free(node, source)
        if node.op in ("contains", "like"):
            return self.matched(_member(node.path, source), node)
        if node.op == "=":
            return f"{self.indexed(node.path, node.kind, source)} = {self.parameter(node.value)}"
        return f"{self.collated(node.path, node.kind, source)} {node.op} {self.parameter(node.value)}"

    def free(self, node: Compare, source: str) -> str:
        """Numbers compare with numbers, anything else as text."""
        if isinstance(node.value, int | Decimal) and not isinstance(node.value, bool):
            number = (
                f"CASE WHEN json_type({source},{_json_path(node.path)}) IN ('integer','real') "
                f"THEN {_member(node.path, source)} END"
            )
            return f"{number} {node.op} {self.parameter(node.value)}"
        if node.op in ("contains", "like"):
            return self.matched(_text(node.path, source), node)
        text = str(node.value).lower() if isinstance(node.value, bool) else node.value
        return f"{_text(node.path, source)} COLLATE NOCASE {node.op} {self.parameter(text)}"

    def matched(self, left: str, node: Compare) -> str:
        value = self.parameter(node.value)
        if node.op == "contains":
            return f"instr(lower({left}),lower({value})) > 0"
        return f"{left} LIKE {value} ESCAPE '\\'"

    def collated(self, path: Path, kind: Kind, source: str) -> str:
        expression = _member(path, source)
        return f"{expression} COLLATE NOCASE" if kind in FOLDED else expression

    def indexed(self, path: Path, kind: Kind, source: str) -> str:
        """The left side of an equality, noted down if an index could serve it."""
        expression = self.collated(path, kind, source)
        if source == RECORD and expression != "id":
            self.paths[expression] = None
        return expression

    def parameter(self, value: Value) -> str:
        """A placeholder for the value; decimals travel as text, so that SQLite reads them as it reads the document."""
        if isinstance(value, Decimal):
            self.params.append(f"{value:f}")
            return "CAST(? AS REAL)"
        if isinstance(value, bool):
            self.params.append(int(value))
        elif isinstance(value, int | str):
            self.params.append(value)
        else:
            raise TypeError(f"not a value to compare with: {value!r}")
        return "?"
