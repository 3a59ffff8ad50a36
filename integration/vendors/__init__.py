"""The vendors, each a file of values. Knows the words of `profile`; does not know how anything is done."""

from __future__ import annotations

from integration.profile import Profile
from integration.vendors.sonicsaas import PROFILE as SONICSAAS

PROFILES: tuple[Profile, ...] = (SONICSAAS,)
