"""The shadow role: what it says of a request is what a member of that role gets for it, and it leaves no trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from mockcw.store import EVERYTHING
from tests.mockcw.caller import Caller
from tests.mockcw.permissions.stage import CELLS, CLOSING, COMPANIES, CONFIGURATIONS, TICKETS, Stage, staged

SECOND = "Second"
STATE = "shadowed"
NOTES, ATTACHMENTS = "Companies > Notes", "Companies > Manage Attachments"
SCHEDULE = "Service Desk > Resource Scheduling"
STOPPED = ("role-row", "table-not-allowed", "not-own", "hidden")


@dataclass
class Shadowed:
    """The stage with a second role that rides along with Tech; `second` is a member of it.

    All records are the admin's.
    """

    stage: Stage
    role: int
    second: Caller
    ticket: int
    other: int
    company: int
    note: int
    document: int
    configuration: int
    type: int

    def second_may(self, area: str, every: str) -> None:
        """Set all four cells of a row of the second role."""
        module, _, name = area.partition(" > ")
        row = {"moduleName": module, "moduleFunctionName": name, **dict.fromkeys(CELLS.values(), every)}
        self.stage.control.put(f"/roles/{self.role}/settings", [row])

    def shadow(self, answer: httpx.Response) -> dict[str, Any]:
        """The shadow's verdict on an answer."""
        return dict(self.stage.entry(answer)["shadow"])


@pytest.fixture(scope="module")
def built() -> Iterator[Shadowed]:
    with staged() as stage:
        role = stage.make("/system/securityroles", name=SECOND)["id"]
        stage.control.post("/members", {"identifier": "Second", "role": SECOND})
        ticket = stage.ticket()["id"]
        kind = stage.make("/company/configurations/types", name="Appliance")["id"]
        configuration = stage.make(
            "/company/configurations", name="Web", type={"id": kind}, company={"id": stage.company}
        )
        paper = stage.admin.http.post(
            "/system/documents",
            data={"recordType": "Ticket", "recordId": str(ticket), "title": "Paper"},
            files={"file": ("paper.txt", b"text")},
        )
        kind_of_entry = {"id": stage.one("/schedule/types", "identifier='S'")["id"]}
        times = {"dateStart": "2026-03-05T08:00:00Z", "dateEnd": "2026-03-05T09:00:00Z"}
        stage.make("/schedule/entries", objectId=ticket, type=kind_of_entry, member={"id": stage.member}, **times)
        yield Shadowed(
            stage=stage,
            role=role,
            second=stage.key_of("Second"),
            ticket=ticket,
            other=stage.ticket()["id"],
            company=stage.make("/company/companies", identifier="Other", name="Other", site={"name": "Main"})["id"],
            note=stage.make(f"/company/companies/{stage.company}/notes", text="n")["id"],
            document=stage.fine(paper)["id"],
            configuration=configuration["id"],
            type=kind,
        )


@pytest.fixture
def shadowed(built: Shadowed) -> Iterator[Shadowed]:
    store = built.stage.emulator.world.tenants["training"].store
    store.snapshot(STATE)
    built.stage.control.put("/shadow", {"role": SECOND, "member": "Tech"})
    yield built
    built.stage.control.delete("/shadow")
    store.restore(STATE)


# -- it says what the role would get -----------------------------------------------------------------------------------

Send = Callable[[Shadowed, Caller], httpx.Response]


def closing(on: Shadowed, who: Caller) -> httpx.Response:
    return who.patch(
        f"/service/tickets/{on.ticket}", ("replace", "status", {"id": on.stage.status(on.stage.board, "Done")})
    )


def bundle(kind: str, **asked: Any) -> Callable[[Caller], httpx.Response]:
    body = {"requests": [{"sequenceNumber": 1, "resourceType": kind, "apiRequest": asked}]}
    return lambda who: who.post("/system/bundles", body)


