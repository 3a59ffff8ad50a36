"""Member hashes: what the cookie login hands out, and what lets the member in for a while.

That a log-in answers a hash, and that it lets in as cookie and as password, is documented; that it ends after the hours
of the setting `session_hours` and with a change of the password is assumed.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

import orjson

from mockcw.clock import secret_token
from mockcw.engine.change import Look, Record
from mockcw.permissions.records import MEMBER_PASSWORDS, MEMBERS, SESSIONS, hashed, opens
from mockcw.pipeline.login.given import NoEntry, trimmed
from mockcw.pipeline.login.keys import require_active
from mockcw.pipeline.world import Tenant
from mockcw.settings import Settings

API_ONLY = "A"  # the license class of members without a user interface (documented)
LONGEST = 24 * 365  # hours


def member_of(look: Look, identifier: str) -> Record | None:
    """The member with this id, in any letter case."""
    found = look.find(MEMBERS, identifier=identifier) if identifier else []
    return found[0] if found else None


def with_password(look: Look, user: str, password: str) -> Record:
    """The member that a member id and a password let in. Raises NoEntry."""
    member = member_of(look, trimmed(user))
    if member is None:
        raise NoEntry("unknown-member", "no member has the user name that was given")
    name = member["identifier"]
    if member.get("licenseClass") == API_ONLY:
        raise NoEntry("wrong-password", f"member {name} is an API member: it has no user interface to log in to")
    kept = look.get(MEMBER_PASSWORDS, member["id"])
    if kept is None:
        raise NoEntry("wrong-password", f"member {name} has no password yet: PATCH /system/members/{member['id']}")
    if not opens(kept, password):
        blank = " (it has a blank around it)" if trimmed(password) != password else ""
        raise NoEntry("wrong-password", f"wrong password of member {name}{blank}")
    require_active(member)
    return member


def with_hash(look: Look, user: str, member_hash: str, now: str) -> Record:
    """The member that a member id and a member hash let in. Raises NoEntry."""
    member = member_of(look, trimmed(user))
    if member is None:
        raise NoEntry("unknown-member", "no member has the id that was given")
    name, given = member["identifier"], hashed(member_hash)
    kept = [one for one in look.find(SESSIONS, memberId=member["id"]) if hmac.compare_digest(one["hash"], given)]
    if not kept:
        raise NoEntry("wrong-password", f"not a member hash of member {name}: log in to get one")
    password = look.get(MEMBER_PASSWORDS, member["id"]) or {}
    if kept[0]["password"] != password.get("hash"):
        raise NoEntry("wrong-password", f"the log-in of member {name} ended when its password changed")
    if kept[0]["expires"] <= now:
        raise NoEntry("expired-token", f"the log-in of member {name} ended at {kept[0]['expires']}: log in again")
    require_active(member)
    return member


def opened(tenant: Tenant, member: Record, settings: Settings) -> str:
    """A fresh member hash, kept as its hash; the member's hashes that have expired are cleared away."""
    look, store, now = tenant.engine.look, tenant.store, tenant.engine.now()
    until = datetime.fromisoformat(now) + timedelta(hours=min(settings.session_hours, LONGEST))
    password = look.get(MEMBER_PASSWORDS, member["id"]) or {}
    member_hash = secret_token()
    with store.transaction():
        for old in look.find(SESSIONS, memberId=member["id"]):
            if old["expires"] <= now:
                store.delete(SESSIONS, old["id"])
        kept = {
            "id": store.next_id(SESSIONS),
            "memberId": member["id"],
            "hash": hashed(member_hash),
            "password": password.get("hash"),
            "expires": f"{until:%Y-%m-%dT%H:%M:%SZ}",
        }
        store.insert(SESSIONS, kept["id"], orjson.dumps(kept))
    return member_hash
