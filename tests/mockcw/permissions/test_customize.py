"""Customize lists: tables, configuration types and agreement types on the disallow side (documented)."""

from __future__ import annotations

import pytest

from tests.mockcw.permissions.stage import AGREEMENTS, CONFIGURATIONS, REFUSAL, TABLES, Stage, ids, staged
from tests.mockcw.permissions.ways import agree, bundled

BOARD = "Service / Service Board"
CONFIGURATION_PATH, AGREEMENT_PATH = "/company/configurations", "/finance/agreements"


# -- Table Setup -------------------------------------------------------------------------------------------------------


def test_a_disallowed_table_is_refused_and_its_neighbours_are_not(stage: Stage) -> None:
    """GET /service/boards without the table on the allow side is a 403 (seen by a vendor's tool)."""
    stage.let(TABLES, "All")
    stage.fine(stage.tech.get("/service/boards"))
    stage.disallow("SystemTableSetup", BOARD)
    for answer in (
        stage.tech.get("/service/boards"),
        stage.tech.get("/service/boards/count"),
        stage.tech.get(f"/service/boards/{stage.board}"),
        stage.tech.get(f"/service/boards/{stage.board}/statuses"),
        stage.tech.post("/service/boards", {"name": "x"}),
        stage.tech.patch(f"/service/boards/{stage.board}", ("replace", "name", "x")),
        stage.tech.delete(f"/service/boards/{stage.board}"),
    ):
        entry = stage.denied(answer, "table-not-allowed")
        assert entry["decision"]["setup_table"] == BOARD
        assert entry["decision"]["item"] == BOARD
        assert BOARD in entry["reason"]
        assert "Customize" in entry["reason"]
    for path in ("/service/priorities", "/service/sources", "/time/workTypes", "/company/companies/statuses"):
        stage.fine(stage.tech.get(path))
    stage.disallow("SystemTableSetup", BOARD, allowed=True)
    stage.fine(stage.tech.get("/service/boards"))


def test_the_table_does_not_help_without_the_row(stage: Stage) -> None:
    stage.disallow("SystemTableSetup", BOARD, allowed=True)
    stage.denied(stage.tech.get("/service/boards"), "role-row")
    stage.let(TABLES, inquire="All")
    stage.disallow("SystemTableSetup", BOARD)
    stage.denied(stage.tech.get("/service/boards"), "table-not-allowed")
    stage.denied(stage.tech.post("/service/boards", {"name": "x"}), "role-row")


def test_the_light_twin_of_boards_needs_no_table(stage: Stage) -> None:
    """GET /service/info/boards needs only ticket Inquire (documented)."""
    stage.let("Service Desk > Service Tickets", inquire="All")
    stage.disallow("SystemTableSetup", BOARD)
    assert stage.board in ids(stage.tech.get("/service/info/boards", pageSize=100))


def test_a_reference_to_a_disallowed_table_comes_back_with_the_record(stage: Stage) -> None:
    """Board names are read from tickets by roles that may not list boards (single source)."""
    stage.let("Service Desk > Service Tickets", inquire="All")
    stage.let(TABLES, "All")
    stage.disallow("SystemTableSetup", BOARD)
    made = stage.ticket()["id"]
    assert stage.fine(stage.tech.get(f"/service/tickets/{made}"))["board"]["name"] == "Desk board"


def test_a_disallowed_table_is_refused_in_a_bundle_too(stage: Stage) -> None:
    stage.let(TABLES, "All")
    stage.disallow("SystemTableSetup", BOARD)
    line = bundled(stage.tech, "board")
    assert (line["statusCode"], line["error"], line["entities"]) == (403, REFUSAL, [])


