"""A second role that rides along: what it would have got for the same requests. It never changes an answer.

Knows how a decision is taken and whose a record is; does not know where the journal keeps what is found here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mockcw.permissions import Actor, Decision, Role, decide_right, rights
from mockcw.settings import Settings


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
    """What the second role got for the main row of one request; its extra rights are asked when they are known."""

    actor: Actor
    decision: Decision
    settings: Settings

    def settled(self, asked: Sequence[Decision]) -> Decision:
        """The verdict, with the extra rights that the request asked for beside its main row."""
        if self.decision.allowed:
            for one in asked:
                right = rights().get(one.right or "")
                if right is None or right.kind == "mask":
                    continue
                mine = decide_right(self.actor, right, self.settings, one.item)
                if not mine.allowed:
                    return mine
        return self.decision

    def as_json(self, decision: Decision | None, asked: Sequence[Decision], status: int) -> dict[str, Any]:
        """The verdict beside the one that counted; it also differs where only the level is another (My, All)."""
        mine = self.settled(asked)
        passed = decision is not None and decision.allowed and status != 403
        level = decision is not None and passed and mine.allowed and decision.has != self.decision.has
        return {
            "role": mine.role,
            "allowed": mine.allowed,
            "has": mine.has,
            "reason": mine.reason,
            "differs": mine.allowed != passed or level,
        }
