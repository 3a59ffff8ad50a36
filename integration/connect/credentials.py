"""The four values that a ConnectWise administrator hands over, and how they are kept from being seen.

Knows the Basic form of the API (*documented*, used by every known client); does not know where credentials are kept.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from integration.errors import WrongUse

HIDDEN: Final = "[hidden]"
SECRET_NAMES: Final = ("public_key", "private_key", "client_id")
# White space, and the two characters without width that come along when text is copied from a web page.
_AROUND: Final = re.compile(r"\A[\s\u200b\ufeff]+|[\s\u200b\ufeff]+\Z")


class Secret:
    """A text that shows itself only to those who ask for it by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down outside the vault")


@dataclass(frozen=True, slots=True)
class Credentials:
    """An API member's key pair, the company it belongs to and the partner's client id."""

    company_id: str
    public_key: Secret
    private_key: Secret
    client_id: Secret

    @classmethod
    def of(cls, company_id: str, public_key: str, private_key: str, client_id: str) -> Credentials:
        """Build credentials from what was typed or pasted.

        White space around a value is taken off: a pasted key with a blank at its end is the commonest cause of a 401,
        and no key, company or client id begins or ends with one. White space inside is refused, for it cannot be a
        slip of the pasting. Raises WrongUse for that, for an empty value, and for characters that no header can carry.
        """
        values = {
            "company id": company_id,
            "public key": public_key,
            "private key": private_key,
            "client id": client_id,
        }
        clean = {name: _cleaned(name, text) for name, text in values.items()}
        if ":" in clean["company id"] or ":" in clean["public key"] or "+" in clean["company id"]:
            raise WrongUse(
                "the company id and the public key hold no ':' or '+'; give the company id of the log-in screen"
            )
        return cls(clean["company id"], *(Secret(clean[n]) for n in ("public key", "private key", "client id")))

    @property
    def headers(self) -> dict[str, str]:
        """The two headers that every authenticated call carries."""
        pair = f"{self.company_id}+{self.public_key.reveal()}:{self.private_key.reveal()}"
        return {
            "authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
            "clientId": self.client_id.reveal(),
        }

    def redact(self, text: str) -> str:
        """Take every secret of these credentials out of `text`, also in the form of the header."""
        encoded = self.headers["authorization"].removeprefix("Basic ")
        for secret in (encoded, self.private_key.reveal(), self.public_key.reveal(), self.client_id.reveal()):
            text = text.replace(secret, HIDDEN)
        return text

    def sealed_form(self) -> dict[str, str]:
        """Return the secrets by name, for the vault alone."""
        return {name: getattr(self, name).reveal() for name in SECRET_NAMES}

    @classmethod
    def opened(cls, company_id: str, secrets: Mapping[str, str]) -> Credentials:
        """Build credentials from what the vault held."""
        return cls.of(company_id, *(secrets[name] for name in SECRET_NAMES))


def _cleaned(name: str, text: str) -> str:
    clean = _AROUND.sub("", text)
    if not clean:
        raise WrongUse(f"the {name} is empty; give it")
    if any(character.isspace() for character in clean):
        raise WrongUse(f"the {name} holds white space inside; copy it again")
    if not clean.isascii() or not clean.isprintable():
        raise WrongUse(f"the {name} holds characters that no key has; copy it again")
    return clean
