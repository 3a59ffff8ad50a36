"""The emulator as people use it: in process, with its state in a file, and through the pytest plugin."""

from __future__ import annotations

import ssl
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

import mockcw
from mockcw import Emulator, Live, MockcwError
from tests.mockcw.caller import Caller

COMPANIES = "/company/companies"


# -- public names ------------------------------------------------------------------------------------------------------


def test_the_public_names_are_few_and_importable() -> None:
    assert len(mockcw.__all__) <= 10
    assert all(getattr(mockcw, name) for name in mockcw.__all__)
    assert {"Emulator", "Live", "MockcwError"} <= set(mockcw.__all__)


def test_the_example_of_the_faces_works_as_written() -> None:
    with Emulator(demo="small", seed=1) as cw:
        http = httpx.Client(
            transport=cw.transport(),
            base_url=cw.api_url,
            auth=cw.auth("sonicsaas"),
            headers={"clientId": cw.client_id("sonicsaas")},
        )
        assert http.get("/system/info").json()["version"].startswith("v")
        assert len(http.get("/company/companies").json()) == 25


def test_a_member_that_is_not_there_is_named_with_those_that_are(built: Emulator) -> None:
    with pytest.raises(KeyError, match="no demo member 'nobody': there are admin, sonicsaas"):
        built.member("nobody")


def test_two_emulators_share_nothing() -> None:
    with Emulator(3) as one, Emulator(3) as other:
        Caller(one).patch(f"{COMPANIES}/1", ("replace", "name", "Changed"))
        assert Caller(other).get(f"{COMPANIES}/1").json()["name"] != "Changed"


def test_an_emulator_in_process_and_on_a_port_is_the_same(emulator: Emulator) -> None:
    Caller(emulator).patch(f"{COMPANIES}/1", ("replace", "name", "Changed"))
    with emulator.serve() as live:
        admin = live.members["admin"]
        answer = httpx.get(
            f"{live.api_url}{COMPANIES}/1", auth=emulator.auth("admin"), headers={"clientId": admin.client_id}
        )
    assert answer.json()["name"] == "Changed"


def test_what_the_ready_file_says_is_enough_to_begin(emulator: Emulator) -> None:
    with emulator.serve(tls=True) as live:
        ready = live.ready()
        assert set(ready) == {
            "url", "ca_file", "company_id", "codebase", "control_url", "control_token", "version", "members",
        }  # fmt: skip
        assert (ready["company_id"], ready["codebase"], ready["control_token"]) == ("training", "v2025_1/", None)
        admin = ready["members"]["admin"]
        assert set(admin) == {"public_key", "private_key", "client_id", "role"}
        answer = httpx.get(
            f"{ready['url']}/{ready['codebase']}apis/3.0/system/info",
            auth=(f"{ready['company_id']}+{admin['public_key']}", admin["private_key"]),
            headers={"clientId": admin["client_id"]},
            verify=ssl.create_default_context(cafile=ready["ca_file"]),
        )
        assert answer.status_code == 200


# -- a file ------------------------------------------------------------------------------------------------------------


def change(emulator: Emulator) -> None:
    admin = Caller(emulator)
    assert admin.post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}}).status_code == 201
    assert admin.patch(f"{COMPANIES}/1", ("replace", "name", "Changed")).status_code == 200


