"""Minimal valid records of any collection: made from the catalogue, sent to a server, parents and targets on the way.

A reference takes a row that is there, or one that is made first; so does an enclosing record. Knows the catalogue and
the wire; knows no inner room of the emulator. `EXTRA` and `CHOICES` hold what business rules ask for beyond the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mockcw.catalogue import Catalogue, Field, Model

DATE = "2026-03-02T08:00:00Z"
DATE_WORDS = ("date", "Date", "timeStart", "timeEnd", "birthDay", "anniversary")
URL_WORDS = ("url", "Url", "URL")
EMAIL_WORDS = ("email", "Email")
NOT_SENT = frozenset({"id", "_info", "customFields"})


class Answer(Protocol):
    """What a server answers."""

    @property
    def status_code(self) -> int: ...

    @property
    def text(self) -> str: ...

    def json(self) -> Any: ...


class Door(Protocol):
    """How requests leave: paths are relative to the API root."""

    def get(self, path: str, **query: Any) -> Answer: ...

    def post(self, path: str, body: Any) -> Answer: ...


class Unmakeable(Exception):
    """There is no such record, and none can be made."""


@dataclass(frozen=True, slots=True)
class Made:
    """A record on the server: its ids from the outermost, and its JSON as answered."""

    collection: str
    line: tuple[int, ...]
    record: dict[str, Any]

    @property
    def path(self) -> str:
        return f"{fill(self.collection, self.line[:-1])}/{self.line[-1]}"


@dataclass(slots=True, repr=False)
class Maker:
    """Makes bodies and rows for one server; remembers the rows it took or made."""

    door: Door
    catalogue: Catalogue
    count: int = 0
    rows: dict[str, Made] = field(default_factory=dict)
    making: list[str] = field(default_factory=list)

    def body(self, collection: str, line: tuple[int, ...] = (), *, updating: bool = False) -> dict[str, Any]:
        """A body that the collection accepts; `line` holds the ids of the enclosing records."""
        model = self.catalogue.model(self.catalogue.row(collection).model)
        record = self.required(model, updating)
        for name, extra in EXTRA.get(collection, {}).items():
            record[name] = extra(self, line) if callable(extra) else extra
        return record

    def required(self, model: Model, updating: bool = False) -> dict[str, Any]:
        """The required fields of a model with a value each."""
        wanted = (one for one in model.fields.values() if one.required or (updating and one.required_on_update))
        return {one.name: self.value(one) for one in wanted if one.name not in NOT_SENT}

    def value(self, one: Field) -> Any:
        """A value of a field's type, different every time where the type allows."""
        if one.enum:
            return one.enum[0]
        if one.type == "array":
            return [self.within(one) if one.ref else DATE if one.items == "string" else 1]
        return self.within(one) if one.type == "ref" else self.scalar(one)

    def scalar(self, one: Field) -> Any:
        """A text, number, flag or date."""
        if one.type == "string":
            return (
                DATE if one.format or one.name.startswith(DATE_WORDS) or one.name.endswith("Date") else self.text(one)
            )
        return {"integer": 1, "number": 1.5, "boolean": True, "object": {}}.get(one.type, "any")

    def text(self, one: Field) -> str:
        """A text nobody else has, within the field's length."""
        self.count += 1
        number = base36(self.count)
        if any(word in one.name for word in EMAIL_WORDS):
            return f"sweep{number}@example.com"
        if any(word in one.name for word in URL_WORDS):
            return f"https://example.com/{number}"
        room = one.max_length or 30
        return (f"Sweep {number}" if room >= 6 + len(number) else number)[-room:]

    def within(self, one: Field) -> dict[str, Any]:
        """A reference to a row, or a record that lives inside another."""
        if one.ref and one.ref.endswith("Reference"):
            target = self.catalogue.collection_of_reference(one.ref)
            if target is None:
                return {"id": 1, "name": "Sweep"}
            return {"id": self.row(target).line[-1]}
        return self.required(self.catalogue.model(one.ref or ""))

    def row(self, collection: str) -> Made:
        """A row of the collection: one that is there, else a new one. Raises Unmakeable."""
        known = self.rows.get(collection)
        if known is None:
            if collection in self.making:
                raise Unmakeable(f"{collection} needs a row of itself: {' -> '.join(self.making)}")
            self.making.append(collection)
            try:
                known = self.rows[collection] = self.found(collection) or self.make(collection)
            finally:
                self.making.pop()
        return known

    def line(self, collection: str) -> tuple[int, ...]:
        """The ids of the records that enclose a row of the collection."""
        parents = self.catalogue.row(collection).parents
        return self.row(parents[-1]).line if parents else ()

    def found(self, collection: str) -> Made | None:
        """The first row there is that serves as a target."""
        line = self.line(collection)
        query = {"pageSize": 1, **({"conditions": CHOICES[collection]} if collection in CHOICES else {})}
        answer = self.door.get(fill(collection, line), **query)
        rows = answer.json() if answer.status_code == 200 else []
        return Made(collection, (*line, rows[0]["id"]), rows[0]) if rows and "id" in rows[0] else None

    def make(self, collection: str, line: tuple[int, ...] | None = None) -> Made:
        """A new row. Raises Unmakeable with what the server said."""
        if "create" not in self.catalogue.collection(collection).operations:
            raise Unmakeable(f"{collection} has no row, and none can be created")
        line = self.line(collection) if line is None else line
        body = self.body(collection, line)
        answer = self.door.post(fill(collection, line), body)
        if answer.status_code != 201:
            raise Unmakeable(f"POST {fill(collection, line)} {body}: {answer.status_code} {answer.text}")
        record = answer.json()
        return Made(collection, (*line, record["id"]), record)


