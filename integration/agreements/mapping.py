"""The mapping file: what becomes of each old product, in price, cost, quantity and date.

Knows the file's words and which rule wins for a line; does not know agreements. A rule is looked up from the narrowest
to the widest: an exception for company and product, one for the company, the product's own entry, the defaults.

    [defaults]
    price = "keep"              # keep | catalogue | {fixed = 12.50} | {percent = -10}, a change of the old price
    cost = "keep"               # the same words
    quantity = "keep"           # keep | {fixed = 5} | {multiply = 2} | {table = {"1" = 10, "5" = 45}}, by old quantity
    date = "next-billing"       # next-billing | today | 2026-03-01: the first day of the new line
    zero = "leave"              # leave | carry: lines without a quantity
    negative = "leave"          # leave | carry: lines that are credits

    [[map]]
    from = "OLD"
    to = "NEW"                  # and any of the words above

    [[exception]]
    company = "ACME"            # the company's identifier, or its id as a number
    from = "OLD"                # left out: all products of this company
    leave = true                # or `to`, or any of the words above
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from integration.agreements.figures import is_exact
from integration.errors import WrongUse

_LARGEST: Final = 16 * 1024 * 1024
_PRICE: Final = '"keep", "catalogue", {fixed = NUMBER} or {percent = NUMBER}'
_QUANTITY: Final = '"keep", {fixed = NUMBER}, {multiply = NUMBER} or {table = {"OLD" = NEW}}'
_DATE: Final = '"next-billing", "today" or a date such as 2026-03-01'
_POLICY: Final = '"leave" or "carry"'


@dataclass(frozen=True, slots=True)
class Rule:
    """How one figure comes about: a word, and the number or the table that goes with it."""

    word: str
    number: Decimal = Decimal(0)
    table: tuple[tuple[Decimal, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """Every rule of a line; None where a wider one decides. `date` is a word or a day."""

    to: str | None = None
    price: Rule | None = None
    cost: Rule | None = None
    quantity: Rule | None = None
    date: str | date | None = None
    zero: str | None = None
    negative: str | None = None
    leave: bool | None = None

    def over(self, wider: Rules) -> Rules:
        """Take from `wider` what is not said here."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(wider, **{name: value for name, value in said.items() if value is not None})


@dataclass(frozen=True, slots=True)
class ProductChange:
    """One `[[map]]`: an old product and its rules."""

    old: str
    rules: Rules


@dataclass(frozen=True, slots=True)
class CompanyException:
    """One `[[exception]]`; `old` is None for all products of the company, named by identifier or id."""

    company: str | int
    old: str | None
    rules: Rules


class Ambiguous(ValueError):
    """Two exceptions of the same width fit one line."""


DEFAULTS: Final = Rules(
    price=Rule("keep"), cost=Rule("keep"), quantity=Rule("keep"), date="next-billing", zero="leave", negative="leave"
)


@dataclass(frozen=True)
class ProductMapping:
    """A whole mapping file."""

    changes: tuple[ProductChange, ...]
    exceptions: tuple[CompanyException, ...] = ()
    defaults: Rules = DEFAULTS

    def names(self, product: str) -> bool:
        """Tell whether a product is an old one."""
        return product.casefold() in self._by_product

    def rules_for(self, company_id: int, company: str, product: str) -> Rules | None:
        """Find the rules of a line, None when its product is not named; raises Ambiguous."""
        change = self._by_product.get(product.casefold())
        if change is None:
            return None
        rules = change.rules.over(self.defaults)
        named = [*self._by_company.get(company_id, ()), *self._by_company.get(company.casefold(), ())]
        fitting = [one for one in named if one.old is None or one.old.casefold() == product.casefold()]
        for is_narrow in (False, True):
            found = [one for one in fitting if (one.old is not None) == is_narrow]
            if len(found) > 1:
                raise Ambiguous(f"{len(found)} exceptions fit company {company} and product {product} alike")
            rules = found[0].rules.over(rules) if found else rules
        return rules

    @cached_property
    def _by_product(self) -> dict[str, ProductChange]:
        return {change.old.casefold(): change for change in self.changes}

    @cached_property
    def _by_company(self) -> dict[str | int, list[CompanyException]]:
        found: dict[str | int, list[CompanyException]] = {}
        for one in self.exceptions:
            key = one.company.casefold() if isinstance(one.company, str) else one.company
            found.setdefault(key, []).append(one)
        return found


def read_mapping(file: Path) -> ProductMapping:
    """Read a mapping file; raises WrongUse with one line that names the key and what it takes."""
    try:
        if file.stat().st_size > _LARGEST:
            raise WrongUse(f"{file} is larger than {_LARGEST} bytes")
        return parse_mapping(file.read_bytes().decode("utf-8"), str(file))
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongUse(f"{file} is not UTF-8; save it as UTF-8") from None


