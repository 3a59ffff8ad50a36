"""Passwords of members and integrator logins: taken, kept as a slow hash beside the record, never answered.

That they are never answered is documented. A PUT that brings none leaves the old one, since nobody could send it back
(assumed).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mockcw.engine.change import Change, Effect, Lodge, Rule, WriteVerb
from mockcw.engine.credentials import INTEGRATOR_PASSWORDS, MEMBER_PASSWORDS, password_record

MEMBERS = "/system/members"
LOGINS = "/system/integratorlogins"
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
DELETE: frozenset[WriteVerb] = frozenset({"delete"})


def kept(table: str) -> Callable[[Change], Iterator[Effect]]:
    """A given password is kept in `table`; a PATCH that removes it takes it away."""

    def keep(change: Change) -> Iterator[Effect]:
        if "password" not in change.given:
            return
        password = change.after.get("password")
        if password:
            yield Lodge(table, password_record(password, change.key()))
        elif change.verb == "patch":
            yield Lodge(table, None)

    return keep


def gone(change: Change) -> Iterator[Effect]:
    """A deleted integrator login leaves no password."""
    yield Lodge(INTEGRATOR_PASSWORDS, None)


RULES = (
    Rule("member.password", MEMBERS, WRITES, kept(MEMBER_PASSWORDS), "documented", "A password is never answered."),
    Rule(
        "integrator-login.password", LOGINS, WRITES, kept(INTEGRATOR_PASSWORDS), "documented", "It is never answered."
    ),
    Rule("integrator-login.gone", LOGINS, DELETE, gone, "assumed", "A deleted login leaves no password."),
)