def test_state_in_a_file_outlives_the_emulator(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with Emulator(3, db=path) as first:
        keys = dict(first.members)
        change(first)
    with Emulator(3, db=path) as again:
        admin = Caller(again)
        assert again.members == keys
        assert admin.get(f"{COMPANIES}/1").json()["name"] == "Changed"
        assert admin.get(f"{COMPANIES}/count").json() == {"count": 4}
        assert admin.post(COMPANIES, {"identifier": "X2", "name": "x", "site": {"name": "Main"}}).json()["id"] == 5


def test_reset_of_a_file_goes_back_to_the_seeded_state_even_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with Emulator(3, db=path) as first:
        before = shown(first)
        change(first)
        first.reset()
        assert shown(first) == before
        change(first)
    with Emulator(3, db=path) as again:
        assert shown(again) != before
        again.reset()
        assert shown(again) == before
        assert (
            Caller(again).post(COMPANIES, {"identifier": "X1", "name": "x", "site": {"name": "Main"}}).json()["id"] == 4
        )


def shown(emulator: Emulator) -> list[dict[str, object]]:
    """The companies without the moments they were written at."""
    moments = ("_info", "dateAcquired", "dateDeleted")
    companies = Caller(emulator).get(COMPANIES, pageSize=1000).json()
    return [{name: value for name, value in one.items() if name not in moments} for one in companies]


def test_reset_keeps_the_keys_that_were_handed_out(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    Emulator("empty", db=path, secret_keys=True, public=True).close()
    with Emulator("empty", db=path, secret_keys=True, public=True) as again:
        handed_out = again.member("admin")
        assert Caller(again, given=handed_out).get("/system/info").status_code == 200
        again.reset()
        assert Caller(again, given=handed_out).get("/system/info").status_code == 200


def test_the_keys_that_are_shown_are_those_of_the_file_or_the_start_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    Emulator("empty", seed=1, db=path).close()
    with suppress(MockcwError), Emulator("empty", seed=2, db=path) as other:
        assert Caller(other).get("/system/info").status_code == 200


def test_keys_that_can_be_guessed_do_not_open_a_public_host(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with Emulator("empty", db=path) as private:
        guessable = private.member("admin")
    with suppress(MockcwError), Emulator("empty", db=path, secret_keys=True, public=True) as public:
        assert Caller(public, given=guessable).get("/system/info").status_code == 401
        assert Caller(public).get("/system/info").status_code == 200


@pytest.mark.parametrize("kind", ["text", "folder", "nowhere"])
def test_a_file_that_cannot_be_used_is_refused_with_the_houses_error(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "state.db" if kind != "nowhere" else tmp_path / "no" / "state.db"
    if kind == "text":
        path.write_text("no database\n" * 100)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(MockcwError, match="name another file or remove it"):
        Emulator("empty", db=path)


# -- the plugin --------------------------------------------------------------------------------------------------------


def test_the_fixtures_give_an_emulator_in_process_and_one_on_a_port(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nmockcw_demo = 2\nmockcw_seed = 7\nfilterwarnings = error")
    pytester.makepyfile(
        """
        import httpx, ssl

        def ask(http):
            return http.get("/company/companies/count").json()

        def test_in_process(cw):
            http = httpx.Client(transport=cw.transport(), base_url=cw.api_url, auth=cw.auth("sonicsaas"),
                                headers={"clientId": cw.client_id("sonicsaas")})
            assert ask(http) == {"count": 2}
            assert http.patch("/company/companies/1", json=[{"op": "replace", "path": "name", "value": "x"}]).is_success

        def test_each_test_has_its_own(cw):
            http = httpx.Client(transport=cw.transport(), base_url=cw.api_url, auth=cw.auth("admin"),
                                headers={"clientId": cw.client_id("admin")})
            assert http.get("/company/companies/1").json()["name"] != "x"

        def test_on_a_port(cw_server):
            member = cw_server.members["admin"]
            context = ssl.create_default_context(cafile=cw_server.ca_file)
            with httpx.Client(verify=context, base_url=cw_server.api_url, headers={"clientId": member.client_id},
                              auth=(f"{cw_server.company_id}+{member.public_key}", member.private_key)) as http:
                assert ask(http) == {"count": 2}
        """
    )
    pytester.runpytest("-p", "no:cacheprovider", "-p", "no:xdist").assert_outcomes(passed=3)


def test_installing_the_plugin_does_not_import_the_emulator() -> None:
    """Every run of pytest loads the plugin: people who do not use it must not pay for the emulator."""
    code = "import sys, mockcw.pytest_plugin as _; raise SystemExit('mockcw.emulator' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_live_is_what_serve_answers(emulator: Emulator) -> None:
    assert isinstance(emulator.serve(), Live)
