"""`mockcw roles diff --operations`: the operations on which two role files get another verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockcw.permissions.rolefile.commands import roles

HEAD = "Module,Area,Add,Edit,Delete,Inquire\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    left, right = tmp_path / "left.csv", tmp_path / "right.csv"
    left.write_text(f"{HEAD}Finance,Agreements,All,All,All,All\n", "utf-8")
    right.write_text(f"{HEAD}Finance,Agreements,All,All,None,All\n", "utf-8")
    return str(left), str(right)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(roles, ["diff", *arguments])


def test_the_operations_that_differ_are_told_with_both_sides(files: tuple[str, str]) -> None:
    answer = run(*files, "--operations", "--json")
    assert answer.exit_code == 0
    found = json.loads(answer.stdout)["differences"]
    assert {(one["method"], one["left"]["refused"], one["right"]["refused"]) for one in found} == {
        ("DELETE", False, True)
    }
    paths = {one["path"] for one in found}
    assert "/finance/agreements/{parentId}/additions/{id}" in paths
    assert all(one["left"]["decision"]["has"] == "All" for one in found)


def test_the_table_counts_them(files: tuple[str, str]) -> None:
    answer = run(*files, "--operations")
    assert answer.exit_code == 0
    assert "operations that differ: " in answer.stdout
    assert "403 Forbidden" in answer.stdout
    assert "operations that differ: 0" in run(files[0], files[0], "--operations").stdout


def test_without_the_option_the_rows_are_compared(files: tuple[str, str]) -> None:
    assert "rows that differ: 1" in run(*files).stdout


def test_a_file_with_errors_gives_no_differences(files: tuple[str, str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(f"{HEAD}Finance,Agrements,All,,,\n", "utf-8")
    answer = run(files[0], str(bad), "--operations", "--json")
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["differences"] is None
