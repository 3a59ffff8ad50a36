"""How long a property is tried: a test names its everyday number, the nightly profile multiplies it."""

from __future__ import annotations

import os

TIMES = {"soak": 25}


def examples(everyday: int) -> int:
    """The number of examples for the profile at hand."""
    return everyday * TIMES.get(os.environ.get("HYPOTHESIS_PROFILE", ""), 1)
