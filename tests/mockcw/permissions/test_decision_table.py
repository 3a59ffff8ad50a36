"""The decision table: each row, action and level against each operation it gates, at the door, in both inferred modes.

What must come is worked out here from the row's letter and the level alone.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mockcw import Emulator
from mockcw.catalogue import Area, Operation, load
from mockcw.permissions import also_needed
from mockcw.pipeline import Request, handle
from mockcw.web.identity import LevelRow, named, only_tenant, write_levels

ACTIONS = ("Add", "Edit", "Delete", "Inquire")
LEVELS = ("None", "My", "All")
AREAS = load().areas
OPERATIONS = tuple(load().operations)
NAMED = {"memberIdentifier": "Admin", "reportName": "Company"}
ABSENT = "987654321"  # an id that nothing has: whatever is allowed finds nothing and changes nothing


def gated(area: Area, action: str) -> list[Operation]:
    """The operations of one cell."""
    wanted = (area.module, area.area, action)
    return [one for one in OPERATIONS if (one.permission.module, one.permission.area, one.permission.action) == wanted]


class Door:
    """An emulator whose member without any right is given one cell at a time."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.tenant = only_tenant(emulator.world)
        self.role = named(self.tenant, "/system/securityroles", "No Access")
        who = emulator.member("no-access")
        basic = b64encode(f"{emulator.company_id}+{who.public_key}:{who.private_key}".encode()).decode()
        self.headers = {
            "authorization": f"Basic {basic}",
            "clientid": who.client_id,
            "content-type": "application/json",
        }

    def set(self, area: Area, action: str, level: str) -> None:
        """Give the role one cell."""
        row = {"moduleName": area.module, "moduleFunctionName": area.area, f"{action.lower()}Level": level}
        write_levels(self.tenant, self.role, [LevelRow.model_validate(row)])

    @contextmanager
    def given(self, area: Area, action: str, level: str) -> Iterator[None]:
        """The cell for as long as the block lasts."""
        self.set(area, action, level)
        try:
            yield
        finally:
            self.set(area, action, "None")

    def ask(self, operation: Operation) -> tuple[int, bool, str]:
        """Status, verdict and reason of an operation on records that do not exist, or on a member: somebody else."""
        path = re.sub(r"\{(\w+)\}", lambda found: NAMED.get(found[1], ABSENT), operation.path)
        body = {"PATCH": b"[]", "GET": b"", "DELETE": b""}.get(operation.method, b"{}")
        request = Request(
            operation.method, f"/v4_6_release/apis/3.0{path}", "", self.headers, body, self.emulator.site_url
        )
        status = handle(self.emulator.world, request).status
        entry = self.emulator.world.journal.entries[-1]
        decision = entry.decision
        assert decision is not None, (operation.name, status, entry.reason)
        assert entry.operation is operation
        return status, decision.allowed, decision.reason


@pytest.fixture(scope="module", params=["enforce", "log"])
def door(request: pytest.FixtureRequest) -> Iterator[Door]:
    with Emulator("small", settings={"permissions.inferred": request.param}) as emulator:
        yield Door(emulator)


def passes(level: str, letter: str, inferred: str) -> bool:
    """What the issue asks for: A and B rows refuse, C rows as the setting says, U rows never."""
    return level != "None" or letter == "U" or (letter == "C" and inferred == "log")


@pytest.mark.parametrize("area", AREAS, ids=lambda one: f"{one.module} > {one.area}")
def test_each_cell_opens_its_operations_at_my_and_all_and_closes_them_at_none(door: Door, area: Area) -> None:
    inferred = door.emulator.settings.permissions_inferred
    for action in ACTIONS:
        for level in LEVELS:
            with door.given(area, action, level):
                for operation in gated(area, action):
                    check(door, operation, level, inferred)


def check(door: Door, operation: Operation, level: str, inferred: str) -> None:
    """One operation at one level of its cell."""
    row = operation.permission
    status, allowed, reason = door.ask(operation)
    assert allowed is passes(level, row.confidence, inferred), (operation.name, level, reason)
    if not allowed:
        assert status == 403
        assert f"{row.module} > {row.area} needs {row.action}" in reason
        assert ("inferred" in reason) is (row.confidence == "C")
        return
    somebody_else = level == "My" and any(f"{{{name}}}" in operation.path for name in NAMED)  # a report is nobody's
    beside = any(not one.allowed for one in door.emulator.world.journal.entries[-1].asked)  # a record it reaches for
    if not also_needed(operation) and not somebody_else and not beside:
        assert status not in (401, 403, 500), (operation.name, level, status)
    if level == "None":
        assert "allowed, since" in reason


def test_a_cell_opens_nothing_but_its_own_operations(door: Door) -> None:
    """One cell at a time over every operation would be a million requests: each cell meets every 97th of the others."""
    inferred = door.emulator.settings.permissions_inferred
    for number, (area, action) in enumerate((area, action) for area in AREAS for action in ACTIONS):
        own = {one.name for one in gated(area, action)}
        with door.given(area, action, "All"):
            for operation in OPERATIONS[number % 97 :: 97]:
                row = operation.permission
                if operation.name not in own and row.module is not None:
                    _, allowed, reason = door.ask(operation)
                    assert allowed is passes("None", row.confidence, inferred), (area, action, operation.name, reason)


def test_every_operation_is_in_the_table_or_needs_no_row() -> None:
    rows = {(area.module, area.area) for area in AREAS}
    for operation in OPERATIONS:
        row = operation.permission
        in_table = (row.module, row.area) in rows
        assert in_table or row.area.startswith("("), operation.name
        assert in_table or row.module is None or row.confidence == "U", operation.name
        assert row.action in ACTIONS
