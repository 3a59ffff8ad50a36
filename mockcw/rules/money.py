"""Money of records: JSON numbers in, exact decimals while reckoning, JSON numbers rounded to cents out.

Knows no record. Amounts may be as absurd as a client likes: nothing here fails on them.
"""

from __future__ import annotations

import sys
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
EXACT_DIGITS = 24  # beyond these a decimal of the usual precision has no room for cents
LARGEST = sys.float_info.max


def money(value: Any) -> Decimal:
    """A number of a record as money; nothing counts as zero."""
    return Decimal(str(value or 0))


def rounded(value: Decimal) -> Decimal:
    """Money rounded to cents, half up (assumed)."""
    return value if value.adjusted() > EXACT_DIGITS else value.quantize(CENT, ROUND_HALF_UP)


def number(value: Decimal) -> float:
    """Money as records carry it, rounded to cents."""
    return max(-LARGEST, min(LARGEST, float(rounded(value))))
