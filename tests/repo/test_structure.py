"""The shape of the project, held by tests: sizes, docstrings, promises, what must not be in it."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSES = ("mockcw", "integration", "conformance")
SOURCES = sorted(path for house in HOUSES for path in (ROOT / house).rglob("*.py"))
LONGEST_FILE = 600
LONGEST_FUNCTION = 60


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.fail("the tests run in a git checkout: what is tracked is what is shipped")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small_and_say_what_they_are(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert text.count("\n") <= LONGEST_FILE
    assert not text.strip() or ast.get_docstring(tree), "a module says what it knows"
    for function in functions(tree):
        length = lines_of(function) - sum(lines_of(node) for node in function.body if isinstance(node, ast.ClassDef))
        assert length <= LONGEST_FUNCTION, f"{function.name} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_names_have_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


def test_nothing_tracked_names_a_registry_a_machine_path_or_the_shared_folder() -> None:
    hosts = "|".join(("pypi" + r"\.org", "python" + "hosted", "npmjs" + r"\.", "deb" + r"\.debian"))
    paths = r"(?<![\w.])/(" + "work|farm|root" + ")/"
    shared = r"\.\./" + "shared"
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "replace")
        for pattern in (hosts, paths, shared):
            found = re.search(pattern, text)
            assert found is None, f"{path.relative_to(ROOT)} holds {found and found.group()!r}"


def test_the_lock_pins_every_package_with_hashes() -> None:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert len(packages) > 30
    for line in packages:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^ ]+ (; .* )?\\$", line), line


def test_the_public_commands_of_a_fresh_clone_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "test", "check", "bench"):
        assert re.search(rf"^{target}:.*setup", makefile, re.MULTILINE)
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "make check" in ci
    assert "make test" in ci
