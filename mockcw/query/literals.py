"""Literals to values: does this literal fit this field, and which value does it stand for. Knows no paths and no SQL.

The refusals of a wrong type and of an unknown enumeration value are captured texts; the words for the other types in
the first sentence are assumed. Text operators on fields that are no text are refused by the same sentence (assumed).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mockcw.errors import ApiFindCondition
from mockcw.query.names import Target
from mockcw.query.settings import QuerySettings
from mockcw.query.syntax import ConditionSyntax, Literal
from mockcw.query.tree import Kind

TYPE_ADVICE = (
    "String values should be enclosed with double or single quotes; DateTime values should be enclosed in square "
    "brackets; numbers should consist of only digits, and optionally a decimal point and a negation sign; boolean "
    "values should be indicated with the keywords true or false; null values should be indicated by the keyword null."
)
ENUM_REFUSAL = "Enum value supplied was invalid"
LITERAL_KINDS = {
    "string": Kind.TEXT,
    "numeric": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "datetime": Kind.DATE,
}
DATE = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt\s]\s*([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?\s*([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
WHOLE = re.compile(r"-?[0-9]{1,19}")
LOWEST, HIGHEST = -(2**63), 2**63 - 1
LONGEST_NUMBER = 64


@dataclass(frozen=True, slots=True)
class Moment:
    """A date literal: the whole second in the stored form, in UTC, and whether a part of a second was cut off."""

    second: str
    cut: bool = False


def value(
    literal: Literal, target: Target, settings: QuerySettings, *, whole: bool = True
) -> tuple[str | int | Decimal | bool | Moment, Kind]:
    """The value of a literal other than null for a field, and the kind to compare as.

    `whole` says that the text is a complete value, which an enumeration must hold; a part or a pattern need not be.

    Raises:
        ApiFindCondition: the literal is of another type than the field, or not in its enumeration.
        ConditionSyntax: a number of more than 64 bits, or a date that is none.
    """
    given = LITERAL_KINDS[literal.kind]
    kind = given if target.kind is Kind.FREE else target.kind
    if given is Kind.DATE and kind is Kind.TEXT and settings.textual_dates and target.enum is None:
        kind = Kind.DATE
    if given is not kind:
        raise wrong_type(kind, given)
    if target.enum is not None and whole:
        _check_enum(literal.text, target.enum)
    if kind is Kind.TEXT:
        return literal.text, _kept(target, kind)
    if kind is Kind.BOOLEAN:
        return literal.text == "true", _kept(target, kind)
    if kind is Kind.DATE:
        return moment(literal, settings), _kept(target, kind)
    return number(literal), _kept(target, kind)


def _kept(target: Target, kind: Kind) -> Kind:
    return Kind.FREE if target.kind is Kind.FREE else kind


def wrong_type(expected: Kind, given: Kind) -> ApiFindCondition:
    """The refusal of a literal of the wrong type (captured for a number where a boolean belongs)."""
    return ApiFindCondition(f"Expected a {expected.value} value, not a {given.value}. {TYPE_ADVICE}")


def _check_enum(text: str, allowed: tuple[str, ...]) -> None:
    lowered = text.lower()
    if not any(lowered == each.lower() for each in allowed):
        raise ApiFindCondition(ENUM_REFUSAL)


def number(literal: Literal) -> int | Decimal:
    """The number of a numeric literal.

    Raises:
        ConditionSyntax: more than 64 bits before the decimal point, or more than 64 characters.
    """
    text = literal.text
    before = text.partition(".")[0]
    if len(text) > LONGEST_NUMBER or not _fits(before):
        raise ConditionSyntax("a number that is too large", literal.position)
    return Decimal(text) if "." in text else int(text)


def _fits(text: str) -> bool:
    digits = text.lstrip("-").lstrip("0")
    if not digits:
        return True
    return bool(WHOLE.fullmatch(digits)) and LOWEST <= int("-" + digits if text.startswith("-") else digits) <= HIGHEST


def moment(literal: Literal, settings: QuerySettings) -> Moment:
    """The moment of a date literal: date only, `T` or blank, with or without seconds, fraction, `Z` or offset.

    Without an offset it is UTC (assumed).

    Raises:
        ConditionSyntax: no such form, no such day, or an offset where `date_offsets` is off.
    """
    match = DATE.fullmatch(literal.text)
    if match is None:
        raise ConditionSyntax("a date of no known form", literal.position)
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        local = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
        utc = local - _offset(zone, literal, settings)
    except (ValueError, OverflowError) as impossible:
        raise ConditionSyntax("a date that does not exist", literal.position) from impossible
    return Moment(utc.isoformat()[:19] + "Z", bool(fraction and fraction.strip("0")))


def _offset(zone: str | None, literal: Literal, settings: QuerySettings) -> timedelta:
    if zone is None or zone in "Zz":
        return timedelta()
    if not settings.date_offsets:
        raise ConditionSyntax("a date with an offset", literal.position)
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError(zone)
    size = timedelta(hours=hours, minutes=minutes)
    return -size if zone[0] == "-" else size


def pattern(literal: Literal, settings: QuerySettings) -> str | None:
    """The text of a `like` as a pattern of `%`, `_` and backslash; None where it holds no wildcard.

    Raises:
        ConditionSyntax: longer than `pattern_limit`.
    """
    check_length(literal, settings)
    anything = settings.like_wildcards
    single = settings.like_single_wildcards
    parts = []
    wild = False
    for character in _brackets(literal.text, settings):
        if character in anything:
            parts.append("%")
            wild = True
        elif character in single:
            parts.append("_")
            wild = True
        else:
            parts.append("\\" + character if character in "%_\\" else character)
    return "".join(parts) if wild else None


def part(literal: Literal, settings: QuerySettings) -> str:
    """The text of a `contains`, or of a `like` without wildcards.

    Raises:
        ConditionSyntax: longer than `pattern_limit`.
    """
    check_length(literal, settings)
    return _brackets(literal.text, settings)


def _brackets(text: str, settings: QuerySettings) -> str:
    return text.replace("[[]", "[") if settings.bracket_escape else text


def check_length(literal: Literal, settings: QuerySettings) -> None:
    """Refuse a text longer than a pattern may be.

    Raises:
        ConditionSyntax: longer than `pattern_limit`.
    """
    if len(literal.text) > settings.pattern_limit:
        raise ConditionSyntax("a text that is too long", literal.position)
