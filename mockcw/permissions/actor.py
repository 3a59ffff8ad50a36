"""The member behind a request: role, structure level, restrictions. Reads no store and knows no HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

from mockcw.permissions.roles import Role
from mockcw.store import Where

Kind = Literal["member", "token", "integrator", "cookie"]


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


CORPORATE = Structure(1, "Corporate", 1, ())


@dataclass(slots=True)
class Actor:
    """An authenticated member; `decisions` and `sights` remember what was decided while nothing about them changed.

    `kind` is how they came in: with a key pair, with a minted token, as an integrator login, or with a cookie. Where
    permissions are only logged, `lists_hide` is false: what the role's Customize lists disallow is there all the same.
    """

    member_id: int
    identifier: str
    public_key: str
    role: Role
    structure: Structure
    location_id: int | None
    client_ids: tuple[str, ...]
    kind: Kind = "member"
    excluded_boards: frozenset[int] = frozenset()
    lists_hide: bool = True
    decisions: dict[str, object] = field(default_factory=dict)
    sights: dict[str, Where | None] = field(default_factory=dict)

    @property
    def narrowed(self) -> bool:
        """Whether some records may not be there for the member."""
        return self.structure.level > 1 or bool(self.excluded_boards) or bool(self.disallowed)

    @property
    def disallowed(self) -> Mapping[str, frozenset[str]]:
        """The items of the role's Customize lists whose records are not there for the member."""
        return self.role.refused if self.lists_hide and not self.role.admin else {}

    @classmethod
    def as_role(cls, role: Role) -> Self:
        """A member of whom only the role is known, for questions about roles."""
        return cls(0, role.name, "", role, CORPORATE, None, ())
