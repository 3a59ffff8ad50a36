"""Boards a member is kept off: they and their tickets are gone, what lies under them is a 403 (documented)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.mockcw.permissions.deeds import item
from tests.mockcw.permissions.stage import PROJECT_TICKETS, TABLES, TICKETS, TIME, Stage, ids
from tests.mockcw.permissions.ways import agree, page_by_page

BOARDS = "/service/boards"
Exclude = Callable[[Stage, int], None]


def listed_with_the_member(stage: Stage, board: int) -> None:
    """The member's own list."""
    member = stage.number("Tech")
    stage.fine(stage.admin.patch(f"/system/members/{member}", ("replace", "excludedServiceBoardIds", [board])))


def listed_with_the_board(stage: Stage, board: int) -> None:
    """The board's list of members."""
    stage.make(f"{BOARDS}/{board}/excludedMembers", memberId=stage.number("Tech"))


EITHER = pytest.mark.parametrize("exclude", [listed_with_the_member, listed_with_the_board])


@pytest.fixture
def desk(stage: Stage) -> Stage:
    """Tech may everything with tickets and tables."""
    for area in (TICKETS, PROJECT_TICKETS, TABLES, "Project > Project Headers", "Service Desk > Resource Scheduling"):
        stage.let(area, "All")
    stage.let("System > API Reports", "All")
    return stage


@EITHER
def test_tickets_of_the_board_are_missing_in_every_way_of_listing(desk: Stage, exclude: Exclude) -> None:
    boards = (desk.board, desk.other_board, desk.board, desk.other_board)
    seen = [made for board in boards for made in [desk.ticket(board={"id": board})["id"]] if board == desk.board]
    hidden = sorted(set(ids(desk.admin.get("/service/tickets"))) - set(seen))
    assert set(ids(desk.tech.get("/service/tickets"))) == {*seen, *hidden}
    exclude(desk, desk.other_board)
    agree(desk.tech, "/service/tickets", "ticket", seen, info=True, search=True)
    assert set(ids(desk.tech.get("/service/tickets/calculateSla"))) == set(seen)
    logged = {one["ticketNumber"] for one in desk.fine(desk.tech.get("/service/tickets/changelogs"))}
    assert logged == set(seen)
    assert [row[0] for row in desk.tech.get("/system/reports/Service").json()["row_values"]] == seen
    for answer in (
        desk.tech.get(f"/service/tickets/{hidden[0]}"),
        desk.tech.get(f"/service/tickets/{hidden[0]}/notes"),
        desk.tech.patch(f"/service/tickets/{hidden[0]}", ("replace", "summary", "x")),
        desk.tech.delete(f"/service/tickets/{hidden[0]}"),
    ):
        assert (answer.status_code, desk.cause(answer)) == (404, "hidden")
        assert f"kept off board {desk.other_board}" in desk.entry(answer)["reason"]
    agree(desk.mate, "/service/tickets", "ticket", sorted((*seen, *hidden)), info=True, search=True)


@EITHER
def test_the_board_is_gone_and_what_lies_under_it_is_refused(desk: Stage, exclude: Exclude) -> None:
    before = page_by_page(desk.tech, BOARDS, 50)
    exclude(desk, desk.other_board)
    after = [board for board in before if board != desk.other_board]
    agree(desk.tech, BOARDS, "board", after)
    for path in ("/service/info/boards", "/service/info/boards/active"):
        assert desk.other_board not in ids(desk.tech.get(path, pageSize=100)), path
        assert desk.board in ids(desk.tech.get(path, pageSize=100)), path
    kinds = {
        board: desk.make(f"{BOARDS}/{board}/types", name="Fault")["id"] for board in (desk.board, desk.other_board)
    }
    assert kinds[desk.other_board] not in ids(desk.tech.get("/service/info/boardtypes", pageSize=100))
    assert kinds[desk.board] in ids(desk.tech.get("/service/info/boardtypes", pageSize=100))
    people = {"members": [desk.member], "teamLeader": {"id": desk.member}}
    teams = {
        board: desk.make(f"{BOARDS}/{board}/teams", name="Crew", **people)["id"]
        for board in (desk.board, desk.other_board)
    }
    assert teams[desk.other_board] in ids(desk.mate.get("/service/teams", pageSize=100))
    assert teams[desk.other_board] not in ids(desk.tech.get("/service/teams", pageSize=100))
    assert teams[desk.board] in ids(desk.tech.get("/service/teams", pageSize=100))
    own = desk.tech.get(f"{BOARDS}/{desk.other_board}")
    assert (own.status_code, desk.cause(own)) == (404, "hidden")
    status = desk.status(desk.other_board, "Fresh")
    for answer in (
        desk.tech.get(f"{BOARDS}/{desk.other_board}/statuses"),
        desk.tech.get(f"{BOARDS}/{desk.other_board}/statuses/count"),
        desk.tech.get(f"{BOARDS}/{desk.other_board}/statuses/{status}"),
        desk.tech.get(f"{BOARDS}/{desk.other_board}/types"),
        desk.tech.get(f"{BOARDS}/{desk.other_board}/teams"),
        desk.tech.post(f"{BOARDS}/{desk.other_board}/types", {"name": "x"}),
    ):
        desk.denied(answer, "hidden")
    assert desk.tech.get(f"{BOARDS}/99999/statuses").status_code == 404
    assert ids(desk.tech.get(f"{BOARDS}/{desk.board}/statuses"))


