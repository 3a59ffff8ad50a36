"""The customer's situation on the emulator: a role, an API member, its keys, and what the customer pasted.

Knows the control API; runs no step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.errors import NotRunnable, Unmet, WrongUse
from conformance.reproduce.case import MISSING, VENDORS_OWN, Login, SupportCase
from conformance.reproduce.needs import EVERY, needs
from conformance.reproduce.outcome import Right
from conformance.target import Credentials
from conformance.wire import Reply, Wire

VENDORS_CLIENT_ID = "5b0c7d1e-6a43-4f0e-9a2b-1d3c5e7f9a0b"
"""Stands for the client ID that the vendor registered; the real ones are not published."""
SHOWN = 10
"""How many problems of a role file are told."""
ENFORCED = "enforce"
MODULE, AREA = "moduleName", "moduleFunctionName"
NO_PUBLIC_KEY, NO_PRIVATE_KEY = "notAPublicKey000", "notAPrivateKey00"


Row = dict[str, str]
"""A row of a role as the control API takes it: moduleName, moduleFunctionName and the levels given."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What was set up: the role, the member, and the key pair as ConnectWise made it.

    `notes` is what the emulator remarks on the role file; `permissions` says whether roles are enforced there at all,
    `inferred` whether rows are that nobody has published.
    """

    role: str
    role_id: int
    member: str
    right: Credentials
    notes: tuple[str, ...] = ()
    permissions: str = ENFORCED
    inferred: str = ENFORCED


class Desk:
    """The control API as this room uses it.

    Args:
        wire: reaches the emulator.
        case: named in the text of what cannot be set up.
    """

    def __init__(self, wire: Wire, case: SupportCase):
        self.wire = wire
        self._case = case

    def call(self, method: str, path: str, body: Any = None, *, about: str = "") -> Any:
        """The JSON data of a control call.

        Raises:
            WrongUse: the emulator refuses what the case says; `about` names the part of the case.
            NotRunnable: the target has no such call.
        """
        return self._data(self.wire.control(method, path, body), about)

    def _data(self, reply: Reply, about: str) -> Any:
        try:
            told = reply.json()
        except Unmet as problem:
            raise NotRunnable(f"{reply.request} answered {reply.status}: no control API of mockcw") from problem
        if reply.status < 400:
            return told
        words = told.get("error") or told.get("message") if isinstance(told, dict) else told
        if not about:
            raise NotRunnable(f"{reply.request} answered {reply.status}: {words}")
        listed = told.get("problems") or () if isinstance(told, dict) else ()
        problems = [_problem(one) for one in listed[:SHOWN]]
        more = [f"and {len(listed) - SHOWN} more"] if len(listed) > SHOWN else []
        raise WrongUse(f"{self._case.path}: {about}: {'; '.join((str(words), *problems, *more))}")


def _problem(told: dict[str, Any]) -> str:
    line = f"line {told['line']}: " if told.get("line") else f"{told['at']}: " if told.get("at") else ""
    nearest = told.get("nearest") or ()
    names = nearest if isinstance(nearest, str) else ", ".join(map(str, nearest))
    return f"{line}{told.get('problem')}" + (f"; nearest: {names}" if names else "")


def set_up(desk: Desk, case: SupportCase) -> Stage:
    """Make the role, the member and a key pair; raises WrongUse for what the emulator does not know."""
    mark = _free_mark(desk)
    role, member = f"Case {mark}".strip(), f"case{mark}"
    if case.role_text is not None:
        made = desk.call("POST", "roles", {"name": role, "file": case.role_text}, about=f"role: {case.role}")
    else:
        made = desk.call("POST", "roles", {"name": role, "rows": guide_rows(desk, case.profile)})
    role_id = int(made["id"])
    if case.refused:
        items = [{"identifier": one, "item": item, "allowed": False} for one, item in case.refused]
        desk.call("PUT", f"roles/{role_id}/customize", items, about="refused")
    facts = case.member
    wanted = {"identifier": member, "role": role, "active": facts.active}
    place = {"structure_level": facts.structure_level, "location": facts.location}
    desk.call("POST", "members", {**wanted, **place}, about="member")
    health = desk.call("GET", "health")
    modes = (str(health.get(name, ENFORCED)) for name in ("permissions", "permissions_inferred"))
    stage = Stage(role, role_id, member, new_keys(desk, member), tuple(made.get("notes") or ()), *modes)
    if facts.client_ids is not None:
        desk.call("PATCH", f"members/{member}", {"client_ids": as_sent(facts.client_ids)}, about="member: client_ids")
    return stage


def _free_mark(desk: Desk) -> str:
    """What tells this case's role from those of earlier cases on the same emulator."""
    taken = {one["name"] for one in desk.call("GET", "roles")}
    token = desk.wire.target.token
    marks = (token, *(f"{token}{number}" for number in range(2, len(taken) + 3)))
    return next(mark for mark in marks if f"Case {mark}".strip() not in taken)


