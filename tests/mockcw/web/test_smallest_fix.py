"""The smallest fix at the door: what POST fix proposes makes the same call pass, and nothing smaller does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.catalogue import Operation, load
from mockcw.permissions import LEVELS, Levels
from mockcw.permissions.explain import LISTS
from mockcw.permissions.records import LEVEL_ROWS, ROLES
from mockcw.permissions.remedy import Cell, offered_by
from mockcw.pipeline import Request, handle
from mockcw.pipeline.journal import Exchange
from mockcw.web import identity
from mockcw.web.advice import FixRequest, fix
from mockcw.web.identity import LevelRow
from tests.mockcw.caller import Caller, Control
from tests.mockcw.doors import integrator

CATALOGUE = load()
GATED = [one for one in CATALOGUE.operations if one.permission.module and one.permission.confidence in "ABC"]
OFFERED = offered_by(CATALOGUE.areas)
ROWS = [(one.module, one.area) for one in CATALOGUE.areas]
LEVEL = st.sampled_from(LEVELS)
PARAMETER = re.compile(r"\{(\w+)\}")
TEXTS = {"memberIdentifier": "Admin", "reportName": "Company"}
MINTS = "postSystemMembersByMemberIdentifierTokens"  # no row lets an API member mint (documented)
MEMBER, ROLE = "no-access", "No Access"


class Undone(Exception):
    """Ends a transaction whose writes shall not stay."""


class Probe:
    """A member whose role is changed, at the pipeline itself."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator, self.world = emulator, emulator.world
        self.tenant = identity.only_tenant(emulator.world)
        self.role = int(self.tenant.engine.look.find(ROLES, name=ROLE)[0]["id"])
        who = emulator.member(MEMBER)
        auth = httpx.BasicAuth(f"{emulator.company_id}+{who.public_key}", who.private_key)
        signed = next(auth.auth_flow(httpx.Request("GET", emulator.site_url)))
        self.headers = {
            "authorization": signed.headers["authorization"],
            "clientid": who.client_id,
            "content-type": "application/json",
        }

    def send(self, operation: Operation) -> Exchange:
        """The operation with ids 1 and an empty body."""
        path = PARAMETER.sub(lambda found: TEXTS.get(found[1], "1"), operation.path)
        body = {"PATCH": b"[]", "GET": b"", "DELETE": b""}.get(operation.method, b"{}")
        site = self.emulator.site_url
        handle(self.world, Request(operation.method, f"/v4_6_release/apis/3.0{path}", "", self.headers, body, site))
        return self.world.journal.entries[-1]

    def give(self, rows: Mapping[tuple[str, str], Levels]) -> None:
        """The role has these rows and nothing else."""
        records = self.tenant.engine.look.find(LEVEL_ROWS, parent=self.role)
        with self.tenant.store.transaction():
            for record in records:
                levels = rows.get((record["moduleName"], record["moduleFunctionName"]), Levels())
                wanted = record | dict(zip(identity.CELLS, levels, strict=True))
                if wanted != record:
                    self.tenant.store.update(LEVEL_ROWS, record["id"], orjson.dumps(wanted))

    def set_cell(self, cell: Cell, level: str) -> None:
        """One cell of the role at a level."""
        row = {"moduleName": cell.module, "moduleFunctionName": cell.area, f"{cell.action.lower()}Level": level}
        identity.write_levels(self.tenant, self.role, [LevelRow.model_validate(row)])

    @contextmanager
    def undone(self, operation: Operation) -> Iterator[None]:
        """What the operation writes inside does not stay."""
        if operation.method == "GET":
            yield
            return
        try:
            with self.tenant.store.transaction():
                yield
                raise Undone
        except Undone:
            pass


def passes(exchange: Exchange) -> bool:
    """Not refused for want of a right, and no list that level My cuts short."""
    assert exchange.reply is not None
    assert exchange.reply.status != 401
    decision, operation = exchange.decision, exchange.operation
    assert decision is not None
    assert operation is not None
    own = decision.own is not None or decision.parent_own is not None
    return exchange.reply.status != 403 and not (own and operation.verb in LISTS)


