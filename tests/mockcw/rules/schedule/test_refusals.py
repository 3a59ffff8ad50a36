"""What the rules of schedules refuse, each with its whole body."""

from __future__ import annotations

import httpx
import pytest

from tests.mockcw.rules.desk import Desk
from tests.mockcw.rules.refusals import Bench, Refusal, invalid, rows


def off_the_team(bench: Bench) -> httpx.Response:
    """Project work for somebody who is not on the project's team."""
    project = bench.desk.project()["id"]
    bench.note(project=project)
    work = {"type": {"identifier": "P"}, "objectId": bench.desk.project_ticket(project)["id"]}
    return bench.admin.post("/schedule/entries", work)


ROWS = rows(
    Refusal(
        "schedule.project-team",
        off_the_team,
        invalid("schedule", ("InvalidField", "Member Admin is not on the team of project {project}.", "member")),
    ),
)


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal_has_just_this_body(row: Refusal, desk: Desk) -> None:
    row.check(desk)
