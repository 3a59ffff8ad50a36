"""Integrator logins: one user name each, what the widest one must name, and when and by whom one was made inactive.

That canAccessAllApisFlag wants a member and a board is documented; user names being unique and the two fields of a
login made inactive are assumed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Put, Record, Refuse, Rule, WriteVerb
from mockcw.errors import FieldError

LOGINS = "/system/integratorlogins"
MEMBERS = "/system/members"
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
NEEDED = ("member", "board")


def username_unique(change: Change) -> Iterator[Effect]:
    """A user name is used once, in any letter case."""
    name = change.after.get("username") if change.choices.account_twins == "refuse" else None
    if name and any(one["id"] != change.record_id for one in change.look.find(LOGINS, username=name)):
        text = change.choices.exists_message.format(caption=change.caption, field="username")
        yield Refuse(FieldError("ObjectExists", text, change.resource, "username"))


def widest(change: Change) -> Iterator[Effect]:
    """A login to all APIs names the member and the board it works with."""
    if change.after.get("canAccessAllApisFlag"):
        for name in NEEDED:
            if not change.after.get(name):
                text = f"The {name}/id field is required."
                yield Refuse(FieldError("MissingRequiredField", text, change.resource, name))


def activity(change: Change) -> Iterator[Effect]:
    """When and by which member a login was made inactive, unless the request says so; a reactivated one forgets it."""
    was, now = bool((change.before or {}).get("inactiveFlag")), bool(change.after.get("inactiveFlag"))
    members = change.look.find(MEMBERS, identifier=change.actor) if now and not was else []
    made: Record = {"dateInactivated": change.now, "inactivatedBy": {"id": members[0]["id"]} if members else None}
    if was != now:
        yield Put({name: value if now else None for name, value in made.items() if name not in change.given})


RULES = (
    Rule("integrator-login.username", LOGINS, WRITES, username_unique, "assumed", "A user name is used once."),
    Rule("integrator-login.widest", LOGINS, WRITES, widest, "documented", "All APIs want a member and a board."),
    Rule("integrator-login.activity", LOGINS, WRITES, activity, "assumed", "When and by whom it was made inactive."),
)
