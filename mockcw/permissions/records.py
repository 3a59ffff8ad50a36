"""Where the store keeps what an identity is made of, and the form of a key pair. Knows no HTTP and no store."""

from __future__ import annotations

import hashlib

import orjson

KEYS = "~keys"  # the emulator's own: the real API never shows key pairs
DEPTHS = "/system/myCompany/corporateStructureLevels"
LOCATIONS = "/system/locations"
MEMBERS = "/system/members"
ROLES = "/system/securityroles"
LEVEL_ROWS = "/system/securityroles/{parentId}/settings"
IDENTITY = (KEYS, DEPTHS, LOCATIONS, MEMBERS, ROLES, LEVEL_ROWS)


def hashed(private: str) -> str:
    """How a private key is kept."""
    return hashlib.sha256(private.encode()).hexdigest()


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
