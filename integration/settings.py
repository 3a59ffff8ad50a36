"""Every number and switch that a person may turn, with its default and its reason.

Knows the environment variables `CW_INTEGRATION_<NAME>`; does not know who uses a setting.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from integration.errors import WrongUse

PREFIX = "CW_INTEGRATION_"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run; times are seconds unless the name says otherwise.

    page_size             1 to 1000; 1000 is the *documented* cap, a larger one is silently capped.
    connect_timeout       until a connection stands.
    read_timeout          between two pieces of an answer; a page of 1000 may take the server many seconds.
    attempts              tries of one GET in all, the first included.
    longest_wait          the longest wait between two tries; a longer Retry-After ends the call instead.
    max_reply_bytes       an answer larger than this is refused, so that a broken server cannot fill the memory.
    overlap               how far before the watermark an incremental sync asks again: transactions that were open, and
                          clocks of two machines of the server that differ.
    full_every            an incremental sync becomes a full one when the last full one is older.
    protect_from          mass-delete protection begins at this many companies that would leave.
    protect_share         and at this share of the companies in scope, 0 to 1.
    cancelled_day_bills   1 when an addition still bills on its cancelled date, 0 when it ends the day before. Assumed:
                          no source says which, and a migration names the last day of the old line by it.
    pages_per_step        pages for one durable step; the checkpoint is still written with each page.
    """

    page_size: int = 1000
    connect_timeout: float = 10.0
    read_timeout: float = 120.0
    attempts: int = 4
    longest_wait: float = 60.0
    max_reply_bytes: int = 128 * 1024 * 1024
    overlap: float = 300.0
    full_every: float = 24 * 3600.0
    protect_from: int = 10
    protect_share: float = 0.9
    cancelled_day_bills: int = 1
    pages_per_step: int = 10

    def __post_init__(self) -> None:
        for name, low, high in _BOUNDS:
            value = getattr(self, name)
            if not low <= value <= high:
                raise WrongUse(f"the setting {name} is {value}; give a value from {low:g} to {high:g}")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Take the defaults and what the environment overrides.

        Raises WrongUse for a value that is no number or is out of its bounds.
        """
        source = os.environ if environment is None else environment
        found: dict[str, int | float] = {}
        for field in fields(cls):
            text = source.get(PREFIX + field.name.upper())
            if text is None:
                continue
            kind: type[int] | type[float] = int if isinstance(field.default, int) else float
            try:
                found[field.name] = kind(text)
            except ValueError:
                wanted = "a whole number" if kind is int else "a number"
                raise WrongUse(f"{PREFIX}{field.name.upper()} is {text!r}; give {wanted}") from None
        return replace(cls(), **found)  # type: ignore[arg-type]


_BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("page_size", 1, 1000),
    ("connect_timeout", 0.1, 600),
    ("read_timeout", 0.1, 3600),
    ("attempts", 1, 20),
    ("longest_wait", 0, 3600),
    ("max_reply_bytes", 1024, 2**31),
    ("overlap", 0, 7 * 24 * 3600),
    ("full_every", 0, 366 * 24 * 3600),
    ("protect_from", 1, 10**9),
    ("protect_share", 0, 1),
    ("cancelled_day_bills", 0, 1),
    ("pages_per_step", 1, 1000),
)
