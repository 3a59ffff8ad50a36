"""Callers of the shared emulator; and a test that is marked with a rule must have that rule at work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from mockcw import Emulator
from mockcw.engine.change import Change, Effect, Rule
from mockcw.engine.rulebook import Rulebook
from mockcw.engine.settle import Settler
from mockcw.errors import ApiError
from mockcw.rules.evidence import ENGINE, MARKER, RULE, table
from tests.mockcw.caller import Caller, Control


@pytest.fixture
def admin(emulator: Emulator) -> Caller:
    """The member who may everything, on an emulator in its seeded state."""
    return Caller(emulator)


@pytest.fixture
def sonic(emulator: Emulator) -> Caller:
    """The SonicSaaS member: Company Maintenance with Edit and Inquire, among others."""
    return Caller(emulator, "sonicsaas")


@pytest.fixture
def control(emulator: Emulator) -> Control:
    """The control API of the same emulator."""
    return Control(emulator)


@pytest.fixture(autouse=True)
def rules_at_work(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test is marked with was asked while it ran: the rule had something to say, the action was called."""
    wanted = {rule for mark in request.node.iter_markers(MARKER) for rule in mark.args}
    if not wanted:
        yield
        return
    asked: set[str] = set()
    decide, action = Settler._decide, Rulebook.action

    def watched_decide(settler: Settler, rule: Rule, *rest: Any) -> None:
        if rule.id in wanted:
            rule = replace(rule, decide=partial(speaking, rule.decide, rule.id))
        decide(settler, rule, *rest)

    def speaking(says: Callable[[Change], Iterable[Effect]], rule_id: str, change: Change) -> Iterator[Effect]:
        try:
            for effect in says(change):
                asked.add(rule_id)
                yield effect
        except ApiError:
            asked.add(rule_id)
            raise

    def watched_action(book: Rulebook, operation: str) -> Any:
        asked.add(operation)
        return action(book, operation)

    monkeypatch.setattr(Settler, "_decide", watched_decide)
    monkeypatch.setattr(Rulebook, "action", watched_action)
    yield
    keepers = {rule_id: keeper for rule_id, _, _, keeper, _ in table()}
    for rule in wanted:
        keeper = keepers.get(rule)
        assert keeper is not None, f"{rule} is no rule of evidence.tsv"
        asked_for = rule if keeper == RULE else keeper
        assert keeper == ENGINE or asked_for in asked, f"the test is marked with {rule}, which never had a say in it"
