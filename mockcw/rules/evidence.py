"""How well each rule is known, by which setting it is chosen, and which tests show it.

`data/evidence.tsv` has a line a rule: its id, the letter of its evidence, the settings that choose it, what keeps it
and what it says. The letters: H a guide, the published schema or a recording; M reported from real use; L weak, or our
choice, and then some setting must name it. What keeps a rule is `rule` (the rulebook's rule of that id, which says what
it says), the name of an action's operation, or `engine`. Tests say which rules they show by `@pytest.mark.rule(id)`.
Knows no record and runs nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from mockcw.engine.rulebook import Rulebook

TABLE = "data/evidence.tsv"
RULE, ENGINE = "rule", "engine"
SWITCH = "rules_off"  # the setting that leaves out any rule of the rulebook by its id
WEAK = "L"
MARKER = "rule"
TEXT = "_message"  # settings that only word a refusal choose nothing


@dataclass(frozen=True, slots=True)
class Evidence:
    """A line of the table; `settings` are names of settings, `tests` those that show the rule, as path::name."""

    id: str
    letter: str
    settings: tuple[str, ...]
    keeper: str
    says: str
    tests: tuple[str, ...] = ()

    def lacks(self) -> str | None:
        """What is missing: a test, or the setting of a rule that is only weakly known; None when nothing is."""
        if self.letter == WEAK and all(name.endswith(TEXT) for name in self.settings):
            return "no setting chooses it, and it is only weakly known"
        return None if self.tests else "no test shows it"

    def as_json(self) -> dict[str, object]:
        """The line as data."""
        return {
            "id": self.id,
            "evidence": self.letter,
            "settings": list(self.settings),
            "keeper": self.keeper,
            "says": self.says,
            "tests": list(self.tests),
            "lacks": self.lacks(),
        }


def evidence(rulebook: Rulebook, tests: Path | None = None) -> list[Evidence]:
    """The lines of the table in the order of their ids, with the tests found below a folder."""
    says = {rule.id: rule.says for rule in rulebook.rules} | {one.operation: one.says for one in rulebook.actions}
    shown = marked_tests(tests) if tests else {}
    found = []
    for line in table():
        rule_id, letter, settings, keeper, words = line
        switch = (SWITCH,) if keeper == RULE else ()
        said = words or says.get(rule_id if keeper == RULE else keeper, "")
        chosen = tuple(settings.split()) + switch
        found.append(Evidence(rule_id, letter, chosen, keeper, said, tuple(shown.get(rule_id, ()))))
    return sorted(found, key=lambda one: one.id)


def table() -> list[tuple[str, str, str, str, str]]:
    """The lines of the table as they are written. Raises ValueError for a line of another length."""
    found = []
    for line in files(__package__).joinpath(TABLE).read_text("utf-8").splitlines()[1:]:
        rule_id, letter, settings, keeper, says = line.split("\t")
        found.append((rule_id, letter, settings, keeper, says))
    return found


def marked_tests(folder: Path) -> dict[str, list[str]]:
    """The tests below a folder that are marked with a rule, by the rule's id; the files are read, not run."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        text = path.read_text("utf-8")
        if f"mark.{MARKER}(" not in text:
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                name = f"{path.relative_to(folder).as_posix()}::{node.name}"
                for rule_id in dict.fromkeys(marked(node)):
                    found.setdefault(rule_id, []).append(name)
    return found


def marked(test: ast.FunctionDef) -> Iterator[str]:
    """The rules that a test is marked with, those of single parameters too."""
    for decorator in test.decorator_list:
        for node in ast.walk(decorator):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == f"pytest.mark.{MARKER}":
                yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant))
