"""The command line: exit codes, JSON on every command, one line for bad input, and no secret on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from integration.cli import main

KEYS = {"public_key": "publickey123", "private_key": "privatekey456", "client_id": "clientid-789"}


class Outcome:
    """What a command did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Callable[..., Outcome]:
    """Run a command in this process, with a state of its own."""
    for name in [*os.environ]:
        if name.startswith("CW_"):
            monkeypatch.delenv(name)

    def command(*arguments: object, stdin: str = "") -> Outcome:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["cw-integration", "--state", str(tmp_path / "state"), *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        for secret in KEYS.values():
            assert secret not in shown.out + shown.err
        assert isinstance(ended.value.code, int)
        return Outcome(ended.value.code, shown.out, shown.err)

    return command


@pytest.fixture
def connect(run: Any, serve: Any, authority: Any) -> Callable[..., tuple[Any, Outcome]]:
    """Connect to a served API through the command line."""

    def connected(api: Any = None, *more: str, stdin: str = json.dumps(KEYS)) -> tuple[Any, Outcome]:
        api = serve(api)
        place = f"127.0.0.1:{api.port}"
        given = ("--server", place, "--company", "training", "--allow-host", place, "--ca-file", authority.file)
        return api, run("connect", *given, "--secrets", "-", "--json", *more, stdin=stdin)

    return connected


def test_the_main_job_from_connect_to_remove(run: Any, connect: Any, tmp_path: Path) -> None:
    api, connected = connect()
    assert (connected.code, connected.json["version"], connected.json["company"]) == (0, "v2025.1.77", "Training")
    assert run("test", "--json").json["version"] == "v2025.1.77"
    api.add(1, "Acme")
    api.add(2, "Bolt", types=("Vendor",))
    own = tmp_path / "own.csv"
    own.write_text("id,name\no1,ACME\n")
    configured = run("configure", "--type", "Client", "--exclude-status", "Inactive", "--organizations", own, "--json")
    assert configured.json == {
        "connection": "sonicsaas",
        "types": ["Client"],
        "excluded_statuses": ["Inactive"],
        "organizations": 1,
        "changed": ["excluded_statuses", "organizations", "types"],
    }
    synced = run("sync", "--json")
    assert (synced.code, synced.json["matched"], synced.json["companies"]) == (0, 1, 1)
    reviewed = run("review", "--json").json
    assert reviewed["counts"] == {"matched": 1, "unmatched": 0, "ambiguous": 0}
    assert reviewed["companies"][0]["organization"] == "ACME"
    assert run("review", "--only", "unmatched", "--json").json["companies"] == []
    cleared = run("configure", "--all-types", "--all-statuses", "--json").json
    assert (cleared["types"], cleared["excluded_statuses"]) == ([], [])
    removed = run("remove", "--yes", "--json")
    assert removed.json == {"connection": "sonicsaas", "removed": True}
    log = run("audit", "--json").json
    assert log["proven"] is True
    assert [entry["action"] for entry in log["entries"]] == ["connected", "configured", "configured", "removed"]


def test_every_command_has_a_readable_form_without_colours_in_a_pipe(run: Any, connect: Any) -> None:
    api, _ = connect()
    api.add(1, "Acme [red]\x1b[31mevil")
    for command in (["test"], ["configure"], ["sync"], ["review"], ["audit"], ["profiles"], ["profiles", "sonicsaas"]):
        outcome = run(*command)
        assert outcome.code == 0, outcome.err
        assert outcome.out.strip()
        assert "\x1b" not in outcome.out + outcome.err
    assert "[red] [31mevil" in run("review").out


@pytest.mark.parametrize(
    ("answer", "code", "kind"),
    [
        ((401, {}, b'{"code":"Unauthorized","message":"no"}'), 3, "CredentialsRefused"),
        ((403, {}, b'{"code":"Security","message":"no"}'), 4, "PermissionRefused"),
        ((500, {}, b""), 5, "ServerFault"),
        ((200, {"Content-Type": "text/html"}, b"<html>"), 5, "ProtocolFault"),
    ],
)
def test_the_exit_code_tells_who_must_act(
    run: Any, connect: Any, monkeypatch: pytest.MonkeyPatch, answer: Any, code: int, kind: str
) -> None:
    api, _ = connect()
    monkeypatch.setenv("CW_INTEGRATION_ATTEMPTS", "1")
    for command in ("test", "sync"):
        api.answers = {len(api.seen) + 2: answer}
        outcome = run(command, "--json")
        assert (outcome.code, outcome.json["error"]["kind"], outcome.json["error"]["exit"]) == (code, kind, code)
        api.answers = {len(api.seen) + 2: answer}
        readable = run(command)
        assert readable.code == code
        assert readable.out == ""
        assert readable.err.startswith("error: ")


def test_a_connection_that_does_not_stand_is_not_kept(run: Any, connect: Any, serve: Any) -> None:
    broken = type(serve())()
    broken.answers[2] = (401, {}, b"{}")
    _, outcome = connect(broken)
    assert (outcome.code, outcome.json["error"]["kind"]) == (3, "CredentialsRefused")
    assert run("test").code == 2


def test_a_sync_that_holds_companies_back_ends_with_one(run: Any, connect: Any) -> None:
    api, _ = connect()
    for key in range(1, 21):
        api.add(key, f"Company {key}")
    assert run("sync").code == 0
    api.companies.clear()
    outcome = run("sync")
    assert outcome.code == 1
    assert "mass-delete protection" in outcome.err
    assert run("sync", "--accept-removals").code == 0


def test_a_sync_without_companies_is_done_and_warns(run: Any, connect: Any) -> None:
    connect()
    outcome = run("sync")
    assert outcome.code == 0
    assert outcome.err.startswith("warning: ")
    assert "Level, Location or Business Unit" in outcome.err


PLACE = ["--server", "127.0.0.1:9", "--company", "x"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["sync"], "nothing is connected"),
        (["nonsense"], "nonsense"),
        (["sync", "--nonsense"], "--nonsense"),
        (["review", "--limit", "-1"], "--limit"),
        (["review", "--only", "some"], "--only"),
        (["profiles", "nobody"], "sonicsaas"),
        (["connect"], "--region or --server"),
        (["connect", "--region", "na", "--server", "x"], "--region or --server"),
        (["connect", "--region", "mars", "--company", "x"], "na, eu, au"),
        (["connect", "--server", "http://x", "--company", "x"], "only HTTPS"),
        (["connect", "--server", "x"], "--company"),
        (["connect", *PLACE], "CW_PUBLIC_KEY"),
        (["connect", *PLACE, "--secrets", "mykey"], "--secrets"),
        (["connect", *PLACE, "--allow-host", "127.0.0.1"], "exact host:port"),
        (["connect", *PLACE, "--ca-file", "/does/not/exist"], "cannot be read"),
        (["connect", *PLACE, "--profile", "nobody"], "sonicsaas"),
        (["connect", *PLACE, "--secrets", "-"], "three lines"),
        (["configure", "--type", "a", "--all-types"], "exclude"),
        (["remove"], "nothing is connected"),
    ],
)
def test_bad_input_is_one_line_that_says_what_to_do(run: Any, arguments: list[str], says: str) -> None:
    outcome = run(*arguments)
    assert outcome.code == 2
    assert says in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.err.startswith("error: ")
    assert outcome.out == ""
    as_json = run(*arguments, "--json")
    assert as_json.code == 2
    assert says in as_json.out


