"""A setting: its default, how well the default is known, and one sentence."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Literal

Mark = Literal["captured", "documented", "assumed", "own"]


def setting(default: Any, mark: Mark, says: str) -> Any:
    """Declare a setting: its default, how well the default is known, and one sentence."""
    return field(default=default, metadata={"mark": mark, "says": says})