CASES: dict[str, tuple[Send, dict[str, str], dict[str, str], bool, str]] = {
    "a bundle with a record at My": (
        lambda on, who: bundle("ticket", id=on.ticket)(who),
        {TICKETS: "All"},
        {TICKETS: "My"},
        False,
        "My",
    ),
    "a bundle with a row at None": (
        lambda on, who: bundle("company", id=on.company)(who),
        {COMPANIES: "All"},
        {},
        False,
        "None",
    ),
    "a bundle that passes": (
        lambda on, who: bundle("company", id=on.company)(who),
        {},
        {COMPANIES: "All"},
        True,
        "All",
    ),
    "a paper at My": (
        lambda on, who: who.get(f"/system/documents/{on.document}"),
        {ATTACHMENTS: "All"},
        {ATTACHMENTS: "My"},
        False,
        "My",
    ),
    "a worked out record of a view at My": (
        lambda on, who: who.get(f"/schedule/details/{on.stage.read('/schedule/details')[0]['id']}"),
        {SCHEDULE: "All"},
        {SCHEDULE: "My"},
        False,
        "My",
    ),
    "a record under the wrong parent": (
        lambda on, who: who.get(f"/company/companies/{on.company}/notes/{on.note}"),
        {NOTES: "All"},
        {NOTES: "My"},
        True,
        "My",
    ),
    "many records at My": (
        lambda on, who: who.put(
            "/company/configurations/bulk",
            [{"id": on.configuration, "name": "x", "type": {"id": on.type}, "company": {"id": on.stage.company}}],
        ),
        {CONFIGURATIONS: "All"},
        {CONFIGURATIONS: "My"},
        False,
        "My",
    ),
    "an extra right where the first role has not even the row": (closing, {}, {TICKETS: "All"}, False, "None"),
    "an extra right that only the second role has": (
        closing,
        {TICKETS: "All"},
        {TICKETS: "All", CLOSING: "All"},
        True,
        "All",
    ),
    "a write at My": (
        lambda on, who: who.patch(f"/service/tickets/{on.ticket}", ("replace", "summary", "x")),
        {TICKETS: "All"},
        {TICKETS: "My"},
        False,
        "My",
    ),
    "a record that is not there": (
        lambda on, who: who.get("/service/tickets/9999"),
        {TICKETS: "All"},
        {TICKETS: "My"},
        True,
        "My",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_verdict_is_what_a_member_of_the_role_gets(shadowed: Shadowed, case: str) -> None:
    send, first, second, allowed, has = CASES[case]
    for area, level in first.items():
        shadowed.stage.let(area, level)
    for area, level in second.items():
        shadowed.second_may(area, level)
    told = shadowed.shadow(send(shadowed, shadowed.stage.tech))
    real = shadowed.stage.entry(send(shadowed, shadowed.second))
    assert (real["cause"] not in STOPPED) is allowed, real
    assert (told["role"], told["allowed"], told["has"]) == (SECOND, allowed, has), told


def test_what_a_customize_list_hides_from_the_second_role_differs(shadowed: Shadowed) -> None:
    for area in (CONFIGURATIONS, COMPANIES):
        shadowed.stage.let(area, "All")
        shadowed.second_may(area, "All")
    same = shadowed.stage.tech.get(f"/company/configurations/{shadowed.configuration}")
    assert (shadowed.shadow(same)["allowed"], shadowed.shadow(same)["differs"]) == (True, False)
    item = {"identifier": "CompanyConfigurations", "item": "Appliance", "allowed": False}
    shadowed.stage.control.put(f"/roles/{shadowed.role}/customize", [item])
    one = shadowed.stage.tech.get(f"/company/configurations/{shadowed.configuration}")
    listed = shadowed.stage.tech.get("/company/configurations")
    assert (one.status_code, len(listed.json())) == (200, 1)
    assert (shadowed.shadow(one)["allowed"], shadowed.shadow(one)["differs"]) == (False, True)
    assert (shadowed.shadow(listed)["allowed"], shadowed.shadow(listed)["differs"]) == (True, True)


# -- it leaves no trace ------------------------------------------------------------------------------------------------


def traffic(on: Shadowed) -> list[httpx.Response]:
    """Writes that the second role may do, and the first may too."""
    tech, where = on.stage.tech, {"company": {"id": on.stage.company}, "board": {"id": on.stage.board}}
    made = tech.post("/service/tickets", {"summary": "New", **where})
    number = made.json()["id"]
    return [
        made,
        tech.patch(f"/service/tickets/{number}", ("replace", "summary", "Other")),
        tech.post(f"/service/tickets/{number}/notes", {"text": "n", "detailDescriptionFlag": True}),
        tech.delete(f"/service/tickets/{on.other}"),
        tech.get("/service/tickets"),
        tech.post("/service/tickets", {"summary": "Last", **where}),
    ]


def test_records_and_answers_are_the_same_with_it_and_without(shadowed: Shadowed) -> None:
    stage = shadowed.stage
    world = stage.emulator.world
    store = world.tenants["training"].store
    stage.let(TICKETS, "All")
    shadowed.second_may(TICKETS, "All")
    store.snapshot("before")
    chance, seen = world.ids.mark(), []
    for ride in (True, False):
        store.restore("before")
        world.ids.back_to(chance)  # so that request ids come again, too
        world.journal.entries.clear()
        if not ride:
            stage.control.delete("/shadow")
        answers = traffic(shadowed)
        assert [one.status_code for one in answers] == [201, 200, 201, 204, 200, 201]
        assert [bool(stage.entry(one)["shadow"]) for one in answers] == [ride] * len(answers)
        kept = {name: store.rows(name, EVERYTHING) for name in store.collections() if not name.startswith("~view")}
        seen.append(([one.content for one in answers], kept))
    assert seen[0] == seen[1]


def test_a_role_that_is_let_in_where_the_request_is_refused_writes_nothing(shadowed: Shadowed) -> None:
    shadowed.second_may(TICKETS, "All")
    before = shadowed.stage.records()
    refused = shadowed.stage.tech.delete(f"/service/tickets/{shadowed.ticket}")
    assert refused.status_code == 403
    assert (shadowed.shadow(refused)["allowed"], shadowed.shadow(refused)["differs"]) == (True, True)
    assert shadowed.stage.records() == before
