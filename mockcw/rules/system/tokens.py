"""Member tokens: a key pair that logs in as another member for some hours.

That they exist, their shape and their life of 4 hours is documented; who may mint them is the setting `token_minting`:
one team found API members refused, whatever their role, with the text of the 403, and an integrator login let in; two
clients send the keys of an API member. That it is the Member API which lets an integrator login mint is assumed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.engine.credentials import KEYS, TOKEN, minted
from mockcw.errors import NotFound, SecurityRefusal

MEMBERS = "/system/members"
LOGINS = "/system/integratorlogins"
OPENERS = ("memberApiFlag", "canAccessAllApisFlag")
LONGEST = 24 * 365  # hours


def mint(act: Act) -> Record:
    """A fresh key pair for the member the path names; pairs that have expired are cleared away."""
    require_minter(act)
    member = named(act)
    for old in act.look.find(KEYS, description=TOKEN):
        if old["expires"] <= act.now:
            act.hands.drop(KEYS, old["id"])
    until = datetime.fromisoformat(act.now) + timedelta(hours=min(act.choices.token_hours, LONGEST))
    public, private, expires = act.secret(), act.secret(), f"{until:%Y-%m-%dT%H:%M:%SZ}"
    act.hands.keep(KEYS, minted(public, private, member["id"], expires))
    return {"publicKey": public, "privateKey": private, "expiration": expires}


def require_minter(act: Act) -> None:
    """Let in an integrator login with the Member API, and others where the setting says so. Raises SecurityRefusal."""
    text = act.choices.security_message
    if act.kind == "integrator":
        login = next(iter(act.look.find(LOGINS, username=act.actor)), {})
        if not any(login.get(flag) for flag in OPENERS):
            said = (
                f"the Member API (memberApiFlag) of integrator login {act.actor} is off: it may not mint member tokens"
            )
            raise SecurityRefusal(text, reason=said, cause="api-not-switched-on")
    elif act.choices.token_minting != "everyone":
        said = (
            f"{act.actor} came with the credentials of a member: only an integrator login may mint member tokens, "
            "whatever the role (setting token_minting)"
        )
        raise SecurityRefusal(text, reason=said, cause="api-member-minting")


def named(act: Act) -> Record:
    """The member of the path, by identifier or else by number. Raises NotFound."""
    text = str(act.ids[0])
    found = act.look.find(MEMBERS, identifier=text)
    member = found[0] if found else act.look.get(MEMBERS, int(text)) if text.isdecimal() and len(text) < 10 else None
    if member is None:
        raise NotFound(f"Member {text} not found")
    return member


ACTIONS = (
    Action(
        "postSystemMembersByMemberIdentifierTokens",
        mint,
        "documented",
        "A key pair that logs in as the member for some hours.",
        addresses=False,
    ),
)
