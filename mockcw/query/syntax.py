"""The grammar of conditions: text to a tree of what was written. Knows no model, no types and no SQL.

    condition  = term { "or" term }
    term       = factor { "and" factor }
    factor     = "not" factor | "(" condition ")" | comparison
    comparison = name ["not"] ("=" | "!=" | "<" | "<=" | ">" | ">=" | "contains" | "like") literal
               | name ["not"] "in" "(" literal { "," literal } ")"

Operators, the negating prefix, parentheses and letter case as used by live clients (captured); that `and` binds tighter
than `or`, and `not` before parentheses, are assumed after SQL. `not` may stand before the name or before the operator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal as Choice
from typing import NamedTuple, TypeAlias

LiteralKind: TypeAlias = Choice["string", "numeric", "boolean", "datetime", "null"]


class ConditionSyntax(Exception):
    """The text cannot be read as a condition; `position` counts characters from 1."""

    def __init__(self, reason: str, position: int):
        super().__init__(f"{reason} at position {position}")
        self.reason = reason
        self.position = position


@dataclass(frozen=True, slots=True)
class Literal:
    """One literal: its sort and its text without quotes, brackets and escapes."""

    kind: LiteralKind
    text: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison as written; `op` is in small letters, `name` exactly as the client wrote it."""

    name: str
    op: str
    literals: tuple[Literal, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Operands joined by `and`."""

    operands: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Operands joined by `or`."""

    operands: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    """`not` before a factor."""

    operand: Syntax


Syntax: TypeAlias = Comparison | AllOf | AnyOf | Opposite

TOKEN = re.compile(
    r"""\s*(?:
        (?P<word>[^\s()\[\],"'=<>!]+)
      | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<date>\[[^\[\]]*\])
      | (?P<mark>[(),])
      | (?P<op><=|>=|!=|=|<|>)
      | (?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)
NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
ESCAPED = re.compile(r"""\\(["'\\])""")
LITERAL_WANTED = "a string, number, date, true, false or null"
JOINERS = frozenset({"and", "or"})
WORD_OPERATORS = frozenset({"contains", "like", "in"})
RESERVED = JOINERS | WORD_OPERATORS | {"not"}


class Token(NamedTuple):
    """One token: its sort, its text, where it begins, counted from 1, and for a word its text in small letters."""

    sort: str
    text: str
    position: int
    word: str


def tokens(text: str) -> list[Token]:
    """Cut the text into tokens without blanks, an `end` token last.

    Raises:
        ConditionSyntax: at a character that begins no token, such as an open quote.
    """
    found: list[Token] = []
    position = 0
    sort = ""
    while sort != "end":
        match = TOKEN.match(text, position)
        if match is None:
            position += len(text[position:]) - len(text[position:].lstrip())
            raise ConditionSyntax(_unreadable(text[position]), position + 1)
        sort = match.lastgroup or "end"
        part = match[sort]
        found.append(Token(sort, part, match.start(sort) + 1, part.lower() if sort == "word" else ""))
        position = match.end()
    return found


def _unreadable(character: str) -> str:
    if character in "\"'":
        return "a string without its closing quote"
    return "a date without its closing bracket" if character == "[" else f"an unexpected {character}"


def parse(text: str, nesting_limit: int = 16, comparisons_limit: int = 1_000) -> Syntax:
    """Read one condition.

    Raises:
        ConditionSyntax: the text is no condition, nests deeper than `nesting_limit`, or compares too often.
    """
    reader = _Reader(tokens(text), nesting_limit, comparisons_limit)
    syntax = reader.condition(0)
    if reader.current.sort != "end":
        raise reader.unexpected("and, or or the end")
    return syntax


class _Reader:
    """A cursor over the tokens of one text, with one method a rule of the grammar."""

    def __init__(self, found: list[Token], nesting_limit: int, comparisons_limit: int):
        self.tokens = found
        self.at = 0
        self.current = found[0]
        self.nesting_limit = nesting_limit
        self.comparisons_limit = comparisons_limit
        self.comparisons = 0

    def advance(self) -> None:
        self.at += 1
        self.current = self.tokens[self.at]

    def unexpected(self, wanted: str) -> ConditionSyntax:
        what = "the end" if self.current.sort == "end" else "something else"
        return ConditionSyntax(f"{wanted} expected, {what} found", self.current.position)

    def take(self, mark: str) -> None:
        if self.current.text != mark or self.current.sort != "mark":
            raise self.unexpected(mark)
        self.advance()

    def take_word(self, word: str) -> bool:
        if self.current.word != word:
            return False
        self.advance()
        return True

    def condition(self, depth: int) -> Syntax:
        operands = [self.term(depth)]
        while self.take_word("or"):
            operands.append(self.term(depth))
        return operands[0] if len(operands) == 1 else AnyOf(tuple(operands))

    def term(self, depth: int) -> Syntax:
        operands = [self.factor(depth)]
        while self.take_word("and"):
            operands.append(self.factor(depth))
        return operands[0] if len(operands) == 1 else AllOf(tuple(operands))

    def factor(self, depth: int) -> Syntax:
        if depth > self.nesting_limit:
            raise ConditionSyntax(f"nesting deeper than {self.nesting_limit}", self.current.position)
        if self.take_word("not"):
            return Opposite(self.factor(depth + 1))
        if self.current.sort == "mark" and self.current.text == "(":
            self.advance()
            inner = self.condition(depth + 1)
            self.take(")")
            return inner
        return self.comparison()

    def comparison(self) -> Syntax:
        name = self.current
        if name.sort != "word" or name.word in RESERVED or NUMBER.fullmatch(name.text):
            raise self.unexpected("a name")
        self.comparisons += 1
        if self.comparisons > self.comparisons_limit:
            raise ConditionSyntax(f"more than {self.comparisons_limit} comparisons", name.position)
        self.advance()
        negated = self.take_word("not")
        operator = self.current
        if operator.word in WORD_OPERATORS:
            self.advance()
            literals = self.listed() if operator.word == "in" else (self.literal(),)
            return Comparison(name.text, operator.word, literals, negated)
        if operator.sort != "op":
            raise self.unexpected("an operator")
        self.advance()
        return Comparison(name.text, operator.text, (self.literal(),), negated)

    def listed(self) -> tuple[Literal, ...]:
        self.take("(")
        literals = [self.literal()]
        while self.current.text == "," and self.current.sort == "mark":
            self.advance()
            literals.append(self.literal())
        self.take(")")
        return tuple(literals)

    def literal(self) -> Literal:
        token = self.current
        if token.sort == "end":
            raise self.unexpected(LITERAL_WANTED)
        self.advance()
        if token.sort == "string":
            return Literal("string", ESCAPED.sub(r"\1", token.text[1:-1]), token.position)
        if token.sort == "date":
            return Literal("datetime", token.text[1:-1].strip(), token.position)
        if token.word in ("true", "false"):
            return Literal("boolean", token.word, token.position)
        if token.word == "null":
            return Literal("null", token.word, token.position)
        if token.sort == "word" and NUMBER.fullmatch(token.text):
            return Literal("numeric", token.text, token.position)
        raise ConditionSyntax(f"{LITERAL_WANTED} expected, something else found", token.position)
