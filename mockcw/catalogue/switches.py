"""The switches of an integrator login: which role rows each of its APIs stands for.

Knows the switches as data; decides nothing. An integrator login has no security role (documented).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from mockcw.catalogue.load import read_lines

ALL_APIS = "canAccessAllApisFlag"
ALL_RECORDS = "canAccessAllRecordsFlag"


@dataclass(frozen=True, slots=True)
class Switch:
    """A flag of an integrator login, what the API it opens is called, and one role row that it opens."""

    flag: str
    api: str
    module: str
    area: str


@cache
def switches() -> tuple[Switch, ...]:
    """All switches, a line for each row that one opens."""
    return tuple(Switch(*line.split("\t")) for line in read_lines("integrator-apis.tsv"))


def switched_off(module: str | None, area: str) -> str:
    """Which switches would open a role row, as a sentence about an integrator login that has none of them on."""
    found = [f"{one.api} API ({one.flag})" for one in switches() if (one.module, one.area) == (module, area)]
    if not found:
        return f"no single switch of an integrator login opens {module} > {area}, only {ALL_APIS} does, and it is off"
    verb = "is" if len(found) == 1 else "are"
    return f"the {' and the '.join(found)} {verb} off for this integrator login, and so is {ALL_APIS}"