def parse_mapping(content: str, origin: str = "the mapping") -> ProductMapping:
    """Read the text of a mapping file; raises WrongUse."""
    try:
        sent = tomllib.loads(content, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, InvalidOperation, RecursionError) as error:
        raise WrongUse(f"{origin} is no TOML: {error}") from None
    _only(sent, ("defaults", "map", "exception"), origin, "")
    defaults = _rules(_table(sent.get("defaults", {}), origin, "defaults"), origin, "defaults", ()).over(DEFAULTS)
    changes = [_change(one, origin, f"map[{n}]") for n, one in enumerate(_list(sent, "map", origin), 1)]
    if not changes:
        raise WrongUse(f"{origin}: map names no product; give at least one [[map]] with from and to")
    exceptions = [
        _exception(one, origin, f"exception[{n}]") for n, one in enumerate(_list(sent, "exception", origin), 1)
    ]
    _no_twins([(change.old.casefold(),) for change in changes], origin, "map", "from")
    keys = [(str(one.company).casefold(), type(one.company), (one.old or "").casefold()) for one in exceptions]
    _no_twins(keys, origin, "exception", "company and from")
    known = {change.old.casefold() for change in changes}
    for n, one in enumerate(exceptions, 1):
        if one.old is not None and one.old.casefold() not in known:
            raise WrongUse(f"{origin}: exception[{n}].from is {one.old!r}; give the from of a [[map]]")
    return ProductMapping(tuple(changes), tuple(exceptions), defaults)


def _change(sent: object, origin: str, where: str) -> ProductChange:
    given = _table(sent, origin, where)
    old, new = _name(given, "from", origin, where), _name(given, "to", origin, where)
    return ProductChange(old, replace(_rules(given, origin, where, ("from", "to")), to=new))


def _exception(sent: object, origin: str, where: str) -> CompanyException:
    given = _table(sent, origin, where)
    company = given.get("company")
    if type(company) is not int and not (isinstance(company, str) and company.strip()):
        raise _bad(origin, f"{where}.company", "the company's identifier as a text, or its id as a whole number")
    rules = _rules(given, origin, where, ("company", "from", "to", "leave"))
    if "to" in given:
        rules = replace(rules, to=_name(given, "to", origin, where))
    if "leave" in given:
        if not isinstance(given["leave"], bool):
            raise _bad(origin, f"{where}.leave", "true or false")
        rules = replace(rules, leave=given["leave"])
    if rules == Rules():
        raise _bad(origin, where, "leave = true, or one of to, price, cost, quantity, date, zero, negative")
    old = _name(given, "from", origin, where) if "from" in given else None
    return CompanyException(company.strip() if isinstance(company, str) else company, old, rules)


def _rules(sent: Mapping[str, Any], origin: str, where: str, more: tuple[str, ...]) -> Rules:
    _only(sent, (*more, "price", "cost", "quantity", "date", "zero", "negative"), origin, where)
    found: dict[str, Any] = {}
    for name in ("price", "cost"):
        if name in sent:
            found[name] = _figure(sent[name], ("keep", "catalogue"), ("fixed", "percent"), origin, f"{where}.{name}")
    if "quantity" in sent:
        found["quantity"] = _quantity(sent["quantity"], origin, f"{where}.quantity")
    if "date" in sent:
        found["date"] = _date(sent["date"], origin, f"{where}.date")
    for name in ("zero", "negative"):
        if name in sent:
            if sent[name] not in ("leave", "carry"):
                raise _bad(origin, f"{where}.{name}", _POLICY)
            found[name] = sent[name]
    return Rules(**found)


def _quantity(value: object, origin: str, key: str) -> Rule:
    if isinstance(value, dict) and set(value) == {"table"} and isinstance(value["table"], dict) and value["table"]:
        rows: dict[Decimal, Decimal] = {}
        for old, new in value["table"].items():
            before, after = _number(old), _number(new)
            if before is None or after is None or before in rows:
                raise _bad(origin, f'{key}.table."{old}"', "each old quantity once, with a number for the new one")
            rows[before] = after
        return Rule("table", table=tuple(sorted(rows.items())))
    return _figure(value, ("keep",), ("fixed", "multiply"), origin, key)


def _figure(value: object, words: Sequence[str], numbered: Sequence[str], origin: str, key: str) -> Rule:
    if isinstance(value, str) and value in words:
        return Rule(value)
    if isinstance(value, dict) and len(value) == 1:
        (word, given), *_ = value.items()
        number = _number(given)
        if word in numbered and number is not None:
            return Rule(word, number)
    raise _bad(origin, key, _PRICE if "percent" in numbered else _QUANTITY)


def _date(value: object, origin: str, key: str) -> str | date:
    if value in ("next-billing", "today"):
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _bad(origin, key, _DATE)


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(value)
    except (InvalidOperation, ValueError):
        return None
    return number if is_exact(number) else None


def _name(sent: Mapping[str, Any], key: str, origin: str, where: str) -> str:
    found = sent.get(key)
    if not isinstance(found, str) or not found.strip():
        raise _bad(origin, f"{where}.{key}", "the identifier of a product")
    return found.strip()


def _table(sent: object, origin: str, where: str) -> Mapping[str, Any]:
    if not isinstance(sent, dict):
        raise _bad(origin, where, "a table")
    return sent


def _list(sent: Mapping[str, Any], key: str, origin: str) -> list[Any]:
    found = sent.get(key, [])
    if not isinstance(found, list):
        raise _bad(origin, key, f"tables, each under [[{key}]]")
    return found


def _only(sent: Mapping[str, Any], known: Sequence[str], origin: str, where: str) -> None:
    for key in sent:
        if key not in known:
            place = f"{where}.{key}" if where else key
            raise WrongUse(f"{origin}: {place} is not known; {where or 'the file'} takes {', '.join(known)}")


def _no_twins(keys: Sequence[tuple[object, ...]], origin: str, where: str, what: str) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for number, key in enumerate(keys, 1):
        if key in seen:
            raise WrongUse(f"{origin}: {where}[{number}] has the same {what} as {where}[{seen[key]}]")
        seen[key] = number


def _bad(origin: str, key: str, takes: str) -> WrongUse:
    return WrongUse(f"{origin}: {key} takes {takes}")