def assert_mended(probe: Probe, operation: Operation) -> int:
    """Fix a call that does not pass; the number of cells that were raised."""
    with probe.undone(operation):
        first = probe.send(operation)
    if passes(first):
        return 0
    proposed = fix(probe.world, FixRequest(requests=[first.id], apply=True))
    cells = [(Cell(one["module"], one["area"], one["action"]), one["from"], one["to"]) for one in proposed["cells"]]
    assert cells, (operation.name, proposed)
    with probe.undone(operation):
        assert passes(probe.send(operation)), (operation.name, proposed["words"])
    for cell, was, becomes in cells:
        lower = [one for one in ("None", *OFFERED[cell]) if LEVELS.index(one) < LEVELS.index(becomes)][-1]
        assert LEVELS.index(lower) >= LEVELS.index(was)
        probe.set_cell(cell, lower)
        with probe.undone(operation):
            assert not passes(probe.send(operation)), (operation.name, str(cell), lower)
        probe.set_cell(cell, becomes)
    return len(cells)


def kinds() -> list[Operation]:
    """One operation for every gated cell, the best sourced; actions beside what the verbs do."""
    found: dict[tuple[object, ...], Operation] = {}
    for one in sorted(GATED, key=lambda one: one.permission.confidence):
        row = one.permission
        found.setdefault((row.module, row.area, row.action, one.verb == "action" and row.action != "Inquire"), one)
    return [one for one in found.values() if one.name != MINTS]


def test_for_every_gated_row_the_proposed_change_makes_the_denied_call_pass_and_nothing_smaller_does(
    emulator: Emulator,
) -> None:
    probe = Probe(emulator)
    mended = 0
    for operation in kinds():
        assert assert_mended(probe, operation) >= 1, operation.name
        probe.give({})
        mended += 1
    assert mended > 150


@given(
    st.sampled_from([one for one in GATED if one.name != MINTS]),
    st.dictionaries(st.sampled_from(ROWS), st.builds(Levels, LEVEL, LEVEL, LEVEL, LEVEL), max_size=20),
)
def test_from_any_role_any_denied_call_is_mended(
    built: Emulator, operation: Operation, rows: Mapping[tuple[str, str], Levels]
) -> None:
    probe = Probe(built)
    probe.give(rows)
    assert_mended(probe, operation)
    probe.give({})


# -- rights beside the row ---------------------------------------------------------------------------------------------


@pytest.fixture
def nobody(emulator: Emulator) -> Caller:
    return Caller(emulator, MEMBER)


def mend(control: Control, answer: httpx.Response) -> list[str]:
    """Apply what is proposed for one answer; the cells as texts."""
    told = control.post("/fix", {"requests": [answer.headers["x-cw-request-id"]], "apply": True})
    return [f"{one['module']} > {one['area']}, {one['action']}: {one['to']}" for one in told["cells"]]


def closing(admin: Caller) -> tuple[int, dict[str, Any]]:
    """An open service ticket, and a status of its board that closes."""
    ticket = admin.get("/service/tickets", conditions="closedFlag=false", pageSize=1).json()[0]
    statuses = admin.get(f"/service/boards/{ticket['board']['id']}/statuses", pageSize=1000).json()
    closed = next(one for one in statuses if one["closedStatus"] and not one.get("inactive"))
    return ticket["id"], {"id": closed["id"]}


def test_one_fix_has_the_row_and_the_right_that_the_body_asks_for(
    admin: Caller, nobody: Caller, control: Control
) -> None:
    ticket, status = closing(admin)
    refused = nobody.patch(f"/service/tickets/{ticket}", ("replace", "status", status))
    assert refused.status_code == 403
    assert mend(control, refused) == [
        "Service Desk > Service Tickets, Edit: All",
        "Service Desk > Close Service Tickets, Edit: My",
    ]
    assert nobody.patch(f"/service/tickets/{ticket}", ("replace", "status", status)).status_code == 200


def test_a_trial_leaves_nothing_behind(admin: Caller, nobody: Caller, control: Control) -> None:
    before = {path: admin.get(path, pageSize=1000).content for path in ("/service/tickets", "/company/companies")}
    body = {"summary": "x", "company": {"id": 1}, "board": {"id": 1}}
    refused = nobody.post("/service/tickets", body)
    for _ in range(3):
        told = control.post("/fix", {"requests": [refused.headers["x-cw-request-id"]]})
        assert told["words"] == "Raise Service Desk > Service Tickets, Add from None to My."
    for path, content in before.items():
        assert admin.get(path, pageSize=1000).content == content
    assert nobody.post("/service/tickets", body).status_code == 403


def test_my_is_enough_for_a_record_of_ones_own(admin: Caller, nobody: Caller, control: Control) -> None:
    owner = {"owner": {"id": admin.get("/system/members/NoAccess").json()["id"]}}
    body = {"summary": "x", "company": {"id": 1}, "board": {"id": 1}}
    own = admin.post("/service/tickets", {**body, **owner}).json()["id"]
    others = admin.post("/service/tickets", body).json()["id"]
    assert mend(control, nobody.get(f"/service/tickets/{own}")) == ["Service Desk > Service Tickets, Inquire: My"]
    assert nobody.get(f"/service/tickets/{own}").status_code == 200
    assert mend(control, nobody.get(f"/service/tickets/{others}")) == ["Service Desk > Service Tickets, Inquire: All"]
    assert nobody.get(f"/service/tickets/{others}").status_code == 200


