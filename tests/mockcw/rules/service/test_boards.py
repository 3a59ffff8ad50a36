"""Boards: copies whole in themselves, active ones, teams and who joins them, who can be scheduled."""

from __future__ import annotations

import pytest

from tests.mockcw.rules.desk import Desk

BOARDS = "/service/boards"


def test_a_copied_board_has_its_own_rows_that_refer_to_each_other(desk: Desk) -> None:
    under = f"{BOARDS}/{desk.board}"
    kind = desk.make(f"{under}/types", name="Fault")["id"]
    desk.make(f"{under}/subtypes", name="Paper", typeAssociationIds=[kind])
    desk.make(f"{under}/teams", name="First line", teamLeader={"id": desk.member})
    desk.admin.patch(under, ("add", "autoCloseStatus", {"id": desk.status(desk.board, "Done")})).raise_for_status()
    answer = desk.admin.post(f"{BOARDS}/copy", {"id": desk.board, "name": "Copy of desk"})
    assert answer.status_code == 201, answer.text
    copy = answer.json()
    assert (copy["name"], copy["department"]["id"]) == ("Copy of desk", desk.department)
    assert desk.read(f"{BOARDS}/{copy['id']}") == copy
    statuses = desk.read(f"{BOARDS}/{copy['id']}/statuses")
    assert [(one["name"], one["closedStatus"], one["board"]["id"]) for one in statuses] == [
        ("New", False, copy["id"]),
        ("Working", False, copy["id"]),
        ("Done", True, copy["id"]),
    ]
    assert copy["autoCloseStatus"]["id"] == statuses[2]["id"]
    [new_kind] = desk.read(f"{BOARDS}/{copy['id']}/types")
    [new_sub] = desk.read(f"{BOARDS}/{copy['id']}/subtypes")
    assert (new_kind["id"] != kind, new_sub["typeAssociationIds"]) == (True, [new_kind["id"]])
    [team] = desk.read(f"{BOARDS}/{copy['id']}/teams")
    assert (team["boardId"], team["members"]) == (copy["id"], [desk.member])
    assert desk.ticket(board={"id": copy["id"]})["status"]["id"] == statuses[0]["id"]


def test_a_board_that_is_not_there_is_not_copied(desk: Desk) -> None:
    before = desk.records()
    answer = desk.admin.post(f"{BOARDS}/copy", {"id": 999, "name": "Copy"})
    assert desk.refused(answer, "NotFound", "id") == "Service Board 999 not found"
    desk.refused(desk.admin.post(f"{BOARDS}/copy", {"name": "Copy"}), "MissingRequiredField", "id")
    assert desk.records() == before


def test_active_boards_are_those_in_use(desk: Desk) -> None:
    path = "/service/info/boards/active"
    names = [one["name"] for one in desk.read(path, pageSize=1000)]
    assert {"Desk board", "Second board", "Build board"} <= set(names)
    desk.admin.patch(f"{BOARDS}/{desk.other_board}", ("replace", "inactiveFlag", True)).raise_for_status()
    assert desk.read(path, conditions="name='Second board'") == []
    assert desk.read(path, conditions="name='Desk board'")[0]["department"]["id"] == desk.department


def test_types_of_all_boards_are_listed(desk: Desk) -> None:
    made = desk.make(f"{BOARDS}/{desk.board}/types", name="Fault", defaultFlag=True)
    path = "/service/info/boardtypes"
    row = desk.one(path, "name='Fault'")
    assert (row["id"], row["board"]["name"], row["defaultFlag"]) == (made["id"], "Desk board", True)
    assert "category" not in row
    assert desk.read(f"{path}/count", conditions=f"board/id={desk.board}") == {"count": 1}