@pytest.mark.parametrize(
    "stdin", ["{", '{"public_key": "x"}', "one\ntwo\n", '{"public_key":1,"private_key":2,"client_id":3}']
)
def test_secrets_that_cannot_be_read_are_wrong_use(run: Any, stdin: str) -> None:
    assert run("connect", *PLACE, "--secrets", "-", stdin=stdin).code == 2


def test_a_private_host_is_refused_with_the_guides_advice(run: Any) -> None:
    outcome = run("connect", *PLACE, "--secrets", "-", stdin=json.dumps(KEYS))
    assert outcome.code == 2
    assert "host not allowed" in outcome.err
    assert "na, eu or au" in outcome.err


def test_secrets_come_from_the_environment_too(
    run: Any, serve: Any, authority: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = serve()
    for name, value in KEYS.items():
        monkeypatch.setenv(f"CW_{name.upper()}", f"  {value}\t")
    place = f"127.0.0.1:{api.port}"
    given = ("--server", place, "--company", " training ", "--allow-host", place, "--ca-file", authority.file)
    assert run("connect", *given).code == 0
    assert run("test").code == 0


def test_secrets_may_be_three_lines(connect: Any) -> None:
    assert connect(None, stdin="\n".join(KEYS.values()) + "\n")[1].code == 0


def test_several_connections_are_told_apart_by_name(run: Any, connect: Any) -> None:
    connect(None, "--name", "one")
    connect(None, "--name", "two")
    outcome = run("sync")
    assert outcome.code == 2
    assert "one, two" in outcome.err
    assert run("sync", "--connection", "two").code == 0
    assert run("sync", "--connection", "three").code == 2


def test_a_lost_key_is_not_silently_replaced(run: Any, connect: Any, tmp_path: Path) -> None:
    connect()
    (tmp_path / "state" / "vault.key").unlink()
    outcome = run("test")
    assert outcome.code == 2
    assert "key of the vault is missing" in outcome.err


def test_a_state_that_cannot_be_opened_says_so(run: Any, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "mirror.db").write_text("this is no database, it is a text of some length")
    outcome = run("test")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "cannot be opened" in outcome.err


@pytest.mark.parametrize("value", ["many", "0", "1001", "-5"])
def test_a_setting_out_of_its_bounds_is_wrong_use(run: Any, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CW_INTEGRATION_PAGE_SIZE", value)
    assert run("test").code == 2


def test_the_installed_command_answers_help_without_the_heavy_rooms() -> None:
    code = """if True:
        import sys
        from integration.cli import main
        sys.argv = ["cw-integration", "--help"]
        try:
            main()
        finally:
            heavy = {"dbos", "sqlalchemy", "httpx", "rich", "cryptography"} & set(sys.modules)
            assert not heavy, heavy
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for command in ("profiles", "connect", "test", "configure", "sync", "review", "audit", "remove"):
        assert command in done.stdout
