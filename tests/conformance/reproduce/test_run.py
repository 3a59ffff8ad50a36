"""Cases beyond the guide: several things in the way, what no right explains, what nothing mends."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from conformance.errors import NoReply, WrongUse
from conformance.history import Redactor
from conformance.reproduce import Report, as_json, read_case, reproduce
from conformance.reproduce import tell as show
from conformance.reproduce.case import KEYS
from conformance.reproduce.change import Cell, Change
from conformance.reproduce.needs import needs
from conformance.target import Target, of_emulator
from mockcw import Emulator

Write = Callable[..., Path]
STEP = '[[step]]\nrun = "connection-test"\n'
HEADER = "Module,Area,Add,Edit,Delete,Inquire\n"


@pytest.fixture
def target(emulator: Emulator) -> Target:
    return of_emulator(emulator)


def text_of(report: Report, *, terminal: bool = False) -> str:
    out = io.StringIO()
    show(report, Console(file=out, force_terminal=terminal, soft_wrap=True, highlight=False, width=100))
    return out.getvalue()


def test_everything_as_the_guide_asks_passes(tell: Any) -> None:
    told = tell("sonicsaas/working")
    assert told.code == 0
    assert told.report["result"] == "nothing fails"
    assert {step["state"] for step in told.report["rounds"][0]["steps"]} == {"passed"}


@pytest.mark.parametrize("profile", sorted(needs()))
def test_the_role_of_every_guide_passes_the_check_of_its_permissions(case_of: Write, tell: Any, profile: str) -> None:
    told = tell(case_of(f'profile = "{profile}"\n[[step]]\nrun = "check-permissions"\n'))
    assert told.code == 0


def test_the_check_of_permissions_lists_each_missing_cell_and_the_fix_gives_them(case_of: Write, tell: Any) -> None:
    role = f"{HEADER}Companies,Company Maintenance,None,None,None,All\nCompanies,Contacts,None,None,None,My\n"
    case = case_of('profile = "managed-backup"\nrole = "r.csv"\n[[step]]\nrun = "check-permissions"\n', r=role)
    told = tell(case, "--fix")
    assert told.code == 0
    due = [tuple(right[:3]) for right in needs()["managed-backup"] if right.area != "Company Maintenance"]
    assert sorted(told.cells) == sorted(due)
    assert ("Companies", "Contacts", "Inquire") in told.cells
    assert {row["from"] for row in told.report["change"]["rows"] if row["area"] == "Contacts"} == {"My"}


def test_a_table_on_the_disallow_side_is_named_and_allowed(case_of: Write, tell: Any) -> None:
    item = 'identifier = "SystemTableSetup"\nitem = "Service / Service Board"\n'
    told = tell(case_of(f"[[refused]]\n{item}{STEP}"), "--fix")
    assert told.code == 0
    assert told.step()["exchanges"][0]["cause"] == "table-not-allowed"
    assert told.report["change"]["customize"] == [{"identifier": "SystemTableSetup", "item": "Service / Service Board"}]
    assert told.cells == []


def test_things_in_the_way_of_one_another_are_mended_one_after_the_other(case_of: Write, tell: Any) -> None:
    case = case_of(
        "[member]\nactive = false\nclient_ids = ['11111111-1111-1111-1111-111111111111']\n"
        "[login]\nkeys = 'unknown-public'\n[server]\nurl = 'http://10.0.0.1'\ncodebase = 'v2019_1'\n"
        f"{STEP}[[step]]\nrun = 'company-sync'\n"
    )
    told = tell(case, "--fix")
    assert told.code == 0
    causes = [one["steps"][0]["exchanges"][0]["cause"] for one in told.report["rounds"][:-1]]
    assert causes == [
        "host-not-allowed",
        "wrong-codebase",
        "unknown-public-key",
        "inactive-member",
        "client-id-not-allowed",
    ]
    assert {one["steps"][1]["state"] for one in told.report["rounds"][:-1]} == {"not tried"}
    change = told.report["change"]
    assert change["member"] == {"active": True, "client_ids": ["11111111-1111-1111-1111-111111111111", "vendor"]}
    assert change["case"]["server"] == {"url": "https://na.myconnectwise.net", "codebase": "v4_6_release"}


@pytest.mark.parametrize(("client_id", "cause"), [("missing", "no-client-id")])
def test_a_client_id_that_is_not_sent_is_mended(case_of: Write, tell: Any, client_id: str, cause: str) -> None:
    told = tell(case_of(f'[login]\nclient_id = "{client_id}"\n{STEP}'), "--fix")
    assert told.code == 0
    assert told.step()["exchanges"][0]["cause"] == cause
    assert told.report["change"]["case"] == {"login": {"client_id": "vendor"}}


def test_a_filter_that_matches_nothing_is_told_apart_from_a_missing_right(case_of: Write, tell: Any) -> None:
    told = tell(case_of('[[step]]\nrun = "company-sync"\ntypes = ["Clint"]\n'), "--fix")
    assert told.code == 1
    assert told.report["result"] == "reproduced, not fixed"
    (exchange,) = told.step()["exchanges"]
    assert exchange["cause"] is None
    assert "Admin" in exchange["reason"]
    assert "filters" in exchange["reason"]
    assert told.report["change"]["lines"] == []


def test_a_narrow_structure_level_leaves_the_alert_with_nothing_to_work_with(case_of: Write, tell: Any) -> None:
    place = '[member]\nstructure_level = "Location"\nlocation = "Closed Branch"\n'
    told = tell(case_of(f'{place}[[step]]\nrun = "test-alert"\n'), "--fix")
    assert told.code == 0
    assert "nothing to work with" in told.step()["customer_sees"]
    assert told.report["change"]["member"] == {"structure_level": "Corporate"}


def test_a_refused_edit_is_rolled_back_where_delete_allows_it(case_of: Write, tell: Any) -> None:
    rows = "Finance,Agreements,All,None,All,All\nProcurement,Product Catalog,None,None,None,All\n"
    told = tell(case_of('role = "r.csv"\n[[step]]\nrun = "migration-run"\n', r=HEADER + rows), "--fix")
    assert told.code == 0
    assert told.step()["facts"] == ["Everything was taken back; nothing is left in ConnectWise."]
    assert [one["method"] for one in told.step()["exchanges"]] == ["PATCH"]
    assert told.cells == [("Finance", "Agreements", "Edit")]


def test_an_agreement_that_is_not_there_is_no_matter_of_rights(case_of: Write, tell: Any) -> None:
    told = tell(case_of('[[step]]\nrun = "migration-run"\nagreement = 99999\n'))
    assert told.code == 1
    (exchange,) = told.step()["exchanges"]
    assert exchange["status"] == 404
    assert exchange["reason"].startswith("no matter of rights")


def test_a_step_that_lacks_data_cannot_be_told(case_of: Write, target: Target, emulator: Emulator) -> None:
    case = read_case(case_of('[[step]]\nrun = "agreement-scan"\n[[step]]\nrun = "migration-run"\n'))
    with target.session() as session:
        admin = target.members["admin"]
        headers = {"Authorization": admin.basic, "clientId": admin.client_id or ""}
        additions = f"{target.api_url}/finance/agreements/{{}}/additions"
        agreements = session.get(f"{target.api_url}/finance/agreements?pageSize=1000", headers=headers).json()
        for agreement in agreements:
            url = additions.format(agreement["id"])
            for addition in session.get(f"{url}?pageSize=1000", headers=headers).json():
                assert session.delete(f"{url}/{addition['id']}", headers=headers).status_code == 204
    report = reproduce(case, target, fix=False)
    states = [step.state for step in report.rounds[0].steps]
    assert states == ["failed", "cannot tell"]
    assert report.exit_code == 1
    alone = read_case(case_of('[[step]]\nrun = "migration-run"\n'))
    assert reproduce(alone, target, fix=True).exit_code == 2


@pytest.mark.parametrize("keys", KEYS)
def test_no_key_is_ever_told(case_of: Write, target: Target, keys: str) -> None:
    report = reproduce(read_case(case_of(f'[login]\nkeys = "{keys}"\n{STEP}')), target, fix=True)
    assert report.exit_code == 0
    told = as_json(report) + text_of(report) + text_of(report, terminal=True) + repr(report)
    for secret in (report.stage.right.public_key, report.stage.right.private_key):
        assert len(secret) > 8
        assert secret not in told


def test_a_pipe_gets_plain_lines_and_a_terminal_a_table(case_of: Write, target: Target) -> None:
    case = read_case(case_of('role = "r.csv"\n' + STEP, r=HEADER + "System,Table Setup,None,None,None,All\n"))
    report = reproduce(case, target, fix=True)
    plain, coloured = text_of(report), text_of(report, terminal=True)
    assert "\x1b" not in plain
    assert "\n  role: System > My Company: Inquire None -> " in plain
    assert "\x1b" in coloured
    assert "the guide asks for" in coloured
    for told in (plain, coloured):
        assert "Customer sees" in told
        assert "Reproduced, and fixed" in told


def test_markup_in_a_case_is_text(case_of: Write, target: Target) -> None:
    report = reproduce(read_case(case_of(f'title = "[red]loud[/]"\n{STEP}')), target, fix=False)
    assert "[red]loud[/]" in text_of(report)


def test_an_emulator_that_does_not_answer_cannot_be_told(case_of: Write, target: Target) -> None:
    def gone(environ: Any, start_response: Any) -> Any:
        raise ConnectionError("refused")

    dead = dataclasses.replace(target, application=gone)
    with pytest.raises(NoReply):
        reproduce(read_case(case_of(STEP)), dead, fix=False)


def test_a_server_without_control_api_is_wrong_use(case_of: Write, target: Target) -> None:
    case = read_case(case_of(STEP))
    with pytest.raises(WrongUse, match="control API"):
        reproduce(case, dataclasses.replace(target, control_url=None), fix=False)
    elsewhere = f"{target.site_url}/elsewhere"
    with pytest.raises(WrongUse, match="cannot run a case"):
        reproduce(case, dataclasses.replace(target, control_url=elsewhere), fix=False)


@pytest.mark.parametrize(("mode", "exit_code"), [("enforce", 1), ("log", 2), ("off", 2)])
def test_an_emulator_that_refuses_nothing_cannot_tell(case_of: Write, mode: str, exit_code: int) -> None:
    case = read_case(case_of('role = "r.csv"\n' + STEP, r=f"{HEADER}System,My Company,None,None,None,All\n"))
    with Emulator(demo="empty", settings={"permissions": mode}) as emulator:
        report = reproduce(case, of_emulator(emulator), fix=False)
    assert report.exit_code == exit_code
    assert (f"permissions are {mode} on this emulator" in text_of(report)) is (mode != "enforce")


def test_rows_that_are_only_logged_are_said_to_be(case_of: Write) -> None:
    with Emulator(demo="empty", settings={"permissions_inferred": "log"}) as emulator:
        report = reproduce(read_case(case_of(STEP)), of_emulator(emulator), fix=False)
    assert "only inferred are log" in text_of(report)


@pytest.mark.parametrize("terminal", [False, True])
def test_a_secret_is_taken_out_wherever_it_would_be_told(case_of: Write, target: Target, terminal: bool) -> None:
    report = reproduce(read_case(case_of(f'title = "a planted secret"\n{STEP}')), target, fix=False)
    planted = dataclasses.replace(report, redactor=Redactor(["planted secret", "ConnectWise version"]))
    assert "planted secret" in as_json(report)
    for told in (as_json(planted), text_of(planted, terminal=terminal)):
        assert "planted secret" not in told
        assert "ConnectWise version" not in told
        assert "***" in told
    json.loads(as_json(planted))


@pytest.mark.parametrize("case", ["half-way", "without-add"])
def test_a_migration_that_is_run_again_takes_over_what_the_first_run_left(target: Target, case: str) -> None:
    path = Path(__file__).parents[3] / "fixtures" / "cases" / "sonicsaas" / f"trouble-4-e-access-{case}.toml"
    assert reproduce(read_case(path), target, fix=True).exit_code == 0
    admin = target.members["admin"]
    with target.session() as session:
        additions = session.get(
            f"{target.api_url}/finance/agreements/1/additions?pageSize=100",
            headers={"Authorization": admin.basic, "clientId": admin.client_id or ""},
        ).json()
    made = [one["description"] for one in additions if one.get("description", "").startswith("Migration of addition ")]
    cancelled = [f"Migration of addition {one['id']}" for one in additions if one.get("cancelledDate")]
    assert len(made) == 2
    assert sorted(made) == sorted(cancelled)


LEVEL = st.sampled_from(("None", "My", "All"))


@given(levels=st.lists(LEVEL, min_size=1, max_size=5))
def test_changes_join_to_the_highest_level_of_a_cell_whatever_their_order(levels: list[str]) -> None:
    whole = Change()
    for level in levels:
        whole = whole.joined(Change(cells=(Cell("Finance", "Agreements", "Add", "None", level),)))
    (cell,) = whole.cells
    order = ("None", "My", "All")
    assert order.index(cell.becomes) == max(order.index(level) for level in levels)
