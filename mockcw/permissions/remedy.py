"""The smallest change that lets a refused call pass: cells of a role, items of its Customize lists, the member, keys.

A role is climbed: whatever a trial of the call says it lacks is raised by the smallest step its cell offers, until the
trial finds nothing more. Levels only ever open, so a cell that was raised for a lack is needed at its final level.
Knows roles and the codes of causes; knows no store, no request, and not how a trial is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from mockcw.catalogue.areas import Area
from mockcw.permissions.roles import ACTIONS, LEVELS, NOTHING, Role

HIGHEST_LEVEL = "Corporate"
MOST_STEPS = 40  # a call asks a handful of rows; each has two steps


class Cell(NamedTuple):
    """One cell of a role."""

    module: str
    area: str
    action: str

    def __str__(self) -> str:
        return f"{self.module} > {self.area}, {self.action}"


class Raise(NamedTuple):
    """A cell that must give more than it does."""

    cell: Cell
    was: str
    becomes: str

    def __str__(self) -> str:
        return f"{self.cell} from {self.was} to {self.becomes}"


class Item(NamedTuple):
    """An item of a Customize list, which must be on its allow side."""

    identifier: str
    item: str

    def __str__(self) -> str:
        return f"{self.item} (Customize list {self.identifier})"


@dataclass(frozen=True, slots=True)
class Lack:
    """What a trial found missing: a higher level of a cell, or an item on the allow side; neither: nothing helps."""

    cell: Cell | None = None
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change; `member` is what changes of the member, `keys` and `remark` are sentences: what only people can do.

    `member` has any of `active`, `structure_level`, `client_ids` and `excluded_boards`, as the control API's PATCH of a
    member takes them: a list is the whole list as it shall be.
    """

    rows: tuple[Raise, ...] = ()
    customize: tuple[Item, ...] = ()
    member: Mapping[str, Any] = field(default_factory=dict)
    keys: str = ""
    remark: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to change and nothing to say."""
        return not (self.rows or self.customize or self.member or self.keys or self.remark)

    @property
    def words(self) -> str:
        """The change as a sentence a support engineer can paste."""
        parts = [f"raise {one}" for one in self.rows]
        parts += [f"allow {one}" for one in self.customize]
        parts += [MEMBER_WORDS[name](value) for name, value in self.member.items()]
        told = "; ".join(parts)
        sentences = [f"{told[:1].upper()}{told[1:]}."] if told else []
        sentences += [one for one in (self.keys, self.remark) if one]
        return " ".join(sentences) or "Nothing has to change."

    def levels(self) -> list[dict[str, str]]:
        """The rows as the control API takes them: a record a row, with the cells to raise."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        for one in self.rows:
            module, area, action = one.cell
            row = found.setdefault((module, area), {"moduleName": module, "moduleFunctionName": area})
            row[ACTIONS[action]] = one.becomes
        return list(found.values())

    def as_json(self) -> dict[str, Any]:
        """The change as data; `cells` says what each cell was."""
        return {
            "rows": self.levels(),
            "cells": [{**one.cell._asdict(), "from": one.was, "to": one.becomes} for one in self.rows],
            "customize": [one._asdict() for one in self.customize],
            "member": dict(self.member),
            "keys": self.keys or None,
            "remark": self.remark or None,
            "words": self.words,
        }


MEMBER_WORDS: Mapping[str, Callable[[Any], str]] = {
    "active": lambda _: "set the API member active",
    "structure_level": lambda level: f"set the member's structure level to {level}",
    "client_ids": lambda ids: f"let the client ids that the member's keys are restricted to be {', '.join(ids)}",
    "excluded_boards": lambda ids: f"let the boards the member is kept off be {', '.join(map(str, ids)) or 'none'}",
}

KEY_WORDS: Mapping[str, str] = {
    "no-credentials": "Send the Authorization header: Basic with company+public key as user, private key as password.",
    "not-basic": "Use the Basic scheme: company+public key as user, private key as password.",
    "not-base64": "Encode company+public:private as base64 before sending it.",
    "malformed-user": "The user of the Basic credentials is the company id, a plus and the public key.",
    "unknown-company": "Use the company id as it is typed at the log-in screen.",
    "company-case": "Write the company id in exactly the letter case of the log-in screen.",
    "unknown-public-key": "Copy the public key again, or make a new key pair for the API member.",
    "swapped-keys": "Exchange the two keys: the public one belongs to the user, the private one is the password.",
    "blank-around-key": "Paste the keys again without a blank or line break before or after them.",
    "wrong-private-key": "Paste the private key again; if it was not kept, make a new key pair, for it is shown once.",
    "expired-token": "Mint a new member token: this one is past its time.",
    "search-lag": "No right is missing: searches do not find new records yet; read them by the id that POST answered.",
    "wrong-codebase": "Ask /login/companyinfo for the company's code base and use it in the path.",
    "no-client-id": "Send the clientId header with every request.",
    "unknown-client-id": "Send the client id that is registered for the integration.",
    "unknown-integrator": "Use the user name of an integrator login of the setup tables.",
    "wrong-password": "Type the password of the login again, or set a new one.",
    "unknown-member": "Log in with the id of a member as the members' list shows it.",
    "api-only-member": "Read the member at /system/members: an API member has no account of its own.",
    "inactive-integrator": "Set the integrator login active.",
    "api-not-switched-on": "Switch this API on for the integrator login.",
    "api-member-minting": "Mint member tokens with an integrator login: API members may not.",
}


