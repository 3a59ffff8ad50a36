"""The ground of every example: an empty instance with two customers and three catalogue items, kept as a snapshot."""

from __future__ import annotations

from typing import Any

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control
from tests.mockcw.machine.model.state import START, World, written

GROUND = "the machine's ground"
AGREEMENT_TYPES = (1, 2, 3)  # they differ in what an agreement takes from them
BOARDS = (1, 2, 4)  # the third is for project tickets


class Ground:
    """An emulator with its ground, and what the model may know of it."""

    def __init__(self, **settings: Any) -> None:
        self.steps = self.requests = 0
        self.emulator = Emulator("empty", settings=settings)
        self.set_clock()
        caller = Caller(self.emulator)
        companies = dict(_company(caller, name) for name in ("Alpha", "Beta"))
        items = dict(_item(caller, *one) for one in (("seat", 12.5, 4), ("disk", 3, 0.75), ("kit", 50, 20)))
        internal = {"op": "add", "path": "internalCompany", "value": {"id": min(companies)}}
        assert caller.http.patch("/system/myCompany/timeExpense/1", json=[internal]).is_success
        self.world = World(
            boards={number: _board(caller, number) for number in BOARDS},
            companies=companies,
            items=items,
            agreement_types={n: caller.get(f"/finance/agreements/types/{n}").json() for n in AGREEMENT_TYPES},
            members={one["identifier"]: one["id"] for one in caller.get("/system/members").json()},
            defaults={name: _default(caller, f"/service/{name}") for name in ("priorities", "sources")},
            default_board=_default_board(caller),
        )
        self._store = self.emulator.world.tenants[self.emulator.company_id].store
        self._store.snapshot(GROUND)

    def again(self) -> None:
        """Everything as it was at the start."""
        self._store.restore(GROUND)
        self.set_clock()

    def set_clock(self) -> None:
        """Stop the clock at the start."""
        Control(self.emulator).put("/clock", {"now": written(START), "frozen": True})

    def close(self) -> None:
        """Let go of the emulator."""
        self.emulator.close()


def _made(caller: Caller, path: str, **body: Any) -> dict[str, Any]:
    answer = caller.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _company(caller: Caller, name: str) -> tuple[int, dict[str, Any]]:
    made = _made(caller, "/company/companies", identifier=name, name=name, city="Adamsbury", site={"name": "Main"})
    contact = _made(caller, "/company/contacts", firstName=f"Ann of {name}", company={"id": made["id"]})
    return made["id"], {"identifier": name, "site": made["site"]["id"], "contact": contact["id"]}


def _item(caller: Caller, identifier: str, price: float, cost: float) -> tuple[int, dict[str, Any]]:
    made = _made(
        caller,
        "/procurement/catalog",
        identifier=identifier,
        description=f"One {identifier}",
        customerDescription=f"A {identifier} for you",
        subcategory={"id": 6},
        type={"id": 5},
        price=price,
        cost=cost,
        taxableFlag=identifier == "seat",
        productClass="Bundle" if identifier == "kit" else "Agreement",
    )
    return made["id"], made


def _board(caller: Caller, number: int) -> dict[str, Any]:
    board = caller.get(f"/service/boards/{number}").json()
    statuses = {one["id"]: one for one in caller.get(f"/service/boards/{number}/statuses").json()}
    kinds = caller.get(f"/service/boards/{number}/types").json()
    default = next(number for number, one in statuses.items() if one["defaultFlag"])
    kind = next(one["id"] for one in kinds if one["defaultFlag"])
    return {**board, "statuses": statuses, "default": default, "type": kind}


def _default(caller: Caller, path: str) -> int:
    return int(next(one["id"] for one in caller.get(path).json() if one["defaultFlag"]))


def _default_board(caller: Caller) -> int:
    """The board of tickets that name none: the API member's, else (assumed) the first."""
    member = caller.get("/system/apiMembers/1").json()
    return int(member.get("serviceDefaultBoard", {"id": BOARDS[0]})["id"])
