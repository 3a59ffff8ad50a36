"""Money, quantities and days: exact values out of JSON, and one way to write each.

Knows Decimal and calendar days; does not know what is counted. A number has at most 15 significant digits, which every
JSON reader keeps as they are, a server that reckons in doubles included; so what is written is what is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

CENT: Final = Decimal("0.01")
_DIGITS: Final = 15
_SMALLEST_EXPONENT: Final = -10


class Unreadable(ValueError):
    """A value that is not the number or the day that it should be; the text says which."""


def exact(value: object, name: str) -> Decimal | None:
    """Take a number as a Decimal, None for none; raises Unreadable for anything else or for one out of bounds."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Unreadable(f"{name} is no number")
    if isinstance(value, int) and value.bit_length() > 64:
        raise Unreadable(f"{name} has more digits than can be kept exactly")
    number = Decimal(value)
    if not is_exact(number):
        raise Unreadable(f"{name} has more digits than can be kept exactly")
    return number


def is_exact(number: Decimal) -> bool:
    """Tell whether a number keeps its digits on the wire."""
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        return number == 0 and number.is_finite()
    digits = number.normalize().as_tuple()
    return len(digits.digits) <= _DIGITS and int(digits.exponent) >= _SMALLEST_EXPONENT


def day(value: object, name: str) -> date | None:
    """Take a business day, which the API writes as midnight UTC (*captured*); raises Unreadable for anything else."""
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Unreadable(f"{name} is no date") from None


def wire_day(value: date) -> str:
    """Write a business day as the API does."""
    return f"{value.isoformat()}T00:00:00Z"


def cents(amount: Decimal) -> Decimal:
    """Round an amount to the cent, half up, as it would stand on an invoice."""
    return amount.quantize(CENT, ROUND_HALF_UP) + 0


def number_text(number: Decimal) -> str:
    """Write a number in the one form that equal numbers share."""
    return "0" if number == 0 else f"{number.normalize():f}"


def wire_number(number: Decimal) -> int | float:
    """Turn a number into what JSON libraries write with the same digits."""
    return int(number) if number == number.to_integral_value() else float(number)


def canonical(value: Any) -> str:
    """Write a value as JSON in the one form that equal values share: sorted names, numbers and days as texts."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(value: Any) -> str:
    """The SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return {"number": number_text(Decimal(value))}
    return value.isoformat() if isinstance(value, date) else value