@pytest.mark.parametrize("mode", ["log", "off"])
def test_a_disallowed_table_is_only_logged_or_not_asked_for_by_setting(mode: str) -> None:
    with staged(permissions=mode) as stage:
        stage.let(TABLES, "All")
        stage.disallow("SystemTableSetup", BOARD)
        answer = stage.tech.get("/service/boards")
        stage.fine(answer)
        assert stage.entry(answer)["decision"]["logged"] is (mode == "log")


# -- types -------------------------------------------------------------------------------------------------------------


def configuration(stage: Stage, kind: int) -> int:
    """A configuration of a type."""
    company = {"id": stage.company}
    return int(stage.make(CONFIGURATION_PATH, name="PC", type={"id": kind}, company=company)["id"])


def two_types(stage: Stage) -> tuple[int, int]:
    """The types Laptop-ish and Secret-ish of configurations."""
    path = f"{CONFIGURATION_PATH}/types"
    first, second = (stage.make(path, name=name)["id"] for name in ("Plain", "Vault"))
    return first, second


@pytest.mark.rule("right.configuration-type")
def test_configurations_of_a_disallowed_type_are_missing_and_cannot_be_written(stage: Stage) -> None:
    plain, vault = two_types(stage)
    seen = [configuration(stage, one) for one in (plain, vault, plain, vault)][::2]
    hidden = seen[0] + 1
    stage.let(CONFIGURATIONS, "All")
    stage.disallow("CompanyConfigurations", "Vault")
    agree(stage.tech, CONFIGURATION_PATH, "configuration", seen)
    for answer in (
        stage.tech.get(f"{CONFIGURATION_PATH}/{hidden}"),
        stage.tech.patch(f"{CONFIGURATION_PATH}/{hidden}", ("replace", "name", "x")),
        stage.tech.delete(f"{CONFIGURATION_PATH}/{hidden}"),
    ):
        assert (answer.status_code, stage.cause(answer)) == (404, "hidden")
        assert "CompanyConfigurations disallows Vault" in stage.entry(answer)["reason"]
    body = {"name": "PC", "company": {"id": stage.company}}
    stage.fine(stage.tech.post(CONFIGURATION_PATH, {**body, "type": {"id": plain}}))
    stage.denied(stage.tech.post(CONFIGURATION_PATH, {**body, "type": {"id": vault}}), "table-not-allowed")
    stage.denied(stage.tech.post(CONFIGURATION_PATH, {**body, "type": {"name": "Vault"}}), "table-not-allowed")
    change = stage.tech.http.patch(
        f"{CONFIGURATION_PATH}/{seen[0]}/changeType", json=[{"op": "replace", "path": "type", "value": {"id": vault}}]
    )
    assert change.status_code in (400, 403), change.text
    assert stage.read(f"{CONFIGURATION_PATH}/{seen[0]}")["type"]["name"] == "Plain"
    assert stage.admin.get(f"{CONFIGURATION_PATH}/count").json()["count"] == 5
    stage.disallow("CompanyConfigurations", "Vault", allowed=True)
    stage.fine(stage.tech.get(f"{CONFIGURATION_PATH}/{hidden}"))
    stage.fine(stage.tech.post(CONFIGURATION_PATH, {**body, "type": {"id": vault}}))


def test_in_bulk_each_item_is_judged_by_its_type(stage: Stage) -> None:
    plain, vault = two_types(stage)
    stage.let(CONFIGURATIONS, "All")
    stage.disallow("CompanyConfigurations", "Vault")
    bodies = [{"name": "PC", "company": {"id": stage.company}, "type": {"id": one}} for one in (plain, vault)]
    lines = stage.tech.post(f"{CONFIGURATION_PATH}/bulk", bodies).json()["payload"]
    assert [one["statusCode"] for one in lines] == [201, 403]
    assert [one["type"]["name"] for one in stage.read(CONFIGURATION_PATH)] == ["Plain"]


