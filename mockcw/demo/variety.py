"""Variety without state: what a record gets follows from the seed and its number alone, whatever is made before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

ALL = (1 << 64) - 1
Item = TypeVar("Item")


class Variety:
    """Choices for the records of one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed * 0x165667B19E3779F9 & ALL

    def bits(self, number: int, salt: int) -> int:
        """64 bits that look random, the same at every call."""
        mixed = (number * 0x9E3779B97F4A7C15 + salt * 0xC2B2AE3D27D4EB4F + self._seed) & ALL
        mixed = (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9 & ALL
        mixed = (mixed ^ mixed >> 32) * 0x94D049BB133111EB & ALL
        return mixed ^ mixed >> 29

    def below(self, limit: int, number: int, salt: int) -> int:
        """A whole number from 0 to below `limit`."""
        return self.bits(number, salt) % limit

    def pick(self, items: Sequence[Item], number: int, salt: int) -> Item:
        """One of the items."""
        return items[self.bits(number, salt) % len(items)]

    def guid(self, number: int, salt: int) -> str:
        """A GUID in the usual form."""
        text = f"{self.bits(number, salt):016x}"
        return f"{text[:8]}-{text[8:12]}-4{text[12:15]}-8{salt:03x}-{number:012x}"
