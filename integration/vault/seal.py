"""Sealing and opening: AES-256-GCM, bound to the record that the sealed bytes belong to.

Knows the form of sealed bytes (a version byte, 12 bytes of nonce, cipher text with its tag); does not know what they
mean.
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from integration.errors import VaultLocked

_VERSION: Final = b"\x01"
_NONCE: Final = 12
_TAG: Final = 16


class Vault:
    """Seals small texts under one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(derived_key(key, b"credentials"))

    def __repr__(self) -> str:
        return "Vault()"

    def seal(self, content: bytes, record: str) -> bytes:
        """Seal `content` for `record`; the same content never gives the same bytes twice."""
        nonce = os.urandom(_NONCE)
        return _VERSION + nonce + self._cipher.encrypt(nonce, content, _VERSION + record.encode())

    def open(self, sealed: bytes, record: str) -> bytes:
        """Open what was sealed for `record`.

        Raises VaultLocked when the key is another one, when the bytes were changed, or when they belong to another
        record.
        """
        if len(sealed) < 1 + _NONCE + _TAG or sealed[:1] != _VERSION:
            raise VaultLocked("the stored credentials are not in a form that this version knows", "connect again")
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, body, _VERSION + record.encode())
        except InvalidTag:
            raise VaultLocked(
                "the stored credentials cannot be opened: another key than the one they were sealed with, or changed",
                "put the right key back, or connect again with a new key pair",
            ) from None


def derived_key(key: bytes, purpose: bytes) -> bytes:
    """Derive the 32-byte key for one purpose, so that no two purposes share one."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"cw-integration/" + purpose).derive(key)
