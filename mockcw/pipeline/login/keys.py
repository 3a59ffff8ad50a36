"""Key pairs: whose they are, and what is wrong with one that is nobody's. Reads the store, writes nothing.

No reason ever shows what was sent: in the user name, too, there may be a private key.
"""

from __future__ import annotations

import hmac
from typing import Any

from mockcw.engine.change import Look, Record
from mockcw.permissions.records import INTEGRATORS, KEYS, MEMBERS, hashed
from mockcw.pipeline.login.given import NoEntry, trimmed

SWAPPED = (
    "public and private key are swapped: the user name is company+public key and the private key is the password, "
    "although one vendor's guide prints them the other way round"
)


def key_of(look: Look, public: str) -> Record | None:
    """The key pair with this public key; letter case counts."""
    return next((one for one in look.find(KEYS, publicKey=public) if one["publicKey"] == public), None)


def fits(key: Record, private: str) -> bool:
    """Whether a private key is the pair's."""
    return hmac.compare_digest(str(key["privateHash"]), hashed(private))


def owner(look: Look, key: Record) -> dict[str, Any]:
    """The member of a key pair; one that is gone has no more than its number."""
    return look.get(MEMBERS, key["memberId"]) or {"identifier": f"number {key['memberId']}", "inactiveFlag": True}


def log_in(look: Look, key: Record, private: str, now: str) -> Record:
    """The member that a known public key and a private key let in. Raises NoEntry."""
    if not fits(key, private):
        raise wrong_private(look, key, private)
    member = owner(look, key)
    if "expires" in key and key["expires"] <= now:
        said = f"the member token of {member['identifier']} expired at {key['expires']}: a new one must be asked for"
        raise NoEntry("expired-token", said)
    require_active(member)
    return member


def require_active(member: Record) -> None:
    """Refuse a member that is not active: none of its credentials work (documented). Raises NoEntry."""
    if member.get("inactiveFlag"):
        said = f"member {member['identifier']} is inactive: none of its keys, tokens and log-ins work"
        raise NoEntry("inactive-member", said)


def wrong_private(look: Look, key: Record, private: str) -> NoEntry:
    """Why a known public key does not let in."""
    whose, bare = f"of the key pair of member {owner(look, key)['identifier']}", trimmed(private)
    if not bare:
        return NoEntry("wrong-private-key", f"the private key {whose} is missing: the password is empty")
    if bare != private:
        if fits(key, bare):
            said = f"the private key {whose} has a blank around it; without the blank it is right"
            return NoEntry("blank-around-key", said)
        return NoEntry("wrong-private-key", f"wrong private key {whose}, and it has a blank around it")
    if private == key["publicKey"]:
        return NoEntry("wrong-private-key", f"wrong private key {whose}: the public key is given in its place")
    if look.find(KEYS, privateHash=hashed(private)):
        return NoEntry("wrong-private-key", f"wrong private key {whose}: it belongs to another pair")
    return NoEntry("wrong-private-key", f"wrong private key {whose}")


def unknown_public(look: Look, user: str, secret: str) -> NoEntry:
    """Why a user name that is no public key does not let in."""
    bare = trimmed(user)
    if not bare:
        return NoEntry("unknown-public-key", "the public key is missing: the user name ends with the plus")
    blank = key_of(look, bare) if bare != user else None
    if blank is not None:
        right = fits(blank, secret) or fits(blank, trimmed(secret))
        rest = "without the blank it is right" if right else "and the private key is wrong too"
        whose = owner(look, blank)["identifier"]
        return NoEntry("blank-around-key", f"the public key of member {whose} has a blank around it; {rest}")
    other = key_of(look, trimmed(secret))
    if other is not None and fits(other, bare):
        return NoEntry("swapped-keys", f"{SWAPPED} (key pair of member {owner(look, other)['identifier']})")
    return NoEntry("unknown-public-key", f"unknown public key{hint(look, bare, other)}")


def hint(look: Look, user: str, other: Record | None) -> str:
    """What an unknown public key may be instead."""
    if look.find(KEYS, privateHash=hashed(user)):
        return ": the user name holds a private key"
    if other is not None:
        return f": the password is the public key of member {owner(look, other)['identifier']}"
    if look.find(KEYS, publicKey=user):
        return ": one is known that differs in letter case"
    if look.find(INTEGRATORS, username=user):
        return ": it is the name of an integrator login, which needs the header x-cw-usertype: integrator"
    return ""
