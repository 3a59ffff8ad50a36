"""What a step of a vendor's integration ends with: what the customer sees, and what explains it.

Knows the vendor's words for an answer; knows no step and no control API.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from conformance.reproduce.vendor import REFUSED_WRITE, Seen

TEXT_SHOWN = 200


class Right(NamedTuple):
    """One cell of a role's matrix, and the level it should have."""

    module: str
    area: str
    action: str
    level: str = "All"

    def __str__(self) -> str:
        return f"{self.module} > {self.area}: {self.action} {self.level}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended.

    `sees` is what the customer sees, one sentence; `facts` what else is to know, such as what was left behind.
    `evidence` are the exchanges that explain a failure; `lacks` are the cells that a step found missing by reading the
    rights of the key, with nothing refused yet.
    """

    passed: bool
    sees: str
    facts: tuple[str, ...] = ()
    evidence: tuple[Seen, ...] = ()
    lacks: tuple[Right, ...] = ()


def refusal_words(seen: Seen) -> str:
    """What a vendor's screen says about a refused request."""
    if seen.label == REFUSED_WRITE:
        return f"{REFUSED_WRITE} (403 Forbidden): ConnectWise refuses {seen.line}."
    if seen.status == 401:
        return "401 Unauthorized: ConnectWise does not accept this company ID and these keys."
    if seen.status == 403:
        return f"403 Forbidden: ConnectWise refuses {seen.line}."
    if seen.status == 404:
        return f"404 Not Found: {seen.line}."
    text = seen.body if seen.body and not seen.body.lstrip().startswith("{") else "the request fails"
    return f"{seen.status} at {seen.line}: {text[:TEXT_SHOWN]}"
