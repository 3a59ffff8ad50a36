"""The matrix of role cells: what each gates with which letter, and on which sides requests saw it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mockcw import Emulator
from mockcw.catalogue import load
from mockcw.cli import main
from mockcw.matrix import Cell, matrix
from mockcw.pipeline.seen import VARIABLE, Seen, read_seen
from tests.mockcw.caller import Caller

COMPANY = ("Companies", "Company Maintenance")


def cell(cells: list[Cell], action: str) -> Cell:
    return next(one for one in cells if (one.module, one.area, one.action) == (*COMPANY, action))


def test_every_cell_of_the_86_rows_is_there_once_and_every_gated_operation_counted() -> None:
    cells = matrix(load(), ())
    assert len({(one.module, one.area, one.action) for one in cells}) == len(cells) == 86 * 4
    rows = {(area.module, area.area) for area in load().areas}
    gated = [one for one in load().operations if (one.permission.module, one.permission.area) in rows]
    assert sum(one.operations for one in cells) == len(gated)


def test_a_used_cell_is_complete_when_it_was_seen_denied_at_none_and_allowed_at_each_level_it_offers() -> None:
    assert cell(matrix(load(), ()), "Inquire").missing == ["None denied", "My allowed", "All allowed"]
    seen = [Seen(*COMPANY, "Inquire", "None", False), Seen(*COMPANY, "Inquire", "All", True)]
    assert cell(matrix(load(), seen), "Inquire").missing == ["My allowed"]
    assert cell(matrix(load(), [*seen, Seen(*COMPANY, "Inquire", "My", True)]), "Inquire").missing == []


def test_an_emulator_writes_what_its_requests_showed_and_nothing_of_admins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with Emulator("small") as emulator:
        Caller(emulator).get("/company/companies")
        Caller(emulator, "sonicsaas").get("/company/companies")
        Caller(emulator, "sonicsaas").delete("/company/companies/1")
        Caller(emulator, "no-access").get("/company/companies")
    assert read_seen(tmp_path) == {
        Seen(*COMPANY, "Inquire", "All", True),
        Seen(*COMPANY, "Delete", "None", False),
        Seen(*COMPANY, "Inquire", "None", False),
    }
    with Emulator("small", settings={"permissions": "log"}) as emulator:
        Caller(emulator, "no-access").get("/service/tickets")
    assert not any(one.area == "Service Tickets" for one in read_seen(tmp_path)), "only logged says nothing of a cell"


def test_the_command_is_strict_where_it_is_asked_to_be_and_takes_no_other_files(tmp_path: Path) -> None:
    command = ["coverage", "--permissions", "--seen", str(tmp_path)]
    runner = CliRunner()
    assert runner.invoke(main, command).exit_code == 0
    strict = runner.invoke(main, [*command, "--strict", "--json"])
    assert strict.exit_code == 1
    told = json.loads(strict.output)
    assert told["totals"]["cells"] == 344
    assert told["totals"]["seen"] == 0
    (tmp_path / "other.tsv").write_text("no\tsuch\n")
    assert runner.invoke(main, command).exit_code == 2


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "permissions are enforced; rows that are only inferred refuse, too"),
        ({"permissions.inferred": "log"}, "permissions are enforced; rows that are only inferred are only logged"),
        ({"permissions": "log"}, "PERMISSIONS ARE logged, nothing is refused"),
        ({"permissions": "off"}, "PERMISSIONS ARE off, everybody may everything"),
    ],
)
def test_the_banner_says_whether_roles_refuse(settings: dict[str, str], words: str) -> None:
    from mockcw.serving import said_of

    with Emulator("empty", settings=settings) as emulator:
        assert said_of(emulator.settings).startswith(words)
