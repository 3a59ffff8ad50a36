"""What the emulator may be told: every behaviour that no capture settles is a named setting with a mark.

Marks: *captured* (seen on the wire), *documented* (stated by a guide), *assumed* (nobody published it; our choice).
Knows no room; every room reads from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from mockcw.settings.callbacks import Callbacks
from mockcw.settings.company import Company
from mockcw.settings.families import collections_of, seconds_of
from mockcw.settings.finance import Finance
from mockcw.settings.security import Security
from mockcw.settings.server import Server
from mockcw.settings.service import Service
from mockcw.settings.setting import Mark
from mockcw.settings.system import System
from mockcw.settings.time import Time
from mockcw.settings.trade import Trade
from mockcw.settings.wire import Wire
from mockcw.zones import unknown_zone

CODEBASE = re.compile(r"v\d{4}_\d{1,2}|v4_6_release")
WAITS = re.compile(r"(\d+(\.\d+)?(,\d+(\.\d+)?)*)?")
KINDS = {int: "a whole number of at least 0", str: "a text", bool: "true or false"}
VERSION = "0.1.0"

PROFILES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "cloud": {"rate_limit": 1000},
        "lag": {"search_lag": "agreements=180"},
        "strict-udf": {"custom_fields_on_patch": "demand"},
    }
)


@dataclass(frozen=True, kw_only=True)
class Settings(Callbacks, System, Trade, Time, Service, Finance, Company, Wire, Security, Server):
    """The emulator's choices, a file a room; `own` marks what belongs to the emulator and not to the real API."""

    @classmethod
    def described(cls) -> Iterator[tuple[str, Any, Mark, str]]:
        """Every setting with its default, its mark and its sentence."""
        for item in fields(cls):
            yield item.name, item.default, item.metadata["mark"], item.metadata["says"]

    @classmethod
    def named(cls, values: Mapping[str, Any]) -> Settings:
        """The settings with values by name; those of the profiles come first. Raises TypeError for an unknown name."""
        chosen: dict[str, Any] = {}
        for name in filter(None, map(str.strip, str(values.get("profile", "")).split(","))):
            if name not in PROFILES:
                raise TypeError(f"profile {name!r}; there are {', '.join(PROFILES)}")
            chosen |= PROFILES[name]
        return replace(cls(), **{**chosen, **values})

    def left_out(self) -> frozenset[str]:
        """The ids of the rules that `rules_off` names."""
        return frozenset(filter(None, map(str.strip, self.rules_off.split(","))))

    def problem(self) -> str | None:
        """What is wrong with a value, as one sentence; None when every value is of its kind."""
        if not CODEBASE.fullmatch(self.codebase):
            return f"setting codebase must look like v2025_1 or v4_6_release, not {self.codebase!r}"
        for name, kind in get_type_hints(type(self)).items():
            value = getattr(self, name)
            choices = get_args(kind)
            if choices and value not in choices:
                return f"setting {name} must be one of {', '.join(map(str, choices))}, not {value!r}"
            if not choices and (type(value) is not kind or (kind is int and value < 0)):
                return f"setting {name} must be {KINDS[kind]}, not {value!r}"
        zone = unknown_zone(self.server_time_zone)
        if zone is not None:
            return f"setting server_time_zone {zone}"
        for name, read in (("strict_dates", collections_of), ("search_lag", seconds_of)):
            try:
                read(getattr(self, name))
            except ValueError as error:
                return f"setting {name} {error}"
        return None if WAITS.fullmatch(self.callback_retries) else "setting callback_retries must look like 2,4"
