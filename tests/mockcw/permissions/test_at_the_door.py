"""Permissions through the API: no second door, narrow levels, My, allow-lists, changes that count at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.catalogue import Operation
from mockcw.demo import Credentials
from mockcw.pipeline import Request, handle
from mockcw.web.identity import Level
from tests.mockcw.caller import Caller, Control, message

COMPANIES = "/company/companies"
REFUSAL = {"code": "Security", "message": "You do not have security permission to perform this action."}
PARAMETER = re.compile(r"\{(\w+)\}")
MINTS = ("postSystemMembersByMemberIdentifierTokens",)  # setting token_minting: an API member may not (documented)
TEXTS = {"memberIdentifier": "Admin", "reportName": "Company"}


def filled(operation: Operation, number: int = 1) -> str:
    """The path of an operation with every id in place."""
    return PARAMETER.sub(lambda found: TEXTS.get(found[1], str(number)), operation.path)


def walk(emulator: Emulator, member: str, number: int = 1) -> Iterator[tuple[Operation, int, bytes]]:
    """Ask every operation of the catalogue as a member, straight at the pipeline."""
    who = emulator.member(member)
    auth = httpx.BasicAuth(f"{emulator.company_id}+{who.public_key}", who.private_key)
    signed = next(auth.auth_flow(httpx.Request("GET", emulator.site_url)))
    headers = {
        "authorization": signed.headers["authorization"],
        "clientid": who.client_id,
        "content-type": "application/json",
    }
    for operation in emulator.world.catalogue.operations:
        body = {"PATCH": b"[]", "GET": b"", "DELETE": b""}.get(operation.method, b"{}")
        path = f"/v4_6_release/apis/3.0{filled(operation, number)}"
        reply = handle(emulator.world, Request(operation.method, path, "", headers, body, emulator.site_url))
        yield operation, reply.status, reply.body


def test_no_operation_is_a_second_door_for_a_member_without_rights(emulator: Emulator) -> None:
    asked = 0
    before = Caller(emulator).get(f"{COMPANIES}/count").json()
    for operation, status, body in walk(emulator, "no-access"):
        row = operation.permission
        assert status != 500, (operation.name, body)
        if row.module is not None and row.confidence in "AB":
            asked += 1
            assert status == 403, (operation.name, status, body)
    assert asked > 1000
    assert Caller(emulator).get(f"{COMPANIES}/count").json() == before


@pytest.mark.parametrize("number", [1, -1])
def test_no_operation_crashes_or_lies_to_the_one_who_may_everything(emulator: Emulator, number: int) -> None:
    for operation, status, body in walk(emulator, "admin", number):
        refused = (403,) if operation.name in MINTS else ()
        assert status in (200, 201, 204, 207, 400, 404, 409, 415, *refused), (operation.name, status, body)


# -- 401 and 403 -------------------------------------------------------------------------------------------------------


def test_a_refusal_has_the_captured_body_and_changes_nothing(emulator: Emulator) -> None:
    nobody = Caller(emulator, "no-access")
    for answer in (
        nobody.get(COMPANIES),
        nobody.get(f"{COMPANIES}/1"),
        nobody.get(f"{COMPANIES}/9999"),
        nobody.get(f"{COMPANIES}/count"),
        nobody.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}}),
        nobody.send("POST", COMPANIES, b"nonsense"),
        nobody.patch(f"{COMPANIES}/1", ("replace", "name", "x")),
        nobody.put(f"{COMPANIES}/1", {}),
        nobody.delete(f"{COMPANIES}/1"),
    ):
        assert (answer.status_code, answer.json()) == (403, REFUSAL)
    company = Caller(emulator).get(f"{COMPANIES}/1").json()
    assert (company["name"], company["deletedFlag"]) == ("Carroll Inc", False)


def test_a_403_is_for_one_row_and_action(sonic: Caller) -> None:
    assert sonic.get(COMPANIES).status_code == 200
    assert sonic.patch(f"{COMPANIES}/1", ("replace", "phoneNumber", "5")).status_code == 200
    assert sonic.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}}).status_code == 403
    assert sonic.delete(f"{COMPANIES}/1").status_code == 403
    assert sonic.get("/company/companies/statuses").status_code == 200
    assert sonic.post("/company/companies/statuses", {"name": "x"}).status_code == 403


def test_an_inactive_member_is_unknown(emulator: Emulator) -> None:
    answer = Caller(emulator, "inactive").get("/system/info")
    assert (answer.status_code, answer.json()) == (401, {"code": "Unauthorized", "message": "Unauthorized"})


# -- the structure level -----------------------------------------------------------------------------------------------


def test_a_narrow_level_sees_no_company_and_gets_no_error(emulator: Emulator) -> None:
    narrow = Caller(emulator, "narrow-level")
    assert (narrow.get(COMPANIES).status_code, narrow.get(COMPANIES).json()) == (200, [])
    assert narrow.get("/company/companies/info").json() == []
    assert narrow.get(COMPANIES, conditions="id = 1 or name != null").json() == []
    assert narrow.get(f"{COMPANIES}/count").json() == {"count": 0}
    forward = narrow.get(COMPANIES, headers={"pagination-type": "forward-only"})
    assert (forward.json(), forward.headers["Link"]) == ([], "")


def test_a_hidden_company_and_what_lies_under_it_is_missing_and_cannot_be_written(emulator: Emulator) -> None:
    narrow = Caller(emulator, "narrow-level")
    missing = {"code": "NotFound", "message": "Company 1 not found"}
    for answer in (
        narrow.get(f"{COMPANIES}/1"),
        narrow.get(f"{COMPANIES}/1/sites"),
        narrow.get(f"{COMPANIES}/1/sites/count"),
        narrow.get(f"{COMPANIES}/1/sites/1"),
        narrow.get(f"{COMPANIES}/1/typeAssociations"),
        narrow.patch(f"{COMPANIES}/1", ("replace", "name", "x")),
        narrow.patch(f"{COMPANIES}/1/sites/1", ("replace", "name", "x")),
    ):
        assert (answer.status_code, answer.json()) == (404, missing)
    assert Caller(emulator).get(f"{COMPANIES}/1").json()["name"] == "Carroll Inc"


def test_a_hidden_record_may_be_a_403_by_setting() -> None:
    with Emulator(1, settings={"hidden_record_status": 403}) as strict:
        answer = Caller(strict, "narrow-level").get(f"{COMPANIES}/1")
        assert (answer.status_code, answer.json()) == (403, REFUSAL)


def test_a_level_shows_its_location_and_those_below(emulator: Emulator, control: Control, admin: Caller) -> None:
    """The demo's companies lie in Main Office and Branch by turns; a location may report to another."""
    control.patch("/members/NarrowLevel", {"location": "Branch"})
    narrow = Caller(emulator, "narrow-level")
    branch = admin.get(f"{COMPANIES}/count", conditions="territory/id = 2").json()
    assert branch["count"] > 0
    assert narrow.get(f"{COMPANIES}/count").json() == branch
    assert {one["territory"]["id"] for one in narrow.get(COMPANIES).json()} == {2}
    admin.patch("/system/locations/1", ("replace", "reportsTo", {"id": 2}))
    assert narrow.get(f"{COMPANIES}/count").json() == admin.get(f"{COMPANIES}/count").json()


