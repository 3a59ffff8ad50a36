"""What explains a request and mends it: the journal's entry, the header, the shadow role, roles and Customize lists."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.demo import Credentials
from tests.mockcw.caller import Caller, Control

COMPANIES = "/company/companies"
MAINTENANCE = {"moduleName": "Companies", "moduleFunctionName": "Company Maintenance"}
BOARD_TABLE = {"identifier": "SystemTableSetup", "item": "Service / Service Board"}
EXPLAIN = {"x-mockcw-explain": "1"}


def entry_of(control: Control, answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = control.get(f"/requests/{answer.headers['x-cw-request-id']}")
    return found


def test_health_says_whether_permissions_and_inferred_rows_are_enforced(control: Control) -> None:
    told = control.get("/health")
    assert (told["permissions"], told["permissions_inferred"]) == ("enforce", "enforce")
    with Emulator("empty", settings={"permissions_inferred": "log"}) as logging:
        assert Control(logging).get("/health")["permissions_inferred"] == "log"


# -- one request -------------------------------------------------------------------------------------------------------


def test_an_entry_says_who_asked_as_what_why_not_and_what_helps(emulator: Emulator, control: Control) -> None:
    entry = entry_of(control, Caller(emulator, "no-access").get(COMPANIES))
    assert entry["status"] == 403
    assert entry["actor"] == {
        "identifier": "NoAccess",
        "kind": "member",
        "role": {"id": 2, "name": "No Access"},
        "structure_level": "Corporate",
        "excluded_boards": [],
    }
    assert entry["cause"] == "role-row"
    assert entry["reason"] == "Companies > Company Maintenance needs Inquire; role No Access has None"
    decision = entry["decision"]
    assert (decision["allowed"], decision["needed"], decision["has"]) == (False, "Inquire", "None")
    assert entry["remedy"]["rows"] == [{**MAINTENANCE, "inquireLevel": "All"}]
    assert entry["remedy"]["words"] == "Raise Companies > Company Maintenance, Inquire from None to All."


def test_an_entry_of_a_request_that_passed_proposes_nothing(sonic: Caller, control: Control) -> None:
    entry = entry_of(control, sonic.get(COMPANIES))
    assert (entry["status"], entry["cause"], entry["remedy"]) == (200, None, None)
    assert entry["actor"]["role"]["name"] == "SonicSaaS Integration"


def test_an_entry_without_a_member_says_why_and_what_a_person_has_to_do(emulator: Emulator, control: Control) -> None:
    who = emulator.member("sonicsaas")
    blank = Credentials("x", "x", "", who.public_key, f"{who.private_key} ", who.client_id)
    entry = entry_of(control, Caller(emulator, given=blank).get(COMPANIES))
    assert (entry["status"], entry["actor"], entry["decision"]) == (401, None, None)
    assert entry["cause"] == "blank-around-key"
    assert "blank" in entry["remedy"]["keys"]
    assert who.private_key not in str(entry)


def test_an_injected_fault_is_no_missing_right(sonic: Caller, control: Control) -> None:
    control.post("/faults", {"do": {"status": 403}})
    entry = entry_of(control, sonic.get(COMPANIES))
    assert entry["remedy"]["words"] == "An injected fault answered this request; no right is missing."


def test_a_path_that_is_no_operation_has_no_remedy(sonic: Caller, control: Control) -> None:
    entry = entry_of(control, sonic.get("/no/such/path"))
    assert (entry["status"], entry["remedy"]) == (404, None)


def asked(emulator: Emulator, control: Control) -> list[tuple[httpx.Response, bool]]:
    """One request for each outcome, with whether it was allowed."""
    admin, sonic = Caller(emulator), Caller(emulator, "sonicsaas")
    ticket = admin.get("/service/tickets", conditions="closedFlag=false", pageSize=1).json()[0]
    statuses = admin.get(f"/service/boards/{ticket['board']['id']}/statuses", pageSize=1000).json()
    closed = {"op": "replace", "path": "status", "value": {"id": next(s["id"] for s in statuses if s["closedStatus"])}}
    control.put(
        "/roles/3/settings", [{"moduleName": "Time & Expense", "moduleFunctionName": "Time Entry", "editLevel": "My"}]
    )
    time = admin.get("/time/entries", pageSize=1).json()[0]["id"]
    notes = [{"op": "replace", "path": "notes", "value": "x"}]
    return [
        (sonic.get(COMPANIES, headers=EXPLAIN), True),
        (Caller(emulator, "inactive").get(COMPANIES, headers=EXPLAIN), False),
        (Caller(emulator, "no-access").get(COMPANIES, headers=EXPLAIN), False),
        (sonic.http.patch(f"/service/tickets/{ticket['id']}", json=[closed], headers=EXPLAIN), False),
        (sonic.http.patch(f"/time/entries/{time}", json=notes, headers=EXPLAIN), False),
        (Caller(emulator, "narrow-level").get(f"{COMPANIES}/1", headers=EXPLAIN), False),
        (Caller(emulator, "narrow-level").get(COMPANIES, headers=EXPLAIN), True),
    ]


def test_the_header_of_an_answer_says_the_same_as_the_journal(emulator: Emulator, control: Control) -> None:
    answers = asked(emulator, control)
    assert [answer.status_code for answer, _ in answers] == [200, 401, 403, 403, 403, 404, 200]
    for answer, allowed in answers:
        told, entry = json.loads(answer.headers["x-mockcw-decision"]), entry_of(control, answer)
        assert told["reason"] == entry["reason"]
        assert told["cause"] == entry["cause"]
        assert bool(told["allowed"]) is allowed, (answer.status_code, told)
    causes = [entry_of(control, answer)["cause"] for answer, _ in answers]
    assert causes == [None, "inactive-member", "role-row", "role-row", "not-own", "hidden", "narrowed"]


# -- the smallest change: wrong use ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 400, "say which member, or which requests"),
        ({"requests": ["none"]}, 404, "no exchange none in the journal"),
        ({"member": "Nobody"}, 404, "no member 'Nobody'"),
        ({"member": "Admin", "bogus": 1}, 400, "the body is not what this call takes"),
        ({"requests": "x"}, 400, "the body is not what this call takes"),
        ([], 400, "the body is not what this call takes"),
    ],
)
def test_a_fix_that_names_nothing_is_refused(control: Control, body: Any, status: int, said: str) -> None:
    answer = control.http.post("/fix", json=body)
    assert (answer.status_code, answer.json()["error"].startswith(said)) == (status, True), answer.text


def test_a_member_with_nothing_refused_needs_no_change(sonic: Caller, control: Control) -> None:
    sonic.get(COMPANIES)
    told = control.post("/fix", {"member": "SonicSaaS", "apply": True})
    assert (told["words"], told["requests"], told["applied"]) == ("Nothing has to change.", [], False)


def test_several_refusals_of_a_member_fold_into_one_change_that_mends_them_all(
    emulator: Emulator, control: Control
) -> None:
    nobody = Caller(emulator, "no-access")
    paths = [COMPANIES, f"{COMPANIES}/1", "/service/boards", "/service/sources", "/system/members"]
    for path in paths:
        assert nobody.get(path).status_code == 403
    Caller(emulator, "sonicsaas").delete(f"{COMPANIES}/1")
    told = control.post("/fix", {"member": "noaccess", "apply": True})
    assert [(one["module"], one["area"], one["to"]) for one in told["cells"]][0] == (
        "Companies",
        "Company Maintenance",
        "All",
    )
    assert {one["area"] for one in told["cells"]} == {"Company Maintenance", "Table Setup", "Member Maintenance"}
    assert len(told["requests"]) == len(paths)
    assert [nobody.get(path).status_code for path in paths] == [200] * len(paths)


def test_a_fix_names_the_others_who_have_the_role(emulator: Emulator, control: Control) -> None:
    Caller(emulator, "sonicsaas").delete(f"{COMPANIES}/1")
    told = control.post("/fix", {"member": "SonicSaaS"})
    assert told["role"] == {"id": 3, "name": "SonicSaaS Integration"}
    assert set(told["role_also_held_by"]) == {"Inactive", "NarrowLevel", "RestrictedCli"}


# -- the shadow role ---------------------------------------------------------------------------------------------------


def test_a_second_role_rides_along_and_changes_no_answer(emulator: Emulator, control: Control) -> None:
    sonic = Caller(emulator, "sonicsaas")
    before = sonic.get(COMPANIES)
    assert entry_of(control, before)["shadow"] is None
    shown = {"role": {"id": 2, "name": "No Access"}, "member": "SonicSaaS"}
    assert control.put("/shadow", {"role": "no access", "member": "sonicsaas"}) == shown
    assert control.get("/shadow") == shown
    after = sonic.get(COMPANIES)
    assert (after.status_code, after.content) == (before.status_code, before.content)
    assert entry_of(control, after)["shadow"] == {
        "role": "No Access",
        "allowed": False,
        "has": "None",
        "reason": "Companies > Company Maintenance needs Inquire; role No Access has None",
        "differs": True,
    }
    assert entry_of(control, Caller(emulator).get(COMPANIES))["shadow"] is None, "another member"
    assert control.delete("/shadow") == {"role": None, "member": None}
    assert entry_of(control, sonic.get(COMPANIES))["shadow"] is None


def test_without_a_member_the_shadow_rides_with_all_and_a_reset_ends_it(emulator: Emulator, control: Control) -> None:
    control.put("/shadow", {"role": 1})
    assert entry_of(control, Caller(emulator, "no-access").get(COMPANIES))["shadow"]["allowed"] is True
    assert entry_of(control, Caller(emulator, "it-glue").get(COMPANIES))["shadow"]["differs"] is False
    control.post("/reset")
    assert control.get("/shadow") == {"role": None, "member": None}


def test_the_shadow_sees_extra_rights_and_somebody_elses_records(emulator: Emulator, control: Control) -> None:
    row = {"moduleName": "Service Desk", "moduleFunctionName": "Service Tickets"}
    shadow = control.post("/roles", {"name": "Shadow", "rows": [{**row, "editLevel": "All", "inquireLevel": "My"}]})
    control.put("/shadow", {"role": shadow["id"]})
    admin = Caller(emulator)
    ticket = admin.get("/service/tickets", conditions="closedFlag=false", pageSize=1).json()[0]
    others = entry_of(control, admin.get(f"/service/tickets/{ticket['id']}"))["shadow"]
    assert (others["allowed"], others["has"], others["reason"]) == (
        False,
        "My",
        "level My (Service Desk > Service Tickets, Inquire), and the record is another's",
    )
    statuses = admin.get(f"/service/boards/{ticket['board']['id']}/statuses", pageSize=1000).json()
    closed = {"id": next(one["id"] for one in statuses if one["closedStatus"])}
    summary = admin.patch(f"/service/tickets/{ticket['id']}", ("replace", "summary", "x"))
    assert entry_of(control, summary)["shadow"]["differs"] is False
    done = admin.patch(f"/service/tickets/{ticket['id']}", ("replace", "status", closed))
    assert done.status_code == 200
    assert "Close Service Tickets needs Edit" in entry_of(control, done)["shadow"]["reason"]


def test_a_change_of_the_shadow_role_counts_at_once(sonic: Caller, control: Control) -> None:
    control.put("/shadow", {"role": "No Access"})
    assert entry_of(control, sonic.get(COMPANIES))["shadow"]["allowed"] is False
    control.put("/roles/2/settings", [{**MAINTENANCE, "inquireLevel": "My"}])
    shadow = entry_of(control, sonic.get(COMPANIES))["shadow"]
    assert (shadow["allowed"], shadow["has"], shadow["differs"]) == (True, "My", True)


def test_differences_are_a_line_an_operation_that_would_change(sonic: Caller, control: Control) -> None:
    control.put("/shadow", {"role": "IT Glue", "member": "SonicSaaS"})
    sonic.get(COMPANIES)
    for _ in range(3):
        sonic.get("/finance/agreements")
    sonic.post("/company/configurations", {})
    lines = control.get("/shadow/differences")
    found = {(one["operation"], one["requests"], one["was"]["allowed"], one["shadow"]["allowed"]) for one in lines}
    assert found == {
        ("getFinanceAgreements", 3, True, False),
        ("postCompanyConfigurations", 1, False, True),
    }
    assert control.get(f"/requests/{lines[0]['example']}")["operation"] == "getFinanceAgreements"


@pytest.mark.parametrize(
    ("body", "status"),
    [({"role": "Nonsense"}, 404), ({"role": 99}, 404), ({"role": 1, "member": "Nobody"}, 404), ({}, 400), ([], 400)],
)
def test_a_shadow_that_is_no_role_is_refused(control: Control, body: Any, status: int) -> None:
    answer = control.http.put("/shadow", json=body)
    assert (answer.status_code, "error" in answer.json()) == (status, True)
    assert control.get("/shadow")["role"] is None


# -- roles -------------------------------------------------------------------------------------------------------------


def levels(control: Control, role: int) -> dict[tuple[str, str], tuple[str, ...]]:
    cells = ("addLevel", "editLevel", "deleteLevel", "inquireLevel")
    rows = control.get(f"/roles/{role}/settings")
    given = {(one["moduleName"], one["moduleFunctionName"]): tuple(one[cell] for cell in cells) for one in rows}
    assert len(given) == 86
    return {name: one for name, one in given.items() if set(one) != {"None"}}


def test_a_role_is_made_of_rows_of_a_file_and_of_a_copy(control: Control) -> None:
    rows = control.post("/roles", {"name": "Rows", "rows": [{**MAINTENANCE, "inquireLevel": "All"}]})
    assert levels(control, rows["id"]) == {("Companies", "Company Maintenance"): ("None", "None", "None", "All")}
    text = "Module,Area,Add,Edit,Delete,Inquire\nFinance,Agreements,All,All,,My\n"
    made = control.post("/roles", {"name": "File", "file": text})
    assert levels(control, made["id"]) == {("Finance", "Agreements"): ("All", "All", "None", "My")}
    control.put("/roles/3/customize", [BOARD_TABLE])
    copy = control.post(
        "/roles", {"name": "Copy", "copy": "SonicSaaS Integration", "rows": [{**MAINTENANCE, "addLevel": "All"}]}
    )
    maintenance = {("Companies", "Company Maintenance"): ("All", "All", "None", "All")}
    assert levels(control, copy["id"]) == levels(control, 3) | maintenance
    assert control.get(f"/roles/{copy['id']}/customize") == [{**BOARD_TABLE, "allowed": False}]
    assert [one["name"] for one in control.get("/roles")][-3:] == ["Rows", "File", "Copy"]


def test_a_role_file_with_errors_makes_no_role_and_says_where_they_are(control: Control) -> None:
    before = control.get("/roles")
    text = "Module,Area,Add,Edit,Delete,Inquire\nSystem,Table Stup,,,,All\nSystem,Table Setup,,,,Much\n"
    answer = control.http.post("/roles", json={"name": "Bad", "file": text})
    assert answer.status_code == 400
    assert [(one["line"], one["nearest"]) for one in answer.json()["problems"]] == [
        (2, ["System", "Table Setup"]),
        (3, None),
    ]
    assert control.get("/roles") == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "Admin"}, 400),
        ({"name": ""}, 400),
        ({"name": "n" * 31}, 400),
        ({"name": "New", "rows": [{"moduleName": "No", "moduleFunctionName": "Such"}]}, 404),
        ({"name": "New", "rows": [{**MAINTENANCE, "addLevel": "Much"}]}, 400),
        ({"name": "New", "copy": "Nonsense"}, 404),
        ({"name": "New", "file": ""}, 400),
        ({"name": "New", "bogus": 1}, 400),
        ({}, 400),
        ([], 400),
    ],
)
def test_a_role_that_cannot_be_made_leaves_nothing_behind(control: Control, body: Any, status: int) -> None:
    before = control.get("/roles")
    answer = control.http.post("/roles", json=body)
    assert (answer.status_code, "error" in answer.json()) == (status, True), answer.text
    assert control.get("/roles") == before


# -- Customize lists ---------------------------------------------------------------------------------------------------


def test_a_disallowed_table_is_refused_until_it_is_allowed_again(emulator: Emulator, control: Control) -> None:
    sonic = Caller(emulator, "sonicsaas")
    assert control.get("/roles/3/customize") == []
    assert sonic.get("/service/boards").status_code == 200
    for allowed, status in ((False, 403), (True, 200), (False, 403)):
        told = control.put("/roles/3/customize", [{**BOARD_TABLE, "allowed": allowed}])
        assert told == [{**BOARD_TABLE, "allowed": allowed}] == control.get("/roles/3/customize")
        assert sonic.get("/service/boards").status_code == status
    assert sonic.get("/service/sources").status_code == 200


@pytest.mark.parametrize(
    ("path", "item", "status", "said"),
    [
        ("/roles/99/customize", BOARD_TABLE, 404, "no role 99"),
        ("/roles/3/customize", {"identifier": "SystemTables", "item": "x"}, 404, "near it: SystemTableSetup"),
        (
            "/roles/3/customize",
            {"identifier": "SystemTableSetup", "item": "Service Board"},
            404,
            "near it: Service / Service Board",
        ),
        ("/roles/3/customize", {"identifier": "SystemMyAccount", "item": "x"}, 404, "nothing here depends on"),
        ("/roles/3/customize", {"identifier": "SystemTableSetup"}, 400, "the body is not what this call takes"),
    ],
)
def test_unknown_items_are_refused_with_the_nearest_and_nothing_changes(
    control: Control, path: str, item: Any, status: int, said: str
) -> None:
    answer = control.http.put(path, json=[BOARD_TABLE, item])
    assert (answer.status_code, said in answer.json()["error"]) == (status, True), answer.text
    assert control.get("/roles/3/customize") == []


def test_excluded_boards_of_a_member_are_a_whole_list(emulator: Emulator, control: Control) -> None:
    """The demo's SonicSaaS member is among the excluded members of a board; that counts as one list with its own."""
    sonic = Caller(emulator, "sonicsaas")
    every = {one["id"] for one in Caller(emulator).get("/service/boards").json()}
    before = every - {one["id"] for one in sonic.get("/service/boards").json()}
    assert len(before) == 1
    for excluded in (sorted(every)[:2], sorted(before), [], sorted(every)[1:3]):
        assert control.patch("/members/SonicSaaS", {"excluded_boards": excluded})["excluded_boards"] == excluded
        assert {one["id"] for one in sonic.get("/service/boards").json()} == every - set(excluded)


# -- anything at all ---------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**25), 10**25), st.text(max_size=10)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=8), inner, max_size=2)),
    max_leaves=5,
)
KEYS = st.sampled_from(["role", "member", "requests", "apply", "name", "rows", "copy", "file", "identifier", "item"])
CALLS = [("POST", "/fix"), ("PUT", "/shadow"), ("POST", "/roles"), ("PUT", "/roles/3/customize")]


@given(st.sampled_from(CALLS), st.one_of(JSON, st.dictionaries(KEYS, JSON, max_size=3), st.lists(JSON, max_size=2)))
def test_no_body_is_a_fault_of_the_server(built: Emulator, call: tuple[str, str], body: Any) -> None:
    answer = Control(built).http.request(*call, json=body)
    assert answer.status_code in (200, 201, 400, 404), answer.text
    built.reset()


@pytest.mark.parametrize("call", [*CALLS, ("GET", "/shadow/differences"), ("DELETE", "/shadow")])
def test_on_a_public_host_the_calls_want_the_token(call: tuple[str, str]) -> None:
    with Emulator("empty", secret_keys=True, public=True) as public:
        http = httpx.Client(transport=public.transport(), base_url=public.control_url)
        assert http.request(*call).status_code == 401
