"""The smallest fix where both the role and the member's place keep a record away, and where a refusal is no 403."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from mockcw.permissions.roles import LEVELS
from tests.mockcw.permissions.stage import AGREEMENTS, CONFIGURATIONS, TICKETS, Stage, staged

STATE = "in sight"
HERE, THERE = {"structure_level": "Location", "location": "Far Branch"}, {"structure_level": "Corporate"}


@pytest.fixture(scope="module")
def built() -> Iterator[Stage]:
    with staged() as stage:
        stage.make("/company/configurations/types", name="Appliance")
        yield stage


@pytest.fixture
def stage(built: Stage) -> Iterator[Stage]:
    """The stage; what a test changes is taken back."""
    store = built.emulator.world.tenants["training"].store
    store.snapshot(STATE)
    yield built
    store.restore(STATE)


def mended(stage: Stage, answer: httpx.Response) -> dict[str, Any]:
    """The change for one answer, in force."""
    return dict(stage.control.post("/fix", {"requests": [answer.headers["x-cw-request-id"]], "apply": True}))


def server(stage: Stage) -> dict[str, Any]:
    """A configuration of a company at the main office, and so hidden from a member of the far branch."""
    kind = stage.one("/company/configurations/types", "name='Appliance'")["id"]
    return stage.make("/company/configurations", name="Web", type={"id": kind}, company={"id": stage.company})


def lines(answer: httpx.Response) -> list[int]:
    """The status of each item of many, or of each part of a bundle; of a plain answer its own."""
    told = answer.json() if answer.status_code in (200, 207) else {}
    found = told.get("payload") or told.get("results") if isinstance(told, dict) else None
    return [one["statusCode"] for one in found] if found else [answer.status_code]


def ticket_read(stage: Stage) -> Callable[[], httpx.Response]:
    number = stage.ticket()["id"]
    return lambda: stage.tech.get(f"/service/tickets/{number}")


def ticket_written(stage: Stage) -> Callable[[], httpx.Response]:
    number = stage.ticket()["id"]
    return lambda: stage.tech.patch(f"/service/tickets/{number}", ("replace", "summary", "x"))


def ticket_notes(stage: Stage) -> Callable[[], httpx.Response]:
    number = stage.ticket()["id"]
    return lambda: stage.tech.get(f"/service/tickets/{number}/notes")


def bundled(stage: Stage) -> Callable[[], httpx.Response]:
    asked = {"sequenceNumber": 1, "resourceType": "ticket", "apiRequest": {"id": stage.ticket()["id"]}}
    return lambda: stage.tech.post("/system/bundles", {"requests": [asked]})


def many_replaced(stage: Stage) -> Callable[[], httpx.Response]:
    one, other = server(stage), server(stage)
    return lambda: stage.tech.put("/company/configurations/bulk", [one, other])


def many_deleted(stage: Stage) -> Callable[[], httpx.Response]:
    body = json.dumps({"ids": [server(stage)["id"]]}).encode()
    return lambda: stage.tech.send("DELETE", "/company/configurations/bulk", body)


CASES = [
    (ticket_read, TICKETS, "inquire", 200),
    (ticket_written, TICKETS, "edit", 200),
    (ticket_notes, TICKETS, "inquire", 200),
    (bundled, TICKETS, "inquire", 200),
    (many_replaced, CONFIGURATIONS, "edit", 200),
    (many_deleted, CONFIGURATIONS, "delete", 204),
]


@pytest.mark.parametrize(("case", "area", "action", "status"), CASES)
def test_role_and_structure_level_are_mended_together_and_neither_alone_is_enough(
    stage: Stage, case: Callable[[Stage], Callable[[], httpx.Response]], area: str, action: str, status: int
) -> None:
    send = case(stage)
    stage.narrow("Tech", "Far Branch")
    told = mended(stage, send())
    assert told["member"] == THERE, told
    assert [(f"{one['module']} > {one['area']}", one["action"].lower()) for one in told["cells"]] == [(area, action)]
    assert [(one["from"], one["to"]) for one in told["cells"]] == [("None", "All")]
    store = stage.emulator.world.tenants["training"].store
    store.snapshot("mended")
    for level in LEVELS[:2]:
        stage.let(area, **{action: level})
        assert set(lines(send())) != {status}, level
        store.restore("mended")
    stage.control.patch("/members/Tech", HERE)
    assert set(lines(send())) != {status}
    store.restore("mended")
    assert set(lines(send())) == {status}


def test_role_and_excluded_board_are_mended_together_and_the_other_board_stays_excluded(stage: Stage) -> None:
    number = stage.ticket()["id"]
    stage.control.patch("/members/Tech", {"excluded_boards": [stage.board, stage.other_board]})
    told = mended(stage, stage.tech.get(f"/service/tickets/{number}"))
    assert told["member"] == {"excluded_boards": [stage.other_board]}
    assert [one["to"] for one in told["cells"]] == ["All"]
    assert stage.tech.get(f"/service/tickets/{number}").status_code == 200


def test_role_and_configuration_type_are_mended_together(stage: Stage) -> None:
    number = server(stage)["id"]
    stage.disallow("CompanyConfigurations", "Appliance")
    told = mended(stage, stage.tech.get(f"/company/configurations/{number}"))
    assert told["customize"] == [{"identifier": "CompanyConfigurations", "item": "Appliance"}]
    assert [one["to"] for one in told["cells"]] == ["All"]
    assert stage.tech.get(f"/company/configurations/{number}").status_code == 200


def test_ones_own_hidden_record_needs_my_only(stage: Stage) -> None:
    number = stage.ticket(owner={"id": stage.number("Tech")})["id"]
    stage.narrow("Tech", "Far Branch")
    told = mended(stage, stage.tech.get(f"/service/tickets/{number}"))
    assert (told["member"], [one["to"] for one in told["cells"]]) == (THERE, ["My"])
    assert stage.tech.get(f"/service/tickets/{number}").status_code == 200


# -- refusals that are no 403 ------------------------------------------------------------------------------------------


def test_somebody_elses_record_answered_404_is_told_as_refused_and_mended_with_the_member() -> None:
    with staged(others_record_status=404) as stage:
        number = stage.ticket()["id"]
        stage.let(TICKETS, "My")
        shadow = stage.control.post("/roles", {"name": "Shadow", "copy": "Tested"})["id"]
        stage.control.put("/shadow", {"role": shadow, "member": "Tech"})
        answer = stage.tech.get(f"/service/tickets/{number}", headers={"x-mockcw-explain": "1"})
        said = json.loads(answer.headers["x-mockcw-decision"])
        assert (answer.status_code, said["cause"], said["allowed"]) == (404, "not-own", False)
        entry = stage.entry(answer)
        assert (entry["shadow"]["allowed"], entry["shadow"]["differs"]) == (False, False)
        assert stage.control.get("/shadow/differences") == []
        told = stage.control.post("/fix", {"member": "Tech", "apply": True})
        assert told["words"] == "Raise Service Desk > Service Tickets, Inquire from My to All."
        assert stage.tech.get(f"/service/tickets/{number}").status_code == 200


def test_the_refused_part_of_a_bundle_is_mended_with_the_member(stage: Stage) -> None:
    stage.control.delete("/requests")
    asked = {"sequenceNumber": 1, "resourceType": "agreement", "apiRequest": {}}
    answer = stage.tech.post("/system/bundles", {"requests": [asked]})
    assert (answer.status_code, stage.cause(answer)) == (200, "role-row")
    told = stage.control.post("/fix", {"member": "Tech"})
    assert [f"{one['module']} > {one['area']}" for one in told["cells"]] == [AGREEMENTS]
