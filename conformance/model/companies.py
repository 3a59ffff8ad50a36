"""The oracle of company sync: plain dicts, written from the requirements `sync.*` and from nothing else.

Knows which companies a mirror has to hold after any history of changes; knows no HTTP and no subject.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Company:
    """A company as the requirements see it."""

    name: str
    types: frozenset[str]
    status: str
    deleted: bool = False


@dataclass(frozen=True)
class Filters:
    """Which companies are synced: those with one of `types` (all, when empty) and a status not in `excluded`."""

    types: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()

    def select(self, company: Company) -> bool:
        """Whether the mirror has to hold the company."""
        wanted = not self.types or bool(self.types & company.types)
        return wanted and company.status not in self.excluded and not company.deleted

    def as_options(self) -> dict[str, list[str]]:
        """The filters as a subject is told them."""
        return {"types": sorted(self.types), "excluded_statuses": sorted(self.excluded)}


@dataclass
class Truth:
    """Every company there ever was, by id, and the filters that are set."""

    companies: dict[int, Company] = field(default_factory=dict)
    filters: Filters = field(default_factory=Filters)
    visible: bool = True
    """Whether the structure level of the subject's member sees companies at all."""

    def alive(self) -> list[int]:
        """The ids of the companies that are not deleted, ascending."""
        return sorted(identity for identity, company in self.companies.items() if not company.deleted)

    def due(self) -> Counter[tuple[int, str]]:
        """Id and name of every company that the mirror has to hold, each once."""
        if not self.visible:
            return Counter()
        return Counter((identity, one.name) for identity, one in self.companies.items() if self.filters.select(one))


def held(state: Mapping[str, Any]) -> Counter[tuple[int, str]]:
    """Id and name of every company that a mirror says it holds.

    Raises:
        ValueError: the state has another shape than the face of a subject allows.
    """
    companies = state.get("companies")
    if isinstance(companies, Mapping):
        rows: Iterable[tuple[Any, Any]] = companies.items()
    elif isinstance(companies, list):
        rows = [(row.get("id"), row) for row in companies if isinstance(row, Mapping)]
    else:
        raise ValueError("state() has no companies")
    return Counter((int(identity), _name(row)) for identity, row in rows)


def _name(row: Any) -> str:
    return str(row.get("name")) if isinstance(row, Mapping) else str(row)


def difference(due: Counter[tuple[int, str]], seen: Counter[tuple[int, str]]) -> str | None:
    """What a mirror lacks and what it holds wrongly, in words; None when it is right."""
    lacking, wrong = due - seen, seen - due
    if not lacking and not wrong:
        return None
    parts = []
    if lacking:
        parts.append(f"lacks {_listed(lacking)}")
    if wrong:
        parts.append(f"holds wrongly {_listed(wrong)}")
    return f"the mirror of {seen.total()} companies, due are {due.total()}, {' and '.join(parts)}"


def _listed(companies: Counter[tuple[int, str]]) -> str:
    shown = [f"{identity} {name!r}" for identity, name in sorted(companies.elements())]
    return ", ".join(shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "")
