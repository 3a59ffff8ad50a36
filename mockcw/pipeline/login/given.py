"""What came in: the company, the user and the secret of a request, and by which way. Knows no store.

`Basic base64(company+user:secret)` (captured); the user is a public key, an integrator login or a member id, and the
secret its private key, password or member hash (documented). The cookies of a log-in say the same (documented).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

Way = Literal["basic", "integrator", "cookie"]
INVISIBLE = "\u200b\ufeff\x00"  # stripped beside blanks: what comes along when a key is copied from a page or file
COOKIES = ("companyname", "memberid", "memberhash")


class NoEntry(Exception):
    """Nobody comes in by these credentials: why, for the journal, as a sentence and as a short code."""

    def __init__(self, cause: str, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Given:
    """Credentials as they were given."""

    way: Way
    company: str
    user: str = field(repr=False)  # when keys are swapped, this is the private one
    secret: str = field(repr=False)


def read(headers: Mapping[str, str]) -> Given:
    """The credentials of a request; the Authorization header comes before cookies. Raises NoEntry."""
    header = headers.get("authorization", "")
    if header:
        company, user, secret = read_basic(header)
        integrator = headers.get("x-cw-usertype", "").strip().lower() == "integrator"
        return Given("integrator" if integrator else "basic", company, user, secret)
    cookies = cookies_of(headers)
    missing = [name for name in COOKIES if not cookies.get(name)]
    if len(missing) == len(COOKIES):
        raise NoEntry("no-credentials", "no Authorization header")
    if missing:
        raise NoEntry("no-credentials", f"no Authorization header, and the log-in cookie {missing[0]} is missing")
    return Given("cookie", *(cookies[name] for name in COOKIES))


def read_basic(header: str) -> tuple[str, str, str]:
    """Company, user and secret of an Authorization header. Raises NoEntry."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise NoEntry("not-basic", "the Authorization header is not Basic")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise NoEntry("not-base64", "the Basic credentials are not base64 of UTF-8 text") from None
    user, colon, secret = text.partition(":")
    company, plus, name = user.partition("+")
    if not colon:
        raise NoEntry("malformed-user", "the Basic credentials are not company+public:private: they have no colon")
    if not plus:
        said = "the Basic credentials are not company+public:private: the user name has no company and plus before it"
        raise NoEntry("malformed-user", said)
    return company, name, secret


def cookies_of(headers: Mapping[str, str]) -> dict[str, str]:
    """The cookies of a request; names in small letters, since clients spell them differently (two sources)."""
    found = {}
    for part in headers.get("cookie", "").split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found[name.strip().lower()] = unquote(value.strip().strip('"'))
    return found


def trimmed(text: str) -> str:
    """A text without what nobody sees at its ends."""
    before = None
    while before != text:
        before, text = text, text.strip().strip(INVISIBLE)
    return text
