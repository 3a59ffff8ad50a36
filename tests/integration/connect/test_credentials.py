"""Credentials are cleaned when they come in and never seen again."""

from __future__ import annotations

import base64
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.connect.credentials import HIDDEN, Credentials, Secret
from integration.errors import WrongUse

KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=":+"), min_size=8, max_size=20)
BLANKS = st.text(" \t\r\n\u00a0\u200b\ufeff", max_size=4)


@given(KEYS, KEYS, KEYS, BLANKS, BLANKS)
def test_white_space_around_pasted_values_is_taken_off(one: str, two: str, three: str, left: str, right: str) -> None:
    pasted = Credentials.of(f"{left}training{right}", left + one + right, left + two + right, left + three + right)
    assert pasted == Credentials.of("training", one, two, three)


@pytest.mark.parametrize("broken", ["", "   ", "a b", "a\nb", "a\x00b", "schlüssel"])
def test_a_value_that_no_key_can_be_is_wrong_use(broken: str) -> None:
    with pytest.raises(WrongUse) as caught:
        Credentials.of("training", "public", broken, "client")
    assert "private key" in caught.value.message
    assert not broken.strip() or broken not in caught.value.message


@pytest.mark.parametrize("company", ["a:b", "a+b"])
def test_a_company_id_that_would_shift_the_parts_of_the_header_is_wrong_use(company: str) -> None:
    with pytest.raises(WrongUse):
        Credentials.of(company, "public", "private", "client")


def test_the_headers_have_the_documented_form() -> None:
    headers = Credentials.of("training", "pub", "priv", "cid").headers
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == b"training+pub:priv"
    assert headers["clientId"] == "cid"


@given(KEYS, KEYS, KEYS)
def test_no_way_of_showing_credentials_shows_a_secret(one: str, two: str, three: str) -> None:
    credentials = Credentials.of("training", "1" + one, "2" + two, "3" + three)
    shown = f"{credentials} {credentials!r} {credentials.private_key} {credentials.private_key!r}"
    shown += f" {credentials.public_key:>9} {[credentials.client_id]}"
    for secret in ("1" + one, "2" + two, "3" + three, *credentials.headers.values()):
        assert secret not in shown
        assert secret not in credentials.redact(f"a {secret} b {secret}")


def test_a_secret_is_not_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("x"))
    assert str(Secret("x")) == HIDDEN
