"""A small help desk made through the API: boards with statuses, a company, a project with phases, types, roles.

Built once a session; each test starts from it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockcw import Emulator
from mockcw.clock import from_text
from mockcw.store import EVERYTHING
from tests.mockcw.caller import Caller

NOW = "2026-03-04T10:00:00Z"  # a Wednesday; its week runs from 2026-02-28 to 2026-03-06
BUILT = "desk"


class Desk:
    """The member who may everything, and the ids of what was made; `company` and the rest are ids."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.admin = Caller(emulator)
        self.member = self.one("/system/members", "identifier='Admin'")["id"]
        self.department = self.make("/system/departments", identifier="DESK", name="Desk department")["id"]
        self.company = self.make(
            "/company/companies", identifier="DeskCo", name="Desk company", site={"name": "Main"}, city="Adamsbury"
        )["id"]
        self.board = self.new_board("Desk board", New=False, Working=False, Done=True)
        self.other_board = self.new_board("Second board", Fresh=False, Over=True)
        self.project_board = self.new_board("Build board", Planned=False, Built=True, projectFlag=True)

    def new_board(self, name: str, *, projectFlag: bool = False, **statuses: bool) -> int:
        """A board whose statuses are given by name and whether they close; the first is the default."""
        place = {"location": {"id": 1}, "department": {"id": self.department}}
        board = self.make("/service/boards", name=name, projectFlag=projectFlag, billTime="Billable", **place)["id"]
        for at, (status, closes) in enumerate(statuses.items()):
            self.make(
                f"/service/boards/{board}/statuses", name=status, closedStatus=closes, defaultFlag=at == 0, sortOrder=at
            )
        return int(board)

    def ticket(self, **fields: Any) -> dict[str, Any]:
        """A service ticket on the desk's board."""
        body = {"summary": "Printer", "company": {"id": self.company}, "board": {"id": self.board}}
        return self.make("/service/tickets", **{**body, **fields})

    def project(self, **fields: Any) -> dict[str, Any]:
        """A project on the project board, with a phase."""
        dates = {"estimatedStart": "2026-03-01T00:00:00Z", "estimatedEnd": "2026-06-01T00:00:00Z"}
        where = {"board": {"id": self.project_board}, "company": {"id": self.company}}
        made = self.make("/project/projects", name="Move", billingMethod="ActualRates", **dates, **where, **fields)
        self.make(f"/project/projects/{made['id']}/phases", description="Plan", wbsCode="1", budgetHours=4)
        return made

    def phase(self, project: int) -> int:
        """The first phase of a project."""
        return int(self.admin.get(f"/project/projects/{project}/phases").json()[0]["id"])

    def project_ticket(self, project: int, **fields: Any) -> dict[str, Any]:
        """A ticket in the first phase of a project."""
        body = {"summary": "Cables", "phase": {"id": self.phase(project)}}
        return self.make("/project/tickets", **{**body, **fields})

    def time(self, **fields: Any) -> dict[str, Any]:
        """Two hours on the desk's Wednesday, less what `fields` say."""
        hours = {"timeStart": "2026-03-04T08:00:00Z", "timeEnd": "2026-03-04T10:00:00Z"}
        return self.make("/time/entries", **{**hours, **fields})

    def make(self, path: str, **fields: Any) -> dict[str, Any]:
        """Create a record; the request must succeed."""
        answer = self.admin.post(path, fields)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def do(self, path: str, body: Any = None) -> Any:
        """POST an action; it must succeed."""
        answer = self.admin.http.post(path) if body is None else self.admin.post(path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def read(self, path: str, **query: str | int) -> Any:
        """GET; the request must succeed."""
        answer = self.admin.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def one(self, path: str, conditions: str) -> dict[str, Any]:
        """The one record that conditions admit."""
        [found] = self.read(path, conditions=conditions)
        return dict(found)

    def status(self, board: int, name: str) -> int:
        """The id of a board's status."""
        return int(self.one(f"/service/boards/{board}/statuses", f"name='{name}'")["id"])

    def records(self) -> dict[str, list[tuple[int, bytes]]]:
        """Everything that is stored, for a comparison of before and after."""
        store = self.emulator.world.tenants["training"].store
        return {name: store.rows(name, EVERYTHING) for name in store.collections() if not name.startswith("~view")}

    def refused(self, answer: httpx.Response, code: str, field: str) -> str:
        """The text of the only item of a refused body."""
        assert answer.status_code == 400, answer.text
        [item] = answer.json()["errors"]
        assert (item["code"], item["field"]) == (code, field), item
        return str(item["message"])


@pytest.fixture(scope="session")
def built_desk() -> Iterator[Desk]:
    """The desk, built once."""
    with Emulator("empty") as emulator:
        emulator.world.clock.set(from_text(NOW), frozen=True)
        desk = Desk(emulator)
        emulator.world.tenants["training"].store.snapshot(BUILT)
        yield desk


@pytest.fixture
def desk(built_desk: Desk) -> Desk:
    """The desk as it was built, at ten o'clock on its Wednesday."""
    built_desk.emulator.world.tenants["training"].store.restore(BUILT)
    return built_desk