def test_a_list_cut_short_by_my_is_mended_by_all(emulator: Emulator, control: Control) -> None:
    row = {"moduleName": "Service Desk", "moduleFunctionName": "Service Tickets"}
    control.put("/roles/3/settings", [{**row, "inquireLevel": "My"}])
    sonic = Caller(emulator, "sonicsaas")
    short = sonic.get("/service/tickets/count")
    assert mend(control, short) == ["Service Desk > Service Tickets, Inquire: All"]
    assert sonic.get("/service/tickets/count").json()["count"] > short.json()["count"]


# -- what hides records ------------------------------------------------------------------------------------------------


def test_zero_rows_are_mended_by_the_structure_level(emulator: Emulator, admin: Caller, control: Control) -> None:
    narrow = Caller(emulator, "narrow-level")
    empty, missing = narrow.get("/company/companies"), narrow.get("/company/companies/1")
    assert (empty.status_code, empty.json(), missing.status_code) == (200, [], 404)
    for answer in (empty, missing):
        told = control.post("/fix", {"requests": [answer.headers["x-cw-request-id"]]})
        assert (told["member"], told["rows"], told["customize"]) == ({"structure_level": "Corporate"}, [], [])
    control.post("/fix", {"member": "NarrowLevel", "apply": True})
    assert narrow.get("/company/companies/1").status_code == 200
    assert narrow.get("/company/companies/count").json() == admin.get("/company/companies/count").json()


def test_a_hidden_ticket_is_mended_by_the_one_board_and_the_others_stay_excluded(
    emulator: Emulator, admin: Caller, control: Control
) -> None:
    boards = [one["id"] for one in admin.get("/service/boards").json()][:3]
    ticket = admin.post("/service/tickets", {"summary": "x", "company": {"id": 1}, "board": {"id": boards[1]}}).json()
    sonic = Caller(emulator, "sonicsaas")
    assert sonic.get(f"/service/tickets/{ticket['id']}").status_code == 200
    control.patch("/members/SonicSaaS", {"excluded_boards": boards})
    hidden = sonic.get(f"/service/tickets/{ticket['id']}")
    assert hidden.status_code == 404
    told = control.post("/fix", {"requests": [hidden.headers["x-cw-request-id"]], "apply": True})
    assert told["member"] == {"excluded_boards": [boards[0], boards[2]]}
    assert sonic.get(f"/service/tickets/{ticket['id']}").status_code == 200


def test_a_disallowed_table_is_mended_by_that_table_alone(emulator: Emulator, control: Control) -> None:
    tables = ["Service / Service Board", "Service / Source"]
    items = [{"identifier": "SystemTableSetup", "item": one, "allowed": False} for one in tables]
    control.put("/roles/3/customize", items)
    sonic = Caller(emulator, "sonicsaas")
    refused = sonic.get("/service/boards")
    assert refused.status_code == 403
    told = control.post("/fix", {"requests": [refused.headers["x-cw-request-id"]], "apply": True})
    assert told["customize"] == [{"identifier": "SystemTableSetup", "item": "Service / Service Board"}]
    assert (told["rows"], told["member"]) == ([], {})
    assert (sonic.get("/service/boards").status_code, sonic.get("/service/sources").status_code) == (200, 403)


def test_a_hidden_configuration_type_is_mended_by_that_type(
    emulator: Emulator, admin: Caller, control: Control
) -> None:
    types = [one["name"] for one in admin.get("/company/configurations/types").json()][:2]
    items = [{"identifier": "CompanyConfigurations", "item": one, "allowed": False} for one in types]
    control.put("/roles/3/customize", items)
    sonic = Caller(emulator, "sonicsaas")
    one = admin.get("/company/configurations", conditions=f'type/name="{types[0]}"', pageSize=1).json()[0]
    hidden = sonic.get(f"/company/configurations/{one['id']}")
    assert hidden.status_code == 404
    told = control.post("/fix", {"requests": [hidden.headers["x-cw-request-id"]], "apply": True})
    assert told["customize"] == [{"identifier": "CompanyConfigurations", "item": types[0]}]
    assert sonic.get(f"/company/configurations/{one['id']}").status_code == 200


# -- the log-in --------------------------------------------------------------------------------------------------------


