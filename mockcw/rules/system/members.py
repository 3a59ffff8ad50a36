"""Members: one identifier each, no password ever shown, looked up by identifier as well as by id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockcw.engine.change import Action, Call, Change, Effect, Put, Refuse, Rule, WriteVerb
from mockcw.errors import FieldError, NotFound

MEMBERS = "/system/members"
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
SECRETS = ("password", "token")
FLAGS = ("inactiveFlag", "adminFlag", "disableOnlineFlag", "restrictLocationFlag", "restrictDepartmentFlag")


def identifier_unique(change: Change) -> Iterator[Effect]:
    """A member id is used once, in any letter case (assumed)."""
    identifier = change.after.get("identifier")
    if identifier and any(one["id"] != change.record_id for one in change.look.find(MEMBERS, identifier=identifier)):
        text = change.choices.exists_message.format(caption=change.caption, field="identifier")
        yield Refuse(FieldError("ObjectExists", text, change.resource, "identifier"))


def no_secrets(change: Change) -> Iterator[Effect]:
    """Passwords and tokens are taken and never kept or shown (the model marks them as write-only)."""
    yield Put({**dict.fromkeys(SECRETS), **{flag: bool(change.after.get(flag)) for flag in FLAGS}})


def by_identifier(call: Call) -> dict[str, Any]:
    """GET /system/members/{memberIdentifier}. Raises NotFound."""
    found = call.look.find(MEMBERS, identifier=call.ids[0])
    if not found:
        raise NotFound(f"Member {call.ids[0]} not found")
    return found[0]


RULES = (
    Rule("member.identifier-unique", MEMBERS, WRITES, identifier_unique, "assumed", "A member id is used once."),
    Rule("member.no-secrets", MEMBERS, WRITES, no_secrets, "documented", "Passwords are never shown."),
)
ACTIONS = (
    Action("getSystemMembersmemberIdentifierregextypes", by_identifier, "documented", "A member by its identifier."),
)
