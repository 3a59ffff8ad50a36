"""The vault: what is sealed opens with its key and for its record only."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.errors import VaultLocked
from integration.vault.key import KEY_VARIABLE, key_from
from integration.vault.seal import Vault, derived_key

KEY = bytes(range(32))


@given(st.binary(max_size=300), st.text(max_size=60))
def test_what_is_sealed_opens_again(content: bytes, record: str) -> None:
    vault = Vault(KEY)
    sealed = vault.seal(content, record)
    assert vault.open(sealed, record) == content
    assert len(content) < 4 or content not in sealed
    assert vault.seal(content, record) != sealed


@given(st.binary(min_size=1, max_size=60), st.data())
def test_no_changed_byte_passes(content: bytes, data: st.DataObject) -> None:
    vault = Vault(KEY)
    sealed = bytearray(vault.seal(content, "record"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(VaultLocked):
        vault.open(bytes(sealed), "record")


@given(st.binary(max_size=40))
def test_no_cut_off_bytes_pass(content: bytes) -> None:
    sealed = Vault(KEY).seal(content, "record")
    for length in range(len(sealed)):
        with pytest.raises(VaultLocked):
            Vault(KEY).open(sealed[:length], "record")


def test_sealed_bytes_do_not_open_for_another_record_or_with_another_key() -> None:
    sealed = Vault(KEY).seal(b"secret", "connection/a")
    with pytest.raises(VaultLocked):
        Vault(KEY).open(sealed, "connection/b")
    with pytest.raises(VaultLocked, match="another key"):
        Vault(bytes(32)).open(sealed, "connection/a")


def test_no_two_purposes_share_a_key() -> None:
    assert len({derived_key(KEY, purpose) for purpose in (b"credentials", b"audit", b"other")} | {KEY}) == 4


def test_a_new_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "vault.key"
    key = key_from({}, file, create=True)
    assert len(key) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert key_from({}, file, create=True) == key
    assert key_from({}, file, create=False) == key


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "vault.key"
    key_from({}, file, create=True)
    file.chmod(0o640)
    with pytest.raises(VaultLocked, match="others may read") as caught:
        key_from({}, file, create=False)
    assert "chmod 600" in caught.value.advice


def test_a_missing_key_is_not_replaced_when_credentials_exist(tmp_path: Path) -> None:
    with pytest.raises(VaultLocked, match="missing"):
        key_from({}, tmp_path / "vault.key", create=False)


@pytest.mark.parametrize(
    "text", ["", "short", "!!!", base64.b64encode(bytes(31)).decode(), base64.b64encode(bytes(33)).decode()]
)
def test_what_is_no_key_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(VaultLocked) as caught:
        key_from({KEY_VARIABLE: text}, None, create=True)
    assert not text or text not in f"{caught.value} {caught.value.advice}"


def test_the_environment_comes_first() -> None:
    assert key_from({KEY_VARIABLE: base64.b64encode(KEY).decode()}, None, create=False) == KEY


def test_a_database_server_without_a_key_in_the_environment_says_what_to_set() -> None:
    with pytest.raises(VaultLocked) as caught:
        key_from({}, None, create=True)
    assert KEY_VARIABLE in caught.value.advice


@pytest.mark.skipif(os.name != "posix", reason="modes of files are a matter of POSIX")
def test_an_unreadable_key_says_so(tmp_path: Path) -> None:
    with pytest.raises(VaultLocked, match="cannot be"):
        key_from({}, tmp_path, create=False)