# -- level My ----------------------------------------------------------------------------------------------------------


def set_level(control: Control, role: int, area: str, module: str, **levels: Level) -> None:
    control.put(f"/roles/{role}/settings", [{"moduleName": module, "moduleFunctionName": area, **levels}])


def test_my_filters_lists_to_own_records_and_refuses_others(emulator: Emulator, control: Control) -> None:
    set_level(
        control,
        3,
        "Company Maintenance",
        "Companies",
        addLevel="My",
        editLevel="My",
        inquireLevel="My",
        deleteLevel="My",
    )
    sonic = Caller(emulator, "sonicsaas")
    assert sonic.get(COMPANIES).json() == []
    made = sonic.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}}).json()["id"]
    assert [one["id"] for one in sonic.get(COMPANIES).json()] == [made]
    assert sonic.get(f"{COMPANIES}/count").json() == {"count": 1}
    assert sonic.get(f"{COMPANIES}/{made}").status_code == 200
    assert sonic.patch(f"{COMPANIES}/{made}", ("replace", "name", "y")).status_code == 200
    for answer in (
        sonic.get(f"{COMPANIES}/1"),
        sonic.patch(f"{COMPANIES}/1", ("replace", "name", "y")),
        sonic.put(f"{COMPANIES}/1", {"identifier": "a", "name": "y"}),
        sonic.delete(f"{COMPANIES}/1"),
    ):
        assert (answer.status_code, answer.json()) == (403, REFUSAL)
    assert message(sonic.get(f"{COMPANIES}/9999")) == "Company 9999 not found"


