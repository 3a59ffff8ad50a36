"""The stage of the permission tests: a help desk, and members of a role whose rows each test sets as it needs them.

Built once a session; each test finds it as it was built, the role with None throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import orjson

from mockcw import Emulator
from mockcw.clock import from_text
from mockcw.demo import Credentials
from tests.mockcw.caller import Caller, Control
from tests.mockcw.rules.desk import NOW, Desk

STAGED = "stage"
ROLE = "Tested"
CELLS = {"add": "addLevel", "edit": "editLevel", "delete": "deleteLevel", "inquire": "inquireLevel"}
REFUSAL = {"code": "Security", "message": "You do not have security permission to perform this action."}

TICKETS = "Service Desk > Service Tickets"
PROJECT_TICKETS = "Project > Project Tickets"
CLOSING = "Service Desk > Close Service Tickets"
TIME = "Time & Expense > Time Entry"
TABLES = "System > Table Setup"
COMPANIES = "Companies > Company Maintenance"
CONFIGURATIONS = "Companies > Configurations"
AGREEMENTS = "Finance > Agreements"


class Stage(Desk):
    """The desk with a role "Tested"; `tech` and `mate` are two members of it."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator)
        self.control = Control(emulator)
        self.role = self.make("/system/securityroles", name=ROLE)["id"]
        self.branch = self.make("/system/locations", name="Far Branch", structureLevel={"id": 2})["id"]
        self.tech = self.join("Tech")
        self.mate = self.join("Mate")

    def join(self, identifier: str) -> Caller:
        """A new member of the role, with a key."""
        self.control.post("/members", {"identifier": identifier, "role": ROLE})
        return self.key_of(identifier)

    def key_of(self, identifier: str) -> Caller:
        """A member by a new key."""
        key = self.control.post(f"/members/{identifier}/keys", {})
        given = Credentials(identifier, identifier, ROLE, key["public_key"], key["private_key"], "stage")
        return Caller(self.emulator, given=given)

    def number(self, identifier: str) -> int:
        """The id of a member."""
        return int(self.one("/system/members", f'identifier="{identifier}"')["id"])

    def let(self, area: str, every: str | None = None, **levels: str) -> None:
        """Set cells of the role's row: all four to `every`, then those named (add, edit, delete, inquire)."""
        module, _, name = area.partition(" > ")
        cells = dict.fromkeys(CELLS.values(), every) if every else {}
        cells |= {CELLS[one]: level for one, level in levels.items()}
        row = {"moduleName": module, "moduleFunctionName": name, **cells}
        self.control.put(f"/roles/{self.role}/settings", [row])

    def disallow(self, identifier: str, *items: str, allowed: bool = False) -> None:
        """Put items of one of the role's Customize lists on the disallow side (or back)."""
        wanted = [{"identifier": identifier, "item": one, "allowed": allowed} for one in items]
        self.control.put(f"/roles/{self.role}/customize", wanted)

    def narrow(self, identifier: str, location: str, level: str = "Location") -> None:
        """Give a member a structure level below Corporate."""
        self.control.patch(f"/members/{identifier}", {"structure_level": level, "location": location})

    def store_fields(self, collection: str, record_id: int, **values: Any) -> None:
        """Set fields of a stored record that no client can write."""
        store = self.emulator.world.tenants["training"].store
        doc = store.get(collection, record_id)
        assert doc is not None
        store.update(collection, record_id, orjson.dumps({**orjson.loads(doc), **values}))

    def entry(self, answer: httpx.Response) -> dict[str, Any]:
        """The journal's entry of an answer."""
        return dict(self.control.get(f"/requests/{answer.headers['x-cw-request-id']}"))

    def cause(self, answer: httpx.Response) -> Any:
        """The code of what refused or narrowed a request."""
        return self.entry(answer)["cause"]

    def denied(self, answer: httpx.Response, cause: str = "role-row") -> dict[str, Any]:
        """The journal's entry of an answer that must be the captured 403, for this cause."""
        assert (answer.status_code, answer.json()) == (403, REFUSAL), answer.text
        entry = self.entry(answer)
        assert entry["cause"] == cause, entry
        return entry

    def fine(self, answer: httpx.Response) -> Any:
        """The body of an answer that must have succeeded."""
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def refused_right(self, answer: httpx.Response, right: str) -> None:
        """The answer is the captured 403, and the right that was asked last is the one that refused it."""
        entry = self.denied(answer)
        assert (entry["asked"][-1]["right"], entry["asked"][-1]["allowed"]) == (right, False)

    def asked(self, answer: httpx.Response) -> list[str]:
        """The extra rights that the journal names for an answer."""
        return [one["right"] for one in self.entry(answer)["asked"]]


@contextmanager
def staged(**settings: Any) -> Iterator[Stage]:
    """A stage of its own, with settings."""
    with Emulator("empty", settings=settings) as emulator:
        emulator.world.clock.set(from_text(NOW), frozen=True)
        yield Stage(emulator)


def ids(answer: httpx.Response) -> list[int]:
    """The ids of a list that must have been answered."""
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()]