def guide_rows(desk: Desk, profile: str) -> list[Row]:
    """The matrix that the vendor's guide asks for."""
    rows: dict[tuple[str, str], Row] = {}
    for right in needs()[profile]:
        if right.module == EVERY:
            first = desk.call("GET", "roles")[0]["id"]
            areas = [(row[MODULE], row[AREA]) for row in desk.call("GET", f"roles/{first}/settings")]
        else:
            areas = [(right.module, right.area)]
        for module, area in areas:
            row = rows.setdefault((module, area), {MODULE: module, AREA: area})
            row[f"{right.action.lower()}Level"] = right.level
    return list(rows.values())


def as_sent(client_ids: Sequence[str]) -> list[str]:
    """Client IDs as they stand in a header; a case writes the vendor's own as `vendor`."""
    return [VENDORS_CLIENT_ID if one == VENDORS_OWN else one for one in client_ids]


def new_keys(desk: Desk, member: str) -> Credentials:
    """A new key pair of a member, with the allow-list that its other keys have left out."""
    made = desk.call("POST", f"members/{member}/keys", {"description": "a support case"})
    company = desk.wire.target.company_id
    return Credentials(company, made["public_key"], made["private_key"], VENDORS_CLIENT_ID)


def pasted(right: Credentials, login: Login) -> Credentials:
    """What the customer pasted, made out of the right key pair."""
    public, private = right.public_key, right.private_key
    pair = {
        "right": (public, private),
        "swapped": (private, public),
        "wrong-private": (public, NO_PRIVATE_KEY),
        "unknown-public": (NO_PUBLIC_KEY, private),
        "blank-before-public": (f" {public}", private),
        "blank-after-public": (f"{public} ", private),
        "blank-before-private": (public, f" {private}"),
        "blank-after-private": (public, f"{private} "),
    }[login.keys]
    client = {VENDORS_OWN: right.client_id, MISSING: None}.get(login.client_id, login.client_id)
    company = login.company_id if login.company_id is not None else right.company_id
    return replace(right, company_id=company, public_key=pair[0], private_key=pair[1], client_id=client)


def raise_cells(desk: Desk, stage: Stage, cells: Sequence[Right]) -> None:
    """Give the role the levels of these cells."""
    rows: dict[tuple[str, str], Row] = {}
    for cell in cells:
        row = rows.setdefault((cell.module, cell.area), {MODULE: cell.module, AREA: cell.area})
        row[f"{cell.action.lower()}Level"] = cell.level
    desk.call("PUT", f"roles/{stage.role_id}/settings", list(rows.values()))


def level_of(settings: Sequence[dict[str, Any]], cell: Right) -> str:
    """The level a cell has now."""
    for row in settings:
        if (row.get(MODULE), row.get(AREA)) == (cell.module, cell.area):
            return str(row.get(f"{cell.action.lower()}Level") or "None")
    return "None"