def fill(collection: str, line: tuple[int, ...]) -> str:
    """A collection's path with ids in place of its parameters."""
    ids = iter(line)
    return "/".join(str(next(ids)) if part.startswith("{") else part for part in collection.split("/"))


def base36(number: int) -> str:
    """A number in as few characters as letters and digits allow."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"


Extra = Callable[[Maker, tuple[int, ...]], Any]

CHOICES: Mapping[str, str] = {
    "/company/companies": "deletedFlag = false",
}
"""Which of the rows that are there can be referred to."""


def lacking_type(kind: str) -> Extra:
    """A type that the company, or contact, does not have yet."""

    def found(maker: Maker, line: tuple[int, ...]) -> dict[str, Any]:
        holder = maker.row(f"/company/{kind}").line[-1]
        held = maker.door.get(f"/company/{kind}/{holder}/typeAssociations").json()
        taken = {one["type"]["id"] for one in held}
        known = [one["id"] for one in maker.door.get(f"/company/{kind}/types").json()]
        free = next((one for one in known if one not in taken), None)
        return {"id": free or maker.make(f"/company/{kind}/types").line[-1]}

    return found


def new_configuration(maker: Maker, line: tuple[int, ...]) -> int:
    """The id of a configuration that hangs on nothing yet."""
    return maker.make("/company/configurations").line[-1]


EXTRA: Mapping[str, Mapping[str, Extra | Any]] = {
    "/company/companies": {"site": {"name": "Main"}},
    "/company/communicationTypes": {"phoneFlag": True},
    "/company/companies/{parentId}/teams": {
        "member": lambda maker, line: {"id": maker.row("/system/members").line[-1]},
    },
    "/company/companies/{parentId}/typeAssociations": {"type": lacking_type("companies")},
    "/company/companyTypeAssociations": {"type": lacking_type("companies")},
    "/company/contacts/{parentId}/typeAssociations": {"type": lacking_type("contacts")},
    "/company/contactTypeAssociations": {"type": lacking_type("contacts")},
    "/finance/invoices": {"type": "Standard"},  # agreements make their own
    "/finance/agreements/{parentId}/configurations": {"id": new_configuration},
    "/project/tickets/{parentId}/notes": {"detailDescriptionFlag": True},
    "/service/tickets/{parentId}/notes": {"detailDescriptionFlag": True},
    "/project/tickets/{parentId}/configurations": {"id": new_configuration},
    "/service/tickets/{parentId}/configurations": {"id": new_configuration},
    "/service/boards/{parentId}/excludedMembers": {"memberId": 2},  # not the one who asks
    "/system/apiMembers": {"securityRole": lambda maker, line: {"id": maker.row("/system/securityroles").line[-1]}},
    "/system/callbacks": {"type": "ticket", "level": "owner"},
    "/time/entries": {
        "chargeToType": "ServiceTicket",
        "chargeToId": lambda maker, line: maker.row("/service/tickets").line[-1],
    },
}
"""What rules ask for beyond the required fields of the model, by collection: a value, or how it is found."""
