"""Single sign-on: users of the sign-on service, members linked to them, configurations told apart by a client id.

The service itself is not there; what it would know is kept in /system/ssoUsers, and all of it is assumed.
"""

from __future__ import annotations

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.errors import NotFound
from mockcw.rules.shapes import success
from mockcw.rules.system.deactivation import leave

MEMBERS = "/system/members"
SSO_USERS = "/system/ssoUsers"
SSO_CONFIGURATIONS = "/system/ssoConfigurations"


def link(act: Act) -> Record:
    """Let the member sign on as a single sign-on user, and nobody else as this one."""
    given = str(act.body.get("ssoUserId") or "")
    found = act.look.find(SSO_USERS, ssoUserId=given) if given else []
    if not found:
        raise act.refuse("NotFound", f"Sso User {given} not found", "ssoUserId") if given else act.missing("ssoUserId")
    user = found[0]
    holder = (user.get("linkedMember") or {}).get("id")
    if holder and holder != act.id:
        act.hands.set(MEMBERS, holder, {"ssoSettings": None})
    unlink_users(act)
    settings = {"id": user["id"], "ssoUserId": user["ssoUserId"], "userName": user["userName"]}
    act.hands.set(MEMBERS, act.id, {"ssoSettings": {**settings, "email": user.get("email")}})
    act.hands.set(SSO_USERS, user["id"], {"linkedFlag": True, "linkedMember": {"id": act.id}, "lastUpdated": act.now})
    return success()


def unlink(act: Act) -> Record:
    """The member signs on with its own password again."""
    unlink_users(act)
    act.hands.set(MEMBERS, act.id, {"ssoSettings": None})
    return success()


def unlink_users(act: Act) -> None:
    """Let go of the single sign-on users that are linked to the member."""
    for user in act.look.find(SSO_USERS, linkedMember__id=act.id):
        act.hands.set(SSO_USERS, user["id"], {"linkedFlag": False, "linkedMember": None, "lastUpdated": act.now})


def submit(act: Act) -> Record:
    """Make the member known to the sign-on service: a user of its own, once."""
    enrol(act, act.here)
    return success()


def enrol(act: Act, member: Record) -> None:
    """A single sign-on user for a member that has none."""
    name = member["identifier"]
    if act.look.find(SSO_USERS, userName=name):
        return
    user = {"ssoUserId": act.key(), "userName": name, "firstName": member.get("firstName")}
    user |= {"lastName": member.get("lastName"), "email": member.get("officeEmail") or member.get("primaryEmail")}
    flags = {"emailConfirmed": False, "disabledFlag": False, "linkedFlag": False}
    act.hands.create(SSO_USERS, (), {**user, **flags, "dateEntered": act.now, "lastUpdated": act.now})


def submit_members(act: Act) -> Record:
    """Make all active members known to the sign-on service."""
    members = act.look.find(MEMBERS, inactiveFlag=False)
    for member in members:
        enrol(act, member)
    counts = {"submittedMemberCount": len(members), "allMembersSubmitted": True}
    return act.hands.set(SSO_CONFIGURATIONS, act.id, counts)


def register_token(act: Act) -> Record:
    """Take over what the sign-on service gave: client id and addresses; the token itself is never shown."""
    names = ("clientId", "stsBaseUrl", "stsUserAdminUrl", "token")
    values = {name: act.body[name] for name in names if act.body.get(name)}
    return act.hands.set(SSO_CONFIGURATIONS, act.id, {"clientId": act.key(), **values})


def sso_user(act: Act) -> Record:
    """A single sign-on user by the service's id, or by ours."""
    wanted = str(act.ids[0])
    user = next(iter(act.look.find(SSO_USERS, ssoUserId=wanted)), None)
    if user is None and wanted.isdecimal() and wanted.isascii() and len(wanted) < 18:
        user = act.look.get(SSO_USERS, int(wanted))
    if user is None:
        raise NotFound(f"Sso User {wanted} not found")
    return user


def deactivate_by_sso(act: Act) -> None:
    """The member behind a single sign-on user becomes inactive."""
    user = sso_user(act)
    act.hands.set(SSO_USERS, user["id"], {"disabledFlag": True, "lastUpdated": act.now})
    member = (user.get("linkedMember") or {}).get("id")
    if member:
        leave(act, member)


ACTIONS = (
    Action("postSystemMembersByIdLinkSsoUser", link, "assumed", "The member signs on as that user."),
    Action("postSystemMembersByIdUnlinkSsoUser", unlink, "assumed", "The member signs on by itself again."),
    Action("postSystemMembersByIdSubmit", submit, "assumed", "The sign-on service knows the member."),
    Action("postSystemSsoConfigurationsByIdSubmitmembers", submit_members, "assumed", "It knows all active members."),
    Action("postSystemSsoConfigurationsByIdRegistertoken", register_token, "assumed", "What the service gave is kept."),
    Action("getSystemSsoUsersByExternalId", sso_user, "documented", "A sign-on user by its id.", addresses=False),
    Action(
        "postSystemMembersBySsoidDeactivateIamMember",
        deactivate_by_sso,
        "assumed",
        "The member behind a sign-on user becomes inactive.",
        addresses=False,
    ),
)