def test_teams_of_all_boards_are_listed_with_their_place(desk: Desk) -> None:
    made = desk.make(f"{BOARDS}/{desk.board}/teams", name="First line", teamLeader={"id": desk.member})
    row = desk.one("/service/teams", "name='First line'")
    assert (row["id"], row["leader"]["id"], row["department"]["id"]) == (made["id"], desk.member, desk.department)
    assert row["location"]["id"] == 1
    assert desk.read("/service/teams/count", conditions="name='First line'") == {"count": 1}
    assert desk.read(f"/service/teams/{made['id']}") == row
    assert desk.admin.get("/service/teams/999").status_code == 404


@pytest.mark.rule("board-team.start")
def test_a_member_joins_a_team_once(desk: Desk) -> None:
    team = desk.make(f"{BOARDS}/{desk.board}/teams", name="First line", teamLeader={"id": desk.member})["id"]
    other = desk.one("/system/members", "identifier='SonicSaaS'")["id"]
    body = {"team": {"id": team}, "member": {"identifier": "SonicSaaS"}, "teamLeaderFlag": True}
    answer = desk.admin.post("/service/teamMembers", body)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["member"]["id"], answer.json()["board"]["name"]) == (other, "Desk board")
    found = desk.read(f"{BOARDS}/{desk.board}/teams/{team}")
    assert (found["members"], found["teamLeader"]["id"]) == ([desk.member, other], other)
    before = desk.records()
    desk.refused(desk.admin.post("/service/teamMembers", body), "ObjectExists", "member")
    nobody = {"team": {"id": team}, "member": {"id": 999}}
    desk.refused(desk.admin.post("/service/teamMembers", nobody), "NotFound", "member/id")
    desk.refused(desk.admin.post("/service/teamMembers", {**body, "team": {"id": 999}}), "NotFound", "team/id")
    assert desk.records() == before


def test_members_are_listed_as_the_scheduler_sees_them(desk: Desk) -> None:
    path = "/service/scheduling/members"
    row = desk.one(f"{path}/info", "identifier='Admin'")
    assert (row["id"], row["fullName"], row["inactiveFlag"]) == (desk.member, "Admin Integration", False)
    assert "licenseClass" not in row
    assert desk.read(f"{path}/info/count", conditions="fullName like 'Admin%'") == {"count": 1}
    assert desk.read(f"{path}/{desk.member}/info") == row


# -- surveys and the knowledge base ------------------------------------------------------------------------------------


def test_a_copied_survey_has_the_questions_and_no_results(desk: Desk) -> None:
    survey = desk.make("/service/surveys", name="How was it")["id"]
    under = f"/service/surveys/{survey}"
    question = desk.make(f"{under}/questions", type="Selection", question="Fast?", sequenceNumber=1)
    desk.make(f"{under}/questions/{question['id']}/options", caption="Yes", points=5)
    desk.make(f"{under}/results", ticketId=desk.ticket()["id"])
    copy = desk.do(f"{under}/copy")
    assert copy["name"] != "How was it"
    assert desk.read(f"/service/surveys/{copy['id']}")["name"] == copy["name"]
    [twin] = desk.read(f"/service/surveys/{copy['id']}/questions")
    assert (twin["question"], twin["surveyId"]) == ("Fast?", copy["id"])
    [option] = desk.read(f"/service/surveys/{copy['id']}/questions/{twin['id']}/options")
    assert (option["caption"], option["points"]) == ("Yes", 5)
    assert desk.read(f"/service/surveys/{copy['id']}/results") == []
    assert desk.read(f"{under}/results/count") == {"count": 1}
    assert desk.admin.http.post("/service/surveys/999/copy").status_code == 404


@pytest.mark.rule("survey-question.start")
def test_a_copied_question_comes_last(desk: Desk) -> None:
    survey = desk.make("/service/surveys", name="How was it")["id"]
    under = f"/service/surveys/{survey}/questions"
    first = desk.make(under, type="OpenEnded", question="Why?", sequenceNumber=4)["id"]
    answer = desk.admin.http.post(f"{under}/{first}/copy")
    assert (answer.status_code, answer.json()["sequenceNumber"], answer.json()["question"]) == (201, 5, "Why?")
    assert desk.read(f"{under}/count") == {"count": 2}
    assert desk.admin.http.post(f"{under}/999/copy").status_code == 404


