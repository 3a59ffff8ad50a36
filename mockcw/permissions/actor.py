"""The member behind a request: role, structure level, restrictions. Knows no store and no HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field

from mockcw.permissions.roles import Role


@dataclass(frozen=True, slots=True)
class Structure:
    """A node of the corporate structure: level 1 sees everything, deeper ones the locations they list.

    Documented for its effect (a member searches at that level and below); which records it hides is documented for
    companies and assumed for what hangs on them.
    """

    id: int
    name: str
    level: int
    locations: tuple[int, ...]


@dataclass(slots=True)
class Actor:
    """An authenticated member; `decisions` remembers what was decided while nothing about the member changed."""

    member_id: int
    identifier: str
    public_key: str
    role: Role
    structure: Structure
    location_id: int | None
    client_ids: tuple[str, ...]
    decisions: dict[str, object] = field(default_factory=dict)