def test_my_counts_for_a_look_up_by_identifier_too(emulator: Emulator, control: Control) -> None:
    """A member is nobody's but his own."""
    set_level(control, 3, "Member Maintenance", "System", inquireLevel="My")
    sonic = Caller(emulator, "sonicsaas")
    assert [one["identifier"] for one in sonic.get("/system/members").json()] == ["SonicSaaS"]
    assert sonic.get("/system/members/SonicSaaS").status_code == 200
    assert sonic.get("/system/members/1").status_code == 403
    assert sonic.get("/system/members/Admin").status_code == 403


# -- changes count at once ---------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(["active", "level", "client"]), st.booleans()), min_size=1, max_size=6))
def test_every_change_of_a_member_or_role_counts_for_the_next_request(
    built: Emulator, changes: list[tuple[str, bool]]
) -> None:
    built.reset()
    control, sonic = Control(built), Caller(built, "sonicsaas")
    state = {"active": True, "level": True, "client": True}
    assert sonic.get(COMPANIES).status_code == 200
    for what, on in changes:
        state[what] = on
        if what == "active":
            control.patch("/members/SonicSaaS", {"active": on})
        elif what == "level":
            set_level(control, 3, "Company Maintenance", "Companies", inquireLevel="All" if on else "None")
        else:
            control.patch("/members/SonicSaaS", {"client_ids": [] if on else ["someone-else"]})
        wanted = 401 if not state["active"] else 403 if not (state["level"] and state["client"]) else 200
        assert sonic.get(COMPANIES).status_code == wanted, state


def test_a_client_id_that_is_not_on_the_keys_list_is_refused(emulator: Emulator) -> None:
    allowed = emulator.member("restricted-client")
    assert Caller(emulator, "restricted-client").get("/system/info").status_code == 200
    upper = Credentials(
        allowed.name,
        allowed.identifier,
        allowed.role,
        allowed.public_key,
        allowed.private_key,
        allowed.client_id.upper(),
    )
    assert Caller(emulator, given=upper).get("/system/info").status_code == 200
    other = Credentials(
        allowed.name, allowed.identifier, allowed.role, allowed.public_key, allowed.private_key, "another"
    )
    answer = Caller(emulator, given=other).get("/system/info")
    assert (answer.status_code, answer.json()["code"]) == (403, "Security")


def test_a_new_member_with_a_new_key_can_work(emulator: Emulator, control: Control) -> None:
    made = control.post("/members", {"identifier": "Fresh", "role": "SonicSaaS Integration"})
    assert made["keys"] == []
    key = control.post("/members/Fresh/keys", {"client_ids": ["abc"]})
    fresh = Credentials("fresh", "Fresh", "", key["public_key"], key["private_key"], "ABC")
    assert Caller(emulator, given=fresh).get(COMPANIES).status_code == 200
    assert Caller(emulator, given=fresh).post(COMPANIES, {}).status_code == 403
