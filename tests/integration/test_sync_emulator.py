"""The integration against the real emulator over TLS, with each demo member; tests are where the houses meet."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from integration import errors
from integration.assemble import Access, Integration, profile_named
from integration.connect.address import Server
from integration.connect.credentials import Credentials
from integration.sync.organizations import read_organizations
from mockcw import Emulator

OWN = Path(__file__).parents[2] / "fixtures" / "organizations.csv"


@pytest.fixture(scope="module")
def live() -> Iterator[Any]:
    with Emulator(demo="small", seed=1) as emulator, emulator.serve(tls=True) as served:
        yield served


@pytest.fixture(autouse=True)
def _fresh(live: Any) -> None:
    live.emulator.reset()


def access(live: Any, member: str) -> Access:
    keys = live.members[member]
    server = Server.parse(live.url)
    credentials = Credentials.of(live.company_id, keys.public_key, keys.private_key, keys.client_id)
    return Access(server, credentials, server.exact, Path(live.ca_file).read_text())


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Integration]:
    integration = Integration(str(tmp_path / "state"), actor="tester", environment={})
    yield integration
    integration.close()


@pytest.fixture
def admin(live: Any) -> Iterator[httpx.Client]:
    import ssl

    keys = live.members["admin"]
    with httpx.Client(
        base_url=live.api_url,
        auth=(f"{live.company_id}+{keys.public_key}", keys.private_key),
        headers={"clientId": keys.client_id},
        verify=ssl.create_default_context(cafile=live.ca_file),
    ) as client:
        yield client


def listed(admin: httpx.Client, **query: str) -> dict[int, dict[str, Any]]:
    reply = admin.get("/company/companies", params={"pageSize": "1000", "conditions": "deletedFlag=false", **query})
    return {company["id"]: company for company in reply.raise_for_status().json()}


def connect(state: Integration, live: Any, member: str) -> dict[str, Any]:
    return state.connect("sonicsaas", profile_named("sonicsaas"), access(live, member))


def test_the_connection_test_shows_the_version(state: Integration, live: Any) -> None:
    assert connect(state, live, "sonicsaas")["version"].startswith("v")
    assert state.test()["company"]


@pytest.mark.parametrize("member", ["sonicsaas", "restricted-client", "admin"])
def test_a_member_with_the_role_of_the_guide_syncs_every_company(
    state: Integration, live: Any, admin: httpx.Client, member: str
) -> None:
    connect(state, live, member)
    state.configure(None, organizations=read_organizations(OWN))
    report = state.sync()
    truth = listed(admin)
    assert {row["id"]: row["name"] for row in state.companies()} == {key: one["name"] for key, one in truth.items()}
    assert report["received"] == len(truth)
    assert report["matched"] > 0
    assert report["unmatched"] > 0
    assert report["ambiguous"] > 0
    assert report["matched"] + report["unmatched"] + report["ambiguous"] == len(truth)


def test_a_role_without_the_row_is_refused_with_the_row_by_name(state: Integration, live: Any) -> None:
    connect(state, live, "no-access")
    with pytest.raises(errors.PermissionRefused) as caught:
        state.sync()
    assert "Companies > Company Maintenance: Inquire All" in caught.value.advice
    assert [entry.action for entry in state.audit_entries()] == ["connected", "refused"]


def test_a_structure_level_that_sees_nothing_syncs_nothing_and_warns(state: Integration, live: Any) -> None:
    connect(state, live, "narrow-level")
    report = state.sync()
    assert (report["received"], report["companies"]) == (0, 0)
    assert "Level, Location or Business Unit" in report["warnings"][0]


def test_an_inactive_member_is_a_matter_of_credentials(state: Integration, live: Any) -> None:
    with pytest.raises(errors.CredentialsRefused) as caught:
        connect(state, live, "inactive")
    assert "inactive" in caught.value.advice
    assert state.connections() == []


def test_a_client_id_that_is_not_on_the_list_is_refused(state: Integration, live: Any) -> None:
    good = access(live, "restricted-client")
    other = access(live, "sonicsaas").credentials.client_id
    changed = replace(good, credentials=replace(good.credentials, client_id=other))
    with pytest.raises((errors.CredentialsRefused, errors.PermissionRefused)):
        state.connect("sonicsaas", profile_named("sonicsaas"), changed)


@pytest.mark.parametrize(
    "changes",
    [
        {"private_key": "wrong-key"},
        {"public_key": "wrong-key"},
        {"company_id": "nobody"},
    ],
)
def test_wrong_values_are_a_matter_of_credentials(state: Integration, live: Any, changes: dict[str, str]) -> None:
    keys = live.members["sonicsaas"]
    given = {
        "company_id": live.company_id,
        "public_key": keys.public_key,
        "private_key": keys.private_key,
        "client_id": keys.client_id,
    }
    wrong = replace(access(live, "sonicsaas"), credentials=Credentials.of(**{**given, **changes}))
    with pytest.raises(errors.CredentialsRefused):
        state.connect("sonicsaas", profile_named("sonicsaas"), wrong)


def test_types_and_statuses_filter_as_the_server_does(state: Integration, live: Any, admin: httpx.Client) -> None:
    connect(state, live, "sonicsaas")
    state.configure(None, types=["Client"], excluded_statuses=["Inactive"])
    state.sync()
    truth = listed(
        admin,
        conditions='deletedFlag=false and status/name!="Inactive"',
        childConditions='types/name="Client"',
    )
    assert {row["id"] for row in state.companies()} == set(truth)
    assert 0 < len(truth) < len(listed(admin))


def test_what_changes_on_the_server_is_followed(state: Integration, live: Any, admin: httpx.Client) -> None:
    connect(state, live, "sonicsaas")
    state.configure(None, types=["Client"], excluded_statuses=["Inactive"])
    state.sync()
    keys = [row["id"] for row in state.companies()]
    assert admin.patch(
        f"/company/companies/{keys[0]}", json=[{"op": "replace", "path": "name", "value": "Renamed Ltd"}]
    ).is_success
    assert admin.delete(f"/company/companies/{keys[1]}").is_success
    assert admin.patch(
        f"/company/companies/{keys[2]}", json=[{"op": "replace", "path": "status", "value": {"name": "Inactive"}}]
    ).is_success
    new = admin.post(
        "/company/companies",
        json={
            "identifier": "NewOne",
            "name": "New One",
            "types": [{"name": "Client"}],
            "site": {"name": "Main"},
            "addressLine1": "1 Main St",
        },
    )
    assert new.status_code == 201, new.text
    report = state.sync()
    rows = {row["id"]: row["name"] for row in state.companies()}
    assert rows[keys[0]] == "Renamed Ltd"
    assert rows[new.json()["id"]] == "New One"
    assert not {keys[1], keys[2]} & set(rows)
    assert (report["mode"], len(rows)) == ("incremental", len(keys) - 1)


def test_small_pages_give_the_same_companies(tmp_path: Path, live: Any, admin: httpx.Client) -> None:
    from integration.settings import Settings

    integration = Integration(str(tmp_path / "small"), settings=Settings(page_size=7), environment={})
    connect(integration, live, "sonicsaas")
    report = integration.sync()
    assert {row["id"] for row in integration.companies()} == set(listed(admin))
    assert report["pages"] == -(-report["received"] // 7)
    integration.close()


def test_the_subject_is_driven_in_python(live: Any) -> None:
    from integration.subject import SUBJECT

    keys = live.members["sonicsaas"]
    target = SimpleNamespace(
        url=live.url,
        company_id=live.company_id,
        public_key=keys.public_key,
        private_key=keys.private_key,
        client_id=keys.client_id,
        ca_file=live.ca_file,
    )
    session = SUBJECT.start(target, {"types": ["Client"], "settings": {"page_size": 5}})
    try:
        session.crash(after_pages=2)
        assert session.sync() == {"outcome": "died"}
        assert session.sync()["resumed"] is True
        session.crash()
        state = session.state()
        assert state["companies"]
        assert all("Client" in company["types"] for company in state["companies"].values())
        assert sorted(map(str, state["unmatched"])) == sorted(state["companies"])
        json.dumps(state)
    finally:
        session.close()


def test_the_subject_is_driven_by_lines_in_any_language(live: Any) -> None:
    def lines(member: str) -> list[dict[str, Any]]:
        keys = live.members[member]
        target = {
            "url": live.url,
            "company_id": live.company_id,
            "public_key": keys.public_key,
            "private_key": keys.private_key,
            "client_id": keys.client_id,
            "ca_file": live.ca_file,
        }
        organizations = [{"id": "o1", "name": "nobody"}]
        requests: list[Any] = [
            {"do": "sync"},
            {"do": "start", "target": target, "options": {"organizations": organizations}},
            {"do": "sync", "full": True},
            {"do": "state"},
            {"do": "crash"},
            {"do": "dance"},
            {"do": "sync", "badly": 1},
            7,
            {"do": "close"},
        ]
        text = "\n".join(map(json.dumps, requests)) + "\nno json\n"
        command = [sys.executable, "-m", "integration.subject"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60)
        assert keys.private_key not in done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    answers = lines("sonicsaas")
    assert [answer["ok"] for answer in answers] == [False, True, True, True, True, False, False, False, True, False]
    assert answers[2]["result"]["outcome"] == "done"
    assert len(answers[3]["result"]["companies"]) == answers[2]["result"]["companies"]
    refused = lines("no-access")
    assert refused[2]["result"]["outcome"] == "refused"
    assert refused[2]["result"]["error"]["exit"] == 4
