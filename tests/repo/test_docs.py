"""The documents say what the code does: settings, commands and control calls appear in them."""

from __future__ import annotations

import importlib.util
import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from mockcw import Emulator
from mockcw.scenario import find, names
from mockcw.web.control import control_app

ROOT = Path(__file__).resolve().parents[2]


def test_the_settings_page_is_current() -> None:
    spec = importlib.util.spec_from_file_location("settings_page", ROOT / "docs" / "settings_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == module.page()


def test_every_call_of_the_control_api_is_documented() -> None:
    text = (ROOT / "docs" / "control.md").read_text("utf-8")
    with Emulator("empty") as emulator:
        rules = list(control_app(emulator.world).url_map.iter_rules())
    assert len(rules) > 12
    for rule in rules:
        path = rule.rule.removeprefix("/_mockcw/")
        shown = (
            path.replace("<int:role_id>", "{id}")
            .replace("<int:delivery_id>", "{id}")
            .replace("<request_id>", "{id}")
            .replace("<identifier>", "{identifier}")
            .replace("<name>", "{name}")
        )
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            assert f"`{method} {shown}`" in text, f"{method} {shown}"


def test_the_scenarios_are_all_in_their_table() -> None:
    text = (ROOT / "docs" / "scenarios.md").read_text("utf-8")
    rows = [
        f"| `{one.id}` | {one.title} | {one.member} | {one.source} ({one.evidence}) |" for one in map(find, names())
    ]
    assert "\n".join(["|---|---|---|---|", *rows, ""]) in text
    assert {path.stem for path in (ROOT / "fixtures" / "scenarios").iterdir()} == set(names())


README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("line", [line for line in README.splitlines() if line.startswith(".venv/bin/")])
def test_every_command_of_the_readme_is_known(line: str) -> None:
    words = line.split("#")[0].split()
    command = Path(sys.executable).with_name(Path(words[0]).name)
    names = list(itertools.takewhile(lambda word: word.isalpha() and word.islower(), words[1:]))[:2]
    answer = subprocess.run([command, *names, "--help"], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    for word in words:
        if word.startswith("--"):
            assert word in answer.stdout


def test_every_room_of_the_emulator_is_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = {
        path.stem for path in (ROOT / "mockcw").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    for room in rooms - {"__init__", "__main__"}:
        assert f"`{room}`" in text or f"**{room}**" in text, room
