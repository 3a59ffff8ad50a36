"""A receiver, and a hand that registers callbacks with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.mockcw.caller import Caller
from tests.mockcw.delivery.receiver import Receiver

Register = Callable[..., dict[str, Any]]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who gets callbacks."""
    with Receiver() as one:
        yield one


@pytest.fixture
def register(admin: Caller, receiver: Receiver) -> Register:
    """Registers a callback with the receiver: `register("contact", level="company", objectId=3)`."""

    def registered(kind: str, by: Caller | None = None, **fields: Any) -> dict[str, Any]:
        body = {"url": f"{receiver.url}/{kind}?recordId=", "objectId": 1, "type": kind, "level": "owner", **fields}
        made = (by or admin).post("/system/callbacks", body)
        assert made.status_code == 201, made.text
        return dict(made.json())

    return registered
