"""The grammar: what is written comes back as it was meant, and hostile text is refused in bounded time and depth."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcw.query.syntax import AllOf, AnyOf, Comparison, ConditionSyntax, Literal, Opposite, Syntax, parse
from tests.campaign import examples

RESERVED = {"and", "or", "not", "in", "like", "contains", "true", "false", "null"}
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}(/[A-Za-z]{1,6}){0,2}", fullmatch=True).filter(
    lambda name: name.lower() not in RESERVED
)
literals = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(lambda text: Literal("string", text))
    | st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{0,3})?", fullmatch=True).map(lambda text: Literal("numeric", text))
    | st.sampled_from(["true", "false"]).map(lambda text: Literal("boolean", text))
    | st.just(Literal("null", "null"))
    | st.from_regex(r"[0-9TZ:+.-]{1,20}", fullmatch=True).map(lambda text: Literal("datetime", text))
)
compared = st.builds(
    Comparison,
    names,
    st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "contains", "like"]),
    st.tuples(literals),
    st.booleans(),
)
listed = st.builds(
    Comparison, names, st.just("in"), st.lists(literals, min_size=1, max_size=4).map(tuple), st.booleans()
)


def joined(inner: st.SearchStrategy[Syntax]) -> st.SearchStrategy[Syntax]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return several.map(AllOf) | several.map(AnyOf) | inner.map(Opposite)


trees = st.recursive(compared | listed, joined, max_leaves=6)


class Writer:
    """Writes a tree as text, with letter case, blanks, quotes and needless parentheses as they fall."""

    def __init__(self, data: st.DataObject):
        self.random = data.draw(st.randoms())

    def word(self, text: str) -> str:
        return self.random.choice([text, text.upper(), text.title()])

    def blank(self, least: int = 0) -> str:
        return " " * self.random.randint(least, 2)

    def literal(self, literal: Literal) -> str:
        if literal.kind == "string":
            quote = self.random.choice("\"'")
            return quote + re.sub(rf"[\\{quote}]", lambda found: "\\" + found[0], literal.text) + quote
        if literal.kind == "datetime":
            return f"[{self.blank()}{literal.text}{self.blank()}]"
        return literal.text if literal.kind == "numeric" else self.word(literal.text)

    def comparison(self, node: Comparison) -> str:
        negation = f" {self.word('not')}" if node.negated else ""
        if node.op == "in":
            inside = f"{self.blank()},{self.blank()}".join(map(self.literal, node.literals))
            return f"{node.name}{negation} {self.word('in')}{self.blank()}({inside})"
        least = 1 if node.op in ("contains", "like") else 0
        text = self.literal(node.literals[0])
        return f"{node.name}{negation}{self.blank(least)}{self.word(node.op)}{self.blank(least)}{text}"

    def write(self, node: Syntax, strength: int = 0) -> str:
        if isinstance(node, Comparison):
            text, own = self.comparison(node), 2
        elif isinstance(node, Opposite):
            text, own = f"{self.word('not')} {self.write(node.operand, 2)}", 2
        else:
            own = 1 if isinstance(node, AllOf) else 0
            joiner = f" {self.word('and' if own else 'or')}{self.blank(1)}"
            text = joiner.join(self.write(each, own + 1) for each in node.operands)
        needless = self.random.random() < 0.1
        return f"({self.blank()}{text}{self.blank()})" if own < strength or needless else text


def without_positions(node: Syntax) -> Syntax:
    if isinstance(node, Comparison):
        bare = tuple(Literal(each.kind, each.text) for each in node.literals)
        return Comparison(node.name, node.op, bare, node.negated)
    if isinstance(node, Opposite):
        return Opposite(without_positions(node.operand))
    return type(node)(tuple(map(without_positions, node.operands)))


@settings(max_examples=examples(100), deadline=None)
@given(trees, st.data())
def test_a_tree_written_as_text_is_read_back_as_the_same_tree(tree, data):
    assert without_positions(parse(Writer(data).write(tree), nesting_limit=40)) == tree


def test_and_binds_tighter_than_or():
    assert without_positions(parse("a=1 or b=2 and c=3")) == without_positions(parse("a=1 or (b=2 and c=3)"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"say \"hi\""', 'say "hi"'),
        (r"'it\'s'", "it's"),
        (r'"C:\temp"', r"C:\temp"),
        (r'"ends\\"', "ends\\"),
        ("'a \"b\"'", 'a "b"'),
    ],
)
def test_a_backslash_escapes_quotes_and_itself_only(text, value):
    parsed = parse(f"name={text}")
    assert isinstance(parsed, Comparison)
    assert parsed.literals[0].text == value


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("(name='a'", 10),
        ("name='a')", 9),
        ("name", 5),
        ("name =", 7),
        ("name = 'a", 8),
        ("name = Acme", 8),
        ("= 'a'", 1),
        ("name == 'a'", 7),
        ("name <> 'a'", 7),
        ("name = 'a' and", 15),
        ("and name = 'a'", 1),
        ("name in ()", 10),
        ("name in ('a'", 13),
        ("name in 'a'", 9),
        ("name not = ", 12),
        ("name = [2025-01-01", 8),
        ("5 = 5", 1),
        ("name = 'a' name = 'b'", 12),
        ("name ! 'a'", 6),
        ("not", 4),
    ],
)
def test_what_is_no_condition_is_refused_at_its_place(text, position):
    with pytest.raises(ConditionSyntax) as refusal:
        parse(text)
    assert refusal.value.position == position


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "id=1" + ")" * 10_000,
        "not " * 10_000 + "id=1",
        "(" * 10_000,
        "id=1 and (" * 5_000,
        '"' * 10_001,
        "[" * 10_000,
        "\\" * 10_000,
    ],
)
def test_deep_or_endless_text_is_refused(text):
    with pytest.raises(ConditionSyntax):
        parse(text)
