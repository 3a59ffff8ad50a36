"""Taxes: what the levels of a tax code come to for an amount.

A level taxes services, expenses and products each or not. Its rate is an amount, or a fraction where the type says
Percent: 0.07 is 7 % (documented by a guide; a captured tax code says 0.200000 for 20 %). Knows no document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from mockcw.engine.change import Look, Record
from mockcw.rules.money import money, rounded

TAX_CODES = "/finance/taxCodes"
LEVELS = "/finance/taxCodes/{parentId}/taxCodeLevels"
ORDINALS = ("One", "Two", "Three", "Four", "Five", "Six")
Kind = Literal["Services", "Expenses", "Products"]


@dataclass(frozen=True, slots=True)
class Tax:
    """One level's tax on an amount of money."""

    level: int
    xref: str | None
    agency: str | None
    rate: Decimal
    amount: Decimal


def taxes(look: Look, tax_code: Record | None, kind: Kind, amount: Decimal) -> list[Tax]:
    """What each level of a referred tax code takes of an amount; levels that leave this kind alone are left out.

    Nothing is taken of nothing, not even a fixed amount (assumed). A level that is also a record of its own counts as
    that record says.
    """
    code = look.get(TAX_CODES, tax_code["id"]) if tax_code and amount else None
    if code is None:
        return []
    found = (*_flat(code, kind, amount), *_nested(look, code, kind, amount))
    return list({tax.level: tax for tax in found if tax.rate}.values())


def _flat(code: Record, kind: Kind, amount: Decimal) -> Iterator[Tax]:
    """The six levels that a tax code carries as fields of its own."""
    for level, word in enumerate(ORDINALS, 1):
        name = f"level{word}"
        if code.get(f"{name}{kind}Flag"):
            rate, maximum = money(code.get(f"{name}Rate")), code.get(f"{name}TaxableMax")
            due = _due(rate, code.get(f"{name}RateType"), maximum, amount)
            yield Tax(level, code.get(f"{name}TaxCodeXref"), code.get(f"{name}AgencyXref"), rate, due)


def _nested(look: Look, code: Record, kind: Kind, amount: Decimal) -> Iterator[Tax]:
    """The levels that were added as records of their own."""
    for one in look.find(LEVELS, parent=code["id"]):
        if one.get(f"tax{kind}Flag"):
            rate = money(one.get("taxRate"))
            due = _due(rate, one.get("rateType"), one.get("taxableMax"), amount)
            yield Tax(int(one.get("taxLevel") or one["id"]), one.get("taxCodeXref"), one.get("agencyXref"), rate, due)


def _due(rate: Decimal, rate_type: str | None, maximum: Any, amount: Decimal) -> Decimal:
    taxable = min(amount, money(maximum)) if maximum else amount
    return rate if rate_type == "Amount" else rounded(taxable * rate)
