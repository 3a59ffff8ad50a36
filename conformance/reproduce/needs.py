"""What each vendor's guide asks a role to have: the judge's own copy, made from the guides and from nothing else.

Knows `needs.tsv`; knows no server.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from conformance.reproduce.outcome import Right

ACTIONS = ("Add", "Edit", "Delete", "Inquire")
EVERY = "*"


@cache
def needs() -> dict[str, tuple[Right, ...]]:
    """The cells that each profile's guide asks for, those at None left out; a module of `*` is every row."""
    found: dict[str, tuple[Right, ...]] = {}
    text = Path(__file__).with_name("needs.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        profile, module, area, *levels = line.split("\t")
        cells = zip(ACTIONS, levels, strict=True)
        asked = (Right(module, area, action, level) for action, level in cells if level != "None")
        found[profile] = (*found.get(profile, ()), *asked)
    return found
