"""The wire of the machine: every request is kept, so that a difference reads as the story that led to it."""

from __future__ import annotations

import json
from typing import Any

import httpx

from mockcw import Emulator
from tests.mockcw.machine.ground import Ground
from tests.mockcw.machine.model.answers import Doc, Refusal, same, tidy

TOLD = 12  # requests of a story, from its end


class Divergence(AssertionError):
    """The emulator answered what the model does not expect."""


class Story:
    """Sends requests as one of two members, and compares."""

    def __init__(self, ground: Ground) -> None:
        self.ground, emulator = ground, ground.emulator
        self._clients = {name: _client(emulator, who) for name, who in (("Admin", "admin"), ("SonicSaaS", "sonicsaas"))}
        self._control = httpx.Client(transport=emulator.transport(), base_url=emulator.control_url)
        self.lines: list[str] = []
        self.ended = False

    def send(self, who: str, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        """One request."""
        answer = self._clients[who].request(method, path, json=body, params=query or None)
        asked = "" if body is None else f" {json.dumps(body)}"
        listed = f" {query}" if query else ""
        self.lines.append(f"{who:9} {method:6} {path}{listed}{asked}  ->  {answer.status_code}")
        self.ground.requests += 1
        return answer

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the control API, which must succeed."""
        answer = self._control.request(method, path, json=body)
        self.lines.append(f"{'control':9} {method:6} {path} {json.dumps(body)}  ->  {answer.status_code}")
        self.ground.requests += 1
        self.hold(answer.is_success, "success", answer.text)
        return answer.json()

    def hold(self, true: bool, expected: Any, got: Any) -> None:
        """Raise Divergence with the story unless it is true."""
        if true:
            return
        self.ended = True
        told = "\n".join(f"  {number}. {line}" for number, line in enumerate(self.lines[-TOLD:], 1))
        raise Divergence(f"\nThe story:\n{told}\nexpected: {expected}\n     got: {got}")

    def listed(self, path: str) -> list[Doc]:
        """A short list as the server tells it to the one who may see all."""
        answer = self.send("Admin", "GET", path)
        self.hold(answer.status_code == 200, 200, (answer.status_code, answer.text[:500]))
        return list(tidy(answer.json()))

    def refused(self, answer: httpx.Response, wanted: Refusal) -> None:
        """The answer is this refusal, to the letter."""
        got = (answer.status_code, answer.text[:500])
        self.hold(answer.status_code == wanted.status, (wanted.status, wanted.body()), got)
        self.hold(answer.json() == wanted.body(), (wanted.status, wanted.body()), (answer.status_code, answer.json()))

    def answered(self, answer: httpx.Response, status: int) -> Doc:
        """The body of an answer with this status."""
        self.hold(answer.status_code == status, status, (answer.status_code, answer.text[:500]))
        return dict(tidy(answer.json())) if answer.content else {}

    def foretold(self, what: str, expected: Doc, got: Doc) -> None:
        """Every field foretold is so."""
        wrong = {name: (value, got.get(name)) for name, value in expected.items() if not same(value, got.get(name))}
        self.hold(not wrong, f"{what} with {_side(wrong, 0)}", _side(wrong, 1))

    def unchanged_but(self, what: str, before: Doc, changes: Doc, got: Doc, free: frozenset[str]) -> None:
        """A record is as it was, but for the changes foretold; fields that nobody foretells are free."""
        wrong = {}
        for name in sorted({*before, *changes, *got} - free):
            right = same(changes[name], got.get(name)) if name in changes else before.get(name) == got.get(name)
            if not right:
                wrong[name] = (changes.get(name, before.get(name)), got.get(name))
        self.hold(not wrong, f"{what} with {_side(wrong, 0)}", _side(wrong, 1))


def _side(wrong: dict[str, tuple[Any, Any]], which: int) -> Doc:
    return {name: pair[which] for name, pair in wrong.items()}


def _client(emulator: Emulator, name: str) -> httpx.Client:
    return httpx.Client(
        transport=emulator.transport(),
        base_url=emulator.api_url,
        auth=emulator.auth(name),
        headers={"clientId": emulator.client_id(name)},
    )
