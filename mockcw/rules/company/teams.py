"""Who of us cares for a company, and the kinds of communication: rules of two small tables."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Put, Refuse, Rule, WriteVerb
from mockcw.errors import FieldError

TEAMS = "/company/companies/{parentId}/teams"
TEAM_ROLES = "/company/teamRoles"
COMMUNICATION_TYPES = "/company/communicationTypes"
TEAM_FLAGS = ("accountManagerFlag", "techFlag", "salesFlag")
MEANS = ("phoneFlag", "faxFlag", "emailFlag")
WHOLE: frozenset[WriteVerb] = frozenset({"create", "replace"})
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})


def somebody(change: Change) -> Iterator[Effect]:
    """A place in the team is a member's or a contact's (published; the text is assumed)."""
    if not change.after.get("member") and not change.after.get("contact"):
        text = change.choices.team_person_message
        yield Refuse(FieldError("MissingRequiredField", text, change.resource, "member"))


def as_role(change: Change) -> Iterator[Effect]:
    """What a place is for is what its role is for, unless the body says so (assumed)."""
    role = change.look.get(TEAM_ROLES, (change.after.get("teamRole") or {}).get("id") or 0) or {}
    yield Put({flag: bool(role.get(flag)) for flag in TEAM_FLAGS if flag not in change.given})


def means(change: Change) -> Iterator[Effect]:
    """A kind of communication is by phone, fax or e-mail (published; the text is assumed)."""
    if not any(change.after.get(flag) for flag in MEANS):
        text = change.choices.communication_means_message
        yield Refuse(FieldError("MissingRequiredField", text, change.resource, MEANS[0]))


RULES = (
    Rule("company-team.person", TEAMS, WRITES, somebody, "documented", "A place in the team is somebody's."),
    Rule("company-team.role", TEAMS, WHOLE, as_role, "assumed", "Its flags are its role's."),
    Rule("communication-type.means", COMMUNICATION_TYPES, WRITES, means, "documented", "By phone, fax or e-mail."),
)
