"""Each rule that can refuse has a row that compares the whole body of its refusal.

What a rule can do is read from its source: it yields a refusal or raises an error itself, or something that it calls in
the rules' own rooms does. Rules that ask for a right refuse with the one captured body, which `Stage.denied` compares.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache, partial
from pathlib import Path
from typing import Any

from mockcw.engine.act import Action
from mockcw.rules import rulebook
from mockcw.rules.evidence import RULE, marked_tests, table
from mockcw.settings import Settings

TESTS = Path(__file__).parents[1] / "mockcw"
ROOM = "mockcw.rules"
REFUSING = frozenset({"refuse", "missing", "in_use", "moved"})  # methods of changes, acts and sheets
EFFECTS = frozenset({"Refuse", "Needs"})
BY_ENGINE = frozenset(  # refusals of the engine itself, by the settings that word them
    {"custom-fields.patch", "member.stays", "record.in-use", "time-entry.charge-kinds", "time-sheet.empty"}
)
RIGHTS = ("rules/test_rights.py", "permissions/test_customize.py")  # their tests compare the captured 403


def can_refuse(function: Callable[..., Any], known: dict[object, bool]) -> bool:
    """Whether a function of the rules, or one that it calls there, refuses; `known` are answers found before."""
    while isinstance(function, partial):
        function = function.func
    if not inspect.isfunction(function) or not function.__module__.startswith(ROOM):
        return False
    if function not in known:
        known[function] = False  # while it is looked through
        known[function] = any(refuses(node, function, known) for node in ast.walk(tree_of(function)))
    return known[function]


def tree_of(function: Any) -> ast.AST:
    """The source of a function, parsed."""
    return functions_of(function.__code__.co_filename)[function.__code__.co_firstlineno]


@cache
def functions_of(file: str) -> dict[int, ast.AST]:
    """The functions of a file by their first lines."""
    tree = ast.parse(Path(file).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.Lambda)
    return {node.lineno: node for node in ast.walk(tree) if isinstance(node, kinds)}


def refuses(node: ast.AST, function: Any, known: dict[object, bool]) -> bool:
    """Whether a piece of a function's source refuses, or names a function that does."""
    if isinstance(node, ast.Raise) or (isinstance(node, ast.Attribute) and node.attr in REFUSING):
        return True
    code = function.__code__
    if not isinstance(node, ast.Name) or node.id in (*code.co_varnames, *code.co_cellvars):
        return False
    if node.id in EFFECTS:
        return True
    closed = dict(zip(code.co_freevars, function.__closure__ or (), strict=True))
    called = closed[node.id].cell_contents if node.id in closed else function.__globals__.get(node.id)
    if isinstance(called, Action):  # an action around another one
        called = called.answer
    return callable(called) and can_refuse(called, known)


def refusing() -> Iterator[str]:
    """The rules of the table that can refuse."""
    book, known = rulebook(), dict[object, bool]()
    rules = {rule.id: rule.decide for rule in book.rules}
    actions = {action.operation: action.answer for action in book.actions}
    for rule_id, _, _, keeper, _ in table():
        function = rules.get(rule_id) if keeper == RULE else actions.get(keeper)
        if rule_id in BY_ENGINE or (function is not None and can_refuse(function, known)):
            yield rule_id


def compared() -> set[str]:
    """The rules that a row names, and the rights whose tests compare the body."""
    found = set()
    for path in TESTS.glob("rules/*/test_refusals.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
                assert isinstance(node.args[0], ast.Constant), f"{path}: a row begins with the id of its rule"
                found.add(str(node.args[0].value))
    rights = {
        rule
        for rule, tests in marked_tests(TESTS).items()
        if rule.startswith("right.") and any(one.startswith(RIGHTS) for one in tests)
    }
    return found | rights


def test_each_rule_that_can_refuse_has_its_whole_body_compared() -> None:
    assert sorted(set(refusing()) - compared()) == []


def test_each_text_that_a_setting_words_is_compared_somewhere() -> None:
    trees = (ast.parse(path.read_text("utf-8")) for path in TESTS.rglob("*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    said = "\n".join(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    texts = {one.name: str(one.default) for one in fields(Settings) if one.name.endswith("_message")}
    unseen = [name for name, text in texts.items() if not all(part in said for part in re.split(r"\{\w+\}", text))]
    assert unseen == []


def test_a_rule_that_refuses_through_what_it_calls_is_seen_to_refuse() -> None:
    found = set(refusing())
    assert {"ticket.place", "company-type.in-use", "time-sheet.submit", "right.close-ticket"} <= found
    assert not {"company.defaults", "addition.figures", "time-entry.off-sheet"} & found
