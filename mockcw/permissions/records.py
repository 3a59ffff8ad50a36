"""Where the store keeps what an identity is made of, and the form of what is kept. Knows no HTTP and no store.

What the real API never shows is kept in the emulator's own tables (their names start with ~): private keys and member
hashes as their hash, passwords as a salted and slow one, since people choose them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

KEYS = "~keys"
SESSIONS = "~sessions"  # member hashes handed out by the cookie login
MEMBER_PASSWORDS = "~memberPasswords"  # by the member's id
INTEGRATOR_PASSWORDS = "~integratorPasswords"  # by the integrator login's id
CUSTOMIZE = "~customize"  # which items of a role's Customize lists are allowed or not
DEPTHS = "/system/myCompany/corporateStructureLevels"
LOCATIONS = "/system/locations"
MEMBERS = "/system/members"
INTEGRATORS = "/system/integratorlogins"
ROLES = "/system/securityroles"
LEVEL_ROWS = "/system/securityroles/{parentId}/settings"
EXCLUDED = "/service/boards/{parentId}/excludedMembers"
IDENTITY = (  # a password changes with its record, and sessions are looked up every time
    KEYS,
    CUSTOMIZE,
    DEPTHS,
    LOCATIONS,
    MEMBERS,
    INTEGRATORS,
    ROLES,
    LEVEL_ROWS,
    EXCLUDED,
)
ROUNDS = 20_000  # of the slow hash: some hundredths of a second a guess


def hashed(private: str) -> str:
    """How a private key or member hash is kept: they are long and random, so a plain hash hides them."""
    return hashlib.sha256(private.encode()).hexdigest()


def password_record(password: str, salt: str) -> dict[str, str]:
    """A password as it is kept."""
    return {"salt": salt, "hash": slowly(password, salt)}


def opens(kept: Mapping[str, Any] | None, password: str) -> bool:
    """Whether a password is the one kept."""
    return kept is not None and hmac.compare_digest(str(kept["hash"]), slowly(password, str(kept["salt"])))


def slowly(password: str, salt: str) -> str:
    """The slow hash of a password."""
    return hashlib.pbkdf2_hmac("sha256", password.encode("utf-8", "surrogatepass"), salt.encode(), ROUNDS).hex()


def key_record(
    key_id: int,
    public: str,
    private: str,
    member_id: int,
    description: str,
    client_ids: list[str],
    expires: str | None = None,
) -> bytes:
    """A key pair as it is kept: the private key only as a hash; `expires` is the moment it stops being one."""
    kept = {
        "id": key_id,
        "publicKey": public,
        "privateHash": hashed(private),
        "memberId": member_id,
        "description": description,
        "clientIds": [one.lower() for one in client_ids],
    }
    return orjson.dumps(kept if expires is None else {**kept, "expires": expires})
