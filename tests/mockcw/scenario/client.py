"""What the clients of the stories have in common: the member's keys, what they are given, and how they answer."""

from __future__ import annotations

from typing import Any

import httpx

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control


class Client(Caller):
    """A client of the story on stage: a member at the door who was told something."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator, emulator.stage.story.member)
        self.given: dict[str, Any] = emulator.stage.given

    def found(self, path: str, conditions: str, **query: str | int) -> list[dict[str, Any]]:
        """The records that a condition finds."""
        answer = self.get(path, conditions=conditions, **query)
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    def made(self, path: str, **body: Any) -> dict[str, Any]:
        """A new record; the request must succeed."""
        answer = self.post(path, body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def set(self, path: str, **values: Any) -> httpx.Response:
        """PATCH fields by name."""
        return self.patch(path, *(("replace", name, value) for name, value in values.items()))

    def say(self, **answers: Any) -> None:
        """Tell the emulator what the client holds in the end."""
        Control(self.emulator).put("/scenario/answers", answers)
