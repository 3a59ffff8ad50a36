"""The vocabulary of what no generic verb answers: an action does one published operation, a view shows other records.

An action reads an `Act` and writes through its hands, in the request's transaction; a view only reads. Nothing here
touches the store, the catalogue or the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mockcw.engine.change import Look, Mark, Record
from mockcw.engine.reports import Reports
from mockcw.errors import FieldError, InvalidObject
from mockcw.settings import Settings


class Hands(Protocol):
    """What an action may do to records; each call is part of the request's transaction."""

    def create(
        self, collection: str, parents: tuple[int, ...], record: Mapping[str, Any], moved: int | None = None
    ) -> Record:
        """Add a record, its rules applied; as stored it comes back. Raises InvalidObject.

        `moved` is the number of a record that comes from a collection of the same numbering and was erased there.
        """

    def change(self, collection: str, record_id: int, values: Mapping[str, Any]) -> Record:
        """Set fields of a record (None clears one), its rules applied as in a PATCH. Raises NotFound, InvalidObject."""

    def replace(self, collection: str, record_id: int, raw: bytes) -> Record:
        """Put a JSON body in the record's place, as PUT does."""

    def patch(self, collection: str, record_id: int, raw: bytes) -> Record:
        """Apply the operations of a JSON body to a record, as PATCH does."""

    def set(self, collection: str, record_id: int, values: Mapping[str, Any]) -> Record:
        """Set fields of a record without asking its rules: what the server itself decides (a status, a total)."""

    def remove(self, collection: str, record_id: int) -> None:
        """Delete a record as DELETE does, rules and use included. Raises NotFound, Conflict."""

    def erase(self, collection: str, record_id: int) -> None:
        """Delete a record and what it encloses without asking any rule."""

    def repoint(self, collection: str, record_id: int, other_id: int) -> int:
        """Let everything that refers to a record refer to another one; how many records changed comes back."""

    def keep(self, table: str, record: Mapping[str, Any]) -> int:
        """Add a record to one of the emulator's own tables (their names start with ~); its id comes back."""

    def keep_again(self, table: str, record_id: int, record: Mapping[str, Any]) -> None:
        """Replace a record of one of the emulator's own tables."""

    def drop(self, table: str, record_id: int) -> None:
        """Remove a record from one of the emulator's own tables."""


class Reach(Protocol):
    """Reaches a record that the operation does not address: with the decision, scope and masks of asking for it.

    None where there is none; raises SecurityRefusal, and NotFound for what is hidden from the member.
    """

    def __call__(self, collection: str, record_id: int, verb: str = "get") -> Record | None: ...


@dataclass(frozen=True, slots=True)
class Content:
    """An answer that is not JSON: bytes of a media type, with headers such as Content-Disposition."""

    body: bytes = field(repr=False)
    content_type: str = "application/octet-stream"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Act:
    """One operation about to be carried out.

    `ids` are the ids of the path from left to right. `record` is the record the path addresses, already seen within the
    caller's rights; it is missing for actions that address none. `body` is checked against the operation's model: a
    record, a list of records, or None where the operation takes none. Names in `query` and `headers` are in small
    letters. `href` is the address of a record, as `_info` shows it.
    """

    operation: str
    collection: str
    ids: tuple[int | str, ...]
    record: Record | None
    body: Any
    raw: bytes = field(repr=False)
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    resource: str  # camelCase name of the body's model, for error bodies
    actor: str
    actor_id: int
    role_id: int
    kind: str  # how the caller came in: member, token, integrator, cookie
    now: str
    today: str  # the server's day as a date without a time is written; near midnight another than that of `now`
    look: Look
    hands: Hands
    choices: Settings
    key: Callable[[], str]  # a fresh GUID
    secret: Callable[[], str]  # a fresh key that nobody can guess
    href: Callable[[str, int], str]
    fields: Callable[[str], tuple[str, ...]]  # the names of a model's fields
    check: Callable[[str, bytes], Record]  # a JSON text as a record of a model, checked as a body is
    reports: Reports
    reach: Reach  # a record of another collection, as the member may have it by a verb

    @property
    def id(self) -> int:
        """The first id of the path."""
        return int(self.ids[0])

    @property
    def here(self) -> Record:
        """The addressed record, for actions that always have one."""
        assert self.record is not None
        return self.record

    def refuse(self, code: str, message: str, name: str) -> InvalidObject:
        """The error of a body whose field `name` breaks a rule."""
        return InvalidObject.of(self.resource, FieldError(code, message, self.resource, name))

    def missing(self, name: str) -> InvalidObject:
        """The captured error of a required field."""
        return self.refuse("MissingRequiredField", f"The {name} field is required.", name)


@dataclass(frozen=True, slots=True)
class Action:
    """The answer to one operation of the catalogue that no generic verb gives; `operation` is the published name.

    What comes back is JSON (cut to the model the operation returns), `Content`, or None for 204. The status is 200
    unless `status` says otherwise: 201 where a record is made. `addresses` says whether the path names a record that
    must exist and be visible.
    """

    operation: str
    answer: Callable[[Act], Any]
    mark: Mark
    says: str
    status: int = 200
    addresses: bool = True


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a worked-out collection, and for which part of it."""

    parents: tuple[int, ...]
    query: tuple[tuple[str, str], ...]  # the parameters that are not the list's own, names in small letters
    actor: str
    actor_id: int
    role_id: int
    choices: Settings
    reach: Reach = field(compare=False, repr=False)
    hidden: Callable[[str], frozenset[str]] = field(compare=False, repr=False)  # fields of a collection not shown

    @property
    def parent(self) -> int:
        """The innermost enclosing id."""
        return self.parents[-1]

    def asked(self, name: str) -> str | None:
        """The value of a parameter."""
        return dict(self.query).get(name)


@dataclass(frozen=True, slots=True)
class View:
    """A collection that holds nothing of its own: `rows` works its records out from `sources`, each with an id.

    `_info` of a row is shown as it is; fields that its model lacks are left out. A view that shows just the records of
    a nested collection, whosever they are, has no `rows`: the one source is read in its place. One that asks for rights
    does not last: it is worked out for every request.
    """

    collection: str
    sources: tuple[str, ...]
    rows: Callable[[Look, Asking], Iterable[Record]] | None
    mark: Mark
    says: str
    lasting: bool = True