@pytest.mark.parametrize(("levels", "status"), [({"add": "All"}, 201), ({"edit": "All"}, 403)])
def test_creating_of_an_allowed_type_needs_add_only(stage: Stage, levels: dict[str, str], status: int) -> None:
    plain, _ = two_types(stage)
    stage.let(CONFIGURATIONS, **levels)
    body = {"name": "PC", "company": {"id": stage.company}, "type": {"id": plain}}
    assert stage.tech.post(CONFIGURATION_PATH, body).status_code == status


def new_agreement_type(stage: Stage, name: str) -> int:
    """A type of agreements."""
    bills = dict.fromkeys(("billTime", "billExpenses", "billProducts"), "Billable")
    pays = {"employeeCompRate": "Actual", "employeeCompNotExceed": "Billing", "invoicingCycle": "CalendarYear"}
    return int(stage.make(f"{AGREEMENT_PATH}/types", name=name, **bills, **pays)["id"])


def agreement(stage: Stage, kind: int, company: int) -> int:
    """An agreement of a type."""
    contact = stage.make("/company/contacts", firstName="Ada", company={"id": company})["id"]
    given = {"name": "Care", "company": {"id": company}, "contact": {"id": contact}}
    begins = "2026-01-01T00:00:00Z"
    return int(stage.make(AGREEMENT_PATH, type={"id": kind}, startDate=begins, **given)["id"])


@pytest.mark.rule("right.agreement-type")
def test_agreements_of_a_disallowed_type_are_missing_with_what_lies_under_them(stage: Stage) -> None:
    kinds = [new_agreement_type(stage, name) for name in ("Open care", "Board only")]
    seen, hidden = (agreement(stage, kind, stage.company) for kind in kinds)
    stage.let(AGREEMENTS, "All")
    agree(stage.tech, AGREEMENT_PATH, "agreement", [seen, hidden])
    stage.disallow("FinanceAgreements", "Board only")
    agree(stage.tech, AGREEMENT_PATH, "agreement", [seen])
    for path in (f"{AGREEMENT_PATH}/{hidden}", f"{AGREEMENT_PATH}/{hidden}/additions"):
        answer = stage.tech.get(path)
        assert (answer.status_code, stage.cause(answer)) == (404, "hidden")
    stage.fine(stage.tech.get(f"{AGREEMENT_PATH}/{seen}/additions"))
    body = stage.read(f"{AGREEMENT_PATH}/{seen}")
    refused = stage.tech.patch(f"{AGREEMENT_PATH}/{seen}", ("replace", "type", {"id": kinds[1]}))
    stage.denied(refused, "table-not-allowed")
    assert stage.read(f"{AGREEMENT_PATH}/{seen}") == body
    stage.fine(stage.tech.patch(f"{AGREEMENT_PATH}/{seen}", ("replace", "name", "x")))
    agree(stage.mate, AGREEMENT_PATH, "agreement", [seen])


def test_a_list_of_another_role_does_not_count(stage: Stage) -> None:
    other = stage.make("/system/securityroles", name="Other")["id"]
    stage.control.put(
        f"/roles/{other}/customize", [{"identifier": "SystemTableSetup", "item": BOARD, "allowed": False}]
    )
    stage.let(TABLES, "All")
    stage.fine(stage.tech.get("/service/boards"))
    stage.control.patch("/members/Tech", {"role": "Other"})
    stage.denied(stage.tech.get("/service/boards"), "role-row")


def test_the_admin_flag_passes_every_list(stage: Stage) -> None:
    plain, vault = two_types(stage)
    made = configuration(stage, vault)
    admin = next(one["id"] for one in stage.control.get("/roles") if one["name"] == "Admin")
    lists = [("SystemTableSetup", BOARD), ("CompanyConfigurations", "Vault")]
    wanted = [{"identifier": one, "item": item, "allowed": False} for one, item in lists]
    stage.control.put(f"/roles/{admin}/customize", wanted)
    stage.fine(stage.admin.get("/service/boards"))
    assert ids(stage.admin.get(CONFIGURATION_PATH)) == [made]
