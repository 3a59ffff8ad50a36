"""The vocabulary between the engine and its rules: a rule reads a `Change` and answers with effects.

A rule decides, the engine writes. Nothing here touches the store, the catalogue or the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from mockcw.errors import Conflict, FieldError
from mockcw.settings import Settings

Record = dict[str, Any]
WriteVerb = Literal["create", "replace", "patch", "delete"]
Mark = Literal["captured", "documented", "assumed"]


class Look(Protocol):
    """What a rule may read of the other records."""

    def get(self, collection: str, record_id: int) -> Record | None:
        """The record, or None."""

    def hides(self, collection: str, record_id: int) -> bool:
        """Whether a record is there, and not for the member who asks."""

    def find(self, collection: str, parent: int | None = None, **equal: object) -> list[Record]:
        """Records whose fields equal the values given; `status__id=5` reaches into a reference."""


@dataclass(slots=True)
class Change:
    """One write about to happen."""

    verb: WriteVerb
    collection: str
    record_id: int
    parents: tuple[int, ...]
    before: Record | None  # None on create
    after: Record  # the record as it would be stored; on delete the record as it is
    given: frozenset[str]  # names the request itself set
    resource: str  # camelCase name for error bodies
    caption: str  # human name for error texts
    actor: str  # identifier of the member who writes
    actor_location: int | None  # id of that member's default location
    now: str
    today: str  # the server's day as a date without a time is written; near midnight another than that of `now`
    look: Look
    choices: Settings
    key: Callable[[], str]  # a fresh GUID
    day_of: Callable[[str], str]  # the server's day of a stored moment, written as `today` is
    operation: str = ""  # the published operation that writes; empty where the house itself does

    def in_use(self) -> Conflict:
        """The error that keeps a record in use from being deleted."""
        text = self.choices.in_use_message.format(caption=self.caption, id=self.record_id)
        return Conflict(text, self.choices.in_use_code)


@dataclass(frozen=True, slots=True)
class Put:
    """Set these fields of the record in hand; None removes a field."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Keep:
    """Do not delete: store the record with these fields set instead (a soft delete)."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Write:
    """Set fields of another record."""

    collection: str
    record_id: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Add:
    """Create another record, under `parent` when its collection is a nested one.

    `refer` names the field of the record in hand that shall refer to the new one.
    """

    collection: str
    parent: int
    record: Mapping[str, Any]
    refer: str | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete another record."""

    collection: str
    record_id: int


@dataclass(frozen=True, slots=True)
class Lodge:
    """Keep this in one of the emulator's own tables under the id of the record in hand; None takes it away.

    For what belongs to a record and is never answered, such as the hash of a password.
    """

    table: str
    record: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Refuse:
    """The write breaks a rule of the record: reported together with everything else that is wrong with it."""

    error: FieldError


@dataclass(frozen=True, slots=True)
class Needs:
    """The write does what needs a right of its own, named by its id; `item` is what of a Customize list it touches."""

    right: str
    item: str | None = None


Effect = Put | Keep | Write | Add | Remove | Lodge | Refuse | Needs


@dataclass(frozen=True, slots=True)
class Rule:
    """A named behaviour of one collection on some verbs, with how well it is known."""

    id: str
    collection: str
    verbs: frozenset[WriteVerb]
    decide: Callable[[Change], Iterable[Effect]]
    mark: Mark
    says: str
    early: bool = False  # decides before references are resolved
    daily: bool = False  # decides again when the server's day turns, as if nothing else had changed
