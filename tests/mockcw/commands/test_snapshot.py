"""`mockcw snapshot` against a running emulator, and `serve --restore`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from mockcw import Emulator, Live
from mockcw.commands.snapshot import snapshot
from tests.mockcw.caller import Caller


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Emulator() as emulator, emulator.serve() as one:
        yield one


def run(live: Live, *arguments: str) -> Result:
    return CliRunner().invoke(snapshot, [*arguments, "--url", live.control_url])


def test_save_change_compare_restore_drop(live: Live) -> None:
    admin = Caller(live.emulator)
    assert run(live, "list").output.startswith("none yet")
    saved = run(live, "save", "before")
    assert (saved.exit_code, saved.output[:12]) == (0, "kept before ")
    same = run(live, "differences", "before")
    assert (same.exit_code, same.output) == (0, "nothing differs between before and the present\n")
    admin.patch("/company/companies/2", ("replace", "phoneNumber", "555 1234"))
    run(live, "save", "after")
    for found in (run(live, "differences", "before"), run(live, "differences", "before", "after")):
        assert found.exit_code == 1
        assert "/company/companies 2" in found.output
        assert "555 1234" in found.output
    data = json.loads(run(live, "differences", "before", "--json").output)
    assert data["records"][0]["fields"]["phoneNumber"][1] == "555 1234"
    assert run(live, "restore", "before").output.startswith("back in before; it is ")
    assert admin.get("/company/companies/2").json().get("phoneNumber") != "555 1234"
    listed = run(live, "list")
    assert "after" in listed.output
    assert "before" in listed.output
    assert [one["name"] for one in json.loads(run(live, "list", "--json").output)] == ["after", "before"]
    for name in ("before", "after"):
        assert run(live, "drop", name).output == f"{name} is gone\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("restore", "never"), "no snapshot 'never' is kept; there are: none yet"),
        (("save", "a b"), "is no name"),
        (("differences", "never"), "no snapshot 'never'"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(live: Live, arguments: tuple[str, ...], says: str) -> None:
    answer = run(live, *arguments)
    assert answer.exit_code == 2
    assert says in answer.output
    assert answer.output.count("\n") == 1


def test_nobody_there_is_one_line_and_exit_2() -> None:
    answer = CliRunner().invoke(snapshot, ["list", "--url", "http://127.0.0.1:9/_mockcw"])
    assert (answer.exit_code, answer.output.count("\n")) == (2, 1)
    assert "was not reached" in answer.output
    answer = CliRunner().invoke(snapshot, ["list"])
    assert (answer.exit_code, "say which emulator" in answer.output) == (2, True)


def test_serve_begins_with_a_snapshot_of_a_folder(tmp_path: Path) -> None:
    folder, ready = tmp_path / "kept", tmp_path / "ready.json"
    with Emulator("empty", snapshots=folder) as emulator:
        Caller(emulator).post("/company/companies", {"identifier": "kept", "name": "Kept", "site": {"name": "Main"}})
        emulator.snapshot("start")
    command = [sys.executable, "-m", "mockcw", "serve", "--port", "0", "--demo", "empty", "--snapshots", str(folder)]
    wrong = subprocess.run([*command, "--restore", "never"], capture_output=True, text=True, timeout=60)
    assert wrong.returncode == 2
    assert wrong.stderr == "mockcw: --restore never: no such snapshot is in the folder of --snapshots\n"
    served = subprocess.Popen([*command, "--restore", "start", "--ready-file", str(ready)], stdout=subprocess.PIPE)
    try:
        assert served.stdout is not None
        while b"stop with" not in (line := served.stdout.readline()):
            assert line
        told = json.loads(ready.read_text())
        admin = told["members"]["admin"]
        found = httpx.get(
            f"{told['url']}/v4_6_release/apis/3.0/company/companies",
            params={"conditions": 'identifier="kept"'},
            auth=(f"{told['company_id']}+{admin['public_key']}", admin["private_key"]),
            headers={"clientId": admin["client_id"]},
        )
        assert [one["name"] for one in found.json()] == ["Kept"]
    finally:
        served.terminate()
        served.communicate(timeout=30)
