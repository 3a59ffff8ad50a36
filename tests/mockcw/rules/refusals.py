"""Refusals as rows: what is asked of a help desk and a shop, and the whole body that must come back.

A row names the rule that refuses; texts may hold names of what the asking noted, such as the number of a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from mockcw import Emulator
from mockcw.clock import from_text
from tests.mockcw.rules.desk import NOW, Desk
from tests.mockcw.rules.finance.shop import Shop

Body = dict[str, Any]


class Bench:
    """The desk, a shop beside it, and what an asking noted for the expected texts."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.admin, self.shop = desk, desk.admin, Shop(desk.admin)
        self.noted: dict[str, object] = {}

    def note(self, **named: object) -> None:
        """Remember what the expected body names in braces."""
        self.noted.update(named)

    def made(self, path: str, **body: Any) -> int:
        """The number of a new record."""
        return int(self.desk.make(path, **body)["id"])

    def set(self, path: str, name: str, value: Any) -> httpx.Response:
        """PATCH one field."""
        return self.admin.patch(path, ("replace", name, value))

    def store(self, collection: str, record_id: int, **values: Any) -> None:
        """Put values into a stored record that no request could put there."""
        from mockcw.engine.writer import Author

        engine = self.desk.emulator.world.tenants["training"].engine
        engine.set(collection, record_id, values, Author("Admin", None))


@dataclass(frozen=True)
class Refusal:
    """A rule's refusal: `ask` prepares and asks, `body` is the whole answer; `settings` are those it needs."""

    rule: str
    ask: Callable[[Bench], httpx.Response]
    body: Body
    status: int = 400
    settings: Mapping[str, Any] = field(default_factory=dict)

    def check(self, desk: Desk) -> None:
        """Ask, on the desk or on one with the settings, and compare the whole answer; nothing has changed by it."""
        if not self.settings:
            self._check(desk)
            return
        with Emulator("empty", settings=self.settings) as emulator:
            emulator.world.clock.set(from_text(NOW), frozen=True)
            self._check(Desk(emulator))

    def _check(self, desk: Desk) -> None:
        bench = Bench(desk)
        answer = self.ask(bench)
        expected = filled(self.body, bench.noted)
        assert (answer.status_code, answer.json()) == (self.status, expected), answer.text


def filled(body: Any, noted: Mapping[str, object]) -> Any:
    """A body with what was noted in the places of its names."""
    if isinstance(body, dict):
        return {name: filled(value, noted) for name, value in body.items()}
    if isinstance(body, list):
        return [filled(one, noted) for one in body]
    return body.format(**noted) if isinstance(body, str) else body


def invalid(resource: str, *items: tuple[str, str, str]) -> Body:
    """The body for an object that breaks rules: items of code, text and field."""
    errors = [{"code": code, "message": text, "resource": resource, "field": name} for code, text, name in items]
    return {"code": "InvalidObject", "message": f"{resource} object is invalid", "errors": errors}


def said(code: str, text: str) -> Body:
    """A body with a code and a text only."""
    return {"code": code, "message": text}


def in_use(what: str) -> Body:
    """The body of a 409: the caption and the number of the record."""
    return said("ObjectInUse", f"{what} is in use.")


def rows(*refusals: Refusal) -> Iterable[Any]:
    """The rows as parameters, each marked with its rule."""
    return [pytest.param(one, id=one.rule, marks=pytest.mark.rule(one.rule)) for one in refusals]
