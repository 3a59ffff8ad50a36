"""What demo tickets are about: the rows of a table, with the names of boards and their rows resolved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from mockcw.demo.scene import Scene, rows_of
from mockcw.demo.work import Job

TICKETS = "/service/tickets"
BOARDS = "/service/boards"
MONITORING = 5  # a row of the sources


@dataclass(frozen=True)
class Scenario:
    """One kind of ticket: the fields that follow from it, and the statuses of its board in order."""

    number: int
    board: int
    board_name: str
    type_name: str
    subtype_name: str
    fields: dict[str, Any]
    priority: int
    summary: str
    problem: str
    resolution: str
    statuses: tuple[tuple[int, str], ...]  # open ones
    closed: tuple[int, str]
    alert: bool  # whether monitoring entered the ticket

    @cached_property
    def problem_text(self) -> str:
        """The problem as JSON."""
        return orjson.dumps(self.problem).decode()

    @cached_property
    def resolution_text(self) -> str:
        """The resolution as JSON."""
        return orjson.dumps(self.resolution).decode()

    def job(self, scene: Scene, status: str) -> Job:
        """What time on such a ticket is charged to."""
        return Job.of(
            scene,
            "ServiceTicket",
            self.fields["workRole"],
            workType=self.fields["workType"],
            notes=self.resolution,
            ticketBoard=self.board_name,
            ticketStatus=status,
            ticketType=self.type_name,
            ticketSubType=self.subtype_name,
        )


def scenarios(scene: Scene) -> list[Scenario]:
    """All rows of the table."""
    return [scenario(scene, number, row) for number, row in enumerate(rows_of("scenarios.tsv"))]


def scenario(scene: Scene, number: int, row: list[str]) -> Scenario:
    """One row of the table."""
    board, kind, subtype, item, source, priority, severity, impact, summary, problem, resolution = row
    ledger = scene.ledger
    board_id = ledger.find(BOARDS, board)
    inside = f"{BOARDS}/{{parentId}}"
    statuses = ledger.records(f"{inside}/statuses", board_id)
    record, source_id = ledger.record(BOARDS, board_id), ledger.find("/service/sources", source)
    fields: dict[str, Any] = {
        "summary": summary,
        "board": board_id,
        "type": ledger.find(f"{inside}/types", kind, board_id),
        "subType": ledger.find(f"{inside}/subtypes", subtype, board_id),
        "team": ledger.records(f"{inside}/teams", board_id)[0]["id"],
        "source": source_id,
        "priority": int(priority),
        "severity": severity,
        "impact": impact,
        "workRole": record["workRole"]["id"],
        "workType": record["workType"]["id"],
        "department": record["department"]["id"],
    }
    if item:
        fields["item"] = ledger.find(f"{inside}/items", item, board_id)
    return Scenario(
        number=number,
        board=board_id,
        board_name=board,
        type_name=kind,
        subtype_name=subtype,
        fields=fields,
        priority=int(priority),
        summary=summary,
        problem=problem,
        resolution=resolution,
        statuses=tuple((one["id"], one["name"]) for one in statuses if not one["closedStatus"]),
        closed=next((one["id"], one["name"]) for one in statuses if one["closedStatus"]),
        alert=source_id == MONITORING,
    )
