"""The key of the vault: from the environment, or from a file that only its owner may read.

Knows where a key comes from; does not know what it seals.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from integration.errors import VaultLocked

KEY_VARIABLE: Final = "CW_VAULT_KEY"
KEY_BYTES: Final = 32


def key_from(environment: Mapping[str, str], file: Path | None, *, create: bool) -> bytes:
    """Find the 32 bytes of the key: `CW_VAULT_KEY` (base64) first, then `file`, which is made when `create` is set.

    Raises VaultLocked when there is none, when it is no key, or when others than its owner may read the file.
    """
    text = environment.get(KEY_VARIABLE)
    if text is not None:
        return _decoded(text, KEY_VARIABLE)
    if file is None:
        raise VaultLocked(
            "a state kept in a database server has no place for the key of the vault",
            f"set {KEY_VARIABLE} to 32 random bytes in base64",
        )
    if create and not file.exists():
        _write_new(file)
    return _from_file(file)


def _from_file(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            text = opened.read(200)
    except FileNotFoundError:
        raise VaultLocked(
            f"the key of the vault is missing: {file}", "put the key file back, or remove the state and connect again"
        ) from None
    except OSError as error:
        raise VaultLocked(f"the key of the vault cannot be read: {file} ({error.strerror})") from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise VaultLocked(f"others may read the key of the vault: {file}", f"take the right away: chmod 600 {file}")
    return _decoded(text.decode("ascii", "replace"), str(file))


def _write_new(file: Path) -> None:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    except OSError as error:
        raise VaultLocked(f"the key of the vault cannot be written: {file} ({error.strerror})") from None
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")


def _decoded(text: str, origin: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise VaultLocked(f"{origin} holds no key", f"a key is {KEY_BYTES} bytes in base64")
    return key