@EITHER
def test_being_let_back_counts_at_once(desk: Stage, exclude: Exclude) -> None:
    made = desk.ticket(board={"id": desk.other_board})["id"]
    exclude(desk, desk.other_board)
    assert ids(desk.tech.get("/service/tickets")) == []
    for one in desk.read(f"{BOARDS}/{desk.other_board}/excludedMembers"):
        desk.admin.delete(f"{BOARDS}/{desk.other_board}/excludedMembers/{one['id']}")
    member = desk.number("Tech")
    desk.fine(desk.admin.patch(f"/system/members/{member}", ("replace", "excludedServiceBoardIds", [])))
    agree(desk.tech, "/service/tickets", "ticket", [made], info=True, search=True)


def test_a_ticket_moved_to_the_board_is_gone_and_comes_back(desk: Stage) -> None:
    made = desk.ticket()["id"]
    listed_with_the_member(desk, desk.other_board)
    agree(desk.tech, "/service/tickets", "ticket", [made], info=True, search=True)
    for board, seen in ((desk.other_board, []), (desk.board, [made])):
        moved = [("replace", "board", {"id": board})]
        status = desk.status(board, "Fresh" if board == desk.other_board else "New")
        desk.fine(desk.admin.patch(f"/service/tickets/{made}", *moved, ("replace", "status", {"id": status})))
        agree(desk.tech, "/service/tickets", "ticket", seen, info=True, search=True)


def test_several_boards_and_a_member_without_any(desk: Stage) -> None:
    boards = [desk.board, desk.other_board]
    made = [desk.ticket(board={"id": board})["id"] for board in boards]
    member = desk.number("Tech")
    desk.fine(desk.admin.patch(f"/system/members/{member}", ("replace", "excludedServiceBoardIds", boards)))
    agree(desk.tech, "/service/tickets", "ticket", [], info=True, search=True)
    agree(desk.mate, "/service/tickets", "ticket", made, info=True, search=True)


def test_a_project_board_hides_its_projects_and_their_tickets(desk: Stage) -> None:
    """The member's excludedProjectBoardIds (documented by the name)."""
    second = desk.new_board("Other builds", Planned=False, Built=True, projectFlag=True)
    seen, hidden = desk.project(), desk.project()
    tickets = [desk.project_ticket(one["id"])["id"] for one in (seen, hidden)]
    for path, number in (("/project/projects", hidden["id"]), ("/project/tickets", tickets[1])):
        desk.store_fields(path, number, board={"id": second, "name": "Other builds"})
    member = desk.number("Tech")
    desk.fine(desk.admin.patch(f"/system/members/{member}", ("replace", "excludedProjectBoardIds", [second])))
    agree(desk.tech, "/project/projects", "project", [seen["id"]])
    agree(desk.tech, "/project/tickets", "projectTicket", tickets[:1], search=True)
    for path in (f"/project/projects/{hidden['id']}", f"/project/tickets/{tickets[1]}"):
        answer = desk.tech.get(path)
        assert (answer.status_code, desk.cause(answer)) == (404, "hidden")
    agree(desk.mate, "/project/projects", "project", [seen["id"], hidden["id"]])


def test_hours_for_a_hidden_ticket_are_gone_and_hours_for_a_project_stay(desk: Stage) -> None:
    tickets = [desk.ticket(board={"id": board})["id"] for board in (desk.board, desk.other_board)]
    tickets.append(desk.project_ticket(desk.project()["id"])["id"])
    kinds = [{"identifier": one} for one in "SSP"]
    desk.make("/project/securityRoles", name="Engineer")
    who = {"member": {"identifier": "Admin"}, "addMemberToProjectFlag": True}
    made = [
        desk.make("/schedule/entries", objectId=one, type=kind, **who)["id"]
        for one, kind in zip(tickets, kinds, strict=True)
    ]
    agree(desk.tech, "/schedule/entries", "schedule", made)
    listed_with_the_member(desk, desk.other_board)
    agree(desk.tech, "/schedule/entries", "schedule", [made[0], made[2]])


def test_time_and_products_on_a_hidden_ticket_are_gone_with_it(desk: Stage) -> None:
    """They would show the ticket's number and summary."""
    desk.let(TIME, "All")
    desk.let("Procurement > Products", "All")
    tickets = [desk.ticket(board={"id": board})["id"] for board in (desk.board, desk.other_board)]
    hours = [desk.time(chargeToId=one, chargeToType="ServiceTicket")["id"] for one in tickets]
    what = {"catalogItem": {"id": item(desk)}, "quantity": 1, "billableOption": "Billable"}
    goods = [desk.make("/procurement/products", ticket={"id": one}, **what)["id"] for one in tickets]
    agree(desk.tech, "/time/entries", "timeEntry", hours)
    agree(desk.tech, "/procurement/products", "productItem", goods)
    listed_with_the_member(desk, desk.other_board)
    agree(desk.tech, "/time/entries", "timeEntry", hours[:1])
    agree(desk.tech, "/procurement/products", "productItem", goods[:1])
    answer = desk.tech.get(f"/time/entries/{hours[1]}")
    assert (answer.status_code, desk.cause(answer)) == (404, "hidden")


def test_the_journal_says_that_a_board_may_have_shortened_a_list(desk: Stage) -> None:
    assert desk.cause(desk.tech.get("/service/tickets")) is None
    listed_with_the_member(desk, desk.other_board)
    entry = desk.entry(desk.tech.get("/service/tickets"))
    assert (entry["cause"], entry["status"]) == ("narrowed", 200)
    assert entry["reason"] == f"the member is kept off board {desk.other_board}"