def offered_by(areas: Iterable[Area]) -> dict[Cell, tuple[str, ...]]:
    """The levels each cell offers, lowest first; a cell the screen does not show has all three (fails no remedy)."""
    return {
        Cell(area.module, area.area, action): getattr(area, action.lower()) or LEVELS
        for area in areas
        for action in ACTIONS
    }


def above(level: str, offered: Sequence[str]) -> str | None:
    """The next level a cell offers above `level`; None at its top."""
    return next((one for one in offered if LEVELS.index(one) > LEVELS.index(level)), None)


def raised(role: Role, cell: Cell, level: str) -> Role:
    """The role with one cell at another level."""
    row = role.rows.get(cell[:2], NOTHING)._replace(**{cell.action.lower(): level})
    return replace(role, rows={**role.rows, cell[:2]: row})


def allowed(role: Role, item: Item) -> Role:
    """The role with one item on the allow side of its list."""
    rest = role.refused.get(item.identifier, frozenset()) - {item.item}
    return replace(role, refused={**role.refused, item.identifier: rest})


def smallest(role: Role, trial: Callable[[Role], Lack | None], offered: Mapping[Cell, Sequence[str]]) -> Remedy:
    """The smallest change of `role` after which `trial` finds no lack."""
    rows: dict[Cell, Raise] = {}
    items: list[Item] = []
    for _ in range(MOST_STEPS):
        lack = trial(role)
        if lack is None:
            return Remedy(tuple(rows.values()), tuple(items))
        if lack.cell is not None:
            was = role.levels(*lack.cell[:2]).of(lack.cell.action)
            level = above(was, offered.get(lack.cell, LEVELS))
            if level is None:
                break
            role = raised(role, lack.cell, level)
            rows[lack.cell] = Raise(lack.cell, rows[lack.cell].was if lack.cell in rows else was, level)
        elif lack.item is not None and lack.item not in items:
            role = allowed(role, lack.item)
            items.append(lack.item)
        else:
            break
    return Remedy(remark="No change of the role lets this call pass.")


def folded(remedies: Iterable[Remedy]) -> Remedy:
    """One change that does what all of them do: of two levels for a cell the higher one."""
    rows: dict[Cell, Raise] = {}
    items: dict[Item, None] = {}
    member: dict[str, Any] = {}
    keys: dict[str, None] = {}
    remark: dict[str, None] = {}
    for one in remedies:
        for change in one.rows:
            known = rows.get(change.cell)
            if known is None or LEVELS.index(change.becomes) > LEVELS.index(known.becomes):
                rows[change.cell] = change
        items |= dict.fromkeys(one.customize)
        for name, value in one.member.items():
            member[name] = joined(name, member[name], value) if name in member else value
        keys |= dict.fromkeys(filter(None, (one.keys,)))
        remark |= dict.fromkeys(filter(None, (one.remark,)))
    return Remedy(tuple(rows.values()), tuple(items), member, " ".join(keys), " ".join(remark))


def joined(name: str, one: Any, other: Any) -> Any:
    """Two values wanted of one property of a member: what either lets in is let in."""
    if name == "excluded_boards":
        return [board for board in one if board in other]
    return [*one, *(value for value in other if value not in one)] if isinstance(one, list) else other


def of_cause(cause: str | None, client_ids: Sequence[str] = ()) -> Remedy:
    """What a cause by itself calls for; `client_ids` are those of the key with the refused one."""
    if cause == "inactive-member":
        return Remedy(member={"active": True})
    if cause == "client-id-not-allowed":
        return Remedy(member={"client_ids": list(client_ids)})
    return Remedy(keys=KEY_WORDS.get(cause or "", ""))


def of_integrator(cause: str | None) -> Remedy:
    """What an integrator login needs, which has switches of its own and no role (documented)."""
    if cause in ("not-own", "narrowed"):
        return Remedy(keys="Let the integrator login access all records: now it has only those it made itself.")
    return Remedy()
