"""What the server hands out or takes and never shows again, in the form in which the door looks it up."""

from __future__ import annotations

from typing import Any

import orjson

from mockcw.permissions.records import INTEGRATOR_PASSWORDS, KEYS, MEMBER_PASSWORDS, key_record, password_record

__all__ = ["INTEGRATOR_PASSWORDS", "KEYS", "MEMBER_PASSWORDS", "TOKEN", "minted", "password_record"]

TOKEN = "member token"


def minted(public: str, private: str, member_id: int, expires: str) -> dict[str, Any]:
    """A key pair that logs a member in until `expires`, for the table KEYS."""
    record: dict[str, Any] = orjson.loads(key_record(0, public, private, member_id, TOKEN, [], expires))
    return record
