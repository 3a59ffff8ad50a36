"""Member tokens: a key pair that logs in as another member for some hours.

That they exist, their shape and their life of 4 hours is documented; who may mint them is the setting `token_minting`:
one integrator says that API members are refused with the text of the 403, and that only integrator logins may.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.engine.credentials import KEYS, TOKEN, minted
from mockcw.errors import NotFound, SecurityRefusal

MEMBERS = "/system/members"
LONGEST = 24 * 365  # hours


def mint(act: Act) -> Record:
    """A fresh key pair for the member the path names; pairs that have expired are cleared away."""
    if act.choices.token_minting == "refuse":
        reason = "setting token_minting: only an integrator login may mint member tokens"
        raise SecurityRefusal(act.choices.security_message, reason=reason)
    identifier = str(act.ids[0])
    found = act.look.find(MEMBERS, identifier=identifier)
    if not found:
        raise NotFound(f"Member {identifier} not found")
    for old in act.look.find(KEYS, description=TOKEN):
        if old["expires"] <= act.now:
            act.hands.drop(KEYS, old["id"])
    until = datetime.fromisoformat(act.now) + timedelta(hours=min(act.choices.token_hours, LONGEST))
    public, private, expires = act.secret(), act.secret(), f"{until:%Y-%m-%dT%H:%M:%SZ}"
    act.hands.keep(KEYS, minted(public, private, found[0]["id"], expires))
    return {"publicKey": public, "privateKey": private, "expiration": expires}


ACTIONS = (
    Action(
        "postSystemMembersByMemberIdentifierTokens",
        mint,
        "documented",
        "A key pair that logs in as the member for some hours.",
        addresses=False,
    ),
)
