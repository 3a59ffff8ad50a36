"""A sync from end to end against a small API over TLS: pages, filters, changes, what leaves or is held, dying."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from integration import errors
from integration.assemble import Integration
from integration.subject import Died
from integration.sync.engine import Progress
from integration.sync.organizations import organizations_of
from integration.vendors.sonicsaas import PROFILE


def ids(integration: Integration, **chosen: Any) -> list[int]:
    return [row["id"] for row in integration.companies(**chosen)]


def own(*names: str) -> Any:
    return organizations_of(((n, f"o{n}", name) for n, name in enumerate(names, start=1)), "test")


def test_every_page_is_read_forward_only_with_the_few_fields(connected: Any) -> None:
    integration, api = connected(page_size=2)
    for key in (3, 5, 8, 13, 21):
        api.add(key, f"Company {key}")
    report = integration.sync()
    assert (report["received"], report["companies"], report["pages"], report["mode"]) == (5, 5, 3, "full")
    assert ids(integration) == [3, 5, 8, 13, 21]
    assert api.pages() == ["", "5", "13"]
    asked = api.seen[-1]
    assert asked.headers["pagination-type"] == "forward-only"
    assert asked.query["fields"] == "id,identifier,name,status,types,deletedFlag,_info"
    assert asked.query["conditions"] == "deletedFlag=false"
    assert {seen.method for seen in api.seen} == {"GET"}


def test_companies_are_matched_by_name_and_never_guessed(connected: Any) -> None:
    integration, api = connected()
    for key, name in enumerate(("Acme, Inc.", "acme,  INC.", "Bolt", "Cog", "Dyn"), start=1):
        api.add(key, name)
    integration.configure(None, organizations=own("ACME, Inc.", "bolt ", "Cog", "COG", "Elsewhere"))
    report = integration.sync()
    assert {name: report[name] for name in ("matched", "unmatched", "ambiguous")} == {
        "matched": 1,
        "unmatched": 1,
        "ambiguous": 3,
    }
    rows = {row["id"]: row for row in integration.companies()}
    assert (rows[3]["outcome"], rows[3]["organization_id"]) == ("matched", "o2")
    assert rows[5]["outcome"] == "unmatched"
    assert [one["id"] for one in rows[4]["candidates"]] == ["o3", "o4"]
    assert [one["id"] for one in rows[1]["candidates"]] == ["o1"]


def test_filters_are_applied_by_the_server_and_kept(connected: Any) -> None:
    integration, api = connected()
    api.add(1, "Client")
    api.add(2, "Vendor", types=("Vendor",))
    api.add(3, "Both", types=("Vendor", "Client"))
    api.add(4, "Old", status="Inactive")
    api.add(5, "Deleted", deletedFlag=True)
    integration.configure(None, types=["Client"], excluded_statuses=["Inactive"])
    report = integration.sync()
    assert report["received"] == 2
    assert ids(integration) == [1, 3]
    api.seen.clear()
    assert integration.sync()["mode"] == "incremental"


def test_a_second_sync_asks_for_changes_only_and_counts(connected: Any) -> None:
    integration, api = connected()
    api.add(1, "One", _info={"lastUpdated": "2026-01-01T00:00:00Z"})
    api.add(2, "Two")
    integration.sync()
    api.touch(2, "2026-02-02T00:00:00Z", name="Two renamed")
    api.add(3, "Three", _info={"lastUpdated": "2026-02-03T00:00:00Z"})
    api.seen.clear()
    report = integration.sync()
    assert (report["mode"], report["received"], report["companies"]) == ("incremental", 2, 3)
    listed = next(seen for seen in api.seen if seen.path.endswith("/companies"))
    assert listed.query["conditions"] == "lastUpdated>[2026-01-31T23:55:00Z]"
    assert api.seen[-1].path.endswith("/companies/count")
    assert [row["name"] for row in integration.companies()] == ["One", "Two renamed", "Three"]


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        ({"deletedFlag": True}, "deleted"),
        ({"status": {"id": 2, "name": "Inactive"}}, "filtered"),
        ({"types": [{"id": 2, "name": "Vendor"}]}, "filtered"),
    ],
)
def test_a_change_that_leaves_the_filters_is_seen_by_an_incremental_sync(
    connected: Any, change: Any, gone: str
) -> None:
    integration, api = connected()
    integration.configure(None, types=["Client"], excluded_statuses=["Inactive"])
    api.add(1, "Stays")
    api.add(2, "Leaves")
    integration.sync()
    before = dict(api.companies[2])
    api.touch(2, "2026-02-02T00:00:00Z", **change)
    report = integration.sync()
    assert (report["mode"], report["companies"], ids(integration, presence=gone)) == ("incremental", 1, [2])
    api.companies[2] = {**before, "_info": {"lastUpdated": "2026-02-03T00:00:00Z"}}
    assert integration.sync()["companies"] == 2


def test_an_unwanted_company_that_was_never_kept_stays_unknown(connected: Any) -> None:
    integration, api = connected()
    integration.configure(None, types=["Client"])
    api.add(1, "Client")
    integration.sync()
    api.add(2, "Vendor", types=("Vendor",), _info={"lastUpdated": "2026-02-03T00:00:00Z"})
    assert integration.sync()["filtered"] == 0
    assert ids(integration, presence="filtered") == []


def test_a_purged_company_is_noticed_by_the_count_and_found_by_a_full_run(connected: Any) -> None:
    integration, api = connected()
    for key in range(1, 6):
        api.add(key, f"Company {key}")
    integration.sync()
    del api.companies[4]
    report = integration.sync()
    assert (report["mode"], report["vanished"]) == ("full", 1)
    assert report["reason"] == "the server counts 4 companies, the mirror 5"
    assert (ids(integration), ids(integration, presence="vanished")) == ([1, 2, 3, 5], [4])
    api.add(4, "Company 4")
    assert integration.sync(full=True)["companies"] == 5


def test_a_server_that_refuses_to_count_does_not_stop_a_sync(connected: Any) -> None:
    integration, api = connected()
    api.add(1, "One")
    integration.sync()
    start = len(api.seen)
    api.answers[start + 3] = (403, {}, b'{"code":"Security","message":"no"}')
    assert integration.sync()["mode"] == "incremental"
    assert len(api.seen) == start + 3


def test_an_empty_answer_where_many_were_deletes_nothing(connected: Any) -> None:
    integration, api = connected()
    for key in range(1, 31):
        api.add(key, f"Company {key}")
    integration.sync()
    api.companies.clear()
    report = integration.sync()
    assert (report["received"], report["held"], report["vanished"], report["companies"]) == (0, 30, 0, 30)
    assert any("mass-delete protection" in warning for warning in report["warnings"])
    assert any("Level, Location or Business Unit" in warning for warning in report["warnings"])
    assert len(ids(integration)) == 30
    again = integration.sync()
    assert (again["mode"], again["reason"], again["held"]) == ("full", "the last sync held companies back", 30)
    accepted = integration.sync(accept_removals=True)
    assert (accepted["held"], accepted["vanished"], accepted["companies"]) == (0, 30, 0)


def test_a_few_companies_may_leave_at_once(connected: Any) -> None:
    integration, api = connected()
    for key in range(1, 10):
        api.add(key, f"Company {key}")
    integration.sync()
    api.companies.clear()
    assert integration.sync()["vanished"] == 9


def test_no_companies_at_all_is_done_with_a_warning(connected: Any) -> None:
    integration, _ = connected()
    report = integration.sync()
    assert (report["received"], report["held"]) == (0, 0)
    (warning,) = report["warnings"]
    assert "Level, Location or Business Unit" in warning


def test_changed_filters_sort_the_mirror_at_once_and_make_the_next_sync_full(connected: Any) -> None:
    integration, api = connected()
    for key in range(1, 31):
        api.add(key, f"Company {key}", types=("Client" if key == 1 else "Vendor",))
    integration.sync()
    integration.configure(None, types=["Client"])
    assert ids(integration) == [1]
    report = integration.sync()
    assert (report["mode"], report["reason"]) == ("full", "the filters changed")
    assert (report["companies"], report["held"], report["vanished"]) == (1, 0, 0)


def test_a_refusal_names_the_row_of_the_role_and_is_written_to_the_audit_log(connected: Any) -> None:
    integration, api = connected()
    body = b'{"code":"Security","message":"You do not have security permission to perform this action."}'
    api.answers[2] = (403, {}, body)
    with pytest.raises(errors.PermissionRefused) as caught:
        integration.sync()
    assert "Companies > Company Maintenance: Inquire All" in caught.value.advice
    entry = list(integration.audit_entries())[-1]
    assert entry.action == "refused"
    assert "GET /company/companies" in str(entry.detail["message"])


def test_refused_credentials_come_with_the_guides_advice(connected: Any) -> None:
    integration, api = connected()
    api.answers[2] = (401, {}, b'{"code":"Unauthorized","message":"x"}')
    with pytest.raises(errors.CredentialsRefused) as caught:
        integration.sync()
    for word in ("inactive", "keys", "white space", "company id", "client id"):
        assert word in caught.value.advice


def test_a_sync_that_failed_goes_on_at_its_page(connected: Any) -> None:
    integration, api = connected(page_size=2, attempts=1)
    for key in range(1, 8):
        api.add(key, f"Company {key}")
    api.answers[4] = (500, {}, b"")
    with pytest.raises(errors.ServerFault):
        integration.sync()
    assert api.pages() == ["", "2", "4"]
    api.seen.clear()
    api.answers.clear()
    report = integration.sync()
    assert api.pages() == ["4", "6"]
    assert (report["resumed"], report["received"], report["companies"]) == (True, 7, 7)


@pytest.mark.parametrize("pages", [1, 2, 3])
def test_a_sync_that_died_is_recovered_and_goes_on_at_its_page(connected: Any, pages: int) -> None:
    integration, api = connected(page_size=2, pages_per_step=2)
    for key in range(1, 8):
        api.add(key, f"Company {key}")

    def die(progress: Progress) -> None:
        if progress.pages == pages:
            raise Died

    with pytest.raises(Died):
        integration.sync(observe=die)
    api.seen.clear()
    report = integration.sync()
    assert api.pages() == ["", "2", "4", "6"][pages:]
    assert (report["resumed"], report["received"], report["companies"]) == (True, 7, 7)
    assert integration.sync()["resumed"] is False


def test_a_run_that_was_cut_off_is_not_taken_up_under_other_filters(connected: Any) -> None:
    integration, api = connected(page_size=2)
    for key in range(1, 8):
        api.add(key, f"Company {key}", types=("Client" if key % 2 else "Vendor",))

    def die(progress: Progress) -> None:
        raise Died

    with pytest.raises(Died):
        integration.sync(observe=die)
    integration.configure(None, types=["Client"])
    report = integration.sync()
    assert (report["resumed"], report["companies"]) == (False, 4)
    assert ids(integration) == [1, 3, 5, 7]


def test_a_change_during_a_sync_is_seen_by_the_next_one(connected: Any) -> None:
    integration, api = connected(page_size=2)
    for key in range(1, 6):
        api.add(key, f"Company {key}", _info={"lastUpdated": "2999-01-01T00:00:00Z"})

    def rename(seen: Any) -> None:
        if seen.query.get("pageId") == "4":
            api.companies[1]["name"] = "Renamed meanwhile"

    api.before = rename
    integration.sync()
    api.before = lambda seen: None
    integration.sync()
    assert next(iter(integration.companies()))["name"] == "Renamed meanwhile"


def test_two_syncs_of_a_connection_do_not_run_at_once(connected: Any) -> None:
    integration, api = connected()
    api.add(1, "One")
    refused: list[str] = []

    def again(progress: Progress) -> None:
        with pytest.raises(errors.NotReady) as caught:
            integration.sync()
        refused.append(caught.value.message)

    integration.sync(observe=again)
    assert refused == ["another sync of this connection is running"]


@pytest.mark.parametrize("body", [b'{"message":"hi"}', b"[1]", b'[{"name":"no id"}]', b"<html>"])
def test_an_answer_that_lists_no_companies_changes_nothing(connected: Any, body: bytes) -> None:
    integration, api = connected()
    api.add(1, "One")
    integration.sync()
    api.answers[len(api.seen) + 2] = (200, {"Link": ""}, body)
    with pytest.raises(errors.ProtocolFault):
        integration.sync(full=True)
    assert ids(integration) == [1]


def test_credentials_at_rest_are_bound_to_where_they_go(connected: Any, serve: Any) -> None:
    integration, _ = connected()
    other = serve()
    with integration._engine.begin() as transaction:
        transaction.execute(sa.text(f"UPDATE connections SET port = {other.port}"))
    with pytest.raises(errors.VaultLocked):
        integration.test()
    assert other.seen == []


def test_no_secret_is_in_the_files_of_the_state_and_no_other_may_read_them(connected: Any, tmp_path: Path) -> None:
    integration, api = connected()
    api.add(1, "One")
    integration.sync()
    integration.close()
    state = tmp_path / "state0"
    assert state.stat().st_mode & 0o077 == 0
    files = {file.name: file.read_bytes() for file in state.iterdir()}
    assert {"mirror.db", "workflows.db", "vault.key"} <= set(files)
    for name, content in files.items():
        for secret in (b"publickey123", b"privatekey456", b"clientid-789"):
            assert secret not in content, name


def test_connecting_to_another_company_forgets_the_mirror_of_the_first(connected: Any, serve: Any, access: Any) -> None:
    integration, api = connected()
    api.add(1, "One")
    integration.sync()
    integration.connect("sonicsaas", PROFILE, access(api))
    assert ids(integration) == [1]
    integration.connect("sonicsaas", PROFILE, access(serve()))
    assert ids(integration) == []


def test_what_is_removed_is_gone_and_the_log_stays(connected: Any) -> None:
    integration, api = connected()
    api.add(1, "One")
    integration.configure(None, organizations=own("One"))
    integration.sync()
    integration.remove()
    with pytest.raises(errors.NotReady):
        integration.connection()
    assert [entry.action for entry in integration.audit_entries()] == ["connected", "configured", "removed"]
    assert json.dumps([dict(entry.detail) for entry in integration.audit_entries()]).count("privatekey456") == 0