def test_an_inactive_member_is_made_active(emulator: Emulator, control: Control) -> None:
    inactive = Caller(emulator, "inactive")
    refused = inactive.get("/company/companies")
    assert refused.status_code == 401
    told = control.post("/fix", {"member": "Inactive", "apply": True})
    assert (told["member"], told["rows"], told["of"]) == ({"active": True}, [], "Inactive")
    assert inactive.get("/company/companies").status_code == 200
    again = control.post("/fix", {"requests": [refused.headers["x-cw-request-id"]]})
    assert again["words"] == "Nothing has to change."


def test_an_inactive_member_without_the_row_gets_both(emulator: Emulator, control: Control) -> None:
    control.patch("/members/NoAccess", {"active": False})
    nobody = Caller(emulator, MEMBER)
    told = control.post(
        "/fix", {"requests": [nobody.get("/company/companies").headers["x-cw-request-id"]], "apply": True}
    )
    assert told["member"] == {"active": True}
    assert [one["to"] for one in told["cells"]] == ["All"]
    assert nobody.get("/company/companies").status_code == 200


def test_a_client_id_off_the_list_is_put_on_it(emulator: Emulator, control: Control) -> None:
    restricted = Caller(emulator, "restricted-client")
    restricted.http.headers["clientId"] = "ANOTHER"
    refused = restricted.get("/system/info")
    assert refused.status_code == 403
    told = control.post("/fix", {"member": "RestrictedCli", "apply": True})
    assert told["member"]["client_ids"] == [emulator.client_id("restricted-client").lower(), "another"]
    assert restricted.get("/system/info").status_code == 200
    restricted.http.headers["clientId"] = emulator.client_id("restricted-client")
    assert restricted.get("/system/info").status_code == 200


def test_wrong_keys_are_for_people_to_mend(emulator: Emulator, control: Control) -> None:
    who = emulator.member("sonicsaas")
    sonic = Caller(emulator, "sonicsaas")
    sonic.http.auth = httpx.BasicAuth(f"training+{who.private_key}", who.public_key)
    refused = sonic.get("/company/companies")
    assert refused.status_code == 401
    told = control.post("/fix", {"requests": [refused.headers["x-cw-request-id"]], "apply": True})
    assert "Exchange the two keys" in told["keys"]
    assert (told["rows"], told["member"], told["applied"], told["of"]) == ([], {}, False, "SonicSaaS")
    assert who.private_key not in str(told)


def test_a_client_id_that_is_on_the_list_by_now_needs_nothing(emulator: Emulator, control: Control) -> None:
    restricted = Caller(emulator, "restricted-client")
    restricted.http.headers["clientId"] = "ANOTHER"
    wanted = {"requests": [restricted.get("/system/info").headers["x-cw-request-id"]], "apply": True}
    assert control.post("/fix", wanted)["applied"] is True
    assert control.post("/fix", wanted)["words"] == "Nothing has to change."


# -- other doors -------------------------------------------------------------------------------------------------------


def test_an_integrator_login_has_switches_and_no_role(admin: Caller, control: Control) -> None:
    robot = integrator(admin, companyApiFlag=True)
    refused = robot.get("/service/tickets")
    assert refused.status_code == 403
    told = control.post("/fix", {"requests": [refused.headers["x-cw-request-id"]], "apply": True})
    assert told["keys"] == "Switch this API on for the integrator login."
    assert (told["rows"], told["member"], told["applied"]) == ([], {}, False)


def test_a_refused_read_in_a_bundle_is_mended(nobody: Caller, control: Control) -> None:
    bundle = {"requests": [{"sequenceNumber": 1, "resourceType": "company", "apiRequest": {"id": 1}}]}
    answer = nobody.post("/system/bundles", bundle)
    assert answer.json()["results"][0]["statusCode"] == 403
    assert mend(control, answer) == ["Companies > Company Maintenance, Inquire: All"]
    assert nobody.post("/system/bundles", bundle).json()["results"][0]["statusCode"] == 200


def test_one_change_is_for_one_member(emulator: Emulator, control: Control) -> None:
    first = Caller(emulator, MEMBER).get("/company/companies")
    second = Caller(emulator, "it-glue").get("/finance/agreements")
    ids = [one.headers["x-cw-request-id"] for one in (first, second)]
    for body in (
        {"requests": ids},
        {"requests": ids, "member": "NoAccess"},
        {"requests": ids[1:], "member": "NoAccess"},
    ):
        answer = control.http.post("/fix", json=body)
        assert (answer.status_code, "one change is for one member" in answer.json()["error"]) == (400, True)
