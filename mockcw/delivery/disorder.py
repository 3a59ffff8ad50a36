"""Disorder on demand: deliveries that come twice, late (so that later ones overtake them), or never.

The dice follow from the seed and the delivery, so that they fall the same way after a restart or a way back.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockcw.clock import Ids


@dataclass(frozen=True, slots=True)
class Disorder:
    """Shares, from 0 to 1, of the deliveries that something happens to; `late_seconds` is how late late is."""

    twice: float = 0.0
    late: float = 0.0
    late_seconds: int = 2
    never: float = 0.0

    def is_twice(self, seed: int, delivery: int) -> bool:
        """Whether a delivery is sent a second time."""
        return Ids.share("twice", seed, delivery) < self.twice

    def is_late(self, seed: int, delivery: int) -> bool:
        """Whether a delivery is held back."""
        return Ids.share("late", seed, delivery) < self.late

    def is_never(self, seed: int, delivery: int) -> bool:
        """Whether a delivery gets lost."""
        return Ids.share("never", seed, delivery) < self.never
