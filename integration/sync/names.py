"""How names are compared.

Knows text only. Two names are equal when they are the same letters after Unicode compatibility folding (NFKC),
without regard to case and to the number and kind of blanks. Punctuation counts: "Acme, Inc." is not "Acme Inc", for a
wrong match costs more than a review.
"""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """Bring a name to the form in which it is compared; empty when nothing of it can be compared."""
    if name.isascii():
        return " ".join(name.replace("\x00", "").lower().split())
    plain = unicodedata.normalize("NFKC", name.replace("\x00", "")).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())
