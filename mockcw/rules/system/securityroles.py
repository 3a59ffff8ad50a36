"""Security roles: a new one has every row at None; one that members hold stays."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Add, Change, Effect, Put, Rule

ROLES = "/system/securityroles"
SETTINGS = "/system/securityroles/{parentId}/settings"
MEMBERS = "/system/members"
LEVELS = ("addLevel", "editLevel", "deleteLevel", "inquireLevel")


def rows_at_none(change: Change) -> Iterator[Effect]:
    """Every row of the matrix starts at None (several guides say so); the rows are those of the first role."""
    yield Put({flag: bool(change.after.get(flag)) for flag in ("adminFlag", "inactiveFlag")})
    first = min((role["id"] for role in change.look.find(ROLES)), default=0)
    for row in change.look.find(SETTINGS, parent=first):
        plain = {name: value for name, value in row.items() if name not in ("id", "_info")}
        levels = {name: "None" for name in LEVELS if name in plain}
        yield Add(SETTINGS, change.record_id, {**plain, **levels})


def held(change: Change) -> Iterator[Effect]:
    """A role that a member has cannot be deleted (assumed; 409 is documented for records in use)."""
    if change.look.find(MEMBERS, securityRole__id=change.record_id):
        raise change.in_use()
    return iter(())


RULES = (
    Rule("security-role.rows", ROLES, frozenset({"create"}), rows_at_none, "documented", "A new role may nothing."),
    Rule("security-role.held", ROLES, frozenset({"delete"}), held, "assumed", "A role in use stays."),
)