SETTINGS = "/service/knowledgebasesettings"


def test_knowledge_base_settings_are_one_record_that_is_always_there(desk: Desk) -> None:
    assert desk.read(SETTINGS)["requireApproval"] is False
    made = desk.make(SETTINGS, requireApproval=True, defaultApprover={"identifier": "Admin"})
    assert (made["id"], made["requireApproval"], made["defaultApprover"]["id"]) == (1, True, desk.member)
    assert desk.read(f"{SETTINGS}/1") == desk.read(SETTINGS) == made
    patched = desk.admin.patch(f"{SETTINGS}/1", ("replace", "requireApproval", False), ("remove", "defaultApprover", 0))
    assert (patched.json()["requireApproval"], "defaultApprover" in patched.json()) == (False, False)
    put = desk.admin.put(f"{SETTINGS}/1", {"requireApproval": True})
    assert put.status_code == 200
    assert desk.read(SETTINGS)["requireApproval"] is True
    assert desk.admin.get(f"{SETTINGS}/2").status_code == 404
    assert desk.admin.put(f"{SETTINGS}/2", {"requireApproval": True}).status_code == 404


def test_knowledge_base_settings_refuse_what_they_are_not(desk: Desk) -> None:
    desk.refused(desk.admin.post(SETTINGS, {}), "MissingRequiredField", "requireApproval")
    nobody = {"requireApproval": True, "defaultApprover": {"id": 999}}
    desk.refused(desk.admin.post(SETTINGS, nobody), "NotFound", "defaultApprover/id")
    for operation in (("replace", "nothing", 1), ("copy", "requireApproval", True)):
        assert desk.admin.patch(f"{SETTINGS}/1", operation).json()["code"] == "InvalidPatch"
    desk.refused(
        desk.admin.patch(f"{SETTINGS}/1", ("remove", "requireApproval", 0)), "MissingRequiredField", "requireApproval"
    )
    for raw in (b"", b"{}", b"[1]", b"[{", b'[{"op":"add","path":"defaultApprover","value":5}]'):
        assert desk.admin.send("PATCH", f"{SETTINGS}/1", raw).status_code == 400
    assert desk.read(SETTINGS)["requireApproval"] is False


@pytest.mark.rule("board-exclusion.start")
def test_a_member_kept_off_a_board_is_so_by_the_boards_number(desk: Desk) -> None:
    other = desk.one("/system/members", "identifier='SonicSaaS'")["id"]
    path = f"/service/boards/{desk.board}/excludedMembers"
    assert desk.make(path, memberId=other, boardId=desk.other_board)["boardId"] == desk.board


@pytest.mark.rule("board.email-connector")
@pytest.mark.parametrize(
    ("limit", "flag"),
    [
        ("emailConnectorReopenDaysLimit", "emailConnectorNeverReopenByDaysFlag"),
        ("emailConnectorReopenDaysClosedLimit", "emailConnectorNeverReopenByDaysClosedFlag"),
    ],
)
def test_a_limit_for_reopening_by_mail_goes_with_its_flags(desk: Desk, limit: str, flag: str) -> None:
    path, reopen = f"/service/boards/{desk.board}", "emailConnectorAllowReopenClosedFlag"
    text = f"{limit} can only be set when {reopen} and {flag} are true."
    answer = desk.admin.patch(path, ("replace", limit, 5), ("replace", flag, True))
    assert desk.refused(answer, "InvalidField", limit) == text
    both = [("replace", name, True) for name in (reopen, flag)]
    answer = desk.admin.patch(path, *both)
    assert desk.refused(answer, "MissingRequiredField", limit) == f"The {limit} field is required."
    assert desk.admin.patch(path, *both, ("replace", limit, 5)).json()[limit] == 5
    answer = desk.admin.patch(path, ("replace", reopen, False))
    assert desk.refused(answer, "InvalidField", limit) == text
