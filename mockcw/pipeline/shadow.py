"""A second role that rides along: what it would have got for the same requests. It never changes an answer.

Knows what was found of each request; does not know how it is found nor where the journal keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockcw.permissions import Decision, Role

NARROWED = "narrowed"
STOPPING = frozenset(  # the causes that keep a request from doing, wholly or for some of its records, what it asks for
    {"role-row", "table-not-allowed", "not-own", "hidden", "api-not-switched-on", "api-member-minting"}
)


@dataclass(frozen=True, slots=True)
class Shadow:
    """Which role rides along (its number; None: none does) and with whom (None: with every member).

    `read` brings the role of a tenant as it stands.
    """

    role: int | None = None
    member: str | None = None
    read: Callable[[Any], Role] | None = None


@dataclass(frozen=True, slots=True)
class Ridden:
    """What the second role got for one request: the decision on its main row, and what a trial of it came to.

    `has` is the level of whatever refused it, else of the main row; `cause` is the code of the trial's exchange.
    """

    decision: Decision
    has: str
    reason: str
    cause: str | None

    def as_json(self, decision: Decision | None, cause: str | None) -> dict[str, Any]:
        """The verdict beside the one that counted; it also differs where only the records do (My, All, hidden)."""
        mine, passed = self._passes(self.decision, self.cause), self._passes(decision, cause)
        fewer = mine and passed and (cause == NARROWED) != (self.cause == NARROWED)
        level = mine and passed and decision is not None and decision.has != self.decision.has
        return {
            "role": self.decision.role,
            "allowed": mine,
            "has": self.has,
            "reason": self.reason,
            "differs": mine != passed or level or fewer,
        }

    @staticmethod
    def _passes(decision: Decision | None, cause: str | None) -> bool:
        return decision is not None and decision.allowed and cause not in STOPPING
