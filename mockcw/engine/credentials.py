"""Key pairs that the server hands out for a while, in the form in which the door looks them up. Knows no HTTP."""

from __future__ import annotations

from typing import Any

import orjson

from mockcw.permissions.records import KEYS, key_record

__all__ = ["KEYS", "TOKEN", "minted"]

TOKEN = "member token"


def minted(public: str, private: str, member_id: int, expires: str) -> dict[str, Any]:
    """A key pair that logs a member in until `expires`, for the table KEYS."""
    record: dict[str, Any] = orjson.loads(key_record(0, public, private, member_id, TOKEN, [], expires))
    return record
